//! Metrics: what is counted over replications. One family, one file; add a file and a line in `metrics!`.
//!
//! A metric reads the trace of each replication and keeps integers, so that merging is exact and its order irrelevant.
//! What it makes of them is read out once, at the end.

pub mod agreement;
pub mod autoscale;
pub mod bands;
pub mod by_draw;
pub mod capacity_buffer;
pub mod capacity_course;
pub mod cause;
pub(crate) mod conflicts;
pub mod crews;
pub mod data_loss;
pub mod distribution;
pub mod experiment;
pub mod failover;
pub mod first_failure;
pub mod gain;
pub mod health_check;
pub mod load_test;
pub mod nodes;
pub mod objective;
pub mod per_replication;
pub mod point;
pub mod purchase;
pub mod recovery_point;
pub mod requests;
pub mod routing;
pub mod service;
pub mod shortfall;
pub mod spot;
pub mod up_down;
pub mod window;
pub mod worst_replication;
pub mod worst_window;

use std::borrow::Cow;

use ninefold_sim_core::interval::Estimate;
use ninefold_sim_core::sample::Sample;
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use crate::exact::Solutions;
use crate::replication::{Blocks, Outage, Trace};
use crate::results::{Engine, Estimated, Measured};
use crate::system::System;

/// What is counted over replications.
pub trait Metric: Sized {
    /// Nothing counted yet.
    fn new(system: &System) -> Self;
    /// Counts one replication.
    fn record(&mut self, system: &System, index: u64, trace: &Trace);
    /// Adds what a later tally counted.
    fn merge(&mut self, later: Self);
    /// Whether what was read back names only what the system has; places that follow from their position do.
    fn fits(&self, _system: &System) -> bool {
        true
    }
}

/// Declares every metric of a run.
macro_rules! metrics {
    ($($(#[$doc:meta])* $name:ident: $Metric:ty),* $(,)?) => {
        /// Everything counted over a set of replications.
        #[derive(Debug, Serialize, Deserialize)]
        pub struct Tallies {
            /// Replications counted.
            pub replications: u64,
            $($(#[$doc])* pub $name: $Metric,)*
        }

        impl Metric for Tallies {
            fn new(system: &System) -> Self {
                Self { replications: 0, $($name: <$Metric>::new(system),)* }
            }

            fn record(&mut self, system: &System, index: u64, trace: &Trace) {
                self.replications += 1;
                $(self.$name.record(system, index, trace);)*
            }

            fn merge(&mut self, later: Self) {
                self.replications += later.replications;
                $(self.$name.merge(later.$name);)*
            }

            fn fits(&self, system: &System) -> bool {
                $(self.$name.fits(system))&&*
            }
        }
    };
}

metrics! {
    /// Ups and downs of every entity.
    up_down: up_down::UpDown,
    /// What journeys serve.
    service: service::ServiceLoss,
    /// Demand above what can be served.
    shortfall: shortfall::Shortfall,
    /// Availability by reporting window.
    window: window::Windows,
    /// The worst window of each size.
    worst_window: worst_window::WorstWindow,
    /// Distributions over replications.
    distribution: distribution::Distribution,
    /// Agreements.
    agreement: agreement::Agreements,
    /// Points in time.
    point: point::Points,
    /// First failures.
    first_failure: first_failure::FirstFailure,
    /// Losses of data.
    data_loss: data_loss::DataLosses,
    /// What is lost at takeovers.
    recovery_point: recovery_point::RecoveryPoints,
    /// Whether recovery objectives are met.
    objective: objective::Objectives,
    /// How long writes wait, and how many reads may be stale.
    bands: bands::Bands,
    /// What failover plans do.
    failover: failover::Failovers,
    /// Whom failovers wait for.
    failover_teams: failover::FailoverTeams,
    /// What is done twice by who does not know of a failover.
    duplicate_work: failover::DuplicateWork,
    /// How busy crews are, and what repairs wait for.
    crews: crews::Crews,
    /// What tests of failover plans find and cost.
    drills: failover::Drills,
    /// What comes of experiments.
    experiment: experiment::Experiments,
    /// What health checks do.
    health_check: health_check::HealthChecks,
    /// What requests meet.
    requests: requests::Requests,
    /// What load tests show.
    load_test: load_test::LoadTests,
    /// What autoscalers do.
    autoscale: autoscale::Autoscaling,
    /// Nodes under autoscalers.
    nodes: nodes::NodePools,
    /// What places that take over traffic need in reserve.
    capacity_buffer: capacity_buffer::CapacityBuffers,
    /// Load and capacity over time.
    capacity_course: capacity_course::CapacityCourse,
    /// What reclaims of spot capacity come to.
    spot: spot::SpotCapacity,
    /// What units cost.
    purchase: purchase::Purchases,
    /// How soon clients of routers are served again.
    routing: routing::Routings,
    /// Causes of downtime.
    cause: cause::Causes,
    /// What methods of variance reduction gain.
    gain: gain::Gain,
    /// The worst replication.
    worst: worst_replication::WorstReplication,
    /// The same apart for each parameter draw.
    by_draw: by_draw::ByDraw,
}

/// What a read-out needs beside the tallies.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The system.
    pub system: &'a System,
    /// Replications counted.
    pub replications: u64,
    /// Which of them depend on one another.
    pub blocks: Blocks,
    /// Confidence of every interval.
    pub confidence: f64,
    /// For each tracked entity, the least variance of a replication's downtime, in ticks squared.
    pub floors: &'a [f64],
    /// The exact answers there are.
    pub exact: &'a Solutions,
    /// For each tracked entity, its unavailability by the control variate, where one is used.
    pub controlled: &'a [Option<Estimate>],
}

impl Reading<'_> {
    /// The replications as independent blocks.
    pub const fn sample(&self) -> Sample {
        self.blocks.sample(self.replications)
    }

    /// A row for one measure of `entity`, with the exact answer beside it.
    pub fn measured(
        &self,
        entity: &str,
        (measure, unit): (&'static str, &'static str),
        estimate: Estimate,
    ) -> Measured {
        let exact = self.exact.get(entity, measure, None);
        Measured {
            entity: entity.to_owned(),
            measure,
            unit: Cow::Borrowed(unit),
            estimate: estimate.into(),
            confidence: self.confidence,
            engine: Engine::Simulation,
            exact: exact.map(|(value, _)| value),
            exact_method: exact.map(|(_, method)| method),
            seen: 0,
            at_h: None,
            quantile: None,
            inputs: None,
        }
    }
}

impl From<Estimate> for Estimated {
    fn from(estimate: Estimate) -> Self {
        let Estimate { value, standard_error, lo, hi } = estimate;
        Self { value, standard_error, lo, hi }
    }
}

/// Time of `outages` within `[from, to)`.
pub(crate) fn overlap(outages: &[Outage], from: Tick, to: Tick) -> Tick {
    let first = outages.partition_point(|outage| outage.end <= from);
    let within = outages[first..].iter().take_while(|outage| outage.start < to);
    let time = within.map(|outage| outage.end.min(to).since(outage.start.max(from)).get());
    Tick::new(time.sum())
}
