//! Why a file is not forecast.

use ninefold_models::forecast::ForecastError;

use crate::records::RecordError;

/// A file, or what is asked of it, is refused. Nothing is guessed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ForecastFileError {
    /// The file or a column cannot be read.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A row that is no step of a demand.
    #[error("row {row}{at}: {reason}")]
    Row {
        /// Row after the header, from 1.
        row: usize,
        /// ` (2027-03-01T00:00:00Z)`, or nothing where the instant cannot be read.
        at: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// A setting outside its range.
    #[error("`{what}`: {reason}")]
    Setting {
        /// Which, as the command line calls it.
        what: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The history cannot be forecast.
    #[error(transparent)]
    Forecast(#[from] ForecastError),
}

impl ForecastFileError {
    pub(super) fn setting(what: &'static str, reason: impl Into<String>) -> Self {
        Self::Setting { what, reason: reason.into() }
    }
}
