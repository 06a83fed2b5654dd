//! The queue M/M/c on the general path: every arrival and departure is an event of the calendar.

use std::collections::VecDeque;

use ninefold_models::lifetime::Law;
use ninefold_models::units::Hours;
use ninefold_sim_core::calendar::{Calendar, Event};
use ninefold_sim_core::stream::Replication;
use ninefold_sim_core::tick::Tick;

use crate::draws::Draws;

/// A server is done; before arrivals of the same instant.
const DEPARTURE: u16 = 0;
/// A customer comes.
const ARRIVAL: u16 = 1;

/// A queue M/M/c, first come first served.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Queue {
    /// Servers, at least 1.
    pub servers: u32,
    /// Share of the time in which a server is busy, in (0, 1).
    pub load: f64,
}

/// One second: short enough that millions of customers fit into the reach of the clock.
pub const MEAN_SERVICE: Hours = Hours::new(1.0 / 3600.0);

impl Queue {
    /// Time between arrivals, and time of a service.
    pub fn laws(self) -> (Law, Law) {
        let between = Hours::new(MEAN_SERVICE.get() / (self.load * f64::from(self.servers)));
        let law = |mean| Law::exponential(mean).expect("bug: a good law");
        (law(between), law(MEAN_SERVICE))
    }
}

/// The mean wait before service over `customers` customers, the first of whom finds the queue empty, in units of the
/// mean service time.
pub fn mean_wait<C: Calendar>(queue: Queue, calendar: &mut C, replication: Replication, customers: u64) -> f64 {
    let (between, service) = queue.laws();
    let mut between = Draws::new(between, "between", replication);
    let mut service = Draws::new(service, "service", replication);
    let mut free: Vec<u32> = (0..queue.servers).rev().collect();
    let mut waiting: VecDeque<Tick> = VecDeque::new();
    let (mut started, mut waited) = (0, 0);
    calendar.clear();
    calendar.push(Event::new(between.tick(), ARRIVAL, 0));
    while started < customers {
        let event = calendar.pop().expect("bug: an arrival is always pending");
        let now = event.time;
        if event.kind() == ARRIVAL {
            calendar.push(Event::new(now.after(between.tick()), ARRIVAL, 0));
            match free.pop() {
                Some(server) => {
                    started += 1;
                    calendar.push(Event::new(now.after(service.tick()), DEPARTURE, server));
                }
                None => waiting.push_back(now),
            }
        } else if let Some(arrived) = waiting.pop_front() {
            started += 1;
            waited += now.since(arrived).get();
            calendar.push(Event::new(now.after(service.tick()), DEPARTURE, event.entity()));
        } else {
            free.push(event.entity());
        }
    }
    Tick::new(waited).hours() / (customers as f64 * MEAN_SERVICE.get())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::closed_form::erlang_c_mean_wait;
    use ninefold_sim_core::calendar::HeapCalendar;

    #[test]
    fn the_mean_wait_is_erlangs() {
        for (servers, customers, tolerance) in [(1, 400_000, 0.3), (10, 400_000, 0.02)] {
            let queue = Queue { servers, load: 0.8 };
            let found = mean_wait(queue, &mut HeapCalendar::default(), Replication::new(1, 0), customers);
            let exact = erlang_c_mean_wait(servers, 0.8);
            assert!((found - exact).abs() < tolerance, "{servers} servers: {found}, exact {exact}");
        }
    }
}
