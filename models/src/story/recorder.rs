//! The recorder: an observer that writes down the transitions of chosen spans, and of what was wrong when they began.

use std::collections::{BTreeMap, BTreeSet};

use ninefold_sim_core::calendar::Event;
use ninefold_sim_core::tick::Tick;

use super::names::Names;
use super::transition::{Change, Subject, Transition, TransitionId};
use crate::board::{Effect, Service};
use crate::mechanism::{Happening, Kind, Mechanisms, Moment, Place, Turn};
use crate::replication::Observe;
use crate::system::{GateId, Leadership, SlotEffect, SlotId, UnitId};

/// Most transitions that are written down of a replication.
pub const TRANSITIONS_MAX: usize = 1_000_000;

/// Writes down a replication.
#[derive(Debug)]
pub(super) struct Recorder<'a> {
    names: &'a Names,
    /// Spans to be told, apart from one another, ascending.
    spans: Vec<(Tick, Tick)>,
    next: TransitionId,
    /// What is not over.
    open: BTreeMap<Subject, Transition>,
    kept: Vec<Transition>,
    up: Vec<bool>,
    places: Vec<Place>,
    service: Vec<Service>,
    /// Turns of plans that have been told, and the last of each plan that others follow from.
    turns: usize,
    /// Restores that have been told.
    restores: usize,
    plans: Vec<Option<TransitionId>>,
    now: Now,
}

/// What has happened at this instant.
#[derive(Debug, Default)]
struct Now {
    /// Units whose effects changed, and the last transition of each that is told.
    units: BTreeMap<UnitId, Option<TransitionId>>,
    /// Places that may have changed since they were last looked at.
    places: BTreeSet<u32>,
    /// Switches and manual switches that ended since then.
    ended: Vec<(Kind, u32)>,
    /// For each team, the last repair by it that ended.
    freed: BTreeMap<u32, TransitionId>,
    /// Failures that may bring others with them, and the components that these are of.
    sources: Vec<(u32, TransitionId)>,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(names: &'a Names) -> Self {
        Self {
            names,
            spans: Vec::new(),
            next: 0,
            open: BTreeMap::new(),
            kept: Vec::new(),
            up: Vec::new(),
            places: Vec::new(),
            service: Vec::new(),
            turns: 0,
            restores: 0,
            plans: Vec::new(),
            now: Now::default(),
        }
    }

    /// The spans of the next replication.
    pub(super) fn tell(&mut self, mut spans: Vec<(Tick, Tick)>) {
        spans.sort_unstable();
        self.spans.clear();
        for (start, end) in spans {
            match self.spans.last_mut().filter(|last| start <= last.1) {
                Some(last) => last.1 = last.1.max(end),
                None => self.spans.push((start, end)),
            }
        }
    }

    /// What was written down, in order; `None` if it was too much.
    pub(super) fn transitions(&self) -> Option<&[Transition]> {
        (self.kept.len() < TRANSITIONS_MAX).then_some(&self.kept)
    }

    /// Whether a span from one tick to another touches one that is told.
    fn matters(&self, from: Tick, to: Tick) -> bool {
        let begun = self.spans.partition_point(|span| span.0 <= to);
        begun > 0 && self.spans[begun - 1].1 >= from
    }

    fn keep(&mut self, transition: Transition) {
        if self.matters(transition.at, transition.until) && self.kept.len() < TRANSITIONS_MAX {
            self.kept.push(transition);
        }
    }

    /// A state is over.
    fn close(&mut self, subject: Subject, now: Tick) -> Option<TransitionId> {
        let mut over = self.open.remove(&subject)?;
        over.until = now;
        let id = over.id;
        self.keep(over);
        Some(id)
    }

    /// A change of a subject, whose state before is over.
    fn add(&mut self, subject: Subject, change: Change, (at, parent): (Tick, Option<TransitionId>)) -> TransitionId {
        let before = self.close(subject, at);
        let lasts = match &change {
            Change::Lifted | Change::Filled { .. } => false,
            Change::Gate { up, .. } => !up,
            Change::Serves { now, .. } => !now.up || now.served < 1.0,
            Change::Turned(turn) => turn.lasts(),
            _ => true,
        };
        let (id, until) = (self.next, if lasts { Tick::NEVER } else { at });
        self.next += 1;
        let transition = Transition { id, at, until, subject, change, parent: parent.or(before) };
        if lasts {
            self.open.insert(subject, transition);
        } else {
            self.keep(transition);
        }
        id
    }

    /// The last that was told of a unit at this instant, or else what holds it.
    fn last_of(&self, unit: UnitId, at: Moment<'_>) -> Option<TransitionId> {
        let open = || {
            let modes = at.system.units.units[unit as usize].modes.clone();
            modes.filter_map(|mode| self.open.get(&Subject::Slot(mode))).map(|open| open.id).max()
        };
        self.now.units.get(&unit).copied().flatten().or_else(open)
    }

    /// What is down that a deep check of a unit reads.
    fn lacking(&self, unit: UnitId, at: Moment<'_>) -> Option<TransitionId> {
        let component = at.system.units.units[unit as usize].component;
        let check = at.system.checks.iter().find(|check| Some(check.component) == component)?;
        check.reads.iter().filter_map(|&gate| self.open.get(&Subject::Gate(gate))).map(|open| open.id).max()
    }

    /// What happened last at this instant to the voters of a component, or to the network between them.
    fn last_of_voters(&self, slot: SlotId, at: Moment<'_>) -> Option<TransitionId> {
        let is_of = |seat: &&Leadership| {
            seat.two_writers == Some(slot) || seat.election.as_ref().is_some_and(|(_, of, _)| *of == slot)
        };
        let seat = at.system.leaderships.iter().find(is_of)?;
        let link = seat.partition.as_ref().map(|partition| partition.link);
        let voters = at.system.components[seat.component as usize].units.clone().chain(link);
        voters.filter_map(|unit| self.now.units.get(&unit).copied().flatten()).max()
    }

    fn effect(&mut self, (slot, placed): (SlotId, bool), effect: SlotEffect, at: Moment<'_>) -> TransitionId {
        let modes = &at.system.units.modes;
        let team = |mode: u32| modes[mode as usize].crew.map(|crew| crew.team);
        let parent = match effect {
            SlotEffect::Lost(domain) => self.last_of(domain, at),
            SlotEffect::Waiting(mode) | SlotEffect::Awaiting(mode, _) if placed => {
                self.open.get(&Subject::Slot(mode)).map(|failed| failed.id)
            }
            SlotEffect::Reconfiguring(_) => {
                let unit = at.system.units.slots[slot as usize].unit;
                let group = &at.system.groups[at.system.group_of[unit as usize] as usize];
                group.units.iter().filter_map(|unit| self.now.units.get(unit).copied().flatten()).max()
            }
            SlotEffect::Withdrawn(_) if placed => {
                let unit = at.system.units.slots[slot as usize].unit;
                let group = &at.system.groups[at.system.group_of[unit as usize] as usize];
                let down = self.open.get(&Subject::Gate(group.gate)).map(|open| open.id);
                down.or_else(|| self.last_of(unit, at))
            }
            SlotEffect::Withdrawn(_) => None,
            SlotEffect::Electing(_) | SlotEffect::TwoWriters(_) => self.last_of_voters(slot, at),
            SlotEffect::Ejected(_) if placed => {
                let unit = at.system.units.slots[slot as usize].unit;
                self.last_of(unit, at).or_else(|| self.lacking(unit, at))
            }
            SlotEffect::Away(_) | SlotEffect::Reclaimed(_) | SlotEffect::Awaiting(..) => None,
            SlotEffect::Waiting(mode) => team(mode).and_then(|team| self.now.freed.get(&team).copied()),
            _ if placed && modes[slot as usize].is_restored => {
                let unit = modes[slot as usize].unit;
                let backup = at.system.backups.iter().find(|backup| backup.data == unit);
                let units = backup.map(|backup| at.system.components[backup.component as usize].units.clone());
                units.into_iter().flatten().filter_map(|unit| self.now.units.get(&unit).copied().flatten()).max()
            }
            _ if placed => {
                let component = at.system.units.units[modes[slot as usize].unit as usize].component;
                self.now.sources.iter().rev().find(|(to, _)| Some(*to) == component).map(|(_, id)| *id)
            }
            _ => None,
        };
        let change = if placed { Change::Placed } else { Change::Lifted };
        let id = self.add(Subject::Slot(slot), change, (at.now, parent));
        if matches!(effect, SlotEffect::Away(_)) {
            // That it was removed is told when it was, not as long as it is away.
            self.close(Subject::Slot(slot), at.now);
        }
        let by_mode = matches!(effect, SlotEffect::Failed | SlotEffect::Degraded { .. });
        if let Some(team) = (by_mode && !placed).then(|| team(slot)).flatten() {
            self.now.freed.insert(team, id);
        }
        if by_mode && placed {
            let brings = &at.system.units.propagations;
            let brings = modes[slot as usize].propagates.clone().map(|one| brings[one as usize].to);
            self.now.sources.extend(brings.map(|to| (to, id)));
        }
        id
    }

    fn place_changed(&mut self, place: u32, (before, after): (Place, Place), at: Moment<'_>) {
        let ended = |kind| self.now.ended.contains(&(kind, place));
        let (change, parent) = match (before, after) {
            (Place::Filled(left) | Place::Switching(left), Place::Switching(to)) => {
                (Change::SwitchStarted(to), self.last_of(left, at))
            }
            (Place::Waiting, Place::Switching(to)) => (Change::SwitchStarted(to), None),
            (Place::Switching(_), Place::Waiting) if ended(Kind::SwitchEnds) => (Change::SwitchFailed, None),
            (Place::Filled(left) | Place::Switching(left), Place::Waiting) => {
                (Change::NobodyLeft, self.last_of(left, at))
            }
            (Place::Waiting, Place::Filled(unit)) if ended(Kind::ManualSwitchEnds) => {
                (Change::Filled { unit, by_hand: true }, None)
            }
            (Place::Waiting, Place::Filled(unit)) => (Change::Filled { unit, by_hand: false }, self.last_of(unit, at)),
            (_, Place::Filled(unit)) => (Change::Filled { unit, by_hand: false }, None),
            (Place::Waiting, Place::Waiting) => return,
        };
        let id = self.add(Subject::Place(place), change, (at.now, parent));
        if let Place::Filled(unit) = after {
            self.now.units.insert(unit, Some(id));
        }
    }

    /// A step goes on from what it was at; the plan, and the first of a step, from what the plan came to before, and at first
    /// from what happened to the unit in the place.
    fn turned(&mut self, Happening { instance, turn, .. }: Happening, at: Moment<'_>) {
        let before = self.plans[instance as usize];
        let (subject, parent) = match turn {
            Turn::Started { from, .. } => (Subject::Plan(instance), self.last_of(from, at)),
            Turn::StepReady(step) => (Subject::Step(instance, step), before),
            Turn::StepCalls(step) | Turn::StepBegins(step) | Turn::StepEnds(step, _) => {
                (Subject::Step(instance, step), None)
            }
            _ => (Subject::Plan(instance), before),
        };
        let id = self.add(subject, Change::Turned(turn), (at.now, parent));
        if matches!(turn, Turn::StepReady(_) | Turn::StepCalls(_) | Turn::StepBegins(_) | Turn::Tested { .. }) {
            return;
        }
        self.plans[instance as usize] = Some(id);
        if !matches!(turn, Turn::Started { .. } | Turn::Decided(_) | Turn::TakenOver | Turn::Ended { .. }) {
            return;
        }
        // Who was stood down or called upon at this instant was so by the plan.
        let groups = &at.system.plans.instances[instance as usize].groups;
        for unit in groups.iter().flat_map(|&group| &at.system.groups[group as usize].units) {
            if let Some(last) = self.now.units.get_mut(unit) {
                *last = (*last).max(Some(id));
            }
        }
    }

    /// Finds the gates that are different from before the instant, lower ones first, and what each follows from.
    fn gates(&mut self, at: Moment<'_>) -> BTreeMap<GateId, TransitionId> {
        let structure = &at.system.structure;
        let replicas = at.system.units.replicas as UnitId;
        let mut looked_at: BTreeMap<GateId, Option<TransitionId>> =
            self.now.units.range(..replicas).map(|(&unit, &last)| (unit, last)).collect();
        let mut flipped = BTreeMap::new();
        while let Some((gate, mut last)) = looked_at.pop_first() {
            let up = at.board.is_up(gate);
            if up == self.up[gate as usize] {
                continue;
            }
            self.up[gate as usize] = up;
            if self.names.get(gate).is_some() {
                let children = structure.children(gate).len();
                let down = if structure.is_leaf(gate) { 0 } else { at.board.down_children(at.system, gate) };
                let change = Change::Gate { up, children_up: (children - down) as u32 };
                last = Some(self.add(Subject::Gate(gate), change, (at.now, last)));
            }
            flipped.extend(last.map(|last| (gate, last)));
            for &parent in structure.parents(gate) {
                let follows = looked_at.entry(parent).or_default();
                *follows = (*follows).max(last);
            }
        }
        flipped
    }

    /// The gates with a name that keep a gate down, itself or those under it.
    fn down_at(&self, gate: GateId, at: Moment<'_>, into: &mut Vec<GateId>) {
        if at.board.is_up(gate) || into.contains(&gate) {
            return;
        }
        if self.names.get(gate).is_some() {
            return into.push(gate);
        }
        at.system.structure.children(gate).iter().for_each(|&child| self.down_at(child, at, into));
    }

    fn journey(&mut self, journey: u32, flipped: &BTreeMap<GateId, TransitionId>, at: Moment<'_>) {
        let (before, now) = (self.service[journey as usize], at.board.service(journey));
        self.service[journey as usize] = now;
        if (before.up, before.served) == (now.up, now.served) {
            return;
        }
        let served = &at.system.journeys[journey as usize].served;
        let units = || {
            let components = served.components.iter().map(|&component| &at.system.components[component as usize]);
            components.flat_map(|component| self.now.units.range(component.units.clone())).filter_map(|(_, last)| *last)
        };
        let parent = flipped.get(&served.gate).copied().or_else(|| units().max());
        let mut down = Vec::new();
        self.down_at(served.gate, at, &mut down);
        self.add(Subject::Journey(journey), Change::Serves { now, down }, (at.now, parent));
    }
}

impl Observe for Recorder<'_> {
    fn begins(&mut self, at: Moment<'_>, mechanisms: &Mechanisms) {
        (self.next, self.turns, self.restores) = (0, 0, 0);
        self.plans = vec![None; at.system.plans.instances.len()];
        self.open.clear();
        self.kept.clear();
        self.up = (0..at.system.structure.len() as GateId).map(|gate| at.board.is_up(gate)).collect();
        self.places = (0..at.system.places).map(|place| mechanisms.place(place)).collect();
        self.service = vec![Service::FULL; at.system.journeys.len()];
        (0..at.system.journeys.len() as u32).for_each(|journey| self.journey(journey, &BTreeMap::new(), at));
    }

    fn event(&mut self, event: Event) {
        let kind = Kind::ALL[usize::from(event.kind())];
        if matches!(kind, Kind::SwitchEnds | Kind::ManualSwitchEnds) {
            self.now.places.insert(event.entity());
            self.now.ended.push((kind, event.entity()));
        }
    }

    fn effects(&mut self, at: Moment<'_>, effects: &[Effect]) {
        for &Effect { slot, placed } in effects {
            let of = &at.system.units.slots[slot as usize];
            let last = match of.effect {
                SlotEffect::Dormant | SlotEffect::Plan { .. } => None,
                // Who is away at the start is no news.
                SlotEffect::Away(_) if at.now == Tick::ZERO => None,
                effect @ SlotEffect::Away(_) => Some(self.effect((slot, placed), effect, at)),
                _ if self.open.contains_key(&Subject::Slot(slot)) == placed => continue,
                effect => Some(self.effect((slot, placed), effect, at)),
            };
            let told = self.now.units.entry(of.unit).or_default();
            *told = last.or(*told);
            let group = (!at.system.units.is_domain(of.unit)).then(|| at.system.group_of[of.unit as usize]);
            if let Some(standby) = group.and_then(|group| at.system.groups[group as usize].standby.as_ref()) {
                self.now.places.extend(standby.places.clone());
            }
        }
    }

    fn told(&mut self, at: Moment<'_>, mechanisms: &Mechanisms) {
        while let Some(place) = self.now.places.pop_first() {
            let after = mechanisms.place(place);
            let before = std::mem::replace(&mut self.places[place as usize], after);
            if before != after {
                self.place_changed(place, (before, after), at);
            }
        }
        self.now.ended.clear();
        while let Some(&happened) = mechanisms.failovers().get(self.turns) {
            self.turns += 1;
            self.turned(happened, at);
        }
        while let Some(&restored) = mechanisms.restored().get(self.restores) {
            self.restores += 1;
            if let Some(begun) = self.open.get_mut(&Subject::Slot(restored.mode)) {
                begun.change = Change::Restores(restored);
            }
        }
    }

    fn passed(&mut self, at: Moment<'_>) {
        let flipped = self.gates(at);
        let journeys = at.system.journeys.len() as u32;
        let mut changed: Vec<u32> = at.board.changed().iter().copied().filter(|&id| id < journeys).collect();
        changed.sort_unstable();
        changed.into_iter().for_each(|journey| self.journey(journey, &flipped, at));
        self.now.units.clear();
        self.now.freed.clear();
        self.now.sources.clear();
    }

    fn ends(&mut self, end: Tick) {
        for (_, open) in std::mem::take(&mut self.open) {
            if self.matters(open.at, end) && self.kept.len() < TRANSITIONS_MAX {
                self.kept.push(open);
            }
        }
        self.kept.sort_unstable_by_key(|transition| transition.id);
    }
}
