//! What a load on replicas looks like to an autoscaler.

use super::scaler::Wanted;
use super::{MILLIONTHS, Pod, PodState, Reading};

/// A load and the replicas under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// Demand when the sample was taken, millionths.
    pub demand: u64,
    /// Replicas that were ready then: they share it evenly.
    pub sampled: u32,
    /// Replicas that are ready at the look.
    pub ready: u32,
    /// Replicas that there are at the look, ready or not.
    pub current: u32,
    /// Demand that one replica serves, millionths.
    pub per_replica: u64,
}

impl Load {
    /// Shows it as a metric; the memory of what was there before is used again.
    pub(crate) fn show(&self, wanted: Wanted, into: &mut Reading) {
        let Self { demand, sampled, ready, .. } = *self;
        let units = |millionths: u64| millionths as f64 / MILLIONTHS as f64;
        match wanted {
            Wanted::Total => *into = Reading::Value { value: units(demand), ready },
            Wanted::PerReady if sampled == 0 => *into = Reading::Failed { ready: sampled },
            Wanted::PerReady => {
                *into = Reading::Value { value: units(demand) / f64::from(sampled), ready: sampled };
            }
            Wanted::Utilization => self.show_pods((1, PodState::Unready), into),
            Wanted::EachPod => self.show_pods((MILLIONTHS, PodState::Missing), into),
        }
    }

    /// The pods, in units of so many millionths: those that were ready when the sample was taken share the demand, up to
    /// their capacity; the others have no sample that counts, and look like `other`.
    fn show_pods(&self, (unit, other): (u64, PodState), into: &mut Reading) {
        let (capacity, sampled) = (self.per_replica, u64::from(self.sampled));
        let (each, left) = match sampled {
            0 => (0, 0),
            n => (self.demand / n, self.demand % n),
        };
        let pod = |place: u64| {
            let is_sampled = place < sampled;
            let usage = (each + u64::from(place < left)).min(capacity);
            Pod {
                usage: if is_sampled { usage as f64 / unit as f64 } else { 0.0 },
                request: capacity as f64 / unit as f64,
                state: if is_sampled { PodState::Ready } else { other },
            }
        };
        let pods = (0..u64::from(self.current)).map(pod);
        match into {
            Reading::Pods(kept) => {
                kept.clear();
                kept.extend(pods);
            }
            _ => *into = Reading::Pods(pods.collect()),
        }
    }
}
