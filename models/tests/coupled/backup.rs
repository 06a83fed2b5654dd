//! Data that come back from backups: what is lost and how long it takes, by hand and against closed forms.

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::exact::solve;
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::replication::{Restored, World};
use ninefold_models::results::{Measured, Results};
use ninefold_models::system::*;
use ninefold_models::units::Hours;
use ninefold_sim_core::tick::Tick;
use proptest::prelude::*;

use crate::replication::{constant, pair, replicated};
use crate::theorems::{group, system};

fn exponential(hours: f64) -> Law {
    Law::exponential(Hours::new(hours)).unwrap()
}

/// A failure of the data of the group.
fn wrong(name: &str, life: Law, takes: Law, found: Option<Tests>) -> ModeSpec {
    ModeSpec {
        name: name.into(),
        time_to_failure: life,
        repair: Repair::Restored(Restore { takes, found }),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    }
}

/// Backups every so many hours of a component whose data fail so.
fn backed_up(mut spec: SystemSpec, (every, corrupt): (f64, f64), modes: Vec<ModeSpec>) -> SystemSpec {
    spec.components.push(BackupSpec::data("group", modes));
    spec.backups = vec![BackupSpec { component: "group".into(), every: Hours::new(every), corrupt }];
    spec
}

/// One unit that never fails by itself, to speak of.
fn sound() -> SystemSpec {
    system(group(1, 1, (constant(1e6), Repair::Never)), 1, Order::FirstCome)
}

fn history(spec: &SystemSpec, seed: u64) -> (Vec<Restored>, Vec<[Tick; 2]>, Vec<[Tick; 2]>) {
    let system = System::build(spec.clone()).unwrap();
    let of = |entity: &str| system.tracked.iter().position(|tracked| tracked.entity() == entity).unwrap();
    let mut world = World::new(&system);
    let trace = world.run(seed, 0).unwrap();
    let down = |id: usize| trace.outages[id].iter().map(|outage| [outage.start, outage.end]).collect();
    (trace.restored.clone(), down(of("components.group/data")), down(of("journeys.use")))
}

fn results(spec: SystemSpec, replications: u64) -> Results {
    let plan = Plan { stopping: Stopping::Fixed(replications), ..Plan::default() };
    assess(&System::build(spec).unwrap(), &plan, &Unwatched).unwrap()
}

fn row<'a>(results: &'a Results, entity: &str, measure: &str, quantile: Option<f64>) -> &'a Measured {
    let is = |row: &&Measured| row.measure == measure && row.quantile == quantile && row.entity == entity;
    results.measures.iter().find(is).unwrap_or_else(|| panic!("no {measure}"))
}

fn close(measured: &Measured, expected: f64, cap: f64) {
    let (value, error) = (measured.estimate.value, measured.estimate.standard_error);
    assert!(error <= cap * expected, "{}: {value} ± {error} is too wide", measured.measure);
    assert!((value - expected).abs() <= 4.0 * error, "{}: {value} ± {error} is not {expected}", measured.measure);
}

/// Every 6 h; lives of 100 h and of 2 h, restores of 3 h: what is lost was written since the last backup, or since the data
/// were back, if that is later.
#[test]
fn what_is_lost_was_written_since_the_last_backup() {
    for (life, lost) in [(100.0, vec![4.0, 5.0]), (2.0, vec![2.0, 1.0, 0.0, 2.0, 2.0, 2.0])] {
        let mut spec = backed_up(sound(), (6.0, 0.0), vec![wrong("wrong", constant(life), constant(3.0), None)]);
        spec.time.horizon = Hours::new(if life > 50.0 { 250.0 } else { 30.0 });
        let (restored, data, journey) = history(&spec, 1);
        assert_eq!(restored.iter().map(|one| one.lost.hours()).collect::<Vec<_>>(), lost);
        assert_eq!(data, journey);
        let first = [Tick::from_hours(life), Tick::from_hours(life + 3.0)];
        assert_eq!((data.len(), data[0]), (lost.len(), first));
    }
}

/// Wrong at 10 h, found at 24 h: what was written since the backup of 6 h is lost, those of 12 and 18 h hold the fault too.
#[test]
fn backups_made_of_wrong_data_are_passed_over() {
    let tests = Tests { every: Hours::new(24.0), first_at: Hours::new(24.0), coverage: 1.0 };
    let mut spec = backed_up(sound(), (6.0, 0.0), vec![wrong("wrong", constant(10.0), constant(3.0), Some(tests))]);
    spec.time.horizon = Hours::new(40.0);
    let (restored, data, _) = history(&spec, 1);
    assert_eq!(data, [[Tick::from_hours(24.0), Tick::from_hours(27.0)]]);
    let [one] = restored[..] else { panic!("{restored:?}") };
    assert_eq!((one.lost.hours(), one.unseen.hours(), one.tries), (18.0, 14.0, 1));
}

/// Corrupt with probability c each: the number of corrupt ones is geometric, so the age is that many intervals and a uniform
/// part of one, and the outage is the sum of as many restores and one: e/2 + e c/(1 − c), r/(1 − c).
#[test]
fn ages_of_restored_backups_are_geometric_and_uniform() {
    let (every, corrupt, takes) = (6.0, 0.3, 2.0);
    let modes = vec![wrong("wrong", exponential(20_000.0), exponential(takes), None)];
    let mut spec = backed_up(sound(), (every, corrupt), modes);
    spec.time.horizon = Hours::new(876_000.0);
    let results = results(spec, 400);
    let point = |quantile| row(&results, "components.group", "recovery_point", quantile);
    let second = 3600.0;
    close(point(None), second * (every / 2.0 + every * corrupt / (1.0 - corrupt)), 0.012);
    close(row(&results, "components.group", "backups_tried", None), 1.0 / (1.0 - corrupt), 0.01);
    close(row(&results, "components.group/data", "mttr", None), takes / (1.0 - corrupt), 0.015);
    // P(age > k e + y) = c^(k+1) + c^k (1 − c) (1 − y/e).
    for p in [0.50, 0.95, 0.99] {
        let (mut above, mut k) = (1.0 - p, 0.0);
        while above < corrupt {
            (above, k) = (above / corrupt, k + 1.0);
        }
        let expected = second * every * (k + 1.0 - (above - corrupt) / (1.0 - corrupt));
        let found = &point(Some(p)).estimate;
        assert!((found.value / expected - 1.0).abs() < 0.05, "{p}: {found:?} {expected}");
        assert!(found.lo * 0.97 < expected && expected < found.hi * 1.03, "{p}: {found:?} {expected}");
    }
}

/// Looked for every 24 h, and found with probability q each time: wrong for 12 h and (1 − q)/q days in the mean; and as
/// much more is lost.
#[test]
fn what_is_found_late_loses_more() {
    let (every, found) = (6.0, 0.5);
    let tests = Tests { every: Hours::new(24.0), first_at: Hours::new(24.0), coverage: found };
    let modes = vec![wrong("wrong", exponential(5_000.0), exponential(1.0), Some(tests))];
    let mut spec = backed_up(sound(), (every, 0.0), modes);
    spec.time.horizon = Hours::new(400_000.0);
    let results = results(spec, 200);
    let late = 12.0 + 24.0 * (1.0 - found) / found;
    close(row(&results, "components.group", "corrupt_for", None), late, 0.012);
    close(row(&results, "components.group", "recovery_point", None), 3600.0 * (late + every / 2.0), 0.012);
    close(row(&results, "components.group", "backups_tried", None), 1.0, 0.01);
}

/// Two disks that tolerate one: lost whenever one fails while the other is failed, 2 λ · λμ/(λ + μ)² a unit of time.
#[test]
fn lost_data_come_back_too() {
    let (lambda, mu) = (1.0 / 200.0, 1.0 / 50.0);
    let disks = group(2, 1, (exponential(1.0 / lambda), Repair::Takes(exponential(1.0 / mu))));
    let spec = system(disks, 1, Order::FirstCome);
    let mut spec = backed_up(spec, (24.0, 0.0), vec![ModeSpec::data_loss(constant(0.001))]);
    spec.data_losses = vec![DataLossSpec { component: "group".into(), tolerates: 1, unreadable: 0.0, recovers: true }];
    (spec.time.horizon, spec.time.warmup) = (Hours::new(40_000.0), Hours::new(1000.0));
    let built = System::build(spec.clone()).unwrap();
    // Whether they are lost at all is the same question as where nothing brings them back.
    assert!(solve(&built).get("components.group", "loss_probability", None).is_some());
    let why = solve(&built).reason("components.group", "unavailability").unwrap().to_string();
    assert!(why.contains("backups are corrupt"), "{why}");
    let results = results(spec, 200);
    let expected = 8760.0 * 2.0 * lambda * lambda * mu / ((lambda + mu) * (lambda + mu));
    close(row(&results, "components.group", "restores", None), expected, 0.01);
    close(row(&results, "components.group", "recovery_point", None), 3600.0 * 12.0, 0.01);
    let causes: Vec<&str> = results.causes.iter().map(|row| row.cause.as_str()).collect();
    assert!(causes.contains(&"group/data-loss"), "{causes:?}");
}

/// Where every backup is good and failures are known at once, the data are up 1/(1 + r/m) of the time: exactly, and beside
/// the units. Where not, the exact engine says why it cannot tell.
#[test]
fn good_backups_have_an_exact_answer() {
    let (life, takes, unit) = (300.0, 20.0, 100.0);
    let of = |corrupt| {
        let one = group(1, 1, (exponential(unit), Repair::Takes(exponential(5.0))));
        let modes = vec![wrong("wrong", exponential(life), exponential(takes), None)];
        let mut spec = backed_up(system(one, 1, Order::FirstCome), (6.0, corrupt), modes);
        (spec.time.horizon, spec.time.warmup) = (Hours::new(20_000.0), Hours::new(500.0));
        spec
    };
    let system = System::build(of(0.0)).unwrap();
    let expected = 1.0 - 1.0 / (1.0 + takes / life) / (1.0 + 5.0 / unit);
    let exact = solve(&system).get("journeys.use", "unavailability", None).unwrap().0;
    assert!((exact / expected - 1.0).abs() < 1e-12, "{exact} {expected}");
    close(row(&results(of(0.0), 200), "journeys.use", "unavailability", None), expected, 0.02);
    let solutions = solve(&System::build(of(0.1)).unwrap());
    let why = solutions.reason("journeys.use", "unavailability").unwrap().to_string();
    assert!(why.contains("the data of `group`"), "{why}");
}

/// Unit 2 is out of reach from 8 to 18 h, the data come back from 10 to 14 h, unit 1 is lost for good at 16 h: what was
/// written from 14 h on is all that unit 2 lacks.
#[test]
fn what_was_restored_every_unit_has() {
    let zone = ModeSpec {
        name: "loss".into(),
        time_to_failure: constant(8.0),
        repair: Repair::Takes(constant(10.0)),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    };
    let mut spec = replicated(pair(StandbyMode::Cold, constant(16.0), constant(90.0)), None, None);
    spec.components[0].units[1].domain = Some("zone".into());
    spec.domains = vec![DomainSpec { name: "zone".into(), level: None, parent: None, modes: vec![zone] }];
    let mut spec = backed_up(spec, (6.0, 0.0), vec![wrong("wrong", constant(10.0), constant(4.0), None)]);
    spec.time.horizon = Hours::new(20.0);
    let system = System::build(spec).unwrap();
    let mut world = World::new(&system);
    let trace = world.run(1, 0).unwrap();
    assert_eq!(trace.takeovers.iter().map(|one| one.lost.hours()).collect::<Vec<_>>(), [2.0]);
    assert_eq!(trace.restored.iter().map(|one| one.lost.hours()).collect::<Vec<_>>(), [4.0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Every time the data go down a restore begins, and ends it or the replication does; no more is lost than since the last
    /// of the backups that were tried; and both ways to a replication are the same.
    #[test]
    fn no_restore_is_lost(
        every in 1.0..50.0f64, corrupt in 0.0..0.9f64, lives in (20.0..500.0f64, 20.0..500.0f64), coverage in 0.1..1.0f64,
        seed in any::<u64>()
    ) {
        let tests = Tests { every: Hours::new(30.0), first_at: Hours::new(7.0), coverage };
        let law = |mean| Law::weibull_mean(1.5, Hours::new(mean)).unwrap();
        let modes = vec![
            wrong("seen", law(lives.0), law(20.0), None),
            wrong("unseen", law(lives.1), law(20.0), Some(tests)),
        ];
        let units = group(3, 2, (law(100.0), Repair::Takes(law(10.0))));
        let mut spec = backed_up(system(units, 1, Order::FirstCome), (every, corrupt), modes);
        spec.time.horizon = Hours::new(3000.0);
        let (restored, data, _) = history(&spec, seed);
        for one in &restored {
            let reach = one.unseen.hours() + f64::from(one.tries) * every;
            prop_assert!(one.lost >= one.unseen || one.tries > 1, "{one:?}");
            prop_assert!(one.lost.hours() <= reach + 1e-9, "{one:?}");
        }
        let begun = restored.iter().map(|one| one.at);
        prop_assert!(data.iter().all(|[start, _]| begun.clone().any(|at| at == *start)));
        // Two at once are one time down.
        prop_assert!(begun.clone().all(|at| data.iter().any(|[start, end]| (*start..*end).contains(&at))));
        let system = System::build(spec.clone()).unwrap().by_events();
        let mut world = World::new(&system);
        prop_assert_eq!(&world.run(seed, 0).unwrap().restored, &restored);
    }
}

#[test]
fn what_cannot_be_restored_is_refused() {
    let good = || backed_up(sound(), (6.0, 0.0), vec![wrong("wrong", constant(9.0), constant(3.0), None)]);
    let refused = |spec: SystemSpec| System::build(spec).unwrap_err().to_string();
    let mut spec = good();
    spec.backups[0].corrupt = 1.0;
    assert!(refused(spec).contains("corrupt backup"));
    let mut spec = good();
    spec.backups[0].every = Hours::ZERO;
    assert!(refused(spec).contains("between backups"));
    let mut spec = good();
    spec.backups.clear();
    assert!(refused(spec).contains("backup of"));
    let mut spec = good();
    spec.components.pop();
    assert!(refused(spec).contains("group/data"));
    let mut spec = good();
    spec.data_losses = vec![DataLossSpec { component: "group".into(), tolerates: 0, unreadable: 0.0, recovers: true }];
    assert!(refused(spec).contains("loss of the data"));
}
