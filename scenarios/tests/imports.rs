//! Models of other tools: the scenarios that come of them have the probability of the model, and what cannot be said is
//! refused with its place.
#![allow(clippy::unwrap_used)]

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::exact::{Solutions, solve};
use ninefold_models::system::System;
use ninefold_scenarios::import::{ImportOptions, Imported, import_text};
use ninefold_scenarios::{LoadOptions, load_text};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn imported(name: &str, text: &str) -> Imported {
    import_text(name, text, &ImportOptions::default()).unwrap_or_else(|problems| panic!("{problems}"))
}

fn solved(scenario: &str) -> Solutions {
    let loaded = load_text("imported.yaml", scenario, &LoadOptions::default());
    let loaded = loaded.unwrap_or_else(|problems| panic!("{problems}\n{scenario}"));
    solve(&System::build(loaded.spec).unwrap())
}

fn unavailability(scenario: &str) -> f64 {
    solved(scenario).get("journeys.system", "unavailability", None).unwrap().0
}

/// An Open-PSA document with these definitions.
fn xml(inner: &str) -> String {
    format!("<opsa-mef>\n<define-fault-tree name=\"t\">\n{inner}\n</define-fault-tree>\n</opsa-mef>\n")
}

/// Basic events `a`, `b`, … of probability 0.1, 0.2, …
fn basics(names: &[&str]) -> String {
    let event = |(at, name): (usize, &&str)| {
        let chance = 0.1 * (at + 1) as f64;
        format!("<define-basic-event name=\"{name}\"><float value=\"{chance}\"/></define-basic-event>\n")
    };
    names.iter().enumerate().map(event).collect()
}

fn gate(name: &str, formula: &str) -> String {
    let basic = |c: char| if c.is_ascii_lowercase() { format!("<event name=\"{c}\"/>") } else { String::new() };
    let parts: String = formula.split_once(' ').unwrap().1.chars().map(basic).collect();
    let connective = formula.split(' ').next().unwrap();
    format!("<define-gate name=\"{name}\"><{connective}>{parts}</{connective}></define-gate>\n")
}

#[test]
fn opposites_are_worked_out_where_they_can_be() {
    let house = "<define-house-event name=\"h\"><constant value=\"true\"/></define-house-event>\n";
    let cases = [
        (gate("top", "and ab"), 0.02),
        (gate("top", "or ab"), 0.28),
        // Not h or a: h has happened.
        (gate("top", "imply ha"), 0.1),
        // Exactly one of h and not-or of nothing else: not (not a).
        (
            "<define-gate name=\"top\"><not><nand><event name=\"a\"/><event name=\"b\"/></nand></not></define-gate>"
                .to_owned(),
            0.02,
        ),
        (
            "<define-gate name=\"top\"><not><nor><event name=\"a\"/><event name=\"b\"/></nor></not></define-gate>"
                .to_owned(),
            0.28,
        ),
        (
            "<define-gate name=\"top\"><xor><event name=\"a\"/><not><event name=\"h\"/></not></xor></define-gate>"
                .to_owned(),
            0.1,
        ),
        ("<define-gate name=\"top\"><iff><event name=\"h\"/><event name=\"b\"/></iff></define-gate>".to_owned(), 0.2),
    ];
    for (top, expected) in cases {
        let found = unavailability(&imported("t.xml", &xml(&(top.clone() + house + &basics(&["a", "b"])))).scenario);
        assert!((found - expected).abs() < 1e-15, "{top}: {found}");
    }
}

#[test]
fn wrong_models_look_as_recorded() {
    let top = gate("top", "and ab");
    let cases = [
        ("no XML", "t.xml", "{\"a\": 1}".to_owned()),
        ("another XML", "t.xml", "<html/>".to_owned()),
        ("a document type", "t.xml", "<!DOCTYPE x [<!ENTITY a \"b\">]>\n<opsa-mef>&a;</opsa-mef>".to_owned()),
        ("an unclosed tag", "t.xml", "<opsa-mef>\n  <define-fault-tree name=\"t\">\n</opsa-mef>".to_owned()),
        ("no gate", "t.xml", xml(&basics(&["a"]))),
        ("an event that is not defined", "t.xml", xml(&(top.clone() + &basics(&["a"])))),
        ("defined twice", "t.xml", xml(&(top.clone() + &basics(&["a", "b", "a"])))),
        ("two tops", "t.xml", xml(&(top.clone() + &gate("other", "or ab") + &basics(&["a", "b"])))),
        ("a circle", "t.xml", xml(&(gate("x", "or y") + &gate("y", "and zb") + &gate("z", "or y") + &basics(&["b"])))),
        ("no top", "t.xml", xml(&(gate("x", "or y") + &gate("y", "or x")))),
        ("not coherent", "t.xml", xml(&(gate("top", "xor ab") + &basics(&["a", "b"])))),
        (
            "a probability above 1",
            "t.xml",
            xml("<define-basic-event name=\"a\"><float value=\"1.5\"/></define-basic-event>"),
        ),
        (
            "a parameter in a circle",
            "t.xml",
            xml("<define-basic-event name=\"a\"><parameter name=\"p\"/></define-basic-event>\n\
             <define-parameter name=\"p\"><neg><parameter name=\"p\"/></neg></define-parameter>"),
        ),
        ("a deviate", "t.xml", xml("<define-basic-event name=\"a\"><uniform-deviate/></define-basic-event>")),
        ("an event tree", "t.xml", "<opsa-mef><define-event-tree name=\"e\"/></opsa-mef>".to_owned()),
        ("atleast without min", "t.xml", xml(&gate("top", "atleast ab"))),
        (
            "phi factors",
            "t.xml",
            xml(
                "<define-CCF-group name=\"g\" model=\"phi-factor\"><members><basic-event name=\"a\"/><basic-event name=\"b\"/></members>\
             <distribution><float value=\"0.1\"/></distribution></define-CCF-group>",
            ),
        ),
        (
            "never",
            "t.xml",
            xml(
                "<define-gate name=\"top\"><and><constant value=\"false\"/><constant value=\"true\"/></and></define-gate>",
            ),
        ),
        ("another ending", "t.txt", String::new()),
        ("a spare", "t.dft", "toplevel \"T\";\n\"T\" wsp \"A\" \"B\";\n\"A\" lambda=1;\n\"B\" lambda=1;".to_owned()),
        ("no such gate", "t.dft", "toplevel \"T\";\n\"T\" maybe \"A\";\n\"A\" lambda=1;".to_owned()),
        ("no top event", "t.dft", "\"A\" lambda=1;".to_owned()),
        ("no rate", "t.dft", "toplevel \"A\";\n\"A\" dorm=1;".to_owned()),
        ("phases", "t.dft", "toplevel \"A\";\n\"A\" lambda=1 phases=2;".to_owned()),
        ("gates in a circle", "t.dft", "toplevel \"T\";\n\"T\" or \"U\";\n\"U\" or \"T\";".to_owned()),
        ("no end", "t.dft", "toplevel \"A\";\n\"A\" lambda=1".to_owned()),
    ];
    let told = cases.map(|(what, name, text)| {
        let problems = import_text(name, &text, &ImportOptions::default()).expect_err(what);
        format!("──────── {what}\n{problems}")
    });
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn any_gate_can_be_the_top() {
    let text = xml(&(gate("top", "and xa") + &gate("x", "or bc") + &basics(&["a", "b", "c"])));
    let part = import_text("t.xml", &text, &ImportOptions { top: Some("x".to_owned()) }).unwrap();
    assert!((unavailability(&part.scenario) - 0.44).abs() < 1e-15);
    assert!(import_text("t.xml", &text, &ImportOptions { top: Some("a".to_owned()) }).is_err());
}

#[test]
fn what_is_shared_is_not_spelt_out() {
    // Two parts each, both the next: 2^90 ways to one event.
    let gates: String = (0..90).map(|at| {
        let next = if at == 89 { "e".to_owned() } else { format!("g{}", at + 1) };
        format!("<define-gate name=\"g{at}\"><and><event name=\"{next}\"/><or><event name=\"{next}\"/><event name=\"f\"/></or></and></define-gate>\n")
    }).collect();
    let found = unavailability(&imported("t.xml", &xml(&(gates + &basics(&["e", "f"])))).scenario);
    assert!((found - 0.1).abs() < 1e-15);
}

/// A formula over nine basic events: a gate of a kind over earlier ones and events.
type Drawn = Vec<(u8, Vec<usize>)>;

const EVENTS: usize = 9;

/// Whether the last gate has happened, by the definition of each.
fn happened(gates: &Drawn, state: u32) -> bool {
    let mut all: Vec<bool> = (0..EVENTS).map(|event| state >> event & 1 == 1).collect();
    for (kind, parts) in gates {
        let count = parts.iter().filter(|&&part| all[part % all.len()]).count();
        all.push(match kind {
            0 => count > 0,
            1 => count == parts.len(),
            _ => count >= parts.len().div_ceil(2),
        });
    }
    all[all.len() - 1]
}

fn document(gates: &Drawn) -> String {
    let mut text = String::new();
    for (at, (kind, parts)) in gates.iter().enumerate() {
        let tag = ["or", "and", "atleast"][*kind as usize];
        let min = if *kind == 2 { format!(" min=\"{}\"", parts.len().div_ceil(2)) } else { String::new() };
        let part = |part: &usize| format!("<event name=\"n{}\"/>", part % (EVENTS + at));
        let parts: String = parts.iter().map(part).collect();
        text += &format!("<define-gate name=\"n{}\"><{tag}{min}>{parts}</{tag}></define-gate>\n", EVENTS + at);
    }
    let names: Vec<String> = (0..EVENTS).map(|event| format!("n{event}")).collect();
    xml(&(text + &basics(&names.iter().map(String::as_str).collect::<Vec<_>>())))
}

fn drawn() -> impl Strategy<Value = Drawn> {
    prop::collection::vec((0..3u8, prop::collection::vec(0..30usize, 1..5)), 1..12)
}

fn settings(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(1), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(settings(24))]

    #[test]
    fn random_trees_have_the_probability_of_their_states(gates in drawn()) {
        let chance = |state: u32| (0..EVENTS).map(|event| {
            let chance = 0.1 * (event + 1) as f64;
            if state >> event & 1 == 1 { chance } else { 1.0 - chance }
        }).product::<f64>();
        let expected: f64 = (0..1 << EVENTS).filter(|&state| happened(&gates, state)).map(chance).sum();
        let top = format!("n{}", EVENTS + gates.len() - 1);
        let imported = import_text("t.xml", &document(&gates), &ImportOptions { top: Some(top) });
        let found = unavailability(&imported.unwrap_or_else(|problems| panic!("{problems}")).scenario);
        prop_assert!((found / expected - 1.0).abs() < 1e-12, "{found} is not {expected}");
    }
}

proptest! {
    #![proptest_config(settings(200))]

    #[test]
    fn no_text_panics(cut in 0..3000usize, other in "\\PC{0,8}", dft in any::<bool>()) {
        let (name, text) = match dft {
            true => ("t.dft", include_str!("../validation/dft/loop.dft")),
            false => ("t.xml", include_str!("../validation/fault_trees/cooling.xml")),
        };
        let mut cut = cut % text.len();
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        let _ = import_text(name, &format!("{}{other}{}", &text[..cut], &text[cut..]), &ImportOptions::default());
        let _ = import_text(name, &text[..cut], &ImportOptions::default());
        let _ = import_text(name, &other, &ImportOptions::default());
    }
}

const NAMED: &str = "
scenario: parts
components:
  a: {replicas: 2, redundancy: {k_of_n: {need: 1}}, failure_modes: {crash: {time_to_failure: {exponential: {mean: 40h}}, repair: {exponential: {mean: 9h}}}}}
  b: {failure_modes: {crash: {time_to_failure: {weibull: {shape: 1.5, mean: 90h}}, repair: {exponential: {mean: 5h}}}}}
  c: {capacity: {per_replica: 60/s}, replicas: 2, failure_modes: {crash: {time_to_failure: {exponential: {mean: 70h}}, repair: 6h}}}
dependencies: {edges: [{from: a, to: b, need: soft}]}
PATHS
run: {replications: 64, seed: 3, attribution: 64}
calendar: {horizon: 60d}
";

/// Named, the parts are one gate each; written out, there are as many as are written. Nobody can tell by the answers.
#[test]
fn a_named_part_is_what_it_stands_for() {
    let with = |paths: &str| {
        let loaded = load_text("parts.yaml", &NAMED.replace("PATHS", paths), &LoadOptions::default()).unwrap();
        let system = System::build(loaded.spec).unwrap();
        let exact = solve(&system).get("journeys.use", "unavailability", None);
        let results = assess(&system, &loaded.plan, &Unwatched).unwrap();
        let kept = |entity: &str| !entity.is_empty();
        let rows = results.measures.iter().filter(|row| kept(&row.entity));
        (
            exact,
            rows.map(|row| format!("{row:?}")).collect::<Vec<_>>(),
            format!("{:?} {:?}", results.causes, results.edge_downtime),
        )
    };
    let named = with(
        "paths: {either: [{any_of: [[inner], [c]]}], inner: [a, b]}\n\
         journeys: {use: {path: [either, {any_of: [[inner], [either]]}], demand: 80/s}}",
    );
    let either = "{any_of: [[a, b], [c]]}";
    let written =
        with(&format!("journeys: {{use: {{path: [{either}, {{any_of: [[a, b], [{either}]]}}], demand: 80/s}}}}"));
    assert!(named.1.len() > 10);
    assert_eq!(named, written);
}
