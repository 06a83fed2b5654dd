//! An event: what happens to whom and when.

use std::cmp::Ordering;

use crate::tick::Tick;

/// Something that happens to an entity at a time. 16 bytes; ordered by time, kind, entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C)]
pub struct Event {
    /// When.
    pub time: Tick,
    /// To whom.
    pub entity: u32,
    spare: u16,
    /// What: its place in the phase table.
    pub kind: u16,
}

impl Event {
    /// An event of `kind` for `entity` at `time`.
    pub const fn new(time: Tick, kind: u16, entity: u32) -> Self {
        Self { time, entity, spare: 0, kind }
    }

    /// Whether both are of one kind and entity.
    #[inline]
    pub(super) const fn is_of(self, other: Self) -> bool {
        self.entity == other.entity && self.kind == other.kind
    }

    /// The whole order as one number, so that comparing takes no branch.
    #[inline]
    pub(super) const fn key(self) -> i128 {
        (self.time.get() as i128) << 64 | (self.kind as i128) << 48 | (self.spare as i128) << 32 | self.entity as i128
    }

    /// The event with this key.
    #[inline]
    pub(super) const fn from_key(key: i128) -> Self {
        Self {
            time: Tick::new((key >> 64) as i64),
            entity: key as u32,
            spare: (key >> 32) as u16,
            kind: (key >> 48) as u16,
        }
    }

    /// No event is earlier.
    pub(super) const EARLIEST: Self = Self::new(Tick::new(i64::MIN), 0, 0);
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
