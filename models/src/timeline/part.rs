//! Parts: units that are laid out together.

use ninefold_sim_core::tick::Tick;

use crate::lifetime::Law;
use crate::mechanism::Moment;
use crate::system::{Exposure, ModeId, Sight, System, UnitId, visible_modes};

use super::alternating::{Alternating, Cycles};
use super::competing::Competing;
use super::spell::{Member, Spells, Tile};

/// A tick, the shortest life there is.
const TICK_HOURS: f64 = 1.0 / 3.6e12;

/// Units of a part, at least, where there are as many alike: enough to be drawn side by side, few enough to stay in the
/// nearest caches.
const UNITS_A_PART: usize = 256;

/// Units of neighbouring groups that are laid out together.
#[derive(Debug)]
pub(super) struct Part {
    process: Process,
    /// From the first to the last of the groups that the units belong to; none for domains.
    pub(super) groups: std::ops::Range<u32>,
    /// Spells that reach beyond the tile.
    carried: Spells,
    /// Mean length of a spell, in ticks; a rough guide to bins of time.
    pub(super) mean_spell: i64,
    /// Expected spells, and those of them that are shown: a rough guide to the length of a tile.
    pub(super) spells_per_hour: f64,
    pub(super) shown_per_hour: f64,
}

#[derive(Debug)]
enum Process {
    /// One mode a unit, all with the same laws.
    Alternating(Box<Alternating>),
    /// Several modes a unit.
    Competing(Box<Competing>),
}

/// The modes of one unit that are to be laid out.
struct Unit {
    unit: UnitId,
    modes: Vec<ModeId>,
    group: Option<u32>,
}

/// The parts of those of `units`, ascending, that go by a timeline.
pub(super) fn parts(system: &System, units: &[UnitId]) -> Vec<Part> {
    let on_timeline = units.iter().filter(|&&unit| system.paths.is_on_timeline(&system.units, unit));
    let visible = |&unit: &UnitId| {
        let group = (!system.units.is_domain(unit)).then(|| system.group_of[unit as usize]);
        let sight = group.map_or(Sight::Every(Exposure::Domain), |group| system.paths.sights[group as usize]);
        Unit { unit, modes: visible_modes(&system.units, unit, sight).collect(), group }
    };
    let mut units: Vec<Unit> = on_timeline.map(visible).filter(|unit| !unit.modes.is_empty()).collect();
    // The units of a group stand together, and so do groups that are alike. Those of several modes are one part: it holds
    // clocks for the whole system.
    units.sort_by_key(|unit| (unit.modes.len() > 1, unit.group, unit.unit));
    let mut parts = Vec::new();
    let mut rest = &units[..];
    while let [first, ..] = rest {
        // A part ends at the end of a group, once it is large enough.
        let alone = first.modes.len() == 1;
        let ends = |i: usize| alone && i >= UNITS_A_PART && rest[i].group != rest[i - 1].group;
        let alike = (0..rest.len()).take_while(|&i| together(system, first, &rest[i]) && !ends(i)).count();
        parts.push(part(system, &rest[..alike]));
        rest = &rest[alike..];
    }
    parts
}

/// Whether two units can be laid out in one part.
fn together(system: &System, a: &Unit, b: &Unit) -> bool {
    match (&a.modes[..], &b.modes[..]) {
        (&[a], &[b]) => laws(system, a) == laws(system, b),
        (many_a, many_b) => many_a.len() > 1 && many_b.len() > 1,
    }
}

/// Time to failure and repair of a mode.
pub(super) fn laws(system: &System, mode: ModeId) -> (&Law, Option<&Law>) {
    let mode = &system.units.modes[mode as usize];
    let law = |index: u32| &system.units.laws[index as usize];
    (law(mode.time_to_failure), mode.repair.map(law))
}

fn part(system: &System, units: &[Unit]) -> Part {
    let modes = || units.iter().flat_map(|unit| unit.modes.iter().copied());
    let groups = units[0].group.map_or(0..0, |first| first..units[units.len() - 1].group.unwrap_or(first) + 1);
    let row = |group: Option<u32>| group.map_or(0, |group| group - groups.start);
    let process = if units[0].modes.len() == 1 {
        let members = units.iter().map(|unit| Member::new(row(unit.group), unit.modes[0]));
        Process::Alternating(Box::new(Alternating::new(system, members.collect())))
    } else {
        let row_of = |unit: UnitId| row(system.group_of.get(unit as usize).copied());
        Process::Competing(Box::new(Competing::new(system, units.iter().map(|unit| unit.unit).collect(), row_of)))
    };
    let spells_per_hour = modes().map(|mode| expected_rate(system, mode)).sum();
    let shown_per_hour = units.iter().map(|unit| expected_shown(system, unit)).sum();
    let repair = |mode| laws(system, mode).1.map_or(f64::INFINITY, |law| law.mean().get());
    let mean_spell = Tick::from_hours(modes().map(repair).sum::<f64>() / modes().count() as f64).get();
    Part { process, groups, carried: Spells::default(), mean_spell, spells_per_hour, shown_per_hour }
}

/// Failures an hour. The mean alone is no guide where short lives are many and the mean is made by a few long ones.
pub(super) fn expected_rate(system: &System, mode: ModeId) -> f64 {
    let (life, repair) = laws(system, mode);
    let cycle = |of: &dyn Fn(&Law) -> f64| of(life).max(TICK_HOURS) + repair.map_or(0.0, of);
    let by_mean = cycle(&|law| law.mean().get()).recip();
    let by_median = (16.0 * cycle(&|law| law.median().get())).recip();
    by_mean.max(by_median)
}

/// Failures of a unit that are shown, an hour: at most those that find so many others of its group down that with it they
/// are too many. With `n` of them down on average, `m` of independent ones are down at most a share `n^m / m!` of the time.
fn expected_shown(system: &System, unit: &Unit) -> f64 {
    let rate = |&mode: &ModeId| expected_rate(system, mode);
    let down = |mode: &ModeId| rate(mode) * laws(system, *mode).1.map_or(f64::INFINITY, |law| law.mean().get());
    let failures: f64 = unit.modes.iter().map(rate).sum();
    let Some(group) = unit.group else { return failures };
    let Sight::Down(least) = system.paths.sights[group as usize] else { return failures };
    let others = system.groups[group as usize].units.len() as f64 - 1.0;
    let others_down = others * unit.modes.iter().map(down).sum::<f64>();
    failures * (1..least).map(|others| others_down / f64::from(others)).product::<f64>().min(1.0)
}

impl Part {
    pub(super) fn start(&mut self, at: Moment<'_>) {
        self.carried.clear();
        match &mut self.process {
            Process::Alternating(alternating) => alternating.start(),
            Process::Competing(competing) => competing.start(at),
        }
    }

    /// The spells that touch the tile and some later ones, in no particular order, in place of those in `spells`. Returns
    /// the place of the first that was drawn now, and how many of these there are.
    pub(super) fn lay_out(
        &mut self,
        at: Moment<'_>,
        tile: Tile,
        cycles: &mut Cycles,
        spells: &mut Spells,
    ) -> (usize, u64) {
        spells.clear();
        spells.append(&mut self.carried);
        let before = spells.len();
        let there = match &mut self.process {
            Process::Alternating(alternating) => alternating.lay_out(at, tile, cycles, spells),
            Process::Competing(competing) => competing.lay_out(at, tile, spells),
        };
        (before, there)
    }

    /// Whether a unit has one mode, and so one spell at a time.
    pub(super) const fn is_of_one_mode(&self) -> bool {
        matches!(self.process, Process::Alternating(_))
    }

    /// Lives and repairs drawn since the start.
    pub(super) const fn work(&self) -> u64 {
        match &self.process {
            Process::Alternating(alternating) => alternating.work(),
            Process::Competing(competing) => competing.work(),
        }
    }

    /// Keeps what later tiles need.
    pub(super) fn carry(&mut self, spells: &Spells, tile: Tile) {
        if tile.until < tile.end {
            self.carried.carry(spells, tile);
        }
    }
}
