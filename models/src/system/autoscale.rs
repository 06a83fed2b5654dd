//! Autoscalers: components whose number of replicas follows their load.
//!
//! Every unit that the autoscaler may ask for is laid out; those beyond the present number are away: they neither serve nor
//! age. What decides is [`crate::scaling::hpa`].

use ninefold_sim_core::stream::{StreamId, StreamRegister};
use ninefold_sim_core::tick::Tick;

use super::closure::Dependencies;
use super::error::SystemError;
use super::spec::{Clock, Redundancy, Repair, SystemSpec};
use crate::lifetime::Law;
use crate::scaling::MILLIONTHS;
use crate::scaling::hpa::HpaSpec;
use crate::units::Hours;

/// Least time between two looks: a second.
pub const LOOK_INTERVAL_MIN: Hours = Hours::new(1.0 / 3600.0);

/// The autoscaler of a component.
#[derive(Clone, Debug, PartialEq)]
pub struct AutoscaleSpec {
    /// The component; it has at most one of these, a capacity that is constant, and as many units as `policy` has at most.
    pub component: String,
    /// Replicas at the start, all of them ready, 1 to the number of its units.
    pub replicas: u32,
    /// What it is told to do; one target, and at least 1 replica.
    pub policy: HpaSpec,
    /// Time between two looks, at least [`LOOK_INTERVAL_MIN`]; the first is at the start.
    pub interval: Hours,
    /// Age of what a look sees of the load.
    pub metric_delay: Hours,
    /// From the start of a replica until it serves, drawn for each start.
    pub boot: Law,
}

/// An autoscaler, compiled.
#[derive(Clone, Debug)]
pub struct Autoscale {
    /// Index of the component.
    pub component: u32,
    /// What was declared.
    pub spec: AutoscaleSpec,
    /// Time between two looks.
    pub interval: Tick,
    /// Age of what a look sees.
    pub metric_delay: Tick,
    /// Demand that one replica serves, millionths.
    pub per_replica: u64,
    /// For each unit of the component, the stream of its boots.
    pub streams: Vec<StreamId>,
    /// Look at every interval, whether anything has changed or not: the answers are the same.
    pub every_look: bool,
}

/// Whether the number of a component's replicas follows its load.
pub(super) fn is_scaled(spec: &SystemSpec, component: &str) -> bool {
    spec.autoscalers.iter().any(|scaler| scaler.component == component)
}

pub(super) fn build(spec: &SystemSpec, dependencies: &Dependencies) -> Result<Vec<Autoscale>, SystemError> {
    let mut streams = StreamRegister::under(spec.draw);
    let compile = |(place, scaler): (usize, &AutoscaleSpec)| {
        let component = dependencies.component(&scaler.component)?;
        if spec.autoscalers[..place].iter().any(|other| other.component == scaler.component) {
            return Err(SystemError::Duplicate { what: "autoscaler of component", name: scaler.component.clone() });
        }
        let declared = &spec.components[component as usize];
        refuse_together(spec, scaler, component as usize)?;
        let rate = declared.capacity_per_unit.as_ref().map_or(0.0, |level| level.rate);
        self::check(scaler, (declared.units.len(), rate))?;
        let streams: Result<_, _> = declared.units.iter().map(|unit| streams.take("boot", &unit.name)).collect();
        Ok(Autoscale {
            component,
            spec: scaler.clone(),
            interval: Tick::from_hours(scaler.interval.get()),
            metric_delay: Tick::from_hours(scaler.metric_delay.get()),
            per_replica: in_millionths(rate).max(1),
            streams: streams?,
            every_look: false,
        })
    };
    spec.autoscalers.iter().enumerate().map(compile).collect()
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
        _ if declared.per.is_some() => "states by domain",
        _ if capacity.is_some_and(|level| level.course.is_some()) => "a capacity that changes over time",
        _ if spec.queueing.scaling(&declared.name).is_some() => "a capacity that does not grow in proportion",
        _ if spec.queueing.queues.iter().any(|queue| queue.component == declared.name) => "a queue",
        _ if spec.data_losses.iter().any(|loss| loss.component == declared.name) => "data that may be lost",
        _ if declared.modes.iter().any(|mode| mode.clock == Clock::Calendar) => "a failure mode in calendar time",
        _ if declared.modes.iter().any(|mode| matches!(mode.repair, Repair::Imperfect(_) | Repair::ByRestart)) => {
            "a repair that leaves wear, or a restart that clears it"
        }
        _ => return Ok(()),
    };
    Err(SystemError::NotTogether { component: scaler.component.clone(), one: "an autoscaler", other })
}

fn check(scaler: &AutoscaleSpec, (units, rate): (usize, f64)) -> Result<(), SystemError> {
    let (policy, least) = (&scaler.policy, LOOK_INTERVAL_MIN.get());
    let (interval, delay) = (scaler.interval.get(), scaler.metric_delay.get());
    let checks = [
        ("replicas", f64::from(scaler.replicas), (1.0, units as f64)),
        ("min", f64::from(policy.min), (1.0, f64::from(policy.max))),
        ("max", f64::from(policy.max), (units as f64, units as f64)),
        ("metrics", policy.targets.len() as f64, (1.0, 1.0)),
        ("capacity of a replica", rate, (f64::MIN_POSITIVE, f64::MAX)),
        ("interval", interval, (least, f64::MAX)),
        ("metric_delay", delay, (0.0, f64::MAX)),
    ];
    match checks.into_iter().find(|(_, value, (from, to))| !(from <= value && value <= to)) {
        None => Ok(()),
        Some((what, value, (from, to))) => {
            let (name, allowed) = (scaler.component.clone(), format!("{from} to {to}"));
            Err(SystemError::OutOfRange { what, name, value, allowed })
        }
    }
}
