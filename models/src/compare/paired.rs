//! Replications of two systems side by side, under the same random numbers.

use ninefold_sim_core::moments::Moments;
use ninefold_sim_core::replicate::{Follow, Replicate};
use ninefold_sim_core::tick::Tick;

use super::recovery::Recovery;
use crate::assess::Watch;
use crate::metric::{
    overlap,
    recovery_point::{Keeper, keeper},
    service::lost_within,
};
use crate::replication::{ReplicationError, Trace, World};
use crate::system::{System, Tracked};

/// Observations of one pair, each a count or ticks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Paired {
    pub(super) a: Moments,
    pub(super) b: Moments,
    pub(super) delta: Moments,
    /// Replications in which the second has less than the first, and more.
    pub(super) less: u64,
    pub(super) more: u64,
}

impl Paired {
    fn push(&mut self, a: i64, b: i64) {
        self.a.push(a);
        self.b.push(b);
        self.delta.push(b - a);
        self.less += u64::from(b < a);
        self.more += u64::from(b > a);
    }

    fn merge(&mut self, later: &Self) {
        self.a.merge(&later.a);
        self.b.merge(&later.b);
        self.delta.merge(&later.delta);
        self.less += later.less;
        self.more += later.more;
    }
}

/// Downtime, lost demand and failures of one entity.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) down: Paired,
    pub(super) lost: Paired,
    pub(super) failures: Paired,
    /// How long its outages last, of those the comparison is about.
    pub(super) recovery: Option<Recovery>,
    /// What its takeovers lose, of a component that both replicate.
    pub(super) points: Option<Recovery>,
    /// Share of requests without an answer, in parts of [`SHARE`], of a journey whose requests both follow.
    pub(super) unanswered: Option<Paired>,
}

/// One, of shares of requests.
pub(super) const SHARE: f64 = 1e9;

/// Two systems, and the tracked entities that both have.
pub(super) struct Pair<'a> {
    pub(super) systems: [&'a System; 2],
    pub(super) shared: Vec<[usize; 2]>,
    /// The first of `shared` are what the comparison is about: journeys, or components where both have none in common.
    pub(super) headline: usize,
}

impl<'a> Pair<'a> {
    pub(super) fn of(a: &'a System, b: &'a System) -> Self {
        let place = |entity: &str| b.tracked.iter().position(|tracked| tracked.entity() == entity);
        let with_place = |(i, tracked): (usize, &Tracked)| place(tracked.entity()).map(|j| [i, j]);
        let shared: Vec<[usize; 2]> = a.tracked.iter().enumerate().filter_map(with_place).collect();
        let journeys = shared.iter().filter(|[i, _]| *i < a.journeys.len()).count();
        let headline = if journeys > 0 { journeys } else { shared.len() };
        Self { systems: [a, b], shared, headline }
    }

    /// The place of a shared journey among those whose requests are simulated one by one, if both do so.
    fn sources(&self, place: usize) -> Option<[usize; 2]> {
        let of = |system: &System, id: usize| {
            let mut sources = system.requests.sources.iter();
            matches!(system.tracked[id], Tracked::Journey { .. })
                .then(|| sources.position(|source| source.journey as usize == id))?
        };
        let [in_a, in_b] = self.shared[place];
        Some([of(self.systems[0], in_a)?, of(self.systems[1], in_b)?])
    }

    /// What of a shared component may lose writes, if it may in both.
    fn keepers(&self, place: usize) -> Option<[Keeper; 2]> {
        let [in_a, in_b] = self.shared[place];
        let of = |system: &System, id: usize| keeper(system, id as u32).map(|(_, keeper)| keeper);
        Some([of(self.systems[0], in_a)?, of(self.systems[1], in_b)?])
    }

    fn tally(&self) -> Vec<Tally> {
        let recovery = |place: usize| (place < self.headline).then(Recovery::default);
        let points = |place: usize| self.keepers(place).map(|_| Recovery::default());
        let unanswered = |place: usize| self.sources(place).map(|_| Paired::default());
        let tally = |place| Tally {
            recovery: recovery(place),
            points: points(place),
            unanswered: unanswered(place),
            ..Tally::default()
        };
        (0..self.shared.len()).map(tally).collect()
    }

    /// Adds what replication `index` shows of the two.
    fn push(&self, index: u64, [a, b]: [&Trace; 2], tally: &mut [Tally]) {
        for (place, (tally, &[in_a, in_b])) in tally.iter_mut().zip(&self.shared).enumerate() {
            let (of_a, of_b) = (observe(self.systems[0], a, in_a), observe(self.systems[1], b, in_b));
            tally.down.push(of_a[0], of_b[0]);
            tally.lost.push(of_a[1], of_b[1]);
            tally.failures.push(of_a[2], of_b[2]);
            if let Some(recovery) = &mut tally.recovery {
                recovery.push(index, [began(self.systems[0], a, in_a), began(self.systems[1], b, in_b)]);
            }
            if let (Some(shares), Some([of_a, of_b])) = (&mut tally.unanswered, self.sources(place)) {
                shares.push(unanswered(a, of_a), unanswered(b, of_b));
            }
            if let (Some(points), Some([of_a, of_b])) = (&mut tally.points, self.keepers(place)) {
                points.push(index, [of_a.lost(a), of_b.lost(b)]);
            }
        }
    }

    fn merge(into: &mut [Tally], later: &[Tally]) {
        for (mine, other) in into.iter_mut().zip(later) {
            mine.down.merge(&other.down);
            mine.lost.merge(&other.lost);
            mine.failures.merge(&other.failures);
            if let (Some(mine), Some(other)) = (&mut mine.recovery, &other.recovery) {
                mine.merge(other);
            }
            if let (Some(mine), Some(other)) = (&mut mine.points, &other.points) {
                mine.merge(other);
            }
            if let (Some(mine), Some(other)) = (&mut mine.unanswered, &other.unanswered) {
                mine.merge(other);
            }
        }
    }
}

/// A system beside each of several others; the first of every pair is the same.
pub(super) struct Pairs<'a> {
    pub(super) baseline: &'a System,
    pub(super) seed: u64,
    pub(super) pairs: Vec<Pair<'a>>,
}

impl<'a> Replicate for Pairs<'a> {
    /// The baseline's, and one for each of the others.
    type World = (World<'a>, Vec<World<'a>>);
    type Tally = Vec<Vec<Tally>>;
    type Error = ReplicationError;

    fn world(&self) -> Self::World {
        (World::new(self.baseline), self.pairs.iter().map(|pair| World::new(pair.systems[1])).collect())
    }

    fn tally(&self) -> Self::Tally {
        self.pairs.iter().map(Pair::tally).collect()
    }

    fn replicate(&self, worlds: &mut Self::World, index: u64, tally: &mut Self::Tally) -> Result<(), ReplicationError> {
        let (baseline, others) = worlds;
        let a = baseline.run(self.seed, index)?;
        for ((pair, other), tally) in self.pairs.iter().zip(others).zip(tally) {
            pair.push(index, [a, other.run(self.seed, index)?], tally);
        }
        Ok(())
    }

    fn merge(&self, into: &mut Self::Tally, later: Self::Tally) {
        for (mine, other) in into.iter_mut().zip(&later) {
            Pair::merge(mine, other);
        }
    }
}

/// Stops when the watcher says so; a comparison is not kept.
pub(super) struct Watched<'a>(pub(super) &'a dyn Watch);

impl Follow<Vec<Vec<Tally>>> for Watched<'_> {
    fn should_stop(&self) -> bool {
        self.0.should_stop().is_some()
    }
}

/// Ticks down, ticks of demand lost, failures.
fn observe(system: &System, trace: &Trace, id: usize) -> [i64; 3] {
    let outages = &trace.outages[id];
    let down = overlap(outages, system.warmup, trace.end).get();
    let lost = match trace.losses.get(id) {
        Some(_) => lost_within((system, trace, id), (system.warmup, trace.end), |loss| loss.lost).get(),
        None => down,
    };
    [down, lost, began(system, trace, id).count() as i64]
}

/// The share of a replication's requests that had no answer; 0 where none ended.
fn unanswered(trace: &Trace, source: usize) -> i64 {
    let of = &trace.requested.users[source];
    ((of.ended - of.answered) as f64 / of.ended.max(1) as f64 * SHARE).round() as i64
}

/// How long the outages last that begin within the measured time, up to the end of the replication.
fn began<'a>(system: &'a System, trace: &'a Trace, id: usize) -> impl Iterator<Item = Tick> + 'a {
    let within = |start: Tick| start >= system.warmup && start > Tick::ZERO;
    trace.outages[id].iter().filter(move |outage| within(outage.start)).map(|outage| outage.end.since(outage.start))
}
