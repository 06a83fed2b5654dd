//! Autoscalers: what no sequence of metrics may make them do.
#![allow(clippy::unwrap_used)]

use ninefold_models::scaling::aws_step::{Adjust, Step, StepPolicy, StepScaling};
use ninefold_models::scaling::aws_target_tracking::{TargetPolicy, TargetTracking};
use ninefold_models::scaling::circuit_breaker::{Breaker, BreakerSpec, State};
use ninefold_models::scaling::closed_loop::{Surroundings, run};
use ninefold_models::scaling::hpa::{
    Behavior, Change, Hpa, HpaSpec, Policy, Remembered, Rules, Select, Target, Tolerance,
};
use ninefold_models::scaling::{Demand, Limit, MILLIONTHS, Pod, PodState, Reading, Scaler, Seen, Tick};
use proptest::prelude::*;

const SECOND: i64 = 1_000_000_000;

fn seconds(s: i64) -> Tick {
    Tick::new(s * SECOND)
}

fn spec(targets: Vec<Target>, behavior: Option<Behavior>) -> HpaSpec {
    HpaSpec { targets, min: 2, max: 60, tolerance: Tolerance::default(), behavior, cooldown: Default::default() }
}

fn value(value: f64) -> Reading {
    Reading::Value { value, ready: 10 }
}

fn rules() -> impl Strategy<Value = Rules> {
    let change = prop_oneof![Just(Change::Pods), Just(Change::Percent)];
    let policy = (change, 1_u32..200, 15_i64..600).prop_map(|(change, value, period)| Policy {
        change,
        value,
        period: seconds(period),
    });
    let select = prop_oneof![Just(Select::Max), Just(Select::Min), Just(Select::Disabled)];
    (prop::collection::vec(policy, 1..4), select, 0_i64..600).prop_map(|(policies, select, window)| Rules {
        policies,
        select,
        window: seconds(window),
    })
}

fn behavior() -> impl Strategy<Value = Option<Behavior>> {
    prop::option::of((rules(), rules()).prop_map(|(up, down)| Behavior { up, down }))
}

/// Two pods at a whole core each, where a fifth of one is wanted: ten.
#[test]
fn five_times_the_target_is_five_times_the_pods() {
    let pods = vec![Pod { usage: 1000.0, request: 1000.0, state: PodState::Ready }; 2];
    let mut hpa = Hpa::new(spec(vec![Target::Utilization(20)], None), Remembered::Nothing);
    let decision = hpa.look(&Seen { now: Tick::ZERO, current: 2, readings: &[Reading::Pods(pods)] });
    assert_eq!((decision.raw, decision.metric), (10, Some(100.0)));
}

#[test]
fn the_largest_advice_counts_and_a_failed_metric_only_lets_it_grow() {
    let targets = vec![Target::PerReplica(10.0), Target::PerReplica(50.0)];
    let look = |readings: [Reading; 2]| {
        let mut hpa = Hpa::new(spec(targets.clone(), None), Remembered::Nothing);
        hpa.look(&Seen { now: Tick::ZERO, current: 10, readings: &readings })
    };
    assert_eq!(look([value(120.0), value(700.0)]).raw, 14);
    assert_eq!(look([value(30.0), value(150.0)]).raw, 3);
    let failed = Reading::Failed { ready: 10 };
    assert_eq!(look([value(30.0), failed.clone()]).limit, Limit::NoMetric);
    assert_eq!(look([value(200.0), failed.clone()]).to, 20);
    assert_eq!(look([failed.clone(), failed]).limit, Limit::NoMetric);
}

/// What it finds counts as advice, so that a new controller does not cut a system down at once.
#[test]
fn a_controller_remembers_what_it_found() {
    let first = |remembered| {
        let mut hpa = Hpa::new(spec(vec![Target::PerReplica(10.0)], Some(Behavior::default())), remembered);
        (0..22)
            .map(|k| hpa.look(&Seen { now: seconds(15 * k), current: 10, readings: &[value(40.0)] }).to)
            .position(|to| to < 10)
    };
    assert_eq!(first(Remembered::Nothing), Some(0));
    // 300 s old is out: the twentieth look after the first.
    assert_eq!(first(Remembered::Start), Some(20));
}

#[test]
fn floating_point_is_the_controllers() {
    let up = Rules {
        policies: vec![Policy { change: Change::Percent, value: 10, period: seconds(60) }],
        select: Select::Max,
        window: Tick::ZERO,
    };
    let behavior = Behavior { up, ..Behavior::default() };
    let mut hpa = Hpa::new(HpaSpec { max: 100, ..spec(vec![], Some(behavior)) }, Remembered::Nothing);
    // 50 × 1.1 is 55.000000000000007.
    assert_eq!(hpa.follow(90, &Seen { now: Tick::ZERO, current: 50, readings: &[] }).to, 56);
}

proptest! {
    /// Whatever it sees, it stays within its limits once it is within them, and moves one way at a look.
    #[test]
    fn never_outside_the_limits(
        behavior in behavior(),
        start in 2_u32..60,
        seen in prop::collection::vec(prop::option::of(0.0_f64..5000.0), 1..80),
    ) {
        let mut hpa = Hpa::new(spec(vec![Target::PerReplica(10.0)], behavior), Remembered::Start);
        let mut current = start;
        for (k, seen) in seen.iter().enumerate() {
            let reading = seen.map_or(Reading::Failed { ready: current }, value);
            let decision = hpa.look(&Seen { now: seconds(15 * k as i64), current, readings: &[reading] });
            prop_assert!((2..=60).contains(&decision.to), "{decision:?}");
            // Between what is there and what was asked for within the windows.
            let (low, high) = (current.min(decision.stabilised), current.max(decision.stabilised));
            prop_assert!((low..=high).contains(&decision.to), "{decision:?}");
            current = decision.to;
        }
    }

    /// Nothing happens while the ratio is within the dead band, whatever was advised before is as it is there.
    #[test]
    fn the_dead_band_is_still(current in 2_u32..60, ratio in 0.9001_f64..1.0999, target in 0.1_f64..1e4) {
        let total = ratio * target * f64::from(current);
        for target in [Target::PerReplica(target), Target::Value(total / ratio)] {
            let mut hpa = Hpa::new(spec(vec![target], Some(Behavior::default())), Remembered::Nothing);
            let decision = hpa.look(&Seen { now: Tick::ZERO, current, readings: &[value(total)] });
            prop_assert_eq!((decision.to, decision.limit), (current, Limit::Tolerance));
        }
    }

    /// A demand that steps once is followed in finitely many looks, and then nothing moves.
    #[test]
    fn a_step_of_demand_settles(before in 0.0_f64..3000.0, after in 0.0_f64..3000.0, start in 2_u32..60, boot in 0_i64..90) {
        let demand = Demand::new(&[(Tick::ZERO, before), (seconds(600), after)]).unwrap();
        let around = Surroundings {
            replicas: start,
            per_replica: 50 * MILLIONTHS,
            interval: seconds(15),
            length: seconds(3600),
            metric_delay: seconds(30),
            pod_start: seconds(boot),
        };
        let hpa = Hpa::new(spec(vec![Target::PerReplica(50.0)], Some(Behavior::default())), Remembered::Start);
        let replay = run(&mut Scaler::Hpa(hpa), &demand, &around);
        let last: Vec<u32> = replay.looks.iter().rev().take(100).map(|look| look.decision.to).collect();
        prop_assert!(last.iter().all(|to| *to == last[0]), "{:?}", last);
        let wanted = (after / 50.0).ceil().clamp(2.0, 60.0);
        let ratio = after / (50.0 * f64::from(last[0]));
        prop_assert!(f64::from(last[0]) == wanted || (0.9..=1.1).contains(&ratio), "{} of {}", last[0], wanted);
        // What serves at every instant is never more than what was there, but where demand was not served.
        let sums = &replay.sums;
        prop_assert!(sums.least_pod_time <= sums.pod_time || sums.short_time > 0);
    }

    /// Steps under a steady metric reach a limit or stand still; alarms of target tracking do so too.
    #[test]
    fn aws_policies_stay_within_their_limits(metrics in prop::collection::vec(0.0_f64..200.0, 1..60), warmup in 0_i64..300) {
        let step = |lower, upper, change| Step { lower, upper, change };
        let mut steps = StepScaling::new(StepPolicy {
            threshold: 50.0,
            adjust: Adjust::Percent,
            out: vec![step(Some(0.0), Some(30.0), 20.0), step(Some(30.0), None, 80.0)],
            into: vec![step(Some(-30.0), Some(0.0), 0.0), step(None, Some(-30.0), -40.0)],
            least_change: 2,
            warmup: seconds(warmup),
            min: 3,
            max: 40,
            cooldown: Default::default(),
            pause: Tick::ZERO,
        });
        let cooldown = Default::default();
        let policy = TargetPolicy { target: 50.0, scale_in: true, warmup: seconds(warmup), cooldown, min: 3, max: 40 };
        let mut tracking = TargetTracking::new(policy);
        let (mut a, mut b) = (10, 10);
        for (k, metric) in metrics.iter().enumerate() {
            let now = seconds(60 * k as i64);
            a = steps.look(&Seen { now, current: a, readings: &[value(*metric)] }).to;
            b = tracking.look(&Seen { now, current: b, readings: &[value(*metric)] }).to;
            prop_assert!((3..=40).contains(&a) && (3..=40).contains(&b), "{a} {b}");
        }
    }

    /// A breaker lets nothing through while it waits, and no more than its trials after that.
    #[test]
    fn an_open_breaker_is_closed_to_calls(calls in prop::collection::vec((0_i64..4, any::<bool>()), 1..200), wait in 1_i64..20) {
        let spec = BreakerSpec {
            window: 8,
            minimum_calls: 4,
            open_above: 0.5,
            slow_above: Tick::NEVER,
            slow_share: 1.0,
            wait: seconds(wait),
            half_open: 3,
            half_open_at_most: Tick::NEVER,
        };
        let mut breaker = Breaker::new(spec);
        let (mut now, mut opened) = (0, None);
        for (gap, failed) in calls {
            now += gap;
            let permit = breaker.begin(seconds(now));
            if let Some(since) = opened {
                prop_assert_eq!(permit.is_some(), now - since >= wait);
            }
            if let Some(permit) = permit {
                breaker.end(permit, seconds(now), failed);
            }
            let opens = breaker.state() == State::Open;
            opened = opens.then(|| opened.filter(|_| permit.is_none()).unwrap_or(now));
        }
    }
}
