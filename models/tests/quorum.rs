//! Partitions, witnesses and elections, against closed forms and by properties.
#![allow(clippy::unwrap_used)]

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::exact;
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::results::{Measured, Results};
use ninefold_models::system::*;
use ninefold_models::units::Hours;
use ninefold_sim_core::stream::{Replication, Stream, StreamRegister};

const MS: f64 = 1e-3 / 3600.0;

fn exponential(hours: f64) -> Law {
    Law::exponential(Hours::new(hours)).unwrap()
}

/// Nodes of unavailability 1/11 on each side and outside both; the sides are cut off 1/5 of the time.
struct Layout {
    sides: Vec<u32>,
    outside: u32,
    witnesses: Vec<String>,
    quorum: (u32, u32),
    minority: Minority,
    fencing: bool,
    election: Option<ElectionSpec>,
}

const NODE: f64 = 1.0 / 11.0;
const LINK: f64 = 1.0 / 5.0;

fn majority(sides: &[u32], outside: u32) -> Layout {
    let most = (sides.iter().sum::<u32>() + outside) / 2 + 1;
    let sides = sides.to_vec();
    let witnesses = Vec::new();
    Layout { sides, outside, witnesses, quorum: (most, most), minority: Minority::Stop, fencing: false, election: None }
}

fn spec(layout: &Layout) -> SystemSpec {
    let mode = ModeSpec {
        name: "crash".into(),
        time_to_failure: exponential(100.0),
        repair: Repair::Takes(exponential(10.0)),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    };
    let place = |(name, count): (String, u32)| {
        (1..=count).map(move |i| UnitSpec { name: format!("store/{name}/{i}"), domain: Some(name.clone()) })
    };
    let names: Vec<String> = (1..=layout.sides.len()).map(|side| format!("side-{side}")).collect();
    let places = names.iter().cloned().zip(layout.sides.iter().copied());
    let store = ComponentSpec {
        name: "store".into(),
        units: places.chain([("third".to_owned(), layout.outside)]).flat_map(place).collect(),
        redundancy: Redundancy::Quorum { write: layout.quorum.0, read: layout.quorum.1 },
        per: None,
        modes: vec![mode],
        capacity_per_unit: None,
    };
    let partition = PartitionSpec {
        component: "store".into(),
        between: names.clone(),
        time_to_failure: exponential(80.0),
        repair: exponential(20.0),
        minority: layout.minority,
        fencing: layout.fencing,
    };
    let mut components = vec![store, partition.link(), single_writer("store")];
    components.extend(layout.election.iter().map(ElectionSpec::seat));
    let domain = |name: &String| DomainSpec { name: name.clone(), level: None, parent: None, modes: Vec::new() };
    let domains = names.iter().chain([&"third".to_owned()]).map(domain).collect();
    let journey = |name: &str, side| JourneySpec {
        name: name.into(),
        path: Path::Component { name: "store".into(), side },
        demand: None,
        rule: UpRule::default(),
    };
    let view = |name: &String| ViewSpec { journey: format!("put-{name}"), domain: name.clone() };
    let seen = if layout.outside > 0 && layout.minority != Minority::Write { &names[..1] } else { &names[..] };
    let mut journeys = vec![journey("put", Side::Write), journey("get", Side::Read)];
    journeys.extend(seen.iter().map(|name| journey(&format!("put-{name}"), Side::Write)));
    let quorums = Quorums {
        partitions: vec![partition],
        elections: layout.election.clone().into_iter().collect(),
        witnesses: layout.witnesses.clone(),
        views: seen.iter().map(view).collect(),
        ..Quorums::default()
    };
    let mut spec = SystemSpec { name: "test".into(), components, domains, journeys, quorums, ..SystemSpec::default() };
    spec.time.horizon = Hours::new(20_000.0);
    spec.time.warmup = Hours::new(2000.0);
    spec
}

fn run(spec: SystemSpec, replications: u64) -> Results {
    let system = System::build(spec).unwrap();
    assess(&system, &Plan { stopping: Stopping::Fixed(replications), ..Plan::default() }, &Unwatched).unwrap()
}

fn measure<'a>(results: &'a Results, entity: &str, measure: &str) -> &'a Measured {
    results.measures.iter().find(|m| m.entity == entity && m.measure == measure && m.quantile.is_none()).unwrap()
}

/// Within four standard errors, and those below `cap` of the value.
fn close(measured: &Measured, value: f64, cap: f64) {
    let (estimate, error) = (measured.estimate.value, measured.estimate.standard_error);
    let what = format!("{} {}: {estimate} ± {error}, expected {value}", measured.entity, measured.measure);
    assert!((estimate - value).abs() <= 4.0 * error, "{what}");
    assert!(error <= cap * value, "{what}: above {cap}");
}

/// P(fewer than `need` of `n` nodes are able), by summing over all of their states.
fn fewer(need: u32, n: u32) -> f64 {
    let chance = |states: u32| (0..n).map(|i| if states >> i & 1 == 1 { 1.0 - NODE } else { NODE }).product::<f64>();
    (0..1u32 << n).filter(|states| states.count_ones() < need).map(chance).sum()
}

/// Unavailability to write, over all states of nodes and link, by what the rules say of each: another way than gates.
fn by_enumeration(layout: &Layout, seen_from: Option<usize>) -> f64 {
    let n: u32 = layout.sides.iter().sum::<u32>() + layout.outside;
    let mut down = 0.0;
    for states in 0..1u32 << n {
        let chance: f64 = (0..n).map(|i| if states >> i & 1 == 1 { 1.0 - NODE } else { NODE }).product();
        let mut first = 0;
        let mut own = Vec::new();
        for &count in &layout.sides {
            own.push((states >> first & ((1 << count) - 1)).count_ones());
            first += count;
        }
        let outside = (states >> first).count_ones();
        let whole = states.count_ones() >= layout.quorum.0;
        let mut cut = holders(&own, outside, layout.quorum.0);
        let cut = match seen_from {
            None => cut.next().is_some(),
            Some(side) => cut.any(|holder| holder == side),
        };
        down += chance * ((1.0 - LINK) * f64::from(u8::from(!whole)) + LINK * f64::from(u8::from(!cut)));
    }
    down
}

/// Under a majority there is never more than one leader, whoever is cut off from whom.
#[test]
fn a_majority_never_has_two_leaders() {
    let mut stream = Stream::new(StreamRegister::default().take("test", "partitions").unwrap());
    let replication = Replication::new(7, 0);
    let mut draw = |below: u32| (stream.open01(replication) * f64::from(below)) as u32;
    let (mut led, mut stalled) = (0, 0);
    for _ in 0..1_000_000 {
        let sizes: Vec<u32> = (0..2 + draw(4)).map(|_| 1 + draw(4)).collect();
        let outside = draw(3);
        let need = (sizes.iter().sum::<u32>() + outside) / 2 + 1;
        let able: Vec<u32> = sizes.iter().map(|&size| draw(size + 1)).collect();
        let outside = draw(outside + 1);
        match holders(&able, outside, need).count() {
            0 => stalled += 1,
            1 => led += 1,
            more => panic!("{more} leaders over {able:?} + {outside}, majority {need}"),
        }
    }
    // Both happen often, or nothing was shown.
    assert!(led > 50_000 && stalled > 50_000, "{led} {stalled}");
    // Without a majority there may be two.
    assert_eq!(holders(&[3, 2], 0, 2).count(), 2);
    // An even split stalls both sides, and so does any partition of two without a witness; with one, a side goes on.
    assert_eq!(holders(&[2, 2], 0, 3).count(), 0);
    assert_eq!(holders(&[1, 1], 0, 2).count(), 0);
    assert_eq!(holders(&[1, 1], 1, 2).collect::<Vec<_>>(), [0]);
    assert_eq!(holders(&[0, 1], 1, 2).collect::<Vec<_>>(), [1]);
}

/// The diagram over gates, and the enumeration of all states by the rules.
#[test]
fn exact_answers_are_those_of_every_state() {
    let mut small = majority(&[3, 2], 0);
    small.quorum = (2, 4);
    let layouts = [
        majority(&[3, 2], 0),
        majority(&[1, 1], 0),
        majority(&[1, 1], 1),
        majority(&[2, 1, 1], 2),
        majority(&[2, 2], 0),
        small,
    ];
    for layout in &layouts {
        let system = System::build(spec(layout)).unwrap();
        let solutions = exact::solve(&system);
        let down = |entity: &str| solutions.get(entity, "unavailability", None).unwrap().0;
        let checks = [(down("journeys.put"), by_enumeration(layout, None))];
        let first = (down("journeys.put-side-1"), by_enumeration(layout, Some(0)));
        // Voters outside go where most are; the gate of the first side gives them to it wherever that is enough.
        let views = if layout.outside == 0 { vec![first] } else { vec![] };
        for (exact, enumerated) in checks.into_iter().chain(views) {
            assert!((exact / enumerated - 1.0).abs() < 1e-12, "{:?}: {exact} {enumerated}", layout.sides);
        }
    }
    // G3: two nodes are worse than one, with a network that holds and more so with one that does not.
    let two = by_enumeration(&majority(&[1, 1], 0), None);
    assert!((two - (LINK + (1.0 - LINK) * fewer(2, 2))).abs() < 1e-14);
    assert!(two > NODE && by_enumeration(&majority(&[1, 1], 1), None) < NODE);
}

/// The same by simulation, for each thing a minority may do.
#[test]
fn minorities_stop_read_or_write() {
    for minority in [Minority::Stop, Minority::ReadOnly, Minority::Write] {
        let layout = Layout { minority, ..majority(&[3, 2], 0) };
        let results = run(spec(&layout), 400);
        let none = fewer(1, 5);
        let (write, read) = match minority {
            Minority::Stop => (by_enumeration(&layout, None), by_enumeration(&layout, None)),
            Minority::ReadOnly => (by_enumeration(&layout, None), none),
            Minority::Write => (none, none),
        };
        close(measure(&results, "journeys.put", "unavailability"), write, if write > 1e-3 { 0.02 } else { 0.5 });
        close(measure(&results, "journeys.get", "unavailability"), read, if read > 1e-3 { 0.02 } else { 0.5 });
        close(measure(&results, "components.store/partition", "unavailability"), LINK, 0.02);
        let two = measure(&results, "components.store/single-writer", "unavailability");
        if minority == Minority::Write {
            // Cut off, and somebody on either side.
            close(two, LINK * (1.0 - fewer(1, 3)) * (1.0 - fewer(1, 2)), 0.02);
        } else {
            assert_eq!(two.estimate.value, 0.0);
        }
    }
}

/// Fencing lets the first side write alone.
#[test]
fn a_fence_keeps_one_writer() {
    let layout = Layout { minority: Minority::Write, fencing: true, ..majority(&[1, 1], 0) };
    let results = run(spec(&layout), 400);
    assert_eq!(measure(&results, "components.store/single-writer", "unavailability").estimate.value, 0.0);
    let all = (1.0 - LINK) * NODE * NODE;
    close(measure(&results, "journeys.put-side-1", "unavailability"), all + LINK * NODE, 0.03);
    close(measure(&results, "journeys.put-side-2", "unavailability"), all + LINK, 0.02);
}

/// Quorums that need not share a unit have two writers without any minority that writes.
#[test]
fn small_write_quorums_have_two_writers() {
    let mut layout = majority(&[2, 2], 0);
    layout.quorum = (2, 3);
    let both = (1.0 - fewer(2, 2)).powi(2);
    close(measure(&run(spec(&layout), 300), "components.store/single-writer", "unavailability"), LINK * both, 0.02);
}

/// A witness votes, and serves nothing.
#[test]
fn a_witness_votes_and_serves_nothing() {
    let witnesses = vec!["store/third/1".to_owned()];
    let with = Layout { witnesses, ..majority(&[1, 1], 1) };
    let solutions = exact::solve(&System::build(spec(&with)).unwrap());
    // Two of three always hold one with data.
    let down = solutions.get("journeys.put", "unavailability", None).unwrap().0;
    assert!((down / by_enumeration(&with, None) - 1.0).abs() < 1e-12);
    let alone = Layout { minority: Minority::ReadOnly, ..with };
    let solutions = exact::solve(&System::build(spec(&alone)).unwrap());
    let down = solutions.get("journeys.get", "unavailability", None).unwrap().0;
    assert!((down / (NODE * NODE) - 1.0).abs() < 1e-12, "{down}");
}

fn raft(one_way_ms: f64, fsync_ms: f64) -> ElectionSpec {
    ElectionSpec {
        component: "store".into(),
        timeout: Law::uniform(Hours::new(150.0 * MS), Hours::new(300.0 * MS)).unwrap(),
        heartbeat: Hours::new(75.0 * MS),
        one_way: Hours::new(one_way_ms * MS),
        fsync: Hours::new(fsync_ms * MS),
    }
}

/// G10: T (1 + 1/(s+1)) − T/4 + 2 L + W after the last heartbeat's arrival, L more after the loss; where votes split, which
/// they do unless the second stands L after the first, each round is waited for anew.
#[test]
fn elections_take_what_the_formula_says() {
    let mut stream = Stream::new(StreamRegister::default().take("test", "elections").unwrap());
    let replication = Replication::new(11, 0);
    for (candidates, one_way, fsync) in [(4, 0.0, 0.0), (4, 0.0, 5.0), (4, 2.0, 1.0), (2, 15.0, 3.0), (1, 10.0, 0.0)] {
        let election = raft(one_way, fsync);
        let (t, s) = (150.0, candidates as f64);
        let unsplit = if candidates > 1 { (1.0 - one_way / t).powi(candidates) } else { 1.0 };
        let expected = t * (1.0 + 1.0 / (s + 1.0)) / unsplit - t / 4.0 + 3.0 * one_way + fsync;
        let draws = 200_000;
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..draws {
            let takes = election.takes(candidates as usize, true, || stream.open01(replication)).get() / MS;
            (sum, squares) = (sum + takes, squares + takes * takes);
        }
        let mean = sum / f64::from(draws);
        let error = ((squares / f64::from(draws) - mean * mean) / f64::from(draws)).sqrt();
        assert!((mean - expected).abs() < 4.0 * error, "{candidates} {one_way}: {mean} ± {error}, {expected}");
        assert!(error < 0.3);
    }
}

/// Writes are down for each election, and reads are not.
#[test]
fn each_loss_of_a_leader_costs_an_election() {
    let hour = Hours::new(1.0);
    let election = ElectionSpec {
        component: "store".into(),
        timeout: Law::constant(hour).unwrap(),
        heartbeat: Hours::ZERO,
        one_way: Hours::ZERO,
        fsync: Hours::ZERO,
    };
    let layout = Layout { election: Some(election), ..majority(&[3, 2], 0) };
    let mut spec = spec(&layout);
    // A network that holds: only the crash of the leader costs an election.
    let link = spec.components.iter_mut().find(|component| component.name == "store/partition").unwrap();
    link.modes.clear();
    let results = run(spec, 400);
    let election = measure(&results, "components.store/election", "mttr");
    // An hour, but where the quorum is lost meanwhile.
    assert!((0.95..=1.0).contains(&election.estimate.value), "{}", election.estimate.value);
    let rate = measure(&results, "components.store/election", "failure_rate");
    // A leader fails once in 100 h for which it is up: at least while writes are, at most always. Each time another is
    // elected, at once or when there is a quorum again; a few elections are broken off and begin anew.
    let led = 1.0 - measure(&results, "components.store/write", "unavailability").estimate.value;
    let (least, most) = (led * 8760.0 / 100.0, 8760.0 / 100.0);
    let (found, error) = (rate.estimate.value, rate.estimate.standard_error);
    assert!(least / most > 0.96 && error < 0.01 * most, "{least} {error}");
    assert!((least - 4.0 * error..=1.01 * most + 4.0 * error).contains(&found), "{found} ± {error}: {least} to {most}");
    close(measure(&results, "components.store/read", "unavailability"), fewer(3, 5), 0.02);
    let causes = &results.causes;
    assert!(causes.iter().any(|row| row.cause == "store/election" && row.journey == "journeys.put"));
    assert!(!causes.iter().any(|row| row.cause == "store/election" && row.journey == "journeys.get"));
}

/// The exact engine answers for reads and refuses writes that wait for a leader, by name.
#[test]
fn elections_are_refused_by_name() {
    let layout = Layout { election: Some(raft(1.0, 1.0)), ..majority(&[3, 2], 0) };
    let system = System::build(spec(&layout)).unwrap();
    let solutions = exact::solve(&system);
    assert!(solutions.get("journeys.put", "unavailability", None).is_none());
    let down = solutions.get("journeys.get", "unavailability", None).unwrap().0;
    assert!((down / by_enumeration(&layout, None) - 1.0).abs() < 1e-12);
}

/// Both paths leave the same marks.
#[test]
fn by_events_or_by_timeline_it_is_the_same() {
    let layout = Layout { election: Some(raft(1.0, 1.0)), ..majority(&[2, 2], 1) };
    let of = |system: &System| {
        let plan = Plan { stopping: Stopping::Fixed(20), ..Plan::default() };
        let results = assess(system, &plan, &Unwatched).unwrap();
        results.measures.iter().map(|m| (m.entity.clone(), m.measure, m.estimate.value.to_bits())).collect::<Vec<_>>()
    };
    let system = System::build(spec(&layout)).unwrap();
    assert_eq!(of(&system), of(&system.clone().by_events()));
}

/// What cannot be meant is refused.
#[test]
fn wrong_quorums_are_refused() {
    let refused = |change: &dyn Fn(&mut SystemSpec)| {
        let mut spec = spec(&Layout { election: Some(raft(1.0, 1.0)), ..majority(&[2, 2], 1) });
        change(&mut spec);
        System::build(spec).unwrap_err().to_string()
    };
    type Change<'a> = &'a dyn Fn(&mut SystemSpec);
    let cases: [(Change<'_>, &str); 7] = [
        (&|spec| spec.quorums.partitions[0].between.truncate(1), "sides of the partition"),
        (&|spec| spec.quorums.partitions[0].between[1] = "side-1".into(), "is declared twice"),
        (&|spec| spec.quorums.partitions[0].between[1] = "nowhere".into(), "`nowhere` is not declared"),
        (&|spec| spec.quorums.partitions[0].minority = Minority::Write, "an election and a minority that writes"),
        (&|spec| spec.quorums.elections[0].one_way = Hours::new(1.0), "elections never end"),
        (&|spec| spec.components[0].redundancy = Redundancy::None, "redundancy other than a quorum"),
        (&|spec| spec.quorums.views[0].domain = "side-2".into(), "seen from a side that is not the first"),
    ];
    for (change, expected) in cases {
        let message = refused(change);
        assert!(message.contains(expected), "{message}");
    }
}
