//! Components as gates: one group of units per state, and what the component shows of them.

use crate::queueing::usl::ScalabilityLaw;
use std::ops::Range;

use ninefold_sim_core::stream::{StreamId, StreamRegister};

use super::autoscale::is_scaled;
use super::backup::data_of;
use super::coverage::{self, CoverageGroup};
use super::election::{ElectionSpec, election_of, unit_of};
use super::error::SystemError;
use super::health_check::is_probed;
use super::on_demand::{self, OnDemand};
use super::partition::{Partitioned, Voters, is_witness, read_fallback, sides_of};
use super::round_trip::{self, WritesFrom};
use super::routing::router_of;
use super::spec::{ComponentSpec, DomainSpec, Effect, Redundancy, RepairStarts, Side, Standby, SystemSpec};
use super::structure::{GateId, Structure};
use super::units::{UnitId, Units};

/// Units under one redundancy scheme: a whole component, or its part in one domain.
#[derive(Clone, Debug)]
pub struct Group {
    /// Whose it is.
    pub component: u32,
    /// `Some` when the component has one state per domain of a level.
    pub domain: Option<String>,
    /// Members in written order.
    pub units: Vec<UnitId>,
    /// Up as its redundancy says (both sides of a quorum).
    pub gate: GateId,
    /// Up for at least one side of a quorum: it then still serves somebody.
    pub serves: GateId,
    /// Places and switching, under a standby scheme.
    pub standby: Option<StandbyGroup>,
    /// What failures cost that leave enough units up, where they cost time.
    pub coverage: Option<CoverageGroup>,
}

/// A standby scheme over a group.
#[derive(Clone, Debug)]
pub struct StandbyGroup {
    /// The scheme.
    pub scheme: Standby,
    /// Its places, numbered over the whole system.
    pub places: Range<u32>,
    /// By which modes a unit may fail when it is called, in written order.
    pub on_demand: Vec<OnDemand>,
    /// Stream of whether they do.
    pub call_stream: StreamId,
    /// Stream of the switches' durations.
    pub takes_stream: StreamId,
    /// Stream of the switches' outcomes.
    pub success_stream: StreamId,
    /// Stream of the manual switches' durations.
    pub manual_stream: StreamId,
}

/// A compiled component.
#[derive(Clone, Debug)]
pub struct Component {
    /// Its units.
    pub units: Range<UnitId>,
    /// Its groups.
    pub groups: Range<u32>,
    /// Up (both sides of a quorum).
    pub gate: GateId,
    /// Up for reads.
    pub read: GateId,
    /// Up for writes.
    pub write: GateId,
    /// Up while a side has a quorum to write, whoever leads.
    pub quorum: GateId,
    /// Its sides, if its places may lose one another.
    pub partition: Option<Partitioned>,
    /// Where reads go on without a quorum, up while they have one.
    pub consistent: Option<GateId>,
    /// How soon its writes are made, from each domain of which round trips are said.
    pub writes_from: Vec<WritesFrom>,
    /// Requests per second of one serving unit.
    pub capacity_per_unit: Option<f64>,
    /// How its capacity grows with its serving units; `None` is in proportion.
    pub scaling: Option<ScalabilityLaw>,
    /// Whether its capacity or errors can differ from all or nothing.
    pub partial: bool,
    /// Whether a health check takes its units out of rotation.
    pub probed: bool,
    /// Whether requests are served by its units, one by one.
    pub serves_requests: bool,
    /// Whether an autoscaler starts and removes its units.
    pub scaled: bool,
    /// The router that directs traffic to its groups.
    pub routed: Option<u32>,
    /// Whether the loads of its groups are told apart: they have an autoscaler each, or are places that hand load on.
    pub apart: bool,
}

impl Component {
    /// Whether what it serves depends on its load otherwise than by their quotient.
    pub const fn follows_load(&self) -> bool {
        self.routed.is_some() || self.apart
    }

    /// Where reads go on without a quorum, the gate for those that have one, for users in a domain as in
    /// [`seen_from`](Self::seen_from).
    pub fn consistent_from(&self, domains: &[UnitId]) -> Option<GateId> {
        let partition = self.partition.as_ref().filter(|partition| partition.reads_alone);
        let own =
            partition.and_then(|partition| partition.side_of(domains).map(|place| partition.sides[place].consistent));
        own.or(self.consistent)
    }

    /// The gate for one side of a quorum; the same gate for every other scheme.
    pub const fn side(&self, side: Side) -> GateId {
        match side {
            Side::Both => self.gate,
            Side::Read => self.read,
            Side::Write => self.write,
        }
    }

    /// The same for users in a domain, given as that one and all it sits in: under a partition they see their own side.
    pub fn seen_from(&self, domains: &[UnitId], side: Side) -> GateId {
        let partition = self.partition.as_ref();
        match partition.and_then(|partition| partition.side_of(domains).map(|place| &partition.sides[place])) {
            None => self.side(side),
            Some(own) => own.view[side as usize],
        }
    }
}

pub(super) struct Built {
    pub(super) components: Vec<Component>,
    pub(super) groups: Vec<Group>,
    pub(super) places: u32,
}

pub(super) fn build(spec: &SystemSpec, units: &Units, structure: &mut Structure) -> Result<Built, SystemError> {
    let mut built = Built { components: Vec::new(), groups: Vec::new(), places: 0 };
    let mut streams = StreamRegister::under(spec.draw);
    let mut first = 0;
    for (index, declared) in spec.components.iter().enumerate() {
        let members = first..first + declared.units.len() as UnitId;
        first = members.end;
        let parts = partition(declared, &spec.domains, units, members.clone())?;
        let from = built.groups.len() as u32;
        let mut sides = Vec::new();
        let (mut quorum, mut partition, mut consistent, mut writes_from) = (0, None, None, Vec::new());
        for (domain, part) in parts {
            check_need(declared, part.len())?;
            let (gates, free) = match voters_of(spec, units, declared, &part) {
                Some(is_witness) => {
                    let voters = Voters { component: declared, members: &part, is_witness: &is_witness };
                    let made = partition_of((spec, units), &voters, &mut partition, structure)?;
                    if let (Redundancy::Quorum { write, read }, None) = (&declared.redundancy, &declared.per) {
                        consistent = consistent_of((spec, *read), &voters, partition.as_mut(), structure);
                        let from = partition.as_ref();
                        writes_from = round_trip::writes_from((spec, units), (&voters, *write), from, structure);
                    }
                    made
                }
                None => {
                    let gates = gates_of(&declared.redundancy, &part, structure);
                    (gates, gates[2])
                }
            };
            quorum = free;
            sides.push(gates);
            let name = domain.as_ref().map_or_else(|| declared.name.clone(), |d| format!("{}@{d}", declared.name));
            let standby = standby_of((spec, declared), &name, &mut built.places, &mut streams)?;
            let coverage = coverage::group_of(declared, &name, &mut streams)?;
            let serves = if gates[0] == gates[1] { gates[2] } else { gates[1] };
            let (component, gate) = (index as u32, gates[0]);
            built.groups.push(Group { component, domain, units: part, gate, serves, standby, coverage });
        }
        let mut any = |side: usize| any_of(sides.iter().map(|gates| gates[side]).collect(), structure);
        let mut shown = [any(0), any(1), any(2)];
        if let Some(data) = data_of(spec, &declared.name)? {
            let sides = partition.iter_mut().flat_map(|apart: &mut Partitioned| &mut apart.sides);
            let views = sides.flat_map(|side| side.view.iter_mut().chain([&mut side.consistent]));
            let within = writes_from.iter_mut().flat_map(|from: &mut WritesFrom| &mut from.within);
            let within = within.map(|(_, gate)| gate).chain(&mut consistent);
            with_data(data, shown.iter_mut().chain(views).chain(within), structure);
        }
        let [gate, read, write] = shown;
        let routed = router_of(spec, &declared.name);
        let scaled = is_scaled(spec, &declared.name);
        let groups = from..built.groups.len() as u32;
        built.components.push(Component {
            units: members,
            apart: is_apart(spec, (routed, scaled), groups.len()),
            groups,
            gate,
            read,
            write,
            quorum,
            partition,
            consistent,
            writes_from,
            capacity_per_unit: declared.capacity_per_unit.as_ref().map(|level| level.rate),
            scaling: spec.queueing.scaling(&declared.name).map(|scaling| scaling.law),
            partial: is_partial(declared) || is_probed(spec, &declared.name) || routed.is_some(),
            probed: is_probed(spec, &declared.name),
            serves_requests: spec.queueing.request_level.is_some() && spec.queueing.queue(&declared.name).is_some(),
            scaled,
            routed,
        });
    }
    Ok(built)
}

/// Whether the loads of so many groups are told apart.
fn is_apart(spec: &SystemSpec, (routed, scaled): (Option<u32>, bool), groups: usize) -> bool {
    let hands_on = routed.is_some_and(|router| spec.routings[router as usize].spill);
    hands_on || scaled && (routed.is_some() || groups > 1)
}

/// Whether units are witnesses, if a component's quorum has more to it than its numbers.
fn voters_of<'a>(
    spec: &'a SystemSpec,
    units: &'a Units,
    declared: &ComponentSpec,
    part: &[UnitId],
) -> Option<impl Fn(UnitId) -> bool + 'a> {
    let witness = move |unit: UnitId| is_witness(spec, &units.units[unit as usize].name);
    let named = spec.quorums.partitions.iter().any(|partition| partition.component == declared.name);
    let special = named
        || election_of(spec, &declared.name).is_some()
        || read_fallback(spec, &declared.name).is_some()
        || !spec.quorums.round_trips.is_empty()
        || part.iter().any(|&unit| witness(unit));
    (special && matches!(declared.redundancy, Redundancy::Quorum { .. })).then_some(witness)
}

/// Gates for both sides, reads and writes of a quorum, and of writes whoever leads.
fn partition_of(
    (spec, units): (&SystemSpec, &Units),
    voters: &Voters<'_>,
    partition: &mut Option<Partitioned>,
    structure: &mut Structure,
) -> Result<([GateId; 3], GateId), SystemError> {
    let name = &voters.component.name;
    let Redundancy::Quorum { write, read } = voters.component.redundancy else {
        return Err(SystemError::NotTogether { component: name.clone(), one: "a witness", other: "no quorum" });
    };
    let leader = match election_of(spec, name) {
        Some(_) => {
            let seat = ElectionSpec::name_of(name);
            let unit = unit_of(spec, &seat);
            Some(unit.ok_or_else(|| super::units::unknown("component", &seat))?)
        }
        None => None,
    };
    *partition = sides_of(spec, units, voters)?;
    match partition {
        Some(partition) => partition.build((write, read), (voters, leader), structure),
        None => {
            let alone = voters.falls_back(spec).is_some();
            let read = if alone {
                voters.any(voters.members, structure)
            } else {
                voters.quorum(read, voters.members, structure)
            };
            let gates = [read, voters.quorum(write, voters.members, structure)];
            let [Some(read), Some(free)] = gates else { return Err(voters.without_data()) };
            let write = leader.map_or(free, |leader| structure.all(vec![free, leader]));
            Ok(([structure.all(vec![read, write]), read, write], free))
        }
    }
}

/// Up while reads have a quorum, where they go on without one.
fn consistent_of(
    (spec, read): (&SystemSpec, u32),
    voters: &Voters<'_>,
    partition: Option<&mut Partitioned>,
    structure: &mut Structure,
) -> Option<GateId> {
    match partition {
        Some(partition) => partition.reads_alone.then(|| partition.consistent(read, voters, structure)),
        None if voters.falls_back(spec).is_some() => voters.quorum(read, voters.members, structure),
        None => None,
    }
}

fn is_partial(component: &ComponentSpec) -> bool {
    component.capacity_per_unit.is_some() || component.modes.iter().any(|mode| mode.effect != Effect::Down)
}

fn any_of(mut gates: Vec<GateId>, structure: &mut Structure) -> GateId {
    gates.dedup();
    if let [only] = gates[..] { only } else { structure.at_least(1, gates) }
}

/// Each gate, and the data of the component; equal gates stay equal.
fn with_data<'a>(data: UnitId, gates: impl Iterator<Item = &'a mut GateId>, structure: &mut Structure) {
    let mut known: Vec<(GateId, GateId)> = Vec::new();
    for gate in gates {
        let whole = known.iter().find(|(alone, _)| alone == gate).map(|&(_, whole)| whole);
        let whole = whole.unwrap_or_else(|| structure.all(vec![*gate, data]));
        known.push((std::mem::replace(gate, whole), whole));
    }
}

type Part = (Option<String>, Vec<UnitId>);

/// The component's units, by the domain of its `per` level, in order of first unit.
fn partition(
    component: &ComponentSpec,
    domains: &[DomainSpec],
    units: &Units,
    members: Range<UnitId>,
) -> Result<Vec<Part>, SystemError> {
    let Some(level) = &component.per else {
        return Ok(vec![(None, members.collect())]);
    };
    let mut parts: Vec<Part> = Vec::new();
    for unit in members {
        let ancestors = units.ancestors[unit as usize].iter();
        let mut names = ancestors.map(|&domain| &domains[domain as usize - units.replicas]);
        let found = names.find(|domain| domain.level.as_deref() == Some(level));
        let Some(found) = found else {
            return Err(SystemError::NoSuchLevel {
                unit: units.units[unit as usize].name.clone(),
                level: level.clone(),
            });
        };
        match parts.iter_mut().find(|(name, _)| name.as_deref() == Some(&found.name)) {
            Some((_, part)) => part.push(unit),
            None => parts.push((Some(found.name.clone()), vec![unit])),
        }
    }
    Ok(parts)
}

/// Gates for both sides, reads, writes.
fn gates_of(redundancy: &Redundancy, units: &[UnitId], structure: &mut Structure) -> [GateId; 3] {
    let mut gate = |need: u32| {
        if let [only] = units[..] { only } else { structure.at_least(need, units.to_vec()) }
    };
    match redundancy {
        Redundancy::None => [gate(1); 3],
        Redundancy::KOfN { need } | Redundancy::Covered { need, .. } => [gate(*need); 3],
        Redundancy::Standby(standby) => [gate(standby.need); 3],
        Redundancy::Quorum { write, read } if write == read => [gate(*write); 3],
        Redundancy::Quorum { write, read } => {
            let (read_gate, write_gate) = (gate(*read), gate(*write));
            [if read > write { read_gate } else { write_gate }, read_gate, write_gate]
        }
    }
}

fn check_need(component: &ComponentSpec, size: usize) -> Result<(), SystemError> {
    let out_of_range = |what, value: u32| SystemError::OutOfRange {
        what,
        name: component.name.clone(),
        value: f64::from(value),
        allowed: format!("1 to {size}"),
    };
    let check = |what, value: u32| {
        if (1..=size as u32).contains(&value) { Ok(()) } else { Err(out_of_range(what, value)) }
    };
    match &component.redundancy {
        Redundancy::None if size == 0 => Err(out_of_range("replicas", 0)),
        Redundancy::None => Ok(()),
        Redundancy::KOfN { need } => check("need", *need),
        Redundancy::Covered { need, coverage } => {
            check("need", *need).and_then(|()| coverage::check(component, coverage))
        }
        Redundancy::Quorum { write, read } => check("write", *write).and(check("read", *read)),
        Redundancy::Standby(standby) => {
            check("active", standby.active)?;
            if !(1..=standby.active).contains(&standby.need) {
                return Err(out_of_range("need", standby.need));
            }
            let waits_for_ever = standby.repair_starts == RepairStarts::AfterSwitch
                && standby.switch_success < 1.0
                && standby.manual_switch.is_none();
            if waits_for_ever { Err(SystemError::WaitsForEver(component.name.clone())) } else { Ok(()) }
        }
    }
}

fn standby_of(
    (spec, component): (&SystemSpec, &ComponentSpec),
    name: &str,
    places: &mut u32,
    streams: &mut StreamRegister,
) -> Result<Option<StandbyGroup>, SystemError> {
    let Redundancy::Standby(scheme) = &component.redundancy else { return Ok(None) };
    let first = *places;
    *places += scheme.active;
    Ok(Some(StandbyGroup {
        scheme: scheme.clone(),
        places: first..*places,
        on_demand: on_demand::demands(spec, component),
        call_stream: streams.take("on_demand", name)?,
        takes_stream: streams.take("switch_takes", name)?,
        success_stream: streams.take("switch_success", name)?,
        manual_stream: streams.take("manual_switch", name)?,
    }))
}
