//! Competing modes: units of several modes, each with its own clock, run one by one.
//!
//! The clocks are those of [`Failure`], to the letter; only the queue is another: the few modes of one unit are looked
//! through for the earliest.

use ninefold_sim_core::calendar::Event;
use ninefold_sim_core::tick::Tick;

use super::spell::{Member, Spells, Tile};
use crate::mechanism::{Failure, Kind, Moment, Out, Pending};
use crate::system::{Mode, ModeId, System, UnitId};

/// Units of several modes.
#[derive(Debug)]
pub(super) struct Competing {
    units: Vec<UnitId>,
    clocks: Failure,
    out: Out<Few>,
    /// Which of the part's groups each mode belongs to.
    rows: Vec<u32>,
    /// What is present from the start.
    begun: Spells,
    work: u64,
}

/// What a few modes wait for.
#[derive(Debug)]
struct Few {
    /// First mode of the first unit; what follows is counted from it.
    first: ModeId,
    due: Vec<Due>,
}

/// What a mode waits for.
#[derive(Clone, Copy, Debug)]
struct Due {
    repaired: Tick,
    fails: Tick,
}

const NOTHING: Due = Due { repaired: Tick::NEVER, fails: Tick::NEVER };

impl Few {
    /// The earliest event of a unit, in the order of the calendar.
    fn earliest(&self, modes: std::ops::Range<ModeId>) -> (Tick, Kind, ModeId) {
        let pending = |mode: ModeId| self.due[(mode - self.first) as usize];
        let repaired = modes.clone().map(|mode| (pending(mode).repaired, Kind::Repaired, mode));
        let fails = modes.map(|mode| (pending(mode).fails, Kind::Fails, mode));
        repaired.chain(fails).min_by_key(|&(time, kind, mode)| (time, kind as u16, mode)).expect("bug: it has modes")
    }
}

impl Pending for Few {
    fn set(&mut self, event: Event) {
        let due = &mut self.due[(event.entity() - self.first) as usize];
        if event.kind() == Kind::Fails as u16 { due.fails = event.time } else { due.repaired = event.time }
    }
}

impl Competing {
    pub(super) fn new(system: &System, units: Vec<UnitId>, row: impl Fn(UnitId) -> u32) -> Self {
        let modes = |&unit: &UnitId| system.units.units[unit as usize].modes.clone();
        let all = || units.iter().flat_map(modes);
        let first = all().min().expect("bug: a part has units, units have modes");
        let last = all().max().unwrap_or(first);
        let clocks = Failure::of(system, all().collect());
        let row = |mode: &Mode| row(mode.unit);
        let rows = system.units.modes[first as usize..=last as usize].iter().map(row).collect();
        let due = vec![NOTHING; (last - first) as usize + 1];
        Self { clocks, out: Out::new(Few { first, due }), rows, begun: Spells::default(), work: 0, units }
    }

    pub(super) fn start(&mut self, at: Moment<'_>) {
        self.out.pending.due.fill(NOTHING);
        self.work = 0;
        self.clocks.begins(at, &mut self.out);
        let mut begun = std::mem::take(&mut self.begun);
        begun.clear();
        self.take_over(at.now, &mut begun);
        self.begun = begun;
    }

    /// Failures and repairs since the start.
    pub(super) const fn work(&self) -> u64 {
        self.work
    }

    /// Runs every unit up to the end of the tile; returns how many spells it adds.
    pub(super) fn lay_out(&mut self, at: Moment<'_>, tile: Tile, spells: &mut Spells) -> u64 {
        let before = spells.len();
        spells.append(&mut self.begun);
        for place in 0..self.units.len() {
            let modes = at.system.units.units[self.units[place] as usize].modes.clone();
            loop {
                let (now, kind, mode) = self.out.pending.earliest(modes.clone());
                if now.get() > tile.until {
                    break;
                }
                self.out.cancel(kind, mode);
                self.clocks.happens(kind, mode, Moment { now, ..at }, &mut self.out);
                self.take_over(now, spells);
                self.work += 1;
            }
        }
        (spells.len() - before) as u64
    }

    /// Makes of every failure a spell: nothing moves the end of a repair.
    fn take_over(&mut self, now: Tick, spells: &mut Spells) {
        for effect in self.out.effects.drain(..).filter(|effect| effect.placed) {
            let end = self.out.pending.due[(effect.slot - self.out.pending.first) as usize].repaired;
            // What lasts no time leaves no trace.
            if end > now {
                let row = self.rows[(effect.slot - self.out.pending.first) as usize];
                spells.push((now.get(), end.get()), Member::new(row, effect.slot));
            }
        }
        self.out.notes.clear();
    }
}
