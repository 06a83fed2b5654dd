//! Replication: how much of what was written a standby unit lacks when it takes over.
//!
//! Writes are made while a place is filled. A unit that is down lacks what is written meanwhile; back again it catches up
//! from the active one at its own speed. At a takeover by another unit than the one before, what that unit lacks, and at
//! least its lag, is lost.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use crate::board::{Fact, FactKind, FactSet};
use crate::mechanism::{Kind, Mechanism, Moment, Out};
use crate::replication::{Resynced, Takeover};
use crate::system::{Replicated, System, UnitId};

/// What one unit lacks.
#[derive(Clone, Copy, Debug)]
struct Copy {
    unit: UnitId,
    /// It receives what is written: it is able.
    receives: bool,
    /// Written time that it lacks, in ticks, as of the last look.
    lacks: f64,
}

/// The copies of one group.
#[derive(Debug)]
struct Copies {
    /// Its place among the replicated components.
    of: u32,
    lag: Stream,
    units: Vec<Copy>,
    /// The unit that is active at first.
    first: UnitId,
    /// The unit that was active last.
    active: UnitId,
    writes: bool,
    /// Its data are coming back from a backup.
    restores: bool,
    /// The last look.
    since: Tick,
}

/// Replication in every group that says how.
#[derive(Debug)]
pub(super) struct Replication {
    copies: Vec<Copies>,
    /// For each group, its place among them; empty where there are none.
    place: Vec<Option<u32>>,
    /// The data of those that come back from backups, and whose they are.
    data: Vec<(UnitId, u32)>,
    pub(super) takeovers: Vec<Takeover>,
    pub(super) resyncs: Vec<Resynced>,
}

impl Copies {
    /// Brings what every unit lacks up to date.
    fn look(&mut self, declared: &Replicated, now: Tick) {
        let written = if self.writes && !self.restores { now.since(self.since).get() as f64 } else { 0.0 };
        self.since = now;
        for copy in self.units.iter_mut().filter(|copy| copy.unit != self.active) {
            copy.lacks = match (copy.receives, declared.resync) {
                (false, _) => copy.lacks + written,
                (true, _) if copy.lacks == 0.0 || written == 0.0 => copy.lacks,
                (true, None) => 0.0,
                (true, Some(resync)) => (copy.lacks - (resync.speed() - 1.0) * written).max(0.0),
            };
        }
    }

    fn copy(&mut self, unit: UnitId) -> &mut Copy {
        let found = self.units.iter_mut().find(|copy| copy.unit == unit);
        found.expect("bug: a group keeps a copy a unit")
    }

    /// The time until a unit that is back has caught up: backlog ÷ (resync − write).
    fn catches_up(&mut self, unit: UnitId, declared: &Replicated) -> Tick {
        let lacks = self.copy(unit).lacks;
        let ahead = declared.resync.map_or(f64::INFINITY, |resync| resync.speed() - 1.0);
        let takes = if lacks == 0.0 { 0.0 } else { lacks / ahead };
        if ahead > 0.0 && takes < Tick::LAST.get() as f64 { Tick::new(takes as i64) } else { Tick::NEVER }
    }

    /// Another unit takes over: the ticks that are lost.
    fn takes_over(&mut self, unit: UnitId, declared: &Replicated, at: Moment<'_>) -> Tick {
        let lag = declared
            .lag
            .as_ref()
            .map_or(Tick::ZERO, |law| Tick::from_hours(law.quantile(self.lag.open01(at.replication)).get()));
        let lacks = Tick::new((self.copy(unit).lacks as i64).min(Tick::LAST.get()));
        let lost = lacks.max(lag);
        // From now on its data are the data: who has more has nothing that counts, who has less lacks less.
        for copy in &mut self.units {
            copy.lacks = (copy.lacks - lost.get() as f64).max(0.0);
        }
        lost
    }
}

impl Copies {
    /// The data begin to come back from a backup, or are back: every unit has what was restored.
    fn data(&mut self, kind: FactKind, declared: &Replicated, now: Tick) {
        self.look(declared, now);
        self.restores = kind == FactKind::UnitDown;
        if !self.restores {
            self.units.iter_mut().for_each(|copy| copy.lacks = 0.0);
        }
    }
}

impl Replication {
    fn fact_of(&mut self, (place, unit): (u32, UnitId), kind: FactKind, at: Moment<'_>) {
        let copies = &mut self.copies[place as usize];
        let (group, declared) = (at.system.group_of[unit as usize], &at.system.replicated[copies.of as usize]);
        copies.look(declared, at.now);
        let measured = at.now >= at.system.warmup;
        match kind {
            FactKind::UnitDown => {
                copies.copy(unit).receives = false;
                copies.writes &= unit != copies.active;
            }
            FactKind::UnitUp => {
                copies.copy(unit).receives = true;
                if copies.writes && measured {
                    let takes = copies.catches_up(unit, declared);
                    self.resyncs.push(Resynced { of: copies.of, takes });
                }
            }
            _ => {
                if unit != copies.active {
                    let lost = copies.takes_over(unit, declared, at);
                    if measured {
                        self.takeovers.push(Takeover { of: copies.of, group, at: at.now, lost });
                    }
                }
                (copies.active, copies.writes) = (unit, true);
            }
        }
    }
}

impl Mechanism for Replication {
    const LISTENS: FactSet = FactSet::of(&[FactKind::UnitDown, FactKind::UnitUp, FactKind::Activated]);

    fn new(system: &System) -> Self {
        let groups = if system.replicated.is_empty() { 0 } else { system.groups.len() };
        let (mut copies, mut place) = (Vec::new(), vec![None; groups]);
        for (of, replicated) in (0..).zip(&system.replicated) {
            for &(group, stream) in &replicated.groups {
                place[group as usize] = Some(copies.len() as u32);
                let units = &system.groups[group as usize].units;
                let copy = |&unit: &UnitId| Copy { unit, receives: true, lacks: 0.0 };
                copies.push(Copies {
                    of,
                    lag: Stream::new(stream),
                    units: units.iter().map(copy).collect(),
                    first: system.plans.first_active(group, units),
                    active: system.plans.first_active(group, units),
                    writes: true,
                    restores: false,
                    since: Tick::ZERO,
                });
            }
        }
        let of_group = |copies: &Copies| system.groups[system.group_of[copies.active as usize] as usize].component;
        let data = system.backups.iter().filter_map(|backup| {
            let place = copies.iter().position(|copies| of_group(copies) == backup.component)?;
            Some((backup.data, place as u32))
        });
        let data = data.collect();
        Self { copies, place, data, takeovers: Vec::new(), resyncs: Vec::new() }
    }

    fn listens(&self) -> FactSet {
        if self.copies.is_empty() { FactSet::NONE } else { Self::LISTENS }
    }

    fn start(&mut self, _: Moment<'_>, _: &mut Out) {
        self.takeovers.clear();
        self.resyncs.clear();
        for copies in &mut self.copies {
            copies.lag.rewind();
            copies.units.iter_mut().for_each(|copy| (copy.receives, copy.lacks) = (true, 0.0));
            (copies.active, copies.writes, copies.since) = (copies.first, true, Tick::ZERO);
            copies.restores = false;
        }
    }

    fn event(&mut self, kind: Kind, _: u32, _: Moment<'_>, _: &mut Out) {
        unreachable!("bug: replication owns no events, got {kind:?}");
    }

    fn fact(&mut self, fact: Fact, at: Moment<'_>, _: &mut Out) {
        if at.system.units.is_domain(fact.subject) {
            return;
        }
        let group = at.system.group_of[fact.subject as usize];
        if let Some(place) = self.place[group as usize] {
            self.fact_of((place, fact.subject), fact.kind, at);
        } else if let Some(&(_, place)) = self.data.iter().find(|(data, _)| *data == fact.subject) {
            let copies = &mut self.copies[place as usize];
            copies.data(fact.kind, &at.system.replicated[copies.of as usize], at.now);
        }
    }
}
