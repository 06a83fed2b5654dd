//! Coupled systems: crews, standby and propagated failures, simulated against the Markov chain and against theorems.
#![allow(clippy::unwrap_used)]

mod backup;
mod coverage;
mod data_loss;
mod load_sharing;
mod on_demand;
mod random;
mod replication;
mod supply;
mod theorems;
mod waiting;
