//! Small models on the kernel's calendar. Repair crews: units that fail by themselves and wait, first come first served, for one of a few crews.
//!
//! The structure is that of the k-of-n workload: groups in series, each up while at most one of its units is down.

use std::collections::VecDeque;

use ninefold_models::lifetime::Law;
use ninefold_models::units::Hours;
use ninefold_sim_core::calendar::{Calendar, Event};
use ninefold_sim_core::stream::Replication;
use ninefold_sim_core::tick::Tick;

use crate::draws::Draws;

/// A repair ends; before failures of the same instant.
const REPAIRED: u16 = 0;
/// A unit fails.
const FAILED: u16 = 1;

/// A shop of units and crews.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shop {
    /// Groups in series.
    pub groups: u32,
    /// Units of a group.
    pub size: u32,
    /// Crews, at least 1.
    pub crews: u32,
    /// Mean life of a unit.
    pub life: Hours,
    /// Mean time of a repair.
    pub repair: Hours,
    /// Sigma of lognormal repairs; exponential ones if there is none.
    pub sigma: Option<f64>,
    /// Length of a replication.
    pub horizon: Hours,
}

/// The k-of-n workload with one crew for all and exponential repairs.
pub const ONE_CREW: Shop = Shop {
    groups: 10,
    size: 100,
    crews: 1,
    life: Hours::new(8760.0),
    repair: Hours::new(4.0),
    sigma: None,
    horizon: Hours::new(87_600.0),
};

/// The k-of-n workload: as many crews as units.
pub const K_OF_N: Shop = Shop { crews: 1000, sigma: Some(1.0), ..ONE_CREW };

/// What a replication saw.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Seen {
    /// Failures and ends of repairs.
    pub transitions: u64,
    /// Share of the horizon in which a group had more than one unit down.
    pub unavailability: f64,
}

/// The state of a shop.
struct Floor {
    free: u32,
    waiting: VecDeque<u32>,
    down: Vec<u32>,
    broken_groups: u32,
    since: Tick,
    downtime: i64,
}

impl Floor {
    fn fails(&mut self, group: u32, now: Tick) {
        let down = &mut self.down[group as usize];
        *down += 1;
        if *down == 2 {
            if self.broken_groups == 0 {
                self.since = now;
            }
            self.broken_groups += 1;
        }
    }

    fn mended(&mut self, group: u32, now: Tick) {
        let down = &mut self.down[group as usize];
        *down -= 1;
        if *down == 1 {
            self.broken_groups -= 1;
            if self.broken_groups == 0 {
                self.downtime += now.since(self.since).get();
            }
        }
    }
}

/// One replication of `shop`, all units new at its start.
pub fn replicate<C: Calendar>(shop: Shop, calendar: &mut C, replication: Replication) -> Seen {
    let law = |mean, sigma| match sigma {
        None => Law::exponential(mean).expect("bug: a good law"),
        Some(sigma) => Law::lognormal_mean_sigma(mean, sigma).expect("bug: a good law"),
    };
    let mut life = Draws::new(law(shop.life, None), "life", replication);
    let mut repair = Draws::new(law(shop.repair, shop.sigma), "repair", replication);
    let end = Tick::from_hours(shop.horizon.get());
    let mut floor = Floor {
        free: shop.crews,
        waiting: VecDeque::new(),
        down: vec![0; shop.groups as usize],
        broken_groups: 0,
        since: Tick::ZERO,
        downtime: 0,
    };
    calendar.clear();
    for unit in 0..shop.groups * shop.size {
        calendar.push(Event::new(life.tick(), FAILED, unit));
    }
    let mut transitions = 0;
    while let Some(event) = calendar.pop() {
        let (now, unit) = (event.time, event.entity());
        if now > end {
            break;
        }
        transitions += 1;
        if event.kind() == FAILED {
            floor.fails(unit / shop.size, now);
            if floor.free > 0 {
                floor.free -= 1;
                calendar.push(Event::new(now.after(repair.tick()), REPAIRED, unit));
            } else {
                floor.waiting.push_back(unit);
            }
        } else {
            floor.mended(unit / shop.size, now);
            calendar.push(Event::new(now.after(life.tick()), FAILED, unit));
            match floor.waiting.pop_front() {
                Some(next) => calendar.push(Event::new(now.after(repair.tick()), REPAIRED, next)),
                None => floor.free += 1,
            }
        }
    }
    if floor.broken_groups > 0 {
        floor.downtime += end.since(floor.since).get();
    }
    Seen { transitions, unavailability: Tick::new(floor.downtime).hours() / shop.horizon.get() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::closed_form::{at_most_one_down_a_group, machine_repair};
    use ninefold_sim_core::calendar::HeapCalendar;

    #[test]
    fn with_a_crew_for_each_repairs_of_any_law_are_independent() {
        let ratio = K_OF_N.repair.get() / K_OF_N.life.get();
        let down = ratio / (1.0 + ratio);
        let group = libm::pow(1.0 - down, 99.0) * (1.0 - down + 100.0 * down);
        let exact = 1.0 - libm::pow(group, 10.0);
        let mut calendar = HeapCalendar::default();
        let found: Vec<f64> =
            (0..100).map(|i| replicate(K_OF_N, &mut calendar, Replication::new(2, i)).unavailability).collect();
        let mean = found.iter().sum::<f64>() / 100.0;
        let variance = found.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 99.0;
        let error = (variance / 100.0).sqrt();
        assert!((mean - exact).abs() < 4.0 * error && error < 0.01 * exact, "{mean} ± {error}, exact {exact}");
    }

    #[test]
    fn unavailability_is_that_of_the_chain() {
        for crews in [1, 2] {
            let shop = Shop { crews, ..ONE_CREW };
            let ratio = shop.repair.get() / shop.life.get();
            let exact = 1.0 - at_most_one_down_a_group(10, 100, &machine_repair(1000, crews, ratio));
            let mut calendar = HeapCalendar::default();
            let found: Vec<f64> =
                (0..40).map(|i| replicate(shop, &mut calendar, Replication::new(2, i)).unavailability).collect();
            let mean = found.iter().sum::<f64>() / 40.0;
            let variance = found.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 39.0;
            let error = (variance / 40.0).sqrt();
            assert!((mean - exact).abs() < 4.0 * error && error < 0.03 * exact, "{mean} ± {error}, exact {exact}");
        }
    }
}
