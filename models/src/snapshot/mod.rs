//! Snapshots: what a run has counted so far, as bytes that can be put away and taken up again.
//!
//! A snapshot says which run it is of, so that it cannot continue another one. All that is counted are integers, so what
//! comes back is exactly what went in. Where the bytes are put is for the caller: nothing here does IO.

mod error;
mod frame;
mod shard;

use serde::{Deserialize, Serialize};

use crate::metric::{Metric, Tallies};
use crate::plan::{MAX_REPLICATIONS, Plan};
use crate::system::System;

pub use error::SnapshotError;
pub use frame::{CONTENT_BYTES_MAX, FORMAT_VERSION, Kind, open, seal};
pub use shard::{Incomplete, SHARDS_MAX, Shard, complete};

/// The version of the engine, as snapshots name it.
pub const ENGINE_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Which run a snapshot is of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// Version of the engine.
    pub engine: String,
    /// Digest of the effective scenario and of what it reads.
    pub scenario: [u8; 32],
    /// The plan.
    pub plan: Plan,
    /// Digest of an empty tally of the system: another layout of what is counted is not read as this one.
    pub layout: [u8; 32],
}

impl Identity {
    /// The run of `system` as `plan` says; `scenario` is the digest of what the system was made from.
    pub fn new(system: &System, plan: &Plan, scenario: [u8; 32]) -> Self {
        let empty = postcard::to_stdvec(&Tallies::new(system)).expect("bug: tallies have lengths");
        let layout = *blake3::hash(&empty).as_bytes();
        Self { engine: ENGINE_VERSION.to_owned(), scenario, plan: plan.clone(), layout }
    }

    /// Refuses to take `other` for this run, saying what differs.
    ///
    /// # Errors
    /// [`SnapshotError`], the most telling difference.
    pub fn expect(&self, other: &Self) -> Result<(), SnapshotError> {
        if other.engine != self.engine {
            let (found, expected) = (other.engine.clone(), self.engine.clone());
            return Err(SnapshotError::Engine { found, expected });
        }
        if other.scenario != self.scenario {
            return Err(SnapshotError::Scenario);
        }
        if other.plan.seed != self.plan.seed {
            return Err(SnapshotError::Seed { found: other.plan.seed, expected: self.plan.seed });
        }
        if other.plan != self.plan {
            return Err(SnapshotError::Plan);
        }
        if other.layout != self.layout {
            return Err(SnapshotError::Undecodable("the layout of what is counted differs"));
        }
        Ok(())
    }
}

/// What a run, or a shard of it, has counted.
#[derive(Debug)]
pub struct Kept {
    /// The first replication.
    pub first: u64,
    /// Counted up to the last checkpoint at which stopping was decided.
    pub decided: Tallies,
    /// Counted since.
    pub since: Tallies,
}

/// What was counted of the chunks that are done, while a run goes on.
#[derive(Clone, Copy, Debug)]
pub struct Prefix<'a> {
    /// The first replication.
    pub first: u64,
    /// Counted up to the last checkpoint at which stopping was decided.
    pub decided: &'a Tallies,
    /// Counted since.
    pub since: &'a Tallies,
}

impl Prefix<'_> {
    /// The replication after the last one counted.
    pub const fn end(&self) -> u64 {
        self.first + self.decided.replications + self.since.replications
    }
}

impl Kept {
    /// Nothing yet of a run, or of a shard, that begins with replication `first`.
    pub fn nothing(system: &System, first: u64) -> Self {
        Self { first, decided: Tallies::new(system), since: Tallies::new(system) }
    }

    /// The same, borrowed.
    pub const fn prefix(&self) -> Prefix<'_> {
        Prefix { first: self.first, decided: &self.decided, since: &self.since }
    }

    /// The replication after the last one counted.
    pub const fn end(&self) -> u64 {
        self.prefix().end()
    }

    /// Everything counted.
    pub fn into_tallies(self) -> Tallies {
        let mut tallies = self.decided;
        tallies.merge(self.since);
        tallies
    }
}

/// The content of a snapshot, borrowed or owned.
#[derive(Deserialize, Serialize)]
struct Content<T, R> {
    identity: T,
    first: u64,
    decided: R,
    since: R,
    /// What the caller put away beside it, in its own form.
    beside: Vec<u8>,
}

/// A snapshot as bytes; `beside` is a short remark of the caller's that comes back with it.
pub fn encode(identity: &Identity, prefix: Prefix<'_>, beside: &[u8]) -> Vec<u8> {
    let Prefix { first, decided, since } = prefix;
    let content = Content { identity, first, decided, since, beside: beside.to_vec() };
    seal(Kind::Tallies, &postcard::to_stdvec(&content).expect("bug: tallies have lengths"))
}

/// What `bytes` hold of the run `identity` of `system`, and the caller's remark.
///
/// # Errors
/// [`SnapshotError`] if they are no snapshot, or one of another run.
pub fn decode(bytes: &[u8], system: &System, identity: &Identity) -> Result<(Kept, Vec<u8>), SnapshotError> {
    let content = open(Kind::Tallies, bytes)?;
    // The identity first: tallies of another system or version need not even have this form.
    let (of, _) = postcard::take_from_bytes::<Identity>(content).map_err(|_| unreadable())?;
    identity.expect(&of)?;
    let (content, rest) = postcard::take_from_bytes::<Content<Identity, Tallies>>(content).map_err(|_| unreadable())?;
    let counted = content.decided.replications.saturating_add(content.since.replications);
    if !rest.is_empty() || content.first.saturating_add(counted) > MAX_REPLICATIONS {
        return Err(unreadable());
    }
    if !content.decided.fits(system) || !content.since.fits(system) {
        return Err(SnapshotError::Undecodable("what was counted does not fit the system"));
    }
    // Merged into empty tallies, what follows from the system is there again, whatever the bytes said.
    let mut kept = Kept::nothing(system, content.first);
    kept.decided.merge(content.decided);
    kept.since.merge(content.since);
    Ok((kept, content.beside))
}

const fn unreadable() -> SnapshotError {
    SnapshotError::Undecodable("its content cannot be read")
}
