//! Replications of two systems side by side, under the same random numbers.

use ninefold_sim_core::moments::Moments;
use ninefold_sim_core::replicate::{Follow, Replicate};
use ninefold_sim_core::tick::Tick;

use super::measure::{MEASURES, Measure, WHOLE};
use super::recovery::Recovery;
use crate::assess::Watch;
use crate::metric::objective::{points_met, times_met};
use crate::metric::recovery_point::{Keeper, keeper};
use crate::replication::{ReplicationError, Trace, World};
use crate::system::{Objective, System, Tracked};

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

/// What is compared of one entity.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    /// One for each of its measures.
    pub(super) measures: Vec<Paired>,
    /// How long its outages last, of those the comparison is about.
    pub(super) recovery: Option<Recovery>,
    /// What its takeovers lose, of a component that both replicate.
    pub(super) points: Option<Recovery>,
    /// Whether its recovery objectives are met, each 0 or [`MET`], of a journey that has the objective in both.
    pub(super) met: [Option<Recovery>; 2],
}

/// What an objective that is met counts.
pub(super) const MET: Tick = Tick::new(1 << 20);

impl Tally {
    /// The time down.
    pub(super) fn down(&self) -> &Paired {
        &self.measures[0]
    }
}

/// A measure that two systems have of an entity, and where it stands in each.
pub(super) struct Compared {
    pub(super) measure: &'static Measure,
    at: [usize; 2],
}

/// Two systems, and the tracked entities that both have.
pub(super) struct Pair<'a> {
    pub(super) systems: [&'a System; 2],
    /// Their places in both; the last is of the whole.
    pub(super) shared: Vec<[usize; 2]>,
    /// What is compared of each.
    pub(super) compared: Vec<Vec<Compared>>,
    /// The first of `shared` are what the comparison is about: journeys, or components where both have none in common.
    pub(super) headline: usize,
}

impl<'a> Pair<'a> {
    pub(super) fn of(a: &'a System, b: &'a System) -> Self {
        let place = |entity: &str| b.tracked.iter().position(|tracked| tracked.entity() == entity);
        let with_place = |(i, tracked): (usize, &Tracked)| place(tracked.entity()).map(|j| [i, j]);
        let mut shared: Vec<[usize; 2]> = a.tracked.iter().enumerate().filter_map(with_place).collect();
        let journeys = shared.iter().filter(|[i, _]| *i < a.journeys.len()).count();
        let headline = if journeys > 0 { journeys } else { shared.len() };
        shared.push([WHOLE, WHOLE]);
        let of = |&[in_a, in_b]: &[usize; 2]| {
            let both = |measure: &'static Measure| {
                let at = [(measure.find)(a, in_a)?, (measure.find)(b, in_b)?];
                let alike = measure.shown.iter().all(|shown| (shown.unit)(a) == (shown.unit)(b));
                alike.then_some(Compared { measure, at })
            };
            MEASURES.iter().filter_map(both).collect()
        };
        let compared = shared.iter().map(of).collect();
        Self { systems: [a, b], shared, compared, headline }
    }

    /// What of a shared component may lose writes, if it may in both.
    fn keepers(&self, place: usize) -> Option<[Keeper; 2]> {
        let [in_a, in_b] = self.shared[place];
        if in_a == WHOLE {
            return None;
        }
        let of = |system: &System, id: usize| keeper(system, id as u32).map(|(_, keeper)| keeper);
        Some([of(self.systems[0], in_a)?, of(self.systems[1], in_b)?])
    }

    /// The recovery objectives of a shared journey, if it has some in both.
    fn objectives(&self, place: usize) -> Option<[Objective; 2]> {
        let of = |which: usize| {
            let id = self.shared[place][which];
            let mut all = self.systems[which].objectives.iter();
            all.find(|objective| objective.journey as usize == id).copied()
        };
        Some([of(0)?, of(1)?])
    }

    fn tally(&self) -> Vec<Tally> {
        let recovery = |place: usize| (place < self.headline).then(Recovery::default);
        let points = |place: usize| self.keepers(place).map(|_| Recovery::default());
        let measures = |place: usize| vec![Paired::default(); self.compared[place].len()];
        let met = |place: usize| {
            let both = self.objectives(place);
            let has =
                |of: fn(&Objective) -> Option<Tick>| both.is_some_and(|both| both.iter().all(|one| of(one).is_some()));
            [has(|of| of.recovery_time), has(|of| of.recovery_point)].map(|both| both.then(Recovery::default))
        };
        let tally = |place| Tally {
            measures: measures(place),
            recovery: recovery(place),
            points: points(place),
            met: met(place),
        };
        (0..self.shared.len()).map(tally).collect()
    }

    /// Adds what replication `index` shows of the two.
    fn push(&self, index: u64, [a, b]: [&Trace; 2], tally: &mut [Tally]) {
        for (place, (tally, &[in_a, in_b])) in tally.iter_mut().zip(&self.shared).enumerate() {
            for (paired, Compared { measure, at }) in tally.measures.iter_mut().zip(&self.compared[place]) {
                let [of_a, of_b] = [(self.systems[0], a, at[0]), (self.systems[1], b, at[1])]
                    .map(|(system, trace, at)| (measure.observe)(system, trace, at));
                paired.push(of_a, of_b);
            }
            if let Some(recovery) = &mut tally.recovery {
                recovery.push(index, [began(self.systems[0], a, in_a), began(self.systems[1], b, in_b)]);
            }
            if let (Some(points), Some([of_a, of_b])) = (&mut tally.points, self.keepers(place)) {
                points.push(index, [of_a.lost(a), of_b.lost(b)]);
            }
            if let Some([of_a, of_b]) = self.objectives(place) {
                let counted = |met: bool| if met { MET } else { Tick::ZERO };
                let of = [(self.systems[0], a), (self.systems[1], b)];
                let [times, points] = &mut tally.met;
                if let Some(times) = times {
                    times.push(index, [times_met(&of_a, of[0]).map(counted), times_met(&of_b, of[1]).map(counted)]);
                }
                if let Some(points) = points {
                    points.push(index, [points_met(&of_a, of[0]).map(counted), points_met(&of_b, of[1]).map(counted)]);
                }
            }
        }
    }

    fn merge(into: &mut [Tally], later: &[Tally]) {
        for (mine, other) in into.iter_mut().zip(later) {
            mine.measures.iter_mut().zip(&other.measures).for_each(|(mine, other)| mine.merge(other));
            if let (Some(mine), Some(other)) = (&mut mine.recovery, &other.recovery) {
                mine.merge(other);
            }
            if let (Some(mine), Some(other)) = (&mut mine.points, &other.points) {
                mine.merge(other);
            }
            for (mine, other) in mine.met.iter_mut().zip(&other.met) {
                if let (Some(mine), Some(other)) = (mine, other) {
                    mine.merge(other);
                }
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

/// How long the outages last that begin within the measured time, up to the end of the replication.
pub(super) fn began<'a>(system: &'a System, trace: &'a Trace, id: usize) -> impl Iterator<Item = Tick> + 'a {
    let within = |start: Tick| start >= system.warmup && start > Tick::ZERO;
    trace.outages[id].iter().filter(move |outage| within(outage.start)).map(|outage| outage.end.since(outage.start))
}
