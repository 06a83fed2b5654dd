//! Coupled units as a continuous-time Markov chain: repairs that wait for crews, standby schemes, coverage,
//! propagated failures.
//!
//! Everything in the cone of an entity, and everything coupled with it, becomes one chain, provided that lives are
//! exponential and repairs exponential, Erlang or hyperexponential. Units that are alike are counted, not named
//! ([`Model`]). What may happen in a state is in [`moves`]; it is written from the rules of the language and shares
//! no code with the simulation. The chain is explored from the state in which everything is new ([`Chain`]), its long
//! run found by elimination without subtraction or by iteration, its course over time by uniformization.

mod answers;
mod chain;
mod coverage;
mod crews;
mod data;
mod gauss_seidel;
mod gth;
mod long_run;
mod model;
mod moves;
mod phases;
mod shocks;
mod state;
mod transient;

pub(crate) use chain::Chain;
pub(crate) use model::Model;
pub(super) use phases::Phases;

/// The name of the method, beside an answer.
pub(super) const METHOD: &str = "Markov chain";
