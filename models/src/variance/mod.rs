//! Variance reduction: the same error for fewer replications; `docs/concepts/variance.md`.
//!
//! Common random numbers come free from streams that are keyed by name. Antithetic pairs and strata make replications
//! depend on one another, so that their errors cancel; standard errors come from the sums of independent blocks. A control
//! variate corrects an estimate by what is known exactly of a simpler system that drew the same. Whether a method pays is
//! decided from what a pilot counts, the replications before [`PILOT`], and by every shard alike.

mod pilot;
mod possible;
mod relaxation;
mod scheme;

pub use pilot::PILOT;
pub(crate) use possible::Possible;
pub use relaxation::{Relaxation, relaxation};
pub use scheme::{Choice, Control, Scheme};
