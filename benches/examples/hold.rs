//! The hold model on the calendar that the engine chooses: so many pending events, held so many times. For counters.
#![allow(clippy::print_stdout)]

use ninefold_sim_core::calendar::{AutoCalendar, Calendar, Event};
use ninefold_sim_core::stream::{Replication, Stream, StreamId};
use ninefold_sim_core::tick::Tick;

fn main() {
    let mut args = std::env::args().skip(1).map(|text| text.parse::<u32>().expect("bug: not a number"));
    let (pending, times) = (args.next().unwrap_or(1000), args.next().unwrap_or(1_000_000));
    let mut stream = Stream::new(StreamId::of(0, "hold", "count"));
    let replication = Replication::new(1, 0);
    let increments: Vec<i64> =
        (0..1 << 12).map(|_| Tick::from_hours(-libm::log(stream.open01(replication))).get()).collect();
    let mut later = increments.into_iter().cycle().map(Tick::new);
    let mut calendar = AutoCalendar::default();
    (0..pending).for_each(|entity| calendar.push(Event::new(later.next().expect("bug: endless"), 0, entity)));
    let mut last = Event::new(Tick::ZERO, 0, 0);
    for _ in 0..times {
        let event = calendar.pop().expect("bug: never empty");
        assert!(event > last, "popped out of order");
        last = event;
        calendar.push(Event::new(event.time.after(later.next().expect("bug: endless")), 0, event.entity()));
    }
    println!("{pending} pending, held {times} times until {} h", last.time.hours());
}
