//! What a replay shows: text for a terminal, an object for programs, and what it is drawn from.

mod object;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
mod text;

use ninefold_models::about::Assumption;
use ninefold_models::scaling::closed_loop::Replay;
use ninefold_models::scaling::replay::{Outcome, Task};
use ninefold_models::scaling::{MILLIONTHS, Tick};

pub use object::object;
pub use text::text;

/// A replay and what it is of.
#[derive(Clone, Copy, Debug)]
pub struct ReplayShown<'a> {
    /// The scenario's name.
    pub scenario: &'a str,
    /// The component whose policy it is.
    pub component: &'a str,
    /// What was assumed.
    pub assumptions: &'a [Assumption],
    /// What was replayed.
    pub task: &'a Task,
    /// What came of it.
    pub outcome: &'a Outcome,
}

/// The replay of an autoscaler.
#[derive(Clone, Copy, Debug)]
pub struct ScalingReplay<'a> {
    /// The component.
    pub component: &'a str,
    /// Looks and sums.
    pub replay: &'a Replay,
    /// Time between looks.
    pub interval: Tick,
    /// From the first look to the end.
    pub length: Tick,
    /// Demand that a replica serves, millionths; 1 where no demand was shown.
    pub per_replica: u64,
    /// Whether it was against a demand.
    pub is_closed: bool,
}

impl<'a> ReplayShown<'a> {
    /// The replay of an autoscaler, if it is one.
    pub fn scaling(&self) -> Option<ScalingReplay<'a>> {
        let Outcome::Scaling(replay) = self.outcome else { return None };
        let (interval, length, per_replica) = match self.task {
            Task::Demand(_, _, around) => (around.interval, around.length, around.per_replica),
            Task::Seen(_, looks) => (looks.interval, over(looks.interval, replay), 1),
            Task::Advice(_, looks) => (looks.interval, over(looks.interval, replay), 1),
            _ => return None,
        };
        let is_closed = matches!(self.task, Task::Demand(..));
        Some(ScalingReplay { component: self.component, replay, interval, length, per_replica, is_closed })
    }
}

/// The time of all looks.
fn over(interval: Tick, replay: &Replay) -> Tick {
    Tick::new(interval.get().saturating_mul(replay.looks.len() as i64))
}

const HOUR_NS: f64 = 3.6e12;

impl ScalingReplay<'_> {
    /// Time in which ready replicas could not serve the demand, h.
    pub fn short_hours(&self) -> f64 {
        self.replay.sums.short_time as f64 / HOUR_NS
    }

    /// Replicas × time, h.
    pub fn pod_hours(&self) -> f64 {
        self.replay.sums.pod_time as f64 / HOUR_NS
    }

    /// The same of the fewest replicas that serve the demand at every instant, h.
    pub fn least_pod_hours(&self) -> f64 {
        self.replay.sums.least_pod_time as f64 / HOUR_NS
    }

    /// Requests that could not be served.
    pub fn unserved(&self) -> f64 {
        self.replay.sums.unserved as f64 / (MILLIONTHS as f64 * 1e9)
    }

    /// Changes of direction an hour.
    pub fn thrash(&self) -> f64 {
        self.replay.sums.turns as f64 / (self.length.get() as f64 / HOUR_NS)
    }
}
