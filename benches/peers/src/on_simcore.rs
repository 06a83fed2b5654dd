//! The workloads on simcore, by callbacks: its faster way, without futures.

use std::cell::RefCell;
use std::rc::Rc;

use serde::Serialize;
use simcore::{Event, EventHandler, Simulation, SimulationContext, cast};

use crate::workload::{Answer, Counter, HORIZON_HOURS, Plant, UNITS, Watch, replicated};

#[derive(Clone, Serialize)]
struct Held {}

struct Holder {
    context: SimulationContext,
    watch: Watch,
}

impl EventHandler for Holder {
    fn on(&mut self, event: Event) {
        // Whole ticks below 2^53 are exact in its floating clock.
        let later = self.watch.popped(event.time as i64);
        self.context.emit_self(Held {}, later as f64);
    }
}

/// A simulation that holds `pending` events; each call of the closure holds so many times.
pub fn hold(pending: u32) -> impl FnMut(u64) -> f64 {
    let mut simulation = Simulation::new(1);
    let context = simulation.create_context("holder");
    let holder = Rc::new(RefCell::new(Holder { context, watch: Watch::new() }));
    simulation.add_handler("holder", holder.clone());
    for _ in 0..pending {
        let mut holder = holder.borrow_mut();
        let later = holder.watch.first();
        holder.context.emit_self(Held {}, later as f64);
    }
    move |times| {
        holder.borrow_mut().watch.left = times;
        simulation.steps(times);
        holder.borrow().watch.digest()
    }
}

#[derive(Clone, Serialize)]
struct Arrival {}

#[derive(Clone, Serialize)]
struct Departure {}

struct Desk {
    context: SimulationContext,
    counter: Counter,
}

impl EventHandler for Desk {
    fn on(&mut self, event: Event) {
        let now = event.time;
        cast!(match event.data {
            Arrival {} => {
                self.context.emit_self(Arrival {}, self.counter.until_next());
                let service = self.counter.arrives(now);
                self.begin(service)
            }
            Departure {} => {
                let service = self.counter.departs(now);
                self.begin(service)
            }
        })
    }
}

impl Desk {
    fn begin(&mut self, service: Option<f64>) {
        if let Some(service) = service {
            self.context.emit_self(Departure {}, service);
        }
    }
}

/// The queue with `servers`.
pub fn queue(servers: u32, customers: u64, seed: u64) -> Answer {
    let mut simulation = Simulation::new(seed);
    let context = simulation.create_context("desk");
    let desk = Rc::new(RefCell::new(Desk { context, counter: Counter::new(servers, customers, seed) }));
    simulation.add_handler("desk", desk.clone());
    let first = desk.borrow_mut().counter.until_next();
    desk.borrow().context.emit_self(Arrival {}, first);
    while desk.borrow().counter.left > 0 {
        simulation.step();
    }
    desk.borrow().counter.answer()
}

#[derive(Clone, Serialize)]
struct Failure {
    unit: u32,
}

#[derive(Clone, Serialize)]
struct Mended {
    unit: u32,
}

struct Works {
    context: SimulationContext,
    plant: Plant,
}

impl EventHandler for Works {
    fn on(&mut self, event: Event) {
        let now = event.time;
        cast!(match event.data {
            Failure { unit } => {
                let repair = self.plant.fails(unit, now);
                if now + repair < HORIZON_HOURS {
                    self.context.emit_self(Mended { unit }, repair);
                }
            }
            Mended { unit } => {
                let life = self.plant.mended(unit, now);
                self.fails_after(unit, now, life);
            }
        })
    }
}

impl Works {
    /// What lies beyond the horizon is not put: the run ends when nothing is pending.
    fn fails_after(&mut self, unit: u32, now: f64, life: f64) {
        if now + life < HORIZON_HOURS {
            self.context.emit_self(Failure { unit }, life);
        }
    }
}

/// Replications of k-of-n.
pub fn k_of_n(replications: u64, seed: u64) -> Answer {
    replicated(replications, seed, |seed| {
        let mut simulation = Simulation::new(seed);
        let context = simulation.create_context("works");
        let works = Rc::new(RefCell::new(Works { context, plant: Plant::new(seed) }));
        simulation.add_handler("works", works.clone());
        for unit in 0..UNITS {
            let mut works = works.borrow_mut();
            let life = works.plant.life();
            works.fails_after(unit, 0.0, life);
        }
        simulation.step_until_no_events();
        works.borrow().plant.answer()
    })
}
