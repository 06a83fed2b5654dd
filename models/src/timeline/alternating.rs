//! Alternating renewals: units of one mode, all with the same laws, side by side.
//!
//! Each unit lives, is repaired, lives again. A round draws one block of each of a unit's two streams, and so two lives
//! and two repairs; a batch of units takes the same few instructions. The k-th life takes the k-th draw of its stream,
//! as it does by events.

use std::ops::Range;

use ninefold_sim_core::simd::{Kernel, dispatch};
use ninefold_sim_core::stream::{Replication, StreamId, uniform_blocks};
use ninefold_sim_core::tick::Tick;

use super::part::laws;
use super::spell::{Member, NOT_THERE, Spells, Tile};
use crate::lifetime::Law;
use crate::mechanism::{Beginning, Moment, beginning};
use crate::system::System;

/// Units that are drawn for at once.
const BATCH: usize = 128;
/// Units are drawn for by so many: what is left over in a batch would take as long one by one.
const LANES: usize = 8;

/// Two cycles of a batch: the first of each unit, then the second of each unit. Scratch of all parts.
#[derive(Debug)]
pub(super) struct Cycles {
    hours: [f64; 2 * BATCH],
    lives: [Tick; 2 * BATCH],
    repairs: [Tick; 2 * BATCH],
    starts: [i64; 2 * BATCH],
    ends: [i64; 2 * BATCH],
}

impl Default for Cycles {
    fn default() -> Self {
        let (never, zeros) = ([Tick::NEVER; 2 * BATCH], [0; 2 * BATCH]);
        Self { hours: [0.0; 2 * BATCH], lives: never, repairs: never, starts: zeros, ends: zeros }
    }
}

/// Units of one mode with the same laws.
#[derive(Debug)]
pub(super) struct Alternating {
    life: Law,
    repair: Repair,
    units: usize,
    /// One row a unit; those that still have to be drawn for come first. Filled up to a multiple of [`LANES`].
    members: Vec<Member>,
    lives: Vec<StreamId>,
    repairs: Vec<StreamId>,
    /// Rounds drawn, the block of the next one.
    rounds: Vec<u32>,
    /// End of the last repair, in ticks.
    renewed: Vec<i64>,
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
    pub(super) fn new(system: &System, mut members: Vec<Member>) -> Self {
        let (units, last) = (members.len(), members[members.len() - 1]);
        members.resize(units.next_multiple_of(LANES), last);
        let (life, repair) = laws(system, last.mode());
        let stream = |member: &Member| &system.units.modes[member.mode() as usize];
        let repair = match repair {
            None => Repair::Never,
            Some(law @ Law::Constant(_)) => Repair::Always(Tick::from_hours(law.median().get())),
            Some(law) => Repair::Takes(law.clone()),
        };
        Self {
            life: life.clone(),
            repair,
            units,
            lives: members.iter().map(|member| stream(member).failure_stream).collect(),
            repairs: members.iter().map(|member| stream(member).repair_stream).collect(),
            rounds: vec![0; members.len()],
            renewed: vec![0; members.len()],
            work: 0,
            members,
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

    /// Draws for every unit until its last repair ends after the tile, or after the end of the replication; returns how
    /// many spells there are of it.
    pub(super) fn lay_out(&mut self, at: Moment<'_>, tile: Tile, cycles: &mut Cycles, spells: &mut Spells) -> u64 {
        let (mut left, mut there) = (self.set_aside(self.units, tile.until), 0);
        while left > 0 {
            let mut any_past = false;
            for first in (0..left).step_by(BATCH) {
                let batch = first..left.min(first + BATCH);
                let row = batch.len().next_multiple_of(LANES);
                self.draw(at.replication, first..first + row, cycles);
                self.begin(batch.clone(), at, cycles);
                let (some_there, some_past) = self.renew((batch, row), tile, cycles, spells);
                there += some_there;
                any_past |= some_past;
            }
            if any_past {
                left = self.set_aside(left, tile.until);
            }
        }
        there
    }

    /// Moves units that need no more draws behind the others; returns how many do.
    fn set_aside(&mut self, count: usize, until: i64) -> usize {
        let (mut unit, mut left) = (0, count);
        while unit < left {
            if self.renewed[unit] <= until {
                unit += 1;
            } else {
                left -= 1;
                self.members.swap(unit, left);
                self.lives.swap(unit, left);
                self.repairs.swap(unit, left);
                self.rounds.swap(unit, left);
                self.renewed.swap(unit, left);
            }
        }
        left
    }

    fn draw(&self, replication: Replication, lanes: Range<usize>, cycles: &mut Cycles) {
        let (rounds, drawn) = (&self.rounds[lanes.clone()], 2 * lanes.len());
        let hours = &mut cycles.hours[..drawn];
        let mut draw = |ids: &[StreamId], law: &Law, ticks: &mut [Tick]| {
            let (first, second) = hours.split_at_mut(ids.len());
            uniform_blocks(replication, ids, rounds, first, second);
            law.quantiles(hours);
            Tick::from_hours_many(hours, ticks);
        };
        draw(&self.lives[lanes.clone()], &self.life, &mut cycles.lives[..drawn]);
        let repairs = &mut cycles.repairs[..drawn];
        match &self.repair {
            Repair::Never => repairs.fill(Tick::NEVER),
            Repair::Always(ticks) => repairs.fill(*ticks),
            Repair::Takes(law) => draw(&self.repairs[lanes], law, repairs),
        }
    }

    /// Where the first life or repair is not drawn like any other, puts what it is in their place.
    fn begin(&mut self, batch: Range<usize>, at: Moment<'_>, cycles: &mut Cycles) {
        if beginning::are_plain(at.system, at.replication) {
            return;
        }
        let first = batch.start;
        for unit in batch.filter(|unit| self.rounds[*unit] == 0) {
            let place = unit - first;
            match beginning::of(self.members[unit].mode(), at.system, at.replication) {
                None => {}
                Some(Beginning::Absent { life_left }) => cycles.lives[place] = life_left,
                Some(Beginning::Present { repair_left }) => {
                    // As if it had lived up to the first tick.
                    (self.renewed[unit], cycles.lives[place]) = (-1, Tick::new(1));
                    cycles.repairs[place] = repair_left;
                }
            }
        }
    }

    /// Two cycles of each unit of a batch, drawn in rows so long, become spells. Returns how many are there, and whether
    /// any unit needs no more draws.
    fn renew(
        &mut self,
        (batch, row): (Range<usize>, usize),
        tile: Tile,
        cycles: &mut Cycles,
        spells: &mut Spells,
    ) -> (u64, bool) {
        let count = batch.len();
        let (mut there, mut any_past) = (0, false);
        for from in [0, row] {
            let renewal = Renewal {
                tile,
                lives: &cycles.lives[from..from + count],
                repairs: &cycles.repairs[from..from + count],
                renewed: &mut self.renewed[batch.clone()],
                starts: &mut cycles.starts[..count],
                ends: &mut cycles.ends[..count],
            };
            let (some_there, some_past) = dispatch(renewal);
            there += some_there;
            any_past |= some_past;
            spells.starts.extend_from_slice(&cycles.starts[..count]);
            spells.ends.extend_from_slice(&cycles.ends[..count]);
            spells.members.extend_from_slice(&self.members[batch.clone()]);
        }
        self.work += 4 * count as u64;
        self.rounds[batch].iter_mut().for_each(|rounds| *rounds += 1);
        (there, any_past)
    }
}

/// One cycle of each unit.
struct Renewal<'a> {
    tile: Tile,
    lives: &'a [Tick],
    repairs: &'a [Tick],
    renewed: &'a mut [i64],
    starts: &'a mut [i64],
    ends: &'a mut [i64],
}

impl Kernel for Renewal<'_> {
    /// Spells that are there, and whether any unit is renewed after the tile.
    type Output = (u64, bool);

    #[inline(always)]
    fn run(self) -> (u64, bool) {
        let (mut there, mut past) = (0, 0);
        let drawn = self.lives.iter().zip(self.repairs);
        let spells = self.starts.iter_mut().zip(self.ends);
        for ((renewed, (life, repair)), (start, end)) in self.renewed.iter_mut().zip(drawn).zip(spells) {
            // A life of no time at all would let a unit fail without end in one instant.
            let life = life.get() + sign(life.get() - 1);
            let fails = sum(*renewed, life);
            *end = sum(fails, repair.get());
            *renewed = *end;
            // What begins after the end is not there; what lasts no time leaves no trace.
            let is_there = sign(fails - self.tile.end - 1) & sign(fails - *end);
            *start = fails | (is_there - 1) & NOT_THERE;
            there += is_there as u64;
            past |= self.tile.until - *end;
        }
        (there, past < 0)
    }
}

/// 1 below 0, else 0: a comparison without one, which few 64-bit lanes have.
#[inline(always)]
const fn sign(x: i64) -> i64 {
    (x as u64 >> 63) as i64
}

/// The sum of two numbers of at least 0, or the largest there is.
#[inline(always)]
const fn sum(a: i64, b: i64) -> i64 {
    let sum = a.wrapping_add(b);
    (sum | sum >> 63) & i64::MAX
}
