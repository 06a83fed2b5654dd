//! Circuit breakers of calls: how long they are open, and what they spare.

use serde::{Deserialize, Serialize};

use super::MICRO;
use super::ratio::Ratio;
use super::rows::Rows;
use crate::metric::Reading;
use crate::requests::BreakerTally;
use crate::results::Measured;
use crate::system::{Call, StationOwner, System};

/// One circuit breaker over replications.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(super) struct Breaker {
    rejected: Ratio,
    saved: Ratio,
    openings: Ratio,
    open: Ratio,
    half_open: Ratio,
}

impl Breaker {
    pub(super) fn push(&mut self, block: u64, of: &BreakerTally, simulated: i64) {
        self.rejected.push(block, of.rejected, of.calls);
        let over_time = [&mut self.saved, &mut self.openings, &mut self.open, &mut self.half_open];
        let values = [of.rejected, of.openings, of.open, of.half_open];
        over_time.into_iter().zip(values).for_each(|(ratio, value)| ratio.push(block, value, simulated));
    }

    pub(super) fn merge(&mut self, later: &Self) {
        self.rejected.merge(&later.rejected);
        self.saved.merge(&later.saved);
        self.openings.merge(&later.openings);
        self.open.merge(&later.open);
        self.half_open.merge(&later.half_open);
    }

    pub(super) fn measures(&self, entity: &str, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let mut rows = Rows { entity, reading, into };
        rows.mean(("open_minutes", "min"), &self.open.total, 60.0 * MICRO);
        rows.over_time(("openings", "1/h"), &self.openings, 1.0 / 3600.0);
        rows.over_time(("open_ratio", "1"), &self.open, MICRO);
        rows.over_time(("half_open_ratio", "1"), &self.half_open, MICRO);
        rows.ratio(("fast_fail_ratio", "1"), &self.rejected, super::SHARE);
        rows.over_time(("calls_saved", "1/s"), &self.saved, 1.0);
    }
}

/// The edges of which something holds, such as a circuit breaker, `dependencies.FROM/TO`, by station and call.
pub(super) fn edges(system: &System, holds: fn(&Call) -> bool) -> impl Iterator<Item = String> + '_ {
    let stations = &system.requests.stations;
    // Only components make calls along edges, and only those have a breaker or a cache.
    let name = |owner: StationOwner| match owner {
        StationOwner::Component(component, _) => system.spec.components[component as usize].name.as_str(),
        StationOwner::Users(_) | StationOwner::Branches => "",
    };
    stations.iter().flat_map(move |station| {
        let broken = station.calls.iter().filter(move |call| holds(call));
        broken
            .map(move |call| format!("dependencies.{}/{}", name(station.owner), name(stations[call.to as usize].owner)))
    })
}
