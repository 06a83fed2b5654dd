//! Timelines: the ups and downs of independent units, laid out before anything else happens, without a queue.
//!
//! A unit whose clocks read only its own state is an alternating renewal process. Its spells down are drawn one after the
//! other, many units side by side (`alternating.rs`), or mode against mode (`competing.rs`). Of a group with spare units
//! only the spells in which too many are down at once can be seen by anybody; `sieve.rs` and `sweep.rs` find those. What
//! is left is sorted and enters the [`World`](crate::replication::World) as a source of events beside its queue, to the
//! tick the events that the queue would have brought.
//!
//! A replication is laid out in tiles of time, so that memory depends on neither horizon nor replications.

mod alternating;
mod competing;
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
use part::Part;
use spell::{Spell, Tile};
use sweep::{Losses, Sweep};

/// The spells of all independent units of one replication, tile by tile.
#[derive(Debug)]
pub struct Timeline {
    domains: Vec<Part>,
    parts: Vec<Part>,
    losses: Losses,
    sweep: Sweep,
    sorter: Sorter,
    spells: Vec<Spell>,
    events: Vec<Event>,
    next: usize,
    tile: Tile,
    tile_length: i64,
    transitions: u64,
    shown: u64,
}

impl Timeline {
    /// The timelines of `system`.
    pub fn new(system: &System) -> Self {
        let all: Vec<UnitId> = (0..system.units.units.len() as UnitId).collect();
        let (replicas, domains) = all.split_at(system.units.replicas);
        let (domains, parts) = (part::parts(system, domains), part::parts(system, replicas));
        let expected: f64 = domains.iter().chain(&parts).map(|part| part.spells_per_hour).sum();
        let hours = (system.paths.spells_a_tile / expected).max(f64::MIN_POSITIVE);
        Self {
            losses: Losses::new(system),
            sweep: Sweep::new(system),
            sorter: Sorter::default(),
            spells: Vec::new(),
            events: Vec::new(),
            next: 0,
            tile: Tile::BEFORE,
            tile_length: Tick::from_hours(hours).get().min(system.end.get()).max(1),
            transitions: 0,
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
        (self.transitions, self.shown) = (0, 0);
        self.losses.clear();
        self.domains.iter_mut().chain(&mut self.parts).for_each(|part| part.start(at));
    }

    /// Lives and repairs drawn since the start, also those that lasted no time or lie beyond the end.
    pub fn work(&self) -> u64 {
        self.domains.iter().chain(&self.parts).map(Part::work).sum()
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
        for part in &mut self.domains {
            let drawn = part.lay_out(at, self.tile, &mut self.spells);
            self.transitions += 2 * drawn as u64;
            self.losses.add(at.system, &self.spells[self.spells.len() - drawn..]);
            spell::show_all(&mut self.spells, self.tile, &mut self.events);
            part.carry(&mut self.spells, self.tile);
        }
        for part in &mut self.parts {
            self.transitions += 2 * part.lay_out(at, self.tile, &mut self.spells) as u64;
            self.sweep.show(at.system, part, (&mut self.spells, self.tile), &self.losses, &mut self.events);
            part.carry(&mut self.spells, self.tile);
        }
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
