//! What the dependency graph says of a system: which few losses take a journey down, and in which order it comes back.
//!
//! [`cut_sets`] lists minimal cut sets over units and domains, [`recovery_order`] the start-up of everything after
//! everything was down. Neither simulates; what needs probabilities takes them from the exact engine, or does without.
//! Downtime by cut set and by edge is simulated, for a run that asks for it, and so is importance where it has no exact
//! answer.

mod attribution;
mod cut_sets;
mod depth;
mod edges;
mod failed_sets;
mod holds;
mod importance;
mod losses;
mod recovery;
mod shared_risks;
mod stakes;
mod sweep;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;

pub use attribution::{ATTRIBUTED_MAX, Attributed, AttributionError, PAIRS_MAX};
pub(crate) use attribution::{attributable, attribute};
pub use cut_sets::{ANALYSED_MAX, CutSets, LISTED_MAX, cut_sets};
pub(crate) use depth::Depths;
pub use recovery::{COMPONENTS_MAX, recovery_order};
