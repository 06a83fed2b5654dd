//! What was not served within a span of a replication.

use ninefold_sim_core::tick::Tick;

use super::{Share, Trace};
use crate::system::System;

impl Trace {
    /// What a journey did not serve within a span: the share, from when to when.
    pub(crate) fn unserved(
        &self,
        journey: usize,
        (from, to): (Tick, Tick),
    ) -> impl Iterator<Item = (Share, Tick, Tick)> + '_ {
        let losses = &self.losses[journey];
        let first = losses.partition_point(|loss| loss.end <= from);
        let within = losses[first..].iter().take_while(move |loss| loss.start < to);
        within.map(move |loss| (loss.unserved, loss.start.max(from), loss.end.min(to)))
    }

    /// Requests of all journeys that were not served within a span; `None` if no journey has a demand.
    pub(crate) fn users_hurt(&self, system: &System, span: (Tick, Tick)) -> Option<f64> {
        let mut hurt = None;
        for (number, journey) in system.journeys.iter().enumerate() {
            let Some(per_second) = journey.demand else { continue };
            let offered = self.offered(system, number);
            let lost = self.unserved(number, span).map(|(unserved, from, to)| {
                let within = Tick::new((unserved.of_span(offered.within(from, to)) >> 32) as i64);
                within.hours() * 3600.0 * per_second
            });
            *hurt.get_or_insert(0.0) += lost.sum::<f64>();
        }
        hurt
    }

    /// Time within a span in which a user was not served, in the mean over users; a journey without a demand weighs 1.
    pub(crate) fn lost_to_a_user(&self, system: &System, span: (Tick, Tick)) -> Tick {
        let (mut lost, mut all) = (0.0, 0.0);
        for (number, journey) in system.journeys.iter().enumerate() {
            let weight = journey.demand.unwrap_or(1.0);
            let ticks = self.unserved(number, span).map(|(unserved, from, to)| unserved.of_span(to.since(from)) >> 32);
            lost += weight * ticks.sum::<u128>() as f64;
            all += weight;
        }
        if all > 0.0 { Tick::new(libm::round(lost / all) as i64) } else { Tick::ZERO }
    }
}
