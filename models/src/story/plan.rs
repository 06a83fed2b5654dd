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
        let component = self.system.moved_by(plan);
        let detail = match turn {
            Turn::Started { reason, from } => format!("{}, from {}", reason.name(), self.unit(from)),
            Turn::Decided(to) | Turn::Instead(to) => format!("to {}", self.unit(to)),
            Turn::StepEnds(step, StepEnding::Again) => format!("{}, tried again", self.step(step)),
            Turn::StepReady(step) | Turn::StepCalls(step) | Turn::StepBegins(step) | Turn::StepEnds(step, _) => {
                self.step(step)
            }
            Turn::Ended { how, to } => format!("{}, {}", how.name(), self.unit(to)),
            Turn::FellBehind(unit) => self.unit(unit),
            Turn::Resyncing { ends: false } => "never ends".to_owned(),
            Turn::DivergenceFound | Turn::Tested { found: true } => "found".to_owned(),
            Turn::DivergenceMissed => "missed".to_owned(),
            _ => String::new(),
        };
        (kind(turn), actor, component, detail)
    }

    fn step(self, step: StepId) -> String {
        self.system.plans.steps[step as usize].spec.name.clone()
    }
}

/// The kind of transition that a turn of a plan is.
pub(crate) const fn kind(turn: Turn) -> &'static str {
    match turn {
        Turn::Started { .. } => "failover_started",
        Turn::LostIndeed => "failover_true",
        Turn::Deciding => "failover_deciding",
        Turn::Approving => "failover_approving",
        Turn::Decided(_) => "failover_decided",
        Turn::Instead(_) => "failover_instead",
        Turn::NobodyLeft => "failover_nobody",
        Turn::Defect => "failover_defect",
        Turn::Tested { .. } => "failover_tested",
        Turn::StepReady(_) => "step_ready",
        Turn::StepCalls(_) => "step_calls",
        Turn::StepBegins(_) => "step_begins",
        Turn::StepEnds(_, StepEnding::Done) => "step_done",
        Turn::StepEnds(_, StepEnding::Again | StepEnding::Failed) => "step_failed",
        Turn::StepEnds(_, StepEnding::GivenUp) => "step_given_up",
        Turn::TakenOver => "failover_override",
        Turn::WrongDecision => "failover_wrong",
        Turn::Ended { .. } => "failover_ended",
        Turn::FellBehind(_) => "fell_behind",
        Turn::Resyncing { .. } => "resyncing",
        Turn::Resynced => "resynced",
        Turn::DivergenceFound | Turn::DivergenceMissed => "divergence",
    }
}
