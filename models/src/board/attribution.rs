//! Attribution: while a journey is down, each instant's weight of 1 is passed down to the causes that hold it down.
//!
//! A gate passes its weight equally to its children that are down; a unit to the effects that hold it down; a lost
//! domain to its own modes. A group that has enough able units and is being reconfigured after a failure passes its
//! weight to that; a standby group that still has an able unit waits for a switch, or for what its failover plan is at;
//! one that has none passes its weight to its units that are not able. A unit that is able and ejected by its health check
//! passes its weight to that. Of a scaled component that serves too little, failed units count, and those that would be
//! needed beyond them and are away. Clients of a router who are still sent to a place that is down, or not yet back to
//! their own, are a cause of their own. A mode whose repair waits for a crew or a part, or has not been asked
//! for, passes its weight to that. Several ways to a cause add.

use std::collections::BinaryHeap;

use crate::board::{Board, Wiring};
use crate::system::{CauseId, Component, Flow, GateId, Group, Journey, ModeCrew, SlotEffect, System, UnitId};

/// Scratch for attribution, kept over instants.
#[derive(Debug)]
pub struct Attribution {
    gate_weight: Vec<f64>,
    gates: BinaryHeap<GateId>,
    cause_weight: Vec<f64>,
    causes: Vec<CauseId>,
}

impl Attribution {
    /// Scratch for `system`.
    pub fn new(system: &System) -> Self {
        Self {
            gate_weight: vec![0.0; system.structure.len()],
            gates: BinaryHeap::new(),
            cause_weight: vec![0.0; system.units.causes.len()],
            causes: Vec::new(),
        }
    }

    /// The causes of a journey's being down and their weights, ascending by cause, adding up to 1.
    pub fn attribute(
        &mut self,
        (system, wiring, board): (&System, &Wiring, &Board),
        journey: u32,
        into: &mut Vec<(CauseId, f64)>,
    ) {
        let demand = board.rates.demand(journey);
        let journey = &system.journeys[journey as usize];
        if board.is_up(journey.served.gate) {
            self.by_numbers(system, board, (journey, demand));
        } else {
            self.visit((system, board), journey.served.gate, 1.0);
            self.walk(system, wiring, board);
        }
        self.causes.sort_unstable();
        into.clear();
        for cause in self.causes.drain(..) {
            let weight = std::mem::take(&mut self.cause_weight[cause as usize]);
            into.push((cause, weight));
        }
    }

    /// A unit passes its weight on at once; a gate waits until all of its own has come.
    #[inline]
    fn visit(&mut self, (system, board): (&System, &Board), gate: GateId, weight: f64) {
        if system.structure.is_leaf(gate) {
            return self.unit(system, board, gate, weight);
        }
        if self.gate_weight[gate as usize] == 0.0 {
            self.gates.push(gate);
        }
        self.gate_weight[gate as usize] += weight;
    }

    /// Parents have larger ids than children: the largest id first sees every weight before it is passed on.
    fn walk(&mut self, system: &System, wiring: &Wiring, board: &Board) {
        while let Some(gate) = self.gates.pop() {
            let weight = std::mem::take(&mut self.gate_weight[gate as usize]);
            if let Some(id) = wiring.scheme_at(gate) {
                let group = &system.groups[id as usize];
                if let Some(cause) = reconfiguring(system, board, group) {
                    self.add(cause, weight);
                } else if group.standby.is_some()
                    && group.units.iter().any(|&u| board.is_able(u) && board.is_dormant(u))
                {
                    self.add(switch_cause(system, board, id), weight);
                } else {
                    self.spread((system, board), &group.units, weight);
                }
            } else {
                let down = board.down_children(system, gate);
                let part = weight / down as f64;
                match wiring.in_a_row(gate) {
                    Some(row) => board.each_down(row, |child| self.visit((system, board), child, part)),
                    None => {
                        let children = system.structure.children(gate).iter();
                        children
                            .filter(|&&child| !board.is_up(child))
                            .for_each(|&child| self.visit((system, board), child, part));
                    }
                }
            }
        }
    }

    /// Passes weight on equally to those units that are not able.
    fn spread(&mut self, (system, board): (&System, &Board), units: &[UnitId], weight: f64) {
        let down = || units.iter().filter(|&&unit| !board.is_able(unit));
        let count = down().count();
        down().for_each(|&unit| self.unit(system, board, unit, weight / count as f64));
        // Of a scaled group too few may be there, all of them well.
        if let Some(&away) = units.iter().find(|&&unit| count == 0 && board.is_dormant(unit)) {
            self.unit(system, board, away, weight);
        }
    }

    fn unit(&mut self, system: &System, board: &Board, unit: UnitId, weight: f64) {
        if let Some(cause) = ejected(system, board, unit) {
            return self.add(cause, weight);
        }
        let of = &system.units.units[unit as usize];
        if of.modes.len() == 1 && of.lost.is_empty() {
            // Nothing else can hold it down.
            return self.add(cause_of(system, board, of.modes.start), weight);
        }
        let slots = || of.modes.clone().chain(of.lost.clone()).filter(|&slot| board.is_active(slot));
        let held = |slot: u32| !matches!(system.units.slots[slot as usize].effect, SlotEffect::Degraded { .. });
        let count = slots().filter(|&slot| held(slot)).count();
        for slot in slots().filter(|&slot| held(slot)) {
            let part = weight / count as f64;
            match system.units.slots[slot as usize].effect {
                SlotEffect::Lost(domain) => self.unit(system, board, domain, part),
                SlotEffect::Reclaimed(cause) => self.add(cause, part),
                _ => self.add(cause_of(system, board, slot), part),
            }
        }
    }

    fn add(&mut self, cause: CauseId, weight: f64) {
        let sum = &mut self.cause_weight[cause as usize];
        if *sum == 0.0 {
            self.causes.push(cause);
        }
        *sum += weight;
    }

    /// Down although its structure is up: by capacity, by errors, or by both in equal parts where neither would do.
    fn by_numbers(&mut self, system: &System, board: &Board, (journey, demand): (&Journey, f64)) {
        let rule = journey.rule;
        let capacity = board.capacity_share(&journey.served, demand);
        let short = rule.capacity_at_least.is_some_and(|least| board.capacity_of(&journey.served.flow, demand) < least);
        let by_capacity = short || capacity < rule.success;
        let by_errors = board.error_free(&journey.served) < rule.success;
        let (by_capacity, by_errors) = if by_capacity || by_errors { (by_capacity, by_errors) } else { (true, true) };
        let weight = if by_capacity && by_errors { 0.5 } else { 1.0 };
        if by_capacity {
            self.capacity(system, board, (journey, demand), weight);
        }
        if by_errors {
            self.errors(system, board, journey, weight);
        }
    }

    fn capacity(&mut self, system: &System, board: &Board, (journey, demand): (&Journey, f64), weight: f64) {
        let mut bottlenecks = Vec::new();
        bottlenecks_of((board, demand), &journey.served.flow, &mut bottlenecks);
        let units = || bottlenecks.iter().flat_map(|&component| system.components[component as usize].units.clone());
        let lost = |unit: UnitId| {
            let is_away = is_away(system, board, unit);
            !is_away && (!board.is_able(unit) || ejected(system, board, unit).is_some())
        };
        let reduced = |unit: &UnitId| lost(*unit) || reducing_modes(system, board, *unit).next().is_some();
        let slowed = |component: u32| slowed(system, board, component);
        let unstarted = || {
            let each = bottlenecks.iter();
            each.filter_map(move |&component| unstarted(system, board, component).or_else(|| slowed(component)))
        };
        let count = units().filter(reduced).count() + unstarted().map(|(_, count)| count).sum::<usize>();
        if count == 0 {
            let cause = bottlenecks.iter().find_map(|&component| away(system, board, component));
            self.add(cause.unwrap_or(system.units.demand_cause), weight);
        }
        unstarted().for_each(|(cause, missing)| self.add(cause, weight * missing as f64 / count as f64));
        for unit in units().filter(reduced) {
            let part = weight / count as f64;
            if lost(unit) {
                self.unit(system, board, unit, part);
            } else {
                self.modes((system, board), reducing_modes(system, board, unit).collect(), part);
            }
        }
    }

    fn errors(&mut self, system: &System, board: &Board, journey: &Journey, weight: f64) {
        let components = journey.served.components.iter().map(|&component| &system.components[component as usize]);
        let serving = components.flat_map(|component| component.units.clone()).filter(|&unit| board.is_up(unit));
        let failing = serving.flat_map(|unit| system.units.units[unit as usize].modes.clone()).filter(|&mode| {
            let effect = system.units.slots[mode as usize].effect;
            board.is_active(mode) && matches!(effect, SlotEffect::Degraded { errors, .. } if errors > 0.0)
        });
        let failing: Vec<u32> = failing.collect();
        let components = journey.served.components.iter().map(|&component| &system.components[component as usize]);
        let probed = components.filter(|component| component.probed).flat_map(|component| component.units.clone());
        let unnoticed: Vec<UnitId> = probed.filter(|&unit| !board.is_able(unit) && !board.is_dormant(unit)).collect();
        let astray: Vec<CauseId> =
            journey.served.components.iter().filter_map(|&component| astray(system, board, component)).collect();
        let count = failing.len() + unnoticed.len() + astray.len();
        if count == 0 {
            self.add(system.units.demand_cause, weight);
        }
        let part = weight / count as f64;
        unnoticed.into_iter().for_each(|unit| self.unit(system, board, unit, part));
        astray.into_iter().for_each(|cause| self.add(cause, part));
        let share = failing.len() as f64 / count as f64;
        self.modes((system, board), failing, weight * share);
    }

    fn modes(&mut self, (system, board): (&System, &Board), modes: Vec<u32>, weight: f64) {
        for &mode in &modes {
            self.add(cause_of(system, board, mode), weight / modes.len() as f64);
        }
    }
}

/// The cause of a group's being down though enough of its units are able: a failure that is being dealt with.
fn reconfiguring(system: &System, board: &Board, group: &Group) -> Option<CauseId> {
    let coverage = group.coverage.as_ref()?;
    if group.units.iter().filter(|&&unit| board.is_able(unit)).count() < coverage.need as usize {
        return None;
    }
    let slot = coverage.slots.into_iter().find(|&slot| board.is_active(slot))?;
    match system.units.slots[slot as usize].effect {
        SlotEffect::Reconfiguring(cause) => Some(cause),
        _ => None,
    }
}

/// Why a place is empty although a unit could fill it: what its plan is at, or a switch.
fn switch_cause(system: &System, board: &Board, group: u32) -> CauseId {
    let by_plan = system.plans.of_group(group).find_map(|plan| {
        let (first, causes) = (system.units.plan_slots[plan as usize], system.units.plan_causes[plan as usize]);
        (first..).zip(causes).find(|(slot, _)| board.is_active(*slot)).map(|(_, cause)| cause)
    });
    by_plan.unwrap_or(system.units.switch_causes[system.groups[group as usize].component as usize])
}

/// The cause of a mode that is present: the mode itself, or what its repair waits for.
fn cause_of(system: &System, board: &Board, mode: u32) -> CauseId {
    let mode = &system.units.modes[mode as usize];
    match mode.crew {
        Some(crew) if board.is_active(crew.waiting) => system.units.waiting_causes[crew.team as usize],
        Some(ModeCrew { supply: Some(supply), .. }) => awaited(system, board, supply).unwrap_or(mode.cause),
        _ => mode.cause,
    }
}

/// The cause that a repair has not been asked for yet, or waits for a part, if it is so.
fn awaited(system: &System, board: &Board, supply: u32) -> Option<CauseId> {
    let of = &system.units.supplies[supply as usize];
    let slots = [Some(of.delayed), of.part.map(|_| of.no_part)];
    let slot = slots.into_iter().flatten().find(|&slot| board.is_active(slot))?;
    match system.units.slots[slot as usize].effect {
        SlotEffect::Awaiting(_, cause) => Some(cause),
        _ => None,
    }
}

/// The cause by which a unit that is able is out of rotation, or away, if it is.
fn ejected(system: &System, board: &Board, unit: UnitId) -> Option<CauseId> {
    if !board.is_dormant(unit) || !board.is_able(unit) {
        return None;
    }
    match system.units.slots[system.units.units[unit as usize].dormant? as usize].effect {
        SlotEffect::Ejected(cause) | SlotEffect::Away(cause) | SlotEffect::Electing(cause) => Some(cause),
        _ => None,
    }
}

fn is_away(system: &System, board: &Board, unit: UnitId) -> bool {
    let scaled = system.units.units[unit as usize].component.is_some_and(|c| system.components[c as usize].scaled);
    scaled && board.is_dormant(unit)
}

/// Units of a scaled component that are missing for its load though nothing is wrong with them: not those in place of which
/// others have failed. With the cause of their being away; none where none is missing.
fn unstarted(system: &System, board: &Board, component: u32) -> Option<(CauseId, usize)> {
    let of = &system.components[component as usize];
    if !of.scaled {
        return None;
    }
    let (mut missing, mut cause) = (0, None);
    for group in
        of.groups.clone().filter(|&group| of.groups.len() == 1 || board.is_up(system.groups[group as usize].serves))
    {
        let load = board.load_of(system, group) - reserve(system, of, group);
        let needed = (load / board.rates.per_unit(component)).ceil() as usize;
        let units = &system.groups[group as usize].units;
        let there = units.iter().filter(|&&unit| !board.is_dormant(unit)).count();
        let away = units.iter().filter(|&&unit| is_away(system, board, unit));
        let away: Vec<CauseId> = away.filter_map(|&unit| ejected(system, board, unit)).collect();
        missing += needed.saturating_sub(there).min(away.len());
        cause = cause.or(away.first().copied());
    }
    Some((cause?, missing)).filter(|_| missing > 0)
}

/// What a group serves beside its replicas.
fn reserve(system: &System, of: &Component, group: u32) -> f64 {
    let routing = of.routed.map(|router| &system.routings[router as usize]);
    routing.map_or(0.0, |routing| routing.reserve((group - of.groups.start) as usize))
}

/// What the units of a component that share hosts lack of their capacity, in units, with the cause; none where they lack
/// none. Who shares hosts is not scaled.
fn slowed(system: &System, board: &Board, component: u32) -> Option<(CauseId, usize)> {
    let tenant = system.tenant(component)?;
    let serving = system.components[component as usize].units.clone().filter(|&unit| board.is_up(unit)).count();
    let lacking = serving as f64 * (1.0 - board.rates.per_unit(component) / tenant.rate);
    (lacking > 0.0).then(|| (tenant.cause, lacking.ceil() as usize))
}

/// The cause of clients' still being sent to a place of a component that is down, if they are.
fn astray(system: &System, board: &Board, component: u32) -> Option<CauseId> {
    let routing = &system.routings[system.components[component as usize].routed? as usize];
    let sent = board.rates.sent(routing).iter().zip(&routing.gates);
    sent.into_iter().any(|(&sent, &gate)| sent > 0.0 && !board.is_up(gate)).then_some(routing.cause)
}

/// The cause of clients' not being sent to their own places of a component, if they are not.
fn away(system: &System, board: &Board, component: u32) -> Option<CauseId> {
    let routing = &system.routings[system.components[component as usize].routed? as usize];
    (board.rates.sent(routing) != routing.weights).then_some(routing.cause)
}

fn reducing_modes(system: &System, board: &Board, unit: UnitId) -> impl Iterator<Item = u32> {
    system.units.units[unit as usize].modes.clone().filter(|&mode| {
        let effect = system.units.slots[mode as usize].effect;
        board.is_active(mode) && matches!(effect, SlotEffect::Degraded { capacity, .. } if capacity < 1.0)
    })
}

/// The components that limit a flow: the least of a list, every branch of a sum.
fn bottlenecks_of((board, demand): (&Board, f64), flow: &Flow, into: &mut Vec<u32>) {
    match flow {
        Flow::Component(component) => {
            if !into.contains(component) {
                into.push(*component);
            }
        }
        Flow::Least(parts) => {
            let least = parts.iter().map(|part| board.capacity_of(part, demand)).fold(f64::INFINITY, f64::min);
            if let Some(part) = parts.iter().find(|part| board.capacity_of(part, demand) == least) {
                bottlenecks_of((board, demand), part, into);
            }
        }
        Flow::Sum(branches) => branches.iter().for_each(|(_, part)| bottlenecks_of((board, demand), part, into)),
    }
}
