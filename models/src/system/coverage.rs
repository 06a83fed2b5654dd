//! Coverage: a failure that redundancy survives is found and dealt with, or is not, and either way costs time.
//!
//! Source: Bouricius, Carter & Schneider, *Proc. 24th ACM Nat. Conf.* (1969) 295; Dugan & Trivedi, *IEEE Trans. Comput.* 38
//! (1989) 775.

use ninefold_sim_core::stream::{StreamId, StreamRegister};

use super::components::Group;
use super::error::SystemError;
use super::spec::{ComponentSpec, Redundancy, SystemSpec};
use super::units::{Slot, SlotEffect, SlotId, Units};
use crate::lifetime::Law;
use crate::units::Hours;

/// What a failure that leaves enough units up does to the service.
#[derive(Clone, Debug, PartialEq)]
pub struct Coverage {
    /// Probability that a failure is covered, 0..=1.
    pub success: f64,
    /// Time for which the service is down after a covered failure.
    pub covered: Law,
    /// Time for which it is down after an uncovered one.
    pub uncovered: Law,
    /// What the clocks and repairs of the group do meanwhile.
    pub meanwhile: Meanwhile,
}

/// What the clocks and repairs of a group do while it is being reconfigured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Meanwhile {
    /// They stand still; calendar clocks run on.
    #[default]
    Frozen,
    /// They run.
    Running,
}

impl Coverage {
    /// Whether no failure ever costs any time: the group is then a plain threshold.
    pub fn costs_nothing(&self) -> bool {
        let none = |law: &Law| law.quantile(1.0) == Hours::ZERO;
        (self.success == 0.0 || none(&self.covered)) && (self.success == 1.0 || none(&self.uncovered))
    }
}

/// A group of units whose failures may be uncovered.
#[derive(Clone, Debug)]
pub struct CoverageGroup {
    /// What its failures cost.
    pub coverage: Coverage,
    /// Serving units it needs.
    pub need: u32,
    /// Its number among the groups with coverage.
    pub window: u32,
    /// Slots that say that the group is being reconfigured after a covered failure, and after an uncovered one.
    pub slots: [SlotId; 2],
    /// Stream of whether failures are covered.
    pub success_stream: StreamId,
    /// Streams of the durations after covered and uncovered failures.
    pub takes_streams: [StreamId; 2],
}

/// The scheme of a component, if some failure of its costs time.
pub(super) fn coverage_of(component: &ComponentSpec) -> Option<(u32, &Coverage)> {
    match &component.redundancy {
        Redundancy::Covered { need, coverage } if !coverage.costs_nothing() => Some((*need, coverage)),
        _ => None,
    }
}

/// The names of the causes that coverage brings to a component.
pub(super) fn cause_names(component: &ComponentSpec) -> Option<[String; 2]> {
    coverage_of(component).map(|_| ["covered", "uncovered"].map(|cause| format!("{}/{cause}", component.name)))
}

/// The coverage of a group of a component; its slots are yet to be numbered.
pub(super) fn group_of(
    component: &ComponentSpec,
    name: &str,
    streams: &mut StreamRegister,
) -> Result<Option<CoverageGroup>, SystemError> {
    let Some((need, coverage)) = coverage_of(component) else { return Ok(None) };
    Ok(Some(CoverageGroup {
        coverage: coverage.clone(),
        need,
        window: 0,
        slots: [SlotId::MAX; 2],
        success_stream: streams.take("coverage", name)?,
        takes_streams: [streams.take("covered", name)?, streams.take("uncovered", name)?],
    }))
}

pub(super) fn check(component: &ComponentSpec, coverage: &Coverage) -> Result<(), SystemError> {
    if (0.0..=1.0).contains(&coverage.success) {
        return Ok(());
    }
    let (name, allowed) = (component.name.clone(), "0 to 1".to_owned());
    Err(SystemError::OutOfRange { what: "probability of coverage", name, value: coverage.success, allowed })
}

/// Numbers the windows of all groups and their slots.
pub(super) fn number(spec: &SystemSpec, groups: &mut [Group], units: &mut Units) {
    let covered = groups.iter_mut().filter_map(|group| {
        let component = &spec.components[group.component as usize];
        let first = *group.units.first()?;
        group.coverage.as_mut().zip(cause_names(component)).map(|(coverage, names)| (first, coverage, names))
    });
    for (window, (unit, coverage, names)) in (0..).zip(covered) {
        coverage.window = window;
        coverage.slots = names.map(|name| {
            let slot = units.slots.len() as SlotId;
            units.slots.push(Slot { unit, effect: SlotEffect::Reconfiguring(units.cause(&name)) });
            slot
        });
    }
}
