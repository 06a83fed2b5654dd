//! Case files: what is refused, what is listed as not supported, and that nothing makes the reader panic.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use ninefold_scenarios::conformance::{Verdict, judge, read, read_text};
use ninefold_scenarios::{Diagnostics, LoadOptions, load_text};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

const UNIT: &str = include_str!("../validation/r01_unit_fast.json");

fn problems(text: &str) -> Diagnostics {
    read_text("case.json", text).expect_err(text)
}

#[test]
fn malformed_files_look_as_recorded() {
    let cases = [
        ("empty", ""),
        ("no JSON", "{\"id\": \"r01_a\", "),
        ("no case", "{\"title\": \"nothing\"}"),
        ("a list of no cases", "[1, 2]"),
        ("no id", "{\"expected\": []}"),
        ("an id that is a list", "{\"id\": [1], \"expected\": []}"),
        ("no answers", "{\"id\": \"r01_a\", \"params\": {}, \"expected\": []}"),
        ("no params", "{\"id\": \"r01_a\", \"expected\": [{\"measure\": \"mttf\", \"value\": 1}]}"),
        ("answers that are no list", "{\"id\": \"r01_a\", \"params\": {}, \"expected\": 3}"),
        ("an answer without a measure", "{\"id\": \"r01_a\", \"params\": {}, \"expected\": [{\"value\": 1}]}"),
        ("an answer without a value", "{\"id\": \"r01_a\", \"params\": {}, \"expected\": [{\"measure\": \"mttf\"}]}"),
        (
            "a value that is no number",
            "{\"id\": \"r01_a\", \"params\": {}, \"expected\": [{\"measure\": \"mttf\", \"value\": many}]}",
        ),
        (
            "a parameter outside its range",
            "{\"id\": \"r01_a\",\n \"params\": {\"mttf_h\": -5, \"mttr_h\": 1},\n \"expected\": [{\"measure\": \"mttf\", \"value\": 1}]}",
        ),
        (
            "a parameter that is no number",
            "{\"id\": \"r01_a\",\n \"params\": {\"mttf_h\": \"long\", \"mttr_h\": 1},\n \"expected\": [{\"measure\": \"mttf\", \"value\": 1}]}",
        ),
        (
            "a parameter that is missing",
            "{\"id\": \"r01_a\",\n \"params\": {\"mttf_h\": 5},\n \"expected\": [{\"measure\": \"mttf\", \"value\": 1}]}",
        ),
        (
            "more needed than there are",
            "{\"id\": \"r03_a\",\n \"params\": {\"n\": 2, \"k\": 3, \"crews\": 1, \"lam\": 1, \"mu\": 1},\n \"expected\": [{\"measure\": \"mttf\", \"value\": 1}]}",
        ),
        ("two in a list", "[{\"id\": \"r01_a\"},\n {\"id\": \"r01_b\", \"params\": 1, \"expected\": {\"mttf\": 1}}]"),
    ];
    let text: Vec<String> = cases.iter().map(|(name, text)| format!("──────── {name}\n{}", problems(text))).collect();
    insta::assert_snapshot!(text.join("\n"));
    for (name, text) in
        [("case.toml", "name = 3"), ("case.toml", "name = \"a\"\nsource = \"\"\nscenario = \"../x.yaml\"\nexpect = []")]
    {
        assert_eq!(read_text(name, text).expect_err(name).len(), 1);
    }
}

#[test]
fn paths_that_hold_nothing_are_refused() {
    let empty = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-cases");
    std::fs::create_dir_all(&empty).unwrap();
    for path in [empty, PathBuf::from("no/such/file.json")] {
        assert_eq!(read(std::slice::from_ref(&path)).expect_err("nothing there").len(), 1);
    }
}

/// What a row says that is not supported.
fn notes(text: &str) -> Vec<String> {
    let suite = read_text("case.json", text).unwrap_or_else(|problems| panic!("{problems}"));
    let rows: Vec<_> = suite.cases.iter().flat_map(|case| judge(case).rows).collect();
    let listed = rows.into_iter().inspect(|row| assert_eq!(row.verdict, Verdict::NotSupported, "{row:?}"));
    listed.map(|row| format!("{} {}: {}", row.case, row.measure, row.note)).collect()
}

#[test]
fn what_is_not_known_is_listed_and_never_skipped() {
    let unknown = r#"[
        {"id": "r99_x", "params": {"a": 1}, "expected": [{"measure": "m", "value": 1}, {"measure": "n", "value": "text"}]},
        {"id": "q-1", "family": "zzz", "input": {}, "expected": {"L": 1.0, "deep": {"W": 2, "stations": [1, 2]}}},
        {"id": "r01_more", "params": {"mttf_h": 5, "mttr_h": 1, "colour": 3}, "expected": [{"measure": "mttf", "value": 5}]},
        {"id": "r02_law", "params": {"mttf_h": 5, "horizon_h": 10, "repair": "zipf"}, "expected": [{"measure": "mttf", "value": 5}]},
        {"id": "r12_zones", "params": {"A_zone": 1, "A_node": 0.9}, "expected": [{"measure": "UA_3nodes_4zones", "value": 1}]},
        {"id": "r24_words", "description": "A never fails", "params": {}, "expected": [{"measure": "availability", "value": 1}]}
    ]"#;
    assert_eq!(
        notes(unknown),
        [
            "r99_x m: the family `r99` is not known",
            "r99_x n: the family `r99` is not known",
            "q-1 L: the family `zzz` is not known",
            "q-1 deep.W: the family `zzz` is not known",
            "q-1 deep.stations: the family `zzz` is not known",
            "r01_more mttf: the family has no parameter `colour`",
            "r02_law mttf: the law `zipf` is not understood",
            "r12_zones UA_3nodes_4zones: the measure `UA_3nodes_4zones` is not known",
            "r24_words availability: the description `A never fails` is not understood",
        ]
    );
    let models = r#"{"models": [{"model": "a", "expected_top_probability": 0.1}, {"model": "b", "MTTF": 5, "unreliability": {"100": 0.5}}]}"#;
    let suite = read_text("fault_trees.json", models).unwrap();
    assert_eq!(suite.cases.iter().map(|case| case.answers()).collect::<Vec<_>>(), [1, 2]);
    let unknown_measure = UNIT.replace("steady_unavailability", "happiness");
    let suite = read_text("case.json", &unknown_measure).unwrap();
    let judged = judge(&suite.cases[0]);
    assert_eq!(judged.rows[0].note, "the measure `happiness` is not known");
}

/// What is kept is what was run: it loads, it says its replications, and its name stays in its folder.
#[test]
fn scenarios_that_are_written_can_be_kept_and_run() {
    let text = UNIT.replace("\"id\": \"r01_unit_fast\"", "\"id\": \"r01_../../etc/é\"");
    let suite = read_text("case.json", &text).unwrap();
    let judged = judge(&suite.cases[0]);
    assert!(judged.scenarios.len() >= 3);
    for (name, text) in judged.scenarios {
        assert!(name.starts_with("r01_..-..-etc--.") && !name.contains('/'), "{name}");
        load_text(&name, &text, &LoadOptions::default()).unwrap_or_else(|problems| panic!("{problems}"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_reader_panic(
        which in 0..7_usize,
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..20_usize, "[-+_0-9a-zA-Z\\[\\]{}\",:. ()é]{0,6}"), 1..6),
    ) {
        const CASES: [&str; 7] = [
            UNIT,
            include_str!("../validation/r02_downtime_erlang.json"),
            include_str!("../validation/r06_exponential.json"),
            include_str!("../validation/r12_quorum_good.json"),
            include_str!("../validation/r13_network_six.json"),
            include_str!("../validation/r20_two_tier.json"),
            include_str!("../validation/r24_series_two.json"),
        ];
        let mut chars: Vec<char> = CASES[which].chars().collect();
        for (at, cut, piece) in edits {
            let at = at.index(chars.len());
            let end = (at + cut).min(chars.len());
            chars.splice(at..end, piece.chars());
            if chars.is_empty() { break; }
        }
        let text: String = chars.into_iter().collect();
        if let Ok(suite) = read_text("case.json", &text) {
            prop_assert!(suite.cases.len() <= 1);
        }
    }
}
