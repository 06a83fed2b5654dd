//! When a comparison stops.

use ninefold_sim_core::{interval, repeated_look};

use super::paired::{Paired, Tally};
use crate::assess::AssessError;
use crate::metric::up_down::MINUTES_PER_YEAR;
use crate::plan::{Goal, HalfWidth, Plan, Stopping};
use crate::results::{Reached, SteeringRule};
use crate::system::System;

/// Replications that differ before anything is decided from them.
pub const DIFFERENT_AT_LEAST: u64 = 30;

/// What is to be known of the journeys' paired differences before a comparison stops.
#[derive(Clone, Copy)]
pub(super) struct Aim {
    pub(super) rule: SteeringRule,
    pub(super) asked: f64,
    /// What a share of time down is multiplied by.
    scale: f64,
}

impl Aim {
    pub(super) fn of(plan: &Plan) -> Result<Option<Self>, AssessError> {
        let Stopping::Until { goal, .. } = &plan.stopping else { return Ok(None) };
        let absolute = |at_most: HalfWidth, scale| {
            let rule = SteeringRule::AbsoluteHalfWidth { unit: at_most.unit() };
            Ok(Some(Self { rule, asked: at_most.value(), scale }))
        };
        match goal {
            Goal::RelativeHalfWidth { at_most, .. } => {
                Ok(Some(Self { rule: SteeringRule::RelativeHalfWidth, asked: *at_most, scale: 1.0 }))
            }
            Goal::AbsoluteHalfWidth { at_most: at_most @ HalfWidth::Ratio(_), .. } => absolute(*at_most, 1.0),
            Goal::AbsoluteHalfWidth { at_most: at_most @ HalfWidth::MinutesPerYear(_), .. } => {
                absolute(*at_most, MINUTES_PER_YEAR)
            }
            Goal::AbsoluteHalfWidth { .. } => Err(AssessError::NotCompared("a half-width in that unit")),
            Goal::Decision { agreement: Some(_), .. } | Goal::Breach { .. } => {
                Err(AssessError::NotCompared("the verdict on an agreement"))
            }
            Goal::Decision { agreement: None, confidence } => {
                Ok(Some(Self { rule: SteeringRule::Decision, asked: 1.0 - confidence, scale: 1.0 }))
            }
        }
    }

    /// How far it is with what is known least, at the look `look`; 0 where the two do not differ at all.
    pub(super) fn reached(self, tallies: &[Tally], (system, n, plan): (&System, u64, &Plan), look: u64) -> Reached {
        let unit = system.measured().get() as f64;
        let one = |tally: &Tally| {
            let delta = interval::signed_mean(&tally.down.delta, n, unit, plan.confidence);
            let seen = tally.down.a.sum() > 0;
            match self.rule {
                SteeringRule::Decision => doubt(&tally.down, n, look),
                _ if seen && delta.value == 0.0 && delta.standard_error == 0.0 => 0.0,
                SteeringRule::RelativeHalfWidth => delta.relative_half_width(),
                SteeringRule::AbsoluteHalfWidth { .. } if !seen && tally.down.b.sum() == 0 => f64::INFINITY,
                SteeringRule::AbsoluteHalfWidth { .. } => delta.half_width() * self.scale,
            }
        };
        Reached { rule: self.rule, asked: self.asked, reached: tallies.iter().map(one).fold(0.0, f64::max) }
    }
}

/// The probability with which a verdict on the mean downtime may be wrong; 0 for what cannot be doubted, which is where
/// the two are alike.
pub(super) fn doubt(down: &Paired, n: u64, look: u64) -> f64 {
    let seen = down.a.sum() > 0 || down.b.sum() > 0;
    match down.less + down.more {
        0 if seen => 0.0,
        differ if differ < DIFFERENT_AT_LEAST => 1.0,
        _ => repeated_look::doubt(&down.delta, n, look),
    }
}
