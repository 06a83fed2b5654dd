//! Why something kept cannot be used.

use super::FORMAT_VERSION;

/// Kept bytes that cannot be used. The texts go on from the name of the file they were read from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// It does not begin as a frame does.
    #[error("was not written by ninefold")]
    NotOurs,
    /// It is a frame of something else.
    #[error("holds something else than its name says")]
    OtherKind,
    /// It ends too early.
    #[error("is cut off: {found} of {expected} bytes are there")]
    Truncated {
        /// Bytes there should be, as far as can be told.
        expected: u64,
        /// Bytes there are.
        found: u64,
    },
    /// Its checksum is not that of its content.
    #[error("is damaged: its checksum does not match its content")]
    Damaged,
    /// It is of another format.
    #[error("has format {found}; this ninefold reads format {FORMAT_VERSION}")]
    FormatVersion {
        /// Its format.
        found: u32,
    },
    /// Its content is not what its frame says.
    #[error("does not hold what it should: {0}")]
    Undecodable(&'static str),
    /// It was made by another version, whose results may differ.
    #[error("was made by ninefold {found}; this is {expected}, whose results may differ")]
    Engine {
        /// The version that made it.
        found: String,
        /// This version.
        expected: String,
    },
    /// It is of another scenario, or of the same one with other records.
    #[error("is of another scenario, or of other records")]
    Scenario,
    /// It is of another seed.
    #[error("is of seed {found}, not {expected}")]
    Seed {
        /// Its seed.
        found: u64,
        /// The seed of this run.
        expected: u64,
    },
    /// It is of another plan: replications, precision, confidence or variance reduction differ.
    #[error("is of another plan: replications, precision, confidence or variance reduction differ")]
    Plan,
}
