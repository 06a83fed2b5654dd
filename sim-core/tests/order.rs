//! Every calendar gives back the same events in the same order, whatever the increments are.

use ninefold_sim_core::calendar::{AutoCalendar, Calendar, Due, Event, HeapCalendar, LadderCalendar, RingCalendar};
use ninefold_sim_core::stream::{Replication, Stream, StreamId};
use ninefold_sim_core::tick::Tick;
use proptest::prelude::*;

/// A sorted list, latest first: slow and plainly right.
#[derive(Default)]
struct Sorted(Vec<Event>);

impl Calendar for Sorted {
    fn push(&mut self, event: Event) {
        let place = self.0.partition_point(|other| {
            (other.time, other.kind(), other.entity()) > (event.time, event.kind(), event.entity())
        });
        self.0.insert(place, event);
    }
    fn peek(&mut self) -> Option<Event> {
        self.0.last().copied()
    }
    fn pop(&mut self) -> Option<Event> {
        self.0.pop()
    }
    fn len(&self) -> usize {
        self.0.len()
    }
    fn drain(&mut self, into: &mut Vec<Event>) {
        into.append(&mut self.0);
    }
    fn clear(&mut self) {
        self.0.clear();
    }
}

/// One step of a test.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Push(Event),
    Peek,
    Pop,
    PopUntil(Tick),
    Len,
    /// Takes everything out and puts it back.
    Refill,
    Clear,
}

/// What a calendar answers to each step.
fn answers(calendar: &mut impl Calendar, steps: &[Step]) -> Vec<(Option<Event>, usize)> {
    let mut answers = Vec::with_capacity(steps.len());
    for &step in steps {
        let next = match step {
            Step::Push(event) => {
                calendar.push(event);
                None
            }
            Step::Peek => calendar.peek(),
            Step::Pop => calendar.pop(),
            Step::PopUntil(limit) => calendar.pop_until(limit),
            Step::Len => None,
            Step::Refill => {
                let mut events = Vec::new();
                calendar.drain(&mut events);
                assert!(calendar.is_empty());
                assert_eq!(calendar.peek(), None);
                events.drain(..).for_each(|event| calendar.push(event));
                None
            }
            Step::Clear => {
                calendar.clear();
                None
            }
        };
        answers.push((next, calendar.len()));
    }
    answers
}

/// All calendars answer alike, new and used before.
fn all_agree(name: &str, steps: &[Step]) {
    let expected = answers(&mut Sorted::default(), steps);
    fn agrees(name: &str, mut calendar: impl Calendar, steps: &[Step], expected: &[(Option<Event>, usize)]) {
        for round in ["new", "used"] {
            let found = answers(&mut calendar, steps);
            let wrong = found.iter().zip(expected).position(|(found, expected)| found != expected);
            assert_eq!(wrong.map(|at| (at, steps[at], found[at], expected[at])), None, "{name}, {round}");
            calendar.clear();
        }
    }
    agrees(&format!("auto: {name}"), AutoCalendar::default(), steps, &expected);
    agrees(&format!("heap: {name}"), HeapCalendar::default(), steps, &expected);
    agrees(&format!("ring: {name}"), RingCalendar::default(), steps, &expected);
    agrees(&format!("ladder: {name}"), LadderCalendar::default(), steps, &expected);
}

/// Uniform numbers.
fn uniform() -> impl FnMut() -> f64 {
    let mut stream = Stream::new(StreamId::of(0, "order", "test"));
    move || stream.open01(Replication::new(1, 0))
}

/// `pending` events at first, then `steps` times the earliest is taken and put again `later` after it; then all are
/// taken.
fn hold(pending: u32, steps: usize, mut later: impl FnMut() -> i64) -> Vec<Step> {
    let mut model = std::collections::BinaryHeap::new();
    let mut script = Vec::new();
    for entity in 0..pending {
        let event = Event::new(Tick::new(later()), (entity % 3) as u16, entity);
        model.push(std::cmp::Reverse(event));
        script.push(Step::Push(event));
    }
    for step in 0..steps {
        let Some(std::cmp::Reverse(event)) = model.pop() else { break };
        let next = Event::new(Tick::new(event.time.get().saturating_add(later())), event.kind(), event.entity());
        model.push(std::cmp::Reverse(next));
        script.extend([Step::Pop, Step::Push(next)]);
        if step % 7 == 0 {
            script.push(Step::Peek);
        }
    }
    script.extend(std::iter::repeat_n(Step::Pop, pending as usize + 1));
    script
}

/// Draws increments in ticks.
type Draw = Box<dyn FnMut() -> i64>;

/// Laws of increments that a calendar may find hard.
fn increments() -> Vec<(&'static str, Draw)> {
    let law = |quantile: fn(f64) -> f64| {
        let mut u = uniform();
        Box::new(move || quantile(u()).min(1e18) as i64)
    };
    let mut alternate = 0;
    vec![
        ("exponential", law(|u| -1e12 * libm::log(u))),
        ("Pareto of index 1.01", law(|u| 1e6 * libm::pow(u, -1.0 / 1.01))),
        ("lognormal of sigma 4", law(|u| 1e9 * libm::exp(4.0 * ninefold_sim_core::special::normal::quantile(u)))),
        ("all equal", law(|_| 1e9)),
        ("none at all", law(|_| 0.0)),
        ("one tick or none", law(|u| (u * 2.0).floor())),
        ("ties", law(|u| (u * 10.0).floor() * 1e9)),
        ("two scales", law(|u| if u < 0.5 { u * 10.0 } else { u * 1e15 })),
        ("rare bursts", law(|u| if u < 0.99 { 0.0 } else { 1e15 * u })),
        ("almost the end of time", law(|u| 1e18 * u)),
        (
            "a burst, then a pause",
            Box::new(move || {
                alternate += 1;
                if alternate % 1000 < 900 { alternate % 5 } else { 1 << (alternate % 50) }
            }),
        ),
    ]
}

#[test]
fn held_events_come_in_order_under_adversarial_increments() {
    for pending in [1, 2, 30, 70, 400, 3000] {
        for (name, later) in increments() {
            all_agree(&format!("{name}, {pending} pending"), &hold(pending, 6000, later));
        }
    }
}

#[test]
fn events_come_in_order_when_a_calendar_grows_and_shrinks() {
    for (name, mut later) in increments() {
        let (mut script, mut now) = (Vec::new(), 0i64);
        for (wave, pushes) in [5u32, 2000, 40, 9000, 1, 0, 300].into_iter().enumerate() {
            script.extend(
                (0..pushes).map(|i| Step::Push(Event::new(Tick::new(now.saturating_add(later())), wave as u16, i))),
            );
            script.push(Step::Peek);
            let pops = if wave % 2 == 0 { pushes } else { pushes * 9 / 10 };
            script.extend((0..pops).map(|_| Step::Pop));
            now = now.saturating_add(later());
        }
        script.extend([Step::Refill, Step::Len]);
        script.extend(std::iter::repeat_n(Step::Pop, 1200));
        all_agree(name, &script);
    }
}

#[test]
fn sorted_and_reversed_pushes_come_in_order() {
    for step in [1i64, 1000, 1 << 40] {
        let at = |i: i64| Step::Push(Event::new(Tick::new(i * step), 0, i as u32));
        let pops = || std::iter::repeat_n(Step::Pop, 2001);
        all_agree("increasing", &(0..2000).map(at).chain(pops()).collect::<Vec<_>>());
        all_agree("decreasing", &(0..2000).rev().map(at).chain(pops()).collect::<Vec<_>>());
        // Each is earlier than all before it, although some have been taken.
        let back = (0..2000).rev().flat_map(|i| [at(i), at(2 * i), Step::Pop]);
        all_agree("going back", &back.chain(pops()).collect::<Vec<_>>());
    }
}

#[test]
fn the_ends_of_time_are_in_order() {
    let ends = [i64::MIN, i64::MIN + 1, -1, 0, 1, Tick::LAST.get(), i64::MAX - 1, i64::MAX];
    let mut script: Vec<Step> = Vec::new();
    for round in 0..200u32 {
        let pushes = ends.iter().map(|&t| Step::Push(Event::new(Tick::new(t), (round % 5) as u16, round / 2)));
        script.extend(pushes);
        script.extend([Step::Pop, Step::Peek, Step::Pop, Step::PopUntil(Tick::new(-1)), Step::PopUntil(Tick::ZERO)]);
    }
    script.extend([Step::Clear, Step::Peek, Step::Pop, Step::Push(Event::new(Tick::LAST, 0, 0)), Step::Pop, Step::Pop]);
    all_agree("ends of time", &script);
    let last = (0..500).map(|i| Step::Push(Event::new(Tick::LAST, 0, 499 - i)));
    all_agree("all at the last tick", &last.chain(std::iter::repeat_n(Step::Pop, 501)).collect::<Vec<_>>());
}

#[test]
fn a_set_that_outgrows_every_bound_comes_in_order() {
    let (mut calendar, mut u) = (AutoCalendar::default(), uniform());
    let mut events: Vec<Event> =
        (0..(1 << 18) + 1000).map(|entity| Event::new(Tick::new((u() * 1e12) as i64), 0, entity)).collect();
    events.iter().for_each(|&event| calendar.push(event));
    assert_eq!(calendar.len(), events.len());
    events.sort_by_key(|event| (event.time, event.kind(), event.entity()));
    assert!(events.iter().all(|&event| calendar.pop() == Some(event)));
    assert_eq!(calendar.pop(), None);
}

/// Each event is moved many times before it happens: what was superseded is popped too, in its place, and dropped.
#[test]
fn cancel_storms_leave_the_same_live_events() {
    fn live(mut calendar: impl Calendar) -> Vec<Event> {
        let (mut due, mut u) = (Due::new(&[100]), uniform());
        let (mut taken, mut now) = (Vec::new(), Tick::ZERO);
        for _ in 0..2000 {
            for _ in 0..20 {
                let event = Event::new(now.after(Tick::new((u() * 1e9) as i64)), 0, (u() * 100.0) as u32);
                due.set(event);
                calendar.push(event);
            }
            while let Some(event) = calendar.pop() {
                assert!(event.time >= now, "popped out of order");
                now = event.time;
                if due.take(event) {
                    taken.push(event);
                    break;
                }
            }
        }
        taken
    }
    let expected = live(Sorted::default());
    assert_eq!(expected.len(), 2000);
    assert_eq!(live(AutoCalendar::default()), expected);
    assert_eq!(live(HeapCalendar::default()), expected);
    assert_eq!(live(RingCalendar::default()), expected);
    assert_eq!(live(LadderCalendar::default()), expected);
}

/// Times of all magnitudes, close together or far apart.
fn time() -> impl Strategy<Value = i64> {
    prop_oneof![0i64..50, 0i64..1_000_000, any::<i64>(), (0u32..62).prop_map(|bits| 1 << bits)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        20 => (time(), 0u16..3, 0u32..5).prop_map(|(t, k, e)| Step::Push(Event::new(Tick::new(t), k, e))),
        12 => Just(Step::Pop),
        3 => time().prop_map(|t| Step::PopUntil(Tick::new(t))),
        2 => Just(Step::Peek),
        1 => Just(Step::Refill),
    ]
}

proptest! {
    #[test]
    fn any_sequence_of_steps_has_one_answer(steps in prop::collection::vec(step(), 0..800)) {
        all_agree("any", &steps);
    }
}
