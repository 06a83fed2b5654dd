//! Sorting many events at once: into buckets of time, and each of those by a few comparisons without branches.

use super::Event;
use super::network::sort_latest_first;

/// Events of a bucket, on average.
const BUCKET: usize = 4;

/// Puts events in order; its memory is kept.
#[derive(Debug, Default)]
pub struct Sorter {
    starts: Vec<u32>,
    scattered: Vec<Event>,
    few: Vec<Event>,
}

impl Sorter {
    /// Puts events in order.
    pub fn sort(&mut self, events: &mut Vec<Event>) {
        let times = || events.iter().map(|event| event.time.get());
        let (Some(least), Some(most)) = (times().min(), times().max()) else { return };
        let count = events.len() / BUCKET;
        let span = most.abs_diff(least);
        if count < 2 || events.len() > u32::MAX as usize {
            return events.sort_unstable();
        }
        // Wide enough that the last event still falls into a bucket.
        let shift = (span / count as u64 + 1).next_power_of_two().trailing_zeros();
        let bucket = |event: &Event| (event.time.get().abs_diff(least) >> shift) as usize;
        self.starts.clear();
        self.starts.resize(count + 2, 0);
        events.iter().for_each(|event| self.starts[bucket(event) + 2] += 1);
        (1..self.starts.len()).for_each(|i| self.starts[i] += self.starts[i - 1]);
        self.scattered.clear();
        self.scattered.resize(events.len(), Event::EARLIEST);
        for event in events.iter() {
            let place = &mut self.starts[bucket(event) + 1];
            self.scattered[*place as usize] = *event;
            *place += 1;
        }
        events.clear();
        for i in 0..=count {
            let of_bucket = &self.scattered[self.starts[i] as usize..self.starts[i + 1] as usize];
            if let [only] = of_bucket {
                events.push(*only);
                continue;
            }
            self.few.clear();
            self.few.extend_from_slice(of_bucket);
            sort_latest_first(&mut self.few);
            events.extend(self.few.iter().rev());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tick::Tick;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_events_come_out_in_order(
            drawn in prop::collection::vec((0u8..6, any::<i64>(), 0u16..4, any::<u32>()), 0..400)
        ) {
            // From all alike to all of time.
            let event = |&(crowd, time, kind, entity): &(u8, i64, u16, u32)| {
                let bits = [0, 2, 8, 30, 50, 63][usize::from(crowd)];
                Event::new(Tick::new(if bits == 63 { time } else { time & ((1 << bits) - 1) }), kind, entity % 5)
            };
            let mut events: Vec<Event> = drawn.iter().map(event).collect();
            let mut expected = events.clone();
            expected.sort();
            Sorter::default().sort(&mut events);
            prop_assert_eq!(events, expected);
        }
    }
}
