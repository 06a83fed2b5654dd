//! Sorting a handful of events without a branch that depends on them.

use std::hint::select_unpredictable;

use super::Event;

/// The comparators that sort eight, in stages that do not touch the same place twice.
///
/// # Source
/// Batcher's merge exchange; Knuth, *The Art of Computer Programming* 3, 5.3.4.
const EIGHT: [(usize, usize); 19] = [
    (0, 4),
    (1, 5),
    (2, 6),
    (3, 7),
    (0, 2),
    (1, 3),
    (4, 6),
    (5, 7),
    (2, 4),
    (3, 5),
    (0, 1),
    (6, 7),
    (2, 3),
    (4, 5),
    (1, 4),
    (3, 6),
    (1, 2),
    (3, 4),
    (5, 6),
];

/// The comparators that sort four.
const FOUR: [(usize, usize); 5] = [(0, 2), (1, 3), (0, 1), (2, 3), (1, 2)];

/// Puts events in order, the latest first. A mispredicted branch costs more than the few comparisons too many.
#[inline]
pub(super) fn sort_latest_first(events: &mut Vec<Event>) {
    match events.len() {
        0 | 1 => {}
        2 => {
            if events[0] < events[1] {
                events.swap(0, 1);
            }
        }
        3..=4 => sort_padded::<4, 5>(events, &FOUR),
        5..=8 => sort_padded::<8, 19>(events, &EIGHT),
        _ => events.sort_unstable_by(|a, b| b.cmp(a)),
    }
}

/// Sorts at most `N` events as if there were `N`, the missing ones being earliest.
#[inline]
fn sort_padded<const N: usize, const C: usize>(events: &mut Vec<Event>, comparators: &[(usize, usize); C]) {
    let count = events.len();
    events.resize(N, Event::EARLIEST);
    let padded: &mut [Event; N] = events.as_mut_slice().try_into().expect("bug: resized to N");
    let mut keys = padded.map(Event::key);
    for &(i, j) in comparators {
        let (a, b) = (keys[i], keys[j]);
        keys[i] = select_unpredictable(a < b, b, a);
        keys[j] = select_unpredictable(a < b, a, b);
    }
    *padded = keys.map(Event::from_key);
    events.truncate(count);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::tick::Tick;

    /// A network that sorts every sequence of zeros and ones sorts everything (Knuth, 5.3.4, theorem Z).
    #[test]
    fn zeros_and_ones_are_sorted() {
        for count in 0..=8 {
            for bits in 0..1u32 << count {
                let mut events: Vec<_> =
                    (0..count).map(|i| Event::new(Tick::new(i64::from(bits >> i & 1)), 0, 0)).collect();
                let mut expected = events.clone();
                expected.sort_by(|a, b| b.cmp(a));
                sort_latest_first(&mut events);
                assert_eq!(events, expected);
            }
        }
    }

    #[test]
    fn everything_of_an_event_survives() {
        let at = |t, k, e| Event::new(Tick::new(t), k, e);
        let mut events = vec![at(i64::MIN, u16::MAX, 7), at(i64::MAX, 0, u32::MAX), at(i64::MIN, 0, 0), at(-1, 3, 2)];
        let mut expected = events.clone();
        expected.sort_by(|a, b| b.cmp(a));
        sort_latest_first(&mut events);
        assert_eq!(events, expected);
    }
}
