//! One autoscaler against a demand: it looks at fixed times, sees the demand as it was a metric's delay ago, and what it
//! starts serves after the pod's start.
//!
//! Deterministic and in whole numbers. A pod serves up to its capacity from when it is ready; pods that are taken away go
//! at once, the youngest first. Nothing fails.

use ninefold_sim_core::tick::Tick;

use super::scaler::Wanted;
use super::{Decision, Demand, Load, Reading, Scaler, Seen};

/// Most looks of one replay.
pub const LOOKS_MAX: u64 = 1_000_000;

/// What surrounds the autoscaler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surroundings {
    /// Replicas at the start, all ready.
    pub replicas: u32,
    /// Demand that one ready replica serves, millionths.
    pub per_replica: u64,
    /// Time between looks; the first is at the start.
    pub interval: Tick,
    /// Looks come before this time, at most [`LOOKS_MAX`].
    pub length: Tick,
    /// Age of what is seen of a metric.
    pub metric_delay: Tick,
    /// From the start of a pod to its first served request.
    pub pod_start: Tick,
}

/// What a look finds of the demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// Demand, millionths.
    pub demand: u64,
    /// Replicas that were ready before the look.
    pub ready: u32,
}

/// One look: what was there, and what was decided.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// When.
    pub at: Tick,
    /// Demand and what could serve it; none where only metrics were given.
    pub served: Option<Served>,
    /// What was decided.
    pub decision: Decision,
}

/// Sums over a replay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Most replicas.
    pub most: u32,
    /// Replicas × time, ns.
    pub pod_time: u128,
    /// The same of the fewest replicas that serve the demand at every instant, within the limits of what there was.
    pub least_pod_time: u128,
    /// Time in which ready replicas could not serve the demand, ns.
    pub short_time: u128,
    /// Demand that was not served × time, millionths × ns.
    pub unserved: u128,
    /// Looks at which the demand was above what the ready replicas before it serve.
    pub short_looks: u64,
    /// Demand above that, summed over looks, millionths.
    pub unserved_looks: u128,
    /// Changes from more to fewer replicas, or back.
    pub turns: u64,
    /// Whether the last change was one to more replicas.
    pub(super) grew: Option<bool>,
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Replay {
    /// Every look.
    pub looks: Vec<Look>,
    /// The sums.
    pub sums: Sums,
}

/// Runs an autoscaler against a demand.
pub fn run(scaler: &mut Scaler, demand: &Demand, around: &Surroundings) -> Replay {
    let mut world = World { demand, around, ready_at: vec![Tick::new(i64::MIN / 4); around.replicas as usize] };
    let wants = scaler.wants();
    let mut replay = Replay::default();
    let mut now = Tick::ZERO;
    while now < around.length && (replay.looks.len() as u64) < LOOKS_MAX {
        let readings: Vec<Reading> = wants.iter().map(|&wanted| world.reading(wanted, now)).collect();
        let current = world.ready_at.len() as u32;
        let decision = scaler.look(&Seen { now, current, readings: &readings });
        let served = Served { demand: demand.at(now), ready: world.ready(now) };
        replay.sums.count_short(served, around.per_replica);
        let next = now.after(around.interval).min(around.length);
        replay.add(Look { at: now, served: Some(served), decision }, next.since(now));
        world.resize(decision.to, now);
        world.pass((now, next), &mut replay.sums);
        now = next;
    }
    replay
}

struct World<'a> {
    demand: &'a Demand,
    around: &'a Surroundings,
    /// When each replica is ready, in the order in which they came.
    ready_at: Vec<Tick>,
}

impl World<'_> {
    fn ready(&self, now: Tick) -> u32 {
        self.ready_at.partition_point(|&at| at <= now) as u32
    }

    fn resize(&mut self, replicas: u32, now: Tick) {
        self.ready_at.resize(replicas as usize, now.after(self.around.pod_start));
    }

    /// A metric as it is seen now: as it was a delay ago.
    fn reading(&self, wanted: Wanted, now: Tick) -> Reading {
        let taken = now.since(self.around.metric_delay);
        let load = Load {
            demand: self.demand.at(taken),
            sampled: self.ready(taken),
            ready: self.ready(now),
            current: self.ready_at.len() as u32,
            per_replica: self.around.per_replica,
        };
        load.show(wanted)
    }

    /// Adds up a span between looks, piece by piece: demand steps, and pods become ready.
    fn pass(&self, (from, to): (Tick, Tick), sums: &mut Sums) {
        let mut now = from;
        while now < to {
            let coming = self.ready_at.get(self.ready(now) as usize).copied().unwrap_or(Tick::NEVER);
            let next = self.demand.next_after(now).min(coming).min(to);
            let span = next.since(now).get() as u128;
            let demand = self.demand.at(now);
            let short = demand.saturating_sub(u64::from(self.ready(now)).saturating_mul(self.around.per_replica));
            sums.least_pod_time += u128::from(demand.div_ceil(self.around.per_replica.max(1))) * span;
            sums.unserved += u128::from(short) * span;
            sums.short_time += if short > 0 { span } else { 0 };
            now = next;
        }
    }
}

impl Replay {
    /// Adds a look, after which there are so many replicas for this long.
    pub(super) fn add(&mut self, look: Look, span: Tick) {
        let Decision { from, to, .. } = look.decision;
        if to != from {
            let grows = to > from;
            self.sums.turns += u64::from(self.sums.grew.is_some_and(|grew| grew != grows));
            self.sums.grew = Some(grows);
        }
        self.sums.most = self.sums.most.max(to);
        self.sums.pod_time += u128::from(to) * span.get() as u128;
        self.looks.push(look);
    }
}

impl Sums {
    fn count_short(&mut self, served: Served, per_replica: u64) {
        let short = served.demand.saturating_sub(u64::from(served.ready).saturating_mul(per_replica));
        self.short_looks += u64::from(short > 0);
        self.unserved_looks += u128::from(short);
    }
}
