//! The sieve: which spells can be part of a time in which many units are down at once.
//!
//! The tile is cut into bins about as long as a spell. A bin counts the units that are down in any part of it, so that
//! nowhere within it more can be down at once; a spell that touches no bin with enough of them cannot matter. Most spells
//! of a group with spare units fall through, and only the rest is put in order.

use super::spell::Tile;

/// Bins a spell, where spells are short.
const BINS_A_SPELL: i64 = 16;

/// Counts of units down, by bin of a tile.
#[derive(Debug, Default)]
pub(super) struct Sieve {
    /// Saturated counts: what is more than they can hold is as much as they can hold.
    bins: Vec<u8>,
    /// A bin is this power of two ticks long.
    shift: u32,
    after: i64,
    until: i64,
}

impl Sieve {
    /// Empty bins for so many spells of a tile, so long on average: long enough that a spell touches few.
    pub(super) fn begin(&mut self, (count, mean): (usize, i64), tile: Tile) {
        (self.after, self.until) = (tile.after, tile.until);
        let length = tile.until - tile.after;
        let width = (length / (BINS_A_SPELL * (count as i64).max(1))).max(mean).clamp(1, length);
        self.shift = width.ilog2();
        self.bins.clear();
        self.bins.resize((length >> self.shift) as usize + 1, 0);
    }

    #[inline]
    fn within(&self, at: i64) -> i64 {
        at.max(self.after).min(self.until)
    }

    #[inline]
    fn bin(&self, at: i64) -> usize {
        ((self.within(at) - self.after) >> self.shift) as usize
    }

    /// Adds units that are down from `start` to `end`.
    #[inline]
    pub(super) fn add(&mut self, start: i64, end: i64, units: u8) {
        let (first, last) = (self.bin(start), self.bin(end));
        let bin = &mut self.bins[first];
        *bin = bin.saturating_add(units);
        // Most spells touch one bin.
        if first < last {
            for bin in &mut self.bins[first + 1..=last] {
                *bin = bin.saturating_add(units);
            }
        }
    }

    /// Whether at least `units` may be down at once at some time between `start` and `end`.
    #[inline]
    pub(super) fn passes(&self, start: i64, end: i64, units: u8) -> bool {
        let (first, last) = (self.bin(start), self.bin(end));
        self.bins[first] >= units || (first < last && self.bins[first + 1..=last].iter().any(|&count| count >= units))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::spell::Spell;
    use proptest::prelude::*;

    /// Long beside the unit in which times are summed.
    const MS: i64 = 1_000_000;
    const TILE: Tile = Tile { after: 100 * MS, until: 1100 * MS, end: 2000 * MS };

    proptest! {
        /// Where `units` are down at once, every spell that is part of it passes.
        #[test]
        fn nothing_that_matters_falls_through(
            drawn in prop::collection::vec((0i64..1200, 1i64..300), 1..40), units in 2u8..5, mean in 0i64..2000 * MS
        ) {
            let spells: Vec<Spell> =
                drawn.iter().map(|&(start, long)| Spell { start: start * MS, end: (start + long) * MS, mode: 0, shown: false }).collect();
            let mut sieve = Sieve::default();
            sieve.begin((spells.len(), mean), TILE);
            spells.iter().filter(|s| s.start <= TILE.until).for_each(|s| sieve.add(s.start, s.end, 1));
            for at in (TILE.after..=TILE.until).step_by(MS as usize) {
                let down: Vec<&Spell> = spells.iter().filter(|s| s.start <= at && at < s.end).collect();
                if down.len() >= units as usize {
                    prop_assert!(down.iter().all(|s| sieve.passes(s.start, s.end, units)));
                }
            }
        }

        /// The bins are few and a spell touches few of them.
        #[test]
        fn work_is_proportional_to_spells(drawn in prop::collection::vec((0i64..1100, 1i64..900), 1..60)) {
            let spells: Vec<Spell> =
                drawn.iter().map(|&(start, long)| Spell { start: start * MS, end: (start + long) * MS, mode: 0, shown: false }).collect();
            let mut sieve = Sieve::default();
            let mean = spells.iter().map(|s| s.end - s.start).sum::<i64>() / spells.len() as i64;
            sieve.begin((spells.len(), mean), TILE);
            prop_assert!(sieve.bins.len() <= 32 * spells.len() + 1);
            let touched: usize = spells.iter().map(|s| sieve.bin(s.end) - sieve.bin(s.start) + 1).sum();
            prop_assert!(touched <= 4 * spells.len());
        }
    }
}
