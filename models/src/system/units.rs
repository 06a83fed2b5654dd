//! Units: replicas and domains, their failure modes, and the effects that may hold them down.

use std::collections::BTreeMap;
use std::ops::Range;

use ninefold_sim_core::stream::{StreamId, StreamRegister};

use super::autoscale::is_scaled;
use super::backup::owner_of_data;
use super::components::Group;
use super::coverage;
use super::election::{ElectionSpec, single_writer_name};
use super::error::SystemError;
use super::failover::FailoverSpec;
use super::health_check::is_probed;
use super::host_pool;
use super::imperfect_repair::Quality;
use super::partition::PartitionSpec;
use super::plans::Plans;
use super::proof_test::ModeTests;
use super::routing;
use super::shock::Owner;
use super::spec::{Clock, DomainSpec, Effect, ModeSpec, Order, Redundancy, Repair, SystemSpec};
use super::spot;
use super::supply::{self, ModeSupply, Part};
use super::visibility::is_observed;
use crate::lifetime::Law;

/// Index of a unit: replicas first, in order of components, then domains.
pub type UnitId = u32;

/// Index of a failure mode of a unit.
pub type ModeId = u32;

/// Index of an effect slot: something that may hold a unit down, dormant or degraded, with its cause.
pub type SlotId = u32;

/// Index of a cause, in order of name.
pub type CauseId = u32;

/// What downtime is put down to while a failover plan is at work: its loss is not known yet, a person decides, the steps
/// are under way, a person has taken over.
pub const PLAN_PHASES: [&str; 4] = ["failover-detect", "failover-decide", "failover-steps", "failover-override"];

/// A replica or a domain.
#[derive(Clone, Debug)]
pub struct Unit {
    /// `component/place/ordinal`, or the domain's name.
    pub name: String,
    /// The component of a replica; `None` for a domain.
    pub component: Option<u32>,
    /// Its failure modes.
    pub modes: Range<ModeId>,
    /// Stream of the numbers that say which of them are present at a stationary start.
    pub start_stream: StreamId,
    /// For a replica: the slots by which a lost domain holds it down, and last that by which it is reclaimed, if it is spot.
    pub lost: Range<SlotId>,
    /// For a replica under a standby scheme, of a group with coverage, that is probed or scaled: the slot that
    /// keeps it from serving though it is able.
    pub dormant: Option<SlotId>,
}

/// One failure mode of one unit.
#[derive(Clone, Debug)]
pub struct Mode {
    /// Whose it is.
    pub unit: UnitId,
    /// Time to failure: an index into [`Units::laws`].
    pub time_to_failure: u32,
    /// Repair: an index into [`Units::laws`]; `None` is never.
    pub repair: Option<u32>,
    /// The time it ages in.
    pub clock: Clock,
    /// What it does.
    pub effect: Effect,
    /// Its cause.
    pub cause: CauseId,
    /// Stream of its times to failure.
    pub failure_stream: StreamId,
    /// Stream of its repairs.
    pub repair_stream: StreamId,
    /// The team that repairs it, if it waits for a crew.
    pub crew: Option<ModeCrew>,
    /// The tests that find its failures, if they are hidden: an index into [`Units::tests`].
    pub tests: Option<u32>,
    /// What its repairs leave, where that is not as good as new.
    pub worn: Option<Quality>,
    /// It lasts until its unit restarts.
    pub is_cleared: bool,
    /// It lasts until data have come back from a backup.
    pub is_restored: bool,
    /// That it comes and goes is told: somebody says who sees the modes of its unit.
    pub is_told: bool,
    /// What its failures do elsewhere: a part of [`Units::propagations`].
    pub propagates: Range<u32>,
}

/// What a mode needs of a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModeCrew {
    /// Index of the team.
    pub team: u32,
    /// 1 goes first; equal for all where the team does not work by priority.
    pub priority: u32,
    /// The slot that says it waits.
    pub waiting: SlotId,
    /// What else the repair needs: an index into [`Units::supplies`].
    pub supply: Option<u32>,
}

/// A failure's effect on another component, of one mode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnitPropagation {
    /// Index of the component that is hit.
    pub to: u32,
    /// Operating units that fail.
    pub units: u32,
    /// Probability that it happens.
    pub probability: f64,
    /// Stream of whether it happens, whom it hits and by which mode.
    pub stream: StreamId,
}

/// What a slot does while it is active.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SlotEffect {
    /// Its unit is down by a failure mode.
    Failed,
    /// Its unit is down because this domain is.
    Lost(UnitId),
    /// The place of its unit is empty: its spot instance was reclaimed, for this cause.
    Reclaimed(CauseId),
    /// Its unit stands by.
    Dormant,
    /// An instance of a failover plan is at this, one of [`PLAN_PHASES`]; it does nothing to its unit.
    Plan {
        /// The instance.
        instance: u32,
        /// What it is at.
        phase: u32,
    },
    /// The repair of this mode waits for a crew.
    Waiting(ModeId),
    /// The repair of this mode waits for a part, or has not been asked for yet, for this cause.
    Awaiting(ModeId, CauseId),
    /// The group that begins with its unit is being reconfigured, for this cause.
    Reconfiguring(CauseId),
    /// The router sends nobody to the group that begins with its unit, for this cause.
    Withdrawn(CauseId),
    /// Its unit is taken out of rotation by its health check, for this cause.
    Ejected(CauseId),
    /// Its unit is not there, or not yet: its autoscaler has not started it, for this cause.
    Away(CauseId),
    /// Its unit is the seat of a leader who is being elected, for this cause.
    Electing(CauseId),
    /// Its unit says that several sides of a partition take writes, for this cause.
    TwoWriters(CauseId),
    /// Its unit serves less.
    Degraded {
        /// Factor on capacity.
        capacity: f64,
        /// Share of served requests that fail.
        errors: f64,
    },
}

/// An effect slot.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// The unit it holds.
    pub unit: UnitId,
    /// What it does.
    pub effect: SlotEffect,
}

/// All units, their modes and slots. Slot ids below the number of modes are those modes' own.
#[derive(Clone, Debug, Default)]
pub struct Units {
    /// Number of replicas; the units after them are domains.
    pub replicas: usize,
    /// Replicas, then domains.
    pub units: Vec<Unit>,
    /// Every mode of every unit, in order of units.
    pub modes: Vec<Mode>,
    /// Each law once a declared mode.
    pub laws: Vec<Law>,
    /// The tests of hidden modes, in order of modes.
    pub tests: Vec<ModeTests>,
    /// What failures do elsewhere, in order of modes.
    pub propagations: Vec<UnitPropagation>,
    /// The parts that teams keep, in order of teams.
    pub parts: Vec<Part>,
    /// What repairs need beside crews, in order of modes.
    pub supplies: Vec<ModeSupply>,
    /// Modes' slots, then losses, then dormancy, then waiting for crews and parts, then reconfigurations.
    pub slots: Vec<Slot>,
    /// For each domain, the slots it holds active while it is down.
    pub inside: Vec<Vec<SlotId>>,
    /// For each replica, the domains it sits in, innermost first.
    pub ancestors: Vec<Vec<UnitId>>,
    /// Names of the causes: `owner/mode`, `component/switch`, `component/ejected`, `component/scaling`, `component/spot`, `component/contention`, `component/moving`, `component/covered`, `component/uncovered`, `team/waiting`, `team/logistics`, `team/spares-part`, `demand`; ascending.
    pub causes: Vec<String>,
    /// For each component, the cause "a switch is under way".
    pub switch_causes: Vec<CauseId>,
    /// For each instance of a failover plan, the first of the slots that say what it is at.
    pub plan_slots: Vec<SlotId>,
    /// For each instance of a failover plan, the causes of downtime while it is at something.
    pub plan_causes: Vec<[CauseId; PLAN_PHASES.len()]>,
    /// For each team, the cause "waiting for a crew".
    pub waiting_causes: Vec<CauseId>,
    /// For each team, the cause "not asked for yet".
    pub logistics_causes: Vec<CauseId>,
    /// The cause "more demand than capacity".
    pub demand_cause: CauseId,
}

impl Units {
    /// Whether a unit is a domain.
    pub const fn is_domain(&self, unit: UnitId) -> bool {
        unit as usize >= self.replicas
    }

    /// The replicas of component `component`, contiguous in written order.
    pub fn first_of(spec: &SystemSpec, component: usize) -> usize {
        spec.components[..component].iter().map(|c| c.units.len()).sum()
    }

    pub(super) fn build(spec: &SystemSpec) -> Result<Self, SystemError> {
        let mut units = Self { replicas: spec.components.iter().map(|c| c.units.len()).sum(), ..Self::default() };
        units.name_causes(spec);
        let mut streams = StreamRegister::under(spec.draw);
        units.parts = supply::parts(spec, |name| units.cause(name), &mut streams)?;
        for (component, declared) in spec.components.iter().enumerate() {
            let laws = units.add_laws(&declared.modes);
            for unit in &declared.units {
                units.add_unit(
                    &unit.name,
                    Some(component as u32),
                    (&declared.name, &declared.modes, laws),
                    (spec, &mut streams),
                )?;
            }
        }
        for domain in &spec.domains {
            let laws = units.add_laws(&domain.modes);
            units.add_unit(&domain.name, None, (&domain.name, &domain.modes, laws), (spec, &mut streams))?;
        }
        units.slots = units.modes.iter().map(mode_slot).collect();
        units.add_losses(spec)?;
        units.add_dormancy(spec);
        units.add_waiting();
        Ok(units)
    }

    fn name_causes(&mut self, spec: &SystemSpec) {
        let owners = spec.components.iter().map(|c| (&c.name, &c.modes));
        let owners = owners.chain(spec.domains.iter().map(|d| (&d.name, &d.modes)));
        let own = |mode: &&ModeSpec| !mode.is_of_shock();
        let mut names: Vec<String> = owners
            .flat_map(|(owner, modes)| modes.iter().filter(own).map(move |mode| cause_name(owner, mode)))
            .collect();
        names.extend(spec.shocks.iter().map(|shock| shock.cause.clone()));
        names.extend(spec.experiments.iter().map(|experiment| experiment.strike.mode.clone()));
        names.extend(spec.failovers.iter().filter_map(FailoverSpec::canary_mode));
        names.extend(spec.components.iter().map(|c| format!("{}/switch", c.name)));
        names.extend(spec.components.iter().filter_map(coverage::cause_names).flatten());
        let moved = spec.failovers.iter().flat_map(FailoverSpec::owners);
        names.extend(moved.flat_map(|name| PLAN_PHASES.map(|phase| format!("{name}/{phase}"))));
        names.extend(spec.health_checks.iter().map(|check| format!("{}/ejected", check.component)));
        names.extend(spec.autoscalers.iter().map(|scaler| format!("{}/scaling", scaler.component)));
        names.extend(spec.spots.iter().map(spot::cause_name));
        names.extend(spec.host_pools.iter().flat_map(|pool| &pool.tenants).map(host_pool::cause_name));
        names.extend(spec.routings.iter().map(routing::cause_name));
        names.extend(spec.quorums.elections.iter().map(|election| ElectionSpec::name_of(&election.component)));
        names.extend(spec.quorums.partitions.iter().map(|partition| single_writer_name(&partition.component)));
        names.extend(spec.teams.iter().map(|team| format!("{}/waiting", team.name)));
        names.extend(spec.teams.iter().map(|team| supply::logistics_cause(&team.name)));
        names.extend(spec.teams.iter().flat_map(|team| team.spares.iter().map(|part| part.cause_name(&team.name))));
        names.push("demand".to_owned());
        names.sort_unstable();
        names.dedup();
        self.causes = names;
        self.switch_causes = spec.components.iter().map(|c| self.cause(&format!("{}/switch", c.name))).collect();
        self.waiting_causes = spec.teams.iter().map(|t| self.cause(&format!("{}/waiting", t.name))).collect();
        self.logistics_causes = spec.teams.iter().map(|t| self.cause(&supply::logistics_cause(&t.name))).collect();
        self.demand_cause = self.cause("demand");
    }

    pub(super) fn cause(&self, name: &str) -> CauseId {
        let place = self.causes.binary_search_by(|cause| cause.as_str().cmp(name));
        place.expect("bug: every cause was named") as CauseId
    }

    fn cause_of(&self, mode: &ModeSpec, (owner, replica): (&str, bool), spec: &SystemSpec) -> CauseId {
        if !mode.is_of_shock() {
            return self.cause(&cause_name(owner, mode));
        }
        let owner = owner.to_owned();
        let owner = if replica { Owner::Component(owner) } else { Owner::Domain(owner) };
        self.cause(&spec.shock_cause(&owner, &mode.name).expect("bug: every struck mode has its shock"))
    }

    fn add_laws(&mut self, modes: &[ModeSpec]) -> u32 {
        let first = self.laws.len() as u32;
        for mode in modes {
            self.laws.push(mode.time_to_failure.clone());
            self.laws.extend(mode.repair.law().cloned());
        }
        first
    }

    fn add_unit(
        &mut self,
        name: &str,
        component: Option<u32>,
        (owner, modes, first_law): (&str, &[ModeSpec], u32),
        (spec, streams): (&SystemSpec, &mut StreamRegister),
    ) -> Result<(), SystemError> {
        let (unit, first, mut law) = (self.units.len() as UnitId, self.modes.len() as ModeId, first_law);
        for mode in modes {
            let stream =
                if component.is_some() { format!("{name}:{}", mode.name) } else { format!("@{name}:{}", mode.name) };
            let time_to_failure = law;
            law += 1;
            let repair = mode.repair.law().is_some().then_some(law);
            law += u32::from(repair.is_some());
            let crew = self.crew_of(&mode.repair, (self.modes.len() as ModeId, &stream), (spec, streams))?;
            let tests = self.add_tests(ModeTests::of(mode, &stream, streams)?);
            let propagates = self.add_propagations(mode, &stream, (spec, streams))?;
            self.modes.push(Mode {
                unit,
                time_to_failure,
                repair,
                clock: mode.clock,
                effect: mode.effect,
                cause: self.cause_of(mode, (owner, component.is_some()), spec),
                failure_stream: streams.take("time_to_failure", &stream)?,
                repair_stream: streams.take("repair", &stream)?,
                crew,
                tests,
                worn: mode.worn(),
                is_cleared: mode.is_cleared(),
                is_restored: mode.is_restored(),
                is_told: component.is_some() && is_observed(spec, owner),
                propagates,
            });
        }
        let modes = first..self.modes.len() as ModeId;
        let stream = if component.is_some() { name.to_owned() } else { format!("@{name}") };
        let start_stream = streams.take("start", &stream)?;
        self.units.push(Unit { name: name.to_owned(), component, modes, start_stream, lost: 0..0, dormant: None });
        Ok(())
    }

    fn add_tests(&mut self, tests: Option<ModeTests>) -> Option<u32> {
        self.tests.extend(tests);
        tests.map(|_| self.tests.len() as u32 - 1)
    }

    /// The team of a repair and what else it needs, its slots yet to be numbered.
    fn crew_of(
        &mut self,
        repair: &Repair,
        named: (ModeId, &str),
        (spec, streams): (&SystemSpec, &mut StreamRegister),
    ) -> Result<Option<ModeCrew>, SystemError> {
        let Repair::ByCrew(crew) = repair else { return Ok(None) };
        let team = spec.teams.iter().position(|team| team.name == crew.team);
        let team = team.ok_or_else(|| unknown("team", &crew.team))?;
        let by_priority = matches!(spec.teams[team].order, Order::Priority(_));
        let priority = if by_priority { crew.priority } else { 1 };
        let supply = crew.supply.as_ref().map(|supply| supply.compile(named, (team as u32, &self.parts), streams));
        let needs = supply.transpose()?;
        let supply = needs.is_some().then_some(self.supplies.len() as u32);
        self.supplies.extend(needs);
        Ok(Some(ModeCrew { team: team as u32, priority, waiting: SlotId::MAX, supply }))
    }

    fn add_propagations(
        &mut self,
        mode: &ModeSpec,
        stream: &str,
        (spec, streams): (&SystemSpec, &mut StreamRegister),
    ) -> Result<Range<u32>, SystemError> {
        let first = self.propagations.len() as u32;
        for propagation in &mode.propagates {
            let to = spec.components.iter().position(|component| component.name == propagation.to);
            let to = to.ok_or_else(|| unknown("component", &propagation.to))?;
            let out_of_range = |what, value, allowed: &str| {
                let allowed = allowed.to_owned();
                Err(SystemError::OutOfRange { what, name: mode.name.clone(), value, allowed })
            };
            if propagation.units == 0 {
                return out_of_range("units hit by a failure", 0.0, "at least 1");
            }
            if !(0.0..=1.0).contains(&propagation.probability) {
                return out_of_range("probability of propagation", propagation.probability, "0 to 1");
            }
            self.propagations.push(UnitPropagation {
                to: to as u32,
                units: propagation.units,
                probability: propagation.probability,
                stream: streams.take(&format!("propagates:{}", propagation.to), stream)?,
            });
        }
        Ok(first..self.propagations.len() as u32)
    }

    fn add_losses(&mut self, spec: &SystemSpec) -> Result<(), SystemError> {
        let ancestors = ancestors_of(&spec.domains)?;
        self.inside = vec![Vec::new(); spec.domains.len()];
        let units = spec.components.iter().flat_map(|component| &component.units);
        let reclaimed = self.reclaimed(spec);
        for (replica, unit) in units.enumerate() {
            let chain = match &unit.domain {
                None => &[][..],
                Some(domain) => ancestors.get(domain.as_str()).ok_or_else(|| unknown("domain", domain))?,
            };
            let first = self.slots.len() as SlotId;
            for &domain in chain {
                let slot = self.slots.len() as SlotId;
                self.inside[domain].push(slot);
                let lost = SlotEffect::Lost((self.replicas + domain) as UnitId);
                self.slots.push(Slot { unit: replica as UnitId, effect: lost });
            }
            if let Some(&cause) = reclaimed.get(&replica) {
                self.slots.push(Slot { unit: replica as UnitId, effect: SlotEffect::Reclaimed(cause) });
            }
            self.units[replica].lost = first..self.slots.len() as SlotId;
            self.ancestors.push(chain.iter().map(|&domain| (self.replicas + domain) as UnitId).collect());
        }
        Ok(())
    }

    fn add_dormancy(&mut self, spec: &SystemSpec) {
        for unit in 0..self.replicas {
            let component = self.units[unit].component.expect("bug: replicas come first") as usize;
            let standby = matches!(spec.components[component].redundancy, Redundancy::Standby(_));
            let ejected = is_probed(spec, &spec.components[component].name)
                .then(|| SlotEffect::Ejected(self.cause(&format!("{}/ejected", spec.components[component].name))));
            let covered = coverage::coverage_of(&spec.components[component]).is_some();
            let dormant = (standby || covered).then_some(SlotEffect::Dormant);
            let away = is_scaled(spec, &spec.components[component].name)
                .then(|| SlotEffect::Away(self.cause(&format!("{}/scaling", spec.components[component].name))));
            let seat = self.seat(spec, &spec.components[component].name);
            if let Some(effect) = dormant.or(ejected).or(away).or(seat) {
                self.units[unit].dormant = Some(self.slots.len() as SlotId);
                self.slots.push(Slot { unit: unit as UnitId, effect });
            }
        }
    }
}

impl Units {
    /// Replicas that are spot, and the cause of their being reclaimed.
    fn reclaimed(&self, spec: &SystemSpec) -> BTreeMap<usize, CauseId> {
        let mut all = BTreeMap::new();
        for spot in &spec.spots {
            // A component that there is not is refused later.
            let Some(component) = spec.components.iter().position(|c| c.name == spot.component) else { continue };
            let (first, cause) = (Self::first_of(spec, component), self.cause(&spot::cause_name(spot)));
            all.extend(spot.units.iter().map(|&place| (first + place as usize, cause)));
        }
        all
    }

    /// What keeps the unit of a component down that stands for a leader, or for there being one writer.
    fn seat(&self, spec: &SystemSpec, name: &str) -> Option<SlotEffect> {
        let elects = |election: &ElectionSpec| ElectionSpec::name_of(&election.component) == name;
        let writes = |partition: &PartitionSpec| single_writer_name(&partition.component) == name;
        if spec.quorums.elections.iter().any(elects) {
            return Some(SlotEffect::Electing(self.cause(name)));
        }
        spec.quorums.partitions.iter().any(writes).then(|| SlotEffect::TwoWriters(self.cause(name)))
    }

    /// The slots and causes of failover plans, each on the first unit of its groups.
    pub(super) fn add_plans(&mut self, plans: &Plans, groups: &[Group], spec: &SystemSpec) {
        for (instance, compiled) in plans.instances.iter().enumerate() {
            self.plan_slots.push(self.slots.len() as SlotId);
            let group = &groups[compiled.groups[0] as usize];
            let component = &spec.components[group.component as usize].name;
            let owner = if compiled.sites.is_some() { &spec.failovers[compiled.plan as usize].name } else { component };
            self.plan_causes.push(PLAN_PHASES.map(|phase| self.cause(&format!("{owner}/{phase}"))));
            let unit = group.units[0];
            for phase in 0..PLAN_PHASES.len() as u32 {
                self.slots.push(Slot { unit, effect: SlotEffect::Plan { instance: instance as u32, phase } });
            }
        }
    }

    fn add_waiting(&mut self) {
        for (id, mode) in self.modes.iter_mut().enumerate() {
            if let Some(crew) = &mut mode.crew {
                crew.waiting = self.slots.len() as SlotId;
                self.slots.push(Slot { unit: mode.unit, effect: SlotEffect::Waiting(id as ModeId) });
            }
        }
        for place in 0..self.supplies.len() {
            let (mode, part) = (self.supplies[place].mode, self.supplies[place].part);
            let of = &self.modes[mode as usize];
            let team = of.crew.expect("bug: only repairs by crews need anything").team;
            let (unit, logistics) = (of.unit, self.logistics_causes[team as usize]);
            let mut slot = |cause| {
                self.slots.push(Slot { unit, effect: SlotEffect::Awaiting(mode, cause) });
                self.slots.len() as SlotId - 1
            };
            let (delayed, no_part) = (slot(logistics), part.map(|part| slot(self.parts[part as usize].cause)));
            let supply = &mut self.supplies[place];
            (supply.delayed, supply.no_part) = (delayed, no_part.unwrap_or(SlotId::MAX));
        }
    }
}

/// The cause that a mode is; a mode without a name of its own is what its owner is, and one of data is of whose they are.
fn cause_name(owner: &str, mode: &ModeSpec) -> String {
    let owner = if mode.is_restored() { owner_of_data(owner) } else { owner };
    if mode.name.is_empty() { owner.to_owned() } else { format!("{owner}/{}", mode.name) }
}

const fn mode_slot(mode: &Mode) -> Slot {
    let effect = match mode.effect {
        Effect::Down => SlotEffect::Failed,
        Effect::Degraded { capacity, errors } => SlotEffect::Degraded { capacity, errors },
    };
    Slot { unit: mode.unit, effect }
}

pub(super) fn unknown(what: &'static str, name: &str) -> SystemError {
    SystemError::Unknown { what, name: name.to_owned() }
}

/// For each domain by name: itself and all it sits in, innermost first, as indices.
fn ancestors_of(domains: &[DomainSpec]) -> Result<BTreeMap<&str, Vec<usize>>, SystemError> {
    let index: BTreeMap<&str, usize> = domains.iter().enumerate().map(|(i, d)| (d.name.as_str(), i)).collect();
    let mut all = BTreeMap::new();
    for domain in domains {
        let (mut chain, mut at) = (Vec::new(), Some(domain.name.as_str()));
        while let Some(name) = at {
            let &i = index.get(name).ok_or_else(|| unknown("domain", name))?;
            if chain.contains(&i) {
                return Err(SystemError::DomainCycle(domain.name.clone()));
            }
            chain.push(i);
            at = domains[i].parent.as_deref();
        }
        all.insert(domain.name.as_str(), chain);
    }
    Ok(all)
}
