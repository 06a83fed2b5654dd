//! Any autoscaler.

use super::aws_step::StepScaling;
use super::aws_target_tracking::TargetTracking;
use super::hpa::{Hpa, Target};
use super::keda::Keda;
use super::predictive::Predictive;
use super::{Decision, Seen, Tick};

/// An autoscaler with its memory.
#[derive(Clone, Debug, PartialEq)]
pub enum Scaler {
    /// A Horizontal Pod Autoscaler.
    Hpa(Hpa),
    /// KEDA around one.
    Keda(Keda),
    /// Step scaling of AWS.
    Steps(StepScaling),
    /// Target tracking of AWS.
    TargetTracking(TargetTracking),
    /// Predictive scaling of AWS.
    Predictive(Predictive),
}

/// What an autoscaler wants to be told of a demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The use of each pod, beside what it can serve.
    Utilization,
    /// What each pod serves.
    EachPod,
    /// The whole demand.
    Total,
    /// Demand ÷ ready replicas.
    PerReady,
}

impl Wanted {
    /// What a target of a Horizontal Pod Autoscaler is held against.
    pub(crate) const fn of(target: &Target) -> Self {
        match target {
            Target::Utilization(_) => Self::Utilization,
            Target::EachPod(_) => Self::EachPod,
            Target::Value(_) | Target::PerReplica(_) => Self::Total,
        }
    }
}

impl Scaler {
    /// Looks and decides.
    pub fn look(&mut self, seen: &Seen<'_>) -> Decision {
        match self {
            Self::Hpa(hpa) => hpa.look(seen),
            Self::Keda(keda) => keda.look(seen),
            Self::Steps(steps) => steps.look(seen),
            Self::TargetTracking(tracking) => tracking.look(seen),
            Self::Predictive(predictive) => predictive.look(seen),
        }
    }

    /// Fewest and most replicas; 0 where it may take all of them away.
    pub const fn limits(&self) -> (u32, u32) {
        match self {
            Self::Hpa(hpa) => (hpa.spec().min, hpa.spec().max),
            Self::Keda(keda) => (if keda.has_zero() { 0 } else { keda.hpa().spec().min }, keda.hpa().spec().max),
            Self::Steps(steps) => (steps.policy().min, steps.policy().max),
            Self::TargetTracking(tracking) => (tracking.policy().min, tracking.policy().max),
            Self::Predictive(predictive) => (predictive.min, predictive.max),
        }
    }

    /// Fewest replicas while there are any.
    pub(crate) const fn least(&self) -> u32 {
        match self {
            Self::Keda(keda) => keda.hpa().spec().min,
            _ => self.limits().0,
        }
    }

    /// From now on at least so many.
    pub(crate) const fn set_least(&mut self, min: u32) {
        match self {
            Self::Hpa(hpa) => hpa.set_min(min),
            Self::Keda(keda) => keda.set_min(min),
            Self::Steps(steps) => steps.set_min(min),
            Self::TargetTracking(tracking) => tracking.set_min(min),
            Self::Predictive(predictive) => predictive.min = min,
        }
    }

    /// As one that has not looked yet, with at least so many.
    pub(crate) fn restart(&mut self, min: u32) {
        match self {
            Self::Hpa(hpa) => hpa.restart(min),
            Self::Keda(keda) => keda.restart(min),
            Self::Steps(steps) => steps.restart(min),
            Self::TargetTracking(tracking) => tracking.restart(min),
            Self::Predictive(predictive) => predictive.min = min,
        }
    }

    /// Until when looks after this decision, made now, come to the same as long as nothing changes that they see; for ever
    /// where it rests.
    pub(crate) fn rests_until(&self, decision: &Decision, now: Tick) -> Tick {
        let rests = match self {
            Self::Hpa(hpa) => return hpa.rests_until(decision, now),
            Self::Keda(keda) => return keda.rests_until(decision, now),
            Self::Steps(steps) => steps.rests(decision),
            Self::TargetTracking(tracking) => tracking.rests(decision),
            Self::Predictive(_) => Predictive::rests(decision),
        };
        if rests { Tick::NEVER } else { now }
    }

    /// Remembers looks that were passed over, since each would have come to this decision; the last was at `last`.
    pub(crate) fn passed_over(&mut self, decision: &Decision, last: Tick) {
        match self {
            Self::Hpa(hpa) => hpa.passed_over(decision, last),
            Self::Keda(keda) => keda.passed_over(decision, last),
            // What they remember ends by itself, or stands still.
            Self::Steps(_) | Self::TargetTracking(_) | Self::Predictive(_) => {}
        }
    }

    /// What the first metric is held to, in its unit (utilisation in percent); none where it has no target.
    pub fn target(&self) -> Option<f64> {
        let targets = match self {
            Self::Hpa(hpa) => &hpa.spec().targets,
            Self::Keda(keda) => &keda.hpa().spec().targets,
            Self::TargetTracking(tracking) => return Some(tracking.policy().target),
            Self::Steps(_) | Self::Predictive(_) => return None,
        };
        match targets.first()? {
            Target::Utilization(percent) => Some(f64::from(*percent)),
            Target::EachPod(value) | Target::Value(value) | Target::PerReplica(value) => Some(*value),
        }
    }

    /// What it wants to be told, a metric each.
    pub(crate) fn wants(&self) -> Vec<Wanted> {
        match self {
            Self::Hpa(hpa) => hpa.spec().targets.iter().map(Wanted::of).collect(),
            Self::Keda(keda) => keda.hpa().spec().targets.iter().map(Wanted::of).collect(),
            Self::Steps(_) | Self::TargetTracking(_) => vec![Wanted::PerReady],
            Self::Predictive(_) => vec![Wanted::Total],
        }
    }
}
