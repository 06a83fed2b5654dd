//! Queues in closed form, by their textbook names: one formula, one file.
//!
//! Everything here is a pure function of rates and times in one unit of the caller's choice (rates per unit, times in it).
//! What has no answer is a [`QueueError`]; what is only approximate says so in its name and documentation.

mod birth_death;
pub mod breakdowns;
pub mod erlang;
mod error;
pub mod finite;
pub mod fork_join;
pub mod jackson;
mod levels;
pub mod m_g_c;
pub mod machine_repair;
mod matrix;
pub mod mean_value_analysis;
pub mod metastability;
mod multi_server;
pub mod overflow;
pub mod pollaczek_khinchine;
pub mod priorities;
pub mod retry;
pub mod sizing;
pub mod transient;
pub mod usl;
pub mod usl_bootstrap;

pub use birth_death::LENGTH_MAX;
pub use error::QueueError;
pub use multi_server::MultiServer;

/// Most servers of a queue.
pub const SERVERS_MAX: u32 = 1_000_000;
