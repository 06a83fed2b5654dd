//! Queues of requests, exactly: which formula of [`crate::queueing`] applies to a component or journey, and where none does,
//! by name why not.
//!
//! Demand comes as a Poisson process; a request is at one place at a time; what may fail upstream, or in a way that no
//! chain here holds, has no answer. Times in seconds.

mod answers;
mod closed;
mod flows;
mod fork;
mod in_time;
pub(super) mod metastability;
mod overflow;
mod retries;
mod scaling;
mod sizes;
mod station;
mod totals;

use super::model::Model;
use crate::results::QueueRow;
use crate::system::{QueueSpec, System};
use answers::Answers;
use flows::Flows;
use metastability::Maps;

/// Every answer about the queues of a system; empty where it has none.
pub(super) fn solve(system: &System, model: &Model) -> Vec<QueueRow> {
    let queueing = &system.spec.queueing;
    let mut answers = Answers::default();
    if queueing.is_empty() {
        return answers.rows;
    }
    let scaled = |queue: &QueueSpec| follows_load(system, &queue.component).is_some();
    if queueing.queues.iter().any(scaled) {
        // What is behind it gets its departures, of which no formula says how they come.
        let why = |queue: &QueueSpec| {
            follows_load(system, &queue.component).unwrap_or("it is called beside a queue of no formula")
        };
        queueing.queues.iter().for_each(|queue| answers.refuse_standard(&component(&queue.component), why(queue)));
        return answers.rows;
    }
    let flows = match Flows::of(system).and_then(unless_shed) {
        Ok(flows) => flows,
        Err(why) => {
            queueing.queues.iter().for_each(|queue| answers.refuse_standard(&component(&queue.component), &why));
            return answers.rows;
        }
    };
    for queue in &queueing.queues {
        let entity = component(&queue.component);
        if flows.is_closed(&queue.component) {
            // Together with all that its users call.
            continue;
        }
        let answered = match retries::of(&flows, queue) {
            Some(retried) => retried.and_then(|retried| {
                retries::answer(&retried, &entity, &mut answers)?;
                Err("retries make the load depend on the waits: see its fixed points".to_owned())
            }),
            None => station::answer(&flows, queue, &mut answers),
        };
        let why = answered.err().unwrap_or_else(|| "the formula has no such measure".to_owned());
        answers.refuse_standard(&entity, &why);
        in_time::answer(&flows, queue, &mut answers);
    }
    closed::answer(&flows, &mut answers);
    totals::answer(&flows, &mut answers);
    fork::answer(&flows, &mut answers);
    sizes::answer(&flows, model, &mut answers);
    scaling::answer(&flows, &mut answers);
    overflow::answer(&flows, &mut answers);
    answers.rows
}

/// Why no formula is of a component's queue, where its servers are others from time to time.
fn follows_load(system: &System, component: &str) -> Option<&'static str> {
    if system.spec.autoscalers.iter().any(|scaler| scaler.component == component) {
        return Some("its number of servers follows its load");
    }
    let is_spot = system.spec.spots.iter().any(|spot| spot.component == component);
    is_spot.then_some("its servers may be taken back")
}

/// Refuses everything where a queue sheds by what it measures: what leaves it, or comes again, is no Poisson process.
fn unless_shed(flows: Flows<'_>) -> Result<Flows<'_>, String> {
    match flows.queueing.queues.iter().find(|queue| queue.sheds.is_some()) {
        Some(queue) => Err(format!("`{}` sheds by what it measures, which no formula knows", queue.component)),
        None => Ok(flows),
    }
}

/// Every map of metastability.
pub(super) fn maps(system: &System) -> Maps {
    if system.spec.queueing.maps.is_empty() {
        return Maps::default();
    }
    // Where calls go round for ever no rate of calls is known, and no load is marked as the scenario's.
    Flows::of(system).map(|flows| metastability::maps(&flows)).unwrap_or_default()
}

/// The name of a component among entities.
fn component(name: &str) -> String {
    format!("components.{name}")
}

/// Seconds of a number of hours.
fn seconds(hours: crate::units::Hours) -> f64 {
    hours.get() * 3600.0
}
