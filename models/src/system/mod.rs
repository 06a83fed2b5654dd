//! Systems: what a scenario lowers to, and its compiled, indexed form.

mod spec;

pub use spec::*;
