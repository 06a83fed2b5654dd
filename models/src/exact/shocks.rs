//! Shocks as variables of the structure: a unit works while it has not failed by itself and no shock has struck it.
//!
//! Exact where nothing that a shock strikes is ever repaired: then "no shock has struck yet" is independent of the units'
//! own lives. So is "since the last test" where everything is mended by the same tests, at once. Until its first failure it is so for every system that a shock takes down for certain, whatever is repaired.
//! Shocks that strike some of their units are taken apart into independent processes, one for each set of units that
//! fails together (Marshall & Olkin, *J. Amer. Statist. Assoc.* 62 (1967)), while these are few.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Part, unit_part};
use super::process::{DownMode, Process};
use crate::lifetime::Law;
use crate::system::{Clock, Effect, Hits, ModeSpec, Repair, ShockSpec, System, TestedRepair, Tests};
use crate::units::Hours;

/// Sets of units that the shocks of one process are taken apart into, at most.
const SETS_MAX: usize = 64;

/// The units that shocks strike.
#[derive(Debug, Default)]
pub(super) struct Struck {
    units: BTreeMap<usize, StruckUnit>,
    /// Variables of shocks whose damage is repaired: they are not final.
    pub(super) mended: BTreeSet<usize>,
}

/// A unit that shocks strike, as variables.
#[derive(Clone, Debug)]
pub(super) struct StruckUnit {
    /// Its own failures.
    pub(super) own: usize,
    /// The shocks.
    pub(super) shocks: Vec<usize>,
    /// How it is mended, and all that is struck with it.
    pub(super) mending: Mending,
    /// No shock that strikes it has too many sets.
    pub(super) is_apart: bool,
}

/// How units that shocks strike are mended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Mending {
    /// Never.
    Never,
    /// All at these tests, which find everything, and at once.
    AtTests(Tests),
    /// Each for itself.
    Apart,
}

impl Mending {
    fn of(modes: &[&ModeSpec]) -> Self {
        let one = |mode: &&ModeSpec| match &mode.repair {
            Repair::Never => Self::Never,
            Repair::Tested(TestedRepair { tests, takes })
                if tests.coverage == 1.0
                    && takes.quantile(1.0).get() == 0.0
                    && mode.time_to_failure.is_exponential().is_some() =>
            {
                Self::AtTests(*tests)
            }
            _ => Self::Apart,
        };
        modes.iter().map(one).reduce(Self::together).unwrap_or(Self::Apart)
    }

    fn together(self, other: Self) -> Self {
        if self == other { self } else { Self::Apart }
    }
}

/// The variables that are being numbered.
pub(super) struct Variables<'a> {
    pub(super) parts: &'a mut Vec<Part>,
    pub(super) part_of: &'a mut Vec<usize>,
}

impl Variables<'_> {
    fn add(&mut self, part: usize) -> usize {
        self.part_of.push(part);
        self.part_of.len() - 1
    }

    fn add_part(&mut self, part: Part) -> usize {
        self.parts.push(part);
        self.parts.len() - 1
    }
}

impl Struck {
    pub(super) fn of(system: &System, variables: &mut Variables<'_>) -> Self {
        let mut struck = Self::default();
        let mut own_parts = BTreeMap::new();
        let units = &system.units;
        for mode in system.shocks.iter().flat_map(|shock| &shock.struck) {
            let unit = units.modes[*mode as usize].unit as usize;
            let owner = owner_of(system, unit);
            let part = *own_parts.entry(owner).or_insert_with(|| variables.add_part(own_part(system, owner)));
            let mending = Mending::of(&modes_of(system, owner).1);
            struck.units.entry(unit).or_insert_with(|| StruckUnit {
                own: variables.add(part),
                shocks: Vec::new(),
                mending,
                is_apart: true,
            });
        }
        for place in 0..system.shocks.len() {
            struck.add_shock(system, place, variables);
        }
        struck
    }

    /// Leaves out units whose own variable refuses.
    pub(super) fn forget(&mut self, units: &[usize]) {
        self.units.retain(|unit, _| !units.contains(unit));
    }

    fn add_shock(&mut self, system: &System, place: usize, variables: &mut Variables<'_>) {
        let declared = &system.spec.shocks[place];
        let modes = system.shocks[place].struck.iter();
        let members: Vec<usize> = modes.map(|&mode| system.units.modes[mode as usize].unit as usize).collect();
        let Some(sets) = sets(declared, &members) else {
            members.iter().for_each(|unit| self.unit(*unit).is_apart = false);
            return;
        };
        let of = |unit: &usize| self.units[unit].mending;
        let mending = match members.iter().map(of).reduce(Mending::together).unwrap_or(Mending::Apart) {
            // A test does not renew the shocks.
            Mending::AtTests(_) if declared.time_to_shock.is_exponential().is_none() => Mending::Apart,
            mending => mending,
        };
        let (repair, tests) = match mending {
            Mending::AtTests(tests) => (Some(Law::constant(Hours::ZERO).expect("bug: no time is a time")), Some(tests)),
            _ => (None, None),
        };
        for (set, time_to_failure) in sets {
            let (repair, clock) = (repair.clone(), Clock::Operating);
            let mode = DownMode { time_to_failure, repair, clock, tests };
            let part = Part::Process(Process { owner: declared.source.clone(), modes: vec![mode], is_worn: false });
            let part = variables.add_part(part);
            let variable = variables.add(part);
            if mending == Mending::Apart {
                self.mended.insert(variable);
            }
            set.iter().for_each(|&unit| self.unit(unit).shocks.push(variable));
        }
        members.iter().for_each(|&unit| self.unit(unit).mending = mending);
    }

    fn unit(&mut self, unit: usize) -> &mut StruckUnit {
        self.units.get_mut(&unit).expect("bug: every unit that is struck was added")
    }

    /// A unit, if shocks strike it.
    pub(super) fn get(&self, unit: usize) -> Option<&StruckUnit> {
        self.units.get(&unit)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.units.is_empty()
    }
}

fn owner_of(system: &System, unit: usize) -> usize {
    let component = system.units.units[unit].component.map(|component| component as usize);
    component.unwrap_or_else(|| system.spec.components.len() + unit - system.units.replicas)
}

fn modes_of(system: &System, owner: usize) -> (&str, Vec<&ModeSpec>) {
    let spec = &system.spec;
    let (name, modes) = match spec.components.get(owner) {
        Some(component) => (&component.name, &component.modes),
        None => {
            let domain = &spec.domains[owner - spec.components.len()];
            (&domain.name, &domain.modes)
        }
    };
    (name, modes.iter().filter(|mode| mode.effect == Effect::Down).collect())
}

/// What a unit does without shocks.
fn own_part(system: &System, owner: usize) -> Part {
    let (name, modes) = modes_of(system, owner);
    let own: Vec<ModeSpec> = modes.into_iter().filter(|mode| mode.clock != Clock::Struck).cloned().collect();
    unit_part(name, &own, system.islands.is_bound_without_shocks(owner))
}

/// The sets of units that fail together, each with the law of when they first do, independent of one another; `None` if
/// there are too many, or none such.
fn sets(shock: &ShockSpec, members: &[usize]) -> Option<Vec<(Vec<usize>, Law)>> {
    let (n, law) = (members.len(), &shock.time_to_shock);
    let memoryless = |share: f64| {
        let mean = law.is_exponential()?.get() / share;
        Law::exponential(Hours::new(mean)).ok()
    };
    match &shock.hits {
        Hits::All => Some(vec![(members.to_vec(), law.clone())]),
        Hits::Exactly(count) => {
            let sets = subsets(n, |size| size == *count as usize)?;
            let law = memoryless(1.0 / sets.len() as f64)?;
            Some(sets.into_iter().map(|set| (pick(members, set), law.clone())).collect())
        }
        Hits::Each(p) => {
            let share =
                |set: u64| (0..n).map(|place| if set >> place & 1 == 1 { *p } else { 1.0 - p }).product::<f64>();
            let sets = subsets(n, |size| size > 0)?.into_iter().filter(|&set| share(set) > 0.0);
            sets.map(|set| Some((pick(members, set), memoryless(share(set))?))).collect()
        }
        Hits::Burst(_) => None,
    }
}

/// Sets of numbers below `n`, as bits, of the sizes that are asked for.
fn subsets(n: usize, of_size: impl Fn(usize) -> bool) -> Option<Vec<u64>> {
    // Whatever the size, a set for each of that many members is too many.
    if n > 12 {
        return None;
    }
    let sets: Vec<u64> = (0..1_u64 << n).filter(|set| of_size(set.count_ones() as usize)).collect();
    (sets.len() <= SETS_MAX).then_some(sets)
}

fn pick(members: &[usize], set: u64) -> Vec<usize> {
    members.iter().enumerate().filter(|(place, _)| set >> place & 1 == 1).map(|(_, &unit)| unit).collect()
}
