//! What a run hands over.

mod rows;

pub use rows::*;

/// Everything a run computed, in final order.
#[derive(Clone, Debug)]
pub struct Results {
    /// How the run ended.
    pub outcome: RunOutcome,
    /// Every measure of every entity, simulated beside exact.
    pub measures: Vec<Measured>,
    /// One an agreement.
    pub requirements: Vec<Requirement>,
    /// Table `availability`.
    pub availability: Vec<AvailabilityRow>,
    /// Table `availability_windowed`.
    pub windowed: Vec<WindowedRow>,
    /// Table `availability_distribution`.
    pub exceedance: Vec<ExceedanceRow>,
    /// Table `reliability_metrics`.
    pub reliability: Vec<ReliabilityRow>,
    /// Table `incidents`: the outages of the first replications and of the worst one.
    pub incidents: Vec<IncidentRow>,
    /// Table `incident_events`: the stories of `incidents`, once they are [told](crate::assess::tell).
    pub incident_events: Vec<IncidentEventRow>,
    /// The replication with the most downtime of any journey, whose incidents are among `incidents`.
    pub worst_replication: Option<u64>,
    /// Table `downtime_by_cause`.
    pub causes: Vec<CauseRow>,
    /// Table `importance`.
    pub importance: Vec<ImportanceRow>,
    /// What methods of variance reduction gained; empty if none was asked for.
    pub variance: Vec<VarianceRow>,
    /// Table `input_shares`: for the measures of journeys (components where there is none) and agreements.
    pub input_shares: Vec<InputShareRow>,
}
