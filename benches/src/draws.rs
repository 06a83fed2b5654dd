//! Draws of one law in blocks: the counter-based blocks of one stream, turned into times a few hundred at once.

use ninefold_models::lifetime::Law;
use ninefold_sim_core::stream::{Replication, StreamId, uniform_blocks};
use ninefold_sim_core::tick::Tick;

/// Blocks drawn at once; two draws each.
const BLOCKS: usize = 256;

/// A queue of draws of one law from one stream of one replication.
#[derive(Debug)]
pub struct Draws {
    law: Law,
    replication: Replication,
    ids: [StreamId; BLOCKS],
    drawn: u32,
    ready: [Tick; 2 * BLOCKS],
    next: usize,
}

impl Draws {
    /// The draws of `law` from the stream of `purpose`.
    pub fn new(law: Law, purpose: &str, replication: Replication) -> Self {
        let ids = [StreamId::of(0, purpose, "bench"); BLOCKS];
        Self { law, replication, ids, drawn: 0, ready: [Tick::ZERO; 2 * BLOCKS], next: 2 * BLOCKS }
    }

    /// The next draw, rounded to a tick.
    #[inline]
    pub fn tick(&mut self) -> Tick {
        if self.next == self.ready.len() {
            self.refill();
        }
        let tick = self.ready[self.next];
        self.next += 1;
        tick
    }

    #[cold]
    #[inline(never)]
    fn refill(&mut self) {
        let blocks: [u32; BLOCKS] = std::array::from_fn(|i| self.drawn + i as u32);
        let mut hours = [0.0; 2 * BLOCKS];
        let (first, second) = hours.split_at_mut(BLOCKS);
        uniform_blocks(self.replication, &self.ids, &blocks, first, second);
        self.law.quantiles(&mut hours);
        Tick::from_hours_many(&hours, &mut self.ready);
        self.drawn += BLOCKS as u32;
        self.next = 0;
    }
}
