//! A spell: the time from the failure of a unit by a mode to the end of its repair.

use ninefold_sim_core::calendar::Event;
use ninefold_sim_core::tick::Tick;

use crate::mechanism::Kind;
use crate::system::ModeId;

/// A mode being present: from `start` to before `end`, in ticks. It lasts at least a tick; one that ends after the end of
/// the replication does not end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spell {
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) mode: ModeId,
    /// Whether its start has been shown and its end has not.
    pub(super) shown: bool,
}

impl Spell {
    /// Shows it as failing at `at`, if it is to be seen and is not shown yet.
    #[inline]
    pub(super) fn begins_to_show(&mut self, seen: bool, at: i64, events: &mut Vec<Event>) {
        if seen && !self.shown {
            events.push(Event::new(Tick::new(at), Kind::Fails as u16, self.mode));
            self.shown = true;
        }
    }

    /// Shows it as repaired at `at`, if it is shown.
    #[inline]
    pub(super) fn ceases_to_show(&mut self, at: i64, events: &mut Vec<Event>) {
        if self.shown {
            events.push(Event::new(Tick::new(at), Kind::Repaired as u16, self.mode));
            self.shown = false;
        }
    }
}

/// The stretch of time that is laid out at once: later than `after`, up to and with `until`, of a replication that ends
/// at `end`; in ticks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tile {
    pub(super) after: i64,
    pub(super) until: i64,
    pub(super) end: i64,
}

impl Tile {
    /// Nothing has been laid out.
    pub(super) const BEFORE: Self = Self { after: -1, until: -1, end: 0 };
}

/// Shows every start and end within the tile.
pub(super) fn show_all(spells: &mut [Spell], tile: Tile, events: &mut Vec<Event>) {
    for spell in spells {
        spell.begins_to_show(spell.start <= tile.until, spell.start, events);
        if spell.end <= tile.until {
            spell.ceases_to_show(spell.end, events);
        }
    }
}
