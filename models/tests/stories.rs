//! The stories of incidents: what they tell, and that they agree with the incidents.
#![allow(clippy::unwrap_used)]

use ninefold_models::assess::{Unwatched, assess, tell};
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::replication::Sampling;
use ninefold_models::results::{INCIDENT_EVENT_KINDS, IncidentEventRow, Results};
use ninefold_models::story::{StoryError, Which, choose, story};
use ninefold_models::system::*;
use ninefold_models::units::Hours;

fn constant(hours: f64) -> Law {
    Law::constant(Hours::new(hours)).unwrap()
}

fn exponential(hours: f64) -> Law {
    Law::exponential(Hours::new(hours)).unwrap()
}

fn mode(name: &str, life: Law, repair: Law) -> ModeSpec {
    let (effect, clock) = (Effect::Down, Clock::Operating);
    ModeSpec {
        name: name.into(),
        time_to_failure: life,
        repair: Repair::Takes(repair),
        effect,
        clock,
        propagates: Vec::new(),
    }
}

fn component(name: &str, zones: &[&str], redundancy: Redundancy, modes: Vec<ModeSpec>) -> ComponentSpec {
    let unit = |(zone, i): (&&str, u32)| UnitSpec { name: format!("{name}/{i}"), domain: Some((*zone).to_owned()) };
    let units = zones.iter().zip(1..).map(unit).collect();
    ComponentSpec { name: name.into(), units, redundancy, per: None, modes, capacity_per_unit: None }
}

fn journey(name: &str, needs: &[&str]) -> JourneySpec {
    let leaf = |name: &&str| Path::Component { name: (*name).into(), side: Side::Both };
    let path = Path::All(needs.iter().map(leaf).collect());
    JourneySpec { name: name.into(), path, demand: None, rule: UpRule::default() }
}

fn zone(name: &str, life: Law, repair: Law) -> DomainSpec {
    let (level, modes) = (Some("zone".to_owned()), vec![mode("loss", life, repair)]);
    DomainSpec { name: name.into(), level, parent: None, modes }
}

fn standby(takes: Law, success: f64, manual: Option<Law>) -> Redundancy {
    Redundancy::Standby(Standby {
        mode: StandbyMode::Hot,
        active: 1,
        need: 1,
        switch_takes: takes,
        switch_success: success,
        manual_switch: manual,
        repair_starts: RepairStarts::AtOnce,
    })
}

fn lines(rows: &[IncidentEventRow]) -> Vec<String> {
    let line = |row: &IncidentEventRow| {
        let parent = row.parent.map_or_else(|| "-".to_owned(), |parent| parent.to_string());
        let text = format!(
            "{} {:+} h {parent} {} {} [{}] {}",
            row.seq,
            row.after_s / 3600.0,
            row.kind,
            row.component,
            row.actor,
            row.detail
        );
        text.trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

fn told(spec: &SystemSpec, rep: u64, journey: &str, incident: u64) -> Vec<IncidentEventRow> {
    let system = System::build(spec.clone()).unwrap();
    let which = Which { replication: Some(rep), journey: Some(journey.into()), incident: Some(incident) };
    let (rep, incident) = choose(&system, Sampling::from(1), &which, 10).unwrap();
    story(&system, Sampling::from(1), (rep, incident)).unwrap().unwrap()
}

/// Two in three zones must serve: `b`'s zone is lost at 20 h, `web/1` crashes at 24 h, the zone is back at 26 h.
#[test]
fn what_was_wrong_before_is_told_and_every_threshold_with_its_numbers() {
    let web = component("web", &["a", "b", "c"], Redundancy::KOfN { need: 2 }, vec![]);
    let mut spec = SystemSpec {
        name: "three".into(),
        domains: vec![
            zone("a", constant(24.0), constant(100.0)),
            zone("b", constant(20.0), constant(6.0)),
            zone("c", constant(1000.0), constant(1.0)),
        ],
        components: vec![web],
        journeys: vec![journey("use", &["web"])],
        ..SystemSpec::default()
    };
    spec.time.horizon = Hours::new(40.0);
    let expected = [
        "0 -4 h - failed domains.b [b/loss]",
        "1 -4 h 0 lost web/2 [domains.b]",
        "2 +0 h - failed domains.a [a/loss]",
        "3 +0 h 2 lost web/1 [domains.a]",
        "4 +0 h 3 down components.web [] 1 of 3 up, 2 needed",
        "5 +0 h 4 journey_down journeys.use [a/loss] components.web down",
        "6 +2 h 0 repaired domains.b [b/loss]",
        "7 +2 h 6 returned web/2 [domains.b]",
        "8 +2 h 7 up components.web [] 2 of 3 up, 2 needed",
        "9 +2 h 8 journey_up journeys.use [] serves 1 of its demand",
    ];
    assert_eq!(lines(&told(&spec, 0, "use", 0)), expected);
}

/// The active unit crashes; the switch of half an hour fails, a person needs an hour.
#[test]
fn a_failed_switch_is_told_from_the_crash_to_the_hand_that_mends_it() {
    let modes = vec![mode("crash", constant(10.0), constant(5.0))];
    let mut db = component("db", &["a", "a"], standby(constant(0.5), 0.0, Some(constant(1.0))), modes);
    db.units.iter_mut().for_each(|unit| unit.domain = None);
    // Dormant units age as well: the second one would crash at the same instant.
    let Redundancy::Standby(scheme) = &mut db.redundancy else { unreachable!() };
    scheme.mode = StandbyMode::Cold;
    let mut spec = SystemSpec {
        name: "pair".into(),
        components: vec![db],
        journeys: vec![journey("buy", &["db"])],
        ..SystemSpec::default()
    };
    spec.time.horizon = Hours::new(12.0);
    let expected = [
        "0 +0 h - failed db/1 [db/crash]",
        "1 +0 h 0 switch_started components.db [db/switch] to db/2",
        "2 +0 h 0 down components.db [] 0 of 2 up, 1 needed",
        "3 +0 h 2 journey_down journeys.buy [db/switch] components.db down",
        "4 +0.5 h 1 switch_failed components.db [db/switch]",
        "5 +1.5 h 4 switched components.db [db/switch] to db/2, by hand",
        "6 +1.5 h 5 up components.db [] 1 of 2 up, 1 needed",
        "7 +1.5 h 6 journey_up journeys.buy [] serves 1 of its demand",
    ];
    assert_eq!(lines(&told(&spec, 0, "buy", 0)), expected);
}

/// A zone with one of two units is lost at 5 h, which is not covered: for half an hour nobody serves.
#[test]
fn an_uncovered_failure_is_told_from_the_crash_to_its_end() {
    let coverage =
        Coverage { success: 0.0, covered: constant(0.0), uncovered: constant(0.5), meanwhile: Meanwhile::Frozen };
    let modes = vec![mode("crash", constant(10.0), constant(1.0))];
    let mut db = component("db", &["a", "c"], Redundancy::Covered { need: 1, coverage }, modes);
    db.units[0].domain = None;
    let mut spec = SystemSpec {
        name: "pair".into(),
        domains: vec![zone("c", constant(5.0), constant(4.0))],
        components: vec![db],
        journeys: vec![journey("buy", &["db"])],
        ..SystemSpec::default()
    };
    spec.time.horizon = Hours::new(6.0);
    let expected = [
        "0 +0 h - failed domains.c [c/loss]",
        "1 +0 h 0 lost db/2 [domains.c]",
        "2 +0 h 1 reconfigures components.db [db/uncovered]",
        "3 +0 h 2 down components.db [] 0 of 2 up, 1 needed",
        "4 +0 h 3 journey_down journeys.buy [db/uncovered] components.db down",
        "5 +0.5 h 2 reconfigured components.db [db/uncovered]",
        "6 +0.5 h 5 up components.db [] 1 of 2 up, 1 needed",
        "7 +0.5 h 6 journey_up journeys.buy [] serves 1 of its demand",
    ];
    assert_eq!(lines(&told(&spec, 0, "buy", 0)), expected);
}

/// Everything at once: zones, standby, quorum, coverage, capacity, branches, a soft target.
fn shop() -> SystemSpec {
    let crash = || vec![mode("crash", exponential(300.0), exponential(8.0))];
    let slow = ModeSpec {
        effect: Effect::Degraded { capacity: 0.3, errors: 0.1 },
        ..mode("slow", exponential(200.0), exponential(20.0))
    };
    let crew = CrewRepair::new("field", exponential(8.0), 1);
    let by_crew = vec![ModeSpec { repair: Repair::ByCrew(crew), ..mode("crash", exponential(60.0), constant(1.0)) }];
    let mut web = component("web", &["a", "b", "c"], Redundancy::None, crash());
    web.modes.push(slow);
    web.capacity_per_unit = Some(50.0.into());
    let dependency = |to: &str, need| DependencySpec {
        from: "web".into(),
        to: to.into(),
        need,
        fallback_quality: (need != Need::Hard).then_some(0.5),
    };
    let coverage =
        Coverage { success: 0.5, covered: constant(0.1), uncovered: exponential(6.0), meanwhile: Meanwhile::Frozen };
    let branch = |name: &str| Path::Component { name: name.into(), side: Side::Both };
    let any = Path::KOf { need: 1, branches: vec![branch("store"), branch("cache")] };
    let mut spec = SystemSpec {
        name: "shop".into(),
        domains: ["a", "b", "c"].map(|name| zone(name, exponential(2000.0), exponential(12.0))).into(),
        components: vec![
            web,
            component("db", &["a", "b"], standby(exponential(0.5), 0.8, Some(exponential(2.0))), crash()),
            component("store", &["a", "b", "c"], Redundancy::Quorum { write: 2, read: 2 }, by_crew),
            component("cache", &["a", "b"], Redundancy::Covered { need: 1, coverage }, crash()),
            component("mail", &["c"], Redundancy::None, crash()),
        ],
        teams: vec![TeamSpec::new("field", 1, Order::FirstCome)],
        dependencies: vec![dependency("db", Need::Hard), dependency("mail", Need::Soft)],
        journeys: vec![
            JourneySpec { demand: Some(100.0.into()), ..journey("buy", &["web"]) },
            JourneySpec { path: Path::All(vec![branch("web"), any]), ..journey("look", &[]) },
        ],
        ..SystemSpec::default()
    };
    spec.time.horizon = Hours::new(2000.0);
    spec.time.warmup = Hours::new(100.0);
    let hits = Hits::Each(0.7);
    let model = RiskModel::Own { time_to_shock: exponential(700.0), hits, repair: None };
    let members = vec!["store".to_owned(), "mail".to_owned()];
    spec.share(&[SharedRisk { name: "rack".into(), cause: None, members, model }]).unwrap();
    spec
}

/// Repairs by crews are asked for later, and need a part of a small store.
fn needs_parts(spec: &mut SystemSpec) {
    let lead_time = Some(exponential(40.0));
    spec.teams[0].spares = vec![SparesSpec { name: "drive".into(), stock: 1, batch: 1, lead_time }];
    let modes = spec.components.iter_mut().flat_map(|component| &mut component.modes);
    for mode in modes {
        if let Repair::ByCrew(crew) = &mut mode.repair {
            let part = Some("drive".into());
            crew.supply = Some(Box::new(SupplySpec { logistics: Some(exponential(1.0)), part, travel: None }));
        }
    }
}

fn run(spec: SystemSpec, plan: &Plan) -> (System, Results) {
    let system = System::build(spec).unwrap();
    let mut results = assess(&system, plan, &Unwatched).unwrap();
    tell(&system, plan, &mut results).unwrap();
    (system, results)
}

#[test]
fn every_incident_has_a_story_that_agrees_with_it() {
    use ninefold_models::plan::{Use, Variance};
    let variance = Variance { antithetic: Use::On, ..Variance::default() };
    let plan = Plan { stopping: Stopping::Fixed(100), variance, ..Plan::default() };
    let mut spec = shop();
    spec.health_checks.push(HealthCheckSpec {
        component: "web".into(),
        probes: ProbeSpec {
            interval: Hours::new(0.2),
            timeout: Hours::new(0.1),
            unhealthy_after: 2,
            healthy_after: 2,
            false_positive: 0.0,
            false_negative: 0.1,
        },
        depth: Depth::Deep,
        fail_open_below: 0.3,
    });
    needs_parts(&mut spec);
    let (_, results) = run(spec, &plan);
    assert!(results.incidents.len() > 500, "{}", results.incidents.len());
    let mut stories =
        results.incident_events.chunk_by(|a, b| (a.rep, &a.journey, a.incident) == (b.rep, &b.journey, b.incident));
    for incident in &results.incidents {
        let story = stories.next().unwrap();
        let (first, last) = (&story[0], &story[story.len() - 1]);
        assert_eq!((first.rep, &first.journey, first.incident), (incident.rep, &incident.journey, incident.seq));
        let down = story.iter().find(|row| row.kind == "journey_down").unwrap();
        assert_eq!((down.t_s, down.after_s, &down.actor), (incident.fault_s, 0.0, &incident.cause));
        assert!(down.parent.is_some(), "{:#?}", lines(story));
        let up = story.iter().find(|row| row.kind == "journey_up");
        let at_end = incident.censored && incident.restored_s == 2000.0 * 3600.0;
        assert_eq!(up.map(|row| row.t_s), (!at_end).then_some(incident.restored_s), "{:#?}", lines(story));
        assert!(first.t_s <= incident.fault_s && last.t_s <= incident.restored_s);
        for (row, seq) in story.iter().zip(0..) {
            assert_eq!(row.seq, seq);
            assert!(row.parent.is_none_or(|parent| parent < seq), "{:#?}", lines(story));
            assert!(INCIDENT_EVENT_KINDS.iter().any(|(kind, _)| *kind == row.kind));
        }
    }
    assert!(stories.next().is_none());
    let kinds = |kind: &str| results.incident_events.iter().any(|row| row.kind == kind);
    // Those of failover plans have a test of their own; others are told of scenarios (`scenarios/tests/stories.rs`).
    const OF_SCENARIOS: [&str; 15] = [
        "restores",
        "restored",
        "cleared",
        "started",
        "removed",
        "withdrawn",
        "announced",
        "election_begins",
        "election_ends",
        "two_writers",
        "one_writer",
        "warms_up",
        "warm",
        "reclaimed",
        "replaced",
    ];
    let of_plan = |kind: &str| {
        let way_back = ["fell_behind", "resyncing", "resynced", "divergence"].contains(&kind);
        way_back || OF_SCENARIOS.contains(&kind) || kind.starts_with("failover_") || kind.starts_with("step_")
    };
    for (kind, _) in INCIDENT_EVENT_KINDS.iter().filter(|(kind, _)| !of_plan(kind)) {
        assert!(kinds(kind), "no story has `{kind}`");
    }
}

/// Whoever follows the parents of a journey's going down comes to a failure, where a journey is not short from the start.
#[test]
fn the_parents_of_an_outage_lead_to_a_failure() {
    let plan = Plan { stopping: Stopping::Fixed(64), ..Plan::default() };
    let (_, results) = run(shop(), &plan);
    let same =
        |a: &IncidentEventRow, b: &IncidentEventRow| (a.rep, &a.journey, a.incident) == (b.rep, &b.journey, b.incident);
    let mut outages = 0;
    for story in results.incident_events.chunk_by(same) {
        let mut row = story.iter().find(|row| row.kind == "journey_down").unwrap();
        while let Some(parent) = row.parent {
            row = &story[parent as usize];
        }
        assert!(matches!(row.kind, "failed" | "struck" | "degraded" | "repaired"), "{:#?}", lines(story));
        outages += 1;
    }
    assert_eq!(outages, results.incidents.len());
}

#[test]
fn what_is_not_there_is_refused_by_name() {
    let system = System::build(shop()).unwrap();
    let ask = |replication, journey: Option<&str>, incident| {
        let which = Which { replication, journey: journey.map(str::to_owned), incident };
        choose(&system, Sampling::from(1), &which, 10)
    };
    assert!(matches!(ask(Some(10), None, None), Err(StoryError::NoReplication { asked: 10, most: 10 })));
    assert!(matches!(ask(Some(0), Some("bye"), None), Err(StoryError::UnknownJourney { .. })));
    assert!(matches!(ask(Some(0), None, Some(0)), Err(StoryError::WhichJourney(_))));
    assert!(matches!(ask(Some(0), Some("buy"), Some(900)), Err(StoryError::NoSuchIncident { asked: 900, .. })));
    assert!(ask(Some(0), Some("journeys.buy"), None).is_ok());
    let (rep, incident) = ask(None, None, None).unwrap();
    let all = ninefold_models::story::incidents_of(&system, Sampling::from(1), rep).unwrap();
    assert_eq!(incident.lasted(), all.iter().map(|incident| incident.lasted()).max().unwrap());
    let mut quiet = shop();
    quiet.components.iter_mut().for_each(|component| component.modes.clear());
    quiet.shocks.clear();
    quiet.domains.iter_mut().for_each(|domain| domain.modes.clear());
    let quiet = System::build(quiet).unwrap();
    let which = Which { replication: Some(3), ..Which::default() };
    assert!(matches!(choose(&quiet, Sampling::from(1), &which, 10), Err(StoryError::NoIncident { rep: 3, .. })));
    assert!(matches!(
        choose(&quiet, Sampling::from(1), &Which::default(), 10),
        Err(StoryError::NoneFound { looked: 10, .. })
    ));
}
