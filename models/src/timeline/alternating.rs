//! Alternating renewals: units of one mode, all with the same laws, side by side.
//!
//! Each unit lives, is repaired, lives again. A round draws one block of each of a unit's two streams, and so two lives
//! and two repairs; a batch of units takes the same few instructions. The k-th life takes the k-th draw of its stream,
//! as it does by events.

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
    /// For each unit of the batch, how it begins, if this is its first round and it is not simply new.
    begins: Vec<Option<Beginning>>,
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
            begins: Vec::with_capacity(BATCH),
            modes,
        }
    }

    pub(super) fn start(&mut self) {
        self.rounds.fill(0);
        self.renewed.fill(0);
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

    fn draw(&mut self, replication: Replication, batch: std::ops::Range<usize>) {
        let (lives, repairs) = &mut *self.drawn;
        let rounds = &self.rounds[batch.clone()];
        draw(replication, (&self.lives[batch.clone()], rounds), &self.life, lives);
        match &self.repair {
            Repair::Never => repairs.ticks.fill(Tick::NEVER),
            Repair::Always(ticks) => repairs.ticks.fill(*ticks),
            Repair::Takes(law) => draw(replication, (&self.repairs[batch], rounds), law, repairs),
        }
    }

    /// Where the first life or repair is not drawn like any other, puts what it is in their place.
    fn begin(&mut self, batch: std::ops::Range<usize>, at: Moment<'_>) {
        self.begins.clear();
        for unit in batch {
            let first =
                if self.rounds[unit] == 0 { beginning::of(self.modes[unit], at.system, at.replication) } else { None };
            self.begins.push(first);
        }
    }

    /// Two cycles of each unit of a batch become spells.
    fn add(&mut self, batch: std::ops::Range<usize>, end: i64, spells: &mut Vec<Spell>) {
        let (lives, repairs) = &*self.drawn;
        let count = batch.len();
        for (i, unit) in batch.enumerate() {
            let mut renewed = self.renewed[unit];
            for place in [i, count + i] {
                // A life of no time at all would let a unit fail without end in one instant.
                let repair = repairs.ticks[place].get();
                let mut start = renewed.saturating_add(lives.ticks[place].get().max(1));
                renewed = start.saturating_add(repair);
                match self.begins[i].filter(|_| place == i) {
                    None => {}
                    Some(Beginning::Absent { life_left }) => {
                        start = life_left.get();
                        renewed = start.saturating_add(repair);
                    }
                    Some(Beginning::Present { repair_left }) => (start, renewed) = (0, repair_left.get()),
                }
                // What lasts no time leaves no trace.
                if start <= end && renewed > start {
                    spells.push(Spell { start, end: renewed, mode: self.modes[unit], shown: false });
                }
            }
            self.renewed[unit] = renewed;
            self.rounds[unit] += 1;
        }
    }
}

fn draw(replication: Replication, (ids, blocks): (&[StreamId], &[u32]), law: &Law, into: &mut Draws) {
    let count = ids.len();
    let hours = &mut into.hours[..2 * count];
    let (first, second) = hours.split_at_mut(count);
    uniform_blocks(replication, ids, blocks, first, second);
    law.quantiles(hours);
    Tick::from_hours_many(hours, &mut into.ticks[..2 * count]);
}
