//! Draws made ahead: several draws of a stream through a law at a time, side by side in the lanes of the machine.

use std::ops::Range;

use ninefold_sim_core::stream::{Replication, StreamId, uniform_run, uniform_starts};
use ninefold_sim_core::tick::Tick;

use crate::lifetime::Law;

/// Most draws made at once.
const AT_ONCE_MAX: usize = 8;

/// Streams whose first draws are made side by side, at most.
const STREAMS_MAX: usize = 64;

/// Streams of durations, each drawn from some draws at a time.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    streams: Vec<Row>,
    ids: Vec<StreamId>,
    /// The draws at hand, stream by stream.
    ticks: Vec<Tick>,
}

/// One stream.
#[derive(Clone, Copy, Debug)]
struct Row {
    /// Draws taken.
    drawn: u32,
    /// The number of the first draw at hand, even.
    at_hand: u32,
    /// Draws at hand.
    count: u16,
    /// Draws made at once, even.
    at_once: u16,
    /// Where they are.
    place: u32,
}

impl Ahead {
    /// Adds a stream of which about `expected` draws will be taken; returns nothing: it is numbered by its place.
    pub(super) fn add(&mut self, id: StreamId, expected: f64) {
        let at_once: u16 = match expected {
            expected if expected > 4.0 => AT_ONCE_MAX as u16,
            expected if expected > 2.0 => 4,
            _ => 2,
        };
        let place = self.ticks.len();
        self.ticks.resize(place + usize::from(at_once), Tick::ZERO);
        self.streams.push(Row { drawn: 0, at_hand: 0, count: 0, at_once, place: place as u32 });
        self.ids.push(id);
    }

    /// Draws what a row of streams will need first, all through `law`; they stand at draw 0 of a new replication then.
    pub(super) fn start(&mut self, streams: Range<u32>, law: &Law, replication: Replication) {
        let mut drawn = [0.0; STREAMS_MAX * AT_ONCE_MAX];
        let mut rest = streams;
        while let Some(first) = rest.next() {
            let at_once = self.streams[first as usize].at_once;
            let alike =
                rest.clone().take(STREAMS_MAX - 1).take_while(|&other| self.streams[other as usize].at_once == at_once);
            let count = 1 + alike.count();
            let rows = first as usize..first as usize + count;
            rest.start = rows.end as u32;
            let drawn = &mut drawn[..count * usize::from(at_once)];
            uniform_starts(replication, &self.ids[rows.clone()], drawn);
            law.quantiles(drawn);
            let place = self.streams[first as usize].place as usize;
            Tick::from_hours_many(drawn, &mut self.ticks[place..][..drawn.len()]);
            for row in &mut self.streams[rows] {
                (row.drawn, row.at_hand, row.count) = (0, 0, at_once);
            }
        }
    }

    /// Whether so many draws of a stream are expected that it pays to draw the first of all streams side by side.
    pub(super) fn is_busy(&self, stream: u32) -> bool {
        usize::from(self.streams[stream as usize].at_once) == AT_ONCE_MAX
    }

    /// Goes back to draw 0 of a new replication.
    #[inline]
    pub(super) fn rewind(&mut self, stream: u32) {
        let row = &mut self.streams[stream as usize];
        (row.drawn, row.count) = (0, 0);
    }

    /// Passes over the first draw of a replication.
    #[inline]
    pub(super) fn pass_over(&mut self, stream: u32) {
        self.streams[stream as usize].drawn = 1;
    }

    /// The next draw of a stream through `law`.
    #[inline]
    pub(super) fn next(&mut self, stream: u32, law: &Law, replication: Replication) -> Tick {
        let row = self.streams[stream as usize];
        if row.drawn.wrapping_sub(row.at_hand) >= u32::from(row.count) {
            self.draw(stream, law, replication);
        }
        let row = &mut self.streams[stream as usize];
        let place = row.place + (row.drawn - row.at_hand);
        row.drawn += 1;
        self.ticks[place as usize]
    }

    /// The next draw of a stream, as the uniform number it is made from.
    pub(super) fn next_uniform(&mut self, stream: u32, replication: Replication) -> f64 {
        let row = &mut self.streams[stream as usize];
        let number = row.drawn;
        row.drawn += 1;
        let mut block = [0.0; 2];
        uniform_run(replication, self.ids[stream as usize], number / 2, &mut block);
        block[number as usize % 2]
    }

    #[inline(never)]
    fn draw(&mut self, stream: u32, law: &Law, replication: Replication) {
        let row = &mut self.streams[stream as usize];
        // Blocks hold two draws.
        row.at_hand = row.drawn & !1;
        row.count = row.at_once;
        let (row, id) = (*row, self.ids[stream as usize]);
        let mut drawn = [0.0; AT_ONCE_MAX];
        let drawn = &mut drawn[..usize::from(row.at_once)];
        uniform_run(replication, id, row.at_hand / 2, drawn);
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
        for (expected, passes, starts) in
            [(1.0, false, false), (3.0, false, true), (9.0, true, false), (9.0, true, true)]
        {
            let id = StreamId::of(0, "p", "n");
            let replication = Replication::new(7, 1);
            let mut ahead = Ahead::default();
            ahead.add(StreamId::of(0, "p", "other"), 9.0);
            ahead.add(id, expected);
            if starts {
                ahead.start(0..2, &law, replication)
            } else {
                ahead.rewind(1)
            }
            let mut stream = Stream::new(id);
            if passes {
                ahead.pass_over(1);
                stream.next_u64(replication);
            }
            for _ in 0..20 {
                let drawn = Tick::from_hours(law.quantile(stream.open01(replication)).get());
                assert_eq!(ahead.next(1, &law, replication), drawn);
            }
        }
    }
}
