//! Where a system's numbers come from: what was assumed, what was given, and by whom.

use serde::{Deserialize, Serialize};

/// What a reader must know beside the numbers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// The scenario's name.
    pub scenario: String,
    /// Every default that applied, in order of path.
    pub assumptions: Vec<Assumption>,
    /// Every number that entered, in order of path.
    pub provenance: Vec<Provenance>,
    /// The record files read, by id.
    pub records: Vec<RecordDigest>,
    /// The instant the calendar starts at, RFC 3339 with zone (`2027-01-01T00:00:00+00:00[UTC]`).
    pub start: String,
    /// Version of the time-zone data (`2026b`), if any window used it.
    pub zone_data: String,
    /// The effective scenario, standing alone, as YAML.
    pub effective: String,
}

/// One default that applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assumption {
    /// Path in the scenario (`calendar.horizon`).
    pub path: String,
    /// The value that applied, as it would be written.
    pub value: String,
    /// Where the default comes from, in a sentence.
    pub reason: String,
}

/// One number that entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// Path in the scenario (`components.web.failure_modes.crash.time_to_failure.exponential.mean`).
    pub path: String,
    /// The value as written.
    pub value: String,
    /// Its unit (`h`, `1`, `1/s`), or empty.
    pub unit: String,
    /// The nearest `source:` above it, or the file and line.
    pub source: String,
    /// The record it was fitted from, or empty.
    pub record: String,
    /// The fit's identity (`record.column:family`), or empty.
    pub fit_id: String,
    /// `none`: a point value.
    pub uncertainty: String,
}

/// One record file that entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordDigest {
    /// Its id in the scenario.
    pub id: String,
    /// File name relative to the scenario.
    pub file: String,
    /// BLAKE3 of its bytes, hex.
    pub blake3: String,
    /// Rows read.
    pub rows: u64,
    /// Rows rejected, by rule, in order of rule name.
    pub rejected: Vec<(String, u64)>,
}
