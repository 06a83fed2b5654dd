//! Draws made ahead: several draws of a stream through a law at a time, side by side in the lanes of the machine.

use ninefold_sim_core::stream::{Replication, StreamId, uniform_run};
use ninefold_sim_core::tick::Tick;

use crate::lifetime::Law;

/// Most draws made at once.
const AT_ONCE_MAX: usize = 8;

/// Streams of durations, each drawn from some draws at a time.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    streams: Vec<Row>,
    /// The draws at hand, stream by stream.
    ticks: Vec<Tick>,
}

/// One stream.
#[derive(Clone, Copy, Debug)]
struct Row {
    id: StreamId,
    /// Draws taken.
    drawn: u32,
    /// The number of the first draw at hand.
    at_hand: u32,
    /// Where it is.
    place: u32,
    /// Draws made at once, a power of two.
    at_once: u32,
}

/// Nothing is at hand.
const NOTHING: u32 = u32::MAX;

impl Ahead {
    /// Adds a stream of which about `expected` draws will be taken; returns nothing: it is numbered by its place.
    pub(super) fn add(&mut self, id: StreamId, expected: f64) {
        let at_once = if expected > 4.0 {
            AT_ONCE_MAX
        } else if expected > 2.0 {
            4
        } else {
            2
        };
        let place = self.ticks.len();
        self.ticks.resize(place + at_once, Tick::ZERO);
        self.streams.push(Row { id, drawn: 0, at_hand: NOTHING, place: place as u32, at_once: at_once as u32 });
    }

    /// Goes on from draw `drawn` of a new replication.
    #[inline]
    pub(super) fn rewind(&mut self, stream: u32, drawn: u32) {
        let row = &mut self.streams[stream as usize];
        (row.drawn, row.at_hand) = (drawn, NOTHING);
    }

    /// The next draw of a stream through `law`.
    #[inline]
    pub(super) fn next(&mut self, stream: u32, law: &Law, replication: Replication) -> Tick {
        let row = &mut self.streams[stream as usize];
        let first = row.drawn & !(row.at_once - 1);
        if row.at_hand != first {
            row.at_hand = first;
            let row = *row;
            self.draw(row, law, replication);
        }
        let row = &mut self.streams[stream as usize];
        let place = row.place + (row.drawn - first);
        row.drawn += 1;
        self.ticks[place as usize]
    }

    fn draw(&mut self, row: Row, law: &Law, replication: Replication) {
        let mut drawn = [0.0; AT_ONCE_MAX];
        let drawn = &mut drawn[..row.at_once as usize];
        uniform_run(replication, row.id, row.at_hand / 2, drawn);
        law.quantiles(drawn);
        Tick::from_hours_many(drawn, &mut self.ticks[row.place as usize..][..drawn.len()]);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use ninefold_sim_core::stream::Stream;

    use super::*;
    use crate::units::Hours;

    #[test]
    fn draws_made_ahead_are_the_draws_of_the_stream() {
        let law = Law::exponential(Hours::new(3.0)).unwrap();
        for (expected, skipped) in [(1.0, 0), (3.0, 0), (9.0, 0), (9.0, 3), (1.0, 1)] {
            let id = StreamId::of(0, "p", "n");
            let replication = Replication::new(7, 1);
            let mut ahead = Ahead::default();
            ahead.add(StreamId::of(0, "p", "other"), 9.0);
            ahead.add(id, expected);
            ahead.rewind(1, skipped);
            let mut stream = Stream::new(id);
            (0..skipped).for_each(|_| _ = stream.next_u64(replication));
            for _ in 0..20 {
                let drawn = Tick::from_hours(law.quantile(stream.open01(replication)).get());
                assert_eq!(ahead.next(1, &law, replication), drawn);
            }
        }
    }
}
