//! The domain: what fails, how it is repaired, redundancy, dependencies and journeys; exact solvers; laws and fits.
//!
//! It knows no text format, no Polars and no terminal, and does no IO.

pub mod about;
pub mod analysis;
pub mod assess;
pub mod board;
pub mod compare;
pub mod exact;
pub mod fit;
pub mod forecast;
pub mod lifetime;
pub mod mechanism;
pub mod metric;
pub mod plan;
pub mod queueing;
pub mod replication;
pub mod requests;
pub mod results;
pub mod scaling;
pub mod size;
pub mod snapshot;
pub mod story;
pub mod system;
pub mod timeline;
pub mod uncertainty;
pub mod units;
pub mod variance;
