//! Capacity buffers.

use super::Estimated;

/// A row of `capacity_buffers`: a place that takes over traffic, with so much in reserve.
#[derive(Clone, Debug, PartialEq)]
pub struct BufferRow {
    /// The place: `components.NAME@DOMAIN`.
    pub place: String,
    /// The reserve, as a share of the place's own peak.
    pub buffer: f64,
    /// The share that is needed when the largest other place is lost at the peak.
    pub needed: f64,
    /// Whether it is the one that the scenario says.
    pub written: bool,
    /// Whether more begins to buy less here.
    pub knee: bool,
    /// Failovers that the place took over in, over all replications.
    pub failovers: u64,
    /// Share of them in which it is sent more than it serves; none where there was none.
    pub overload: Option<Estimated>,
    /// Requests a year that it cannot serve.
    pub shed: Estimated,
    /// What the reserve costs a year, where units have a price.
    pub cost: Option<f64>,
    /// Cost of what this reserve has more than the one before, for each request that it serves more.
    pub break_even: Option<f64>,
}
