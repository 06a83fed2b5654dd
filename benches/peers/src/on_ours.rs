//! The workloads on this engine, one small function for each of its ways.

use ninefold_benches::crews::{self, Shop};
use ninefold_benches::mmc::{self, Queue};
use ninefold_benches::{k_of_n, mmc_lanes};
use ninefold_models::replication::World;
use ninefold_models::system::System;
use ninefold_sim_core::calendar::{AutoCalendar, Calendar, Event};
use ninefold_sim_core::stream::Replication;
use ninefold_sim_core::tick::Tick;

use crate::workload::{Answer, HORIZON_HOURS, LIFE_HOURS, LOAD, REPAIR_HOURS, UNITS, Watch, replicated};

/// Transitions that a replication of k-of-n has on average: two a cycle of life and repair. The timeline does not
/// count what nobody sees.
const TRANSITIONS: f64 = 2.0 * UNITS as f64 * HORIZON_HOURS / (LIFE_HOURS + REPAIR_HOURS);

/// A calendar that holds `pending` events; each call of the closure holds so many times.
pub fn hold(pending: u32, mut calendar: impl Calendar) -> impl FnMut(u64) -> f64 {
    let mut watch = Watch::new();
    (0..pending).for_each(|entity| calendar.push(Event::new(Tick::new(watch.first()), 0, entity)));
    move |times| {
        watch.left = times;
        for _ in 0..times {
            let event = calendar.pop().expect("bug: never empty");
            let later = Tick::new(watch.popped(event.time.get()));
            calendar.push(Event::new(event.time.after(later), 0, event.entity()));
        }
        watch.digest()
    }
}

/// The queue by events.
pub fn queue(servers: u32, customers: u64, seed: u64) -> Answer {
    let queue = Queue { servers, load: LOAD };
    let value = mmc::mean_wait(queue, &mut AutoCalendar::default(), Replication::new(seed, 0), customers);
    Answer { units: customers as f64, value }
}

/// The queue in lanes, without events.
pub fn queue_in_lanes(servers: u32, customers: u64, seed: u64) -> Answer {
    let a_lane = (customers / mmc_lanes::LANES as u64 / 32 * 32) as u32;
    let waits = mmc_lanes::mean_waits(Queue { servers, load: LOAD }, Replication::new(seed, 0), a_lane);
    let lanes = waits.len() as f64;
    Answer { units: f64::from(a_lane) * lanes, value: waits.iter().sum::<f64>() / lanes }
}

/// Replications of k-of-n by events.
pub fn k_of_n_by_events() -> impl FnMut(u64, u64) -> Answer {
    in_worlds(System::build(k_of_n()).expect("bug: a good system").by_events())
}

/// Replications of k-of-n as the engine itself runs it: on timelines.
pub fn k_of_n_by_timeline() -> impl FnMut(u64, u64) -> Answer {
    in_worlds(System::build(k_of_n()).expect("bug: a good system"))
}

fn in_worlds(system: System) -> impl FnMut(u64, u64) -> Answer {
    move |replications, seed| {
        let mut world = World::new(&system);
        let mut down = Tick::ZERO;
        for index in 0..replications {
            let trace = world.run(seed, index).expect("bug: it runs");
            down = trace.outages[0].iter().fold(down, |sum, outage| sum.after(outage.end.since(outage.start)));
        }
        let runs = replications as f64;
        Answer { units: TRANSITIONS * runs, value: down.hours() / (HORIZON_HOURS * runs) }
    }
}

/// Replications of a small model on the kernel's calendar.
pub fn small_model(shop: Shop, replications: u64, seed: u64) -> Answer {
    let mut calendar = AutoCalendar::default();
    replicated(replications, seed, |seed| {
        let seen = crews::replicate(shop, &mut calendar, Replication::new(seed, 0));
        Answer { units: seen.transitions as f64, value: seen.unavailability }
    })
}
