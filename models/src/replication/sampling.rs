//! How the draws of a replication follow from the seed and its index.

use ninefold_sim_core::sample::Sample;
use ninefold_sim_core::stratum;
use ninefold_sim_core::stream::Replication;

/// Which replications depend on one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Blocks {
    /// None: every one has draws of its own.
    #[default]
    Independent,
    /// Replications 2i and 2i + 1: where one draws u, the other draws 1 − u.
    Antithetic,
    /// The 64 of a chunk: first lives, and the states of a stationary start, are spread over 64 strata.
    Stratified,
}

/// The draws of every replication of a run: a seed, and which replications depend on one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampling {
    /// The seed of every random stream.
    pub seed: u64,
    /// Which replications depend on one another.
    pub blocks: Blocks,
}

/// Independent replications under a seed.
impl From<u64> for Sampling {
    fn from(seed: u64) -> Self {
        Self { seed, blocks: Blocks::Independent }
    }
}

impl Blocks {
    /// Replications in a block.
    pub const fn size(self) -> u64 {
        match self {
            Self::Independent => 1,
            Self::Antithetic => 2,
            Self::Stratified => stratum::STRATA,
        }
    }

    /// So many replications as a sample of blocks.
    pub const fn sample(self, replications: u64) -> Sample {
        let worst = match self {
            Self::Independent => 1.0,
            Self::Antithetic => 2.0,
            Self::Stratified => stratum::WORST,
        };
        Sample { replications, per_block: self.size(), worst }
    }
}

impl Sampling {
    /// Who draws in replication `index`.
    pub const fn replication(self, index: u64) -> Replication {
        match self.blocks {
            Blocks::Antithetic if index % 2 == 1 => Replication::new(self.seed, index as u32 - 1).mirrored(),
            Blocks::Stratified => Replication::new(self.seed, index as u32).stratified(),
            _ => Replication::new(self.seed, index as u32),
        }
    }
}
