//! Output tables: every table declares its columns once, as data, and everything else follows from that.
//!
//! A table is one file here (a `TableSource`: name, meaning, columns, rows) and one line in [`definitions`].
//! From the columns come the Polars frame, the reference page and the digest.

mod autoscale_events;
mod availability;
mod availability_distribution;
mod availability_windowed;
mod capacity_buffers;
mod capacity_forecast;
mod capacity_headroom;
mod capacity_timeseries;
mod cut_set_counts;
mod digest;
mod downtime_by_cause;
mod downtime_by_cut_set;
mod downtime_by_edge;
mod estimated;
mod experiments;
mod failover_readiness;
mod failover_steps;
mod failover_teams;
mod failovers;
mod fits;
mod forecast_methods;
mod forecast_parts;
mod forecast_pit;
mod forecast_scores;
mod frame;
mod importance;
mod incident_events;
mod incidents;
mod input_shares;
mod inputs_provenance;
mod load_tests;
mod measures;
mod metastability;
mod metastability_loads;
mod options_compare;
mod purchase_mix;
mod queues;
mod recovery_order;
mod reference;
mod reliability_metrics;
pub(crate) mod replications;
mod requirements;
mod rightsizing;
mod runs;
mod schema;
mod spof;
mod traffic_moved;

pub use digest::Digested;
pub use fits::{FitRow, fit_rows};
pub use frame::{Format, TableError};
pub use reference::reference;
pub use replications::Spooled;
pub use schema::{ColumnSchema, Definition, Series, Table, Values};

pub(crate) use autoscale_events::table as autoscale_events;
pub(crate) use capacity_forecast::table as capacity_forecast;
pub(crate) use forecast_methods::table as forecast_methods;
pub(crate) use forecast_parts::table as forecast_parts;
pub(crate) use forecast_pit::table as forecast_pit;
pub(crate) use forecast_scores::table as forecast_scores;
pub(crate) use measures::engine_name;
pub(crate) use options_compare::table as options_compare;
pub(crate) use requirements::{SEQUENTIAL_TEST, judged_name, verdict_name};
pub(crate) use rightsizing::table as rightsizing;
pub(crate) use runs::stopped_name;
use schema::{Column, TableSource};

use crate::input::ReportInput;

/// Every table, in the order of the reference page.
pub fn definitions() -> Vec<Definition> {
    vec![
        Definition::of::<runs::Runs>(),
        Definition::of::<inputs_provenance::InputsProvenance>(),
        Definition::of::<measures::Measures>(),
        Definition::of::<requirements::Requirements>(),
        Definition::of::<availability::Availability>(),
        Definition::of::<availability_windowed::AvailabilityWindowed>(),
        Definition::of::<availability_distribution::AvailabilityDistribution>(),
        Definition::of::<reliability_metrics::ReliabilityMetrics>(),
        Definition::of::<incidents::Incidents>(),
        Definition::of::<incident_events::IncidentEvents>(),
        Definition::of::<autoscale_events::AutoscaleEvents>(),
        Definition::of::<capacity_buffers::CapacityBuffers>(),
        Definition::of::<failovers::Failovers>(),
        Definition::of::<failover_steps::FailoverSteps>(),
        Definition::of::<failover_teams::FailoverTeams>(),
        Definition::of::<failover_readiness::FailoverReadiness>(),
        Definition::of::<experiments::Experiments>(),
        Definition::of::<traffic_moved::TrafficMoved>(),
        Definition::of::<downtime_by_cause::DowntimeByCause>(),
        Definition::of::<importance::Importance>(),
        Definition::of::<spof::Spof>(),
        Definition::of::<cut_set_counts::CutSetCounts>(),
        Definition::of::<recovery_order::RecoveryOrder>(),
        Definition::of::<downtime_by_cut_set::DowntimeByCutSet>(),
        Definition::of::<downtime_by_edge::DowntimeByEdge>(),
        Definition::of::<input_shares::InputShares>(),
        Definition::of::<queues::Queues>(),
        Definition::of::<capacity_timeseries::CapacityTimeseries>(),
        Definition::of::<capacity_headroom::CapacityHeadroom>(),
        Definition::of::<load_tests::LoadTests>(),
        Definition::of::<metastability::Metastability>(),
        Definition::of::<metastability_loads::MetastabilityLoads>(),
        Definition::of::<purchase_mix::PurchaseMix>(),
        Definition::of::<fits::Fits>(),
        replications::definition(),
        options_compare::definition(),
        capacity_forecast::definition(),
        forecast_methods::definition(),
        forecast_scores::definition(),
        forecast_pit::definition(),
        forecast_parts::definition(),
        rightsizing::definition(),
    ]
}

/// Every table of a run that is filled at once.
pub fn tables(input: &ReportInput<'_>) -> Vec<Table> {
    definitions().iter().filter_map(|definition| definition.fill(input)).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::toy_shop::ToyShop;

    #[test]
    fn schemas_are_as_agreed() {
        let lines: Vec<String> = definitions()
            .iter()
            .flat_map(|d| d.schema().into_iter().map(|c| format!("{}.{} {} [{}]", d.name, c.name, c.dtype, c.unit)))
            .collect();
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn every_column_has_a_unit_and_a_meaning() {
        for definition in definitions() {
            let mut names = BTreeSet::new();
            for column in definition.schema() {
                assert!(names.insert(column.name), "{}.{} twice", definition.name, column.name);
                assert!(!column.unit.is_empty(), "{}.{} has no unit", definition.name, column.name);
                assert!(column.meaning.ends_with('.'), "{}.{} meaning", definition.name, column.name);
            }
        }
    }

    #[test]
    fn frames_have_the_declared_names_types_and_heights() {
        let shop = ToyShop::new();
        for table in tables(&shop.input()) {
            let frame = table.frame().unwrap();
            assert_eq!(frame.height(), table.rows(), "{}", table.name);
            assert_eq!(frame.width(), table.columns.len());
            for (column, series) in frame.columns().iter().zip(&table.columns) {
                assert_eq!(column.name().as_str(), series.schema.name);
                assert_eq!(column.dtype().to_string(), series.schema.dtype);
            }
        }
    }
}
