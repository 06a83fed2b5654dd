//! How what happens to a failover plan is told.

use super::tell::{Telling, What};
use super::transition::Change;
use crate::mechanism::{StepEnding, Turn};
use crate::system::{PlanId, StepId};

impl Telling<'_> {
    /// Kind, actor, component and detail of a transition of an instance of a plan.
    pub(super) fn plan(self, plan: PlanId, change: &Change) -> What {
        let Change::Turned(turn) = *change else { unreachable!("bug: no change of a plan: {change:?}") };
        let compiled = &self.system.plans.instances[plan as usize];
        let actor = format!("failovers.{}", self.system.spec.failovers[compiled.plan as usize].name);
        let group = &self.system.groups[compiled.group as usize];
        let name = &self.system.spec.components[group.component as usize].name;
        let component =
            group.domain.as_ref().map_or_else(|| format!("components.{name}"), |d| format!("components.{name}@{d}"));
        let (kind, detail) = match turn {
            Turn::Started { reason, from } => {
                ("failover_started", format!("{}, from {}", reason.name(), self.unit(from)))
            }
            Turn::LostIndeed => ("failover_true", String::new()),
            Turn::Deciding => ("failover_deciding", String::new()),
            Turn::Decided(to) => ("failover_decided", format!("to {}", self.unit(to))),
            Turn::Instead(to) => ("failover_instead", format!("to {}", self.unit(to))),
            Turn::NobodyLeft => ("failover_nobody", String::new()),
            Turn::Defect => ("failover_defect", String::new()),
            Turn::StepReady(step) => ("step_ready", self.step(step)),
            Turn::StepBegins(step) => ("step_begins", self.step(step)),
            Turn::StepEnds(step, StepEnding::Done) => ("step_done", self.step(step)),
            Turn::StepEnds(step, StepEnding::Again) => ("step_failed", format!("{}, tried again", self.step(step))),
            Turn::StepEnds(step, StepEnding::Failed) => ("step_failed", self.step(step)),
            Turn::StepEnds(step, StepEnding::GivenUp) => ("step_given_up", self.step(step)),
            Turn::TakenOver => ("failover_override", String::new()),
            Turn::WrongDecision => ("failover_wrong", String::new()),
            Turn::Ended { how, to } => ("failover_ended", format!("{}, {}", how.name(), self.unit(to))),
            Turn::FellBehind(unit) => ("fell_behind", self.unit(unit)),
            Turn::Resyncing { ends: true } => ("resyncing", String::new()),
            Turn::Resyncing { ends: false } => ("resyncing", "never ends".to_owned()),
            Turn::Resynced => ("resynced", String::new()),
            Turn::DivergenceFound => ("divergence", "found".to_owned()),
            Turn::DivergenceMissed => ("divergence", "missed".to_owned()),
        };
        (kind, actor, component, detail)
    }

    fn step(self, step: StepId) -> String {
        self.system.plans.steps[step as usize].spec.name.clone()
    }
}
