//! The calendar of events and how ties are broken: by time, then kind, then entity.
//!
//! At most one event of a kind is pending for an entity. Its time is kept in [`Due`], so cancelling or moving an event
//! is one store: what is popped at another time than its due time is stale and dropped. `kind` numbers follow the
//! phase table of whoever defines them: at one instant a smaller kind goes first.

mod agenda;
mod auto;
mod bottom;
mod due;
mod event;
mod heap;
mod ladder;
mod network;
mod ring;
mod rung;
mod sort;
mod spread;

pub use agenda::Agenda;
pub use auto::AutoCalendar;
pub use due::Due;
pub use event::Event;
pub use heap::HeapCalendar;
pub use ladder::LadderCalendar;
pub use ring::RingCalendar;
pub use sort::Sorter;

use crate::tick::Tick;

/// A set of pending events that gives them back in order, each as often as it was added. Every implementation gives
/// the same sequence.
pub trait Calendar {
    /// Adds an event; it may be earlier than what was popped.
    fn push(&mut self, event: Event);

    /// The earliest event, still in the set.
    fn peek(&mut self) -> Option<Event>;

    /// Takes the earliest event.
    fn pop(&mut self) -> Option<Event>;

    /// Takes the earliest event if it is at or before `limit`.
    #[inline]
    fn pop_until(&mut self, limit: Tick) -> Option<Event> {
        let next = self.peek().filter(|event| event.time <= limit);
        if next.is_some() {
            self.pop();
        }
        next
    }

    /// The number of events.
    fn len(&self) -> usize;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Moves every event to the end of `into`, in no particular order.
    fn drain(&mut self, into: &mut Vec<Event>);

    /// Forgets everything, keeping its memory.
    fn clear(&mut self);
}
