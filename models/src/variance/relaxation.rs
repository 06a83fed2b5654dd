//! The independent relaxation: the same system with its coupling removed.
//!
//! Every switch is at once and certain and dormant units age as active ones, so a standby group is up while enough of its
//! units are able; a clock that stands still with the service runs in operating time; every repair has a crew of its own
//! and makes as good as new, no failure that redundancy survives costs time, no failure brings others with it, no shock
//! strikes, no health check ejects anybody, no autoscaler removes anybody, no load shifts, nobody fails when called, no spot
//! capacity is reclaimed, no unit warms up and no router sends anybody astray. What is left are independent processes over a
//! structure, which the exact engine answers. Streams are keyed by name, so a replication of the relaxation draws what the same replication of the system
//! draws.

use crate::exact::{self, NotExact};
use crate::lifetime::Law;
use crate::system::{Clock, ModeSpec, Redundancy, Repair, RepairStarts, StandbyMode, System, SystemSpec, TrackedId};
use crate::units::Hours;

/// A system without its coupling, and what it is known to give.
#[derive(Debug)]
pub struct Relaxation {
    /// The system.
    pub system: System,
    /// For each tracked entity, the exact mean share of the measured time that it is down; the reason where there is none.
    pub expected: Vec<Result<f64, NotExact>>,
}

/// The relaxation of a system; `None` if the system has no coupling.
pub fn relaxation(system: &System) -> Option<Relaxation> {
    let mut spec = system.spec.clone();
    if !decouple(&mut spec) {
        return None;
    }
    spec.data_losses.clear();
    spec.replications.clear();
    let (from, to) = (spec.time.warmup, spec.time.horizon);
    spec.time.report_at = [from, to].into_iter().filter(|at| at.get() > 0.0).collect();
    let system = System::build(spec).expect("bug: the relaxation of a system is one");
    let solutions = exact::solve(&system);
    let up_until = |entity: &str, at: Hours| -> Result<f64, NotExact> {
        if at.get() == 0.0 {
            return Ok(0.0);
        }
        let measure = "interval_availability_at";
        match solutions.get(entity, measure, Some(at.get())) {
            Some((up, _)) => Ok(up * at.get()),
            None => Err(solutions.reason(entity, measure).cloned().unwrap_or(NotExact::NoConvergence)),
        }
    };
    let expected = |id: usize| -> Result<f64, NotExact> {
        let entity = system.tracked[id].entity();
        let up = up_until(entity, to)? - up_until(entity, from)?;
        Ok(1.0 - up / (to.get() - from.get()))
    };
    let expected = (0..system.tracked.len()).map(expected).collect();
    Some(Relaxation { system, expected })
}

impl Relaxation {
    /// The exact mean of an entity, if it has one.
    pub fn expected(&self, id: TrackedId) -> Option<f64> {
        self.expected.get(id as usize)?.as_ref().ok().copied()
    }
}

/// Removes all coupling; returns whether there was any.
fn decouple(spec: &mut SystemSpec) -> bool {
    let at_once = Law::constant(Hours::ZERO).expect("bug: no time is a time");
    let mut coupled = !spec.shocks.is_empty() || !spec.failovers.is_empty() || !spec.health_checks.is_empty();
    coupled |= !spec.autoscalers.is_empty();
    spec.autoscalers.clear();
    coupled |= !spec.load_sharings.is_empty();
    spec.load_sharings.clear();
    coupled |= !spec.on_demands.is_empty();
    spec.on_demands.clear();
    coupled |= !spec.spots.is_empty();
    spec.spots.clear();
    coupled |= !spec.host_pools.is_empty();
    spec.host_pools.clear();
    coupled |= !spec.routings.is_empty();
    spec.routings.clear();
    coupled |= !spec.quorums.elections.is_empty();
    spec.quorums.elections.clear();
    spec.health_checks.clear();
    spec.failovers.clear();
    spec.shocks.clear();
    coupled |= spec.components.iter().flat_map(|component| &component.modes).any(ModeSpec::is_warm_up);
    coupled |= !spec.experiments.is_empty();
    spec.experiments.clear();
    let runs = |mode: &ModeSpec| !matches!(mode.clock, Clock::Struck | Clock::Called);
    spec.components.iter_mut().for_each(|component| component.modes.retain(runs));
    spec.domains.iter_mut().for_each(|domain| domain.modes.retain(runs));
    let domains = spec.domains.iter_mut().map(|domain| &mut domain.modes);
    let owners = spec.components.iter_mut().map(|component| &mut component.modes).chain(domains);
    for mode in owners.flatten() {
        if let Repair::ByCrew(crew) = &mode.repair {
            mode.repair = Repair::Takes(crew.takes.clone());
            coupled = true;
        }
        if let (Some(_), Repair::Imperfect(imperfect)) = (mode.worn(), &mode.repair) {
            mode.repair = Repair::Takes(imperfect.takes.clone());
            coupled = true;
        }
        coupled |= !mode.propagates.is_empty();
        mode.propagates.clear();
    }
    for component in &mut spec.components {
        if let Redundancy::Standby(scheme) = &mut component.redundancy {
            let before = scheme.clone();
            scheme.mode = StandbyMode::Hot;
            (scheme.switch_takes, scheme.switch_success, scheme.manual_switch) = (at_once.clone(), 1.0, None);
            scheme.repair_starts = RepairStarts::AtOnce;
            coupled |= *scheme != before;
        }
        if let Redundancy::Covered { need, coverage } = &component.redundancy {
            coupled |= !coverage.costs_nothing();
            component.redundancy = Redundancy::KOfN { need: *need };
        }
        for mode in component.modes.iter_mut().filter(|mode| mode.clock == Clock::Service) {
            mode.clock = Clock::Operating;
            coupled = true;
        }
    }
    coupled
}
