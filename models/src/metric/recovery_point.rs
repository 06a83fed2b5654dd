//! Recovery points: what is lost at takeovers and restores, and how long units take to catch up.

use ninefold_sim_core::histogram::LogHistogram;
use ninefold_sim_core::interval::{self, Estimate, RatioOf};
use ninefold_sim_core::moments::{CoMoment, Moments};
use ninefold_sim_core::special::normal;
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use crate::metric::{Metric, Reading};
use crate::replication::{Restored, Takeover, Trace};
use crate::results::Measured;
use crate::system::{System, Tracked, TrackedId};
use crate::units::HOURS_PER_YEAR;

/// The quantiles that are reported.
const QUANTILES: [f64; 3] = [0.50, 0.95, 0.99];

/// Something that happens some times a replication and takes some ticks each time.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Spans {
    pub(super) ticks: Moments,
    pub(super) count: Moments,
    both: CoMoment,
}

impl Spans {
    fn push(&mut self, block: u64, spans: impl Iterator<Item = Tick>) {
        let (mut ticks, mut count) = (0_i64, 0);
        spans.for_each(|span| (ticks, count) = (ticks.saturating_add(span.get()), count + 1));
        self.push_sums(block, (ticks, count));
    }

    /// So many times in a replication, and so many ticks in all.
    pub(super) fn push_sums(&mut self, block: u64, (ticks, count): (i64, i64)) {
        if count > 0 {
            self.ticks.push_within(block, ticks);
            self.count.push_within(block, count);
            self.both.push_within(block, ticks, count);
        }
    }

    pub(super) fn merge(&mut self, later: &Self) {
        self.ticks.merge(&later.ticks);
        self.count.merge(&later.count);
        self.both.merge(&later.both);
    }

    fn seen(&self) -> u64 {
        self.count.sum().unsigned_abs() as u64
    }

    /// As [`Self::mean`], at most `most`; where all are 0 the bound of a probability, or none.
    pub(super) fn bounded_mean(&self, (unit, most): (f64, f64), reading: Reading<'_>) -> Estimate {
        if self.ticks.sum() == 0 {
            let unseen = interval::unseen(reading.sample(), reading.confidence);
            let hi = if most == 1.0 { unseen } else { f64::INFINITY };
            return Estimate { value: 0.0, standard_error: f64::NAN, lo: 0.0, hi };
        }
        let estimate = self.mean(unit, reading);
        Estimate { hi: estimate.hi.min(most), ..estimate }
    }

    /// Mean ticks a time, in units of `unit` ticks.
    pub(super) fn mean(&self, unit: f64, reading: Reading<'_>) -> Estimate {
        let sample = reading.sample();
        let total = self.ticks.sum() as f64 / unit;
        let variance = self.ticks.variance(sample) / (unit * unit);
        let covariance = self.both.covariance(&self.ticks, &self.count, sample) / unit;
        interval::ratio(RatioOf { total, variance, covariance, events: &self.count }, sample, reading.confidence)
    }
}

/// Takeovers, restores and resynchronisations of one component.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Points {
    lost: LogHistogram,
    /// What is lost, at either.
    losses: Spans,
    takeovers: Moments,
    /// How long the data were wrong before each restore.
    restores: Spans,
    /// Backups that were restored.
    tries: Spans,
    resyncs: Spans,
    /// Units that came back and never catch up.
    behind: u64,
}

/// Those of every component that replicates or is backed up.
#[derive(Debug, Serialize, Deserialize)]
pub struct RecoveryPoints {
    components: Vec<Points>,
}

impl Metric for RecoveryPoints {
    fn new(system: &System) -> Self {
        Self { components: vec![Points::default(); keepers(system).count()] }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        for (points, of) in self.components.iter_mut().zip(keepers(system)) {
            let lost = of.lost(trace);
            lost.clone().for_each(|lost| points.lost.push(lost.get() as u64, 1));
            points.losses.push(trace.block, lost);
            match of.takeovers(trace).count() {
                0 => {}
                count => points.takeovers.push_within(trace.block, count as i64),
            }
            points.restores.push(trace.block, of.restores(trace).map(|restored| restored.unseen));
            let tries = of.restores(trace).map(|restored| Tick::new(i64::from(restored.tries)));
            points.tries.push(trace.block, tries);
            let resyncs = trace.resyncs.iter().filter(|resync| Some(resync.of) == of.replicated);
            let resyncs = resyncs.map(|resync| resync.takes);
            points.behind += resyncs.clone().filter(|takes| takes.is_never()).count() as u64;
            points.resyncs.push(trace.block, resyncs.filter(|takes| !takes.is_never()));
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.components.iter_mut().zip(&later.components) {
            mine.lost.merge(&other.lost);
            mine.losses.merge(&other.losses);
            mine.takeovers.merge(&other.takeovers);
            mine.restores.merge(&other.restores);
            mine.tries.merge(&other.tries);
            mine.resyncs.merge(&other.resyncs);
            mine.behind += other.behind;
        }
    }
}

/// A component of which writes may be lost: it replicates, is backed up, or both.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keeper {
    component: u32,
    /// Its place among those that replicate.
    replicated: Option<u32>,
    /// Its place among those that are backed up.
    backed_up: Option<u32>,
}

impl Keeper {
    fn takeovers(self, trace: &Trace) -> impl Iterator<Item = &Takeover> + Clone {
        trace.takeovers.iter().filter(move |takeover| Some(takeover.of) == self.replicated)
    }

    fn restores(self, trace: &Trace) -> impl Iterator<Item = &Restored> + Clone {
        trace.restored.iter().filter(move |restored| Some(restored.of) == self.backed_up)
    }

    /// The written time that is lost each time.
    pub(crate) fn lost(self, trace: &Trace) -> impl Iterator<Item = Tick> + Clone {
        let restored = self.restores(trace).map(|restored| restored.lost);
        self.takeovers(trace).map(|takeover| takeover.lost).chain(restored)
    }
}

/// Every component of which writes may be lost, in order of components.
fn keepers(system: &System) -> impl Iterator<Item = Keeper> {
    let of = |component: u32| {
        let replicated = system.replicated.iter().position(|of| of.component == component).map(|place| place as u32);
        let backed_up = system.backups.iter().position(|of| of.component == component).map(|place| place as u32);
        (replicated.or(backed_up).is_some()).then_some(Keeper { component, replicated, backed_up })
    };
    let any = !system.replicated.is_empty() || !system.backups.is_empty();
    (0..if any { system.components.len() as u32 } else { 0 }).filter_map(of)
}

/// Those of some components.
pub(crate) fn keepers_of(system: &System, components: &[u32]) -> Vec<Keeper> {
    keepers(system).filter(|keeper| components.contains(&keeper.component)).collect()
}

/// What an entity is that is the whole of such a component.
pub(crate) fn keeper(system: &System, id: TrackedId) -> Option<(usize, Keeper)> {
    let Tracked::Gate { component, .. } = &system.tracked[id as usize] else { return None };
    let whole = id as usize == system.journeys.len() + *component as usize;
    keepers(system).enumerate().find(|(_, keeper)| whole && keeper.component == *component)
}

impl RecoveryPoints {
    /// Adds the measures of an entity, if it is a component of which writes may be lost.
    pub fn measures(&self, id: TrackedId, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let Some((place, keeper)) = keeper(reading.system, id) else { return };
        let Some(points) = self.components.get(place) else { return };
        let entity = reading.system.tracked[id as usize].entity();
        let second = Tick::from_hours(1.0).get() as f64 / 3600.0;
        let years = reading.system.measured().hours() / HOURS_PER_YEAR;
        let seen = points.losses.seen();
        let of = |measure, unit, estimate| Measured { seen, ..reading.measured(entity, (measure, unit), estimate) };
        let yearly = |moments: &Moments, unit: f64| {
            interval::mean(moments, reading.sample(), (years * unit, f64::INFINITY), reading.confidence)
        };
        let counted = |measure, moments: &Moments| {
            let seen = moments.sum().unsigned_abs() as u64;
            Measured { seen, ..reading.measured(entity, (measure, "1/year"), yearly(moments, 1.0)) }
        };
        if keeper.replicated.is_some() {
            into.push(counted("takeovers", &points.takeovers));
        }
        if keeper.backed_up.is_some() {
            into.push(counted("restores", &points.restores.count));
            points.restores(entity, reading, into);
        }
        if seen > 0 {
            into.push(of("recovery_point", "s", points.losses.mean(second, reading)));
            for p in QUANTILES {
                let row = of(
                    "recovery_point",
                    "s",
                    quantile((&points.lost, p), points.lost.total() as f64, (second, reading)),
                );
                into.push(Measured { quantile: Some(p), ..row });
            }
        }
        let lost = yearly(&points.losses.ticks, second);
        into.push(of("lost_writes", "s/year", lost));
        let declared = keeper.replicated.map(|place| &reading.system.replicated[place as usize]);
        if let Some(resync) = declared.and_then(|declared| declared.resync) {
            into.push(of("lost_data", "MB/year", lost.scaled(resync.write_bytes_per_s / 1e6)));
            let seen = points.resyncs.seen();
            if seen > 0 && points.behind == 0 {
                let mean = points.resyncs.mean(3600.0 * second, reading);
                into.push(Measured { seen, ..reading.measured(entity, ("resync_time", "h"), mean) });
            }
        }
    }
}

impl Points {
    /// What is known of restores where there were any: how many backups each took, and how long the data had been wrong.
    fn restores(&self, entity: &str, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let seen = self.restores.seen();
        if seen == 0 {
            return;
        }
        let hour = Tick::from_hours(1.0).get() as f64;
        let of = |named, estimate| Measured { seen, ..reading.measured(entity, named, estimate) };
        into.push(of(("backups_tried", "1"), self.tries.mean(1.0, reading)));
        into.push(of(("corrupt_for", "h"), self.restores.mean(hour, reading)));
    }
}

/// A quantile of a histogram, in units of `unit` ticks, with the interval between the order statistics that hold it at this
/// confidence, if it is one of so many independent values.
pub(super) fn quantile(
    (lost, p): (&LogHistogram, f64),
    independent: f64,
    (unit, reading): (f64, Reading<'_>),
) -> Estimate {
    let (n, z) = (lost.total() as f64, normal::quantile_upper((1.0 - reading.confidence) / 2.0));
    let spread = z * n * (p * (1.0 - p) * reading.sample().worst / independent).sqrt();
    let at = |rank: f64| lost.at_rank(rank.clamp(0.0, n - 1.0) as u64).map_or(f64::NAN, |ticks| ticks / unit);
    let value = at((p * n).ceil() - 1.0);
    let (lo, hi) = (at((p * n - spread).floor() - 1.0).min(value), at((p * n + spread).ceil()).max(value));
    Estimate { value, standard_error: (hi - lo) / (2.0 * z), lo, hi }
}
