//! An event: what happens to whom and when.

use std::cmp::Ordering;
use std::fmt;

use crate::tick::Tick;

/// Something that happens to an entity at a time. 16 bytes; ordered by time, kind, entity.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct Event {
    /// When.
    pub time: Tick,
    /// Kind (16 bits), spare (16), entity (32): the order at one tick.
    rank: u64,
}

impl Event {
    /// An event of `kind` for `entity` at `time`.
    #[inline]
    pub const fn new(time: Tick, kind: u16, entity: u32) -> Self {
        Self { time, rank: (kind as u64) << 48 | entity as u64 }
    }

    /// What: its place in the phase table.
    #[inline]
    pub const fn kind(self) -> u16 {
        (self.rank >> 48) as u16
    }

    /// To whom.
    #[inline]
    pub const fn entity(self) -> u32 {
        self.rank as u32
    }

    /// Whether both are of one kind and entity.
    #[inline]
    pub(super) const fn is_of(self, other: Self) -> bool {
        self.rank == other.rank
    }

    /// The whole order as one number, so that comparing takes no branch.
    #[inline]
    pub(super) const fn key(self) -> i128 {
        (self.time.get() as i128) << 64 | self.rank as i128
    }

    /// The event with this key.
    #[inline]
    pub(super) const fn from_key(key: i128) -> Self {
        Self { time: Tick::new((key >> 64) as i64), rank: key as u64 }
    }

    /// No event is earlier.
    pub(super) const EARLIEST: Self = Self::new(Tick::new(i64::MIN), 0, 0);
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, entity) = (self.kind(), self.entity());
        f.debug_struct("Event").field("time", &self.time).field("kind", &kind).field("entity", &entity).finish()
    }
}

impl Ord for Event {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Event {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }

    #[inline]
    fn lt(&self, other: &Self) -> bool {
        self.key() < other.key()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_event_is_16_bytes() {
        assert_eq!(size_of::<Event>(), 16);
    }

    proptest! {
        #[test]
        fn order_is_time_kind_entity(a in any::<(i64, u16, u32)>(), b in any::<(i64, u16, u32)>(), same in 0..3u8) {
            let b = (if same > 0 { a.0 } else { b.0 }, if same > 1 { a.1 } else { b.1 }, b.2);
            let event = |(t, k, e)| Event::new(Tick::new(t), k, e);
            prop_assert_eq!(event(a).cmp(&event(b)), a.cmp(&b));
            prop_assert_eq!(event(a) < event(b), a < b);
        }
    }
}
