//! Records: evidence from CSV and Parquet files, and the laws fitted to it.
//!
//! A file is read into a [`Table`]; a [`Query`] takes a [`Column`] of durations from it and counts what it leaves out,
//! by rule; [`report`] fits laws to the column, [`fit_file`] is the
//! verb from the file on. A [`Record`] does the same for the names of a scenario.

mod column;
mod csv;
mod error;
mod file;
mod fit_file;
#[cfg(feature = "records")]
mod parquet;
mod quality;
mod record;
mod report;
mod scalability;
mod series;
mod spans;
mod table;
mod timestamp;
mod unit;
mod usage;

pub use column::{Column, Filter, Query, Source, column};
pub use error::RecordError;
pub(crate) use file::read_with_digest;
pub use file::{COLUMNS_MAX, FILE_BYTES_MAX, ROWS_MAX, inside, read_table};
pub use fit_file::{FitRequest, fit_file};
pub use quality::{CensoredAt, Missing, Overlaps, Quality};
pub use record::{Record, RecordSpec};
pub use report::{FitReport, FitRow, Number, Rejected, Summary, Unfitted, report};
pub use scalability::{ScalabilityReport, scalability_file};
pub(crate) use table::Reading;
pub use table::Table;
pub use unit::Unit;
pub use usage::{UsageColumns, UsedBy, catalogue_file, usage_file};

#[cfg(all(test, feature = "records"))]
#[allow(clippy::unwrap_used)]
mod tests;
