//! Capacity over time.

use super::Estimated;

/// A row of `capacity_timeseries`: a scaled component in a part of the measured time.
#[derive(Clone, Debug, PartialEq)]
pub struct CapacityRow {
    /// The component.
    pub entity: String,
    /// Hours since the start: the beginning of the part.
    pub at_h: f64,
    /// Its length, h; the last part ends with the measured time.
    pub span_h: f64,
    /// Demand on it, a second.
    pub demand: Estimated,
    /// What its serving replicas carry, a second.
    pub capacity: Estimated,
    /// Demand above that, a second.
    pub unserved: Estimated,
    /// Replicas, ready or not.
    pub replicas: Estimated,
}
