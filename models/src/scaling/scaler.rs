//! Any autoscaler.

use super::aws_step::StepScaling;
use super::aws_target_tracking::TargetTracking;
use super::hpa::{Hpa, Target};
use super::keda::Keda;
use super::predictive::Predictive;
use super::{Decision, Seen};

/// An autoscaler with its memory.
#[derive(Clone, Debug)]
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
    pub(super) fn wants(&self) -> Vec<Wanted> {
        match self {
            Self::Hpa(hpa) => hpa.spec().targets.iter().map(Wanted::of).collect(),
            Self::Keda(keda) => keda.hpa().spec().targets.iter().map(Wanted::of).collect(),
            Self::Steps(_) | Self::TargetTracking(_) => vec![Wanted::PerReady],
            Self::Predictive(_) => vec![Wanted::Total],
        }
    }
}
