//! The events about to happen, in order: the last tier of the ladder and of the ring, and all there is of a few.

use super::network::sort_latest_first;
use super::{Calendar, Event, HeapCalendar};

/// A run no longer than this takes a late arrival by insertion; beside a longer one it goes to the heap.
const INSERT_MAX: usize = 32;

/// A sorted run of events, and a heap for those that arrive when the run is long. Whatever arrives, the next event is
/// found in O(log n).
#[derive(Debug, Default)]
pub(super) struct Bottom {
    /// Latest first, so that the earliest is taken from the end.
    run: Vec<Event>,
    late: HeapCalendar,
}

impl Bottom {
    #[cold]
    fn insert_late(&mut self, event: Event) {
        self.late.push(event);
    }

    /// Adds events that [`Self::sort`] will put in order.
    #[inline]
    pub(super) fn extend(&mut self, events: &[Event]) {
        self.run.extend_from_slice(events);
    }

    /// Adds an event that [`Self::sort`] will put in order.
    #[inline]
    pub(super) fn append(&mut self, event: Event) {
        self.run.push(event);
    }

    /// Puts the run in order.
    #[inline]
    pub(super) fn sort(&mut self) {
        sort_latest_first(&mut self.run);
    }

    #[cold]
    fn pop_either(&mut self) -> Option<Event> {
        match (self.run.last(), self.late.peek()) {
            (Some(run), Some(late)) if *run < late => self.run.pop(),
            (Some(_), None) => self.run.pop(),
            _ => self.late.pop(),
        }
    }
}

impl Calendar for Bottom {
    #[inline]
    fn push(&mut self, event: Event) {
        if self.run.len() > INSERT_MAX {
            return self.insert_late(event);
        }
        let mut place = self.run.len();
        self.run.push(event);
        while place > 0 && self.run[place - 1] < event {
            self.run[place] = self.run[place - 1];
            place -= 1;
        }
        self.run[place] = event;
    }

    #[inline]
    fn peek(&mut self) -> Option<Event> {
        let next = self.run.last().copied();
        if self.late.is_empty() {
            return next;
        }
        match (next, self.late.peek()) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }

    #[inline]
    fn pop(&mut self) -> Option<Event> {
        if self.late.is_empty() { self.run.pop() } else { self.pop_either() }
    }

    #[inline]
    fn len(&self) -> usize {
        self.run.len() + self.late.len()
    }

    fn drain(&mut self, into: &mut Vec<Event>) {
        into.append(&mut self.run);
        self.late.drain(into);
    }

    fn clear(&mut self) {
        self.run.clear();
        self.late.clear();
    }
}
