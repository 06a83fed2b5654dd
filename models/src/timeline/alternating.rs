//! Alternating renewals: units of one mode, all with the same laws, side by side.
//!
//! Each unit lives, is repaired, lives again. A round draws one block of each of a unit's two streams, and so two lives
//! and two repairs; a batch of units takes the same few instructions. The k-th life takes the k-th draw of its stream,
//! as it does by events.

use std::ops::Range;

use ninefold_sim_core::stream::{Replication, StreamId, uniform_blocks};
use ninefold_sim_core::tick::Tick;

use super::part::laws;
use super::spell::{Spell, Tile};
use crate::lifetime::Law;
use crate::mechanism::{Beginning, Moment, beginning};
use crate::system::{ModeId, System};

/// Units that are drawn for at once.
const BATCH: usize = 128;

/// The draws of two cycles of a batch: the first of each unit, then the second of each unit.
#[derive(Debug)]
struct Draws {
    hours: [f64; 2 * BATCH],
    ticks: [Tick; 2 * BATCH],
}

const NO_DRAWS: Draws = Draws { hours: [0.0; 2 * BATCH], ticks: [Tick::NEVER; 2 * BATCH] };

/// Units of one mode with the same laws.
#[derive(Debug)]
pub(super) struct Alternating {
    life: Law,
    repair: Repair,
    /// One row a unit; those that still have to be drawn for come first.
    modes: Vec<ModeId>,
    lives: Vec<StreamId>,
    repairs: Vec<StreamId>,
    /// Rounds drawn, the block of the next one.
    rounds: Vec<u32>,
    /// End of the last repair, in ticks.
    renewed: Vec<i64>,
    drawn: Box<(Draws, Draws)>,
    work: u64,
}

#[derive(Debug)]
enum Repair {
    Never,
    /// Nothing to draw.
    Always(Tick),
    Takes(Law),
}

impl Alternating {
    pub(super) fn new(system: &System, modes: Vec<ModeId>) -> Self {
        let (life, repair) = laws(system, modes[0]);
        let stream = |&mode: &ModeId| &system.units.modes[mode as usize];
        let repair = match repair {
            None => Repair::Never,
            Some(law @ Law::Constant(_)) => Repair::Always(Tick::from_hours(law.median().get())),
            Some(law) => Repair::Takes(law.clone()),
        };
        Self {
            life: life.clone(),
            repair,
            lives: modes.iter().map(|mode| stream(mode).failure_stream).collect(),
            repairs: modes.iter().map(|mode| stream(mode).repair_stream).collect(),
            rounds: vec![0; modes.len()],
            renewed: vec![0; modes.len()],
            drawn: Box::new((NO_DRAWS, NO_DRAWS)),
            work: 0,
            modes,
        }
    }

    pub(super) fn start(&mut self) {
        self.rounds.fill(0);
        self.renewed.fill(0);
        self.work = 0;
    }

    /// Lives and repairs drawn since the start.
    pub(super) const fn work(&self) -> u64 {
        self.work
    }

    /// Draws for every unit until its last repair ends after the tile, or after the end of the replication.
    pub(super) fn lay_out(&mut self, at: Moment<'_>, tile: Tile, spells: &mut Vec<Spell>) {
        let mut left = self.set_aside(self.modes.len(), tile.until);
        while left > 0 {
            for first in (0..left).step_by(BATCH) {
                let batch = first..left.min(first + BATCH);
                self.draw(at.replication, batch.clone());
                self.begin(batch.clone(), at);
                self.add(batch, tile.end, spells);
            }
            left = self.set_aside(left, tile.until);
        }
    }

    /// Moves units that need no more draws behind the others; returns how many do.
    fn set_aside(&mut self, count: usize, until: i64) -> usize {
        let (mut unit, mut left) = (0, count);
        while unit < left {
            if self.renewed[unit] <= until {
                unit += 1;
            } else {
                left -= 1;
                self.modes.swap(unit, left);
                self.lives.swap(unit, left);
                self.repairs.swap(unit, left);
                self.rounds.swap(unit, left);
                self.renewed.swap(unit, left);
            }
        }
        left
    }

    fn draw(&mut self, replication: Replication, batch: Range<usize>) {
        let (lives, repairs) = &mut *self.drawn;
        let rounds = &self.rounds[batch.clone()];
        draw(replication, (&self.lives[batch.clone()], rounds), &self.life, lives);
        // A life of no time at all would let a unit fail without end in one instant.
        lives.ticks[..2 * batch.len()].iter_mut().for_each(|life| *life = (*life).max(Tick::new(1)));
        match &self.repair {
            Repair::Never => repairs.ticks.fill(Tick::NEVER),
            Repair::Always(ticks) => repairs.ticks.fill(*ticks),
            Repair::Takes(law) => draw(replication, (&self.repairs[batch], rounds), law, repairs),
        }
    }

    /// Where the first life or repair is not drawn like any other, puts what it is in their place.
    fn begin(&mut self, batch: Range<usize>, at: Moment<'_>) {
        if beginning::are_plain(at.system, at.replication) {
            return;
        }
        let (lives, repairs) = &mut *self.drawn;
        for (i, unit) in batch.enumerate().filter(|(_, unit)| self.rounds[*unit] == 0) {
            match beginning::of(self.modes[unit], at.system, at.replication) {
                None => {}
                Some(Beginning::Absent { life_left }) => lives.ticks[i] = life_left,
                Some(Beginning::Present { repair_left }) => {
                    (lives.ticks[i], repairs.ticks[i]) = (Tick::ZERO, repair_left);
                }
            }
        }
    }

    /// Two cycles of each unit of a batch become spells.
    fn add(&mut self, batch: Range<usize>, end: i64, spells: &mut Vec<Spell>) {
        let (from, count) = (spells.len(), batch.len());
        self.work += 4 * count as u64;
        spells.resize(from + 2 * count, Spell { start: 0, end: 0, mode: 0, shown: false });
        let (modes, renewed) = (&self.modes[batch.clone()], &mut self.renewed[batch.clone()]);
        let mut any_less = false;
        for cycle in [0, count] {
            let lives = &self.drawn.0.ticks[cycle..][..count];
            let repairs = &self.drawn.1.ticks[cycle..][..count];
            let spells = &mut spells[from + cycle..][..count];
            for i in 0..count {
                let start = renewed[i].saturating_add(lives[i].get());
                let after = start.saturating_add(repairs[i].get());
                any_less |= start > end || after == start;
                renewed[i] = after;
                (spells[i].start, spells[i].end, spells[i].mode) = (start, after, modes[i]);
            }
        }
        self.rounds[batch].iter_mut().for_each(|rounds| *rounds += 1);
        if any_less {
            leave_out(spells, from, end);
        }
    }
}

/// What begins after the end is not there; what lasts no time leaves no trace.
fn leave_out(spells: &mut Vec<Spell>, from: usize, end: i64) {
    let mut kept = from;
    for i in from..spells.len() {
        let spell = spells[i];
        spells[kept] = spell;
        kept += usize::from(spell.start <= end && spell.end > spell.start);
    }
    spells.truncate(kept);
}

fn draw(replication: Replication, (ids, blocks): (&[StreamId], &[u32]), law: &Law, into: &mut Draws) {
    let count = ids.len();
    let hours = &mut into.hours[..2 * count];
    let (first, second) = hours.split_at_mut(count);
    uniform_blocks(replication, ids, blocks, first, second);
    law.quantiles(hours);
    Tick::from_hours_many(hours, &mut into.ticks[..2 * count]);
}
