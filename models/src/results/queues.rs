//! Answers about queues of requests.

/// A row of `queues`: entity × measure (× instant), exact alone; what a run request by request estimates is among the measures.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueRow {
    /// `components.NAME`, `components.NAME/JOURNEY` for the requests of one journey there, `journeys.NAME` or `system`.
    pub entity: String,
    /// The measure's name (`wait_mean`, `p_block`, …).
    pub measure: &'static str,
    /// Its unit (`1`, `s`, `1/s`).
    pub unit: &'static str,
    /// For point measures: the time since the start, in hours.
    pub at_h: Option<f64>,
    /// The value; `None` where there is no exact answer.
    pub value: Option<f64>,
    /// The formula or method by its textbook name; one that only approximates says so. Empty where there is no value.
    pub method: &'static str,
    /// Why there is no exact value; empty where there is one.
    pub why: String,
}
