//! Comparing two systems replication by replication, under common random numbers.
//!
//! Streams are keyed by name, so what both systems share draws the same: nobody has to arrange it, and differences are
//! known far better than either value.

use ninefold_sim_core::interval::{self, Estimate};
use ninefold_sim_core::moments::Moments;
use ninefold_sim_core::replicate::{Follow, Replicate, replicate};
use ninefold_sim_core::special::student;
use ninefold_sim_core::tick::Tick;

use crate::assess::{AssessError, Progress, Watch, checkpoints};
use crate::metric::up_down::MINUTES_PER_YEAR;
use crate::metric::{overlap, service::lost_within};
use crate::plan::{Goal, HalfWidth, Plan, Stopping};
use crate::replication::{ReplicationError, Trace, World};
use crate::results::{Estimated, Reached, SteeringRule};
use crate::system::{System, Tracked};
use crate::units::HOURS_PER_YEAR;

/// Two systems side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Replications of each.
    pub replications: u64,
    /// One row an entity and measure that both systems have, journeys first.
    pub rows: Vec<ComparedRow>,
}

/// One measure of one entity in both systems.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedRow {
    /// The entity.
    pub entity: String,
    /// The measure; of all of them less is better.
    pub measure: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// In the first system.
    pub a: Estimated,
    /// In the second.
    pub b: Estimated,
    /// Second − first, paired by replication.
    pub delta: Estimated,
    /// Probability that the second's mean is the smaller one, by Student's law of the paired mean; 0.5 without evidence.
    pub p_b_better: f64,
}

/// The measures that are compared, with unit.
const MEASURES: [(&str, &str); 4] =
    [("unavailability", "1"), ("unserved_ratio", "1"), ("downtime", "min/year"), ("failure_rate", "1/year")];

/// Observations of one pair, each a count or ticks.
#[derive(Clone, Copy, Debug, Default)]
struct Paired {
    a: Moments,
    b: Moments,
    delta: Moments,
}

impl Paired {
    fn push(&mut self, a: i64, b: i64) {
        self.a.push(a);
        self.b.push(b);
        self.delta.push(b - a);
    }

    fn merge(&mut self, later: &Self) {
        self.a.merge(&later.a);
        self.b.merge(&later.b);
        self.delta.merge(&later.delta);
    }
}

/// Downtime, lost demand and failures of one entity.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    down: Paired,
    lost: Paired,
    failures: Paired,
}

struct Pair<'a> {
    systems: [&'a System; 2],
    seed: u64,
    shared: Vec<[usize; 2]>,
}

impl<'a> Replicate for Pair<'a> {
    type World = [World<'a>; 2];
    type Tally = Vec<Tally>;
    type Error = ReplicationError;

    fn world(&self) -> Self::World {
        self.systems.map(World::new)
    }

    fn tally(&self) -> Vec<Tally> {
        vec![Tally::default(); self.shared.len()]
    }

    fn replicate(&self, [a, b]: &mut Self::World, index: u64, tally: &mut Vec<Tally>) -> Result<(), ReplicationError> {
        let (a, b) = (a.run(self.seed, index)?, b.run(self.seed, index)?);
        for (tally, &[in_a, in_b]) in tally.iter_mut().zip(&self.shared) {
            let (of_a, of_b) = (observe(self.systems[0], a, in_a), observe(self.systems[1], b, in_b));
            tally.down.push(of_a[0], of_b[0]);
            tally.lost.push(of_a[1], of_b[1]);
            tally.failures.push(of_a[2], of_b[2]);
        }
        Ok(())
    }

    fn merge(&self, into: &mut Vec<Tally>, later: Vec<Tally>) {
        for (mine, other) in into.iter_mut().zip(&later) {
            mine.down.merge(&other.down);
            mine.lost.merge(&other.lost);
            mine.failures.merge(&other.failures);
        }
    }
}

/// Stops when the watcher says so; a comparison is not kept.
struct Watched<'a>(&'a dyn Watch);

impl Follow<Vec<Tally>> for Watched<'_> {
    fn should_stop(&self) -> bool {
        self.0.should_stop().is_some()
    }
}

/// Ticks down, ticks of demand lost, failures.
fn observe(system: &System, trace: &Trace, id: usize) -> [i64; 3] {
    let outages = &trace.outages[id];
    let down = overlap(outages, system.warmup, trace.end).get();
    let lost = match trace.losses.get(id) {
        Some(losses) => lost_within(losses, system.warmup, trace.end, |loss| loss.lost).get(),
        None => down,
    };
    let began = |start: Tick| start >= system.warmup && start > Tick::ZERO;
    [down, lost, outages.iter().filter(|outage| began(outage.start)).count() as i64]
}

/// Compares two systems as `plan` says; a plan that asks for precision asks it of the differences, where one is seen.
///
/// # Errors
/// [`AssessError`] if the plan cannot be carried out or demands a method of variance reduction, or the two are measured
/// over different times.
pub fn compare(a: &System, b: &System, plan: &Plan, watch: &dyn Watch) -> Result<Comparison, AssessError> {
    let comparable = a.measured() == b.measured() && a.warmup == b.warmup;
    if !comparable || a.spec.time.until_first_failure || b.spec.time.until_first_failure {
        let (what, value) = ("measured time of the second system, in hours,", b.measured().hours());
        return Err(AssessError::OutOfRange {
            what,
            value,
            allowed: "the first one's, and no run to the first failure",
        });
    }
    if let Some(method) = plan.variance.demanded() {
        let why = "a comparison pairs replications by common random numbers already".to_owned();
        return Err(AssessError::Variance { method, why });
    }
    let pair = Pair { systems: [a, b], seed: plan.seed, shared: shared(a, b) };
    let (mut tallies, mut done) = (pair.tally(), 0);
    let aim = Aim::of(plan)?;
    let checkpoints = checkpoints(plan)?;
    let (first, most) = (checkpoints.first().copied().unwrap_or(0), checkpoints.last().copied().unwrap_or(0));
    for checkpoint in checkpoints {
        let mut batch = pair.tally();
        if replicate(&pair, done..checkpoint, &mut batch, &Watched(watch))? < checkpoint {
            break;
        }
        pair.merge(&mut tallies, batch);
        done = checkpoint;
        let reached = aim.map(|aim| aim.reached(&tallies[..journeys(a).min(tallies.len())], (a, done, plan)));
        watch.progress(&Progress { replications: done, most, reached });
        if reached.is_some_and(|reached| reached.reached <= reached.asked) {
            break;
        }
    }
    if done == 0 {
        return Err(AssessError::TooEarly(first));
    }
    Ok(Comparison { replications: done, rows: rows(&pair, &tallies, done, plan.confidence) })
}

fn journeys(system: &System) -> usize {
    system.journeys.len().max(1)
}

/// The half-width that a comparison stops on, of the journeys' paired differences.
#[derive(Clone, Copy)]
struct Aim {
    rule: SteeringRule,
    asked: f64,
    /// What a share of time down is multiplied by.
    scale: f64,
}

impl Aim {
    fn of(plan: &Plan) -> Result<Option<Self>, AssessError> {
        let Stopping::Until { goal, .. } = &plan.stopping else { return Ok(None) };
        let absolute = |at_most: HalfWidth, scale| {
            let rule = SteeringRule::AbsoluteHalfWidth { unit: at_most.unit() };
            Ok(Some(Self { rule, asked: at_most.value(), scale }))
        };
        match goal {
            Goal::RelativeHalfWidth { at_most, .. } => {
                Ok(Some(Self { rule: SteeringRule::RelativeHalfWidth, asked: *at_most, scale: 1.0 }))
            }
            Goal::AbsoluteHalfWidth { at_most: at_most @ HalfWidth::Ratio(_), .. } => absolute(*at_most, 1.0),
            Goal::AbsoluteHalfWidth { at_most: at_most @ HalfWidth::MinutesPerYear(_), .. } => {
                absolute(*at_most, MINUTES_PER_YEAR)
            }
            Goal::AbsoluteHalfWidth { .. } => Err(AssessError::NotCompared("a half-width in that unit")),
            Goal::Decision { .. } => Err(AssessError::NotCompared("the verdict on an agreement")),
        }
    }

    /// How far it is with the largest half-width; 0 where the two do not differ at all.
    fn reached(self, tallies: &[Tally], (system, n, plan): (&System, u64, &Plan)) -> Reached {
        let unit = system.measured().get() as f64;
        let widths = tallies.iter().map(|tally| {
            let delta = interval::signed_mean(&tally.down.delta, n, unit, plan.confidence);
            let seen = tally.down.a.sum() > 0;
            match self.rule {
                _ if seen && delta.value == 0.0 && delta.standard_error == 0.0 => 0.0,
                SteeringRule::RelativeHalfWidth => delta.relative_half_width(),
                _ if !seen && tally.down.b.sum() == 0 => f64::INFINITY,
                _ => delta.half_width() * self.scale,
            }
        });
        Reached { rule: self.rule, asked: self.asked, reached: widths.fold(0.0, f64::max) }
    }
}

fn shared(a: &System, b: &System) -> Vec<[usize; 2]> {
    let place = |entity: &str| b.tracked.iter().position(|tracked| tracked.entity() == entity);
    a.tracked.iter().enumerate().filter_map(|(i, tracked)| place(tracked.entity()).map(|j| [i, j])).collect()
}

fn rows(pair: &Pair<'_>, tallies: &[Tally], n: u64, confidence: f64) -> Vec<ComparedRow> {
    let system = pair.systems[0];
    let span = system.measured().get() as f64;
    let years = system.measured().hours() / HOURS_PER_YEAR;
    let mut rows = Vec::new();
    for (tally, &[id, _]) in tallies.iter().zip(&pair.shared) {
        let is_journey = matches!(system.tracked[id], Tracked::Journey { .. });
        for (measure, unit) in MEASURES {
            let (paired, scale, largest) = match measure {
                "unavailability" => (&tally.down, span, 1.0),
                "downtime" => (&tally.down, span / MINUTES_PER_YEAR, MINUTES_PER_YEAR),
                "failure_rate" => (&tally.failures, years, f64::INFINITY),
                _ if is_journey => (&tally.lost, span, 1.0),
                _ => continue,
            };
            let delta = interval::signed_mean(&paired.delta, n, scale, confidence);
            rows.push(ComparedRow {
                entity: system.tracked[id].entity().to_owned(),
                measure,
                unit,
                a: interval::mean(&paired.a, n, (scale, largest), confidence).into(),
                b: interval::mean(&paired.b, n, (scale, largest), confidence).into(),
                delta: delta.into(),
                p_b_better: probability_below_zero(delta, n),
            });
        }
    }
    rows
}

fn probability_below_zero(delta: Estimate, n: u64) -> f64 {
    if delta.standard_error > 0.0 {
        student::cdf((n as f64 - 1.0).max(1.0), -delta.value / delta.standard_error)
    } else if delta.value == 0.0 || n < 2 {
        0.5
    } else {
        f64::from(u8::from(delta.value < 0.0))
    }
}
