//! Criterion benchmarks of the sets of pending events. The popped order is asserted while it is timed.
#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ninefold_sim_core::calendar::{AutoCalendar, Calendar, Event, HeapCalendar, LadderCalendar, RingCalendar};
use ninefold_sim_core::stream::{Replication, Stream, StreamId};
use ninefold_sim_core::tick::Tick;

/// Exp(1) hours, drawn before the clock runs.
fn increments() -> Vec<i64> {
    let mut stream = Stream::new(StreamId::of(0, "hold", "bench"));
    let replication = Replication::new(1, 0);
    (0..1 << 16).map(|_| Tick::from_hours(-libm::log(stream.open01(replication))).get()).collect()
}

/// `pending` events; the earliest is taken and put again Exp(1) later. The draws are not timed.
fn hold_one(c: &mut Criterion, pending: u32, name: &str, mut calendar: impl Calendar) {
    let increments = increments();
    let mut later = increments.iter().copied().cycle();
    let mut next = |now: Tick| now.after(Tick::new(later.next().expect("bug: endless")));
    (0..pending).for_each(|entity| calendar.push(Event::new(next(Tick::ZERO), 0, entity)));
    let mut last = Event::new(Tick::ZERO, 0, 0);
    let mut turn = |times: u32| {
        for _ in 0..times {
            let event = calendar.pop().expect("bug: never empty");
            assert!(event >= last, "popped out of order");
            last = event;
            calendar.push(Event::new(next(event.time), 0, event.entity()));
        }
    };
    turn(2 * pending);
    let mut group = c.benchmark_group(format!("hold {pending}"));
    group.throughput(Throughput::Elements(1000));
    group.bench_function(name, |b| b.iter(|| turn(1000)));
    group.finish();
}

fn hold(c: &mut Criterion) {
    for pending in [1_000, 100_000, 1_000_000] {
        hold_one(c, pending, "heap", HeapCalendar::default());
        hold_one(c, pending, "ring", RingCalendar::default());
        hold_one(c, pending, "ladder", LadderCalendar::default());
        hold_one(c, pending, "auto", AutoCalendar::default());
    }
}

criterion_group!(benches, hold);
criterion_main!(benches);
