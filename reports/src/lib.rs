//! Results to tables, figures, documents and the run folder.
//!
//! It takes what a run computed and what is known about its inputs, and never computes a number of its own beyond
//! formatting. It knows no scenario text format: the effective scenario is a text it copies.

mod buffer;
mod data_loss;
pub mod decision;
mod experiment_line;
mod failover_line;
pub mod feeds;
pub mod figures;
pub mod folder;
pub mod forecast;
pub mod format;
pub mod graph;
mod input;
mod load_test_line;
mod manifest;
mod metastability_line;
mod objectives;
pub mod outlook;
mod phases;
mod queues;
mod recovery_point;
pub mod replay;
pub mod report;
mod requests;
pub mod rightsizing;
mod scaling;
mod shortfall;
mod single_points;
pub mod sizing;
mod spot;
pub mod stopping;
pub mod story;
mod summary;
pub mod tables;
pub mod terminal;
#[cfg(test)]
mod toy_shop;

pub use folder::{FolderError, FolderOptions, Unfinished, Written, write_folder};
pub use input::{InputFile, ReportInput, RunInfo};
pub use manifest::Manifest;
pub use phases::{Phase, Phases};
pub use summary::{SUMMARY_SCHEMA, Summary, summary_json};
