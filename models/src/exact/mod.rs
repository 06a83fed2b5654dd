//! Exact answers beside the simulated ones: where the structure alone decides and its parts are independent.
//!
//! [`solve`] reads them out of a [`System`](crate::system::System). Below it: coherent [`Structure`]s compiled to
//! binary decision diagrams ([`Cone`]), the behaviour of single units in closed form ([`Process`]), integrals over
//! time by quadrature. What has no exact answer has a reason, [`NotExact`].

mod averages;
mod bdd;
mod capacity;
mod capacity_flow;
mod capacity_table;
mod cone;
mod cost;
mod cuts;
mod error;
mod frequency;
mod hidden;
mod importance;
mod lattice;
mod markov;
mod model;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod oracles;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod oracles_coupled;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod oracles_shared;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod oracles_system;
mod order;
mod point;
mod probability;
mod process;
mod quadrature;
mod queues;
mod rule;
mod shocks;
mod solutions;
mod solve;
mod spot;
mod standby_pair;
mod structure;
mod table;
mod weighted_order;

pub use bdd::{Bdd, DOWN, NODES_MAX, Node, NodeId, UP};
pub use cone::Cone;
pub use cuts::{CutSets, ORDER_MAX, VARIABLES_MAX};
pub use error::NotExact;
pub use frequency::failure_frequency;
pub use importance::{Candidate, importance};
pub use model::{Model, Part};
pub use order::candidates;
pub use probability::{Chance, Diagram};
pub use process::{DownMode, Process, Steady};
pub(crate) use rule::is_structural;

pub use queues::metastability::Maps;
pub use solutions::{Answer, Measure, Solutions};
pub use solve::{metastability, solve};
pub use standby_pair::StandbyPair;
pub use structure::{Extract, Gate, GateId, Structure};
pub use weighted_order::weighted;
