//! Requests one by one: who sends them, which stations they pass, and what callers do when no answer comes.

use std::collections::BTreeMap;

use ninefold_sim_core::stream::{StreamId, StreamRegister};
use ninefold_sim_core::tick::Tick;

use super::components::Component;
use super::error::SystemError;
use super::level::{CourseOf, LevelOf};
use super::queueing::{Backoff, CallSpec, OnFailure, QueueSpec, RetryBudget, ServiceOrder};
use super::request_level;
use super::request_promises::{self, RequestPromise};
use super::spec::{Need, SystemSpec};
use super::structure::GateId;
use crate::lifetime::Law;
use crate::scaling::circuit_breaker::BreakerSpec;

/// What requests do in a system that is simulated request by request; empty in every other.
#[derive(Clone, Debug, Default)]
pub struct Requests {
    /// The components that are called, in written order, then one for the users of each journey with a demand.
    pub stations: Vec<Station>,
    /// Those who send requests.
    pub sources: Vec<Source>,
    /// For each component, its station.
    pub station_of: Vec<Option<u32>>,
    /// What is agreed of them.
    pub promises: Vec<RequestPromise>,
}

/// Where requests are served, or begin.
#[derive(Clone, Debug)]
pub struct Station {
    /// Whose: a component, or a journey for its users.
    pub owner: StationOwner,
    /// What stands before it; without, it takes no time and answers while it is up.
    pub line: Option<Line>,
    /// What a request calls after it was served here, one call after the other.
    pub calls: Vec<Call>,
}

/// Whose a station is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StationOwner {
    /// A component, and the gate that says whether it is up.
    Component(u32, GateId),
    /// The users of a journey.
    Users(u32),
}

/// A waiting line and the servers behind it.
#[derive(Clone, Debug)]
pub struct Line {
    /// Requests that a unit serves at once.
    pub concurrency: u32,
    /// Whether a request keeps its server until what it calls has answered.
    pub holds: bool,
    /// Servers of all units together, serving or not.
    pub servers: u32,
    /// Requests that find room, in line and in service.
    pub room: u64,
    /// For each journey, its rank; 0 goes first.
    pub rank_of: Vec<u32>,
    /// Ranks there are.
    pub ranks: u32,
    /// For each journey, an index into [`Line::laws`]; `None` if it does not come here.
    pub service_of: Vec<Option<u32>>,
    /// Laws of service times.
    pub laws: Vec<Law>,
    /// How long a request waits.
    pub patience: Option<Law>,
    /// What becomes of a request whose unit fails.
    pub on_failure: OnFailure,
    /// Whether a request whose caller has given up is dropped when its turn comes.
    pub drops_expired: bool,
    /// Stream of service times.
    pub service_stream: StreamId,
    /// Stream of patience.
    pub patience_stream: StreamId,
}

/// A call that may follow when a request was served.
#[derive(Clone, Debug)]
pub struct Call {
    /// The station that is called.
    pub to: u32,
    /// Share of requests that call at all.
    pub share: f64,
    /// Calls of each that does; a fraction is the probability of one more.
    pub times: f64,
    /// What its failure does to the caller.
    pub need: Need,
    /// Quality of what a soft caller answers without it, in 0..=1.
    pub fallback_quality: f64,
    /// How long the caller waits for an answer; [`Tick::NEVER`] is for ever.
    pub timeout: Tick,
    /// Attempts in all, at least 1.
    pub attempts: u32,
    /// How long it waits before it tries again.
    pub backoff: Option<Backoff>,
    /// What retries are paid with.
    pub budget: Option<RetryBudget>,
    /// What keeps the caller from calling where calls fail.
    pub breaker: Option<BreakerSpec>,
    /// Stream of how many calls are made, and of jitter.
    pub stream: StreamId,
}

impl Call {
    /// Once, for ever, and needed.
    const fn plain(to: u32, stream: StreamId) -> Self {
        Self {
            to,
            share: 1.0,
            times: 1.0,
            need: Need::Hard,
            fallback_quality: 1.0,
            timeout: Tick::NEVER,
            attempts: 1,
            backoff: None,
            budget: None,
            breaker: None,
            stream,
        }
    }
}

/// Who sends requests.
#[derive(Clone, Debug)]
pub struct Source {
    /// The journey.
    pub journey: u32,
    /// Its users' station.
    pub station: u32,
    /// How requests come.
    pub arrivals: Arrivals,
    /// Stream of when they come.
    pub stream: StreamId,
}

/// How requests come.
#[derive(Clone, Debug)]
pub enum Arrivals {
    /// As a Poisson process: instants, ascending from 0, and the rate per hour from each on.
    Open(Vec<(Tick, f64)>),
    /// From so many users, who think, then call.
    Closed(u32, Law),
}

/// What stations are made from.
struct Builder<'a> {
    spec: &'a SystemSpec,
    components: &'a [Component],
    courses: &'a [CourseOf],
    streams: StreamRegister,
    index: BTreeMap<&'a str, u32>,
}

/// Compiles what requests do.
///
/// # Errors
/// [`SystemError::NotAtRequestLevel`] if something in the system has no meaning there yet.
pub(super) fn build(
    spec: &SystemSpec,
    components: &[Component],
    courses: &[CourseOf],
) -> Result<Requests, SystemError> {
    if spec.queueing.request_level.is_none() {
        return Ok(Requests::default());
    }
    if let Some(refused) = request_level::not_at_request_level(spec).into_iter().next() {
        return Err(SystemError::NotAtRequestLevel { name: refused.name, why: refused.why });
    }
    let called = request_level::called(spec);
    let mut station_of = vec![None; spec.components.len()];
    let mut index = BTreeMap::new();
    for (component, declared) in spec.components.iter().enumerate() {
        if called.contains(declared.name.as_str()) {
            station_of[component] = Some(index.len() as u32);
            index.insert(declared.name.as_str(), index.len() as u32);
        }
    }
    let mut builder = Builder { spec, components, courses, streams: StreamRegister::under(spec.draw), index };
    let mut stations = Vec::new();
    for (component, _) in station_of.iter().enumerate().filter(|(_, station)| station.is_some()) {
        stations.push(builder.component(component)?);
    }
    let mut sources = Vec::new();
    for journey in 0..spec.journeys.len() {
        if let Some(arrivals) = builder.arrivals(journey) {
            let stream = builder.streams.take("request_arrivals", &spec.journeys[journey].name)?;
            let (journey, station) = (journey as u32, stations.len() as u32);
            sources.push(Source { journey, station, arrivals, stream });
            stations.push(builder.users(journey)?);
        }
    }
    Ok(Requests { stations, sources, station_of, promises: request_promises::build(spec) })
}

impl Builder<'_> {
    fn component(&mut self, component: usize) -> Result<Station, SystemError> {
        let name = &self.spec.components[component].name;
        let line = match self.spec.queueing.queue(name) {
            Some(queue) => Some(self.line(queue, component)?),
            None => None,
        };
        let calls = self.spec.queueing.calls.iter().filter(|call| call.from == *name);
        let calls: Result<_, _> = calls.map(|call| self.call(call)).collect();
        let owner = StationOwner::Component(component as u32, self.components[component].gate);
        Ok(Station { owner, line, calls: calls? })
    }

    fn line(&mut self, queue: &QueueSpec, component: usize) -> Result<Line, SystemError> {
        let spec = self.spec;
        let servers = queue.concurrency.saturating_mul(spec.components[component].units.len() as u32);
        let mut laws = Vec::new();
        let service_of = spec.journeys.iter().map(|journey| {
            let law = queue.service_of(&journey.name)?;
            laws.push(law.clone());
            Some(laws.len() as u32 - 1)
        });
        let service_of = service_of.collect();
        let classes: &[String] = match &queue.order {
            ServiceOrder::Priority { classes, .. } => classes,
            _ => &[],
        };
        let rank = |name: &String| classes.iter().position(|class| class == name).unwrap_or(classes.len()) as u32;
        Ok(Line {
            concurrency: queue.concurrency,
            holds: spec.queueing.holds_while_calling(queue),
            servers,
            room: queue.places.map_or(u64::MAX, |places| places.saturating_add(u64::from(servers))),
            rank_of: spec.journeys.iter().map(|journey| rank(&journey.name)).collect(),
            ranks: classes.len() as u32 + 1,
            service_of,
            laws,
            patience: queue.patience.clone(),
            on_failure: queue.on_failure,
            drops_expired: queue.drops_expired,
            service_stream: self.streams.take("service_time", &queue.component)?,
            patience_stream: self.streams.take("patience", &queue.component)?,
        })
    }

    fn call(&mut self, call: &CallSpec) -> Result<Call, SystemError> {
        let edge = self.spec.dependencies.iter().find(|edge| edge.from == call.from && edge.to == call.to);
        let retries = call.retries;
        Ok(Call {
            to: self.index[call.to.as_str()],
            share: call.share,
            times: if call.share > 0.0 { call.visits / call.share } else { 0.0 },
            need: edge.map_or(Need::Hard, |edge| edge.need),
            fallback_quality: edge.and_then(|edge| edge.fallback_quality).unwrap_or(1.0),
            timeout: retries.map_or(Tick::NEVER, |of| Tick::from_hours(of.timeout.get())),
            attempts: retries.map_or(1, |of| of.attempts),
            backoff: retries.and_then(|of| of.backoff),
            budget: retries.and_then(|of| of.budget),
            breaker: call.breaker,
            stream: self.streams.take("calls", &format!("{}/{}", call.from, call.to))?,
        })
    }

    /// The users of a journey call what its path names, one after the other, but for what an earlier entry calls.
    fn users(&mut self, journey: u32) -> Result<Station, SystemError> {
        let declared = &self.spec.journeys[journey as usize];
        let mut calls = Vec::new();
        for name in request_level::entered(self.spec, &declared.path) {
            let stream = self.streams.take("calls", &format!("{}/{name}", declared.name))?;
            calls.push(Call::plain(self.index[name], stream));
        }
        Ok(Station { owner: StationOwner::Users(journey), line: None, calls })
    }

    fn arrivals(&self, journey: usize) -> Option<Arrivals> {
        let declared = &self.spec.journeys[journey];
        if let Some(closed) = self.spec.queueing.populations.iter().find(|closed| closed.journey == declared.name) {
            return Some(Arrivals::Closed(closed.users, closed.think.clone()));
        }
        let per_hour = declared.demand.as_ref()?.rate * 3600.0;
        let course = self.courses.iter().find(|course| course.of == LevelOf::Demand(journey as u32));
        let steps = course.map_or(&[(Tick::ZERO, 1.0)][..], |course| &course.steps);
        Some(Arrivals::Open(steps.iter().map(|&(at, factor)| (at, per_hour * factor)).collect()))
    }
}
