//! The replica calculator: from one metric to a number of replicas.

use super::super::{Pod, PodState, Reading, replicas};

/// What a metric is held to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// Use ÷ request over all pods, whole percent, > 0.
    Utilization(u32),
    /// Mean of the values that pods report, > 0.
    EachPod(f64),
    /// One value, > 0; the ready pods are multiplied by its ratio.
    Value(f64),
    /// One value ÷ replicas, > 0.
    PerReplica(f64),
}

/// How far a ratio may be from 1 without a change, ≥ 0; both bounds are inclusive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// Above 1.
    pub up: f64,
    /// Below 1.
    pub down: f64,
}

impl Default for Tolerance {
    fn default() -> Self {
        Self { up: 0.1, down: 0.1 }
    }
}

impl Tolerance {
    fn holds(self, ratio: f64) -> bool {
        (1.0 - self.down..=1.0 + self.up).contains(&ratio)
    }
}

/// What one metric asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Advice {
    pub(super) replicas: u32,
    /// In the unit of the target.
    pub(super) metric: f64,
    pub(super) tolerated: bool,
}

impl Target {
    /// What a reading asks for; `None` where it says nothing: it failed, no pod has a sample, or it is of another kind.
    pub(super) fn advise(self, reading: &Reading, tolerance: Tolerance, current: u32) -> Option<Advice> {
        match (self, reading) {
            (Self::Utilization(_) | Self::EachPod(_), Reading::Pods(pods)) => self.by_pods(pods, tolerance, current),
            (Self::Value(target), &Reading::Value { value, ready }) => {
                let ratio = value / target;
                let asked = match current {
                    0 => replicas(ratio.ceil()),
                    _ => replicas((ratio * f64::from(ready)).ceil()),
                };
                let tolerated = current > 0 && tolerance.holds(ratio);
                Some(Advice { replicas: if tolerated { current } else { asked }, metric: value, tolerated })
            }
            (Self::PerReplica(target), &Reading::Value { value, .. }) => {
                let tolerated = tolerance.holds(value / (target * f64::from(current)));
                let asked = if tolerated { current } else { replicas((value / target).ceil()) };
                Some(Advice { replicas: asked, metric: value / f64::from(current.max(1)), tolerated })
            }
            _ => None,
        }
    }

    fn by_pods(self, pods: &[Pod], tolerance: Tolerance, current: u32) -> Option<Advice> {
        let in_state = |wanted: &'static [PodState]| pods.iter().filter(move |pod| wanted.contains(&pod.state));
        // Whether a pod is ready is asked for utilisation alone: what a pod reports of itself counts.
        let (counted, left): (&[PodState], &[PodState]) = match self {
            Self::Utilization(_) => (&[PodState::Ready], &[PodState::Unready, PodState::Pending]),
            _ => (&[PodState::Ready, PodState::Unready], &[PodState::Pending]),
        };
        let ready = in_state(counted).copied();
        let (metric, ratio) = self.ratio(ready.clone())?;
        let stay = Advice { replicas: current, metric, tolerated: true };
        let missing = in_state(&[PodState::Missing]);
        let ignored = in_state(left);
        let (any_missing, any_ignored) = (missing.clone().next().is_some(), ignored.clone().next().is_some());
        let up_with_ignored = any_ignored && ratio > 1.0;
        if !any_missing && !up_with_ignored {
            if tolerance.holds(ratio) {
                return Some(stay);
            }
            let asked = replicas((ratio * ready.count() as f64).ceil());
            return Some(Advice { replicas: asked, metric, tolerated: false });
        }
        let filled_in = |pod: &Pod| match ratio {
            low if low < 1.0 => Some(Pod { usage: self.presumed(pod), ..*pod }),
            high if high > 1.0 => Some(Pod { usage: 0.0, ..*pod }),
            _ => None,
        };
        let idle = ignored.filter(|_| up_with_ignored).map(|pod| Pod { usage: 0.0, ..*pod });
        let filled = ready.chain(missing.filter_map(filled_in)).chain(idle);
        let (_, refilled) = self.ratio(filled.clone())?;
        let reversed = ratio < 1.0 && refilled > 1.0 || ratio > 1.0 && refilled < 1.0;
        if tolerance.holds(refilled) || reversed {
            return Some(stay);
        }
        let asked = replicas((refilled * filled.count() as f64).ceil());
        let against = refilled < 1.0 && asked > current || refilled > 1.0 && asked < current;
        Some(if against { stay } else { Advice { replicas: asked, metric, tolerated: false } })
    }

    /// Metric and its ratio to the target; `None` without a sample or a request.
    fn ratio(self, pods: impl Iterator<Item = Pod>) -> Option<(f64, f64)> {
        let (mut count, mut used, mut asked) = (0_u64, 0.0, 0.0);
        for pod in pods {
            count += 1;
            used += pod.usage;
            asked += pod.request;
        }
        match self {
            Self::Utilization(target) => {
                // A whole percent: what is behind the point is dropped before the ratio.
                let percent = (asked > 0.0).then(|| (100.0 * used / asked).floor())?;
                Some((percent, percent / f64::from(target)))
            }
            Self::EachPod(target) | Self::Value(target) | Self::PerReplica(target) => {
                let mean = (count > 0).then(|| used / count as f64)?;
                Some((mean, mean / target))
            }
        }
    }

    /// What a pod without a sample is taken to use where there would be fewer pods.
    fn presumed(self, pod: &Pod) -> f64 {
        match self {
            Self::Utilization(target) => pod.request * f64::from(target.max(100)) / 100.0,
            Self::EachPod(target) | Self::Value(target) | Self::PerReplica(target) => target,
        }
    }
}
