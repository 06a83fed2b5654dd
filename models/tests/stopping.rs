//! Stopping rules: each ends a run where it says, and the verdict of a decision is that of its test.
#![allow(clippy::unwrap_used)]

use std::sync::Mutex;

use ninefold_models::assess::{AssessError, Outlook, Unwatched, Watch, assess};
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Goal, HalfWidth, Plan, Stopping};
use ninefold_models::results::{Judged, Results, SteeringRule, Stopped, Verdict};
use ninefold_models::system::*;
use ninefold_models::units::Hours;

/// One unit that is down for 10/110 of the time in the long run, and the agreement that it is up for `target` of it.
fn system(target: f64) -> System {
    let exponential = |hours: f64| Law::exponential(Hours::new(hours)).unwrap();
    let crash = ModeSpec {
        name: "crash".into(),
        time_to_failure: exponential(100.0),
        repair: Repair::Takes(exponential(10.0)),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    };
    let unit = ComponentSpec {
        name: "unit".into(),
        units: vec![UnitSpec { name: "unit/1".into(), domain: None }],
        redundancy: Redundancy::None,
        per: None,
        modes: vec![crash],
        capacity_per_unit: None,
    };
    let path = Path::Component { name: "unit".into(), side: Side::Both };
    let mut spec = SystemSpec {
        name: "one".into(),
        components: vec![unit],
        journeys: vec![JourneySpec { name: "use".into(), path, demand: None, rule: UpRule::default() }],
        ..SystemSpec::default()
    };
    let (start, end) = (Hours::new(200.0), Hours::new(1200.0));
    (spec.time.warmup, spec.time.horizon) = (start, end);
    spec.agreements = vec![AgreementSpec {
        name: "slo".into(),
        journey: "use".into(),
        indicator: Indicator::GoodMinutes,
        target: Target::AtLeast(target),
        window_kind: "horizon".into(),
        windows: vec![Window { label: "all".into(), start, end }],
    }];
    System::build(spec).unwrap()
}

fn plan(max: u64, goal: Goal) -> Plan {
    Plan { seed: 5, stopping: Stopping::Until { min: 200, max, goal }, ..Plan::default() }
}

fn decision() -> Goal {
    Goal::Decision { agreement: Some("slo".into()), confidence: 0.99 }
}

fn run(target: f64, plan: &Plan) -> Results {
    assess(&system(target), plan, &Unwatched).unwrap()
}

#[test]
fn a_decision_gives_the_verdict_of_its_test() {
    // 100/110 = 90.9 % are up in truth.
    for (target, verdict) in [(0.80, Verdict::Met), (0.95, Verdict::NotMet)] {
        let results = run(target, &plan(100_000, decision()));
        let slo = &results.requirements[0];
        assert_eq!((results.outcome.stopped, slo.verdict), (Stopped::Decision, verdict));
        assert_eq!((slo.judged, slo.confidence, slo.favours), (Judged::SequentialTest, 0.99, verdict));
        let reached = results.outcome.reached.unwrap();
        assert!(reached.rule == SteeringRule::Decision && reached.reached <= 0.01 + 1e-12, "{reached:?}");
        assert_eq!(reached.reached, slo.doubt);
        // The same number given: the same evidence, and the verdict of the interval.
        let stopping = Stopping::Fixed(results.outcome.replications);
        let again = run(target, &Plan { seed: 5, stopping, ..Plan::default() });
        let other = &again.requirements[0];
        assert_eq!((other.doubt, other.favours, other.by_interval), (slo.doubt, slo.favours, slo.by_interval));
        assert_eq!((other.judged, other.verdict), (Judged::Interval, other.by_interval));
    }
}

#[test]
fn a_spent_budget_leaves_it_undecided() {
    // So near the truth that the interval may say anything; the test has not decided.
    let results = run(0.905, &plan(256, decision()));
    let slo = &results.requirements[0];
    assert_eq!((results.outcome.stopped, slo.verdict), (Stopped::Budget, Verdict::Undecided));
    assert!(slo.doubt > 0.01);
}

#[test]
fn an_absolute_half_width_is_in_the_unit_of_its_measure() {
    let asked = HalfWidth::MinutesPerYear(2000.0);
    let goal = Goal::AbsoluteHalfWidth { measure: None, at_most: asked };
    let results = run(0.9, &plan(100_000, goal));
    assert_eq!(results.outcome.stopped, Stopped::Precision);
    assert_eq!(results.outcome.steering.as_deref(), Some("journeys.*.downtime"));
    let downtime = results.measures.iter().find(|m| m.entity == "journeys.use" && m.measure == "downtime").unwrap();
    assert!((downtime.estimate.hi - downtime.estimate.lo) / 2.0 <= 2000.0);
    // As a share of the year: the same width, the same stop.
    let ratio = Goal::AbsoluteHalfWidth { measure: None, at_most: HalfWidth::Ratio(2000.0 / 525_600.0) };
    assert_eq!(run(0.9, &plan(100_000, ratio)).outcome.replications, results.outcome.replications);
}

#[test]
fn what_cannot_be_steered_by_is_refused() {
    let refused = |goal| assess(&system(0.9), &plan(1000, goal), &Unwatched).unwrap_err();
    let decide = |agreement: &str, confidence| Goal::Decision { agreement: Some(agreement.into()), confidence };
    assert!(matches!(refused(decide("sla", 0.99)), AssessError::UnknownAgreement { .. }));
    for confidence in [0.0, 1.0, -0.5, f64::NAN] {
        assert!(matches!(refused(decide("slo", confidence)), AssessError::OutOfRange { .. }), "{confidence}");
    }
    let absolute =
        |measure: Option<&str>, at_most| Goal::AbsoluteHalfWidth { measure: measure.map(Into::into), at_most };
    for width in [0.0, -1.0, f64::NAN] {
        let refusal = refused(absolute(None, HalfWidth::Ratio(width)));
        assert!(matches!(refusal, AssessError::OutOfRange { .. }), "{width}");
    }
    let other_unit = absolute(Some("journeys.use.unavailability"), HalfWidth::PerYear(1.0));
    assert_eq!(
        refused(other_unit).to_string(),
        "`journeys.use.unavailability` takes a ratio as a half-width, like `0.00001` or `0.001 %`; \
         asked for is a number a year, which goes with `failure_rate`"
    );
    assert_eq!(
        refused(absolute(None, HalfWidth::Hours(1.0))).to_string(),
        "nothing in this run is measured by a duration, which goes with `mttf`: write `0.00001` or `0.001 %` for \
         `unavailability`, `5min/year` for `downtime`, `0.1/year` for `failure_rate`"
    );
    let mut spec = system(0.9).spec;
    spec.time.until_first_failure = true;
    let to_first_failure = System::build(spec).unwrap();
    let goal = absolute(None, HalfWidth::MinutesPerYear(1.0));
    assert_eq!(
        assess(&to_first_failure, &plan(1000, goal), &Unwatched).unwrap_err().to_string(),
        "nothing in this run is measured by time a year, which goes with `downtime`: write `100h` for `mttf`"
    );
}

/// Wants every outlook.
#[derive(Default)]
struct Looking(Mutex<Vec<Outlook>>);

impl Watch for Looking {
    fn wants_outlook(&self) -> bool {
        true
    }
    fn outlook(&self, outlook: &Outlook) {
        self.0.lock().unwrap().push(outlook.clone());
    }
}

#[test]
fn outlooks_come_early_and_end_in_the_answer() {
    let looking = Looking::default();
    let system = system(0.8);
    let results = assess(&system, &plan(100_000, decision()), &looking).unwrap();
    let seen = looking.0.into_inner().unwrap();
    assert_eq!((seen[0].replications, seen[0].least), (2, 256));
    assert!(seen.is_sorted_by(|a, b| a.replications <= b.replications));
    let last = seen.last().unwrap();
    assert_eq!(last.replications, results.outcome.replications);
    assert_eq!(last.requirements, results.requirements);
    let measured = results.measures.iter().find(|m| m.entity == "journeys.use" && m.measure == "unavailability");
    assert_eq!(last.measures[0].estimate, measured.unwrap().estimate);
    // Whoever looks changes nothing.
    let unwatched = assess(&system, &plan(100_000, decision()), &Unwatched).unwrap();
    assert_eq!(unwatched.measures, results.measures);
}
