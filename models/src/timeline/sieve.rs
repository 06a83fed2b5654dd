//! The sieve: which spells can be part of a time in which many units of a group are down at once.
//!
//! The tile is cut into bins about as long as a spell. A bin counts the units of a group that are down in any part of it,
//! so that nowhere within it more can be down at once; a spell that touches no bin in which too many are cannot matter.
//! Most spells of a group with spare units fall through, and only the rest is put in order.
//!
//! How many bins a spell touches nobody can foretell, so that a loop over them would go astray each time: eight bins, a
//! byte each, are counted and looked at as one number.

use ninefold_sim_core::simd::{Kernel, dispatch};

use super::spell::{Spells, Tile};

/// Bins a spell, where spells are short.
const BINS_A_SPELL: i64 = 8;
/// Most bins that a group is meant to have.
const BINS_MAX: i64 = 1 << 24;

/// A bin in which too many are down, which are then no longer counted.
const FULL: u8 = 0x7f;
/// Bins that are looked at as one.
const EIGHT: usize = 8;
/// One unit in each of eight bins.
const ONES: u64 = 0x0101_0101_0101_0101;

/// Bins of time: those of each group in order, the groups one after the other.
#[derive(Debug, Default)]
pub(super) struct Sieve {
    grid: Grid,
    /// For each bin, units down; it is [`FULL`] where they are too many. Some more follow that nobody reads.
    bins: Vec<u8>,
    /// For each spell, the first bin that it touches, and its cover.
    first: Vec<u32>,
    covers: Vec<i32>,
    /// What has passed: the first bin it touches, and in the lower half its place.
    passed: Vec<u64>,
    all_passed: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Grid {
    from: i64,
    length: i64,
    /// A bin is this power of two ticks long.
    shift: u32,
    bins_a_group: u32,
    /// All bins; one more holds what begins after the tile.
    bins: u32,
}

impl Grid {
    /// Bins for so many spells of so many groups, so long on average: long enough that a spell touches few.
    fn new((spells, groups): (usize, usize), mean: i64, tile: Tile) -> Self {
        let from = tile.after.max(0);
        let length = (tile.until - from).max(1);
        let a_group = (spells / groups).max(1) as i64;
        let width = (length / (BINS_A_SPELL * a_group).min(BINS_MAX)).max(mean).clamp(1, length);
        let shift = width.ilog2();
        let bins_a_group = (length >> shift) as u32 + 1;
        Self { from, length, shift, bins_a_group, bins: bins_a_group * groups as u32 }
    }

    /// The first and the last bin that is touched from `start` to `end`.
    #[inline(always)]
    fn range(&self, (start, end): (i64, i64), row: u32) -> (u32, u32) {
        let (start, end) = ((start - self.from).max(0), (end - self.from).min(self.length));
        let row = row * self.bins_a_group;
        let bin = |at: i64| row + (at as u64 >> self.shift) as u32;
        if start > self.length { (self.bins, self.bins) } else { (bin(start), bin(end)) }
    }
}

struct Ranges<'a> {
    grid: Grid,
    spells: &'a Spells,
    first: &'a mut [u32],
    covers: &'a mut [i32],
}

impl Kernel for Ranges<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Spells { starts, ends, members } = self.spells;
        let places = self.first.iter_mut().zip(self.covers);
        for (((&start, &end), &member), (first, cover)) in starts.iter().zip(ends).zip(members).zip(places) {
            let (from, to) = self.grid.range((start, end), member.row());
            (*first, *cover) = (from, cover_of(from, to));
        }
    }
}

impl Sieve {
    /// Counts spells, so long on average, of groups of which so many units down are too many; 0 is as good as always.
    pub(super) fn begin(
        &mut self,
        spells: &Spells,
        mean: i64,
        too_many: impl ExactSizeIterator<Item = u32>,
        tile: Tile,
    ) {
        let grid = Grid::new((spells.len(), too_many.len()), mean, tile);
        self.grid = grid;
        self.bins.clear();
        for (row, too_many) in (1..).zip(too_many) {
            self.bins.resize((row * grid.bins_a_group) as usize, FULL - at_most(too_many as usize));
        }
        self.bins.resize(grid.bins as usize + EIGHT, 0);
        self.first.resize(spells.len(), 0);
        self.covers.resize(spells.len(), 0);
        dispatch(Ranges { grid, spells, first: &mut self.first, covers: &mut self.covers });
        for (&first, &cover) in self.first.iter().zip(&self.covers) {
            each_eight((first, cover), |first, mask| {
                let bins = eight(&mut self.bins, first);
                let sum = u64::from_le_bytes(*bins) + (ONES & mask);
                // What is full stays so.
                *bins = (sum - (sum >> 7 & ONES)).to_le_bytes();
                true
            });
        }
        self.bins[grid.bins as usize] = 0;
    }

    /// Counts some units of the group in one row that are down from `start` to `end`.
    pub(super) fn add(&mut self, row: u32, times: (i64, i64), units: usize) {
        let (first, last) = self.grid.range(times, row);
        for bin in &mut self.bins[first as usize..=last as usize] {
            *bin = FULL.min(*bin + at_most(units));
        }
    }

    /// Lets pass the spells that may be part of a time in which too many units of their group are down.
    pub(super) fn pass(&mut self) {
        self.passed.resize(self.passed.len().max(self.first.len()), 0);
        let mut passed = 0;
        for (place, (&first, &cover)) in self.first.iter().zip(&self.covers).enumerate() {
            let falls = each_eight((first, cover), |first, mask| {
                let bins = u64::from_le_bytes(*eight(&mut self.bins, first));
                // The upper bit of a byte is that of a full bin with one more.
                (bins + ONES) & (ONES << 7) & mask == 0
            });
            self.passed[passed] = u64::from(first) << 32 | place as u64;
            passed += usize::from(!falls);
        }
        self.all_passed = passed;
        self.passed[..passed].sort_unstable();
    }

    /// What has passed: the place of each in the lower half of a key. They are in order of groups and, but for those that
    /// begin in one bin, of time.
    pub(super) fn passed(&self) -> &[u64] {
        &self.passed[..self.all_passed]
    }

    /// The keys of the group in a row are below this one.
    pub(super) fn keys_after(&self, row: u32) -> u64 {
        ((u64::from(row) + 1) * u64::from(self.grid.bins_a_group)) << 32
    }
}

/// How many bits of a number of eight bins a range leaves over; less than none where eight are not enough.
#[inline(always)]
const fn cover_of(first: u32, last: u32) -> i32 {
    56 - 8 * (last - first) as i32
}

/// Does what is to be done with eight bins from a first one on, of which those count that the mask covers, for all bins of
/// a range; as long as it says so.
#[inline(always)]
fn each_eight((mut first, mut cover): (u32, i32), mut each: impl FnMut(u32, u64) -> bool) -> bool {
    while cover < 0 {
        if !each(first, u64::MAX) {
            return false;
        }
        (first, cover) = (first + EIGHT as u32, cover + 64);
    }
    each(first, u64::MAX >> cover)
}

#[inline(always)]
fn eight(bins: &mut [u8], first: u32) -> &mut [u8; EIGHT] {
    bins[first as usize..].first_chunk_mut().expect("bug: eight more follow the last bin")
}

/// What is more than a bin can hold is as much as it can hold.
fn at_most(units: usize) -> u8 {
    units.min(usize::from(FULL)) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timeline::spell::Member;
    use proptest::prelude::*;

    /// Long beside the unit in which times are summed.
    const MS: i64 = 1_000_000;
    const TILE: Tile = Tile { after: 100 * MS, until: 1100 * MS, end: 2000 * MS };

    fn spells(drawn: &[(i64, i64, u32)]) -> Spells {
        let mut spells = Spells::default();
        for (mode, &(start, long, group)) in drawn.iter().enumerate() {
            if (start + long) * MS > TILE.after {
                spells.push((start * MS, (start + long) * MS), Member::new(group, mode as u32));
            }
        }
        spells
    }

    proptest! {
        /// Where `units` of a group are down at once, every spell that is part of it passes; what passes is in order.
        #[test]
        fn nothing_that_matters_falls_through(
            drawn in prop::collection::vec((0i64..1200, 1i64..300, 0u32..2), 1..40),
            units in 2u32..5,
            mean in 0i64..2000 * MS,
        ) {
            let spells = spells(&drawn);
            let mut sieve = Sieve::default();
            sieve.begin(&spells, mean, [units; 2].into_iter(), TILE);
            sieve.pass();
            let passed: Vec<usize> = sieve.passed().iter().map(|key| *key as u32 as usize).collect();
            for (at, group) in (TILE.after..=TILE.until).step_by(MS as usize).flat_map(|at| [(at, 0), (at, 1)]) {
                let is_down = |&place: &usize| {
                    let (start, end, member) = (spells.starts[place], spells.ends[place], spells.members[place]);
                    start <= at && at < end && member.row() == group
                };
                let down: Vec<usize> = (0..spells.len()).filter(is_down).collect();
                if down.len() >= units as usize {
                    prop_assert!(down.iter().all(|place| passed.contains(place)));
                }
            }
            prop_assert!(passed.iter().all(|&place| spells.starts[place] <= TILE.until));
            prop_assert!(passed.is_sorted_by_key(|&place| (spells.members[place].row(), sieve.first[place])));
        }

        /// The bins are few and a spell touches few of them.
        #[test]
        fn work_is_proportional_to_spells(drawn in prop::collection::vec((0i64..1100, 1i64..900, 0u32..1), 1..60)) {
            let spells = spells(&drawn);
            let mut sieve = Sieve::default();
            prop_assume!(spells.len() > 0);
            let mean = spells.iter_from(0).map(|(start, end, _)| end - start).sum::<i64>() / spells.len() as i64;
            sieve.begin(&spells, mean, [2].into_iter(), TILE);
            prop_assert!(sieve.bins.len() <= 32 * spells.len() + 1 + EIGHT);
            let touched: i32 = sieve.covers.iter().map(|cover| (64 - cover) / 8).sum();
            prop_assert!(touched as usize <= 4 * spells.len());
        }
    }
}
