//! The workloads on desque, its serial engine: events without data are not boxed, times are its fastest kind that fits.

use desque::serial::{OkEvent, Simulation};
use desque::{SimState, SimTime};

use crate::workload::{Answer, Counter, HORIZON_HOURS, Plant, UNITS, Watch, replicated};

/// Times that are not whole.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
struct Time(f64);

impl Eq for Time {}

#[allow(clippy::derive_ord_xor_partial_ord)]
impl Ord for Time {
    #[inline]
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl SimTime for Time {}

impl SimState<i64> for Watch {
    fn is_complete(&self, _: &i64) -> bool {
        self.left == 0
    }
}

#[derive(Debug)]
struct Held;

impl OkEvent<Watch, i64> for Held {
    fn execute(&mut self, simulation: &mut Simulation<Watch, i64>) {
        let now = *simulation.current_time();
        let later = simulation.state_mut().popped(now);
        simulation.schedule(Self, now + later).expect("bug: later");
    }
}

/// A simulation that holds `pending` events; each call of the closure holds so many times.
pub fn hold(pending: u32) -> impl FnMut(u64) -> f64 {
    let mut simulation = Simulation::new(Watch::new(), 0);
    for _ in 0..pending {
        let later = simulation.state_mut().first();
        simulation.schedule(Held, later).expect("bug: later");
    }
    move |times| {
        simulation.state_mut().left = times;
        simulation.run().expect("bug: nothing fails");
        simulation.state().digest()
    }
}

impl SimState<Time> for Counter {
    fn is_complete(&self, _: &Time) -> bool {
        self.left == 0
    }
}

#[derive(Debug)]
struct Arrival;

impl OkEvent<Counter, Time> for Arrival {
    fn execute(&mut self, simulation: &mut Simulation<Counter, Time>) {
        let now = simulation.current_time().0;
        let next = simulation.state_mut().until_next();
        simulation.schedule(Self, Time(now + next)).expect("bug: later");
        if let Some(service) = simulation.state_mut().arrives(now) {
            simulation.schedule(Departure, Time(now + service)).expect("bug: later");
        }
    }
}

#[derive(Debug)]
struct Departure;

impl OkEvent<Counter, Time> for Departure {
    fn execute(&mut self, simulation: &mut Simulation<Counter, Time>) {
        let now = simulation.current_time().0;
        if let Some(service) = simulation.state_mut().departs(now) {
            simulation.schedule(Self, Time(now + service)).expect("bug: later");
        }
    }
}

/// The queue with `servers`.
pub fn queue(servers: u32, customers: u64, seed: u64) -> Answer {
    let mut simulation = Simulation::new(Counter::new(servers, customers, seed), Time(0.0));
    let first = simulation.state_mut().until_next();
    simulation.schedule(Arrival, Time(first)).expect("bug: later");
    simulation.run().expect("bug: nothing fails");
    simulation.state().answer()
}

impl SimState<Time> for Plant {
    fn is_complete(&self, _: &Time) -> bool {
        false
    }
}

#[derive(Debug)]
struct Failure(u32);

impl OkEvent<Plant, Time> for Failure {
    fn execute(&mut self, simulation: &mut Simulation<Plant, Time>) {
        let now = simulation.current_time().0;
        let repair = simulation.state_mut().fails(self.0, now);
        schedule(simulation, Mended(self.0), now + repair);
    }
}

#[derive(Debug)]
struct Mended(u32);

impl OkEvent<Plant, Time> for Mended {
    fn execute(&mut self, simulation: &mut Simulation<Plant, Time>) {
        let now = simulation.current_time().0;
        let life = simulation.state_mut().mended(self.0, now);
        schedule(simulation, Failure(self.0), now + life);
    }
}

/// What lies beyond the horizon is not put: the run ends when nothing is pending.
fn schedule(simulation: &mut Simulation<Plant, Time>, event: impl OkEvent<Plant, Time> + 'static, hours: f64) {
    if hours < HORIZON_HOURS {
        simulation.schedule(event, Time(hours)).expect("bug: later");
    }
}

/// Replications of k-of-n.
pub fn k_of_n(replications: u64, seed: u64) -> Answer {
    replicated(replications, seed, |seed| {
        let mut simulation = Simulation::new(Plant::new(seed), Time(0.0));
        for unit in 0..UNITS {
            let life = simulation.state_mut().life();
            schedule(&mut simulation, Failure(unit), life);
        }
        simulation.run().expect("bug: nothing fails");
        simulation.state().answer()
    })
}
