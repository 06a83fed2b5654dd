//! The pending events of a replication: a calendar, and when each is due.

use super::{AutoCalendar, Calendar, Due, Event};
use crate::tick::Tick;

/// Pending events, at most one of each kind and entity. They come in order; what was moved or cancelled never comes.
#[derive(Debug)]
pub struct Agenda {
    /// The earliest event, taken out of the calendar and never stale; [`NOTHING`] if none is pending.
    head: Event,
    due: Due,
    calendar: AutoCalendar,
}

/// No event: later than any.
const NOTHING: Event = Event::new(Tick::NEVER, u16::MAX, u32::MAX);

impl Agenda {
    /// Nothing pending, for `entities[kind]` entities of each kind.
    pub fn new(entities: &[usize]) -> Self {
        Self { head: NOTHING, due: Due::new(entities), calendar: AutoCalendar::default() }
    }

    /// When the earliest event is due; [`Tick::NEVER`] if none is pending.
    #[inline]
    pub const fn next(&self) -> Tick {
        self.head.time
    }

    /// Takes the earliest event; none is pending for its kind and entity then.
    #[inline]
    pub fn take(&mut self) -> Option<Event> {
        let event = self.head;
        if event.time.is_never() {
            return None;
        }
        self.due.set(Event::new(Tick::NEVER, event.kind(), event.entity()));
        self.advance();
        Some(event)
    }

    /// Makes `event` the one pending for its kind and entity; a time of [`Tick::NEVER`] cancels.
    #[inline]
    pub fn set(&mut self, event: Event) {
        self.due.set(event);
        if event.is_of(self.head) {
            return self.replace_head(event);
        }
        if event.time.is_never() {
            return;
        }
        let later = if event < self.head { std::mem::replace(&mut self.head, event) } else { event };
        if !later.time.is_never() {
            self.calendar.push(later);
        }
    }

    /// Forgets everything, keeping its memory.
    pub fn clear(&mut self) {
        self.head = NOTHING;
        self.due.clear();
        self.calendar.clear();
    }

    /// The earliest event was moved or cancelled.
    #[cold]
    fn replace_head(&mut self, event: Event) {
        if !event.time.is_never() {
            self.calendar.push(event);
        }
        self.advance();
    }

    /// Brings the earliest live event of the calendar to the head.
    #[inline]
    fn advance(&mut self) {
        self.head = loop {
            match self.calendar.pop() {
                Some(event) if !self.due.is(event) => {}
                event => break event.unwrap_or(NOTHING),
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Against a plain table of what is due.
        #[test]
        fn the_earliest_due_event_comes_next(
            steps in prop::collection::vec((0i64..40, 0u16..2, 0u32..3, prop::option::weighted(0.7, 1i64..30)), 1..200)
        ) {
            let mut agenda = Agenda::new(&[3, 3]);
            let mut table = [[Tick::NEVER; 3]; 2];
            let mut now = Tick::ZERO;
            let earliest = |table: &[[Tick; 3]; 2]| {
                let all = (0..2).flat_map(|kind| (0..3).map(move |entity| (kind, entity)));
                all.map(|(kind, entity)| Event::new(table[kind][entity], kind as u16, entity as u32)).min()
            };
            for (takes, kind, entity, after) in steps {
                if takes < 20 {
                    let expected = earliest(&table).filter(|event| !event.time.is_never());
                    prop_assert_eq!(agenda.next(), expected.map_or(Tick::NEVER, |event| event.time));
                    prop_assert_eq!(agenda.take(), expected);
                    if let Some(event) = expected {
                        now = event.time;
                        table[usize::from(event.kind())][event.entity() as usize] = Tick::NEVER;
                    }
                }
                let time = after.map_or(Tick::NEVER, |after| now.after(Tick::new(after)));
                agenda.set(Event::new(time, kind, entity));
                table[usize::from(kind)][entity as usize] = time;
            }
        }
    }
}
