//! The calendar that suits the number of pending events.

use super::{Calendar, Event, HeapCalendar, LadderCalendar, RingCalendar};

/// A heap holds at most this many.
const HEAP_MAX: usize = 64;

/// With fewer than this the events return to the heap.
const HEAP_AGAIN: usize = HEAP_MAX / 4;

/// A set of pending events that keeps them in a heap while they are few, then in a ring, then in a ladder.
///
/// It moves up when they outgrow a bound, and back to the heap when few are left, so that a move is paid for by the
/// pushes or pops before it. A ring that has to look through many buckets for an event gives way to a ladder at any
/// size. All is decided by counts, and no choice changes the order.
#[derive(Debug, Default)]
pub struct AutoCalendar {
    kind: Kind,
    heap: HeapCalendar,
    ring: RingCalendar,
    ladder: LadderCalendar,
    moving: Vec<Event>,
}

/// Where the events are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Heap,
    Ring,
    Ladder,
}

/// Does the same on the calendar in use.
macro_rules! with {
    ($self:ident, $calendar:ident => $does:expr) => {
        match $self.kind {
            Kind::Heap => {
                let $calendar = &mut $self.heap;
                $does
            }
            Kind::Ring => {
                let $calendar = &mut $self.ring;
                $does
            }
            Kind::Ladder => {
                let $calendar = &mut $self.ladder;
                $does
            }
        }
    };
}

impl AutoCalendar {
    /// Adds an event to the heap or the ladder, out of the way of the ring.
    #[inline(never)]
    fn push_elsewhere(&mut self, event: Event) {
        if self.kind == Kind::Ladder {
            return self.ladder.push(event);
        }
        self.heap.push(event);
        if self.heap.len() > HEAP_MAX {
            self.move_to(Kind::Ring);
        }
    }

    /// Takes the earliest event of the heap or the ladder.
    #[inline(never)]
    fn pop_elsewhere(&mut self) -> Option<Event> {
        if self.kind == Kind::Heap {
            return self.heap.pop();
        }
        let next = self.ladder.pop();
        if self.ladder.len() < HEAP_AGAIN {
            self.move_to(Kind::Heap);
        }
        next
    }

    /// Moves all events to another calendar.
    #[cold]
    fn move_to(&mut self, kind: Kind) {
        let mut moving = std::mem::take(&mut self.moving);
        with!(self, calendar => calendar.drain(&mut moving));
        self.kind = kind;
        with!(self, calendar => moving.drain(..).for_each(|event| calendar.push(event)));
        self.moving = moving;
    }
}

impl Calendar for AutoCalendar {
    #[inline]
    fn push(&mut self, event: Event) {
        if self.kind != Kind::Ring {
            return self.push_elsewhere(event);
        }
        self.ring.push(event);
        if self.ring.is_overfull() {
            self.move_to(Kind::Ladder);
        }
    }

    #[inline]
    fn peek(&mut self) -> Option<Event> {
        with!(self, calendar => calendar.peek())
    }

    #[inline]
    fn pop(&mut self) -> Option<Event> {
        if self.kind != Kind::Ring {
            return self.pop_elsewhere();
        }
        let next = self.ring.pop();
        if self.ring.len() < HEAP_AGAIN {
            self.move_to(Kind::Heap);
        }
        next
    }

    #[inline]
    fn len(&self) -> usize {
        match self.kind {
            Kind::Heap => self.heap.len(),
            Kind::Ring => self.ring.len(),
            Kind::Ladder => self.ladder.len(),
        }
    }

    fn drain(&mut self, into: &mut Vec<Event>) {
        with!(self, calendar => calendar.drain(into));
    }

    fn clear(&mut self) {
        with!(self, calendar => calendar.clear());
    }
}
