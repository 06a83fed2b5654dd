//! Replications as a sample: how many, and how many of them in a row belong together.

/// Replications of a run. Those of one block may depend on one another, blocks do not: standard errors come from the sums
/// of blocks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// Replications, a whole number of blocks.
    pub replications: u64,
    /// Replications in a block: 1 where all are independent, 2 for antithetic pairs, 64 for strata.
    pub per_block: u64,
    /// The most by which a block can multiply the variance of a mean, whatever is averaged: 1 where all are independent,
    /// 2 for pairs (both members always agree), 64/63 for strata.
    pub worst: f64,
}

impl Sample {
    /// The independent blocks.
    pub const fn blocks(self) -> u64 {
        self.replications / self.per_block
    }

    /// The independent replications that these are worth at least, whatever is averaged.
    pub fn worth(self) -> f64 {
        self.replications as f64 / self.worst
    }
}

/// So many independent replications.
impl From<u64> for Sample {
    fn from(replications: u64) -> Self {
        Self { replications, per_block: 1, worst: 1.0 }
    }
}
