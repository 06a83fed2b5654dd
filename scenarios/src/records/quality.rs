//! What becomes of rows that are not clean.

use super::{RecordError, timestamp};

/// The quality rules of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Quality {
    /// Rows with a missing value.
    pub missing: Missing,
    /// Rows whose spans overlap within their group.
    pub overlaps: Overlaps,
    /// Where observation ended.
    pub censored_at: CensoredAt,
}

/// Rows with a missing value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// Left out, and counted among the rejected.
    #[default]
    Flag,
    /// Left out as a matter of course: not counted.
    Drop,
    /// Any such row refuses the record.
    Refuse,
}

/// Rows whose spans overlap within their group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overlaps {
    /// Each row counts.
    #[default]
    Keep,
    /// Made one span; the rows that vanish are counted.
    Merge,
    /// Any such row refuses the record.
    Refuse,
}

/// Where observation ended: what was running then is censored, what came later is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum CensoredAt {
    /// Nothing is censored; a row without an end is missing its end.
    #[default]
    Never,
    /// At the latest instant in the record.
    Export,
    /// At this instant, in seconds since 1970-01-01T00:00Z.
    At(f64),
}

impl Missing {
    /// By its name in a scenario.
    ///
    /// # Errors
    /// [`RecordError::Setting`].
    pub fn named(value: &str) -> Result<Self, RecordError> {
        match value {
            "flag" => Ok(Self::Flag),
            "drop" => Ok(Self::Drop),
            "refuse" => Ok(Self::Refuse),
            _ => Err(setting("missing", value, "flag, drop or refuse")),
        }
    }
}

impl Overlaps {
    /// By its name in a scenario.
    ///
    /// # Errors
    /// [`RecordError::Setting`].
    pub fn named(value: &str) -> Result<Self, RecordError> {
        match value {
            "keep" => Ok(Self::Keep),
            "merge" => Ok(Self::Merge),
            "refuse" => Ok(Self::Refuse),
            _ => Err(setting("overlaps", value, "keep, merge or refuse")),
        }
    }
}

impl CensoredAt {
    /// `export`, `never` or a timestamp.
    ///
    /// # Errors
    /// [`RecordError::Setting`].
    pub fn named(value: &str) -> Result<Self, RecordError> {
        match value {
            "never" => Ok(Self::Never),
            "export" => Ok(Self::Export),
            _ => timestamp::parse(value)
                .map(Self::At)
                .ok_or_else(|| setting("censored_at", value, "export, never or a timestamp")),
        }
    }
}

fn setting(key: &'static str, value: &str, allowed: &'static str) -> RecordError {
    RecordError::Setting { key, value: value.to_owned(), allowed }
}
