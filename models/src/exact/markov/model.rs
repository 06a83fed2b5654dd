//! What of a system a chain consists of: classes of units that are alike, their repairs, teams and places.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::chain::STATES_MAX;
use super::coverage::Cover;
use super::data::Data;
use super::phases::Phases;
use super::state::{Filling, Place, State};
use crate::exact::error::NotExact;
use crate::exact::structure::{Extract, Structure};
use crate::system::{
    Clock, Effect, Hits, ModeSpec, Order, Redundancy, Repair, RepairStarts, Standby, StandbyMode, System,
};

/// Units of one group in the same domains: counted, not named.
#[derive(Clone, Debug)]
pub(super) struct Class {
    /// The component, or after the components the domain.
    pub(super) owner: usize,
    /// Variables of the structure, one a unit.
    pub(super) variables: Vec<usize>,
    /// Its kinds of failure.
    pub(super) kinds: Range<usize>,
    /// Its standby scheme, if units stand by.
    pub(super) standby: Option<Scheme>,
    /// What its failures cost, if they do.
    pub(super) coverage: Option<Cover>,
    /// How fast its clocks run by how many units of its owner are able, if they share a load.
    pub(super) shared: Option<Vec<f64>>,
}

/// A standby scheme whose state is more than how many units are able.
#[derive(Clone, Debug)]
pub(super) struct Scheme {
    pub(super) places: Range<usize>,
    /// Variable of the structure: enough places are filled.
    pub(super) variable: usize,
    pub(super) need: u32,
    /// Speed of a dormant unit's clocks.
    pub(super) dormancy: f64,
    /// Ends of a switch per hour; `None` is at once.
    pub(super) switch_rate: Option<f64>,
    pub(super) success: f64,
    /// Kinds by which a unit that is called may fail, in order, and how probably.
    pub(super) on_demand: Vec<(usize, f64)>,
    /// Ends of a manual switch per hour.
    pub(super) manual_rate: Option<f64>,
    /// Repairs wait for the switch.
    pub(super) after_switch: bool,
    /// Places may be told apart only where a person fills one of several.
    pub(super) alike: bool,
}

/// A failure mode of a class and its repair.
#[derive(Clone, Debug)]
pub(super) struct Kind {
    pub(super) class: usize,
    /// Failures per hour of operating time.
    pub(super) rate: f64,
    /// Where its repair begins, with probabilities; empty if it is never repaired.
    pub(super) begins: Vec<(u16, f64)>,
    pub(super) repair: Option<Phases>,
    /// Where its own repairs are counted, by phase.
    pub(super) alone: usize,
    pub(super) team: Option<usize>,
    pub(super) priority: u32,
    pub(super) hits: Vec<Hit>,
}

/// What a failure does elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) classes: Vec<usize>,
    pub(super) units: u32,
    pub(super) probability: f64,
}

/// A process of shocks.
#[derive(Clone, Debug)]
pub(super) struct Shock {
    pub(super) per_hour: f64,
    pub(super) hits: Hits,
    /// Classes that it strikes, the kind of failure it brings, and the units of each.
    pub(super) strikes: Vec<(usize, usize, usize)>,
}

/// A team with repairs in the chain.
#[derive(Clone, Debug)]
pub(super) struct Team {
    pub(super) crews: u32,
    pub(super) order: Order,
}

/// A cone and what is coupled with it.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(super) classes: Vec<Class>,
    pub(super) kinds: Vec<Kind>,
    pub(super) teams: Vec<Team>,
    pub(super) shocks: Vec<Shock>,
    pub(super) start: State,
    /// Data that it is asked about instead of the entity's being up.
    pub(super) data: Option<Data>,
    cone: Extract,
}

impl Model {
    /// The chain under `root`; `schemes` gives the variable of each group whose standby scheme or coverage is one.
    ///
    /// # Errors
    /// [`NotExact`] for laws without phases, and for what cannot be counted.
    pub(crate) fn of(
        system: &System,
        (structure, root): (&Structure, usize),
        schemes: &BTreeMap<usize, usize>,
    ) -> Result<Self, NotExact> {
        let cone = structure.extract(root);
        let owners = Self::owners(system, &cone, schemes);
        Self::build(system, (cone, owners), schemes)
    }

    /// The chain of the units of one component, whatever domains they sit in.
    ///
    /// # Errors
    /// As [`Model::of`].
    pub(super) fn of_component(
        system: &System,
        (structure, root): (&Structure, usize),
        (component, schemes): (usize, &BTreeMap<usize, usize>),
    ) -> Result<Self, NotExact> {
        Self::build(system, (structure.extract(root), BTreeSet::from([component])), schemes)
    }

    fn build(
        system: &System,
        (cone, owners): (Extract, BTreeSet<usize>),
        schemes: &BTreeMap<usize, usize>,
    ) -> Result<Self, NotExact> {
        let (able, alone, places, windows) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let start = State { able, alone, places, windows, lost: false, teams: Vec::new() };
        let (classes, kinds, teams, shocks) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut builder = Builder {
            system,
            schemes,
            model: Self { classes, kinds, teams, shocks, start, data: None, cone },
            team_of: BTreeMap::new(),
        };
        for owner in coupled_with(owners, system) {
            builder.add(owner)?;
        }
        builder.finish()
    }

    /// Components and domains (numbered after them) in a cone.
    fn owners(system: &System, cone: &Extract, schemes: &BTreeMap<usize, usize>) -> BTreeSet<usize> {
        let (units, components) = (&system.units, system.components.len());
        let owner = |&variable: &usize| match units.units.get(variable) {
            Some(unit) => unit.component.map_or_else(|| components + variable - units.replicas, |c| c as usize),
            None => {
                let group = schemes.iter().find(|(_, known)| **known == variable).map(|(&group, _)| group);
                let group = group.expect("bug: a variable is a unit or a scheme");
                system.groups[group].component as usize
            }
        };
        cone.variables.iter().map(owner).collect()
    }

    /// Whether the entity is up, or the data that it is asked about are not lost.
    pub(super) fn is_up(&self, state: &State) -> bool {
        if self.data.is_some() {
            return !state.lost;
        }
        let mut up = vec![true; self.cone.variables.len()];
        let place = |variable: usize| self.cone.variables.binary_search(&variable);
        for (class, &able) in self.classes.iter().zip(&state.able) {
            match (&class.standby, &class.coverage) {
                (_, Some(cover)) => {
                    let serves = u32::from(able) >= cover.need && state.windows[cover.window] == 0;
                    place(cover.variable).into_iter().for_each(|at| up[at] = serves);
                }
                (Some(scheme), _) => {
                    let filled = state.places[scheme.places.clone()].iter();
                    let filled = filled.filter(|place| place.filling == Filling::Filled).count();
                    place(scheme.variable).into_iter().for_each(|at| up[at] = filled >= scheme.need as usize);
                }
                (None, None) => {
                    let down = class.variables[able as usize..].iter();
                    down.filter_map(|&variable| place(variable).ok()).for_each(|at| up[at] = false);
                }
            }
        }
        self.cone.structure.works(self.cone.gates.len() - 1, |variable| up[variable])
    }

    /// Whether something is never repaired.
    pub(super) fn never_repaired(&self) -> bool {
        self.kinds.iter().any(|kind| kind.repair.is_none())
    }
}

/// These components and domains, and whatever is coupled with one of them.
fn coupled_with(mut owners: BTreeSet<usize>, system: &System) -> BTreeSet<usize> {
    let all: Vec<Option<u32>> = system.islands.components.iter().chain(&system.islands.domains).copied().collect();
    let met: BTreeSet<u32> = owners.iter().filter_map(|&owner| all[owner]).collect();
    owners.extend((0..all.len()).filter(|&owner| all[owner].is_some_and(|island| met.contains(&island))));
    owners
}

struct Builder<'a> {
    system: &'a System,
    schemes: &'a BTreeMap<usize, usize>,
    model: Model,
    /// Where a team of the system is among those of the chain.
    team_of: BTreeMap<u32, usize>,
}

impl Builder<'_> {
    fn add(&mut self, owner: usize) -> Result<(), NotExact> {
        let spec = &self.system.spec;
        let components = spec.components.len();
        if owner >= components {
            let domain = &spec.domains[owner - components];
            let variable = self.system.units.replicas + owner - components;
            return self.class(owner, (&domain.name, &domain.modes), vec![variable], (None, None));
        }
        let declared = &spec.components[owner];
        if let Some(why) = NotExact::rotates(self.system, owner as u32) {
            return Err(why);
        }
        for group in self.system.components[owner].groups.clone() {
            let group = group as usize;
            let units = &self.system.groups[group].units;
            if let (Some(&variable), Some(coverage)) = (self.schemes.get(&group), &self.system.groups[group].coverage) {
                self.refuse_failing_domains(group)?;
                let window = self.model.start.windows.len();
                let cover = Cover::of((&declared.name, coverage), (window, variable))?;
                self.model.start.windows.push(0);
                let variables = units.iter().map(|&unit| unit as usize).collect();
                self.class(owner, (&declared.name, &declared.modes), variables, (None, Some(cover)))?;
                continue;
            }
            if let Some(&variable) = self.schemes.get(&group) {
                let scheme = self.scheme(group, variable)?;
                let variables = units.iter().map(|&unit| unit as usize).collect();
                self.class(owner, (&declared.name, &declared.modes), variables, (Some(scheme), None))?;
                continue;
            }
            if self.system.load_sharing(owner as u32).is_some() {
                self.refuse_failing_domains(group)?;
            }
            let mut by_domains: BTreeMap<&[u32], Vec<usize>> = BTreeMap::new();
            for &unit in units {
                by_domains.entry(&self.system.units.ancestors[unit as usize]).or_default().push(unit as usize);
            }
            for variables in by_domains.into_values() {
                self.class(owner, (&declared.name, &declared.modes), variables, (None, None))?;
            }
        }
        Ok(())
    }

    /// Who is able depends on where it is: units are not alike.
    fn refuse_failing_domains(&self, group: usize) -> Result<(), NotExact> {
        let group = &self.system.groups[group];
        let spec = &self.system.spec;
        let mut domains = group.units.iter().flat_map(|&unit| &self.system.units.ancestors[unit as usize]);
        if domains.all(|&domain| spec.domains[domain as usize - self.system.units.replicas].modes.is_empty()) {
            return Ok(());
        }
        let owner = spec.components[group.component as usize].name.clone();
        Err(match (&group.coverage, &group.standby) {
            (Some(_), _) => NotExact::Coverage(owner),
            (None, Some(_)) => NotExact::Standby(owner),
            (None, None) => NotExact::LoadSharing(owner),
        })
    }

    fn scheme(&mut self, index: usize, variable: usize) -> Result<Scheme, NotExact> {
        self.refuse_failing_domains(index)?;
        let group = &self.system.groups[index];
        let owner = &self.system.spec.components[group.component as usize].name;
        if !self.system.plans.of_group(index as u32).is_empty() {
            return Err(NotExact::Failover(owner.clone()));
        }
        let Standby { mode, active, need, switch_takes, switch_success, manual_switch, repair_starts } =
            &group.standby.as_ref().expect("bug: a scheme is of a standby group").scheme;
        let no_phases = || NotExact::NoPhases(owner.clone());
        let rate = |law: &crate::lifetime::Law| law.is_exponential().map(|mean| 1.0 / mean.get()).ok_or_else(no_phases);
        let at_once = switch_takes.quantile(1.0).get() == 0.0;
        let first = self.model.start.places.len();
        let filled = Place { filling: Filling::Filled, held: None };
        self.model.start.places.resize(first + *active as usize, filled);
        Ok(Scheme {
            places: first..first + *active as usize,
            variable,
            need: *need,
            dormancy: match mode {
                StandbyMode::Hot => 1.0,
                StandbyMode::Warm { dormancy } => *dormancy,
                StandbyMode::Cold => 0.0,
            },
            switch_rate: if at_once { None } else { Some(rate(switch_takes)?) },
            success: *switch_success,
            on_demand: Vec::new(),
            manual_rate: manual_switch.as_ref().map(rate).transpose()?,
            after_switch: *repair_starts == RepairStarts::AfterSwitch,
            alike: manual_switch.is_none() || *switch_success == 1.0,
        })
    }

    fn class(
        &mut self,
        owner: usize,
        (name, modes): (&str, &[ModeSpec]),
        variables: Vec<usize>,
        (mut standby, coverage): (Option<Scheme>, Option<Cover>),
    ) -> Result<(), NotExact> {
        let class = self.model.classes.len();
        let first = self.model.kinds.len();
        let unit = variables[0];
        let declared = self.system.units.units[unit].modes.clone().zip(modes);
        for (mode, spec) in declared {
            if spec.effect != Effect::Down {
                // It changes no clock; but its repair may keep a crew busy.
                let compiled = &self.system.units.modes[mode as usize];
                if compiled.crew.is_some() || !spec.propagates.is_empty() {
                    return Err(NotExact::Coupled(name.to_owned()));
                }
                continue;
            }
            let kind = self.kind((name, spec), (mode, class))?;
            if let Some(scheme) = &mut standby {
                let probability = self.fails_when_called(mode);
                scheme.on_demand.extend(probability.map(|probability| (self.model.kinds.len(), probability)));
            }
            self.model.kinds.push(kind);
        }
        let kinds = first..self.model.kinds.len();
        let calendar = modes.iter().filter(|mode| mode.effect == Effect::Down && mode.clock == Clock::Calendar).count();
        if calendar > 0 && (kinds.len() > 1 || standby.is_some() || coverage.is_some()) {
            return Err(NotExact::MixedClocks(name.to_owned()));
        }
        self.model.start.able.push(variables.len() as u16);
        let shared = self.system.load_sharing(owner as u32).map(|shared| shared.hazards.clone());
        self.model.classes.push(Class { owner, variables, kinds, standby, coverage, shared });
        Ok(())
    }

    /// How probably a mode takes hold when its unit is called, if it is one that may.
    fn fails_when_called(&self, mode: u32) -> Option<f64> {
        let unit = self.system.units.modes[mode as usize].unit;
        let group = &self.system.groups[self.system.group_of[unit as usize] as usize];
        let place = mode - self.system.units.units[unit as usize].modes.start;
        let mut demands = group.standby.as_ref()?.on_demand.iter();
        demands.find(|demand| demand.place == place).map(|demand| demand.probability)
    }

    fn kind(&mut self, (name, spec): (&str, &ModeSpec), (mode, class): (u32, usize)) -> Result<Kind, NotExact> {
        if spec.clock == Clock::Service {
            return Err(NotExact::ServiceClock(name.to_owned()));
        }
        if matches!(spec.repair, Repair::Tested(_)) {
            return Err(NotExact::Hidden(name.to_owned()));
        }
        let unit = self.system.units.modes[mode as usize].unit;
        if self.system.backups.iter().any(|backup| backup.data == unit && !backup.first_try) {
            return Err(NotExact::Restored(name.to_owned()));
        }
        let no_phases = || NotExact::NoPhases(name.to_owned());
        // What is struck, or called, has no clock of its own.
        let runs = !matches!(spec.clock, Clock::Struck | Clock::Called);
        let life = spec.time_to_failure.is_exponential();
        let life = if runs { life.ok_or_else(no_phases)? } else { life.unwrap_or_default() };
        let rate = if runs { 1.0 / life.get() } else { 0.0 };
        let repair = spec.repair.law().map(|law| Phases::of(law).ok_or_else(no_phases)).transpose()?;
        let crew = self.system.units.modes[mode as usize].crew;
        if crew.is_some_and(|crew| self.system.plans.jobs.contains(&crew.team)) {
            return Err(NotExact::CrewOfPlan(name.to_owned()));
        }
        if let Some(why) = NotExact::of_crew(self.system, mode, name) {
            return Err(why);
        }
        let team = crew.map(|crew| self.team(crew.team));
        let alone = self.model.start.alone.len();
        if team.is_none() {
            self.model.start.alone.resize(alone + repair.as_ref().map_or(0, |phases| phases.rates.len()), 0);
        }
        Ok(Kind {
            class,
            rate,
            begins: repair.as_ref().map_or_else(Vec::new, |phases| phases.begins.clone()),
            repair,
            alone,
            team,
            priority: crew.map_or(1, |crew| crew.priority),
            hits: Vec::new(),
        })
    }

    fn team(&mut self, team: u32) -> usize {
        if let Some(&known) = self.team_of.get(&team) {
            return known;
        }
        let declared = &self.system.spec.teams[team as usize];
        let place = self.model.teams.len();
        self.model.teams.push(Team { crews: declared.crews, order: declared.order });
        self.model.start.teams.push(Vec::new());
        self.team_of.insert(team, place);
        place
    }

    /// Joins failures with what they hit, and refuses what cannot be counted.
    fn finish(mut self) -> Result<Model, NotExact> {
        for class in 0..self.model.classes.len() {
            let Class { owner, kinds, .. } = self.model.classes[class].clone();
            let Some(declared) = self.system.spec.components.get(owner) else { continue };
            let downs = declared.modes.iter().filter(|mode| mode.effect == Effect::Down);
            for (kind, mode) in kinds.zip(downs) {
                for hit in &mode.propagates {
                    let hit = self.hit(owner, hit)?;
                    self.model.kinds[kind].hits.push(hit);
                }
            }
        }
        if let Some(class) = self.model.classes.iter().find(|c| !self.system.experiments_at(c.owner).is_empty()) {
            return Err(NotExact::Experiment(self.owner_name(class.owner)));
        }
        self.add_shocks()?;
        self.refuse_large()?;
        Ok(self.model)
    }

    /// The shocks that strike what is in the chain: then all that they strike is.
    fn add_shocks(&mut self) -> Result<(), NotExact> {
        for (declared, shock) in self.system.spec.shocks.iter().zip(&self.system.shocks) {
            let mut strikes = Vec::new();
            for (place, class) in self.model.classes.iter().enumerate() {
                let first = &self.system.units.units[class.variables[0]];
                let downs = first.modes.clone().filter(|&m| self.system.units.modes[m as usize].effect == Effect::Down);
                let struck = class.kinds.clone().zip(downs).find(|(_, mode)| shock.struck.contains(mode));
                strikes.extend(struck.map(|(kind, _)| (place, kind, class.variables.len())));
            }
            let Some(&(first, ..)) = strikes.first() else { continue };
            // In truth the failures of an instant come first, then the switches; and crews are called in order of
            // units, which classes of one component need not keep.
            let out_of_order = |&&(place, kind, _): &&(usize, usize, usize)| {
                let Class { owner, standby, .. } = &self.model.classes[place];
                let split = self.model.classes.iter().filter(|class| class.owner == *owner).count() > 1;
                standby.is_some() || (split && self.model.kinds[kind].team.is_some())
            };
            if let Some(&(place, ..)) = strikes.iter().find(out_of_order) {
                return Err(NotExact::Simultaneous(self.owner_name(self.model.classes[place].owner)));
            }
            if matches!(declared.hits, Hits::Burst(_)) {
                return Err(NotExact::Burst(declared.source.clone()));
            }
            let mean = declared.time_to_shock.is_exponential();
            let mean = mean.ok_or_else(|| NotExact::NoPhases(self.owner_name(self.model.classes[first].owner)))?;
            self.model.shocks.push(Shock { per_hour: 1.0 / mean.get(), hits: declared.hits.clone(), strikes });
        }
        Ok(())
    }

    fn owner_name(&self, owner: usize) -> String {
        let spec = &self.system.spec;
        let domain = || spec.domains[owner - spec.components.len()].name.clone();
        spec.components.get(owner).map_or_else(domain, |component| component.name.clone())
    }

    fn hit(&self, from: usize, declared: &crate::system::Propagation) -> Result<Hit, NotExact> {
        let to = self.system.spec.components.iter().position(|component| component.name == declared.to);
        let to = to.expect("bug: the system was checked when it was built");
        let classes: Vec<usize> =
            (0..self.model.classes.len()).filter(|&c| self.model.classes[c].owner == to).collect();
        let stand_by = classes.iter().any(|&class| self.model.classes[class].standby.is_some());
        // Here a switch follows its failure at once; in truth the failures of an instant come first.
        let waits = [from, to].into_iter().find(|&owner| self.repairs_wait_for_switches(owner));
        if stand_by && (declared.units > 1 || to == from) || waits.is_some() {
            return Err(NotExact::Simultaneous(self.system.spec.components[waits.unwrap_or(to)].name.clone()));
        }
        Ok(Hit { classes, units: declared.units, probability: declared.probability })
    }

    /// Units of a class without a standby scheme fail in any combination of its kinds: so many states there are at least.
    fn refuse_large(&self) -> Result<(), NotExact> {
        let mut least = 1.0;
        for class in &self.model.classes {
            let units = class.variables.len() as f64;
            let kinds = if class.standby.is_some() { 1 } else { class.kinds.len() };
            least *= (1..=kinds).map(|kind| (units + kind as f64) / kind as f64).product::<f64>();
        }
        if least <= STATES_MAX as f64 { Ok(()) } else { Err(NotExact::TooManyStates { states: STATES_MAX }) }
    }

    fn repairs_wait_for_switches(&self, owner: usize) -> bool {
        let redundancy = &self.system.spec.components[owner].redundancy;
        matches!(redundancy, Redundancy::Standby(scheme) if scheme.repair_starts == RepairStarts::AfterSwitch)
    }
}
