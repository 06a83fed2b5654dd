//! What a simulation request by request can hold, and what it cannot yet.

use std::collections::BTreeSet;

use super::experiment::ExperimentSpec;
use super::path::Path;
use super::queueing::{CallSpec, ServiceOrder};
use super::request_paths;
use super::shedding::Shedding;
use super::shock::Owner;
use super::spec::{ComponentSpec, Effect, ModeSpec, Redundancy, SystemSpec};
use super::variation::Variation;
use crate::queueing::jackson;

/// Most calls that may be expected of a replication, whatever is asked for: memory holds those that wait.
pub const REQUESTS_MAX: u64 = 4_000_000;

/// Something that has no meaning yet where requests are simulated one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAtRequestLevel {
    /// Whose: `components.NAME`, `journeys.NAME`, `domains.NAME`, or the scenario's.
    pub name: String,
    /// What and why.
    pub why: String,
}

/// Everything that a request may come by.
pub(super) fn called(spec: &SystemSpec) -> BTreeSet<&str> {
    let mut names = Vec::new();
    for journey in spec.journeys.iter().filter(|journey| sends(spec, &journey.name)) {
        names.extend(journey.path.components());
    }
    reached(spec, names)
}

/// What is called from these, directly or not, and they themselves.
fn reached<'a>(spec: &'a SystemSpec, mut names: Vec<&'a str>) -> BTreeSet<&'a str> {
    let mut at = 0;
    while at < names.len() {
        let caller = names[at];
        for call in spec.queueing.calls.iter().filter(|call| call.from == caller) {
            if !names.contains(&call.to.as_str()) {
                names.push(&call.to);
            }
        }
        at += 1;
    }
    names.into_iter().collect()
}

fn sends(spec: &SystemSpec, journey: &str) -> bool {
    let declared = spec.journeys.iter().find(|other| other.name == journey);
    let is_closed = spec.queueing.populations.iter().any(|closed| closed.journey == journey);
    is_closed || declared.is_some_and(|journey| journey.demand.as_ref().is_some_and(|level| level.rate > 0.0))
}

/// What in a specification has no meaning yet where requests are simulated one by one; empty where they are not.
pub fn not_at_request_level(spec: &SystemSpec) -> Vec<NotAtRequestLevel> {
    let Some(level) = spec.queueing.request_level else { return Vec::new() };
    let mut all = Vec::new();
    let mut refuse = |name: String, why: &str| all.push(NotAtRequestLevel { name, why: why.to_owned() });
    if spec.time.until_first_failure {
        refuse("run".to_owned(), "a run to the first failure has no end that requests could be sent until");
    }
    if !spec.journeys.iter().any(|journey| sends(spec, &journey.name)) {
        refuse("run".to_owned(), "no journey has a demand");
    }
    let watches = |of: &&ExperimentSpec| of.abort_below.is_some() || of.hypothesis.is_some();
    if let Some(experiment) = spec.experiments.iter().filter(|_| level.around.is_none()).find(watches) {
        let why = "what an experiment may not harm, or is to show, is looked for in the flow, not in single requests";
        refuse(format!("experiments.{}", experiment.name), why);
    }
    let on_edge = |of: &&ExperimentSpec| matches!(&of.strike.owner, Owner::Component(name) if name.contains('/'));
    if let Some(experiment) = spec.experiments.iter().find(on_edge) {
        refuse(format!("experiments.{}", experiment.name), "an edge is struck in the flow, not in single requests");
        return all;
    }
    let called = called(spec);
    for component in spec.components.iter().filter(|component| called.contains(component.name.as_str())) {
        of_component(spec, component).iter().for_each(|why| refuse(format!("components.{}", component.name), why));
    }
    for domain in spec.domains.iter().filter(|domain| is_degraded(&domain.modes)) {
        refuse(format!("domains.{}", domain.name), DEGRADED);
    }
    for journey in spec.journeys.iter().filter(|journey| sends(spec, &journey.name)) {
        of_journey(spec, (&journey.name, &journey.path))
            .iter()
            .for_each(|why| refuse(format!("journeys.{}", journey.name), why));
    }
    if all.is_empty() {
        let limit = level.most;
        match expected(spec) {
            Err(why) => all.push(NotAtRequestLevel { name: "dependencies".to_owned(), why }),
            // Around incidents the simulation stops by itself.
            Ok(calls) if level.around.is_none() && calls > limit.min(REQUESTS_MAX) as f64 => {
                let limit = limit.min(REQUESTS_MAX);
                let why = format!(
                    "a replication is expected to make {calls:.0} calls, retries included; the limit is {limit}"
                );
                all.push(NotAtRequestLevel { name: "run".to_owned(), why });
            }
            Ok(_) => {}
        }
    }
    all
}

const DEGRADED: &str = "a failure that degrades a unit is not simulated request by request yet";

fn is_degraded(modes: &[ModeSpec]) -> bool {
    modes.iter().any(|mode| mode.effect != Effect::Down)
}

fn of_component(spec: &SystemSpec, component: &ComponentSpec) -> Vec<&'static str> {
    let mut all = Vec::new();
    if is_degraded(&component.modes) {
        all.push(DEGRADED);
    }
    if spec.routings.iter().any(|routing| [&routing.router, &routing.to].contains(&&component.name)) {
        all.push("traffic direction is not simulated request by request yet");
    }
    let is_split = spec.quorums.partitions.iter().any(|partition| partition.component == component.name);
    let is_led = spec.quorums.elections.iter().any(|election| election.component == component.name);
    let differs = matches!(component.redundancy, Redundancy::Quorum { write, read } if write != read);
    if differs || is_split || is_led {
        all.push("a quorum, which may answer reads and not writes, is not simulated request by request yet");
    }
    let Some(queue) = spec.queueing.queue(&component.name) else { return all };
    if spec.host_pools.iter().flat_map(|pool| &pool.tenants).any(|tenant| tenant.component == component.name) {
        all.push("what is left to a unit on a shared host is not simulated request by request yet");
    }
    if spec.health_checks.iter().any(|check| check.component == component.name) {
        all.push("units that a health check ejects are not simulated request by request yet");
    }
    if queue.order == ServiceOrder::Sharing && spec.queueing.holds_while_calling(queue) {
        all.push(
            "a thread that waits for what it calls while its server is shared is not simulated request by request yet",
        );
    }
    if queue.order == ServiceOrder::Sharing && queue.patience.is_some() {
        all.push("where servers are shared nobody waits, so there is no `patience`");
    }
    if queue.order == ServiceOrder::Sharing && matches!(queue.sheds, Some(Shedding::ControlledDelay { .. })) {
        all.push("where servers are shared nobody waits, so there is no controlled delay");
    }
    if queue.starts_with > 0 {
        all.push("requests at the start, which belong to no journey, are not simulated request by request");
    }
    let comes = |journey: &str| sends(spec, journey) && met(spec, journey).contains(component.name.as_str());
    if spec.journeys.iter().any(|journey| comes(&journey.name) && queue.service_of(&journey.name).is_none()) {
        all.push("a journey that calls it has no service time there");
    }
    all
}

fn of_journey(spec: &SystemSpec, (name, path): (&str, &Path)) -> Vec<&'static str> {
    let mut all = Vec::new();
    if request_paths::course(spec, path).iter().any(|part| part.widest() > request_paths::BRANCHES_MAX) {
        all.push("more than 32 branches of a path are not simulated request by request yet");
    }
    let demand = spec.journeys.iter().find(|journey| journey.name == name).and_then(|journey| journey.demand.as_ref());
    match demand.and_then(|level| level.course.as_ref()).and_then(|course| course.variation.as_ref()) {
        Some(Variation::Noise(_)) => all.push("noise on demand is not simulated request by request yet"),
        Some(Variation::Paths(_)) => all.push("demand of a forecast is not simulated request by request yet"),
        None => {}
    }
    all
}

/// What the requests of a journey come by.
fn met<'a>(spec: &'a SystemSpec, journey: &str) -> BTreeSet<&'a str> {
    let mut names = Vec::new();
    if let Some(declared) = spec.journeys.iter().find(|declared| declared.name == journey) {
        names.extend(declared.path.components());
    }
    reached(spec, names)
}

/// The components that a request of a path visits and how often in the mean, if each call is made `attempts` times.
///
/// # Errors
/// Why the calls have no end.
pub(super) fn visits<'a>(
    spec: &'a SystemSpec,
    path: &'a Path,
    attempts: impl Fn(&CallSpec) -> f64,
) -> Result<Vec<(&'a str, f64)>, String> {
    let names: Vec<&str> = called(spec).into_iter().collect();
    let place = |name: &str| names.binary_search(&name).ok();
    let calls = spec.queueing.calls.iter();
    let calls = calls.filter_map(|call| Some((place(&call.from)?, place(&call.to)?, call.visits * attempts(call))));
    let (mut entered, mut external) = (Vec::new(), vec![0.0; names.len()]);
    request_paths::course(spec, path).iter().for_each(|part| part.visits(1.0, &mut entered));
    entered.iter().for_each(|&(name, times)| external[place(name).expect("bug: it is called")] += times);
    let visits = jackson::traffic(&external, &calls.collect::<Vec<_>>()).map_err(|error| error.to_string())?;
    Ok(names.into_iter().zip(visits).filter(|&(_, visits)| visits > 0.0).collect())
}

/// Calls of a replication in the mean if every call took all its attempts; of a fixed number of users, if nobody
/// waited.
fn expected(spec: &SystemSpec) -> Result<f64, String> {
    let mut total = 0.0;
    for journey in spec.journeys.iter().filter(|journey| sends(spec, &journey.name)) {
        let all = visits(spec, &journey.path, |call| call.retries.map_or(1.0, |of| f64::from(of.attempts)))?;
        let hours = spec.time.horizon.get();
        let mut entered = Vec::new();
        request_paths::course(spec, &journey.path).iter().for_each(|part| part.visits(1.0, &mut entered));
        let served = entered.into_iter().filter_map(|(name, times)| Some((spec.queueing.queue(name)?, times)));
        let service: f64 =
            served.filter_map(|(queue, times)| Some(queue.service_of(&journey.name)?.mean().get() * times)).sum();
        let closed = spec.queueing.populations.iter().find(|closed| closed.journey == journey.name);
        let requests = match (closed, &journey.demand) {
            (Some(closed), _) => f64::from(closed.users) * hours / (closed.think.mean().get() + service).max(1e-9),
            (None, Some(level)) => level.rate * 3600.0 * hours * mean_factor(level, hours),
            (None, None) => 0.0,
        };
        total += requests * (1.0 + all.iter().map(|(_, visits)| visits).sum::<f64>());
    }
    Ok(total)
}

/// The mean factor of a level within a time.
fn mean_factor(level: &super::level::Level, hours: f64) -> f64 {
    let Some(course) = &level.course else { return 1.0 };
    let ends = course.steps.iter().skip(1).map(|(at, _)| at.get()).chain([hours]);
    let spans = course.steps.iter().zip(ends).map(|((at, factor), end)| (end.min(hours) - at.get()).max(0.0) * factor);
    spans.sum::<f64>() / hours
}
