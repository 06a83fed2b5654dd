//! The calendar that suits the number of pending events.

use super::bottom::Bottom;
use super::{Calendar, Event, LadderCalendar, RingCalendar};

/// A sorted run holds at most this many: in it a new event is put into its place by moving a few others.
const FEW_MAX: usize = 32;

/// With fewer than this the events return to the run.
const FEW_AGAIN: usize = FEW_MAX / 4;

/// A set of pending events that keeps them in a sorted run while they are few, then in a ring, then in a ladder.
///
/// It moves up when they outgrow a bound, and back to the run when few are left, so that a move is paid for by the
/// pushes or pops before it. A ring that has to look through many buckets for an event gives way to a ladder at any
/// size. All is decided by counts, and no choice changes the order.
#[derive(Debug, Default)]
pub struct AutoCalendar {
    kind: Kind,
    few: Bottom,
    ring: RingCalendar,
    ladder: LadderCalendar,
    moving: Vec<Event>,
}

/// Where the events are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Few,
    Ring,
    Ladder,
}

/// Does the same on the calendar in use.
macro_rules! with {
    ($self:ident, $calendar:ident => $does:expr) => {
        match $self.kind {
            Kind::Few => {
                let $calendar = &mut $self.few;
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
    /// Adds an event to the ladder, out of the way of the others.
    #[inline(never)]
    fn push_to_ladder(&mut self, event: Event) {
        self.ladder.push(event);
    }

    /// Takes the earliest event of the ladder.
    #[inline(never)]
    fn pop_of_ladder(&mut self) -> Option<Event> {
        let next = self.ladder.pop();
        if self.ladder.len() < FEW_AGAIN {
            self.move_to(Kind::Few);
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
        match self.kind {
            Kind::Few => {
                self.few.push(event);
                if self.few.len() > FEW_MAX {
                    self.move_to(Kind::Ring);
                }
            }
            Kind::Ring => {
                self.ring.push(event);
                if self.ring.is_overfull() {
                    self.move_to(Kind::Ladder);
                }
            }
            Kind::Ladder => self.push_to_ladder(event),
        }
    }

    #[inline]
    fn peek(&mut self) -> Option<Event> {
        with!(self, calendar => calendar.peek())
    }

    #[inline]
    fn pop(&mut self) -> Option<Event> {
        match self.kind {
            Kind::Few => self.few.pop(),
            Kind::Ring => {
                let next = self.ring.pop();
                if self.ring.len() < FEW_AGAIN {
                    self.move_to(Kind::Few);
                }
                next
            }
            Kind::Ladder => self.pop_of_ladder(),
        }
    }

    #[inline]
    fn len(&self) -> usize {
        match self.kind {
            Kind::Few => self.few.len(),
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
