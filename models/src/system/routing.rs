//! Traffic direction: a router sends each client to a place, and clients see another answer some time later.
//!
//! Source: a resolver that keeps an answer for its time to live has, at any instant, a rest of it that is uniform over
//! that time (the residual of a constant: Feller, *An Introduction to Probability Theory and Its Applications* II, 2nd ed.,
//! XI.4).

use std::ops::Range;

use ninefold_sim_core::stream::{StreamId, StreamRegister};

use super::components::{Component, Group};
use super::error::SystemError;
use super::probing::{ProbeSpec, Probing};
use super::spec::SystemSpec;
use super::structure::GateId;
use super::units::{CauseId, Slot, SlotEffect, SlotId, Units, unknown};
use crate::lifetime::Law;

/// Most places of one router.
pub const ROUTED_PLACES_MAX: usize = 16;

/// Clients of a router are seen as so many parts of equal size, by how soon they follow it.
pub const COHORTS: usize = 64;

/// The router of a component.
#[derive(Clone, Debug, PartialEq)]
pub struct RoutingSpec {
    /// The component that directs.
    pub router: String,
    /// The component whose places traffic is directed to: its states under [`ComponentSpec::per`](super::ComponentSpec),
    /// at least 2. It has one router, and `redundancy` none or k of n.
    pub to: String,
    /// Share of the clients whose own place it is, by domain, above 0, adding up to 1; one for each place.
    pub weights: Vec<(String, f64)>,
    /// How the router learns that a place is down.
    pub learns: Learns,
    /// Over clients, the time from the router's new answer (or, without probes, from the change of the place itself)
    /// until a client follows it.
    pub follows: Law,
    /// Whether a place hands on what it cannot serve, at once, to the others that are up and have room; it needs a capacity.
    pub spill: bool,
}

/// How it is found out that a place is down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Learns {
    /// The router probes it.
    Probes(ProbeSpec),
    /// Each client notices for itself.
    Clients,
    /// Not by the router: a failover plan sends its clients elsewhere, or nobody does.
    Plan,
}

impl Learns {
    const fn probes(&self) -> Option<&ProbeSpec> {
        match self {
            Self::Probes(probes) => Some(probes),
            Self::Clients | Self::Plan => None,
        }
    }
}

/// A router, compiled. Its places are the groups of the component it directs to, in their order.
#[derive(Clone, Debug)]
pub struct Routing {
    /// The component that directs.
    pub router: u32,
    /// The component it directs to.
    pub to: u32,
    /// The places, numbered over all routers.
    pub places: Range<u32>,
    /// For each place, up while anything is served there.
    pub gates: Vec<GateId>,
    /// For each place, its domain.
    pub names: Vec<String>,
    /// For each place, the share of the clients whose own it is.
    pub weights: Vec<f64>,
    /// For each place, the largest load that its own clients bring, without noise, per second.
    pub own_peaks: Vec<f64>,
    /// For each place, the share of that which it can take over, if it is limited.
    pub buffers: Vec<Option<f64>>,
    /// For each place, the slot that says that the router sends nobody there.
    pub slots: Vec<SlotId>,
    /// For each place, the stream of its probes.
    pub probe_streams: Vec<StreamId>,
    /// How places are probed.
    pub probing: Option<Probing>,
    /// Without probes: whether a client does not notice for itself either.
    pub unwatched: bool,
    /// When clients follow.
    pub follows: Law,
    /// Whether a place hands on what it cannot serve.
    pub spill: bool,
    /// The first of the groups that are its places.
    pub first_group: u32,
    /// Whether the loads of its places are told apart.
    pub apart: bool,
    /// Whether what its places can take over is beside what their units serve, who follow the load, and not a limit.
    pub scaled: bool,
    /// For each cohort, the stream of when it follows.
    pub streams: Vec<StreamId>,
    /// The cause "clients are still sent to a place that is down, or not yet back to theirs".
    pub cause: CauseId,
}

impl Routing {
    /// Share of a cohort that is sent to each place, if it may be sent to those of a set: to its own if that is among
    /// them, else to the others in proportion to their weights.
    pub fn share(&self, place: usize, sent_to: u16) -> f64 {
        if sent_to == self.all() {
            self.weights[place]
        } else if sent_to >> place & 1 == 0 {
            0.0
        } else {
            self.weights[place] / self.weight_of(sent_to)
        }
    }

    /// The weights of a set of places.
    pub fn weight_of(&self, places: u16) -> f64 {
        (0..self.weights.len()).filter(|place| places >> place & 1 == 1).map(|place| self.weights[place]).sum()
    }

    /// Every place.
    pub const fn all(&self) -> u16 {
        ((1_u32 << self.weights.len()) - 1) as u16
    }
}

/// The name of the cause of what a router's clients miss.
pub(super) fn cause_name(routing: &RoutingSpec) -> String {
    format!("{}/moving", routing.router)
}

/// Which router directs to a component, if any.
pub(super) fn router_of(spec: &SystemSpec, component: &str) -> Option<u32> {
    (0..).zip(&spec.routings).find(|(_, routing)| routing.to == component).map(|(id, _)| id)
}

/// Events that false alarms of routers bring, expected within the horizon.
pub(super) fn expected_events(spec: &SystemSpec) -> f64 {
    let of = |routing: &RoutingSpec| {
        let verdicts = routing.learns.probes().map_or(0.0, |probes| probes.expected_events(spec.time.horizon));
        routing.weights.len() as f64 * verdicts * (1 + COHORTS) as f64
    };
    spec.routings.iter().map(of).sum()
}

pub(super) fn build(
    spec: &SystemSpec,
    (components, groups): (&[Component], &[Group]),
    units: &mut Units,
) -> Result<Vec<Routing>, SystemError> {
    let (mut streams, mut first) = (StreamRegister::under(spec.draw), 0);
    let find = |name: &str| {
        let found = spec.components.iter().position(|component| component.name == name);
        found.ok_or_else(|| unknown("component", name))
    };
    let mut compile = |(place, routing): (usize, &RoutingSpec)| {
        let (router, to) = (find(&routing.router)?, find(&routing.to)?);
        let before = &spec.routings[..place];
        for (taken, name) in [
            (before.iter().any(|other| other.to == routing.to), &routing.to),
            (before.iter().any(|other| other.router == routing.router), &routing.router),
        ] {
            if taken {
                return Err(SystemError::Duplicate { what: "routing of component", name: name.clone() });
            }
        }
        let places = &groups[components[to].groups.start as usize..components[to].groups.end as usize];
        check(spec, routing, (to, places))?;
        let cause = units.cause(&cause_name(routing));
        let slot = |group: &Group| {
            units.slots.push(Slot { unit: group.units[0], effect: SlotEffect::Withdrawn(cause) });
            units.slots.len() as SlotId - 1
        };
        let slots = places.iter().map(slot).collect();
        let names = || places.iter().filter_map(|group| group.domain.as_ref());
        let weight = |name: &String| routing.weights.iter().find(|(place, _)| place == name).map(|(_, weight)| *weight);
        let mut take = |purpose, name: String| streams.take(purpose, &name);
        let probe_streams: Result<_, _> =
            names().map(|name| take("routing_probe", format!("{}@{name}", routing.router))).collect();
        let cohorts: Result<_, _> =
            (0..COHORTS).map(|cohort| take("routing_follows", format!("{}:{cohort}", routing.router))).collect();
        let numbers = first..first + places.len() as u32;
        first = numbers.end;
        Ok(Routing {
            router: router as u32,
            to: to as u32,
            places: numbers,
            gates: places.iter().map(|group| group.serves).collect(),
            names: names().cloned().collect(),
            weights: names().filter_map(weight).collect(),
            own_peaks: Vec::new(),
            buffers: Vec::new(),
            slots,
            probe_streams: probe_streams?,
            probing: routing.learns.probes().map(Probing::new),
            unwatched: routing.learns == Learns::Plan,
            follows: routing.follows.clone(),
            spill: routing.spill,
            first_group: components[to].groups.start,
            apart: components[to].apart,
            scaled: components[to].scaled,
            streams: cohorts?,
            cause,
        })
    };
    spec.routings.iter().enumerate().map(&mut compile).collect()
}

fn check(spec: &SystemSpec, routing: &RoutingSpec, (to, places): (usize, &[Group])) -> Result<(), SystemError> {
    let together = spec.components[to].redundancy.scheme();
    let first_failure = spec.time.until_first_failure.then_some("a run to the first failure");
    let whole = spec.journeys.iter().any(|journey| journey.rule.capacity_at_least.is_some());
    let rule = whole.then_some("a journey's `capacity_at_least`");
    if let Some(other) = together.or(first_failure).or(rule) {
        return Err(SystemError::NotTogether { component: routing.to.clone(), one: "routing", other });
    }
    let out_of_range = |what, value, allowed: &str| {
        Err(SystemError::OutOfRange { what, name: routing.router.clone(), value, allowed: allowed.to_owned() })
    };
    if !(2..=ROUTED_PLACES_MAX).contains(&places.len()) {
        return out_of_range("places", places.len() as f64, &format!("2 to {ROUTED_PLACES_MAX}"));
    }
    if routing.spill && spec.components[to].capacity_per_unit.is_none() {
        let (component, other) = (routing.to.clone(), "no capacity");
        return Err(SystemError::NotTogether { component, one: "places that hand on what they cannot serve", other });
    }
    for group in places {
        let name = group.domain.clone().unwrap_or_default();
        let weight = routing.weights.iter().find(|(place, _)| *place == name).map_or(0.0, |(_, weight)| *weight);
        if !(weight > 0.0 && weight <= 1.0) {
            return out_of_range("weight of a place", weight, "above 0, at most 1");
        }
    }
    let sum: f64 = routing.weights.iter().map(|(_, weight)| weight).sum();
    if routing.weights.len() != places.len() || !((sum - 1.0).abs() <= 1e-9) {
        return out_of_range("sum of weights", sum, "1, one weight for each place");
    }
    routing.learns.probes().map_or(Ok(()), |probes| probes.check(&routing.router))
}
