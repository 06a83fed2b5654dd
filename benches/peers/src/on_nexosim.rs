//! The workloads on nexosim: one model that schedules itself, on its executor of one thread.
//!
//! What a model computes with is its environment, the part of its state that nexosim does not serialise. It is asked
//! for once, at the end, by an event of its own.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use nexosim::model::{BuildContext, Context, Model, ProtoModel, schedulable};
use nexosim::ports::EventSource;
use nexosim::simulation::{EventId, Mailbox, SimInit, Simulation};
use nexosim::time::MonotonicTime;
use serde::{Deserialize, Serialize};

use crate::workload::{Answer, Counter, HORIZON_HOURS, Plant, UNITS, Watch, replicated};

/// Where a model leaves what it found.
type Found<T> = Arc<Mutex<Option<T>>>;

/// What a model computes with, and where it leaves what it found.
struct Env<T> {
    state: T,
    found: Found<T>,
}

impl<T: Clone> Env<T> {
    fn report(&self) {
        *self.found.lock().expect("bug: one thread") = Some(self.state.clone());
    }
}

/// A model before it is built.
struct Proto<M: Model> {
    model: M,
    env: M::Env,
}

impl<M: Model> ProtoModel for Proto<M> {
    type Model = M;

    fn build(self, _: &mut BuildContext<'_, Self>) -> (M, M::Env) {
        (self.model, self.env)
    }
}

/// Time passes in whole nanoseconds, and nothing may be scheduled for now.
fn span(seconds: f64) -> Duration {
    Duration::from_nanos((seconds * 1e9) as u64 + 1)
}

fn seconds(time: MonotonicTime) -> f64 {
    time.as_secs() as f64 + f64::from(time.subsec_nanos()) * 1e-9
}

/// A simulation of one model, the event that asks it to report, and where it does.
macro_rules! bench {
    ($model:ident $fields:tt, $state:expr) => {{
        let found = Found::default();
        let (model, mailbox) = ($model $fields, Mailbox::new());
        let mut bench = SimInit::with_num_threads(1);
        let report = EventSource::new().connect($model::report, &mailbox).register(&mut bench);
        let env = Env { state: $state, found: found.clone() };
        let bench = bench.add_model(Proto { model, env }, mailbox, "model");
        (bench.init(MonotonicTime::EPOCH).expect("bug: a good bench"), report, found)
    }};
}

fn reported<T>(simulation: &mut Simulation, report: &EventId<()>, found: &Found<T>) -> T {
    simulation.process_event(report, ()).expect("bug: nothing fails");
    found.lock().expect("bug: one thread").take().expect("bug: it has reported")
}

#[derive(Serialize, Deserialize)]
struct Holder {
    pending: u32,
}

#[Model(type Env = Env<Watch>)]
impl Holder {
    #[nexosim(init)]
    async fn init(&mut self, context: &Context<Self>, env: &mut Env<Watch>) {
        for _ in 0..self.pending {
            let later = Duration::from_nanos(env.state.first() as u64);
            context.schedule_event(later, schedulable!(Self::held), ()).expect("bug: later");
        }
    }

    #[nexosim(schedulable)]
    fn held(&mut self, _: (), context: &Context<Self>, env: &mut Env<Watch>) {
        let now = context.time();
        let later = env.state.popped(now.as_secs() * 1_000_000_000 + i64::from(now.subsec_nanos()));
        context.schedule_event(Duration::from_nanos(later as u64), schedulable!(Self::held), ()).expect("bug: later");
    }

    /// How many holds are to be noted from now on; leaves those noted so far.
    fn report(&mut self, times: u64, _: &Context<Self>, env: &mut Env<Watch>) {
        env.report();
        env.state.left = times;
    }
}

/// A simulation that holds `pending` events; each call of the closure holds so many times.
pub fn hold(pending: u32) -> impl FnMut(u64) -> f64 {
    let (mut simulation, report, found) = bench!(Holder { pending }, Watch::new());
    move |times| {
        simulation.process_event(&report, times).expect("bug: nothing fails");
        for _ in 0..times {
            simulation.step().expect("bug: nothing fails");
        }
        simulation.process_event(&report, 0).expect("bug: nothing fails");
        let watch = found.lock().expect("bug: one thread").take();
        watch.expect("bug: it has reported").digest()
    }
}

#[derive(Serialize, Deserialize)]
struct Desk {}

#[Model(type Env = Env<Counter>)]
impl Desk {
    #[nexosim(init)]
    async fn init(&mut self, context: &Context<Self>, env: &mut Env<Counter>) {
        let first = span(env.state.until_next());
        context.schedule_event(first, schedulable!(Self::arrival), ()).expect("bug: later");
    }

    #[nexosim(schedulable)]
    fn arrival(&mut self, _: (), context: &Context<Self>, env: &mut Env<Counter>) {
        // When all have been served nothing more comes, and the run ends of itself.
        if env.state.left == 0 {
            return;
        }
        let next = span(env.state.until_next());
        context.schedule_event(next, schedulable!(Self::arrival), ()).expect("bug: later");
        if let Some(service) = env.state.arrives(seconds(context.time())) {
            context.schedule_event(span(service), schedulable!(Self::departure), ()).expect("bug: later");
        }
    }

    #[nexosim(schedulable)]
    fn departure(&mut self, _: (), context: &Context<Self>, env: &mut Env<Counter>) {
        if let Some(service) = env.state.departs(seconds(context.time())) {
            context.schedule_event(span(service), schedulable!(Self::departure), ()).expect("bug: later");
        }
    }

    fn report(&mut self, _: (), _: &Context<Self>, env: &mut Env<Counter>) {
        env.report();
    }
}

/// The queue with `servers`; a mean service is a second.
pub fn queue(servers: u32, customers: u64, seed: u64) -> Answer {
    let (mut simulation, report, found) = bench!(Desk {}, Counter::new(servers, customers, seed));
    simulation.run().expect("bug: nothing fails");
    reported(&mut simulation, &report, &found).answer()
}

#[derive(Serialize, Deserialize)]
struct Works {}

#[Model(type Env = Env<Plant>)]
impl Works {
    #[nexosim(init)]
    async fn init(&mut self, context: &Context<Self>, env: &mut Env<Plant>) {
        for unit in 0..UNITS {
            let life = env.state.life();
            context.schedule_event(hours(life), schedulable!(Self::fails), unit).expect("bug: later");
        }
    }

    #[nexosim(schedulable)]
    fn fails(&mut self, unit: u32, context: &Context<Self>, env: &mut Env<Plant>) {
        let repair = env.state.fails(unit, seconds(context.time()) / 3600.0);
        context.schedule_event(hours(repair), schedulable!(Self::mended), unit).expect("bug: later");
    }

    #[nexosim(schedulable)]
    fn mended(&mut self, unit: u32, context: &Context<Self>, env: &mut Env<Plant>) {
        let life = env.state.mended(unit, seconds(context.time()) / 3600.0);
        context.schedule_event(hours(life), schedulable!(Self::fails), unit).expect("bug: later");
    }

    fn report(&mut self, _: (), _: &Context<Self>, env: &mut Env<Plant>) {
        env.report();
    }
}

fn hours(hours: f64) -> Duration {
    span(hours * 3600.0)
}

/// Replications of k-of-n.
pub fn k_of_n(replications: u64, seed: u64) -> Answer {
    replicated(replications, seed, |seed| {
        let (mut simulation, report, found) = bench!(Works {}, Plant::new(seed));
        simulation.step_until(hours(HORIZON_HOURS)).expect("bug: nothing fails");
        reported(&mut simulation, &report, &found).answer()
    })
}
