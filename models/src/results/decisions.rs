//! Decisions of autoscalers.

use crate::scaling::Decision;

/// A row of `autoscale_events`: a decision of an autoscaler in one of the replications that are kept, where it is another
/// than the one before.
#[derive(Clone, Debug, PartialEq)]
pub struct DecisionRow {
    /// The replication.
    pub rep: u64,
    /// The component that is scaled.
    pub component: String,
    /// Its number within the replication, from 0.
    pub look: u64,
    /// Seconds since the start.
    pub at_s: f64,
    /// Load on the component, a second; none where only a metric was shown.
    pub demand: Option<f64>,
    /// Replicas that served before it; as `demand`.
    pub serving: Option<u32>,
    /// What was decided.
    pub decision: Decision,
}
