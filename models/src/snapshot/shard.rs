//! Shards: parts of a run of a fixed number of replications, counted apart and merged to what the run would have counted.

use std::ops::Range;

use ninefold_sim_core::checkpoints::CHUNK;
use serde::{Deserialize, Serialize};

/// Most shards of a run.
pub const SHARDS_MAX: u64 = 65_536;

/// One of the parts a run is cut into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Its place, from 0, below `of`.
    pub index: u64,
    /// How many there are, 1..=[`SHARDS_MAX`].
    pub of: u64,
}

impl Shard {
    /// Its replications in a run of `replications`. Shards are cut between chunks, so that their sizes differ by one chunk
    /// at most, and those of a run with fewer chunks than shards are partly empty.
    pub const fn range(self, replications: u64) -> Range<u64> {
        let chunks = replications.div_ceil(CHUNK);
        let (start, end) = (chunks * self.index / self.of * CHUNK, chunks * (self.index + 1) / self.of * CHUNK);
        let (start, end) = (if start < replications { start } else { replications }, end);
        start..if end < replications { end } else { replications }
    }
}

/// Shards that do not make up their run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incomplete {
    /// Two places in the list hold the same shard.
    Doubled(usize, usize),
    /// Shards that are in no place, from 0.
    Missing(Vec<u64>),
}

/// Whether `given`, in any order, are all `of` shards of a run, each once.
///
/// # Errors
/// [`Incomplete`]: what is doubled, else what is missing.
pub fn complete(of: u64, given: &[u64]) -> Result<(), Incomplete> {
    let mut places: Vec<Option<usize>> = vec![None; of as usize];
    for (place, &index) in given.iter().enumerate() {
        if let Some(other) = places[index as usize].replace(place) {
            return Err(Incomplete::Doubled(other, place));
        }
    }
    let missing: Vec<u64> = (0..of).filter(|&index| places[index as usize].is_none()).collect();
    if missing.is_empty() { Ok(()) } else { Err(Incomplete::Missing(missing)) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn shards_follow_one_another_and_cover_the_run(replications in 1u64..=1 << 32, of in 1u64..300) {
            let mut next = 0;
            let chunks = |range: &Range<u64>| (range.end - range.start).div_ceil(CHUNK);
            for index in 0..of {
                let range = Shard { index, of }.range(replications);
                prop_assert_eq!(range.start, next);
                let even = replications.div_ceil(CHUNK) / of;
                prop_assert!((even..=even + 1).contains(&chunks(&range)), "{:?}", range);
                next = range.end;
            }
            prop_assert_eq!(next, replications);
        }
    }

    #[test]
    fn what_is_doubled_or_missing_is_named() {
        assert_eq!(complete(3, &[2, 0, 1]), Ok(()));
        assert_eq!(complete(3, &[2]), Err(Incomplete::Missing(vec![0, 1])));
        assert_eq!(complete(3, &[1, 0, 1]), Err(Incomplete::Doubled(0, 2)));
    }
}
