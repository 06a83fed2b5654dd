//! What a load on replicas looks like to an autoscaler.

use super::scaler::Wanted;
use super::{Alike, MILLIONTHS, PodState, Reading};

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
    /// Shows it as a metric.
    pub(crate) fn show(&self, wanted: Wanted) -> Reading {
        let Self { demand, sampled, ready, .. } = *self;
        let units = |millionths: u64| millionths as f64 / MILLIONTHS as f64;
        match wanted {
            Wanted::Total => Reading::Value { value: units(demand), ready },
            Wanted::PerReady if sampled == 0 => Reading::Failed { ready: sampled },
            Wanted::PerReady => Reading::Value { value: units(demand) / f64::from(sampled), ready: sampled },
            Wanted::Utilization => self.show_pods((1, PodState::Unready)),
            Wanted::EachPod => self.show_pods((MILLIONTHS, PodState::Missing)),
        }
    }

    /// The pods, in units of so many millionths: those that were ready when the sample was taken share the demand, up to
    /// their capacity; the others have no sample that counts, and look like `state`.
    fn show_pods(&self, (unit, state): (u64, PodState)) -> Reading {
        let of = |count: u32, usage: u64| {
            let request = u64::from(count).saturating_mul(self.per_replica);
            Alike { count, usage: usage as f64 / unit as f64, request: request as f64 / unit as f64 }
        };
        let sampled = self.sampled.min(self.current);
        let most = u64::from(sampled).saturating_mul(self.per_replica);
        let (ready, others) = (of(sampled, self.demand.min(most)), of(self.current - sampled, 0));
        Reading::Shared { ready, others, state }
    }
}
