//! When the pending event of each kind and entity is due.

use super::Event;
use crate::tick::Tick;

/// When the pending event of each (kind, entity) is due; [`Tick::NEVER`] if none is.
///
/// Cancelling or moving an event is one store here: what a calendar hands out at another time than its due time is
/// stale.
#[derive(Debug)]
pub struct Due {
    times: Vec<Tick>,
    /// Where the entities of each kind begin in `times`.
    offsets: Vec<usize>,
}

impl Due {
    /// Nothing due, for `entities[kind]` entities of each kind.
    pub fn new(entities: &[usize]) -> Self {
        let mut offsets = vec![0];
        offsets.extend(entities.iter().scan(0, |end, &count| {
            *end += count;
            Some(*end)
        }));
        Self { times: vec![Tick::NEVER; offsets[entities.len()]], offsets }
    }

    #[inline]
    fn place(&self, event: Event) -> usize {
        let kind = usize::from(event.kind());
        let place = self.offsets[kind] + event.entity() as usize;
        debug_assert!(place < self.offsets[kind + 1], "bug: kind {kind} has no entity {}", event.entity());
        place
    }

    /// Makes `event` the one pending for its kind and entity and gives the time at which it was due before; a time of
    /// [`Tick::NEVER`] cancels.
    #[inline]
    pub fn set(&mut self, event: Event) -> Tick {
        let place = self.place(event);
        std::mem::replace(&mut self.times[place], event.time)
    }

    /// Whether an event is the pending one of its kind and entity.
    #[inline]
    pub fn is(&self, event: Event) -> bool {
        self.times[self.place(event)] == event.time
    }

    /// Whether a popped event is the pending one; it then no longer is.
    #[inline]
    pub fn take(&mut self, event: Event) -> bool {
        let place = self.place(event);
        let live = self.times[place] == event.time;
        if live {
            self.times[place] = Tick::NEVER;
        }
        live
    }

    /// Forgets everything, keeping its memory.
    pub fn clear(&mut self) {
        self.times.fill(Tick::NEVER);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_event_leaves_a_stale_one_that_is_dropped() {
        let mut due = Due::new(&[2, 1]);
        let (early, late) = (Event::new(Tick::new(5), 0, 1), Event::new(Tick::new(9), 0, 1));
        assert_eq!(due.set(early), Tick::NEVER);
        assert_eq!(due.set(late), Tick::new(5));
        assert!(!due.is(early) && due.is(late));
        assert!(!due.take(early));
        assert!(due.take(late));
        assert!(!due.take(late));
        due.set(Event::new(Tick::NEVER, 1, 0));
        assert!(!due.take(Event::new(Tick::new(1), 1, 0)));
    }

    #[test]
    fn kinds_do_not_share_entities() {
        let mut due = Due::new(&[2, 0, 3]);
        due.set(Event::new(Tick::new(7), 0, 1));
        assert!(!due.is(Event::new(Tick::new(7), 2, 0)));
        due.set(Event::new(Tick::new(8), 2, 0));
        assert!(due.is(Event::new(Tick::new(7), 0, 1)));
        due.clear();
        assert!(!due.is(Event::new(Tick::new(8), 2, 0)));
    }
}
