//! Autoscalers: components whose number of replicas follows their load.
//!
//! Every unit that the autoscaler may ask for is laid out; those beyond the present number are away: they neither serve nor
//! age. What decides is a [`Scaler`]. A component has one over all its units, or one for each of its states by domain.

use ninefold_sim_core::stream::{StreamId, StreamRegister};
use ninefold_sim_core::tick::Tick;

use super::closure::Dependencies;
use super::components::{Component, Group};
use super::error::SystemError;
use super::nodes::{self, NodePool, NodePoolSpec};
use super::spec::{Clock, Redundancy, Repair, SystemSpec};
use super::structure::GateId;
use super::units::UnitId;
use crate::lifetime::Law;
use crate::scaling::{MILLIONTHS, Scaler};
use crate::units::Hours;

/// Least time between two looks: a second.
pub const LOOK_INTERVAL_MIN: Hours = Hours::new(1.0 / 3600.0);

/// The autoscaler of a component.
#[derive(Clone, Debug, PartialEq)]
pub struct AutoscaleSpec {
    /// The component; it has one of these for each of its groups (states by domain), and a capacity that is constant.
    pub component: String,
    /// The units that it starts and removes, by their places within the component, in the order in which they come: all
    /// units of a group, as many as `scaler` has at most. Empty: all of the component, in written order.
    pub units: Vec<u32>,
    /// Replicas at the start, all of them ready, 1 to the number of its units.
    pub replicas: u32,
    /// What decides, as it is before its first look.
    pub scaler: Scaler,
    /// Spans in which there are at least so many replicas; they may overlap.
    pub scheduled: Vec<Scheduled>,
    /// Predictive scaling: at the start of an hour at least as many replicas as serve the load that is forecast for it, with
    /// this share of what they can serve, 0 to 1.
    pub predicted_at: Option<f64>,
    /// The component through which metrics come, if they can fail: while it is down there are none.
    pub metrics_from: Option<String>,
    /// Time between two looks, at least [`LOOK_INTERVAL_MIN`]; the first is at the start.
    pub interval: Hours,
    /// Age of what a look sees of the load.
    pub metric_delay: Hours,
    /// From the start of a replica until it serves, drawn for each start.
    pub boot: Law,
    /// The nodes that replicas need; silent: there is a place for each.
    pub nodes: Option<NodePoolSpec>,
}

impl AutoscaleSpec {
    /// Its laws, in written order.
    pub(super) fn laws_mut(&mut self) -> impl Iterator<Item = &mut Law> {
        let nodes = self
            .nodes
            .iter_mut()
            .flat_map(|pool| std::iter::once(&mut pool.provision).chain(pool.shortage.iter_mut().flatten()));
        std::iter::once(&mut self.boot).chain(nodes)
    }
}

/// A span in which there are at least so many replicas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scheduled {
    /// Its beginning, since the start.
    pub from: Hours,
    /// Its end, after the beginning.
    pub to: Hours,
    /// How many, at most as the autoscaler has at most.
    pub min: u32,
}

impl AutoscaleSpec {
    /// An autoscaler that looks every 15 s and sees what is there; nothing is scheduled or forecast.
    pub fn new(component: impl Into<String>, replicas: u32, scaler: Scaler, boot: Law) -> Self {
        Self {
            component: component.into(),
            units: Vec::new(),
            replicas,
            scaler,
            scheduled: Vec::new(),
            predicted_at: None,
            metrics_from: None,
            interval: Hours::new(15.0 / 3600.0),
            metric_delay: Hours::ZERO,
            boot,
            nodes: None,
        }
    }
}

/// An autoscaler, compiled.
#[derive(Clone, Debug)]
pub struct Autoscale {
    /// Index of the component.
    pub component: u32,
    /// Index of the group.
    pub group: u32,
    /// How tables name it: the component, or its state in a domain.
    pub entity: String,
    /// The units, in the order in which they come.
    pub units: Vec<UnitId>,
    /// What was declared.
    pub spec: AutoscaleSpec,
    /// Time between two looks.
    pub interval: Tick,
    /// Age of what a look sees.
    pub metric_delay: Tick,
    /// Demand that one replica serves, millionths.
    pub per_replica: u64,
    /// Instants at which another number of replicas is scheduled, and the fewest from there on; ascending.
    pub floors: Vec<(Tick, u32)>,
    /// Load of one replica at the share that predictive scaling goes by, millionths.
    pub predicted_load: Option<u64>,
    /// The nodes that replicas need.
    pub nodes: Option<NodePool>,
    /// Up while metrics can be had, if they can fail.
    pub metrics: Option<GateId>,
    /// For each unit, in the order in which they come, the stream of its boots.
    pub streams: Vec<StreamId>,
    /// Look at every interval, whether anything has changed or not: the answers are the same.
    pub every_look: bool,
    /// Write down every decision that is another than the one before, not only those that change the number.
    pub tells_all: bool,
}

/// Whether the number of a component's replicas follows its load.
pub(super) fn is_scaled(spec: &SystemSpec, component: &str) -> bool {
    spec.autoscalers.iter().any(|scaler| scaler.component == component)
}

pub(super) fn build(
    spec: &SystemSpec,
    dependencies: &Dependencies,
    (components, groups): (&[Component], &[Group]),
) -> Result<Vec<Autoscale>, SystemError> {
    let (mut streams, mut first) = (StreamRegister::under(spec.draw), 0);
    let compile = |(place, scaler): (usize, &AutoscaleSpec)| {
        let component = dependencies.component(&scaler.component)?;
        let declared = &spec.components[component as usize];
        refuse_together(spec, scaler, component as usize)?;
        let units = units_of(scaler, &components[component as usize])?;
        let (group, entity) = group_of((scaler, &components[component as usize]), &units, groups)?;
        let before = spec.autoscalers[..place].iter().filter(|other| other.component == scaler.component);
        if before.into_iter().any(|other| other.units == scaler.units) {
            return Err(SystemError::Duplicate { what: "autoscaler of component", name: entity });
        }
        let rate = declared.capacity_per_unit.as_ref().map_or(0.0, |level| level.rate);
        self::check(scaler, (units.len(), rate))?;
        let metrics = scaler.metrics_from.as_ref().map(|name| dependencies.component(name)).transpose()?;
        if metrics == Some(component) {
            let component = scaler.component.clone();
            return Err(SystemError::NotTogether { component, one: "an autoscaler", other: "metrics through itself" });
        }
        let nodes = nodes::build((scaler, &entity, first), &mut streams)?;
        first += nodes.as_ref().map_or(0, |pool| pool.spec.max);
        let name = |unit: &UnitId| &declared.units[(unit - components[component as usize].units.start) as usize].name;
        let streams: Result<_, _> = units.iter().map(|unit| streams.take("boot", name(unit))).collect();
        Ok(Autoscale {
            component,
            group,
            entity: format!("components.{entity}"),
            units,
            spec: scaler.clone(),
            interval: Tick::from_hours(scaler.interval.get()),
            metric_delay: Tick::from_hours(scaler.metric_delay.get()),
            per_replica: in_millionths(rate).max(1),
            floors: floors(scaler),
            predicted_load: scaler.predicted_at.map(|share| in_millionths(rate * share).max(1)),
            nodes,
            metrics: metrics.map(|metrics| components[metrics as usize].gate),
            streams: streams?,
            every_look: false,
            tells_all: false,
        })
    };
    let all: Vec<Autoscale> = spec.autoscalers.iter().enumerate().map(compile).collect::<Result<_, _>>()?;
    for (id, component) in (0..).zip(components).filter(|(_, component)| component.scaled) {
        if all.iter().filter(|scaler| scaler.component == id).count() < component.groups.len() {
            let component = spec.components[id as usize].name.clone();
            return Err(SystemError::NotTogether { component, one: "an autoscaler", other: "a state that has none" });
        }
    }
    Ok(all)
}

/// Its units, in the order in which they come.
fn units_of(scaler: &AutoscaleSpec, component: &Component) -> Result<Vec<UnitId>, SystemError> {
    if scaler.units.is_empty() {
        return Ok(component.units.clone().collect());
    }
    let count = component.units.len();
    match scaler.units.iter().find(|&&unit| unit as usize >= count) {
        None => Ok(scaler.units.iter().map(|unit| component.units.start + unit).collect()),
        Some(&unit) => Err(SystemError::OutOfRange {
            what: "unit that is scaled",
            name: scaler.component.clone(),
            value: f64::from(unit),
            allowed: format!("0 to {}", count - 1),
        }),
    }
}

/// The group that its units are, and the group's name.
fn group_of(
    (scaler, component): (&AutoscaleSpec, &Component),
    units: &[UnitId],
    groups: &[Group],
) -> Result<(u32, String), SystemError> {
    let mut ascending = units.to_vec();
    ascending.sort_unstable();
    let of = |&group: &u32| groups[group as usize].units == ascending;
    let name = &scaler.component;
    let Some(group) = component.groups.clone().find(of) else {
        let other = "units that are not those of one of its states";
        return Err(SystemError::NotTogether { component: name.clone(), one: "an autoscaler", other });
    };
    let domain = groups[group as usize].domain.as_ref();
    Ok((group, domain.map_or_else(|| name.clone(), |domain| format!("{name}@{domain}"))))
}

/// A rate in millionths, half to even.
pub(crate) fn in_millionths(rate: f64) -> u64 {
    (rate.clamp(0.0, 1e12) * MILLIONTHS as f64).round_ties_even() as u64
}

fn refuse_together(spec: &SystemSpec, scaler: &AutoscaleSpec, component: usize) -> Result<(), SystemError> {
    let declared = &spec.components[component];
    let capacity = declared.capacity_per_unit.as_ref();
    let other = match &declared.redundancy {
        Redundancy::Covered { .. } => "coverage",
        Redundancy::Quorum { .. } => "a quorum",
        Redundancy::Standby(_) => "a standby scheme",
        _ if super::health_check::is_probed(spec, &declared.name) => "a health check",
        _ if spec.time.until_first_failure => "a run to the first failure",
        _ if capacity.is_some_and(|level| level.course.is_some()) => "a capacity that changes over time",
        _ if spec.queueing.scaling(&declared.name).is_some() => "a capacity that does not grow in proportion",
        _ if spec.queueing.queue(&declared.name).is_some_and(|queue| queue.per_replica) => {
            "a queue before each replica"
        }
        _ if spec.queueing.request_level.is_none() && spec.queueing.queue(&declared.name).is_some() => {
            "a queue of which requests are not simulated one by one"
        }
        _ if spec.data_losses.iter().any(|loss| loss.component == declared.name) => "data that may be lost",
        _ if declared.modes.iter().any(|mode| mode.clock == Clock::Calendar) => "a failure mode in calendar time",
        _ if declared.modes.iter().any(|mode| matches!(mode.repair, Repair::Imperfect(_) | Repair::ByRestart)) => {
            "a repair that leaves wear, or a restart that clears it"
        }
        _ => return Ok(()),
    };
    Err(SystemError::NotTogether { component: scaler.component.clone(), one: "an autoscaler", other })
}

/// The fewest replicas by what is scheduled, at each change.
fn floors(scaler: &AutoscaleSpec) -> Vec<(Tick, u32)> {
    let span = |of: &Scheduled| (Tick::from_hours(of.from.get()), Tick::from_hours(of.to.get()), of.min);
    let spans: Vec<(Tick, Tick, u32)> = scaler.scheduled.iter().map(span).collect();
    let mut edges: Vec<Tick> = spans.iter().flat_map(|&(from, to, _)| [from, to]).collect();
    edges.sort_unstable();
    edges.dedup();
    let least = |at: Tick| {
        let open = spans.iter().filter(|(from, to, _)| *from <= at && at < *to);
        open.map(|&(_, _, min)| min).max().unwrap_or(0)
    };
    let mut floors: Vec<(Tick, u32)> = edges.into_iter().map(|at| (at, least(at))).collect();
    floors.dedup_by_key(|(_, min)| *min);
    floors
}

fn check(scaler: &AutoscaleSpec, (units, rate): (usize, f64)) -> Result<(), SystemError> {
    let ((min, max), least) = (scaler.scaler.limits(), LOOK_INTERVAL_MIN.get());
    let (interval, delay) = (scaler.interval.get(), scaler.metric_delay.get());
    let checks = [
        ("replicas", f64::from(scaler.replicas), (1.0, units as f64)),
        ("min", f64::from(min), (0.0, f64::from(max))),
        ("max", f64::from(max), (units as f64, units as f64)),
        ("capacity of a replica", rate, (f64::MIN_POSITIVE, f64::MAX)),
        ("interval", interval, (least, f64::MAX)),
        ("metric_delay", delay, (0.0, f64::MAX)),
        ("share that is predicted at", scaler.predicted_at.unwrap_or(1.0), (1e-6, 1.0)),
    ];
    let scheduled = scaler.scheduled.iter().flat_map(|of| {
        let min = ("scheduled replicas", f64::from(of.min), (0.0, f64::from(max)));
        [min, ("end of what is scheduled", of.to.get(), (of.from.get(), f64::MAX))]
    });
    match checks.into_iter().chain(scheduled).find(|(_, value, (from, to))| !(from <= value && value <= to)) {
        None => Ok(()),
        Some((what, value, (from, to))) => {
            let (name, allowed) = (scaler.component.clone(), format!("{from} to {to}"));
            Err(SystemError::OutOfRange { what, name, value, allowed })
        }
    }
}
