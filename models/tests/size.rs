//! Sizing by an agreement, against closed forms.
#![allow(clippy::unwrap_used)]

use ninefold_models::assess::{AssessError, Unwatched, assess};
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Goal, Plan, Stopping};
use ninefold_models::results::Verdict;
use ninefold_models::size::{Ladder, Question, Sizing, size};
use ninefold_models::system::*;
use ninefold_models::units::Hours;

/// `n` units, any of which is enough; each is down for 1/11 of the time, so all of them are for 11⁻ⁿ.
fn parallel(n: f64) -> Result<System, AssessError> {
    let exponential = |hours: f64| Law::exponential(Hours::new(hours)).unwrap();
    let crash = ModeSpec {
        name: "crash".into(),
        time_to_failure: exponential(100.0),
        repair: Repair::Takes(exponential(10.0)),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    };
    let pool = ComponentSpec {
        name: "pool".into(),
        units: (1..=n as u32).map(|i| UnitSpec { name: format!("pool/{i}"), domain: None }).collect(),
        redundancy: Redundancy::None,
        per: None,
        modes: vec![crash],
        capacity_per_unit: None,
    };
    let path = Path::Component { name: "pool".into(), side: Side::Both };
    let mut spec = SystemSpec {
        name: "pool".into(),
        components: vec![pool],
        journeys: vec![JourneySpec { name: "use".into(), path, demand: None, rule: UpRule::default() }],
        ..SystemSpec::default()
    };
    let (start, end) = (Hours::new(200.0), Hours::new(1200.0));
    (spec.time.warmup, spec.time.horizon) = (start, end);
    spec.agreements = vec![AgreementSpec {
        name: "slo".into(),
        journey: "use".into(),
        indicator: Indicator::GoodMinutes,
        target: Target::AtLeast(0.995),
        window_kind: "horizon".into(),
        windows: vec![Window { label: "all".into(), start, end }],
    }];
    Ok(System::build(spec).unwrap())
}

fn sized(to: f64, missed_at_most: Option<f64>) -> Result<Sizing, AssessError> {
    let ladder = Ladder::new((1.0, to), 1.0).unwrap();
    let question = Question { agreement: "slo", missed_at_most, confidence: 0.99, ladder };
    let stopping = Stopping::Until { min: 200, max: 40_000, goal: Goal::default() };
    size(question, &Plan { seed: 5, stopping, ..Plan::default() }, &Unwatched, parallel)
}

#[test]
fn the_least_number_of_parallel_units_is_that_of_the_formula() {
    // 11⁻² = 0.83 % is above the 0.5 % agreed, 11⁻³ = 0.075 % below.
    let sizing = sized(12.0, None).unwrap();
    assert_eq!((sizing.least, sizing.analytic), (Some(3.0), Some(3.0)));
    let values: Vec<(f64, Verdict)> = sizing.looks.iter().map(|look| (look.value, look.verdict)).collect();
    assert_eq!(values, [(2.0, Verdict::NotMet), (3.0, Verdict::Met)]);
    assert!(sizing.looks.iter().all(|look| look.doubt <= sizing.doubt_each));
    let one_less = sizing.one_less().unwrap();
    assert!((one_less.exact.unwrap() - 1.0 / 121.0).abs() < 1e-12, "{one_less:?}");
    let shortfall = &one_less.requirement.shortfall;
    assert!((shortfall.value - 1.0 / 121.0).abs() <= 4.0 * shortfall.standard_error, "{shortfall:?}");
    assert!(shortfall.standard_error < 1e-3);
}

#[test]
fn out_of_reach_is_said_and_so_is_an_agreement_that_is_not_there() {
    let sizing = sized(2.0, None).unwrap();
    assert_eq!((sizing.least, sizing.analytic, sizing.one_less()), (None, None, None));
    assert_eq!(sizing.look(2.0).unwrap().verdict, Verdict::NotMet);
    let question = Question {
        agreement: "sla",
        missed_at_most: None,
        confidence: 0.99,
        ladder: Ladder::new((1.0, 2.0), 1.0).unwrap(),
    };
    let refused = size(question, &Plan::default(), &Unwatched, parallel);
    assert!(matches!(refused, Err(AssessError::UnknownAgreement { .. })), "{refused:?}");
}

#[test]
fn windows_missed_are_a_share_of_their_own() {
    // Of the mean three are enough; a window of 1,000 h is missed with more than 5 h down.
    let sizing = sized(12.0, Some(0.02)).unwrap();
    let least = sizing.least.unwrap();
    let missed = |n: f64| {
        let stopping = Stopping::Fixed(20_000);
        let results =
            assess(&parallel(n).unwrap(), &Plan { seed: 77, stopping, ..Plan::default() }, &Unwatched).unwrap();
        results.requirements[0].breach_probability
    };
    let (at, below) = (missed(least), missed(least - 1.0));
    assert!(at.hi < 0.02 && below.lo > 0.02, "{least} {at:?} {below:?}");
    let refused = sized(3.0, Some(1.0));
    assert!(matches!(refused, Err(AssessError::OutOfRange { .. })), "{refused:?}");
}
