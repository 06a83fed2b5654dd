//! Health checks: probes of each unit of a component, and who is taken out of rotation for them.
//!
//! Source: the rule of so many in a row is that of load balancers; the floor below which all serve is the panic threshold
//! of Envoy, *Architecture overview: Panic threshold*.

use ninefold_sim_core::stream::{StreamId, StreamRegister};
use ninefold_sim_core::tick::Tick;

use super::closure::Dependencies;
use super::components::Component;
use super::error::SystemError;
use super::runs::{RUN_MAX, Runs, mean_trials};
use super::spec::{Redundancy, SystemSpec};
use super::structure::GateId;
use crate::units::Hours;

/// Least time between two probes of a unit: a millisecond.
pub const PROBE_INTERVAL_MIN: Hours = Hours::new(1e-3 / 3600.0);

/// The health check of a component.
#[derive(Clone, Debug, PartialEq)]
pub struct HealthCheckSpec {
    /// The component; it has at most one of these, and `redundancy` none or k of n.
    pub component: String,
    /// Time between two probes of a unit, at least [`PROBE_INTERVAL_MIN`].
    pub interval: Hours,
    /// Time after which a probe without an answer has failed, 0 to `interval`.
    pub timeout: Hours,
    /// Failed probes in a row after which a unit is ejected, 1 to 16.
    pub unhealthy_after: u32,
    /// Good probes in a row after which it is back, 1 to 16.
    pub healthy_after: u32,
    /// Probability that a probe of a good unit fails, 0..=1.
    pub false_positive: f64,
    /// Probability that a probe of a bad one passes, 0..=1.
    pub false_negative: f64,
    /// What a probe asks.
    pub depth: Depth,
    /// All units serve while the share of those not judged bad is below this, 0..=1.
    pub fail_open_below: f64,
}

/// What a probe asks of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Depth {
    /// Whether the unit itself is able.
    #[default]
    Shallow,
    /// Also whether every component is up that its own needs hard, directly or not.
    Deep,
}

/// A health check, compiled.
#[derive(Clone, Debug)]
pub struct HealthCheck {
    /// Index of the component.
    pub component: u32,
    /// What was declared.
    pub spec: HealthCheckSpec,
    /// Time between two probes of a unit.
    pub interval: Tick,
    /// Time after which a probe has failed.
    pub timeout: Tick,
    /// What a deep check reads besides.
    pub reads: Vec<GateId>,
    /// For each unit of the component, the stream of its probes.
    pub streams: Vec<StreamId>,
    /// Probes until a unit in rotation is ejected: a good one, a bad one.
    pub ejects: [Runs; 2],
    /// Probes until an ejected unit is back: a good one, a bad one.
    pub returns: [Runs; 2],
}

/// Whether the units of a component are probed.
pub(super) fn is_probed(spec: &SystemSpec, component: &str) -> bool {
    spec.health_checks.iter().any(|check| check.component == component)
}

/// False ejections expected within the horizon.
pub(super) fn expected_events(spec: &SystemSpec) -> f64 {
    let of = |check: &HealthCheckSpec| {
        let units = spec.components.iter().find(|c| c.name == check.component).map_or(0, |c| c.units.len());
        let probes = mean_trials(check.false_positive, check.unhealthy_after);
        2.0 * units as f64 * spec.time.horizon.get() / (check.interval.get() * probes)
    };
    spec.health_checks.iter().map(of).sum()
}

pub(super) fn build(
    spec: &SystemSpec,
    components: &[Component],
    dependencies: &Dependencies,
) -> Result<Vec<HealthCheck>, SystemError> {
    let mut streams = StreamRegister::under(spec.draw);
    let compile = |(place, check): (usize, &HealthCheckSpec)| {
        let component = dependencies.component(&check.component)?;
        if spec.health_checks[..place].iter().any(|other| other.component == check.component) {
            return Err(SystemError::Duplicate { what: "health check of component", name: check.component.clone() });
        }
        self::check(spec, check, component as usize)?;
        let units = &spec.components[component as usize].units;
        let streams: Result<_, _> = units.iter().map(|unit| streams.take("health_check", &unit.name)).collect();
        let needed = match check.depth {
            Depth::Shallow => Default::default(),
            Depth::Deep => dependencies.hard_closure(component),
        };
        let needed = needed.into_iter().filter(|&other| other != component);
        let HealthCheckSpec { unhealthy_after, healthy_after, false_positive, false_negative, .. } = *check;
        Ok(HealthCheck {
            component,
            spec: check.clone(),
            interval: Tick::from_hours(check.interval.get()),
            timeout: Tick::from_hours(check.timeout.get()),
            reads: needed.map(|other| components[other as usize].gate).collect(),
            streams: streams?,
            ejects: [false_positive, 1.0 - false_negative].map(|p| Runs::new(p, unhealthy_after)),
            returns: [1.0 - false_positive, false_negative].map(|p| Runs::new(p, healthy_after)),
        })
    };
    spec.health_checks.iter().enumerate().map(compile).collect()
}

fn check(spec: &SystemSpec, check: &HealthCheckSpec, component: usize) -> Result<(), SystemError> {
    let together = match &spec.components[component].redundancy {
        Redundancy::None | Redundancy::KOfN { .. } => None,
        Redundancy::Covered { .. } => Some("coverage"),
        Redundancy::Quorum { .. } => Some("a quorum"),
        Redundancy::Standby(_) => Some("a standby scheme"),
    };
    if let Some(other) = together {
        return Err(SystemError::NotTogether { component: check.component.clone(), one: "a health check", other });
    }
    let (least, interval) = (PROBE_INTERVAL_MIN.get(), check.interval.get());
    let runs = format!("1 to {RUN_MAX}");
    let run = |times: u32| (1..=RUN_MAX as u32).contains(&times);
    let ratio = |ratio: f64| (0.0..=1.0).contains(&ratio);
    let ratios = || "0 to 1".to_owned();
    let within = |value: f64, (from, to): (f64, f64)| from <= value && value <= to;
    let checks = [
        ("interval", interval, within(interval, (least, f64::MAX)), "1 ms or more".to_owned()),
        ("timeout", check.timeout.get(), within(check.timeout.get(), (0.0, interval)), format!("0 to {interval} h")),
        ("unhealthy_after", f64::from(check.unhealthy_after), run(check.unhealthy_after), runs.clone()),
        ("healthy_after", f64::from(check.healthy_after), run(check.healthy_after), runs),
        ("false_positive", check.false_positive, ratio(check.false_positive), ratios()),
        ("false_negative", check.false_negative, ratio(check.false_negative), ratios()),
        ("fail_open_below", check.fail_open_below, ratio(check.fail_open_below), ratios()),
    ];
    match checks.into_iter().find(|(_, _, good, _)| !good) {
        None => Ok(()),
        Some((what, value, _, allowed)) => {
            Err(SystemError::OutOfRange { what, name: check.component.clone(), value, allowed })
        }
    }
}
