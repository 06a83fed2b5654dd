//! Elections: how long a component with a quorum is without a leader.
//!
//! Source: Ongaro & Ousterhout, *In Search of an Understandable Consensus Algorithm*, Proc. USENIX ATC (2014) 305, §5.2
//! and §9.3: followers that hear no heartbeat for a time drawn anew by each stand for election; the first to do so wins,
//! unless another stands before the request for votes has reached it.

use ninefold_sim_core::stream::{StreamId, StreamRegister};

use super::components::Component;
use super::error::SystemError;
use super::partition::{PartitionSpec, Partitioned};
use super::spec::{ComponentSpec, Redundancy, SystemSpec, UnitSpec};
use super::structure::GateId;
use super::units::{SlotId, UnitId, Units, unknown};
use crate::lifetime::Law;
use crate::units::Hours;

/// Most rounds of one election; after it the last candidate wins.
pub(super) const ROUNDS_MAX: u32 = 10_000;

/// How a component elects the unit that takes its writes.
#[derive(Clone, Debug, PartialEq)]
pub struct ElectionSpec {
    /// The component; it has at most one of these, and a quorum.
    pub component: String,
    /// Time without a heartbeat after which a follower stands for election, drawn anew for each.
    pub timeout: Law,
    /// Time between two heartbeats of a leader.
    pub heartbeat: Hours,
    /// Delay of a message, one way.
    pub one_way: Hours,
    /// Time to make a vote durable.
    pub fsync: Hours,
}

impl ElectionSpec {
    /// The name of the component, and of the cause, that stands for the leader of `component`.
    pub fn name_of(component: &str) -> String {
        format!("{component}/election")
    }

    /// The leader's seat as a component, down while an election is under way.
    pub fn seat(&self) -> ComponentSpec {
        without_modes(Self::name_of(&self.component))
    }

    /// How long writes wait for a new leader among `candidates`. If the old one was `heard` of until now, counted from its
    /// loss: its last heartbeat was sent a part of `heartbeat` before and arrives `one_way` after it was sent.
    pub fn takes(&self, candidates: usize, heard: bool, mut uniform: impl FnMut() -> f64) -> Hours {
        let (heartbeat, one_way) = (self.heartbeat.get(), self.one_way.get());
        let mut waits = if heard { one_way - uniform() * heartbeat } else { 0.0 };
        for _ in 0..ROUNDS_MAX {
            let (mut first, mut second) = (f64::INFINITY, f64::INFINITY);
            for _ in 0..candidates.max(1) {
                let timeout = self.timeout.quantile(uniform()).get();
                second = second.min(first.max(timeout));
                first = first.min(timeout);
            }
            waits += first;
            if second - first >= one_way {
                break;
            }
        }
        Hours::new(waits.max(0.0) + 2.0 * one_way + self.fsync.get())
    }
}

/// The component that is down while more than one side of a partition of `component` takes writes.
pub fn single_writer(component: &str) -> ComponentSpec {
    without_modes(single_writer_name(component))
}

/// Its name, and that of the cause.
pub fn single_writer_name(component: &str) -> String {
    format!("{component}/single-writer")
}

fn without_modes(name: String) -> ComponentSpec {
    ComponentSpec {
        units: vec![UnitSpec { name: name.clone(), domain: None }],
        name,
        redundancy: Redundancy::None,
        per: None,
        modes: Vec::new(),
        capacity_per_unit: None,
    }
}

/// Who leads a component, and how many do.
#[derive(Clone, Debug)]
pub struct Leadership {
    /// The component.
    pub component: u32,
    /// Able units a write needs.
    pub write: u32,
    /// Up while a side has a quorum to write, whoever leads.
    pub quorum: GateId,
    /// Units that may lead, in written order.
    pub eligible: Vec<UnitId>,
    /// Its sides, if its places may lose one another.
    pub partition: Option<Partitioned>,
    /// How it elects, the slot that says it does, and the stream of it.
    pub election: Option<(ElectionSpec, SlotId, StreamId)>,
    /// The slot that says more than one side writes.
    pub two_writers: Option<SlotId>,
}

/// The first unit of a component, by name.
pub(super) fn unit_of(spec: &SystemSpec, name: &str) -> Option<UnitId> {
    let place = spec.components.iter().position(|component| component.name == name)?;
    Some(Units::first_of(spec, place) as UnitId)
}

/// The election of a component, if it declares one.
pub(super) fn election_of<'a>(spec: &'a SystemSpec, component: &str) -> Option<&'a ElectionSpec> {
    spec.quorums.elections.iter().find(|election| election.component == component)
}

pub(super) fn build(
    spec: &SystemSpec,
    units: &Units,
    components: &[Component],
) -> Result<Vec<Leadership>, SystemError> {
    check(spec)?;
    let mut streams = StreamRegister::under(spec.draw);
    let slot_of = |name: &str| unit_of(spec, name).and_then(|unit| units.units[unit as usize].dormant);
    let mut all = Vec::new();
    for (id, (declared, component)) in spec.components.iter().zip(components).enumerate() {
        let Redundancy::Quorum { write, .. } = declared.redundancy else { continue };
        let election = match election_of(spec, &declared.name) {
            Some(election) => {
                let name = ElectionSpec::name_of(&declared.name);
                let slot = slot_of(&name).ok_or_else(|| unknown("component", &name))?;
                Some((election.clone(), slot, streams.take("election", &declared.name)?))
            }
            None => None,
        };
        let two_writers = slot_of(&single_writer_name(&declared.name));
        if election.is_none() && two_writers.is_none() {
            continue;
        }
        let holds_data = |&unit: &UnitId| !super::partition::is_witness(spec, &units.units[unit as usize].name);
        all.push(Leadership {
            component: id as u32,
            write,
            quorum: component.quorum,
            eligible: component.units.clone().filter(holds_data).collect(),
            partition: component.partition.clone(),
            election,
            two_writers,
        });
    }
    Ok(all)
}

/// Checks what is declared of partitions and elections.
fn check(spec: &SystemSpec) -> Result<(), SystemError> {
    let partitions = spec.quorums.partitions.iter().map(|one| (&one.component, "partition"));
    let elections = spec.quorums.elections.iter().map(|one| (&one.component, "election"));
    let fallbacks = spec.quorums.read_fallbacks.iter().map(|one| (&one.component, "read fallback"));
    let declared: Vec<_> = partitions.chain(elections).chain(fallbacks).collect();
    for (place, &(name, what)) in declared.iter().enumerate() {
        let component = spec.components.iter().find(|component| component.name == *name);
        let component = component.ok_or_else(|| unknown("component", name))?;
        if declared[..place].contains(&(name, what)) {
            return Err(SystemError::Duplicate { what, name: name.clone() });
        }
        let other = match component.redundancy {
            Redundancy::Quorum { .. } if component.per.is_none() => None,
            Redundancy::Quorum { .. } => Some("a state per domain"),
            _ => Some("redundancy other than a quorum"),
        };
        if let Some(other) = other {
            return Err(SystemError::NotTogether { component: name.clone(), one: what, other });
        }
        if spec.time.until_first_failure && spec.journeys.is_empty() {
            let other = "a run to the first failure without journeys";
            return Err(SystemError::NotTogether { component: name.clone(), one: what, other });
        }
    }
    if let Some(fallback) = spec.quorums.read_fallbacks.iter().find(|one| !(0.0..=1.0).contains(&one.quality)) {
        let (name, allowed) = (fallback.component.clone(), "0 to 1".to_owned());
        return Err(SystemError::OutOfRange { what: "quality of a read", name, value: fallback.quality, allowed });
    }
    for election in &spec.quorums.elections {
        let lone = |one: &&PartitionSpec| one.component == election.component;
        let lone = spec.quorums.partitions.iter().find(lone);
        if lone.is_some_and(|partition| partition.minority == super::Minority::Write) {
            let (one, other) = ("an election", "a minority that writes");
            return Err(SystemError::NotTogether { component: election.component.clone(), one, other });
        }
        check_times(election)?;
    }
    Ok(())
}

fn check_times(election: &ElectionSpec) -> Result<(), SystemError> {
    let (least, most) = (election.timeout.quantile(0.0).get(), election.timeout.quantile(1.0).get());
    let range = most - least;
    let positive = |hours: Hours| hours.get() >= 0.0 && hours.get().is_finite();
    let checks = [
        ("heartbeat", election.heartbeat, positive(election.heartbeat), "0 or more".to_owned()),
        ("fsync", election.fsync, positive(election.fsync), "0 or more".to_owned()),
        (
            "one-way delay",
            election.one_way,
            positive(election.one_way) && (election.one_way == Hours::ZERO || election.one_way.get() < range),
            format!("0, or below the {range} h over which timeouts are spread, or elections never end"),
        ),
    ];
    match checks.into_iter().find(|(_, _, good, _)| !good) {
        None => Ok(()),
        Some((what, value, _, allowed)) => {
            Err(SystemError::OutOfRange { what, name: election.component.clone(), value: value.get(), allowed })
        }
    }
}
