//! Caches of a station: since when each unit fills its own.

use ninefold_sim_core::tick::Tick;

use super::queue::Queue;
use crate::system::CacheSpec;
use crate::units::Hours;

/// For each unit since when it serves; `None` is warm.
#[derive(Debug, Default)]
pub(super) struct Filling {
    since: Vec<Option<Tick>>,
}

impl Filling {
    pub(super) fn new(units: usize) -> Self {
        Self { since: vec![None; units] }
    }

    /// Everybody is warm.
    pub(super) fn clear(&mut self) {
        self.since.fill(None);
    }

    /// A unit begins to serve, with nothing.
    pub(super) fn begins(&mut self, unit: usize, now: Tick) {
        if let Some(since) = self.since.get_mut(unit) {
            *since = Some(now);
        }
    }

    /// The share of requests that is answered: the mean over the units that serve, or that of the queue's one unit.
    pub(super) fn hit_ratio(&self, of: &CacheSpec, (queues, queue): (&[Queue], usize), now: Tick) -> f64 {
        let of_unit = |unit: usize| match self.since[unit] {
            None => of.hits,
            Some(since) => of.hit_ratio(Hours::new(now.since(since).hours())),
        };
        if queues.len() > 1 {
            return of_unit(queue);
        }
        let serves = |unit: &usize| queues[0].servers.is_serving(*unit);
        let (sum, units) = (0..self.since.len())
            .filter(serves)
            .fold((0.0, 0_u32), |(sum, units), unit| (sum + of_unit(unit), units + 1));
        if units == 0 { 0.0 } else { sum / f64::from(units) }
    }
}
