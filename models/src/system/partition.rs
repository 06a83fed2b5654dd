//! Partitions: the loss of the network between places, and which side of it goes on serving.
//!
//! The network between the sides is a component of its own, [`link`](PartitionSpec::link), whose one unit is up while the
//! sides reach one another; so what a side serves is a structure of gates over units and that link.

use super::components::Component;
use super::error::SystemError;
use super::spec::{Clock, ComponentSpec, Effect, ModeSpec, Redundancy, Repair, Side, SystemSpec, UnitSpec};
use super::structure::{GateId, Structure};
use super::units::{UnitId, Units, unknown};
use crate::lifetime::Law;

/// What quorums have beside their numbers.
#[derive(Clone, Debug, Default)]
pub struct Quorums {
    /// Components whose places may lose one another, in written order.
    pub partitions: Vec<PartitionSpec>,
    /// Components that elect a leader, in written order.
    pub elections: Vec<super::ElectionSpec>,
    /// Names of units that vote and serve nothing.
    pub witnesses: Vec<String>,
    /// Journeys whose users are in one domain, in written order.
    pub views: Vec<ViewSpec>,
    /// Components that are read without a quorum where there is none, in written order.
    pub read_fallbacks: Vec<ReadFallbackSpec>,
    /// Round trips between domains, in written order.
    pub round_trips: Vec<super::RoundTripSpec>,
}

/// Reads of a component that any able unit answers while too few for a quorum are.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadFallbackSpec {
    /// The component; it has at most one of these, a quorum, and no `per`.
    pub component: String,
    /// Quality of such a read, 0..=1.
    pub quality: f64,
}

/// A journey that sees the side of a partition its users are on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewSpec {
    /// The journey.
    pub journey: String,
    /// The domain of its users.
    pub domain: String,
}

/// The loss of the network between the places of a component with a quorum.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionSpec {
    /// The component; it has at most one of these, a quorum, and no `per`.
    pub component: String,
    /// The domains that lose one another, two or more; the first has the fence.
    pub between: Vec<String>,
    /// Time to a loss, while all reach one another.
    pub time_to_failure: Law,
    /// How long it lasts.
    pub repair: Law,
    /// What whoever reaches too few units does.
    pub minority: Minority,
    /// Whether the sides but the first are kept from writing while they are cut off; only with [`Minority::Write`].
    pub fencing: bool,
}

/// What units do that reach fewer than the quorum. They cannot tell whether the others are cut off or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Minority {
    /// Nothing: up for what there is a quorum for.
    #[default]
    Stop,
    /// Reads go on with any able unit.
    ReadOnly,
    /// Reads and writes go on with any able unit.
    Write,
}

impl PartitionSpec {
    /// The name of the component, and of the cause, that stands for the network of `component`.
    pub fn name_of(component: &str) -> String {
        format!("{component}/partition")
    }

    /// The network between the sides, as a component: it belongs among the components of the system.
    pub fn link(&self) -> ComponentSpec {
        let name = Self::name_of(&self.component);
        ComponentSpec {
            units: vec![UnitSpec { name: name.clone(), domain: None }],
            name,
            redundancy: Redundancy::None,
            per: None,
            modes: vec![ModeSpec {
                name: String::new(),
                time_to_failure: self.time_to_failure.clone(),
                repair: Repair::Takes(self.repair.clone()),
                effect: Effect::Down,
                clock: Clock::Operating,
                propagates: Vec::new(),
            }],
            capacity_per_unit: None,
        }
    }
}

/// The voters of a component by where they are, and what each side serves while it is cut off.
#[derive(Clone, Debug, Default)]
pub struct Partitioned {
    /// Up while the sides reach one another.
    pub link: GateId,
    /// The sides, in written order.
    pub sides: Vec<PartitionSide>,
    /// Units in none of the domains, which every side reaches.
    pub outside: Vec<UnitId>,
    /// What whoever reaches too few units does.
    pub minority: Minority,
    /// Whether the sides but the first are kept from writing.
    pub fencing: bool,
    /// Whether any able unit answers reads where there is no quorum.
    pub reads_alone: bool,
}

/// One side of a partition.
#[derive(Clone, Debug)]
pub struct PartitionSide {
    /// Its domain, as a unit.
    pub domain: UnitId,
    /// The units inside.
    pub units: Vec<UnitId>,
    /// Those of them that hold data.
    pub data: Vec<UnitId>,
    /// What its users see: both sides of the quorum, reads, writes.
    pub view: [GateId; 3],
    /// Where reads go on without a quorum, what its users see while they have one.
    pub consistent: GateId,
}

/// The units of a component with a quorum, and the numbers they are asked for.
pub(super) struct Voters<'a> {
    pub(super) component: &'a ComponentSpec,
    pub(super) members: &'a [UnitId],
    /// Whether a unit votes and serves nothing.
    pub(super) is_witness: &'a dyn Fn(UnitId) -> bool,
}

/// Whether a unit is a witness.
pub(super) fn is_witness(spec: &SystemSpec, name: &str) -> bool {
    spec.quorums.witnesses.iter().any(|witness| witness == name)
}

impl Voters<'_> {
    fn holding_data(&self, units: &[UnitId]) -> Vec<UnitId> {
        units.iter().copied().filter(|&unit| !(self.is_witness)(unit)).collect()
    }

    /// Up while `need` of `units` are able, one of them with data; never if there are too few.
    pub(super) fn quorum(&self, need: u32, units: &[UnitId], structure: &mut Structure) -> Option<GateId> {
        let data = self.holding_data(units);
        if data.is_empty() || units.len() < need as usize {
            return None;
        }
        let votes = at_least(need, units, structure);
        if data.len() == units.len() {
            return Some(votes);
        }
        let data = at_least(1, &data, structure);
        Some(structure.all(vec![votes, data]))
    }

    pub(super) fn without_data(&self) -> SystemError {
        let (name, allowed) = (self.component.name.clone(), "1 or more".to_owned());
        SystemError::OutOfRange { what: "units that hold data", name, value: 0.0, allowed }
    }

    /// What reads are worth that are answered without a quorum, if the component says so.
    pub(super) fn falls_back(&self, spec: &SystemSpec) -> Option<f64> {
        read_fallback(spec, &self.component.name)
    }

    pub(super) fn any(&self, units: &[UnitId], structure: &mut Structure) -> Option<GateId> {
        let data = self.holding_data(units);
        (!data.is_empty()).then(|| at_least(1, &data, structure))
    }
}

fn at_least(need: u32, units: &[UnitId], structure: &mut Structure) -> GateId {
    if let [only] = units { *only } else { structure.at_least(need, units.to_vec()) }
}

/// What reads of a component are worth that are answered without a quorum, if it says so.
pub(super) fn read_fallback(spec: &SystemSpec, component: &str) -> Option<f64> {
    let found = spec.quorums.read_fallbacks.iter().find(|fallback| fallback.component == component);
    found.map(|fallback| fallback.quality)
}

/// Who is on which side; `None` if no partition is declared for the component.
pub(super) fn sides_of(
    spec: &SystemSpec,
    units: &Units,
    voters: &Voters<'_>,
) -> Result<Option<Partitioned>, SystemError> {
    let Some(declared) = spec.quorums.partitions.iter().find(|p| p.component == voters.component.name) else {
        return Ok(None);
    };
    let name = PartitionSpec::name_of(&declared.component);
    let place = spec.components.iter().position(|component| component.name == name);
    let link = Units::first_of(spec, place.ok_or_else(|| unknown("component", &name))?) as GateId;
    let mut sides = Vec::new();
    for domain in &declared.between {
        let place = spec.domains.iter().position(|known| known.name == *domain);
        let domain = (units.replicas + place.ok_or_else(|| unknown("domain", domain))?) as UnitId;
        let inside = voters.members.iter().copied().filter(|&u| units.ancestors[u as usize].contains(&domain));
        let units: Vec<UnitId> = inside.collect();
        sides.push(PartitionSide { domain, data: voters.holding_data(&units), units, view: [0; 3], consistent: 0 });
    }
    let is_in = |side: &PartitionSide, unit: &UnitId| side.units.contains(unit);
    let twice = voters.members.iter().any(|unit| sides.iter().filter(|side| is_in(side, unit)).count() > 1);
    let out_of_range = |what, value: usize, allowed: &str| {
        let (name, allowed) = (declared.component.clone(), allowed.to_owned());
        Err(SystemError::OutOfRange { what, name, value: value as f64, allowed })
    };
    if sides.len() < 2 {
        return out_of_range("sides of the partition", sides.len(), "2 or more");
    }
    if twice {
        return Err(SystemError::Duplicate { what: "side of the partition of", name: declared.component.clone() });
    }
    if sides.iter().any(|side| side.units.is_empty()) {
        return out_of_range("units on a side of the partition", 0, "1 or more");
    }
    let outside = voters.members.iter().copied().filter(|unit| !sides.iter().any(|side| is_in(side, unit)));
    let (minority, fencing) = (declared.minority, declared.fencing);
    let reads_alone = minority != Minority::Stop || voters.falls_back(spec).is_some();
    Ok(Some(Partitioned { link, outside: outside.collect(), sides, minority, fencing, reads_alone }))
}

impl Partitioned {
    /// Gates for both sides of a quorum of these numbers, reads and writes, as seen by who may go to any side, and for writes
    /// whoever leads; and the views. Where a leader is elected, writes need that gate too.
    pub(super) fn build(
        &mut self,
        (write, read): (u32, u32),
        (voters, leader): (&Voters<'_>, Option<GateId>),
        structure: &mut Structure,
    ) -> Result<([GateId; 3], GateId), SystemError> {
        if voters.holding_data(voters.members).is_empty() {
            return Err(voters.without_data());
        }
        let reads = if self.reads_alone { 1 } else { read };
        let writes = if self.minority == Minority::Write { 1 } else { write };
        let quorum = |need: u32, units: &[UnitId], lone: bool, structure: &mut Structure| {
            if lone { voters.any(units, structure) } else { voters.quorum(need, units, structure) }
        };
        let lone = [self.reads_alone, self.minority == Minority::Write];
        let whole: Vec<Option<GateId>> = [(reads, lone[0]), (writes, lone[1])]
            .map(|(need, lone)| quorum(need, voters.members, lone, structure))
            .map(|gate| gate.map(|gate| structure.all(vec![self.link, gate])))
            .to_vec();
        let mut all = [Vec::new(), Vec::new()];
        for place in 0..self.sides.len() {
            let mut reached = self.sides[place].units.clone();
            reached.extend(&self.outside);
            reached.sort_unstable();
            let read = quorum(reads, &reached, lone[0], structure);
            let may_write = !(self.fencing && place > 0);
            let write = if may_write { quorum(writes, &reached, lone[1], structure) } else { None };
            let [seen_read, seen_write] = [(0, read), (1, write)].map(|(side, own)| {
                all[side].extend(own);
                one_of(whole[side].into_iter().chain(own).collect(), structure)
            });
            let led = structure.all([seen_write].into_iter().chain(leader).collect());
            self.sides[place].view = [structure.all(vec![seen_read, led]), seen_read, led];
        }
        let [read, write] = [0, 1].map(|side| {
            let mut gates = std::mem::take(&mut all[side]);
            gates.extend(whole[side]);
            one_of(gates, structure)
        });
        let led = structure.all([write].into_iter().chain(leader).collect());
        Ok(([structure.all(vec![read, led]), read, led], write))
    }

    /// The gates of reads that have a quorum, as each side sees them; the answer is as seen by who may go to any.
    pub(super) fn consistent(&mut self, read: u32, voters: &Voters<'_>, structure: &mut Structure) -> GateId {
        let whole = voters.quorum(read, voters.members, structure);
        let whole = whole.map(|gate| structure.all(vec![self.link, gate]));
        let mut all: Vec<GateId> = whole.into_iter().collect();
        for side in &mut self.sides {
            let mut reached = side.units.clone();
            reached.extend(&self.outside);
            reached.sort_unstable();
            let own = voters.quorum(read, &reached, structure);
            all.extend(own);
            side.consistent = one_of(whole.into_iter().chain(own).collect(), structure);
        }
        one_of(all, structure)
    }

    /// The side whose domain holds another, given that one and all it sits in.
    pub(super) fn side_of(&self, chain: &[UnitId]) -> Option<usize> {
        self.sides.iter().position(|side| chain.contains(&side.domain))
    }

    /// Whether what users in a domain see is a matter of gates: for whom the voters outside vote is not, beyond the first
    /// side, which gets them wherever it has a quorum with them.
    pub fn is_seen_from(&self, chain: &[UnitId]) -> bool {
        self.outside.is_empty() || self.minority == Minority::Write || self.side_of(chain).is_none_or(|side| side == 0)
    }

    /// How many sides accept writes at once; `able` says whether a unit is.
    pub fn writers(&self, write: u32, is_up: bool, able: impl Fn(UnitId) -> bool) -> usize {
        let count = |units: &[UnitId]| units.iter().filter(|&&unit| able(unit)).count() as u32;
        if is_up || self.fencing {
            return 1;
        }
        if self.minority == Minority::Write {
            return self.sides.iter().filter(|side| count(&side.data) > 0).count();
        }
        let own: Vec<u32> = self.sides.iter().map(|side| count(&side.units)).collect();
        holders(&own, count(&self.outside), write).count()
    }
}

/// For each journey, the domain of its users and all that one sits in, as units; empty where it is not said.
pub(super) fn views(
    spec: &SystemSpec,
    (units, components): (&Units, &[Component]),
) -> Result<Vec<Vec<UnitId>>, SystemError> {
    let mut all = vec![Vec::new(); spec.journeys.len()];
    for view in &spec.quorums.views {
        let journey = spec.journeys.iter().position(|journey| journey.name == view.journey);
        let journey = journey.ok_or_else(|| unknown("journey", &view.journey))?;
        let mut at = Some(view.domain.as_str());
        while let Some(name) = at {
            let place = spec.domains.iter().position(|domain| domain.name == name);
            let place = place.ok_or_else(|| unknown("domain", name))?;
            all[journey].push((units.replicas + place) as UnitId);
            at = spec.domains[place].parent.as_deref();
        }
        for (declared, component) in spec.components.iter().zip(components) {
            if component.partition.as_ref().is_some_and(|partition| !partition.is_seen_from(&all[journey])) {
                let other = "voters outside the sides, seen from a side that is not the first";
                let component = declared.name.clone();
                return Err(SystemError::NotTogether { component, one: "a partition", other });
            }
        }
    }
    Ok(all)
}

impl super::System {
    /// For each journey and component, the gates its users see: both sides of a quorum, reads, writes.
    pub(crate) fn seen(&self) -> Vec<Vec<[GateId; 3]>> {
        let views = views(&self.spec, (&self.units, &self.components)).expect("bug: the views were checked");
        let seen = |from: &Vec<UnitId>| {
            let sides = [Side::Both, Side::Read, Side::Write];
            self.components.iter().map(|component| sides.map(|side| component.seen_from(from, side))).collect()
        };
        views.iter().map(seen).collect()
    }
}

fn one_of(mut gates: Vec<GateId>, structure: &mut Structure) -> GateId {
    gates.sort_unstable();
    gates.dedup();
    if let [only] = gates[..] { only } else { structure.at_least(1, gates) }
}

/// The sides that have a quorum of `need` while none reaches another: `own` able voters each, and `outside` whom all
/// reach and who vote for one side, the one with the most voters of its own (at equal numbers the first).
pub fn holders(own: &[u32], outside: u32, need: u32) -> impl Iterator<Item = usize> + '_ {
    let most = own.iter().copied().max().unwrap_or(0);
    let favoured = own.iter().position(|&own| own == most);
    let has = move |side: usize| own[side] + if favoured == Some(side) { outside } else { 0 };
    (0..own.len()).filter(move |&side| has(side) >= need)
}
