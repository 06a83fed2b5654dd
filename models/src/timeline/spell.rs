//! A spell: the time from the failure of a unit by a mode to the end of its repair.

use ninefold_sim_core::calendar::Event;
use ninefold_sim_core::tick::Tick;

use crate::mechanism::Kind;
use crate::system::ModeId;

/// A start that is later than any end of a replication: the spell is not there.
pub(super) const NOT_THERE: i64 = i64::MAX;

/// A mode of a unit, and which of its part's groups the unit belongs to, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Member(u64);

impl Member {
    pub(super) const fn new(row: u32, mode: ModeId) -> Self {
        Self((row as u64) << 32 | mode as u64)
    }

    /// Which of the part's groups.
    #[inline(always)]
    pub(super) const fn row(self) -> u32 {
        (self.0 >> 32) as u32
    }

    #[inline(always)]
    pub(super) const fn mode(self) -> ModeId {
        self.0 as ModeId
    }
}

/// Spells side by side. A mode is present from `starts` to before `ends`, in ticks, for at least a tick; one that ends
/// after the end of the replication does not end; one that starts at [`NOT_THERE`] is none.
#[derive(Debug, Default)]
pub(super) struct Spells {
    pub(super) starts: Vec<i64>,
    pub(super) ends: Vec<i64>,
    pub(super) members: Vec<Member>,
}

impl Spells {
    pub(super) const fn len(&self) -> usize {
        self.starts.len()
    }

    pub(super) fn clear(&mut self) {
        self.starts.clear();
        self.ends.clear();
        self.members.clear();
    }

    pub(super) fn push(&mut self, (start, end): (i64, i64), member: Member) {
        self.starts.push(start);
        self.ends.push(end);
        self.members.push(member);
    }

    /// Moves all of `others` here.
    pub(super) fn append(&mut self, others: &mut Self) {
        self.starts.append(&mut others.starts);
        self.ends.append(&mut others.ends);
        self.members.append(&mut others.members);
    }

    /// The start, end and member of one.
    pub(super) fn get(&self, place: u32) -> (i64, i64, Member) {
        (self.starts[place as usize], self.ends[place as usize], self.members[place as usize])
    }

    /// Each spell's start, end and member, from the `first` on.
    pub(super) fn iter_from(&self, first: usize) -> impl Iterator<Item = (i64, i64, Member)> {
        let times = self.starts[first..].iter().zip(&self.ends[first..]);
        times.zip(&self.members[first..]).map(|((&start, &end), &member)| (start, end, member))
    }

    /// Adds those of `others` that later tiles need.
    pub(super) fn carry(&mut self, others: &Self, tile: Tile) {
        for (start, end, member) in others.iter_from(0) {
            if end > tile.until && start != NOT_THERE {
                self.push((start, end), member);
            }
        }
    }
}

/// Shows the start and the end of a spell, those within the tile.
pub(super) fn show_whole((start, end, member): (i64, i64, Member), tile: Tile, events: &mut Vec<Event>) {
    if start > tile.until {
        return;
    }
    if start > tile.after {
        events.push(fails(start, member.mode()));
    }
    if end <= tile.until {
        events.push(repaired(end, member.mode()));
    }
}

/// A failure at `at`.
#[inline]
pub(super) const fn fails(at: i64, mode: ModeId) -> Event {
    Event::new(Tick::new(at), Kind::Fails as u16, mode)
}

/// The end of a repair at `at`.
#[inline]
pub(super) const fn repaired(at: i64, mode: ModeId) -> Event {
    Event::new(Tick::new(at), Kind::Repaired as u16, mode)
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
