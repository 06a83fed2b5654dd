//! Time, events, randomness, replications, estimates and stopping rules.
//!
//! The kernel knows nothing of servers or services, does no IO, reads no clock and logs nothing.

pub mod batched_histogram;
pub mod calendar;
pub mod checkpoints;
pub mod dense_histogram;
pub mod histogram;
pub mod interval;
pub mod moments;
pub mod philox;
pub mod repeated_look;
pub mod replicate;
pub mod rerun;
pub mod sample;
pub mod sequential_test;
pub mod simd;
pub mod special;
pub mod stratum;
pub mod stream;
pub mod tick;
pub mod wide;
