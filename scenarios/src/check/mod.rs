//! Checks that look at the whole: circles, limits, references.

mod circle;
mod dependency_cycle;
mod domain_cycle;

pub(crate) use circle::circles;
pub(crate) use dependency_cycle::{Edge, dependency_cycles};
pub(crate) use domain_cycle::domain_cycles;
