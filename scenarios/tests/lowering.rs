//! What a scenario lowers to, where the words of the language could be read in two ways.
#![allow(clippy::unwrap_used)]

use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Goal, HalfWidth, Stopping};
use ninefold_models::system::{Need, Repair};
use ninefold_models::units::Hours;
use ninefold_scenarios::{LoadOptions, Loaded, load_text};

fn load(text: &str) -> Loaded {
    load_text("test.yaml", text, &LoadOptions::default()).unwrap_or_else(|problems| panic!("{problems}"))
}

const EVERYTHING: &str = include_str!("good/everything.yaml");

#[test]
fn spread_deals_round_robin_and_moves_nobody() {
    let placed = |replicas: u32| {
        let loaded = load(&EVERYTHING.replace("eu: {replicas: 5,", &format!("eu: {{replicas: {replicas},")));
        let web = loaded.spec.components.iter().find(|c| c.name == "web").unwrap();
        let units = web.units.iter().filter(|unit| unit.name.starts_with("web/eu/"));
        units.map(|unit| (unit.name.clone(), unit.domain.clone().unwrap())).collect::<Vec<_>>()
    };
    let (five, six) = (placed(5), placed(6));
    let expected =
        [("web/eu/1", "eu-1"), ("web/eu/2", "eu-2"), ("web/eu/3", "eu-1"), ("web/eu/4", "eu-2"), ("web/eu/5", "eu-1")];
    assert_eq!(five.iter().map(|(unit, zone)| (unit.as_str(), zone.as_str())).collect::<Vec<_>>(), expected);
    assert_eq!(five[..], six[..5]);
}

#[test]
fn modes_by_level_by_name_and_by_share() {
    let loaded = load(EVERYTHING);
    let domain = |name: &str| loaded.spec.domains.iter().find(|d| d.name == name).unwrap();
    assert_eq!(["eu-1", "eu-2", "us-1", "cloud"].map(|name| domain(name).modes.len()), [1, 1, 1, 0]);
    assert_eq!(domain("eu").modes[0].time_to_failure, Law::exponential(Hours::new(8760.0 / 0.004)).unwrap());
    let flicker = &domain("us").modes[0];
    let Repair::Takes(repair) = &flicker.repair else { panic!("it is repaired") };
    let x = repair.mean() / flicker.time_to_failure.mean();
    assert!((x / (1.0 + x) - 0.0005).abs() < 1e-15);
    assert!(loaded.about.assumptions.iter().any(|a| a.path == "domains.failure_modes.flicker.repair"));
}

#[test]
fn a_star_stands_for_everyone_but_the_target_and_what_it_needs() {
    let loaded = load(
        "scenario: star\ncomponents: {web: {}, db: {}, dns: {}, power: {}}\ndependencies:\n  edges:\n    \
         - {from: \"*\", to: dns, need: hard}\n    - {from: dns, to: power, need: hard}\n    \
         - {from: web, to: dns, need: soft, fallback: {quality: 0.5}}\n    - {from: \"*\", to: power, need: async}\n",
    );
    let edges: Vec<_> = loaded.spec.dependencies.iter().map(|e| (e.from.as_str(), e.to.as_str(), e.need)).collect();
    let expected = [
        ("dns", "power", Need::Hard),
        ("web", "dns", Need::Soft),
        ("db", "dns", Need::Hard),
        ("web", "power", Need::Async),
        ("db", "power", Need::Async),
    ];
    assert_eq!(edges, expected);
}

/// The primary place comes first, and keeps its units' names.
#[test]
fn roles_say_who_is_active_first() {
    let loaded = load(EVERYTHING);
    let book = loaded.spec.components.iter().find(|component| component.name == "book").unwrap();
    assert_eq!(book.units.iter().map(|unit| unit.name.as_str()).collect::<Vec<_>>(), ["book/eu-2/1", "book/eu-1/1"]);
    let replication = &loaded.spec.replications[0];
    assert_eq!((replication.component.as_str(), replication.resync.unwrap().speed()), ("book", 15.0));
}

#[test]
fn quorums_that_need_not_share_a_unit_are_flagged() {
    let flagged = |write, read| {
        let text = format!(
            "scenario: a\ncomponents:\n  db: {{replicas: 5, redundancy: {{quorum: {{write: {write}, read: {read}}}}}, \
             failure_modes: {{crash: {{unavailability: 0.01}}}}}}\n"
        );
        let assumptions = load(&text).about.assumptions;
        assumptions.into_iter().filter(|one| one.path.ends_with("quorum")).map(|one| one.value).collect::<Vec<_>>()
    };
    assert_eq!(flagged(3, 3), Vec::<String>::new());
    assert_eq!(flagged(3, 2), ["read 2 + write 3 of 5"]);
    assert_eq!(flagged(2, 2), ["read 2 + write 2 of 5", "write 2 + write 2 of 5"]);
}

#[test]
fn every_number_says_where_it_came_from() {
    let loaded = load(EVERYTHING);
    let find = |path: &str| loaded.about.provenance.iter().find(|p| p.path == path).unwrap();
    let mean = find("components.web.failure_modes.crash.time_to_failure.exponential.mean");
    assert_eq!((mean.value.as_str(), mean.unit.as_str(), mean.source.as_str()), ("30d", "h", "ticket 12"));
    assert_eq!(find("components.api.capacity.per_replica").source, "made up for a test");
    let bare = load("scenario: bare\ncomponents:\n  web: {replicas: 3}\n");
    assert_eq!(bare.about.provenance[0].source, "test.yaml:3");
    assert!(loaded.about.provenance.is_sorted_by(|a, b| a.path <= b.path));
    assert!(loaded.about.assumptions.is_sorted_by(|a, b| a.path <= b.path));
}

#[test]
fn the_plan_is_what_the_run_says() {
    let loaded = load(EVERYTHING);
    assert_eq!((loaded.plan.seed, loaded.plan.confidence), (20_270_101, 0.9));
    let goal = Goal::RelativeHalfWidth { measure: Some("journeys.buy.unavailability".to_owned()), at_most: 0.2 };
    assert_eq!(loaded.plan.stopping, Stopping::Until { min: 100, max: 400, goal });
    let fixed = load("scenario: a\ncomponents: {web: {}}\nrun: {replications: 1e6}\n");
    assert_eq!(fixed.plan.stopping, Stopping::Fixed(1_000_000));
    assert_eq!(loaded.spec.time.report_at, [5.0, 10.0, 50.0].map(Hours::new));
    assert!(!loaded.spec.time.until_first_failure);
}

#[test]
fn a_run_stops_by_the_rule_it_names() {
    let goal = |until: &str| {
        let text = format!(
            "scenario: one\ncomponents: {{a: {{failure_modes: {{x: {{time_to_failure: 10h, repair: 1h}}}}}}}}\n\
             journeys: {{use: {{path: [a]}}}}\n\
             agreements: {{slo: {{journey: use, sli: good_minutes, target: 99 %, window: calendar_month}}}}\n\
             run: {{replications: {{until: {until}}}}}\n"
        );
        match load(&text).plan.stopping {
            Stopping::Until { goal, .. } => goal,
            fixed => panic!("{fixed:?}"),
        }
    };
    let decision =
        |agreement: Option<&str>, confidence| Goal::Decision { agreement: agreement.map(str::to_owned), confidence };
    assert_eq!(goal("{decision: {agreement: slo, confidence: 95 %}}"), decision(Some("slo"), 0.95));
    assert_eq!(goal("{decision: {}}"), decision(None, 0.99));
    let absolute =
        |measure: Option<&str>, at_most| Goal::AbsoluteHalfWidth { measure: measure.map(str::to_owned), at_most };
    assert_eq!(goal("{absolute_half_width: 1e-5}"), absolute(None, HalfWidth::Ratio(1e-5)));
    let downtime = Some("journeys.use.downtime");
    let of_downtime = "{measure: journeys.use.downtime, absolute_half_width: 2h/year}";
    assert_eq!(goal(of_downtime), absolute(downtime, HalfWidth::MinutesPerYear(120.0)));
    let breach = Some("agreements.slo.breach_probability");
    let of_breach = "{measure: agreements.slo.breach_probability, absolute_half_width: 1 %}";
    assert_eq!(goal(of_breach), absolute(breach, HalfWidth::Ratio(0.01)));
}

#[test]
fn a_run_to_the_first_failure_says_so() {
    let text = "scenario: one\ncomponents: {a: {replicas: 1, failure_modes: {x: {time_to_failure: 10h, repair: 1h}}}}\n\
                journeys: {use: {path: [a]}}\nrun: {until: first_failure}\n";
    let loaded = ninefold_scenarios::load_text("one.yaml", text, &ninefold_scenarios::LoadOptions::default()).unwrap();
    assert!(loaded.spec.time.until_first_failure);
    // The effective scenario writes the start out: new, as it was.
    let again = load(&loaded.about.effective);
    assert!(loaded.about.effective.contains("start: new"));
    assert_eq!(format!("{:?}", again.spec), format!("{:?}", loaded.spec));
}
