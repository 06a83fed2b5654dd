//! Requests one by one: who sends them, which stations they pass, and what callers do when no answer comes.

use std::collections::BTreeMap;

use ninefold_sim_core::stream::{StreamId, StreamRegister};
use ninefold_sim_core::tick::Tick;

use super::cache::CacheSpec;
use super::components::{Component, Group};
use super::error::SystemError;
use super::level::{CourseOf, LevelOf};
use super::load_test::{self, LoadTest};
use super::queueing::{Backoff, CallSpec, OnFailure, QueueSpec, RetryBudget, ServiceOrder};
use super::request_level;
use super::request_paths::{self, Course};
use super::request_promises::{self, RequestPromise};
use super::shedding::Shedding;
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
    /// Load tests.
    pub load_tests: Vec<LoadTest>,
    /// Gates that say who serves at which station, ascending.
    pub watched: Vec<(GateId, u32)>,
    /// Where only incidents are simulated request by request.
    pub around: Option<Around>,
}

/// What is simulated request by request where only incidents are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Around {
    /// How long, from the opening of an incident on.
    pub hold: Tick,
    /// Most calls of a replication, those by which queues fill included.
    pub most: u64,
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
    /// Where they are called at once instead, how many must answer.
    pub at_once: Option<AtOnce>,
}

/// Calls that are made at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtOnce {
    /// How many are made, and must answer.
    pub need: u32,
    /// Stream of which.
    pub stream: StreamId,
}

/// Whose a station is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StationOwner {
    /// A component, and the gate that says whether it is up.
    Component(u32, GateId),
    /// The users of a journey.
    Users(u32),
    /// Part of a path: branches, or one of them.
    Branches,
}

/// Whose turn it is when a server is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The first of those who wait.
    FirstCome,
    /// The last of them.
    LastCome,
    /// Nobody waits: servers are shared.
    Shared,
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
    /// Whether each unit has a queue of its own; they go there evenly at random.
    pub per_unit: bool,
    /// Who is next, within a rank.
    pub turn: Turn,
    /// Whether one of a higher rank interrupts one of a lower.
    pub interrupts: bool,
    /// Requests that find room in a queue, in line and in service.
    pub room: u64,
    /// For each journey, its rank; 0 goes first.
    pub rank_of: Vec<u32>,
    /// Ranks there are.
    pub ranks: u32,
    /// For each journey, an index into [`Line::laws`]; `None` if it does not come here.
    pub service_of: Vec<Option<u32>>,
    /// Laws of service times.
    pub laws: Vec<Law>,
    /// For each journey, requests an hour that one server completes.
    pub rate_of: Vec<f64>,
    /// How long a request waits.
    pub patience: Option<Law>,
    /// What is rejected or dropped by what is measured.
    pub sheds: Option<Shedding>,
    /// What becomes of a request whose unit fails.
    pub on_failure: OnFailure,
    /// Whether a request whose caller has given up is dropped when its turn comes.
    pub drops_expired: bool,
    /// Stream of service times.
    pub service_stream: StreamId,
    /// Stream of patience.
    pub patience_stream: StreamId,
    /// Stream of which queue they go to.
    pub queue_stream: StreamId,
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
    /// What the caller knows without calling.
    pub cache: Option<CacheSpec>,
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
            cache: None,
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
    /// Stations that a request visits, and how often in the mean while everything answers.
    pub visits: Vec<(u32, f64)>,
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
    groups: &'a [Group],
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
    groups: &[Group],
    courses: &[CourseOf],
) -> Result<Requests, SystemError> {
    let Some(level) = spec.queueing.request_level else { return Ok(Requests::default()) };
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
    let mut builder = Builder { spec, components, groups, courses, streams: StreamRegister::under(spec.draw), index };
    let mut stations = Vec::new();
    for (component, _) in station_of.iter().enumerate().filter(|(_, station)| station.is_some()) {
        stations.push(builder.component(component)?);
    }
    let mut sources = Vec::new();
    for journey in 0..spec.journeys.len() {
        if let Some(arrivals) = builder.arrivals(journey) {
            let stream = builder.streams.take("request_arrivals", &spec.journeys[journey].name)?;
            let (visits, station) = (builder.visits(journey)?, stations.len() as u32);
            let journey = journey as u32;
            sources.push(Source { journey, station, arrivals, stream, visits });
            let owner = StationOwner::Users(journey);
            stations.push(Station { owner, line: None, calls: Vec::new(), at_once: None });
        }
    }
    for source in &sources {
        let (name, path) = (&spec.journeys[source.journey as usize].name, &spec.journeys[source.journey as usize].path);
        for (place, part) in request_paths::course(spec, path).iter().enumerate() {
            let call = builder.part(&format!("{name}/{place}"), part, &mut stations)?;
            stations[source.station as usize].calls.push(call);
        }
    }
    let (promises, watched) = (request_promises::build(spec), watched(&station_of, (components, groups)));
    let hold = level.around.map(|hold| Tick::from_hours(hold.get()));
    let around = hold.map(|hold| Around { hold, most: level.most.min(request_level::REQUESTS_MAX) });
    Ok(Requests { stations, sources, station_of, promises, load_tests: load_test::build(spec), watched, around })
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
        Ok(Station { owner, line, calls: calls?, at_once: None })
    }

    fn line(&mut self, queue: &QueueSpec, component: usize) -> Result<Line, SystemError> {
        let spec = self.spec;
        if queue.sheds.is_some_and(|sheds| !sheds.is_in_range()) {
            let why = "what it sheds by has a value out of range".to_owned();
            return Err(SystemError::NotAtRequestLevel { name: format!("components.{}", queue.component), why });
        }
        // Of a standby scheme no more units serve at once than have a place.
        let groups = self.components[component].groups.clone();
        let groups = &self.groups[groups.start as usize..groups.end as usize];
        let serve = |group: &Group| group.standby.as_ref().map_or(group.units.len(), |of| of.scheme.active as usize);
        let servers = queue.concurrency.saturating_mul(groups.iter().map(serve).sum::<usize>() as u32);
        let of_a_queue = if queue.per_replica { queue.concurrency } else { servers };
        let (mut laws, mut rate_of) = (Vec::new(), vec![0.0; spec.journeys.len()]);
        let service_of = spec.journeys.iter().zip(&mut rate_of).map(|(journey, rate)| {
            let law = queue.service_of(&journey.name)?;
            *rate = 1.0 / law.mean().get();
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
            per_unit: queue.per_replica,
            turn: match &queue.order {
                ServiceOrder::LastCome => Turn::LastCome,
                ServiceOrder::Sharing => Turn::Shared,
                ServiceOrder::FirstCome | ServiceOrder::Priority { .. } => Turn::FirstCome,
            },
            interrupts: matches!(queue.order, ServiceOrder::Priority { interrupts: true, .. }),
            room: queue.places.map_or(u64::MAX, |places| places.saturating_add(u64::from(of_a_queue))),
            rank_of: spec.journeys.iter().map(|journey| rank(&journey.name)).collect(),
            ranks: classes.len() as u32 + 1,
            service_of,
            laws,
            rate_of,
            patience: queue.patience.clone(),
            sheds: queue.sheds,
            on_failure: queue.on_failure,
            drops_expired: queue.drops_expired,
            service_stream: self.streams.take("service_time", &queue.component)?,
            patience_stream: self.streams.take("patience", &queue.component)?,
            queue_stream: self.streams.take("queue_choice", &queue.component)?,
        })
    }

    fn call(&mut self, call: &CallSpec) -> Result<Call, SystemError> {
        if let Some(cache) = call.cache {
            let is_kept = self.spec.queueing.queue(&call.from).is_some();
            if !is_kept || !(0.0..1.0).contains(&cache.hits) || !(cache.fills.get() > 0.0) {
                let name = format!("dependencies.{}/{}", call.from, call.to);
                let why = "a cache is kept by units that serve, has hits in [0, 1) and fills in some time".to_owned();
                return Err(SystemError::NotAtRequestLevel { name, why });
            }
        }
        let edge = self.spec.dependencies.iter().find(|edge| edge.from == call.from && edge.to == call.to);
        let retries = call.retries;
        Ok(Call {
            to: self.index[call.to.as_str()],
            share: call.share,
            times: if call.share > 0.0 { call.visits / (call.share * call.missed()) } else { 0.0 },
            need: edge.map_or(Need::Hard, |edge| edge.need),
            fallback_quality: edge.and_then(|edge| edge.fallback_quality).unwrap_or(1.0),
            timeout: retries.map_or(Tick::NEVER, |of| Tick::from_hours(of.timeout.get())),
            attempts: retries.map_or(1, |of| of.attempts),
            backoff: retries.and_then(|of| of.backoff),
            budget: retries.and_then(|of| of.budget),
            breaker: call.breaker,
            cache: call.cache,
            stream: self.streams.take("calls", &format!("{}/{}", call.from, call.to))?,
        })
    }

    /// A call of a part of a path; what is more than a component is a station of its own.
    fn part(&mut self, name: &str, part: &Course<'_>, stations: &mut Vec<Station>) -> Result<Call, SystemError> {
        let (need, parts) = match part {
            Course::Component(component) => {
                let stream = self.streams.take("calls", &format!("{name}/{component}"))?;
                return Ok(Call::plain(self.index[component], stream));
            }
            Course::Sequence(parts) => (None, parts),
            Course::Branches(need, parts) => (Some(*need), parts),
        };
        let mut calls = Vec::new();
        for (place, part) in parts.iter().enumerate() {
            calls.push(self.part(&format!("{name}/{place}"), part, stations)?);
        }
        let at_once = match need {
            Some(need) => Some(AtOnce { need, stream: self.streams.take("branches", name)? }),
            None => None,
        };
        stations.push(Station { owner: StationOwner::Branches, line: None, calls, at_once });
        Ok(Call::plain(stations.len() as u32 - 1, self.streams.take("calls", name)?))
    }

    /// Stations that a request of a journey visits, and how often in the mean.
    fn visits(&self, journey: usize) -> Result<Vec<(u32, f64)>, SystemError> {
        let visits = request_level::visits(self.spec, &self.spec.journeys[journey].path, |_| 1.0);
        let visits = visits.map_err(|why| SystemError::NotAtRequestLevel { name: "dependencies".to_owned(), why })?;
        Ok(visits.iter().map(|&(name, times)| (self.index[name], times)).collect())
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

/// Gates that say who serves: those of units, of their groups, and of the components.
fn watched(station_of: &[Option<u32>], (components, groups): (&[Component], &[Group])) -> Vec<(GateId, u32)> {
    let mut watched = Vec::new();
    for (component, station) in components.iter().zip(station_of) {
        let Some(station) = *station else { continue };
        let of = &groups[component.groups.start as usize..component.groups.end as usize];
        let gates = of.iter().map(|group| group.gate).chain(component.units.clone()).chain([component.gate]);
        watched.extend(gates.map(|gate| (gate, station)));
    }
    watched.sort_unstable();
    watched.dedup();
    watched
}
