//! Autoscaling within a run, against the replay, against a simulation by steps of time, and with nothing skipped.
#![allow(clippy::unwrap_used)]

#[path = "autoscale/places.rs"]
mod places;

#[path = "autoscale/nodes.rs"]
mod nodes;

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::exact;
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::replication::{Pooled, Trace, World};
use ninefold_models::results::Results;
use ninefold_models::scaling::aws_step::{Adjust, Step, StepPolicy, StepScaling};
use ninefold_models::scaling::aws_target_tracking::{TargetPolicy, TargetTracking};
use ninefold_models::scaling::closed_loop::{self, Surroundings};
use ninefold_models::scaling::hpa::{
    Behavior, Change, Hpa, HpaSpec, Policy, Remembered, Rules, Select, Target, Tolerance,
};
use ninefold_models::scaling::keda::{Fallback, Keda, Zero};
use ninefold_models::scaling::{Cooldown, Demand, MILLIONTHS, Scaler, Tick};
use ninefold_models::system::*;
use ninefold_models::units::Hours;
use proptest::prelude::*;

const SECOND: f64 = 1.0 / 3600.0;
const PER_REPLICA: f64 = 50.0;

fn seconds(s: f64) -> Tick {
    Tick::from_hours(s * SECOND)
}

fn policy(target: Target, (min, max): (u32, u32), behavior: Option<Behavior>) -> HpaSpec {
    let (targets, tolerance, cooldown) = (vec![target], Tolerance::default(), Cooldown::default());
    HpaSpec { targets, min, max, tolerance, behavior, cooldown }
}

fn hpa(policy: HpaSpec) -> Scaler {
    Scaler::Hpa(Hpa::new(policy, Remembered::Start))
}

fn scaler(policy: HpaSpec, replicas: u32, delay_s: f64, boot: Law) -> AutoscaleSpec {
    scaled(hpa(policy), replicas, delay_s, boot)
}

fn scaled(scaler: Scaler, replicas: u32, delay_s: f64, boot: Law) -> AutoscaleSpec {
    let metric_delay = Hours::new(delay_s * SECOND);
    AutoscaleSpec { metric_delay, ..AutoscaleSpec::new("web", replicas, scaler, boot) }
}

fn constant(s: f64) -> Law {
    Law::constant(Hours::new(s * SECOND)).unwrap()
}

/// One journey over one component; demand in steps of seconds and requests per second.
fn spec(scaler: AutoscaleSpec, steps: &[(f64, f64)], hours: f64, modes: Vec<ModeSpec>) -> SystemSpec {
    let web = ComponentSpec {
        name: "web".into(),
        units: (1..=scaler.scaler.limits().1).map(|i| UnitSpec { name: format!("web/{i}"), domain: None }).collect(),
        redundancy: Redundancy::None,
        per: None,
        modes,
        capacity_per_unit: Some(Level::from(PER_REPLICA)),
    };
    let steps = steps.iter().map(|&(at, rate)| (Hours::new(at * SECOND), rate)).collect();
    let use_it = JourneySpec {
        name: "use".into(),
        path: Path::Component { name: "web".into(), side: Side::Both },
        demand: Some(Level { rate: 1.0, course: Some(Course { steps, variation: None }) }),
        rule: UpRule { success: 0.99, capacity_at_least: None },
    };
    let mut spec = SystemSpec {
        name: "test".into(),
        components: vec![web],
        journeys: vec![use_it],
        autoscalers: vec![scaler],
        ..SystemSpec::default()
    };
    spec.time.horizon = Hours::new(hours);
    spec
}

fn crash(life_h: f64, repair: Law) -> ModeSpec {
    ModeSpec {
        name: "crash".into(),
        time_to_failure: Law::exponential(Hours::new(life_h)).unwrap(),
        repair: Repair::Takes(repair),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    }
}

fn trace(system: &System, seed: u64) -> Trace {
    World::new(system).run(seed, 0).unwrap().clone()
}

fn run(spec: SystemSpec, replications: u64) -> Results {
    let system = System::build(spec).unwrap();
    assess(&system, &Plan { stopping: Stopping::Fixed(replications), ..Plan::default() }, &Unwatched).unwrap()
}

fn measure(results: &Results, entity: &str, measure: &str) -> (f64, f64) {
    let found = results.measures.iter().find(|m| m.entity == entity && m.measure == measure).unwrap();
    (found.estimate.value, found.estimate.standard_error)
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        (20_u32..95).prop_map(Target::Utilization),
        (5.0..60.0).prop_map(Target::EachPod),
        (5.0..60.0).prop_map(Target::PerReplica),
        (50.0..900.0).prop_map(Target::Value),
    ]
}

fn rules(window: impl Strategy<Value = i64>) -> impl Strategy<Value = Rules> {
    let change = prop_oneof![Just(Change::Pods), Just(Change::Percent)];
    let policy = (change, 1_u32..150, 15_i64..300).prop_map(|(change, value, period)| Policy {
        change,
        value,
        period: seconds(period as f64),
    });
    let select = prop_oneof![4 => Just(Select::Max), 2 => Just(Select::Min), 1 => Just(Select::Disabled)];
    (prop::collection::vec(policy, 1..3), select, window).prop_map(|(policies, select, window)| Rules {
        policies,
        select,
        window: seconds(window as f64),
    })
}

fn behavior() -> impl Strategy<Value = Option<Behavior>> {
    prop::option::of((rules(0_i64..100), rules(0_i64..600)).prop_map(|(up, down)| Behavior { up, down }))
}

/// Demand that steps at whole seconds over two hours, some of them at looks.
fn steps() -> impl Strategy<Value = Vec<(f64, f64)>> {
    let step = (prop_oneof![(1_i64..480).prop_map(|looks| 15 * looks), 1_i64..7200], 0_u32..2500);
    prop::collection::btree_map(step.0, step.1, 1..12).prop_map(|steps| {
        let first = std::iter::once((0.0, 400.0));
        first.chain(steps.into_iter().map(|(at, rate)| (at as f64, f64::from(rate)))).collect()
    })
}

fn step(change: i32) -> Vec<Step> {
    let mild = Step { lower: None, upper: None, change: f64::from(change) };
    let bound = if change > 0 { 8.0 } else { -8.0 };
    let (lower, upper) = if change > 0 { (Some(0.0), Some(bound)) } else { (Some(bound), Some(0.0)) };
    let (strong_lower, strong_upper) = if change > 0 { (Some(bound), None) } else { (None, Some(bound)) };
    let strong = Step { lower: strong_lower, upper: strong_upper, change: f64::from(2 * change) };
    vec![Step { lower, upper, ..mild }, strong]
}

fn cooldown() -> impl Strategy<Value = Cooldown> {
    let side = || prop_oneof![Just(0_i64), 10_i64..400];
    (side(), side()).prop_map(|(out, into)| Cooldown { out: seconds(out as f64), into: seconds(into as f64) })
}

/// Every kind of autoscaler, from 1 or 0 to 40 replicas.
fn any_scaler() -> impl Strategy<Value = Scaler> {
    let (min, max) = (1, 40);
    let of_hpa = (prop::collection::vec(target(), 1..4), behavior(), cooldown());
    let of_hpa = of_hpa.prop_map(move |(targets, behavior, cooldown)| {
        let tolerance = Tolerance::default();
        Hpa::new(HpaSpec { targets, min, max, tolerance, behavior, cooldown }, Remembered::Start)
    });
    let zero = (prop_oneof![Just(0.0), 50.0..300.0], 1_i64..10, 1_i64..4).prop_map(|(activation, cooldown, poll)| {
        let [cooldown, poll] = [30 * cooldown, 15 * poll].map(|s| seconds(s as f64));
        Zero { activation, cooldown, poll }
    });
    let fallback = (0_u32..5, 1_u32..30).prop_map(|(after, replicas)| Fallback { after, replicas });
    let keda = (5.0..60.0, behavior(), prop::option::of(fallback), prop::option::of(zero));
    let keda = keda.prop_map(move |(target, behavior, fallback, zero)| {
        let hpa = Hpa::new(policy(Target::PerReplica(target), (min, max), behavior), Remembered::Start);
        Scaler::Keda(Keda::new(hpa, fallback, zero))
    });
    let adjust = prop_oneof![Just(Adjust::Percent), Just(Adjust::Change)];
    let steps = (10.0..45.0, adjust, (1_i32..30, 1_i32..20), (0_i64..200, 0_i64..200), cooldown());
    let steps = steps.prop_map(move |(threshold, adjust, (up, down), (warmup, pause), cooldown)| {
        let (warmup, pause) = (seconds(warmup as f64), seconds(pause as f64));
        let (out, into) = (step(up), step(-down));
        let policy = StepPolicy { threshold, adjust, out, into, least_change: 0, warmup, cooldown, pause, min, max };
        Scaler::Steps(StepScaling::new(policy))
    });
    let tracking = (5.0..45.0, any::<bool>(), 0_i64..200, cooldown());
    let tracking = tracking.prop_map(move |(target, scale_in, warmup, cooldown)| {
        let warmup = seconds(warmup as f64);
        Scaler::TargetTracking(TargetTracking::new(TargetPolicy { target, scale_in, warmup, cooldown, min, max }))
    });
    prop_oneof![3 => of_hpa.prop_map(Scaler::Hpa), 2 => keda, 2 => steps, 2 => tracking]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Without failures the run does, change by change, what the replay does look by look.
    #[test]
    fn without_failures_it_is_the_replay(
        scaler in any_scaler(), steps in steps(), (replicas, delay, boot) in (1_u32..40, 0_i64..90, 0_i64..120),
    ) {
        let (delay, boot) = (delay as f64, boot as f64);
        let spec = spec(scaled(scaler.clone(), replicas, delay, constant(boot)), &steps, 2.0, Vec::new());
        let trace = trace(&System::build(spec).unwrap(), 7);
        let demand = Demand::new(&steps.iter().map(|&(at, rate)| (seconds(at), rate)).collect::<Vec<_>>()).unwrap();
        let around = Surroundings {
            replicas,
            per_replica: (PER_REPLICA as u64) * MILLIONTHS,
            interval: seconds(15.0),
            length: Tick::from_hours(2.0),
            metric_delay: seconds(delay),
            pod_start: seconds(boot),
        };
        let replay = closed_loop::run(&mut scaler.clone(), &demand, &around);
        let changed = replay.looks.iter().filter(|look| look.decision.from != look.decision.to);
        let expected: Vec<_> = changed.map(|look| (look.at, look.decision)).collect();
        let within = trace.scaled.iter().filter(|scaled| scaled.at < around.length);
        let found: Vec<_> = within.map(|scaled| (scaled.at, scaled.decision)).collect();
        prop_assert_eq!(found, expected);
        // What was not served, too.
        let stands = &trace.stands[0];
        let ends = stands.iter().skip(1).map(|next| next.at).chain([around.length]);
        let short: u128 = stands.iter().zip(ends).map(|(stand, end)| {
            let missing = stand.demand.saturating_sub(u64::from(stand.serving) * around.per_replica);
            u128::from(missing) * end.min(around.length).since(stand.at).get() as u128
        }).sum();
        prop_assert_eq!(short, replay.sums.unserved);
    }

}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Looks that are passed over would have changed nothing.
    #[test]
    fn with_every_look_it_is_the_same(
        scaler in any_scaler(), steps in steps(), (replicas, delay, seed) in (1_u32..40, 0_i64..90, 0_u64..1000),
        (scheduled, share, blind) in (0_u32..40, prop::option::weighted(0.2, 0.3..1.0_f64), any::<bool>()),
    ) {
        let boot = Law::exponential(Hours::new(40.0 * SECOND)).unwrap();
        let mut of = scaled(scaler, replicas, delay as f64, boot);
        let span = |from: f64, to: f64, min| Scheduled { from: Hours::new(from), to: Hours::new(to), min };
        of.scheduled = vec![span(0.3, 1.01, scheduled), span(0.6, 25.5, scheduled / 2)];
        of.predicted_at = share;
        // A forecast needs a day.
        let hours = if share.is_some() { 26.0 } else { 2.0 };
        let mut spec = spec(of, &steps, hours, vec![crash(2.0, constant(200.0))]);
        if blind {
            spec.autoscalers[0].metrics_from = Some("telemetry".into());
            spec.components.push(ComponentSpec {
                name: "telemetry".into(),
                units: vec![UnitSpec { name: "telemetry/1".into(), domain: None }],
                modes: vec![crash(0.3, constant(200.0))],
                capacity_per_unit: None,
                ..spec.components[0].clone()
            });
        }
        let system = System::build(spec).unwrap();
        let (some, all) = (trace(&system, seed), trace(&system.clone().at_every_look(), seed));
        prop_assert_eq!(&some.scaled, &all.scaled);
        prop_assert_eq!(&some.stands, &all.stands);
        prop_assert_eq!(&some.losses, &all.losses);
        prop_assert!(some.events <= all.events);
    }

    /// Never outside its limits, and what serves is never more than what there is.
    #[test]
    fn it_keeps_to_its_limits(target in target(), steps in steps(), seed in 0_u64..1000) {
        let scaler = scaler(policy(target, (3, 20), Some(Behavior::default())), 5, 30.0, constant(60.0));
        let trace = trace(&System::build(spec(scaler, &steps, 2.0, vec![crash(1.0, constant(300.0))])).unwrap(), seed);
        for stand in &trace.stands[0] {
            prop_assert!((3..=20).contains(&stand.replicas) && stand.serving <= stand.replicas);
        }
    }
}

/// A load that does not change is looked at until the answer rests, and then no more.
#[test]
fn nothing_ticks_while_nothing_changes() {
    let policy = policy(Target::Utilization(60), (2, 40), Some(Behavior::default()));
    let spec = spec(scaler(policy, 10, 30.0, constant(60.0)), &[(0.0, 400.0)], 8760.0, Vec::new());
    assert!(trace(&System::build(spec).unwrap(), 1).events < 40);
}

/// 400/s are 80 % of 10 replicas of 50/s: ⌈10 × 80 ÷ 60⌉ = 14 at once, and they serve after their boot.
#[test]
fn new_replicas_serve_after_their_boot() {
    let policy = policy(Target::Utilization(60), (2, 40), Some(Behavior::default()));
    let spec = spec(scaler(policy, 10, 0.0, constant(40.0)), &[(0.0, 400.0)], 1.0, Vec::new());
    let trace = trace(&System::build(spec).unwrap(), 1);
    let seen: Vec<_> = trace.stands[0].iter().map(|stand| (stand.at, stand.replicas, stand.serving)).collect();
    assert_eq!(seen, [(Tick::ZERO, 14, 10), (seconds(40.0), 14, 14)]);
}

/// The boot is its law's: one replica more is asked for at the start, and serves after a time of that mean.
#[test]
fn a_boot_has_the_mean_of_its_law() {
    let policy = policy(Target::PerReplica(50.0), (1, 2), Some(Behavior::default()));
    let boot = Law::exponential(Hours::new(0.05)).unwrap();
    let spec = spec(scaler(policy, 1, 0.0, boot), &[(0.0, 100.0)], 1.0, Vec::new());
    let (value, error) = measure(&run(spec, 4000), "components.web", "under_capacity_ratio");
    assert!((value - 0.05).abs() < 4.0 * error && error < 0.001, "{value} ± {error}");
}

/// Without a change of load a scaled component is so many independent units: the binomial law of their capacity.
#[test]
fn at_a_constant_load_it_is_so_many_units() {
    // Held at 4 by `down` and `up` that are disabled.
    let held = Rules { policies: Vec::new(), select: Select::Disabled, window: Tick::ZERO };
    let policy = policy(Target::PerReplica(50.0), (1, 9), Some(Behavior { up: held.clone(), down: held }));
    let spec = spec(scaler(policy, 4, 0.0, constant(0.0)), &[(0.0, 200.0)], 4000.0, vec![crash(9.0, constant(3600.0))]);
    let system = System::build(spec.clone()).unwrap();
    let solved = exact::solve(&system);
    assert!(solved.get("components.web", "unavailability", None).is_none());
    let results = run(spec, 100);
    let (value, error) = measure(&results, "components.web", "under_capacity_ratio");
    let expected = 1.0 - 0.9_f64.powi(4);
    assert!((value - expected).abs() < 4.0 * error && error < 0.004, "{value} ± {error}, {expected}");
    let (down, error) = measure(&results, "components.web", "unavailability");
    assert!((down - 1e-4).abs() < 4.0 * error && error < 3e-5, "{down} ± {error}");
    assert!(results.causes.iter().all(|row| row.cause != "web/scaling" || row.share == 0.0));
}

/// A second implementation, by steps of a second and with draws of its own: each replica fails, is mended, boots, goes.
struct ByTheSecond {
    random: u64,
    /// Of each unit: away, seconds of boot left, or in; and whether it has failed.
    units: Vec<(Option<u32>, bool)>,
    /// Units that are there, the oldest first.
    there: Vec<usize>,
}

impl ByTheSecond {
    fn chance(&mut self, p: f64) -> bool {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64 <= p
    }

    fn serving(&self) -> usize {
        self.there.iter().filter(|&&unit| self.units[unit] == (Some(0), false)).count()
    }

    /// `AverageValue` of pods with a tolerance of a tenth, from the description of the controller.
    fn wanted(&self, demand: f64, target: f64) -> usize {
        let (current, ready) = (self.there.len(), self.serving());
        if ready == 0 {
            return current;
        }
        let ratio = (demand / ready as f64).min(PER_REPLICA) / target;
        let missing = (current - ready) as f64;
        let filled = match ratio {
            low if low < 1.0 => (ratio * ready as f64 + missing) / current as f64,
            _ => ratio * ready as f64 / current as f64,
        };
        let is_reversed = (filled > 1.0) != (ratio > 1.0);
        let asked = (filled * current as f64 - 1e-9).ceil() as usize;
        let is_against = (asked > current) != (filled > 1.0) && asked != current;
        if (filled - 1.0).abs() <= 0.1 + 1e-9 || is_reversed || is_against { current } else { asked.clamp(2, 30) }
    }

    fn resize(&mut self, wanted: usize) {
        while self.there.len() < wanted {
            let away = |&unit: &usize| self.units[unit].0.is_none();
            let able = (0..30).filter(away).find(|&unit| !self.units[unit].1);
            let unit = able.or((0..30).find(away)).unwrap();
            self.units[unit].0 = Some(30);
            self.there.push(unit);
        }
        while self.there.len() > wanted {
            let failed = self.there.iter().rposition(|&unit| self.units[unit].1);
            let unit = self.there.remove(failed.unwrap_or(self.there.len() - 1));
            self.units[unit].0 = None;
        }
    }

    /// Mean replicas and share of time with too little, over so many seconds.
    fn run(&mut self, seconds: u32, demand: impl Fn(u32) -> f64) -> (f64, f64) {
        let (mut replicas, mut short) = (0, 0);
        for second in 0..seconds {
            if second % 15 == 0 {
                let wanted = self.wanted(demand(second), 40.0);
                self.resize(wanted);
            }
            replicas += self.there.len();
            short += u32::from(demand(second) > PER_REPLICA * self.serving() as f64);
            for unit in 0..30 {
                match self.units[unit] {
                    (_, true) => self.units[unit].1 = !self.chance(1.0 / 300.0),
                    (Some(0), false) => self.units[unit].1 = self.chance(1.0 / 1800.0),
                    _ => {}
                }
                if let Some(left) = &mut self.units[unit].0 {
                    *left = left.saturating_sub(1);
                }
            }
        }
        (replicas as f64 / f64::from(seconds), f64::from(short) / f64::from(seconds))
    }
}

#[test]
fn with_failures_it_is_what_steps_of_a_second_give() {
    let free = || Rules {
        policies: vec![Policy { change: Change::Pods, value: 100, period: seconds(15.0) }],
        select: Select::Max,
        window: Tick::ZERO,
    };
    let policy = policy(Target::EachPod(40.0), (2, 30), Some(Behavior { up: free(), down: free() }));
    let hours = 200;
    let steps: Vec<(f64, f64)> =
        (0..hours * 6).map(|i| (f64::from(i) * 600.0, if i % 2 == 0 { 400.0 } else { 200.0 })).collect();
    let mode = crash(0.5, Law::exponential(Hours::new(300.0 * SECOND)).unwrap());
    let results = run(spec(scaler(policy, 10, 0.0, constant(30.0)), &steps, f64::from(hours), vec![mode]), 100);
    let demand = |second: u32| if (second / 600).is_multiple_of(2) { 400.0 } else { 200.0 };
    let mut units = vec![(None, false); 30];
    units[..10].fill((Some(0), false));
    let mut other = ByTheSecond { random: 1, units, there: (0..10).collect() };
    let (replicas, short) = other.run(40 * 200 * 3600, demand);
    for (name, expected, cap) in [("replicas_mean", replicas, 0.01), ("under_capacity_ratio", short, 0.0015)] {
        let (value, error) = measure(&results, "components.web", name);
        // Its own error is about as large, and a second is not nothing.
        let slack = 6.0 * error + 0.004 * expected;
        assert!((value - expected).abs() < slack && error < cap, "{name}: {value} ± {error}, {expected}");
    }
}
