//! A run that is interrupted and taken up again, or spread over shards, ends as if it had been one.
#![allow(clippy::unwrap_used)]

use std::sync::Mutex;

use ninefold_models::assess::{AssessError, Unwatched, Watch, assess, resume, shard};
use ninefold_models::lifetime::Law;
use ninefold_models::metric::{Metric, per_replication::next_row};
use ninefold_models::plan::{Plan, Stopping, Use, Variance};
use ninefold_models::results::Stopped;
use ninefold_models::snapshot::{Identity, Kept, Kind, Prefix, SnapshotError, decode, encode, open, seal};
use ninefold_models::system::*;
use ninefold_models::units::Hours;
use proptest::prelude::*;

/// Two components in series, one a pair, one a standby pair, with an agreement and reporting windows.
fn system() -> System {
    let exponential = |hours: f64| Law::exponential(Hours::new(hours)).unwrap();
    let component = |name: &str, redundancy: Redundancy| ComponentSpec {
        name: name.into(),
        units: (1..=2).map(|i| UnitSpec { name: format!("{name}/{i}"), domain: None }).collect(),
        redundancy,
        per: None,
        modes: vec![ModeSpec {
            name: "crash".into(),
            time_to_failure: exponential(100.0),
            repair: Repair::Takes(Law::lognormal_mean_sigma(Hours::new(5.0), 1.0).unwrap()),
            effect: Effect::Down,
            clock: Clock::Operating,
            propagates: Vec::new(),
        }],
        capacity_per_unit: None,
    };
    let leaf = |name: &str| Path::Component { name: name.into(), side: Side::Both };
    let mut spec = SystemSpec {
        name: "kept".into(),
        components: vec![component("web", Redundancy::None), component("db", Redundancy::KOfN { need: 1 })],
        journeys: vec![JourneySpec {
            name: "visit".into(),
            path: Path::All(vec![leaf("web"), leaf("db")]),
            demand: None,
            rule: UpRule::default(),
        }],
        ..SystemSpec::default()
    };
    let window = Window { label: "all".into(), start: Hours::ZERO, end: Hours::new(400.0) };
    spec.time.horizon = Hours::new(400.0);
    spec.time.report_at = vec![Hours::new(100.0)];
    spec.agreements = vec![AgreementSpec {
        name: "slo".into(),
        journey: "visit".into(),
        indicator: Indicator::GoodMinutes,
        target: Target::AtLeast(0.99),
        window_kind: "horizon".into(),
        windows: vec![window],
    }];
    System::build(spec).unwrap()
}

fn precise() -> Plan {
    let mut plan = Plan { seed: 11, ..Plan::default() };
    if let Stopping::Until { min, max, .. } = &mut plan.stopping {
        (*min, *max) = (400, 1000);
    }
    plan
}

fn fixed(replications: u64) -> Plan {
    Plan { seed: 11, stopping: Stopping::Fixed(replications), ..Plan::default() }
}

/// The plan with pairs or strata as well, and a control variate if it pays.
fn reduced(plan: Plan, stratified: Use) -> Plan {
    let antithetic = if stratified == Use::On { Use::Off } else { Use::Auto };
    Plan { variance: Variance { antithetic, control: Use::Auto, stratified }, ..plan }
}

fn identity(system: &System, plan: &Plan) -> Identity {
    Identity::new(system, plan, [7; 32])
}

/// Everything a run hands over, as text: NaN equals NaN there.
fn shown(results: impl std::fmt::Debug) -> String {
    format!("{results:?}")
}

/// Puts away every chunk and stops after so many.
struct Putting<'a> {
    identity: &'a Identity,
    left: Mutex<u64>,
    put: Mutex<(Option<Vec<u8>>, Vec<u8>)>,
}

impl<'a> Putting<'a> {
    fn new(identity: &'a Identity, chunks: u64) -> Self {
        Self { identity, left: Mutex::new(chunks), put: Mutex::default() }
    }
}

impl Watch for Putting<'_> {
    fn should_stop(&self) -> Option<Stopped> {
        (*self.left.lock().unwrap() == 0).then_some(Stopped::Interrupted)
    }
    fn kept(&self, prefix: &Prefix<'_>, rows: &[u8]) {
        let mut left = self.left.lock().unwrap();
        *left = left.saturating_sub(1);
        let mut put = self.put.lock().unwrap();
        put.0 = Some(encode(self.identity, *prefix, b"beside"));
        put.1.extend_from_slice(rows);
    }
    fn wants_rows(&self) -> bool {
        true
    }
}

fn on<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

#[test]
fn interrupted_after_any_chunk_it_ends_the_same() {
    let system = system();
    for plan in [precise(), fixed(600), reduced(precise(), Use::Off), reduced(fixed(640), Use::On)] {
        let identity = identity(&system, &plan);
        let whole = Putting::new(&identity, u64::MAX);
        let uninterrupted = shown(assess(&system, &plan, &whole).unwrap());
        for chunks in [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 1000] {
            let mut kept = Kept::nothing(&system, 0);
            let mut rows = Vec::new();
            let mut done = 0;
            let results = loop {
                let watch = Putting::new(&identity, chunks);
                let threads = 1 + (chunks as usize + done) % 3;
                let results = on(threads, || resume(&system, &plan, kept, &watch));
                let put = watch.put.into_inner().unwrap();
                rows.extend(put.1);
                match results {
                    Ok(results) if results.outcome.stopped != Stopped::Interrupted => break results,
                    Ok(_) | Err(AssessError::TooEarly(_)) => {}
                    Err(error) => panic!("{error}"),
                }
                // A run that stops before its first chunk has put nothing away: it would go on from what it had.
                let (decoded, beside) = decode(&put.0.unwrap(), &system, &identity).unwrap();
                assert_eq!(beside, b"beside");
                let end = decoded.end();
                assert!(end % 64 == 0 || [2, 4, 8, 16, 32, 600, 1000].contains(&end), "{end}");
                kept = decoded;
                done += 1;
            };
            assert_eq!(shown(&results), uninterrupted, "stopped after every {chunks} chunks, {done} times");
            assert!(rows == whole.put.lock().unwrap().1, "rows differ");
        }
    }
}

#[test]
fn an_interrupted_run_answers_with_its_last_checkpoint_even_if_it_was_taken_up_again() {
    let (system, plan) = (system(), precise());
    let identity = identity(&system, &plan);
    // The first checkpoint is at 448 replications, 12 chunks (2, 4, 8, 16, 32, 64, 128, …); the second at 576.
    let first = Putting::new(&identity, 13);
    let answer = on(1, || assess(&system, &plan, &first)).unwrap();
    assert_eq!((answer.outcome.replications, answer.outcome.stopped), (448, Stopped::Interrupted));
    let (kept, _) = decode(&first.put.into_inner().unwrap().0.unwrap(), &system, &identity).unwrap();
    assert_eq!(kept.end(), 512);
    let again = on(1, || resume(&system, &plan, kept, &Putting::new(&identity, 0))).unwrap();
    assert_eq!(shown(again), shown(answer));
}

/// Puts away nothing until it has stopped the run, after three chunks: 2, 2 and 4 replications.
#[derive(Default)]
struct Last(Mutex<(u64, Option<u64>)>);

impl Watch for Last {
    fn should_stop(&self) -> Option<Stopped> {
        (self.0.lock().unwrap().0 >= 3).then_some(Stopped::Interrupted)
    }
    fn kept(&self, prefix: &Prefix<'_>, _: &[u8]) {
        let stopped = self.should_stop().is_some();
        let mut state = self.0.lock().unwrap();
        state.0 += 1;
        state.1 = stopped.then_some(prefix.end());
    }
}

#[test]
fn a_run_that_is_stopped_says_what_it_has_once_more() {
    let (system, watch) = (system(), Last::default());
    // Before the first checkpoint, at 448, all that was counted is shown.
    let answer = on(1, || assess(&system, &precise(), &watch)).unwrap();
    assert_eq!((answer.outcome.replications, answer.outcome.stopped), (8, Stopped::Interrupted));
    assert_eq!(watch.0.into_inner().unwrap(), (4, Some(8)));
}

#[test]
fn shards_merge_to_the_single_run_in_any_order() {
    let both = Variance { antithetic: Use::On, control: Use::On, stratified: Use::Off };
    let reduced = Plan { variance: both, ..fixed(1000) };
    shards_merge(&fixed(1000));
    shards_merge(&reduced);
    let controlled = assess(&coupled(), &reduced, &Unwatched).unwrap();
    assert!(controlled.variance.iter().any(|row| row.method == "control" && row.used), "{:?}", controlled.variance);
}

/// The system with a database that stands by and switches, all of exponential laws.
fn coupled() -> System {
    let mut spec = system().spec;
    let exponential = Law::exponential(Hours::new(5.0)).unwrap();
    for component in &mut spec.components {
        component.modes[0].repair = Repair::Takes(exponential.clone());
    }
    spec.components[1].redundancy = Redundancy::Standby(Standby {
        mode: StandbyMode::Hot,
        active: 1,
        need: 1,
        switch_takes: Law::constant(Hours::new(0.1)).unwrap(),
        switch_success: 0.9,
        manual_switch: None,
        repair_starts: ninefold_models::system::RepairStarts::AtOnce,
    });
    System::build(spec).unwrap()
}

fn shards_merge(plan: &Plan) {
    let system = if plan.variance == Variance::default() { system() } else { coupled() };
    let single = shown(assess(&system, plan, &Unwatched).unwrap());
    for shards in [1u64, 2, 7, 30] {
        let cut = |i: u64| (16 * i / shards * 64).min(1000);
        let mut parts: Vec<Kept> = (0..shards)
            .map(|i| {
                let mut kept = Kept::nothing(&system, cut(i));
                assert!(on(1 + i as usize % 3, || shard(&system, plan, (&mut kept, cut(i + 1)), &Unwatched)).unwrap());
                kept
            })
            .collect();
        // Every third first, then backwards.
        parts.sort_by_key(|kept| (kept.first / 64 % 3, u64::MAX - kept.first));
        let mut merged = Kept::nothing(&system, 0);
        parts.into_iter().for_each(|part| merged.decided.merge(part.into_tallies()));
        assert_eq!(shown(resume(&system, plan, merged, &Unwatched).unwrap()), single, "{shards} shards");
    }
}

#[test]
fn a_shard_that_is_stopped_goes_on_where_it_was() {
    let (system, plan) = (system(), fixed(1000));
    let identity = identity(&system, &plan);
    let mut whole = Kept::nothing(&system, 128);
    assert!(shard(&system, &plan, (&mut whole, 700), &Unwatched).unwrap());
    let watch = Putting::new(&identity, 3);
    assert!(!on(1, || shard(&system, &plan, (&mut Kept::nothing(&system, 128), 700), &watch)).unwrap());
    let (mut kept, _) = decode(&watch.put.into_inner().unwrap().0.unwrap(), &system, &identity).unwrap();
    assert_eq!((kept.first, kept.end()), (128, 320));
    assert!(shard(&system, &plan, (&mut kept, 700), &Unwatched).unwrap());
    assert_eq!(encode(&identity, kept.prefix(), b""), encode(&identity, whole.prefix(), b""));
}

#[test]
fn the_snapshot_of_another_run_is_refused_by_what_differs() {
    let (system, plan) = (system(), precise());
    let mine = identity(&system, &plan);
    let of = |other: Identity| {
        let bytes = encode(&other, Kept::nothing(&system, 0).prefix(), b"");
        decode(&bytes, &system, &mine).map(|_| ()).unwrap_err()
    };
    let seeded = Identity { plan: Plan { seed: 12, ..plan.clone() }, ..mine.clone() };
    assert_eq!(of(seeded), SnapshotError::Seed { found: 12, expected: 11 });
    assert_eq!(of(Identity { scenario: [8; 32], ..mine.clone() }), SnapshotError::Scenario);
    assert_eq!(of(Identity { plan: fixed(9), ..mine.clone() }), SnapshotError::Plan);
    assert!(matches!(of(Identity { engine: "9.9.9".into(), ..mine.clone() }), SnapshotError::Engine { .. }));
    assert!(matches!(of(Identity { layout: [0; 32], ..mine.clone() }), SnapshotError::Undecodable(_)));
}

#[test]
fn rows_add_up_to_the_tallies() {
    let (system, plan) = (system(), fixed(300));
    let identity = identity(&system, &plan);
    let watch = Putting::new(&identity, u64::MAX);
    let results = on(2, || assess(&system, &plan, &watch)).unwrap();
    let bytes = watch.put.into_inner().unwrap().1;
    let mut bytes = bytes.into_iter();
    let rows: Vec<_> = std::iter::from_fn(|| next_row(&mut bytes)).collect();
    assert_eq!((rows.len(), bytes.len()), (300 * system.tracked.len(), 0));
    let find = |measure: &str| results.measures.iter().find(|m| m.measure == measure).unwrap().estimate.value;
    let of_journey = || rows.iter().step_by(system.tracked.len());
    let down: f64 = of_journey().map(|row| row.down.hours()).sum();
    let failures: u64 = of_journey().map(|row| row.failures).sum();
    assert!((down / (300.0 * 400.0) / find("unavailability") - 1.0).abs() < 1e-12);
    assert!((failures as f64 / (300.0 * 400.0 / 8760.0) / find("failure_rate") - 1.0).abs() < 1e-12);
    let failed = of_journey().filter(|row| row.first_down.is_some_and(|at| at.hours() <= 100.0)).count();
    assert!((1.0 - failed as f64 / 300.0 - find("reliability_at")).abs() < 1e-12);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// Somebody may alter a snapshot and its checksum with it: that is refused or read as other numbers, but no panic.
    #[test]
    fn an_altered_snapshot_with_a_right_checksum_does_not_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), cut in any::<prop::sample::Index>(),
    ) {
        let system = system();
        let plan = fixed(128);
        let identity = identity(&system, &plan);
        let mut kept = Kept::nothing(&system, 0);
        shard(&system, &plan, (&mut kept, 128), &Unwatched).unwrap();
        let bytes = encode(&identity, kept.prefix(), b"x");
        let mut content = open(Kind::Tallies, &bytes).unwrap().to_vec();
        for (at, byte) in changes {
            let at = at.index(content.len());
            content[at] = byte;
        }
        let _ = decode(&seal(Kind::Tallies, &content), &system, &identity);
        content.truncate(cut.index(content.len()));
        let _ = decode(&seal(Kind::Tallies, &content), &system, &identity);
    }
}
