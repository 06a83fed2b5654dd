//! One replication: a pure function of system, seed and index.

mod experimented;
mod followed;
mod observe;
mod sampling;
mod trace;
mod unserved;
mod world;

pub use experimented::Experimented;
pub(crate) use followed::Followed;
pub use observe::{Observe, Unobserved};
pub use sampling::{Blocks, Sampling};
pub use trace::{
    Bare, CLIENTS, Checked, Loss, MovedClients, Moving, Outage, Pooled, Restored, Resynced, Running, Scaled, Share,
    SpotTurn, Stand, Strained, Survived, Takeover, Trace,
};
pub use world::{EVENTS_MAX, World};

/// A replication that cannot be finished.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplicationError {
    /// More events than the stated limit.
    #[error("replication {index} passed {EVENTS_MAX} events at {hours} h; the limit keeps a run finite")]
    TooManyEvents {
        /// The replication's index.
        index: u64,
        /// How far it came, whole hours.
        hours: u64,
    },
    /// A run to the first failure met none within the reach of the clock.
    #[error(
        "replication {index} met no failure of every journey within 219 years; the mean time to failure is too long to simulate"
    )]
    NeverFails {
        /// The replication's index.
        index: u64,
    },
}
