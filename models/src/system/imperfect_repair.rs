//! Imperfect repair: what mends a failure without making its mode as good as new, and what a restart clears.
//!
//! A mode has a *virtual age*, 0 when new. A life that begins at virtual age `v` ends after the time that is left of the
//! law's life at age `v`; a repair leaves the mode at another virtual age. Source: Kijima, *J. Appl. Prob.* 26 (1989);
//! minimal repair: Barlow & Hunter, *Operations Research* 8 (1960); restarts: Huang, Kintala, Kolettis & Fulton,
//! *FTCS-25* (1995).

use super::error::SystemError;
use super::spec::{Clock, ComponentSpec, DomainSpec, Effect, ModeSpec, Repair, SystemSpec};
use crate::lifetime::Law;

/// A repair that starts at once and leaves the mode older than new.
#[derive(Clone, Debug, PartialEq)]
pub struct ImperfectRepair {
    /// How long it takes.
    pub takes: Law,
    /// What it leaves.
    pub leaves: Quality,
}

/// The virtual age that a repair leaves, after `x` of a life begun at virtual age `v`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Quality {
    /// `v + x`: the failure is mended and nothing else.
    AsBadAsOld,
    /// `v + q x`, `q` in 0..=1: of the last life alone a part is undone.
    KijimaI(f64),
    /// `q (v + x)`, `q` in 0..=1: of all that has been a part is undone.
    KijimaII(f64),
}

impl Quality {
    /// Whether it makes as good as new.
    pub fn is_perfect(self) -> bool {
        matches!(self, Self::KijimaI(0.0) | Self::KijimaII(0.0))
    }
}

impl ModeSpec {
    /// What its repairs leave, where that is not as good as new and makes a difference.
    pub(crate) fn worn(&self) -> Option<Quality> {
        let Repair::Imperfect(ImperfectRepair { leaves, .. }) = &self.repair else { return None };
        (!leaves.is_perfect() && self.time_to_failure.is_exponential().is_none()).then_some(*leaves)
    }

    /// Whether it lasts until its unit restarts.
    pub(crate) fn is_cleared(&self) -> bool {
        self.repair == Repair::ByRestart
    }
}

pub(super) fn check(spec: &SystemSpec) -> Result<(), SystemError> {
    for ComponentSpec { modes, .. } in &spec.components {
        let restarts = modes.iter().any(|mode| mode.effect == Effect::Down && mode.repair.law().is_some());
        for mode in modes {
            check_quality(mode)?;
            let why = match mode.effect {
                _ if !mode.is_cleared() => continue,
                Effect::Down => "takes its unit down, so that a restart is what its repair would be",
                Effect::Degraded { .. } if !restarts => "waits for a restart, and no repair of its unit brings one",
                Effect::Degraded { .. } => continue,
            };
            return Err(SystemError::NeverCleared { mode: mode.name.clone(), why });
        }
    }
    for DomainSpec { modes, .. } in &spec.domains {
        for mode in modes {
            check_quality(mode)?;
            if mode.is_cleared() {
                let why = "is a domain's, which does not restart";
                return Err(SystemError::NeverCleared { mode: mode.name.clone(), why });
            }
        }
    }
    Ok(())
}

fn check_quality(mode: &ModeSpec) -> Result<(), SystemError> {
    let Repair::Imperfect(ImperfectRepair { leaves, .. }) = &mode.repair else { return Ok(()) };
    if let Quality::KijimaI(q) | Quality::KijimaII(q) = *leaves
        && !(0.0..=1.0).contains(&q)
    {
        let (what, allowed) = ("Kijima's factor of a repair", "0 to 1".to_owned());
        return Err(SystemError::OutOfRange { what, name: mode.name.clone(), value: q, allowed });
    }
    if mode.worn().is_some() && !mode.time_to_failure.has_hazard() {
        return Err(SystemError::NoHazard { mode: mode.name.clone(), law: mode.time_to_failure.name() });
    }
    Ok(())
}

/// Whether a shared risk strikes what has worn modes or modes that a restart clears.
pub(super) fn is_struck(component: &ComponentSpec) -> bool {
    let own = |mode: &ModeSpec| matches!(mode.repair, Repair::Imperfect(_) | Repair::ByRestart);
    component.modes.iter().any(own) && component.modes.iter().any(|mode| mode.clock == Clock::Struck)
}

/// A bound on the failures of a mode that is never as good as new, expected within so many hours of operation.
pub(super) fn expected_failures(mode: &ModeSpec, hours: crate::units::Hours) -> f64 {
    let Repair::Imperfect(ImperfectRepair { takes, .. }) = &mode.repair else { return 0.0 };
    let fails = mode.time_to_failure.accrued_hazard(hours);
    // However fast it fails, each failure takes a repair.
    if takes.mean().get() > 0.0 { fails.min(hours.get() / takes.mean().get()) } else { fails }
}
