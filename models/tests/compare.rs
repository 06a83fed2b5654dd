//! Comparisons against closed forms, and what common random numbers are worth.
#![allow(clippy::unwrap_used)]

use ninefold_models::assess::{AssessError, Unwatched};
use ninefold_models::compare::{ComparedRow, Comparison, Less, OTHERS_MAX, compare, compare_all};
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Goal, Plan, Stopping};
use ninefold_models::results::Estimated;
use ninefold_models::system::*;
use ninefold_models::units::Hours;

/// A unit that lives 1,000 h and is repaired in `repair_h`, both exponential, and a journey through it.
fn unit(repair_h: f64, name: &str) -> SystemSpec {
    let exponential = |hours| Law::exponential(Hours::new(hours)).unwrap();
    let mode = ModeSpec {
        name: "crash".into(),
        time_to_failure: exponential(1000.0),
        repair: Repair::Takes(exponential(repair_h)),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    };
    let component = ComponentSpec {
        name: "a".into(),
        units: vec![UnitSpec { name: "a/1".into(), domain: None }],
        redundancy: Redundancy::None,
        per: None,
        modes: vec![mode],
        capacity_per_unit: None,
    };
    let path = Path::Component { name: "a".into(), side: Side::Both };
    let mut spec = SystemSpec {
        name: "unit".into(),
        components: vec![component],
        journeys: vec![JourneySpec { name: name.into(), path, demand: None, rule: UpRule::default() }],
        ..SystemSpec::default()
    };
    spec.time.horizon = Hours::new(8760.0);
    spec.time.warmup = Hours::new(200.0);
    spec
}

fn compared(a: SystemSpec, b: SystemSpec, stopping: Stopping) -> Result<Comparison, AssessError> {
    let (a, b) = (System::build(a).unwrap(), System::build(b).unwrap());
    compare(&a, &b, &Plan { stopping, ..Plan::default() }, &Unwatched)
}

fn row<'a>(comparison: &'a Comparison, measure: &str, quantile: Option<f64>) -> &'a ComparedRow {
    let named = |row: &&ComparedRow| row.measure == measure && row.quantile == quantile;
    comparison.rows.iter().find(|row| row.entity == "journeys.use" && named(row)).unwrap()
}

/// Within four standard errors, and those below `cap` of the value.
fn close(estimate: &Estimated, value: f64, cap: f64) {
    let (found, error) = (estimate.value, estimate.standard_error);
    assert!((found - value).abs() <= 4.0 * error, "{found} ± {error}, expected {value}");
    assert!(error <= cap * value.abs(), "standard error {error} above {cap} of {value}");
}

const DECIDED: Stopping =
    Stopping::Until { min: 200, max: 20_000, goal: Goal::Decision { agreement: None, confidence: 0.99 } };

#[test]
fn differences_meet_closed_forms_and_are_known_better_than_by_independent_runs() {
    let comparison = compared(unit(10.0, "use"), unit(5.0, "use"), Stopping::Fixed(4000)).unwrap();
    let unavailability = row(&comparison, "unavailability", None);
    close(&unavailability.a, 10.0 / 1010.0, 0.02);
    close(&unavailability.delta, 5.0 / 1005.0 - 10.0 / 1010.0, 0.02);
    close(&row(&comparison, "failure_rate", None).delta, 8760.0 / 1005.0 - 8760.0 / 1010.0, 0.2);
    close(&row(&comparison, "recovery_time", None).delta, -5.0, 0.02);
    // A quantile of an exponential law is its mean × ln 20.
    close(&row(&comparison, "recovery_time", Some(0.95)).delta, -5.0 * 20f64.ln(), 0.03);
    for row in comparison.rows.iter().filter(|row| row.measure != "failure_rate") {
        let independent = row.a.standard_error.powi(2) + row.b.standard_error.powi(2);
        assert!(row.delta.standard_error.powi(2) < 0.5 * independent, "{row:?}");
    }
    let rate = row(&comparison, "failure_rate", None);
    assert!(rate.delta.standard_error.powi(2) < 0.1 * rate.a.standard_error.powi(2));
    let (less, more) = (unavailability.b_less.unwrap(), unavailability.b_more.unwrap());
    assert!(less.value > 0.95 && more.value < 0.05 && less.value + more.value <= 1.0);
    assert!(unavailability.p_b_better > 0.999);
}

#[test]
fn what_is_the_same_differs_by_exactly_nothing() {
    let comparison = compared(unit(10.0, "use"), unit(10.0, "use"), DECIDED).unwrap();
    for row in &comparison.rows {
        let Estimated { value, standard_error, lo, hi } = row.delta;
        assert_eq!((value, standard_error, lo, hi), (0.0, 0.0, 0.0, 0.0), "{row:?}");
        assert_eq!(row.p_b_better, 0.5);
        assert!(row.b_less.is_none_or(|share| share.value == 0.0));
    }
    let verdict = &comparison.verdicts[0];
    assert_eq!((verdict.less, verdict.doubt, comparison.replications), (Less::Neither, 0.0, 256));
}

#[test]
fn a_comparison_stops_when_it_is_clear_who_has_less() {
    let (ten, nine) = (|| unit(10.0, "use"), || unit(9.9, "use"));
    for (a, b, less) in [(ten(), nine(), Less::B), (nine(), ten(), Less::A)] {
        let comparison = compared(a, b, DECIDED).unwrap();
        let verdict = &comparison.verdicts[0];
        assert!(verdict.less == less && verdict.doubt <= 0.01 && comparison.replications < 20_000, "{verdict:?}");
    }
    // Less than 30 replications differ.
    let few = Stopping::Until { min: 20, max: 20, goal: Goal::Decision { agreement: None, confidence: 0.99 } };
    let comparison = compared(unit(10.0, "use"), unit(5.0, "use"), few).unwrap();
    assert_eq!((comparison.verdicts[0].less, comparison.verdicts[0].doubt), (Less::Undecided, 1.0));
}

#[test]
fn what_only_one_has_is_left_out_and_said() {
    let comparison = compared(unit(10.0, "use"), unit(5.0, "other"), Stopping::Fixed(64)).unwrap();
    assert_eq!(comparison.alone, [vec!["journeys.use".to_owned()], vec!["journeys.other".to_owned()]]);
    assert!(comparison.rows.iter().all(|row| row.entity == "components.a"));
    let mut longer = unit(5.0, "use");
    longer.time.horizon = Hours::new(9000.0);
    assert!(matches!(compared(unit(10.0, "use"), longer, DECIDED), Err(AssessError::OutOfRange { .. })));
}

/// A lag twice as long loses twice as much, under the same numbers: the difference has hardly any error.
#[test]
fn recovery_points_are_compared() {
    let law = |hours| Law::exponential(Hours::new(hours)).unwrap();
    let of = |lag_h: f64| {
        let mut spec = unit(0.01, "use");
        let standby = Standby {
            mode: StandbyMode::Hot,
            active: 1,
            need: 1,
            switch_takes: Law::constant(Hours::ZERO).unwrap(),
            switch_success: 1.0,
            manual_switch: None,
            repair_starts: RepairStarts::AtOnce,
        };
        spec.components[0].redundancy = Redundancy::Standby(standby);
        spec.components[0].units.push(UnitSpec { name: "a/2".into(), domain: None });
        spec.replications = vec![ReplicationSpec { component: "a".into(), lag: Some(law(lag_h)), resync: None }];
        spec
    };
    let comparison = compared(of(0.001), of(0.002), Stopping::Fixed(2_000)).unwrap();
    let rows = comparison.rows.iter().filter(|row| row.measure == "recovery_point");
    let rows: Vec<&ComparedRow> = rows.collect();
    assert_eq!(
        rows.iter().map(|row| (row.entity.as_str(), &*row.unit, row.quantile)).collect::<Vec<_>>(),
        [("components.a", "s", None), ("components.a", "s", Some(0.95)),]
    );
    close(&rows[0].a, 3.6, 0.02);
    close(&rows[0].b, 7.2, 0.02);
    close(&rows[0].delta, 3.6, 0.02);
    assert!(rows[0].p_b_better < 1e-6);
}

/// Options beside one baseline are simulated together, and each comparison is the one of two systems to the last bit, as
/// long as both stop together.
#[test]
fn several_beside_one_baseline_are_what_each_is_alone() {
    let systems = [10.0, 5.0, 20.0].map(|repair_h| System::build(unit(repair_h, "use")).unwrap());
    let plan = Plan { stopping: Stopping::Fixed(300), ..Plan::default() };
    let together = compare_all(&systems[0], &[&systems[1], &systems[2]], &plan, &Unwatched).unwrap();
    for (other, comparison) in systems[1..].iter().zip(&together) {
        // Debug text, as an error that cannot be had is NaN.
        let alone = compare(&systems[0], other, &plan, &Unwatched).unwrap();
        assert_eq!(format!("{alone:?}"), format!("{comparison:?}"));
    }
    // It goes on until the last of them is decided: twice the repair is told sooner than a little more by another law.
    let mut near = unit(10.0, "use");
    near.components[0].modes[0].repair = Repair::Takes(Law::constant(Hours::new(10.1)).unwrap());
    let near = System::build(near).unwrap();
    let plan = Plan { stopping: DECIDED, ..Plan::default() };
    let alone = |other| compare(&systems[0], other, &plan, &Unwatched).unwrap().replications;
    let both = compare_all(&systems[0], &[&systems[2], &near], &plan, &Unwatched).unwrap();
    assert!(alone(&systems[2]) < alone(&near), "{} {}", alone(&systems[2]), alone(&near));
    assert_eq!(both.iter().map(|one| one.replications).collect::<Vec<_>>(), [alone(&near); 2]);
    let none = compare_all(&systems[0], &[], &plan, &Unwatched).unwrap_err().to_string();
    let many = compare_all(&systems[0], &[&near; OTHERS_MAX + 1], &plan, &Unwatched).unwrap_err().to_string();
    assert!(none.contains("allowed is 1 to 64") && many.contains("allowed is 1 to 64"), "{none} {many}");
}
