//! A heap of pending events: no assumption about how they lie in time.

use super::{Calendar, Event};

/// Children of a node. Four are read in one cache line, and the tree is half as deep as a binary one.
const ARITY: usize = 4;

/// A 4-ary heap of pending events; each costs at most O(log n) comparisons whatever the times are.
///
/// What is popped leaves a hole at the root which the next push fills, so that taking an event and putting its
/// successor sifts once and not twice.
///
/// # Source
/// Johnson, *Information Processing Letters* 4 (1975), for d-ary heaps.
#[derive(Debug, Default)]
pub struct HeapCalendar {
    events: Vec<Event>,
    /// Whether the root has been popped and is still in place.
    hole: bool,
}

impl HeapCalendar {
    /// Fills the hole, if there is one, with the last event.
    #[inline]
    fn close(&mut self) {
        if self.hole {
            self.hole = false;
            if let Some(last) = self.events.pop()
                && !self.events.is_empty()
            {
                self.sift_down(last);
            }
        }
    }

    /// Puts `event` in place of the root.
    #[inline]
    fn sift_down(&mut self, event: Event) {
        let events = &mut self.events[..];
        let mut place = 0;
        loop {
            let first = place * ARITY + 1;
            let Some(children) = events.get(first..) else { break };
            let Some((at, &least)) = least(&children[..children.len().min(ARITY)]) else { break };
            if event < least {
                break;
            }
            events[place] = least;
            place = first + at;
        }
        events[place] = event;
    }
}

/// The least of a few events and where it is.
#[inline]
fn least(events: &[Event]) -> Option<(usize, &Event)> {
    if let [a, b, c, d] = events {
        let (left, right) = (usize::from(b < a), 2 + usize::from(d < c));
        let at = if events[right] < events[left] { right } else { left };
        return Some((at, &events[at]));
    }
    events.iter().enumerate().min_by_key(|(_, event)| **event)
}

impl Calendar for HeapCalendar {
    #[inline]
    fn push(&mut self, event: Event) {
        if self.hole {
            self.hole = false;
            self.sift_down(event);
            return;
        }
        let mut place = self.events.len();
        self.events.push(event);
        while place > 0 {
            let parent = (place - 1) / ARITY;
            if self.events[parent] < event {
                break;
            }
            self.events[place] = self.events[parent];
            place = parent;
        }
        self.events[place] = event;
    }

    #[inline]
    fn peek(&mut self) -> Option<Event> {
        self.close();
        self.events.first().copied()
    }

    #[inline]
    fn pop(&mut self) -> Option<Event> {
        self.close();
        let first = self.events.first().copied();
        self.hole = first.is_some();
        first
    }

    #[inline]
    fn len(&self) -> usize {
        self.events.len() - usize::from(self.hole)
    }

    fn drain(&mut self, into: &mut Vec<Event>) {
        self.close();
        into.append(&mut self.events);
    }

    fn clear(&mut self) {
        self.events.clear();
        self.hole = false;
    }
}
