//! Health checks: probes of each unit of a component, and who is taken out of rotation for them.
//!
//! Source: the rule of so many in a row is that of load balancers; the floor below which all serve is the panic threshold
//! of Envoy, *Architecture overview: Panic threshold*.

use ninefold_sim_core::stream::{StreamId, StreamRegister};

use super::closure::Dependencies;
use super::components::Component;
use super::error::SystemError;
use super::probing::{ProbeSpec, Probing};
use super::spec::SystemSpec;
use super::structure::GateId;
use super::visibility;

/// The health check of a component.
#[derive(Clone, Debug, PartialEq)]
pub struct HealthCheckSpec {
    /// The component; it has at most one of these, and `redundancy` none or k of n.
    pub component: String,
    /// How each unit is probed, and after how many in a row it is ejected and is back.
    pub probes: ProbeSpec,
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
    /// How each unit is probed.
    pub probing: Probing,
    /// What a deep check reads besides.
    pub reads: Vec<GateId>,
    /// For each mode of a unit, whether a probe sees it; `None`: those that take it down, and no other.
    pub seen: Option<Vec<bool>>,
    /// For each unit of the component, the stream of its probes.
    pub streams: Vec<StreamId>,
}

/// Whether the units of a component are probed.
pub(super) fn is_probed(spec: &SystemSpec, component: &str) -> bool {
    spec.health_checks.iter().any(|check| check.component == component)
}

/// False ejections expected within the horizon.
pub(super) fn expected_events(spec: &SystemSpec) -> f64 {
    let of = |check: &HealthCheckSpec| {
        let units = spec.components.iter().find(|c| c.name == check.component).map_or(0, |c| c.units.len());
        units as f64 * check.probes.expected_events(spec.time.horizon)
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
        Ok(HealthCheck {
            component,
            spec: check.clone(),
            probing: Probing::new(&check.probes),
            reads: needed.map(|other| components[other as usize].gate).collect(),
            seen: visibility::seen(spec, &spec.components[component as usize]),
            streams: streams?,
        })
    };
    spec.health_checks.iter().enumerate().map(compile).collect()
}

fn check(spec: &SystemSpec, check: &HealthCheckSpec, component: usize) -> Result<(), SystemError> {
    let together = spec.components[component].redundancy.scheme();
    if let Some(other) = together {
        return Err(SystemError::NotTogether { component: check.component.clone(), one: "a health check", other });
    }
    check.probes.check(&check.component)?;
    if (0.0..=1.0).contains(&check.fail_open_below) {
        return Ok(());
    }
    let (name, value, allowed) = (check.component.clone(), check.fail_open_below, "0 to 1".to_owned());
    Err(SystemError::OutOfRange { what: "fail_open_below", name, value, allowed })
}
