//! Standby switching: places are filled from able dormant units; `scenario.md`, "A component". Places that a failover plan
//! moves are the plan's.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use crate::board::{Board, Fact, FactKind, FactSet};
use crate::mechanism::calls::Calls;
use crate::mechanism::{Kind, Mechanism, Moment, Out};
use crate::system::{RepairStarts, StandbyGroup, System, UnitId};

/// Who fills a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// This unit.
    Filled(UnitId),
    /// Nobody yet: this unit was chosen and is being switched in.
    Switching(UnitId),
    /// Nobody: the next unit to become able fills it at once.
    Waiting,
}

/// The random draws of one group.
#[derive(Clone, Copy, Debug)]
struct Draws {
    called: Stream,
    takes: Stream,
    success: Stream,
    manual: Stream,
}

/// Switching in every standby group.
#[derive(Debug)]
pub(super) struct Switching {
    places: Vec<Place>,
    /// For each place, the failed unit whose repair waits for it to be filled.
    held: Vec<Option<UnitId>>,
    group_of_place: Vec<u32>,
    draws: Vec<Option<Draws>>,
    calls: Calls,
}

/// A standby group with its index.
#[derive(Clone, Copy)]
struct Group<'a> {
    index: u32,
    units: &'a [UnitId],
    standby: &'a StandbyGroup,
}

fn group(system: &System, index: u32) -> Option<Group<'_>> {
    let group = &system.groups[index as usize];
    let switched = group.standby.as_ref().filter(|_| system.plans.of_group(index).is_empty());
    switched.map(|standby| Group { index, units: &group.units, standby })
}

impl Switching {
    /// Who fills a place.
    pub(super) fn place(&self, place: u32) -> Place {
        self.places[place as usize]
    }

    fn range(&self, group: Group<'_>) -> std::ops::Range<usize> {
        group.standby.places.start as usize..group.standby.places.end as usize
    }

    fn group_at(&self, place: u32, system: &'_ System) -> u32 {
        debug_assert!(place < system.places);
        self.group_of_place[place as usize]
    }

    /// The first able dormant unit in written order that no other place has chosen and that starts when it is called.
    fn call(&mut self, group: Group<'_>, at: Moment<'_>, out: &mut Out) -> Option<UnitId> {
        loop {
            let unit = self.choose(group, at)?;
            let draws = self.draws[group.index as usize].as_mut().expect("bug: every standby group has its draws");
            if self.calls.starts(unit, (group.standby, &mut draws.called), at, out) {
                return Some(unit);
            }
        }
    }

    /// The first able dormant unit in written order that no other place has chosen.
    fn choose(&self, group: Group<'_>, at: Moment<'_>) -> Option<UnitId> {
        let taken = &self.places[self.range(group)];
        let free = |unit: UnitId| {
            !taken.contains(&Place::Switching(unit))
                && !taken.contains(&Place::Filled(unit))
                && !self.calls.has_failed(unit, at.now)
        };
        group.units.iter().copied().find(|&unit| at.board.is_able(unit) && free(unit))
    }

    fn draws(&mut self, group: Group<'_>) -> &mut Draws {
        self.draws[group.index as usize].as_mut().expect("bug: every standby group has its draws")
    }

    fn begin_switch(&mut self, place: u32, group: Group<'_>, at: Moment<'_>, out: &mut Out) {
        let Some(chosen) = self.call(group, at, out) else {
            self.places[place as usize] = Place::Waiting;
            return;
        };
        self.places[place as usize] = Place::Switching(chosen);
        let uniform = self.draws(group).takes.open01(at.replication);
        let takes = group.standby.scheme.switch_takes.quantile(uniform);
        let ends = at.now.after(Tick::from_hours(takes.get()));
        if ends <= at.system.end {
            out.schedule(ends, Kind::SwitchEnds, place);
        }
    }

    fn fill(&mut self, place: u32, unit: UnitId, system: &System, out: &mut Out) {
        self.places[place as usize] = Place::Filled(unit);
        self.release(place, out);
        out.lift(system.units.units[unit as usize].dormant.expect("bug: its group stands by"));
        out.note(FactKind::Activated, unit);
    }

    /// The repair that waited for a place may begin.
    fn release(&mut self, place: u32, out: &mut Out) {
        if let Some(unit) = self.held[place as usize].take() {
            out.note(FactKind::RepairMayBegin, unit);
        }
    }

    /// Where nobody is left to fill a place, no repair waits for it.
    fn release_if_none_is_left(&mut self, group: Group<'_>, board: &Board, out: &mut Out) {
        if group.standby.scheme.repair_starts == RepairStarts::AtOnce {
            return;
        }
        let filled = &self.places[self.range(group)];
        let able = |unit: &&UnitId| board.is_able(**unit) && !filled.contains(&Place::Filled(**unit));
        if !group.units.iter().any(|unit| able(&unit)) {
            self.range(group).for_each(|place| self.release(place as u32, out));
        }
    }

    fn switch_ends(&mut self, place: u32, group: Group<'_>, at: Moment<'_>, out: &mut Out) {
        let Place::Switching(chosen) = self.places[place as usize] else { return };
        if self.draws(group).success.open01(at.replication) < group.standby.scheme.switch_success {
            self.fill(place, chosen, at.system, out);
            return;
        }
        self.places[place as usize] = Place::Waiting;
        if let Some(manual) = &group.standby.scheme.manual_switch {
            let uniform = self.draws(group).manual.open01(at.replication);
            let ends = at.now.after(Tick::from_hours(manual.quantile(uniform).get()));
            if ends <= at.system.end {
                out.schedule(ends, Kind::ManualSwitchEnds, place);
            }
        }
    }

    fn unit_down(&mut self, unit: UnitId, group: Group<'_>, at: Moment<'_>, out: &mut Out) {
        for place in self.range(group) {
            if self.places[place] == Place::Filled(unit) {
                if group.standby.scheme.repair_starts == RepairStarts::AfterSwitch {
                    self.held[place] = Some(unit);
                }
                out.place(at.system.units.units[unit as usize].dormant.expect("bug: its group stands by"));
                out.note(FactKind::StoodDown, unit);
                self.begin_switch(place as u32, group, at, out);
            } else if self.places[place] == Place::Switching(unit) {
                out.cancel(Kind::SwitchEnds, place as u32);
                self.begin_switch(place as u32, group, at, out);
            }
        }
        self.release_if_none_is_left(group, at.board, out);
    }

    fn unit_up(&mut self, unit: UnitId, group: Group<'_>, at: Moment<'_>, out: &mut Out) {
        let waiting = self.range(group).find(|&place| self.places[place] == Place::Waiting);
        if let Some(place) = waiting {
            out.cancel(Kind::ManualSwitchEnds, place as u32);
            self.fill(place as u32, unit, at.system, out);
        }
    }
}

impl Mechanism for Switching {
    const LISTENS: FactSet = FactSet::of(&[FactKind::UnitDown, FactKind::UnitUp]);

    fn new(system: &System) -> Self {
        let draws_of = |standby: &StandbyGroup| Draws {
            called: Stream::new(standby.call_stream),
            takes: Stream::new(standby.takes_stream),
            success: Stream::new(standby.success_stream),
            manual: Stream::new(standby.manual_stream),
        };
        let mut group_of_place = vec![0; system.places as usize];
        for (index, group) in system.groups.iter().enumerate() {
            if let Some(standby) = &group.standby {
                group_of_place[standby.places.start as usize..standby.places.end as usize].fill(index as u32);
            }
        }
        Self {
            places: vec![Place::Waiting; system.places as usize],
            held: vec![None; system.places as usize],
            calls: Calls::new(system.units.replicas),
            group_of_place,
            draws: (0..)
                .map_while(|index| {
                    let of = system.groups.get(index as usize)?;
                    Some(of.standby.as_ref().filter(|_| system.plans.of_group(index).is_empty()).map(draws_of))
                })
                .collect(),
        }
    }

    fn listens(&self) -> FactSet {
        if self.draws.iter().all(Option::is_none) { FactSet::NONE } else { Self::LISTENS }
    }

    /// The first `active` units in written order fill the places; the others stand by.
    fn start(&mut self, at: Moment<'_>, out: &mut Out) {
        self.held.fill(None);
        self.calls.forget();
        for index in 0..at.system.groups.len() as u32 {
            let Some(group) = group(at.system, index) else { continue };
            let draws = self.draws(group);
            draws.called.rewind();
            draws.takes.rewind();
            draws.success.rewind();
            draws.manual.rewind();
            let active = self.range(group).len();
            for (place, &unit) in self.range(group).zip(group.units) {
                self.places[place] = Place::Filled(unit);
            }
            for &unit in &group.units[active..] {
                out.place(at.system.units.units[unit as usize].dormant.expect("bug: its group stands by"));
                out.note(FactKind::StoodDown, unit);
            }
        }
    }

    fn event(&mut self, kind: Kind, place: u32, at: Moment<'_>, out: &mut Out) {
        let Some(group) = group(at.system, self.group_at(place, at.system)) else { return };
        match kind {
            Kind::SwitchEnds => self.switch_ends(place, group, at, out),
            _ => {
                if self.places[place as usize] == Place::Waiting
                    && let Some(unit) = self.call(group, at, out)
                {
                    self.fill(place, unit, at.system, out);
                }
            }
        }
        self.release_if_none_is_left(group, at.board, out);
    }

    fn fact(&mut self, fact: Fact, at: Moment<'_>, out: &mut Out) {
        if at.system.units.is_domain(fact.subject) {
            return;
        }
        let Some(group) = group(at.system, at.system.group_of[fact.subject as usize]) else { return };
        if fact.kind == FactKind::UnitDown {
            self.unit_down(fact.subject, group, at, out);
        } else {
            self.unit_up(fact.subject, group, at, out);
        }
    }
}
