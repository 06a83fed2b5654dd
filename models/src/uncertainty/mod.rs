//! Uncertainty of the inputs: what is not known about a number, the draws of it, and what they do to every answer.
//!
//! The outer loop draws the uncertain inputs, the inner loop draws chance: parameter draw d is a system of its own, with
//! random streams of its own, and replications are dealt round over the draws by whole chunks. What the draws say is
//! separated from what chance says by a one-way analysis of variance. It refuses uncertainty of what a scenario decides:
//! numbers of units, targets, times.

mod bootstrap;
mod demonstration;
mod input;
mod nested;
mod outer_loop;
mod shares;

pub use bootstrap::{RESAMPLES_MAX, bootstrap};
pub use demonstration::{TESTS_MAX, failure_bound, tests_needed};
pub use input::{InputError, InputLaw};
pub use nested::Nested;
pub(crate) use outer_loop::DrawnWorld;
pub use outer_loop::{Cells, DRAWN_CELLS_MAX, DRAWS_MAX, DRAWS_MIN};
pub use shares::{Drawn, SHARED_INPUTS_MAX, Share, Shares, draws_needed, shares};
