//! Capacity over time.

use super::Estimated;

/// A row of `capacity_headroom`: a component with a capacity, or its state in a domain, in a part of the measured time, over
/// the replications that are kept. Quantiles are those of 10, 50 and 90 %.
#[derive(Clone, Debug, PartialEq)]
pub struct HeadroomRow {
    /// The component, or its state in a domain.
    pub entity: String,
    /// Hours since the start: the beginning of the part.
    pub at_h: f64,
    /// Its length, h.
    pub span_h: f64,
    /// Replications that it is over.
    pub replications: u64,
    /// Mean demand in the part, a second: quantiles.
    pub demand: [f64; 3],
    /// Mean of what its serving units carry, a second: quantiles.
    pub capacity: [f64; 3],
    /// The least in the part of what they carry beyond the demand, a second: quantiles.
    pub headroom: [f64; 3],
    /// Units that carry the greatest quantile of the part's largest demand.
    pub units_needed: u64,
    /// Probability that less than the demand is available at some time in the part.
    pub short: Estimated,
    /// The same by the end of the part.
    pub exhausted: Estimated,
}

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
