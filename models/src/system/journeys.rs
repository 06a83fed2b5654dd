//! Journeys: a hard gate, the capacity along it, and what softens its quality.

use std::collections::{BTreeMap, BTreeSet};

use super::closure::Dependencies;
use super::components::Component;
use super::error::SystemError;
use super::level::{CourseOf, LevelOf};
use super::offered::Offered;
use super::path::Path;
use super::spec::{JourneySpec, Need, Side, SystemSpec, UpRule};
use super::structure::{GateId, Structure};
use super::units::UnitId;

/// A compiled journey.
#[derive(Clone, Debug)]
pub struct Journey {
    /// What its hard structure serves.
    pub served: Served,
    /// Soft and async targets, ascending by component.
    pub soft: Vec<SoftTarget>,
    /// When it counts as up.
    pub rule: UpRule,
    /// Requests per second; `None` loads no capacity. With a course, what its factors multiply.
    pub demand: Option<f64>,
    /// What its course offers over time, in ticks of `demand`; of a course with noise nothing is known before a replication.
    pub offered: Offered,
    /// Whether what is offered is drawn, and so is another in each replication.
    pub is_drawn: bool,
    /// Components that its demand loads, ascending.
    pub loads: Vec<u32>,
    /// Whether capacity or errors can make it serve a part; if not it is up exactly while its gate is.
    pub partial: bool,
    /// Every component whose state its numbers read, ascending.
    pub reads: Vec<u32>,
}

/// The share of demand that a structure serves.
#[derive(Clone, Debug)]
pub struct Served {
    /// Nothing is served while this is down.
    pub gate: GateId,
    /// The capacity that is there.
    pub flow: Flow,
    /// Components whose errors count.
    pub components: Vec<u32>,
}

/// Capacity along a path.
#[derive(Clone, Debug)]
pub enum Flow {
    /// This journey's part of what one component serves: in proportion to the demand of all that load it.
    Component(u32),
    /// The least along a list.
    Least(Vec<Flow>),
    /// The sum over branches that are up.
    Sum(Vec<(GateId, Flow)>),
}

/// A dependency that softens quality.
#[derive(Clone, Debug)]
pub struct SoftTarget {
    /// The component.
    pub component: u32,
    /// What it serves, with all it needs.
    pub served: Served,
    /// Quality while it serves nothing.
    pub fallback_quality: f64,
}

/// The components a journey needs hard and soft, before gates are built.
struct Needs {
    hard: BTreeSet<u32>,
    entry_soft: BTreeSet<u32>,
    soft: BTreeMap<u32, f64>,
}

/// What has been made of the path of one journey.
struct Built<'a> {
    journey: usize,
    needs: &'a Needs,
    /// Whether anybody reads what flows along it.
    numbers: bool,
    /// By the name of a part.
    named: BTreeMap<&'a str, (GateId, Flow)>,
    /// Parts of flows that stand there again.
    repeated: usize,
}

/// Parts of the capacity along a path that may stand there again because a part with a name does.
const REPEATED_MAX: usize = 100_000;

pub(super) struct Builder<'a> {
    pub(super) spec: &'a SystemSpec,
    pub(super) components: &'a [Component],
    pub(super) dependencies: &'a Dependencies,
    pub(super) structure: &'a mut Structure,
    pub(super) courses: &'a [CourseOf],
    /// For each journey, the domain of its users and all that one sits in, as units; empty where it is not said.
    pub(super) views: Vec<Vec<UnitId>>,
}

/// For each component, the journeys that load it, ascending, and how often a request of each comes by.
pub(super) fn loaded_by(spec: &SystemSpec, journeys: &[Journey]) -> Vec<Vec<(u32, f64)>> {
    let mut by = vec![Vec::new(); spec.components.len()];
    for (id, journey) in journeys.iter().enumerate() {
        let visits = visits(spec, &spec.journeys[id].path, &journey.loads);
        for (&component, visits) in journey.loads.iter().zip(visits) {
            by[component as usize].push((id as u32, visits));
        }
    }
    by
}

/// Mean visits of one request to each of these components: once each, unless an edge says that calls go on in another
/// number; then what the path names is called once, and calls go on as their edges say.
fn visits(spec: &SystemSpec, path: &Path, loads: &[u32]) -> Vec<f64> {
    let place = |name: &str| loads.iter().position(|&component| spec.components[component as usize].name == name);
    let calls = spec.queueing.calls.iter();
    let calls = calls.filter_map(|call| Some((place(&call.from)?, place(&call.to)?, call.visits)));
    let calls: Vec<(usize, usize, f64)> = calls.collect();
    if calls.iter().all(|call| call.2 == 1.0) {
        return vec![1.0; loads.len()];
    }
    let mut external = vec![0.0; loads.len()];
    for at in path.entries().into_iter().filter_map(place) {
        external[at] = if calls.iter().any(|&(from, to, _)| to == at && from != at) { 0.0 } else { 1.0 };
    }
    crate::queueing::jackson::traffic(&external, &calls).unwrap_or_else(|_| vec![1.0; loads.len()])
}

impl Builder<'_> {
    pub(super) fn build(&mut self) -> Result<Vec<Journey>, SystemError> {
        let journeys = &self.spec.journeys;
        let needs: Vec<Needs> = journeys.iter().map(|journey| self.needs(journey)).collect::<Result<_, _>>()?;
        journeys.iter().zip(needs).enumerate().map(|(id, (journey, needs))| self.journey(id, journey, &needs)).collect()
    }

    fn needs(&self, journey: &JourneySpec) -> Result<Needs, SystemError> {
        let names = journey.path.entries();
        let entries: Vec<u32> = names.iter().map(|name| self.dependencies.component(name)).collect::<Result<_, _>>()?;
        let need = |i: usize| self.dependencies.need_of_entry(entries[i], &entries[..i]);
        let hard_entries = (0..entries.len()).filter(|&i| need(i) == Need::Hard);
        let hard: BTreeSet<u32> = hard_entries.flat_map(|i| self.dependencies.hard_closure(entries[i])).collect();
        let entry_soft = entries.iter().copied().filter(|entry| !hard.contains(entry)).collect();
        let soft = self.dependencies.soft_targets(&hard);
        Ok(Needs { hard, entry_soft, soft })
    }

    fn journey(&mut self, id: usize, declared: &JourneySpec, needs: &Needs) -> Result<Journey, SystemError> {
        let demand = declared.demand.as_ref().map(|level| level.rate).filter(|&demand| demand > 0.0);
        let course = self.courses.iter().find(|course| course.of == LevelOf::Demand(id as u32));
        let course = course.filter(|_| demand.is_some());
        let is_drawn = course.is_some_and(|course| course.variation.is_some());
        let known = course.filter(|_| !is_drawn);
        let offered = Offered::of(known.into_iter().flat_map(|course| course.steps.iter().copied()));
        let loads: BTreeSet<u32> = needs.hard.iter().chain(needs.soft.keys()).copied().collect();
        let loads = if demand.is_some() { loads.into_iter().collect() } else { Vec::new() };
        let soft_targets = || needs.soft.keys().flat_map(|&component| self.dependencies.hard_closure(component));
        let reads: BTreeSet<u32> = needs.hard.iter().copied().chain(soft_targets()).collect();
        let partial = reads.iter().any(|&component| self.components[component as usize].partial);
        let mut built = Built { journey: id, needs, numbers: partial, named: BTreeMap::new(), repeated: 0 };
        let (gate, flow) = self.path(&declared.path, &mut built)?;
        let served = Served { gate, flow, components: needs.hard.iter().copied().collect() };
        let mut soft = Vec::new();
        for (&component, &fallback_quality) in &needs.soft {
            let closure: Vec<u32> = self.dependencies.hard_closure(component).into_iter().collect();
            let gate = self.structure.all(closure.iter().map(|&c| self.seen(id, c, Side::Both)).collect());
            let flow = Flow::Least(closure.iter().map(|&component| Flow::Component(component)).collect());
            soft.push(SoftTarget { component, served: Served { gate, flow, components: closure }, fallback_quality });
        }
        let reads = reads.into_iter().collect();
        Ok(Journey { served, soft, rule: declared.rule, demand, offered, is_drawn, loads, partial, reads })
    }

    /// The gate of a component as the users of a journey see it.
    fn seen(&self, journey: usize, component: u32, side: Side) -> GateId {
        self.components[component as usize].seen_from(&self.views[journey], side)
    }

    fn path<'p>(&mut self, path: &'p Path, built: &mut Built<'p>) -> Result<(GateId, Flow), SystemError> {
        match path {
            Path::Component { name, side } => self.entry(name, *side, built),
            Path::All(parts) | Path::AtOnce(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.path(part, built)).collect::<Result<_, _>>()?;
                let (gates, flows): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
                Ok((self.structure.all(gates), built.read(Flow::Least(flows))))
            }
            Path::KOf { need, branches } => {
                if !(1..=branches.len()).contains(&(*need as usize)) {
                    let allowed = format!("1 to {}", branches.len());
                    let (name, value) = ("k_of".to_owned(), f64::from(*need));
                    return Err(SystemError::OutOfRange { what: "need", name, value, allowed });
                }
                let parts: Vec<_> = branches.iter().map(|part| self.path(part, built)).collect::<Result<_, _>>()?;
                let gates = parts.iter().map(|&(gate, _)| gate).collect();
                Ok((self.structure.at_least(*need, gates), built.read(Flow::Sum(parts))))
            }
            Path::Named(part) => {
                if let Some((gate, flow)) = built.named.get(part.name.as_str()) {
                    built.repeated += flow.parts();
                    if built.repeated > REPEATED_MAX {
                        let (what, count) = ("parts of a capacity along a path", built.repeated);
                        return Err(SystemError::TooMany { what, count, limit: REPEATED_MAX });
                    }
                    return Ok((*gate, flow.clone()));
                }
                let found = self.path(&part.path, built)?;
                built.named.insert(&part.name, found.clone());
                Ok(found)
            }
        }
    }

    fn entry(&mut self, name: &str, side: Side, built: &Built<'_>) -> Result<(GateId, Flow), SystemError> {
        let component = self.dependencies.component(name)?;
        if built.needs.entry_soft.contains(&component) {
            return Ok((self.structure.all(Vec::new()), Flow::Least(Vec::new())));
        }
        let mut gates = vec![self.seen(built.journey, component, side)];
        let mut flows = Vec::new();
        for part in self.dependencies.hard_closure(component) {
            if part != component {
                gates.push(self.seen(built.journey, part, Side::Both));
            }
            flows.push(Flow::Component(part));
        }
        Ok((self.structure.all(gates), built.read(Flow::Least(flows))))
    }
}

impl Built<'_> {
    /// The flow, if anybody reads it.
    fn read(&self, flow: Flow) -> Flow {
        if self.numbers { flow } else { Flow::Least(Vec::new()) }
    }
}

impl Flow {
    /// How many parts it has.
    fn parts(&self) -> usize {
        match self {
            Self::Component(_) => 1,
            Self::Least(parts) => 1 + parts.iter().map(Self::parts).sum::<usize>(),
            Self::Sum(parts) => 1 + parts.iter().map(|(_, part)| part.parts()).sum::<usize>(),
        }
    }
}
