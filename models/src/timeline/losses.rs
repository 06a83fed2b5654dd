//! Losses: the times in which domains are down, and whom they take with them.

use super::spell::{Member, NOT_THERE, Tile};
use crate::system::{System, UnitId};

/// The losses of all domains that touch the tile.
#[derive(Debug)]
pub(super) struct Losses {
    /// For each domain, its spells.
    spells: Vec<Vec<(i64, i64)>>,
    /// For each group, the domains that can fail and the group's units inside.
    inside: Vec<Vec<(usize, Vec<UnitId>)>>,
}

/// A time in which a domain is down, with the units of a group that are inside.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loss<'a> {
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) units: &'a [UnitId],
}

impl Losses {
    pub(super) fn new(system: &System) -> Self {
        let domains = system.units.units.len() - system.units.replicas;
        let fails = |domain: &UnitId| !system.units.units[*domain as usize].modes.is_empty();
        let mut inside = vec![Vec::new(); system.groups.len()];
        for (group, inside) in system.groups.iter().zip(&mut inside) {
            for &unit in &group.units {
                for domain in system.units.ancestors[unit as usize].iter().filter(|domain| fails(domain)) {
                    let domain = *domain as usize - system.units.replicas;
                    match inside.iter_mut().find(|(other, _): &&mut (usize, Vec<UnitId>)| *other == domain) {
                        Some((_, units)) => units.push(unit),
                        None => inside.push((domain, vec![unit])),
                    }
                }
            }
        }
        Self { spells: vec![Vec::new(); domains], inside }
    }

    pub(super) fn clear(&mut self) {
        self.spells.iter_mut().for_each(Vec::clear);
    }

    pub(super) fn forget_before(&mut self, after: i64) {
        self.spells.iter_mut().for_each(|spells| spells.retain(|&(_, end)| end > after));
    }

    /// Adds spells of domains, each once.
    pub(super) fn add(&mut self, system: &System, spells: impl Iterator<Item = (i64, i64, Member)>) {
        for (start, end, member) in spells.filter(|&(start, ..)| start != NOT_THERE) {
            let unit = system.units.modes[member.mode() as usize].unit as usize;
            self.spells[unit - system.units.replicas].push((start, end));
        }
    }

    /// The losses of `group` that touch the tile.
    pub(super) fn of(&self, group: u32, tile: Tile) -> impl Iterator<Item = Loss<'_>> {
        self.inside[group as usize].iter().flat_map(move |(domain, units)| {
            let within = self.spells[*domain].iter().filter(move |&&(start, _)| start <= tile.until);
            within.map(|&(start, end)| Loss { start, end, units })
        })
    }
}
