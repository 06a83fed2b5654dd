//! Round trips between domains: how long a write waits for those who acknowledge it.
//!
//! A write that is coordinated in a domain is sent to every unit at once, and is made when so many as it needs have answered:
//! the round trip to the one of them that is that far away. So it takes at most some time exactly while enough of the units
//! within that time are able, which is a gate.

use super::partition::{Minority, Partitioned, Voters};
use super::spec::SystemSpec;
use super::structure::{GateId, Structure};
use super::units::{UnitId, Units};
use crate::units::Hours;

/// The time of a message and its answer between two domains, and all that is inside them.
#[derive(Clone, Debug, PartialEq)]
pub struct RoundTripSpec {
    /// The two domains, apart.
    pub between: [String; 2],
    /// How long it takes, at least 0.
    pub takes: Hours,
}

/// How soon writes that are coordinated in a domain are made.
#[derive(Clone, Debug)]
pub struct WritesFrom {
    /// The domain.
    pub domain: String,
    /// Times, ascending, and the gate that is up while a write takes no longer.
    pub within: Vec<(Hours, GateId)>,
}

/// The round trip between a domain and a unit, each given with all it sits in, innermost first; between those of which
/// nothing is said, none.
fn round_trip(spec: &SystemSpec, from: &[&str], to: &[&str]) -> Hours {
    if to.contains(&from[0]) {
        return Hours::ZERO;
    }
    let said = |a: &str, b: &str| {
        let between = |one: &&RoundTripSpec| one.between == [a, b] || one.between == [b, a];
        spec.quorums.round_trips.iter().find(between).map(|one| one.takes)
    };
    let pairs = from.iter().flat_map(|a| to.iter().map(move |b| (*a, *b)));
    pairs.into_iter().find_map(|(a, b)| said(a, b)).unwrap_or(Hours::ZERO)
}

/// The domains of which round trips are said that hold units of a component, in written order.
fn origins(spec: &SystemSpec, units: &Units, members: &[UnitId]) -> Vec<usize> {
    let named = |name: &String| spec.quorums.round_trips.iter().any(|one| one.between.contains(name));
    let holds = |domain: usize| {
        let id = (units.replicas + domain) as UnitId;
        members.iter().any(|&unit| units.ancestors[unit as usize].contains(&id))
    };
    (0..spec.domains.len()).filter(|&domain| named(&spec.domains[domain].name) && holds(domain)).collect()
}

/// How soon writes are made from each domain of which round trips are said. Where a minority writes alone, writes wait for
/// nobody and nothing is said of them.
pub(super) fn writes_from(
    (spec, units): (&SystemSpec, &Units),
    (voters, write): (&Voters<'_>, u32),
    partition: Option<&Partitioned>,
    structure: &mut Structure,
) -> Vec<WritesFrom> {
    if partition.is_some_and(|partition| partition.minority == Minority::Write) {
        return Vec::new();
    }
    let name = |id: &UnitId| spec.domains[*id as usize - units.replicas].name.as_str();
    let mut all = Vec::new();
    for domain in origins(spec, units, voters.members) {
        let mut around = vec![domain];
        while let Some(outer) = spec.domains[around[around.len() - 1]].parent.as_deref() {
            let place = spec.domains.iter().position(|known| known.name == outer);
            around.extend(place);
        }
        let from: Vec<&str> = around.iter().map(|&domain| spec.domains[domain].name.as_str()).collect();
        let away = |&unit: &UnitId| {
            let to: Vec<&str> = units.ancestors[unit as usize].iter().map(name).collect();
            (round_trip(spec, &from, &to), unit)
        };
        let mut away: Vec<(Hours, UnitId)> = voters.members.iter().map(away).collect();
        away.sort_by(|a, b| a.0.get().total_cmp(&b.0.get()).then(a.1.cmp(&b.1)));
        let ids: Vec<UnitId> = around.iter().map(|&domain| (units.replicas + domain) as UnitId).collect();
        // Whom voters on no side vote for may depend on both sides.
        if partition.is_some_and(|partition| !partition.is_seen_from(&ids)) {
            continue;
        }
        let side = partition.and_then(|partition| Some((partition, partition.side_of(&ids)?)));
        let mut within: Vec<(Hours, GateId)> = Vec::new();
        for last in 0..away.len() {
            if away.get(last + 1).is_some_and(|next| next.0 == away[last].0) {
                continue;
            }
            let mut near: Vec<UnitId> = away[..=last].iter().map(|(_, unit)| *unit).collect();
            near.sort_unstable();
            let Some(gate) = acknowledged((voters, write), &near, side, structure) else { continue };
            within.push((away[last].0, gate));
        }
        all.push(WritesFrom { domain: spec.domains[domain].name.clone(), within });
    }
    all
}

/// Up while enough of these are able and within reach.
fn acknowledged(
    (voters, write): (&Voters<'_>, u32),
    near: &[UnitId],
    side: Option<(&Partitioned, usize)>,
    structure: &mut Structure,
) -> Option<GateId> {
    let whole = voters.quorum(write, near, structure)?;
    let Some((partition, side)) = side else { return Some(whole) };
    let reached = |unit: &UnitId| partition.sides[side].units.contains(unit) || partition.outside.contains(unit);
    let reached: Vec<UnitId> = near.iter().copied().filter(reached).collect();
    let joined = structure.all(vec![partition.link, whole]);
    Some(match voters.quorum(write, &reached, structure) {
        Some(alone) => structure.at_least(1, vec![joined, alone]),
        None => joined,
    })
}
