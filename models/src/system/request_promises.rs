//! What is agreed of single requests, where they are simulated one by one.

use ninefold_sim_core::tick::Tick;

use super::spec::{Indicator, SystemSpec};

/// An agreement on requests.
#[derive(Clone, Debug)]
pub struct RequestPromise {
    /// The agreement, in written order.
    pub agreement: u32,
    /// The journey whose requests it speaks of.
    pub journey: u32,
    /// Longest good time to an answer; [`Tick::NEVER`] is no limit.
    pub within: Tick,
    /// The instants at which its windows begin or end, ascending; requests are counted by what lies between two.
    pub bounds: Vec<Tick>,
}

impl RequestPromise {
    /// The stretch between two bounds that an instant falls into.
    pub fn stretch(&self, at: Tick) -> Option<usize> {
        let after = self.bounds.partition_point(|&bound| bound <= at);
        (1..self.bounds.len()).contains(&after).then(|| after - 1)
    }
}

pub(super) fn build(spec: &SystemSpec) -> Vec<RequestPromise> {
    let mut all = Vec::new();
    for (number, agreement) in (0..).zip(&spec.agreements) {
        let Indicator::Answered(within) = agreement.indicator else { continue };
        let journey = spec.journeys.iter().position(|journey| journey.name == agreement.journey);
        let ends = agreement.windows.iter().flat_map(|window| [window.start, window.end]);
        let mut bounds: Vec<Tick> = ends.map(|at| Tick::from_hours(at.get())).collect();
        bounds.sort_unstable();
        bounds.dedup();
        all.push(RequestPromise {
            agreement: number,
            journey: journey.expect("bug: an agreement on a journey that is none") as u32,
            within: within.map_or(Tick::NEVER, |within| Tick::from_hours(within.get())),
            bounds,
        });
    }
    all
}
