//! The verbs, one file each.

pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod conformance;
pub(crate) mod count;
pub(crate) mod explain;
pub(crate) mod explain_outage;
pub(crate) mod fit;
pub(crate) mod forecast;
pub(crate) mod import;
pub(crate) mod library;
pub(crate) mod merge;
pub(crate) mod new;
mod options;
pub(crate) mod replay;
pub(crate) mod rightsize;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod size;
mod size_agreement;
pub(crate) mod tests;
