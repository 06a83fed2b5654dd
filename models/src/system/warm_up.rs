//! Warm-up: the time at less than full capacity of a unit that begins to serve.

use super::spec::{Clock, Effect, ModeSpec, Repair};
use crate::lifetime::Law;
use crate::units::{HOURS_PER_YEAR, Hours};

/// The name of the mode that is a warm-up; no id of a scenario has such a name.
const NAME: &str = "warm_up";

impl ModeSpec {
    /// The warm-up of a component's units: whenever one is able again, or is started, it serves `capacity` (0..=1) of what
    /// it can for a time drawn from `takes`. One that is struck again meanwhile begins anew.
    pub fn warm_up(takes: Law, capacity: f64) -> Self {
        let never_read = Law::exponential(Hours::new(HOURS_PER_YEAR)).expect("bug: a year is a mean");
        Self {
            name: NAME.to_owned(),
            time_to_failure: never_read,
            repair: Repair::Takes(takes),
            effect: Effect::Degraded { capacity, errors: 0.0 },
            clock: Clock::Struck,
            propagates: Vec::new(),
        }
    }

    /// Whether it is a warm-up.
    pub fn is_warm_up(&self) -> bool {
        self.clock == Clock::Struck && self.name == NAME
    }
}
