//! What a run hands over.

mod buffer;
mod capacity;
mod decisions;
mod experiments;
mod failovers;
mod load_tests;
mod metastability;
mod purchase;
mod queues;
mod routing;
mod rows;
mod structure;

pub use buffer::*;
pub use capacity::{CapacityRow, HeadroomRow};
pub use decisions::*;
pub use experiments::ExperimentRow;
pub use failovers::*;
pub use load_tests::LoadTestRow;
pub use metastability::*;
pub use purchase::PurchaseRow;
pub use queues::QueueRow;
pub use routing::TrafficMovedRow;
pub use rows::*;
pub use structure::*;

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
    /// Table `traffic_moved`: by router, ascending in time.
    pub traffic_moved: Vec<TrafficMovedRow>,
    /// Table `reliability_metrics`.
    pub reliability: Vec<ReliabilityRow>,
    /// Table `incidents`: the outages of the first replications and of the worst one.
    pub incidents: Vec<IncidentRow>,
    /// Table `incident_events`: the stories of `incidents`, once they are [told](crate::assess::tell).
    pub incident_events: Vec<IncidentEventRow>,
    /// Table `experiments`: those of the first replications and of the worst one.
    pub experiments: Vec<ExperimentRow>,
    /// Table `capacity_buffers`.
    pub buffers: Vec<BufferRow>,
    /// Table `autoscale_events`: what autoscalers decided in the worst replication, and in the first ones.
    pub decisions: Vec<DecisionRow>,
    /// Table `load_tests`: by test, its steps.
    pub load_tests: Vec<LoadTestRow>,
    /// Table `failovers`: the attempts of the first replications and of the worst one.
    pub failovers: Vec<FailoverRow>,
    /// Table `failover_steps`: their steps.
    pub failover_steps: Vec<FailoverStepRow>,
    /// Table `failover_teams`: by plan and team.
    pub failover_teams: Vec<FailoverTeamRow>,
    /// Table `failover_readiness`: by plan, ascending in time since the last test.
    pub failover_readiness: Vec<ReadinessRow>,
    /// The replication with the most downtime of any journey, whose incidents are among `incidents`.
    pub worst_replication: Option<u64>,
    /// Table `downtime_by_cause`.
    pub causes: Vec<CauseRow>,
    /// Table `importance`.
    pub importance: Vec<ImportanceRow>,
    /// Table `spof`: minimal cut sets, by entity, those with the most expected downtime first.
    pub cut_sets: Vec<CutSetRow>,
    /// Table `cut_set_counts`: one an entity whose cut sets were looked for.
    pub cut_set_counts: Vec<CutSetCountRow>,
    /// Table `downtime_by_cut_set`; empty unless the plan asks for it.
    pub cut_set_downtime: Vec<CutSetDowntimeRow>,
    /// Table `downtime_by_edge`; empty unless the plan asks for it.
    pub edge_downtime: Vec<EdgeDowntimeRow>,
    /// Table `recovery_order`: in the order in which things are up again.
    pub recovery: Vec<RecoveryRow>,
    /// What methods of variance reduction gained; empty if none was asked for.
    pub variance: Vec<VarianceRow>,
    /// Table `queues`: at the point values of the inputs.
    pub queues: Vec<QueueRow>,
    /// Table `metastability`: by map, cure, load and size.
    pub metastability: Vec<MetastabilityRow>,
    /// Table `metastability_loads`: by map, cure and load.
    pub metastability_loads: Vec<LoadStateRow>,
    /// Table `capacity_timeseries`: of the components that are scaled.
    pub capacity: Vec<CapacityRow>,
    /// Table `capacity_headroom`: of the components with a capacity.
    pub headroom: Vec<HeadroomRow>,
    /// Table `purchase_mix`: of the components that have a price.
    pub purchases: Vec<PurchaseRow>,
    /// Table `input_shares`: for the measures of journeys (components where there is none) and agreements.
    pub input_shares: Vec<InputShareRow>,
}
