//! The orders in which the product's counters are read out for a statistical battery.

use ninefold_sim_core::stream::{Replication, StreamId, block};

/// Names, replications and seeds that a layout walks through before it goes on to the next block.
const WIDTH: u32 = 1 << 16;

/// An endless sequence of 64-bit draws, made of counters as the product lays them out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One stream of one replication, draw after draw.
    Stream,
    /// The first draw of each of 65 536 neighbouring names, then of the next replication: what units draw at the start.
    Names,
    /// The first draw of one stream in consecutive replications.
    Replications,
    /// The first draw of one stream under consecutive seeds.
    Seeds,
    /// As `Stream`, the upper half of each draw only: what decides a uniform number.
    High,
    /// As `Stream`, the lower half of each draw only.
    Low,
    /// As `Stream`, each draw with its bits in reverse: a battery looks hardest at the upper bits.
    Reversed,
}

impl Layout {
    /// Every layout with its name.
    pub const ALL: [(&str, Self); 7] = [
        ("stream", Self::Stream),
        ("names", Self::Names),
        ("replications", Self::Replications),
        ("seeds", Self::Seeds),
        ("high", Self::High),
        ("low", Self::Low),
        ("reversed", Self::Reversed),
    ];

    /// The layout called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, layout)| layout)
    }
}

/// Writes the draws of a layout, chunk by chunk.
#[derive(Clone, Debug)]
pub struct Reader {
    layout: Layout,
    seed: u64,
    ids: Vec<StreamId>,
    next: u64,
}

impl Reader {
    /// The start of `layout` under `seed`.
    pub fn new(layout: Layout, seed: u64) -> Self {
        let names = if layout == Layout::Names { WIDTH } else { 1 };
        let ids = (1..=names).map(|unit| StreamId::of(0, "time_to_failure", &format!("web/{unit}:crash"))).collect();
        Self { layout, seed, ids, next: 0 }
    }

    /// The next two words of 32 bits: one draw, lower half first, or the same half of two draws.
    ///
    /// # Panics
    /// When the layout's counter is used up, after at least 2³² draws.
    pub fn next_words(&mut self) -> [u32; 2] {
        match self.layout {
            Layout::Stream | Layout::Names | Layout::Replications | Layout::Seeds => halves(self.draw()),
            Layout::High => [halves(self.draw())[1], halves(self.draw())[1]],
            Layout::Low => [halves(self.draw())[0], halves(self.draw())[0]],
            Layout::Reversed => halves(self.draw().reverse_bits()),
        }
    }

    fn draw(&mut self) -> u64 {
        let index = self.next;
        self.next += 1;
        let narrow = |wide: u64| u32::try_from(wide).expect("bug: a battery reads fewer draws than a counter holds");
        match self.layout {
            Layout::Names => {
                let names = self.ids.len() as u64;
                block(self.ids[(index % names) as usize], Replication::new(self.seed, narrow(index / names)), 0)[0]
            }
            Layout::Replications => block(self.ids[0], Replication::new(self.seed, narrow(index)), 0)[0],
            Layout::Seeds => block(self.ids[0], Replication::new(self.seed + index, 0), 0)[0],
            Layout::Stream | Layout::High | Layout::Low | Layout::Reversed => {
                block(self.ids[0], Replication::new(self.seed, 0), narrow(index / 2))[(index % 2) as usize]
            }
        }
    }
}

const fn halves(draw: u64) -> [u32; 2] {
    [draw as u32, (draw >> 32) as u32]
}
