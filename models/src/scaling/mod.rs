//! Autoscalers and their kin as pure state machines: what each can see is given as plain data, what it decides is
//! returned with its reason. The same code decides in a replay and in a replication.
//!
//! Time is in whole nanoseconds, replicas and demand in whole numbers (demand in millionths), so that a decision is the
//! same on every machine.

pub mod aws_step;
pub mod aws_target_tracking;
pub mod circuit_breaker;
pub mod closed_loop;
mod cooldown;
mod decision;
mod demand;
pub mod hourly_forecast;
pub mod hpa;
pub mod karpenter_budget;
pub mod keda;
mod load;
pub mod predictive;
pub mod replay;
mod scaler;
mod seen;
pub mod spot;

pub use ninefold_sim_core::tick::Tick;

pub use cooldown::Cooldown;
pub use decision::{Decision, Limit};
pub use demand::{Demand, MILLIONTHS, NotADemand};
pub use load::Load;
pub use scaler::Scaler;
pub(crate) use scaler::Wanted;
pub use seen::{Alike, Pod, PodState, Reading, Seen};

/// Most replicas that an autoscaler may ask for.
pub const REPLICAS_MAX: u32 = 1_000_000;

/// A number of replicas from a float, `0..=`[`REPLICAS_MAX`]; NaN is 0.
fn replicas(value: f64) -> u32 {
    value.clamp(0.0, f64::from(REPLICAS_MAX)) as u32
}

/// The least number of replicas that is not below a float, `0..=`[`REPLICAS_MAX`]; NaN is 0. Without `ceil`, which is a call
/// on processors that need not have it.
fn replicas_for(value: f64) -> u32 {
    let below = replicas(value);
    below + u32::from(below < REPLICAS_MAX && f64::from(below) < value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replicas_for_a_float_are_its_ceiling_within_the_limits() {
        for (value, least) in [(0.0, 0), (0.1, 1), (1.0, 1), (1.0 + f64::EPSILON, 2), (-3.5, 0), (f64::NAN, 0)] {
            assert_eq!(replicas_for(value), least, "{value}");
        }
        assert_eq!(replicas_for(f64::INFINITY), REPLICAS_MAX);
        assert_eq!(replicas_for(f64::from(REPLICAS_MAX) - 0.5), REPLICAS_MAX);
    }
}
