//! Timelines: the ups and downs of independent units, laid out before anything else happens, without a queue.
//!
//! A unit whose clocks read only its own state is an alternating renewal process. Its spells down are drawn one after the
//! other, many units side by side (`alternating.rs`), or mode against mode (`competing.rs`). Of a group with spare units
//! only the spells in which too many are down at once can be seen by anybody; `sieve.rs` and `sweep.rs` find those. What
//! is left is sorted and enters the [`World`](crate::replication::World) as a source of events beside its queue, to the
//! tick the events that the queue would have brought.
//!
//! A replication is laid out in tiles of time, so that memory depends on neither horizon nor replications. Spells are held
//! side by side, and what is done to all of them is done in lanes.

mod alternating;
mod competing;
mod losses;
mod outline;
mod part;
mod sieve;
mod spell;
mod sweep;

use ninefold_sim_core::calendar::{Event, Sorter};
use ninefold_sim_core::tick::Tick;

pub use outline::{Island, Outline, OutlineRow, outline};

use crate::mechanism::Moment;
use crate::system::{System, UnitId};
use alternating::Cycles;
use losses::Losses;
use part::Part;
use spell::{Spells, Tile, show_whole};
use sweep::Sweep;

/// Spells that a tile may draw for each that it is meant to show.
const DRAWN_A_SHOWN: f64 = 16.0;

/// The spells of all independent units of one replication, tile by tile.
#[derive(Debug)]
pub struct Timeline {
    domains: Vec<Part>,
    parts: Vec<Part>,
    losses: Losses,
    sweep: Sweep,
    sorter: Sorter,
    cycles: Box<Cycles>,
    spells: Spells,
    events: Vec<Event>,
    next: usize,
    tile: Tile,
    tile_length: i64,
    transitions: u64,
    work: u64,
    shown: u64,
}

impl Timeline {
    /// The timelines of `system`.
    pub fn new(system: &System) -> Self {
        let all: Vec<UnitId> = (0..system.units.units.len() as UnitId).collect();
        let (replicas, domains) = all.split_at(system.units.replicas);
        let (domains, parts) = (part::parts(system, domains), part::parts(system, replicas));
        Self {
            losses: Losses::new(system),
            sweep: Sweep::new(system),
            sorter: Sorter::default(),
            cycles: Box::default(),
            spells: Spells::default(),
            events: Vec::new(),
            next: 0,
            tile: Tile::BEFORE,
            tile_length: tile_length(system, || domains.iter().chain(&parts)),
            transitions: 0,
            work: 0,
            shown: 0,
            domains,
            parts,
        }
    }

    /// Whether no unit goes by a timeline.
    pub fn is_empty(&self) -> bool {
        self.domains.is_empty() && self.parts.is_empty()
    }

    /// Begins a replication.
    pub fn start(&mut self, at: Moment<'_>) {
        self.tile = Tile::BEFORE;
        self.events.clear();
        self.next = 0;
        (self.transitions, self.work, self.shown) = (0, 0, 0);
        self.losses.clear();
        self.domains.iter_mut().chain(&mut self.parts).for_each(|part| part.start(at));
    }

    /// Lives and repairs drawn since the start, also those that lasted no time or lie beyond the end.
    pub const fn work(&self) -> u64 {
        self.work
    }

    /// Ups and downs shown since the start.
    pub const fn shown(&self) -> u64 {
        self.shown
    }

    /// Ups and downs drawn since the start, shown or not.
    pub const fn transitions(&self) -> u64 {
        self.transitions
    }

    /// Lays out the next tile, the last one having been used up, and returns its end.
    pub fn lay_out(&mut self, at: Moment<'_>) -> Tick {
        let end = at.system.end.get();
        let until = if self.is_empty() { end } else { self.tile.until.saturating_add(self.tile_length).min(end) };
        self.tile = Tile { after: self.tile.until, until, end };
        self.events.clear();
        self.next = 0;
        self.losses.forget_before(self.tile.after);
        let (cycles, spells, events) = (&mut *self.cycles, &mut self.spells, &mut self.events);
        let mut there = 0;
        for part in &mut self.domains {
            let (first, drawn) = part.lay_out(at, self.tile, cycles, spells);
            there += drawn;
            self.losses.add(at.system, spells.iter_from(first));
            spells.iter_from(0).for_each(|spell| show_whole(spell, self.tile, events));
            part.carry(spells, self.tile);
        }
        for part in &mut self.parts {
            let (_, drawn) = part.lay_out(at, self.tile, cycles, spells);
            there += drawn;
            self.sweep.show(at.system, part, (spells, self.tile), &self.losses, events);
            part.carry(spells, self.tile);
        }
        self.transitions += 2 * there;
        self.work = self.domains.iter().chain(&self.parts).map(Part::work).sum();
        self.sorter.sort(&mut self.events);
        Tick::new(until)
    }

    /// When the next event of the tile is; [`Tick::NEVER`] if the tile is used up.
    #[inline]
    pub fn next(&self) -> Tick {
        self.events.get(self.next).map_or(Tick::NEVER, |event| event.time)
    }

    /// Takes the next event of the tile if it is at `now`.
    #[inline]
    pub fn take(&mut self, now: Tick) -> Option<Event> {
        let event = self.events.get(self.next).copied().filter(|event| event.time == now)?;
        self.next += 1;
        self.shown += 1;
        Some(event)
    }
}

/// How long a tile is, in ticks, so that it shows, and draws for any part, about as many spells as it is meant to, and in
/// all some more.
fn tile_length<'a, P: Iterator<Item = &'a Part>>(system: &System, parts: impl Fn() -> P) -> i64 {
    let spells: f64 = parts().map(|part| part.spells_per_hour).sum();
    let shown: f64 = parts().map(|part| part.shown_per_hour).sum();
    let largest = parts().map(|part| part.spells_per_hour).fold(0.0, f64::max);
    let per_hour = shown.max(largest).max(spells / DRAWN_A_SHOWN);
    let hours = (system.paths.spells_a_tile / per_hour).max(f64::MIN_POSITIVE);
    // The first tile begins with tick 0.
    Tick::from_hours(hours).get().min(system.end.get()) + 1
}
