//! A system's structure over what can be lost: units and domains.
//!
//! Variables are units by their id, domains after replicas. A replica serves while it and all its domains are up; one
//! that has no failure mode of its own that takes it down is no variable. A shared risk is one, and takes down all its
//! members. A standby group is up while as many of its units are able as it needs places, and the time of a switch, like
//! that of an uncovered failure, is nobody's loss; or it is one variable, down while it is. So is a group with coverage.

use super::holds::Holds;
use super::shared_risks::Risk;
use crate::exact::{GateId, Structure};
use crate::system::{self, Clock, Effect, System, UnitId};

/// How a system is seen.
#[derive(Clone, Copy, Debug)]
pub(super) enum Seen<'a> {
    /// By what can be lost: a standby group is its units, and a shared risk one variable over all its members.
    Declared,
    /// As it is found in a run: a standby group is one variable, the number of units and then its group; what a shared
    /// risk has struck is one by unit.
    InRuns(&'a Holds),
}

/// Gates over the losses of a system.
#[derive(Debug)]
pub(super) struct Losses {
    pub(super) structure: Structure,
    /// For each gate of the system, the gate here.
    gates: Vec<GateId>,
    /// What may strike several units at once.
    pub(super) risks: Vec<Risk>,
}

impl Losses {
    pub(super) fn of(system: &System, seen: Seen<'_>) -> Self {
        let mut structure = Structure::default();
        let mut whole = vec![None; system.structure.len()];
        if matches!(seen, Seen::InRuns(_)) {
            let of = |group: &system::Group| &system.components[group.component as usize];
            let rotates = |group: &system::Group| of(group).probed || of(group).scaled;
            let groups = system
                .groups
                .iter()
                .enumerate()
                .filter(|(_, group)| group.standby.is_some() || group.coverage.is_some() || rotates(group));
            groups.for_each(|(place, group)| whole[group.gate as usize] = Some(group_variable(system, place)));
        }
        let fewest = fewest(system);
        let risks = Risk::all(system);
        let mut gates: Vec<GateId> = Vec::with_capacity(system.structure.len());
        for gate in 0..system.structure.len() as system::GateId {
            let added = if let Some(variable) = whole[gate as usize] {
                structure.leaf(variable)
            } else if system.structure.is_leaf(gate) {
                let leaves = variables((system, &risks), seen, gate);
                let leaves = leaves.into_iter().map(|variable| structure.leaf(variable)).collect();
                structure.all(leaves)
            } else {
                let children = fewest[gate as usize].as_deref().unwrap_or(system.structure.children(gate));
                let of = children.iter().map(|&child| gates[child as usize]).collect();
                structure.at_least(system.structure.need(gate), of)
            };
            gates.push(added);
        }
        Self { structure, gates, risks }
    }

    pub(super) fn gate(&self, gate: system::GateId) -> GateId {
        self.gates[gate as usize]
    }
}

/// The variables of a replica, those of the domains around it first.
fn variables((system, risks): (&System, &[Risk]), seen: Seen<'_>, replica: UnitId) -> Vec<usize> {
    let chain = || system.units.ancestors[replica as usize].iter().rev().chain([&replica]).copied();
    match seen {
        Seen::Declared => {
            let units = chain().filter(|&unit| can_fail(system, unit)).map(|unit| unit as usize);
            let strikes = |risk: &Risk| chain().any(|unit| risk.takes_down(unit));
            let shared = (0..risks.len()).filter(|&risk| strikes(&risks[risk]));
            units.chain(shared.map(|risk| first_risk(system) + risk)).collect()
        }
        Seen::InRuns(holds) => chain().flat_map(|unit| holds.variables(unit)).collect(),
    }
}

/// For each gate, which of its children it can be relied on to have, where not all: of what is scaled, the fewest replicas.
fn fewest(system: &System) -> Vec<Option<Vec<system::GateId>>> {
    let mut fewest = vec![None; system.structure.len()];
    for scaler in &system.autoscalers {
        let gate = system.groups[scaler.group as usize].gate;
        let least = scaler.spec.scaler.least().max(1).max(system.structure.need(gate)) as usize;
        fewest[gate as usize] = Some(scaler.units[..least.min(scaler.units.len())].to_vec());
    }
    fewest
}

/// The variable of a standby group: after units.
pub(super) fn group_variable(system: &System, group: usize) -> usize {
    system.units.units.len() + group
}

/// The variable of the first risk: after units and standby groups.
pub(super) fn first_risk(system: &System) -> usize {
    system.units.units.len() + system.groups.len()
}

/// Whether a variable is a unit or a domain.
pub(super) fn is_unit(system: &System, variable: usize) -> bool {
    variable < system.units.units.len()
}

/// Whether a unit fails by itself.
fn can_fail(system: &System, unit: UnitId) -> bool {
    let modes = system.units.units[unit as usize].modes.clone();
    let modes = modes.into_iter().map(|mode| &system.units.modes[mode as usize]);
    let is_spot = |spot: &system::Spot| spot.units.iter().any(|spot| spot.unit == unit);
    modes.into_iter().any(|mode| mode.effect == Effect::Down && mode.clock != Clock::Struck)
        || system.spots.iter().any(is_spot)
}

/// How tables name a variable: the component where a unit is its only one, else the unit; the domain; the
/// standby group; the shared risk.
pub(super) fn name(system: &System, variable: usize) -> String {
    let component = |index: u32| &system.spec.components[index as usize];
    if let Some(risk) = variable.checked_sub(first_risk(system)) {
        return Risk::all(system)[risk].source.clone();
    }
    let Some(of) = system.units.units.get(variable) else {
        let group = &system.groups[variable - system.units.units.len()];
        let name = &component(group.component).name;
        return group
            .domain
            .as_ref()
            .map_or_else(|| format!("components.{name}"), |d| format!("components.{name}@{d}"));
    };
    match of.component.map(component) {
        None => format!("domains.{}", of.name),
        Some(component) if component.units.len() == 1 => format!("components.{}", component.name),
        Some(_) => format!("units.{}", of.name),
    }
}
