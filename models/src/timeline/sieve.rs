//! The sieve: which spells can be part of a time in which many units are down at once.
//!
//! The tile is cut into bins about as long as a spell. A bin counts the units that are down in any part of it, so that
//! nowhere within it more can be down at once; a spell that touches no bin with enough of them cannot matter. Most spells
//! of a group with spare units fall through, and only the rest is put in order.

use super::spell::{Spell, Tile};

/// Bins a spell, where spells are short.
const BINS_A_SPELL: i64 = 8;

/// Counts of units down, by bin of a tile.
#[derive(Debug, Default)]
pub(super) struct Sieve {
    bins: Vec<u16>,
    /// A bin is this power of two ticks long.
    shift: u32,
    tile: Option<Tile>,
}

impl Sieve {
    /// Empty bins for `spells` of a tile: long enough that a spell touches two or three.
    pub(super) fn begin(&mut self, spells: &[Spell], tile: Tile) {
        let length = tile.until - tile.after;
        let count = (spells.len() as i64).max(1);
        let within = |spell: &Spell| i128::from((spell.end.min(tile.until) - spell.start.max(tile.after)).max(0));
        let mean = spells.iter().map(within).sum::<i128>() / i128::from(count);
        let width = (length / (BINS_A_SPELL * count)).max(mean as i64).max(1);
        self.shift = (width as u64).next_power_of_two().trailing_zeros();
        self.tile = Some(tile);
        self.bins.clear();
        self.bins.resize((length >> self.shift) as usize + 1, 0);
    }

    /// The bins that `start..end` touches.
    #[inline]
    fn touched(&self, start: i64, end: i64) -> std::ops::RangeInclusive<usize> {
        let Tile { after, until, .. } = self.tile.expect("bug: the sieve has begun");
        let bin = |at: i64| ((at.clamp(after, until) - after) >> self.shift) as usize;
        bin(start)..=bin(end)
    }

    /// Adds units that are down from `start` to `end`.
    #[inline]
    pub(super) fn add(&mut self, start: i64, end: i64, units: u16) {
        for bin in self.touched(start, end) {
            self.bins[bin] = self.bins[bin].saturating_add(units);
        }
    }

    /// Whether at least `units` may be down at once at some time between `start` and `end`.
    #[inline]
    pub(super) fn passes(&self, start: i64, end: i64, units: u16) -> bool {
        self.bins[self.touched(start, end)].iter().any(|&count| count >= units)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TILE: Tile = Tile { after: 100, until: 1100, end: 2000 };

    proptest! {
        /// Where `units` are down at once, every spell that is part of it passes.
        #[test]
        fn nothing_that_matters_falls_through(
            drawn in prop::collection::vec((0i64..1200, 1i64..300), 1..40), units in 2u16..5
        ) {
            let spells: Vec<Spell> =
                drawn.iter().map(|&(start, long)| Spell { start, end: start + long, mode: 0, shown: false }).collect();
            let mut sieve = Sieve::default();
            sieve.begin(&spells, TILE);
            spells.iter().filter(|s| s.start <= TILE.until).for_each(|s| sieve.add(s.start, s.end, 1));
            for at in TILE.after..=TILE.until {
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
                drawn.iter().map(|&(start, long)| Spell { start, end: start + long, mode: 0, shown: false }).collect();
            let mut sieve = Sieve::default();
            sieve.begin(&spells, TILE);
            prop_assert!(sieve.bins.len() <= 8 * spells.len() + 1);
            let touched: usize = spells.iter().map(|s| sieve.touched(s.start, s.end).count()).sum();
            prop_assert!(touched <= 3 * spells.len());
        }
    }
}
