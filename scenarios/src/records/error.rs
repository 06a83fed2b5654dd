//! Why a record cannot be read or used.

use std::path::PathBuf;

use ninefold_models::fit::FitError;
use ninefold_models::queueing::QueueError;

/// A record file, or what is asked of it, is refused. Nothing is guessed and nothing is written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The file cannot be opened or read.
    #[error("cannot read `{}`: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The file lies outside the folder of the scenario.
    #[error("`{file}` is outside the scenario's folder: {reason}")]
    Outside {
        /// As written in the scenario.
        file: String,
        /// What takes it outside.
        reason: &'static str,
    },
    /// The file is larger than the limit.
    #[error("`{}` has {bytes} bytes; at most {limit} are read", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// The file has more rows than the limit.
    #[error("the file has more than {limit} rows")]
    TooManyRows {
        /// The limit.
        limit: usize,
    },
    /// The file has more columns than the limit.
    #[error("the file has {found} columns; at most {limit} are read")]
    TooManyColumns {
        /// Columns in the file.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// The file has no header or no row.
    #[error("the file has {0}")]
    Empty(&'static str),
    /// The text is not UTF-8.
    #[error("line {line} is not UTF-8 text (byte {offset} of the file is {byte:#04x}); save the file as UTF-8")]
    Encoding {
        /// Line, from 1.
        line: usize,
        /// Offset of the first bad byte, from 0.
        offset: usize,
        /// The bad byte.
        byte: u8,
    },
    /// The file is neither CSV text nor Parquet.
    #[error("the file is not CSV text: line {line} holds a zero byte (byte {offset} of the file)")]
    Binary {
        /// Line, from 1.
        line: usize,
        /// Offset of the zero byte, from 0.
        offset: usize,
    },
    /// A row has more or fewer cells than the header.
    #[error("line {line} has {found} cells, the header has {expected}")]
    Ragged {
        /// Line on which the row starts, from 1.
        line: usize,
        /// Cells in the row.
        found: usize,
        /// Cells in the header.
        expected: usize,
    },
    /// A quoted cell does not end, or goes on after its quote.
    #[error("line {line}: {problem}")]
    Quote {
        /// Line on which the cell starts, from 1.
        line: usize,
        /// What is wrong.
        problem: &'static str,
    },
    /// Two columns have one name.
    #[error("the header names the column `{0}` twice")]
    TwinColumn(String),
    /// The Parquet file is broken or truncated, or holds what is not read.
    #[error("not a readable Parquet file: {0}")]
    Parquet(String),
    /// A column that is asked for is not there.
    #[error("there is no column `{column}`{}; the file has {}", hint(nearest), known.join(", "))]
    NoColumn {
        /// As asked for.
        column: String,
        /// The most similar name, if one is close.
        nearest: Option<String>,
        /// The columns there are.
        known: Vec<String>,
    },
    /// The record lacks a mapping that the asked column is derived from.
    #[error("`{column}` needs `map: {{{role}: COLUMN}}` on the record")]
    NoRole {
        /// The derived column.
        column: String,
        /// The role that is not mapped.
        role: &'static str,
    },
    /// A column of bare numbers has no unit.
    #[error("the column `{0}` holds bare numbers; its unit must be given (`units: {{{0}: min}}`, or `--unit min`)")]
    NoUnit(String),
    /// A unit nobody knows.
    #[error("`{0}` is no unit of time; write one of ms, s, min, h, d, w, y")]
    Unit(String),
    /// A word that a setting does not have.
    #[error("`{value}` is not allowed for `{key}`; write {allowed}")]
    Setting {
        /// The setting.
        key: &'static str,
        /// The word.
        value: String,
        /// The words allowed.
        allowed: &'static str,
    },
    /// The quality rules of the record refuse it.
    #[error("{rows} rows break the rule `{rule}: refuse`")]
    Quality {
        /// The rule.
        rule: &'static str,
        /// Rows that break it.
        rows: u64,
    },
    /// No value is left.
    #[error("no usable value in `{column}`: {rows} rows, rejected {rejected}")]
    NoValue {
        /// The column.
        column: String,
        /// Rows looked at.
        rows: u64,
        /// Rejected rows by rule.
        rejected: String,
    },
    /// A row of a series over time is bad; rows count from 1, without the header.
    #[error("row {row} of the series `{column}` {reason}")]
    Series {
        /// The column.
        column: String,
        /// The row.
        row: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// No scalability law can be fitted.
    #[error("cannot fit a scalability law to `{column}`: {reason}")]
    Scalability {
        /// The column of throughputs.
        column: String,
        /// Why.
        reason: QueueError,
    },
    /// The values cannot be fitted.
    #[error("cannot fit `{column}`: {source}")]
    Fit {
        /// The column.
        column: String,
        /// Why.
        source: FitError,
    },
}

fn hint(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default()
}
