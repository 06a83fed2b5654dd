//! Every lifetime law against its own identities, against independent libraries, and against bad parameters.

#![allow(clippy::unwrap_used, missing_docs)]

mod cases;
mod identities;
mod levels;
mod oracles;
mod pages;
mod properties;
mod refusals;
mod remaining;
mod residuals;
mod tabulated;
