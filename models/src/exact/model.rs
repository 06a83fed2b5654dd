//! A system as the exact engine sees it: a coherent structure over independent variables.
//!
//! A replica serves while its own variable and those of all its domains are up. Variables that never fail are left
//! out. A standby scheme that is a plain threshold in disguise becomes one; a pair that is never repaired becomes one
//! variable of its own; every other scheme, and a group with coverage or a health check, becomes a variable that refuses, with the reason.
//! Shocks are variables too, where that is exact.

use std::collections::{BTreeMap, BTreeSet};

use super::error::NotExact;
use super::probability::Chance;
use super::process::{DownMode, Process, Steady};
use super::shocks::{Mending, Struck, StruckUnit, Variables};
use super::spot::SpotPlace;
use super::standby_pair::StandbyPair;
use super::structure::{GateId, Structure};
use crate::system::{self, Effect, Group, ModeSpec, Repair, Standby, StandbyGroup, StandbyMode, System};
use crate::units::Hours;

/// What a variable is.
#[derive(Clone, Debug)]
pub enum Part {
    /// A replica or a domain.
    Process(Process),
    /// A standby pair as one.
    Pair(StandbyPair),
    /// A place of spot capacity.
    Spot(SpotPlace),
    /// Something without an exact answer.
    Refused(NotExact),
}

/// The structure and what its variables are.
#[derive(Debug)]
pub struct Model {
    /// Gates over variables: units by their id, then standby groups.
    pub structure: Structure,
    /// For each gate of the system, the gate here.
    gates: Vec<GateId>,
    /// The same until the first failure: a standby group whose switch takes time goes down with its first active unit.
    first_gates: Vec<GateId>,
    /// The same over units and schemes alone, as a chain counts them; empty where shocks strike nobody.
    counted_gates: Vec<GateId>,
    /// Variables whose loss is mended, by such a switch or after a shock, and so is not final.
    mended: BTreeSet<usize>,
    struck: Struck,
    parts: Vec<Part>,
    /// For each variable, its part; equal parts are shared.
    part_of: Vec<usize>,
    /// Long run of each part.
    steady: Vec<Result<Steady, NotExact>>,
    /// For each group whose standby scheme, coverage or health check is a variable, that variable.
    pub(super) schemes: BTreeMap<usize, usize>,
    /// For each unit that is spot, the variable that its place is.
    pub(super) spots: BTreeMap<usize, usize>,
    /// Everything starts in its long run, independently: schedules have their phases at random.
    stationary: bool,
}

impl Model {
    /// Reads a system.
    pub fn of(system: &System) -> Self {
        let components = system.spec.components.iter().map(|c| (&c.name, &c.modes));
        let owners = components.chain(system.spec.domains.iter().map(|d| (&d.name, &d.modes)));
        let islands = system.islands.components.iter().chain(&system.islands.domains);
        let mut parts: Vec<Part> =
            owners.zip(islands).map(|((name, modes), island)| unit_part(name, modes, island.is_some())).collect();
        let component_of = |unit: &system::Unit| unit.component.map(|component| component as usize);
        let first_domain = system.spec.components.len();
        let units = system.units.units.iter().enumerate();
        let mut part_of: Vec<usize> = units
            .map(|(id, unit)| component_of(unit).unwrap_or(first_domain + id - system.units.replicas.min(id)))
            .collect();
        let moved = |group: usize| !system.plans.of_group(group as u32).is_empty();
        let mut schemes = BTreeMap::new();
        let mut variables = BTreeMap::new();
        for (index, group) in system.groups.iter().enumerate() {
            if let Some(standby) = &group.standby
                && (moved(index) || !is_threshold(standby, group.units.len()))
            {
                schemes.insert(group.gate, (part_of.len(), group));
                variables.insert(index, part_of.len());
                part_of.push(parts.len());
                let owner = || system.spec.components[group.component as usize].name.clone();
                let refused = || Part::Refused(NotExact::Failover(owner()));
                parts.push(if moved(index) { refused() } else { standby_part(system, group, &standby.scheme) });
            }
            if group.coverage.is_some() {
                schemes.insert(group.gate, (part_of.len(), group));
                variables.insert(index, part_of.len());
                part_of.push(parts.len());
                let name = system.spec.components[group.component as usize].name.clone();
                parts.push(Part::Refused(NotExact::Coverage(name)));
            }
            if let Some(why) = NotExact::rotates(system, group.component) {
                schemes.insert(group.gate, (part_of.len(), group));
                variables.insert(index, part_of.len());
                part_of.push(parts.len());
                parts.push(Part::Refused(why));
            }
        }
        for backup in system.backups.iter().filter(|backup| !backup.first_try) {
            let name = system.spec.components[backup.component as usize].name.clone();
            parts[part_of[backup.data as usize]] = Part::Refused(NotExact::Restored(name));
        }
        let mut spots = BTreeMap::new();
        for spot in &system.spots {
            for unit in &spot.units {
                spots.insert(unit.unit as usize, part_of.len());
                part_of.push(parts.len());
            }
            parts.push(SpotPlace::part(system, spot));
        }
        let mut struck = Struck::of(system, &mut Variables { parts: &mut parts, part_of: &mut part_of });
        for experiment in &system.spec.experiments {
            let Some(owner) = experiment.strike.owner.index(&system.spec) else { continue };
            struck.forget(&system.experiments_at(owner));
            let groups = variables.iter().filter(|(group, _)| system.groups[**group].component as usize == owner);
            let units = spots.iter().filter(|(unit, _)| system.units.units[**unit].component == Some(owner as u32));
            let held = groups.map(|(_, variable)| variable).chain(units.map(|(_, variable)| variable));
            for part in held.map(|&variable| part_of[variable]).chain([owner]) {
                parts[part] = Part::Refused(NotExact::Experiment(experiment.strike.owner.name().1.to_owned()));
            }
        }
        let mut model = Self {
            structure: Structure::default(),
            gates: Vec::new(),
            first_gates: Vec::new(),
            counted_gates: Vec::new(),
            mended: struck.mended.clone(),
            struck,
            steady: parts.iter().map(steady_of).collect(),
            parts,
            part_of,
            schemes: variables,
            spots,
            stationary: system.equilibrium.is_stationary(),
        };
        model.add_gates(system, &schemes);
        model
    }

    fn add_gates(&mut self, system: &System, schemes: &BTreeMap<system::GateId, (usize, &Group)>) {
        for id in 0..system.structure.len() {
            let gate = id as system::GateId;
            let (added, first) = if let Some(&(variable, group)) = schemes.get(&gate) {
                let leaf = self.structure.leaf(variable);
                self.count_gate(leaf);
                (leaf, self.first_active(system, group).unwrap_or(leaf))
            } else if system.structure.is_leaf(gate) {
                let fallible = self.fallible(system, id);
                let replica = self.all(fallible.clone());
                self.count_gate(replica);
                if fallible.iter().all(|&unit| self.struck.get(unit).is_none()) {
                    (replica, replica)
                } else {
                    (self.apart(&fallible, |unit| unit.mending != Mending::Apart), self.apart(&fallible, |_| true))
                }
            } else {
                let (need, children) = (system.structure.need(gate), system.structure.children(gate));
                let of = |gates: &[GateId]| -> Vec<GateId> { children.iter().map(|&c| gates[c as usize]).collect() };
                let (now, first) = (of(&self.gates), of(&self.first_gates));
                let same = now == first;
                if !self.struck.is_empty() {
                    let counted = self.structure.at_least(need, of(&self.counted_gates));
                    self.count_gate(counted);
                }
                let added = self.structure.at_least(need, now);
                (added, if same { added } else { self.structure.at_least(need, first) })
            };
            self.gates.push(added);
            self.first_gates.push(first);
        }
    }

    fn count_gate(&mut self, gate: GateId) {
        if !self.struck.is_empty() {
            self.counted_gates.push(gate);
        }
    }

    fn all(&mut self, mut variables: Vec<usize>) -> GateId {
        variables.sort_unstable();
        variables.dedup();
        let leaves = variables.into_iter().map(|variable| self.structure.leaf(variable)).collect();
        self.structure.all(leaves)
    }

    /// A gate over units, those taken apart into their own failures and the shocks of which it is asked for and can be.
    fn apart(&mut self, units: &[usize], asked: impl Fn(&StruckUnit) -> bool) -> GateId {
        let mut variables = Vec::new();
        for &unit in units {
            match self.struck.get(unit).filter(|struck| struck.is_apart && asked(struck)) {
                Some(struck) => {
                    variables.extend(Some(struck.own).filter(|&own| self.can_fail(own)));
                    variables.extend(&struck.shocks);
                }
                None => variables.push(unit),
            }
        }
        self.all(variables)
    }

    /// The domains a replica sits in, outermost first, the replica, and its place if it is spot, as far as they can fail.
    fn fallible(&self, system: &System, replica: usize) -> Vec<usize> {
        let chain = system.units.ancestors[replica].iter().rev().map(|&domain| domain as usize);
        let place = self.spots.get(&replica).copied();
        chain.chain([replica]).chain(place).filter(|&unit| self.can_fail(unit)).collect()
    }

    /// The units that are active from the start, all needed until the first failure if every switch takes time and
    /// every place is needed.
    fn first_active(&mut self, system: &System, group: &Group) -> Option<GateId> {
        let scheme = &group.standby.as_ref()?.scheme;
        if scheme.need != scheme.active || scheme.switch_takes.cdf(Hours::ZERO) > 0.0 {
            return None;
        }
        let active = &group.units[..scheme.active as usize];
        let fallible: Vec<usize> = active.iter().flat_map(|&unit| self.fallible(system, unit as usize)).collect();
        if fallible.iter().any(|&unit| self.struck.get(unit).is_some()) {
            return None;
        }
        self.mended.extend(fallible);
        let replicas = active.iter().map(|&unit| self.first_gates[unit as usize]).collect();
        Some(self.structure.all(replicas))
    }

    fn can_fail(&self, variable: usize) -> bool {
        !matches!(self.part(variable), Part::Process(process) if process.modes.is_empty())
    }

    /// The gate that stands for a gate of the system.
    pub fn gate(&self, gate: system::GateId) -> GateId {
        self.gates[gate as usize]
    }

    /// The gate that stands for a gate of the system, over units and schemes alone.
    pub(super) fn counted_gate(&self, gate: system::GateId) -> GateId {
        self.counted_gates.get(gate as usize).copied().unwrap_or(self.gates[gate as usize])
    }

    /// The gate that stands for a gate of the system until its first failure.
    pub fn first_gate(&self, gate: system::GateId) -> GateId {
        self.first_gates[gate as usize]
    }

    /// The number of a variable's part; equal for variables that behave alike.
    pub(super) fn part_of(&self, variable: usize) -> usize {
        self.part_of[variable]
    }

    /// What a variable is.
    pub fn part(&self, variable: usize) -> &Part {
        &self.parts[self.part_of[variable]]
    }

    /// The long run of every one of `variables`, in order, if they are independent in the long run.
    ///
    /// # Errors
    /// The first variable's reason, or [`NotExact::InStep`].
    pub fn steady(&self, variables: &[usize]) -> Result<Vec<Steady>, NotExact> {
        let all = variables.iter().map(|&variable| self.steady[self.part_of[variable]].clone());
        let all = all.collect::<Result<Vec<_>, _>>()?;
        if self.stationary {
            return Ok(all);
        }
        match self.two(variables, &all, |steady| !steady.settles) {
            Some((first, second)) => Err(NotExact::InStep(first, second)),
            None => Ok(all),
        }
    }

    /// Whether everything starts in its long run.
    pub(super) const fn is_stationary(&self) -> bool {
        self.stationary
    }

    /// Refuses if two variables can change at the same instant.
    ///
    /// # Errors
    /// [`NotExact::Coincide`].
    pub fn refuse_coincidence(&self, variables: &[usize], steady: &[Steady]) -> Result<(), NotExact> {
        if self.stationary {
            return Ok(());
        }
        match self.two(variables, steady, |steady| steady.discrete) {
            Some((first, second)) => Err(NotExact::Coincide(first, second)),
            None => Ok(()),
        }
    }

    /// Whose the first two variables are of which something holds, if there are two.
    fn two(&self, variables: &[usize], all: &[Steady], holds: fn(&Steady) -> bool) -> Option<(String, String)> {
        let mut found = variables.iter().zip(all).filter(|(_, steady)| holds(steady)).map(|(&variable, _)| variable);
        found.next().zip(found.next()).map(|(first, second)| (self.owner(first), self.owner(second)))
    }

    /// P(up) and P(down) of a variable at an instant.
    ///
    /// # Errors
    /// The reason why not.
    pub fn at(&self, variable: usize, at: Hours) -> Result<Chance, NotExact> {
        if self.stationary {
            return self.steady[self.part_of[variable]].clone().map(|steady| steady.chance);
        }
        match self.part(variable) {
            Part::Process(process) => process.at(at),
            Part::Pair(pair) => pair.at(at),
            Part::Spot(place) => Err(NotExact::Spot(place.owner.clone())),
            Part::Refused(reason) => Err(reason.clone()),
        }
    }

    /// P(no failure yet) of a variable, and its complement.
    ///
    /// # Errors
    /// The reason why not.
    pub fn survives(&self, variable: usize, at: Hours) -> Result<Chance, NotExact> {
        if self.stationary {
            return Err(NotExact::Stationary);
        }
        match self.part(variable) {
            Part::Process(process) => process.survives(at),
            Part::Pair(pair) => pair.at(at),
            Part::Spot(place) => Err(NotExact::Spot(place.owner.clone())),
            Part::Refused(reason) => Err(reason.clone()),
        }
    }

    /// Whether what goes down by this variable stays down.
    pub fn is_final(&self, variable: usize) -> bool {
        match self.part(variable) {
            _ if self.mended.contains(&variable) => false,
            Part::Process(process) => process.is_final(),
            Part::Pair(_) => true,
            Part::Spot(_) | Part::Refused(_) => false,
        }
    }

    /// A time at which a variable has probably not failed and may have: a quantile of its life, if it has one.
    pub(super) fn life_quantile(&self, variable: usize, p: f64) -> Option<Hours> {
        match self.part(variable) {
            Part::Process(process) => Some(process.life_quantile(p)),
            Part::Pair(pair) => Some(pair.unit.life_quantile(p)),
            Part::Spot(_) | Part::Refused(_) => None,
        }
    }

    /// The variables of a unit: itself, and its place if it is spot.
    pub(super) fn of_unit(&self, unit: usize) -> impl Iterator<Item = usize> {
        std::iter::once(unit).chain(self.spots.get(&unit).copied())
    }

    /// Whose place of spot capacity stands under a gate, if one does.
    pub(super) fn spot_under(&self, gate: GateId) -> Option<String> {
        if self.spots.is_empty() {
            return None;
        }
        let is_place = |variable: &usize| self.spots.values().any(|place| place == variable);
        self.structure.variables(gate).into_iter().find(is_place).map(|variable| self.owner(variable))
    }

    /// Whose a variable is, for messages.
    pub fn owner(&self, variable: usize) -> String {
        match self.part(variable) {
            Part::Process(process) => process.owner.clone(),
            Part::Pair(pair) => pair.unit.owner.clone(),
            Part::Spot(place) => place.owner.clone(),
            Part::Refused(reason) => reason.to_string(),
        }
    }
}

/// A replica or a domain; coupled with others, it is no variable of its own.
pub(super) fn unit_part(owner: &str, modes: &[ModeSpec], coupled: bool) -> Part {
    let process = process(owner, modes);
    if coupled && !process.modes.is_empty() {
        return Part::Refused(NotExact::Coupled(owner.to_owned()));
    }
    Part::Process(process)
}

fn process(owner: &str, modes: &[ModeSpec]) -> Process {
    let down = modes.iter().filter(|mode| mode.effect == Effect::Down);
    let down = down.map(|mode| DownMode {
        time_to_failure: mode.time_to_failure.clone(),
        repair: mode.repair.law().cloned(),
        clock: mode.clock,
        tests: match &mode.repair {
            Repair::Tested(repair) => Some(repair.tests),
            _ => None,
        },
    });
    let is_worn = modes.iter().any(|mode| mode.effect == Effect::Down && mode.worn().is_some());
    Process { owner: owner.to_owned(), modes: down.collect(), is_worn }
}

fn steady_of(part: &Part) -> Result<Steady, NotExact> {
    match part {
        Part::Process(process) => process.steady(),
        Part::Pair(pair) => Err(NotExact::NeverRepaired(pair.unit.owner.clone())),
        Part::Spot(place) => Ok(place.steady),
        Part::Refused(reason) => Err(reason.clone()),
    }
}

/// Whether filled places depend on the number of able units alone: every able unit works (no unit ever waits), or a
/// waiting one ages as a working one, starts when it is called and takes over at once and surely.
fn is_threshold(standby: &StandbyGroup, units: usize) -> bool {
    let scheme = &standby.scheme;
    let at_once = scheme.switch_takes.quantile(1.0).get() == 0.0;
    scheme.active as usize == units
        || (scheme.mode == StandbyMode::Hot && at_once && scheme.switch_success == 1.0 && standby.on_demand.is_empty())
}

fn standby_part(system: &System, group: &Group, scheme: &Standby) -> Part {
    let component = &system.spec.components[group.component as usize];
    let unit = process(&component.name, &component.modes);
    let refused = Part::Refused(NotExact::Standby(component.name.clone()));
    let at_once = scheme.switch_takes.quantile(1.0).get() == 0.0;
    let mut domains = group.units.iter().flat_map(|&unit| &system.units.ancestors[unit as usize]);
    let alone = domains.all(|&domain| system.spec.domains[domain as usize - system.units.replicas].modes.is_empty());
    let one_and_one = (scheme.active, group.units.len()) == (1, 2);
    // A manual switch after a failed one brings the pair back.
    let stays_down = scheme.switch_success == 1.0 || scheme.manual_switch.is_none();
    let ages = unit.is_final() && !unit.modes.is_empty() && matches!(unit.is_calendar(), Ok(false));
    let coupled = system.islands.components[group.component as usize].is_some();
    let operating = unit.modes.iter().all(|mode| mode.clock == system::Clock::Operating);
    if coupled || !(at_once && alone && one_and_one && stays_down && ages && operating) {
        return refused;
    }
    let dormancy = match scheme.mode {
        StandbyMode::Hot => 1.0,
        StandbyMode::Warm { dormancy } => dormancy,
        StandbyMode::Cold => 0.0,
    };
    Part::Pair(StandbyPair { unit, dormancy, switch_success: scheme.switch_success })
}
