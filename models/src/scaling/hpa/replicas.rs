//! The replica calculator: from one metric to a number of replicas.

use super::super::{Alike, PodState, Reading, replicas_for};

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
            (Self::Utilization(_) | Self::EachPod(_), Reading::Pods(pods)) => {
                let each =
                    pods.iter().map(|pod| (Alike { count: 1, usage: pod.usage, request: pod.request }, pod.state));
                self.by_pods(&self.sums(each), tolerance, current)
            }
            (Self::Utilization(_) | Self::EachPod(_), &Reading::Shared { ready, others, state }) => {
                let both = [(ready, PodState::Ready), (others, state)].into_iter();
                self.by_pods(&self.sums(both), tolerance, current)
            }
            (Self::Value(target), &Reading::Value { value, ready }) => {
                let ratio = value / target;
                let asked = match current {
                    0 => replicas_for(ratio),
                    _ => replicas_for(ratio * f64::from(ready)),
                };
                let tolerated = current > 0 && tolerance.holds(ratio);
                Some(Advice { replicas: if tolerated { current } else { asked }, metric: value, tolerated })
            }
            (Self::PerReplica(target), &Reading::Value { value, .. }) => {
                let tolerated = tolerance.holds(value / (target * f64::from(current)));
                let asked = if tolerated { current } else { replicas_for(value / target) };
                Some(Advice { replicas: asked, metric: value / f64::from(current.max(1)), tolerated })
            }
            _ => None,
        }
    }

    fn by_pods(self, sums: &Sums, tolerance: Tolerance, current: u32) -> Option<Advice> {
        let (metric, ratio) = self.ratio(sums.ready)?;
        let stay = Advice { replicas: current, metric, tolerated: true };
        let up_with_ignored = sums.ignored.count > 0 && ratio > 1.0;
        if sums.missing.count == 0 && !up_with_ignored {
            if tolerance.holds(ratio) {
                return Some(stay);
            }
            let asked = replicas_for(ratio * f64::from(sums.ready.count));
            return Some(Advice { replicas: asked, metric, tolerated: false });
        }
        let mut filled = sums.ready;
        if ratio < 1.0 {
            filled.add(Alike { usage: self.presumed(sums.missing), ..sums.missing });
        } else if ratio > 1.0 {
            filled.add(Alike { usage: 0.0, ..sums.missing });
        }
        if up_with_ignored {
            filled.add(Alike { usage: 0.0, ..sums.ignored });
        }
        let (_, refilled) = self.ratio(filled)?;
        let reversed = ratio < 1.0 && refilled > 1.0 || ratio > 1.0 && refilled < 1.0;
        if tolerance.holds(refilled) || reversed {
            return Some(stay);
        }
        let asked = replicas_for(refilled * f64::from(filled.count));
        let against = refilled < 1.0 && asked > current || refilled > 1.0 && asked < current;
        Some(if against { stay } else { Advice { replicas: asked, metric, tolerated: false } })
    }

    /// The pods by what they count for.
    fn sums(self, pods: impl Iterator<Item = (Alike, PodState)>) -> Sums {
        let mut sums = Sums::default();
        // Whether a pod is ready is asked for utilisation alone: what a pod reports of itself counts.
        let is_of_pods = matches!(self, Self::Utilization(_));
        for (pods, state) in pods {
            match state {
                PodState::Ready => sums.ready.add(pods),
                PodState::Unready if !is_of_pods => sums.ready.add(pods),
                PodState::Unready | PodState::Pending => sums.ignored.add(pods),
                PodState::Missing => sums.missing.add(pods),
                PodState::Failed | PodState::Deleted => {}
            }
        }
        sums
    }

    /// Metric and its ratio to the target; `None` without a sample or a request.
    fn ratio(self, pods: Alike) -> Option<(f64, f64)> {
        match self {
            Self::Utilization(target) => {
                // A whole percent: what is behind the point is dropped before the ratio.
                let percent = (pods.request > 0.0).then(|| (100.0 * pods.usage / pods.request) as u64 as f64)?;
                Some((percent, percent / f64::from(target)))
            }
            Self::EachPod(target) | Self::Value(target) | Self::PerReplica(target) => {
                let mean = (pods.count > 0).then(|| pods.usage / f64::from(pods.count))?;
                Some((mean, mean / target))
            }
        }
    }

    /// What pods without a sample are taken to use where there would be fewer pods.
    fn presumed(self, pods: Alike) -> f64 {
        match self {
            Self::Utilization(target) => pods.request * f64::from(target.max(100)) / 100.0,
            Self::EachPod(target) | Self::Value(target) | Self::PerReplica(target) => target * f64::from(pods.count),
        }
    }
}

/// Pods by what they count for.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    ready: Alike,
    missing: Alike,
    ignored: Alike,
}
