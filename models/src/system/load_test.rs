//! Load tests: the demand of a journey rises on purpose, step by step, to see what becomes of throughput and latency.

use ninefold_sim_core::tick::Tick;

use super::spec::SystemSpec;
use crate::units::Hours;

/// A load test.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadTestSpec {
    /// Unique among experiments.
    pub name: String,
    /// The journey.
    pub journey: String,
    /// When each step begins, since the start, ascending, and the requests a second that come in it.
    pub steps: Vec<(Hours, f64)>,
    /// When the last step ends.
    pub ends: Hours,
    /// Share of the requests of a step that is to be answered in a time.
    pub target: Option<(f64, Hours)>,
}

/// A compiled load test.
#[derive(Clone, Debug)]
pub struct LoadTest {
    /// The journey.
    pub journey: u32,
    /// Where steps begin, and the last one ends; ascending.
    pub bounds: Vec<Tick>,
    /// The longest good time to an answer; [`Tick::NEVER`] where none is given.
    pub within: Tick,
}

impl LoadTest {
    /// The step that an instant falls into.
    pub fn step(&self, at: Tick) -> Option<usize> {
        let after = self.bounds.partition_point(|&bound| bound <= at);
        (1..self.bounds.len()).contains(&after).then(|| after - 1)
    }

    /// Steps.
    pub const fn steps(&self) -> usize {
        self.bounds.len() - 1
    }
}

pub(super) fn build(spec: &SystemSpec) -> Vec<LoadTest> {
    let test = |declared: &LoadTestSpec| {
        let journey = spec.journeys.iter().position(|journey| journey.name == declared.journey);
        let bounds = declared.steps.iter().map(|&(at, _)| at).chain([declared.ends]);
        LoadTest {
            journey: journey.expect("bug: a load test of a journey that is none") as u32,
            bounds: bounds.map(|at| Tick::from_hours(at.get())).collect(),
            within: declared.target.map_or(Tick::NEVER, |(_, within)| Tick::from_hours(within.get())),
        }
    };
    spec.queueing.load_tests.iter().map(test).collect()
}
