//! The calendar of events and how ties are broken: by time, then kind, then entity.
//!
//! At most one event of a kind is pending for an entity. Its time is kept in [`Due`], so cancelling or moving an event
//! is one store: what is popped at another time than its due time is stale and dropped. `kind` numbers follow the
//! phase table of whoever defines them: at one instant a smaller kind goes first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::tick::Tick;

/// Something that happens to an entity at a time. 16 bytes; ordered by time, kind, entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(C)]
pub struct Event {
    /// When.
    pub time: Tick,
    /// What: its place in the phase table.
    pub kind: u16,
    spare: u16,
    /// To whom.
    pub entity: u32,
}

impl Event {
    /// An event of `kind` for `entity` at `time`.
    pub const fn new(time: Tick, kind: u16, entity: u32) -> Self {
        Self { time, kind, spare: 0, entity }
    }
}

/// A set of pending events that gives them back in order.
pub trait Calendar {
    /// Adds an event.
    fn push(&mut self, event: Event);
    /// The earliest event, still in the set.
    fn peek(&self) -> Option<Event>;
    /// Takes the earliest event.
    fn pop(&mut self) -> Option<Event>;
    /// Forgets everything, keeping its memory.
    fn clear(&mut self);
}

/// A binary heap of pending events.
#[derive(Debug, Default)]
pub struct HeapCalendar {
    heap: BinaryHeap<Reverse<Event>>,
}

impl Calendar for HeapCalendar {
    #[inline]
    fn push(&mut self, event: Event) {
        self.heap.push(Reverse(event));
    }

    #[inline]
    fn peek(&self) -> Option<Event> {
        self.heap.peek().map(|event| event.0)
    }

    #[inline]
    fn pop(&mut self) -> Option<Event> {
        self.heap.pop().map(|event| event.0)
    }

    fn clear(&mut self) {
        self.heap.clear();
    }
}

/// When the pending event of each (kind, entity) is due; [`Tick::NEVER`] if none is.
#[derive(Debug)]
pub struct Due {
    times: Vec<Vec<Tick>>,
}

impl Due {
    /// Nothing due, for `entities[kind]` entities of each kind.
    pub fn new(entities: &[usize]) -> Self {
        Self { times: entities.iter().map(|&count| vec![Tick::NEVER; count]).collect() }
    }

    /// Makes `event` the one pending for its kind and entity; a time of [`Tick::NEVER`] cancels.
    #[inline]
    pub fn set(&mut self, event: Event) {
        self.times[usize::from(event.kind)][event.entity as usize] = event.time;
    }

    /// Whether a popped event is the pending one; it then no longer is.
    #[inline]
    pub fn take(&mut self, event: Event) -> bool {
        let due = &mut self.times[usize::from(event.kind)][event.entity as usize];
        let live = *due == event.time;
        if live {
            *due = Tick::NEVER;
        }
        live
    }

    /// Forgets everything, keeping its memory.
    pub fn clear(&mut self) {
        self.times.iter_mut().for_each(|times| times.fill(Tick::NEVER));
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
        fn events_come_in_order_of_time_kind_entity(events in prop::collection::vec((0i64..20, 0u16..3, 0u32..5), 0..200)) {
            let mut calendar = HeapCalendar::default();
            let mut expected: Vec<Event> = events.iter().map(|&(t, k, e)| Event::new(Tick::new(t), k, e)).collect();
            expected.iter().for_each(|&event| calendar.push(event));
            expected.sort_by_key(|event| (event.time, event.kind, event.entity));
            for event in expected {
                prop_assert_eq!(calendar.peek(), Some(event));
                prop_assert_eq!(calendar.pop(), Some(event));
            }
            prop_assert_eq!(calendar.pop(), None);
        }
    }

    #[test]
    fn a_moved_event_leaves_a_stale_one_that_is_dropped() {
        let mut due = Due::new(&[2, 1]);
        let (early, late) = (Event::new(Tick::new(5), 0, 1), Event::new(Tick::new(9), 0, 1));
        due.set(early);
        due.set(late);
        assert!(!due.take(early));
        assert!(due.take(late));
        assert!(!due.take(late));
        due.set(Event::new(Tick::NEVER, 1, 0));
        assert!(!due.take(Event::new(Tick::new(1), 1, 0)));
    }
}
