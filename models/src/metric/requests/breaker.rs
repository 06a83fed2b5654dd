//! Circuit breakers of calls: how long they are open, and what they spare.

use ninefold_sim_core::moments::Moments;
use serde::{Deserialize, Serialize};

use super::MICRO;
use super::ratio::Ratio;
use super::rows::Rows;
use crate::metric::Reading;
use crate::requests::BreakerTally;
use crate::results::Measured;
use crate::system::{StationOwner, System};

/// One circuit breaker over replications.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Breaker {
    rejected: Ratio,
    saved: Moments,
    openings: Moments,
    open: Moments,
}

impl Breaker {
    pub(super) fn push(&mut self, block: u64, of: &BreakerTally) {
        self.rejected.push(block, of.rejected, of.calls);
        self.saved.push_within(block, of.rejected);
        self.openings.push_within(block, of.openings);
        self.open.push_within(block, of.open);
    }

    pub(super) fn merge(&mut self, later: &Self) {
        self.rejected.merge(&later.rejected);
        self.saved.merge(&later.saved);
        self.openings.merge(&later.openings);
        self.open.merge(&later.open);
    }

    pub(super) fn measures(&self, entity: &str, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let hours = reading.system.measured().hours();
        let mut rows = Rows { entity, reading, into };
        rows.mean(("open_minutes", "min"), &self.open, 60.0 * MICRO);
        rows.mean(("openings", "1/h"), &self.openings, hours);
        rows.ratio(("fast_fail_ratio", "1"), &self.rejected, super::SHARE);
        rows.mean(("calls_saved", "1/s"), &self.saved, hours * 3600.0);
    }
}

/// The edges with a circuit breaker, `dependencies.FROM/TO`, by station and call.
pub(super) fn edges(system: &System) -> impl Iterator<Item = String> + '_ {
    let stations = &system.requests.stations;
    let name = |owner: StationOwner| match owner {
        StationOwner::Component(component, _) => &system.spec.components[component as usize].name,
        StationOwner::Users(journey) => &system.spec.journeys[journey as usize].name,
    };
    stations.iter().flat_map(move |station| {
        let broken = station.calls.iter().filter(|call| call.breaker.is_some());
        broken
            .map(move |call| format!("dependencies.{}/{}", name(station.owner), name(stations[call.to as usize].owner)))
    })
}
