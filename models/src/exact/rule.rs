//! Whether a journey is up exactly while its hard structure is.
//!
//! Capacity and errors cannot take it down if even the least it can serve while its structure is up satisfies its
//! rule: the fewest units of every component, all degraded at once.

use crate::system::{Effect, Flow, Journey, Redundancy, System};

/// Whether the rule of `journey` looks at the structure alone.
pub(crate) fn is_structural(system: &System, journey: &Journey) -> bool {
    if !journey.partial {
        return true;
    }
    if system.is_varying(journey) {
        return false;
    }
    let capacity = least_capacity((system, journey.demand), &journey.served.flow);
    let errors = journey.served.components.iter().map(|&component| least_quality(system, component)).product::<f64>();
    let share = journey.demand.map_or(1.0, |demand| (capacity / demand).min(1.0));
    share * errors >= journey.rule.success && journey.rule.capacity_at_least.is_none_or(|least| capacity >= least)
}

/// The least capacity along a flow while its gate is up.
fn least_capacity((system, demand): (&System, Option<f64>), flow: &Flow) -> f64 {
    match flow {
        Flow::Component(component) => share(system, demand, *component) * least_of_component(system, *component),
        Flow::Least(parts) => {
            parts.iter().map(|part| least_capacity((system, demand), part)).fold(f64::INFINITY, f64::min)
        }
        // At least one branch is up.
        Flow::Sum(parts) => {
            parts.iter().map(|(_, part)| least_capacity((system, demand), part)).fold(f64::INFINITY, f64::min)
        }
    }
}

/// The part of a component that is left to a journey of this demand; without courses.
fn share(system: &System, demand: Option<f64>, component: u32) -> f64 {
    let journeys = system.loaded_by[component as usize].iter();
    let load: f64 =
        journeys.map(|&(journey, visits)| system.journeys[journey as usize].demand.unwrap_or(0.0) * visits).sum();
    demand.filter(|_| load > 0.0).map_or(1.0, |demand| demand / load)
}

fn least_of_component(system: &System, component: u32) -> f64 {
    let declared = &system.spec.components[component as usize];
    let Some(per_unit) = &declared.capacity_per_unit else { return f64::INFINITY };
    let units = match &declared.redundancy {
        Redundancy::None => 1,
        Redundancy::KOfN { need } | Redundancy::Covered { need, .. } => *need,
        Redundancy::Quorum { write, read } => (*write).min(*read),
        Redundancy::Standby(scheme) => scheme.need,
    };
    let degraded = declared.modes.iter().map(|mode| match mode.effect {
        Effect::Down => 1.0,
        Effect::Degraded { capacity, .. } => capacity,
    });
    let degraded = degraded.product::<f64>();
    match &system.components[component as usize].scaling {
        None => f64::from(units) * per_unit.rate * degraded,
        // It rises to a peak and falls: it is least at one of the ends.
        Some(law) => law.capacity(f64::from(units) * degraded).min(law.capacity(declared.units.len() as f64)),
    }
}

/// The least share of what a component serves that does not fail; a router may send every client to a place that is down.
fn least_quality(system: &System, component: u32) -> f64 {
    if system.components[component as usize].routed.is_some() {
        return 0.0;
    }
    let modes = system.spec.components[component as usize].modes.iter();
    let good = modes.map(|mode| match mode.effect {
        Effect::Down => 1.0,
        Effect::Degraded { errors, .. } => 1.0 - errors,
    });
    good.product()
}
