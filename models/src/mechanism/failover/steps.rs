//! The steps of a plan: handed over, waiting for a crew or a control plane, under way, tried again.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use super::{Ending, Failover, Phase, StepEnding, Turn, drawn, of, schedule};
use crate::board::FactKind;
use crate::mechanism::{Kind, Moment, Out, Place};
use crate::system::{JobId, PlanId, PlanStep, StepId};

/// What a step is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stand {
    /// Not begun, done, or given up.
    Idle,
    /// Being handed to whoever does it.
    HandedOver,
    /// A domain that it needs is lost.
    NoControlPlane,
    /// No crew has come yet.
    NoCrew,
    /// Under way.
    Working,
    /// Between two tries.
    Pausing,
}

/// The state of a step.
#[derive(Debug)]
pub(super) struct StepState {
    stand: Stand,
    /// Further tries that are left.
    retries: u32,
    takes: Stream,
    success: Stream,
    pause: Stream,
}

impl StepState {
    pub(super) const fn of(step: &PlanStep) -> Self {
        Self {
            stand: Stand::Idle,
            retries: 0,
            takes: Stream::new(step.takes_stream),
            success: Stream::new(step.success_stream),
            pause: Stream::new(step.pause_stream),
        }
    }

    pub(super) fn rewind(&mut self) {
        self.stand = Stand::Idle;
        self.takes.rewind();
        self.success.rewind();
        self.pause.rewind();
    }
}

fn step<'a>(s: StepId, at: Moment<'a>) -> &'a PlanStep {
    &at.system.plans.steps[s as usize]
}

impl Failover {
    fn state(&mut self, s: StepId) -> &mut StepState {
        &mut self.steps[s as usize]
    }

    /// The steps of a stage begin side by side; after the last the place is filled.
    pub(super) fn begin_stage(&mut self, i: PlanId, stage: usize, at: Moment<'_>, out: &mut Out) {
        let state = self.instance(i);
        let Some(steps) = of(i, at.system).stages.get(stage) else {
            if let Place::Switching(unit) = state.place {
                self.fill(i, (Ending::Moved, unit), at, out);
            }
            return;
        };
        (state.stage, state.left) = (stage, steps.len());
        for s in steps.clone() {
            self.note(i, at, Turn::StepReady(s));
            let spec = &step(s, at).spec;
            let state = self.state(s);
            state.retries = spec.retries;
            match &spec.hand_over {
                Some(law) => {
                    state.stand = Stand::HandedOver;
                    let takes = drawn(law, &mut state.pause, at);
                    schedule(out, at, (takes, Kind::PlanStepEnds, s));
                }
                None => self.seek_control_plane(s, at, out),
            }
        }
    }

    fn seek_control_plane(&mut self, s: StepId, at: Moment<'_>, out: &mut Out) {
        if step(s, at).control_plane.iter().any(|&domain| !at.board.is_able(domain)) {
            self.state(s).stand = Stand::NoControlPlane;
        } else {
            self.seek_crew(s, at, out);
        }
    }

    /// Some domain is lost or has returned.
    pub(super) fn control_plane_changed(&mut self, at: Moment<'_>, out: &mut Out) {
        for s in 0..self.steps.len() as StepId {
            if self.state(s).stand == Stand::NoControlPlane {
                self.seek_control_plane(s, at, out);
            }
        }
    }

    fn seek_crew(&mut self, s: StepId, at: Moment<'_>, out: &mut Out) {
        match step(s, at).job {
            Some(job) => {
                self.state(s).stand = Stand::NoCrew;
                self.note(step(s, at).instance, at, Turn::StepCalls(s));
                out.note(FactKind::CrewWanted, job);
            }
            None => self.work(s, at, out),
        }
    }

    /// One of a team's crews has come, for a step or a decision.
    pub(super) fn crew_came(&mut self, job: JobId, at: Moment<'_>, out: &mut Out) {
        let waits = |s: &StepId| at.system.plans.steps[*s as usize].job == Some(job);
        if let Some(s) = (0..self.steps.len() as StepId).find(waits) {
            if self.state(s).stand == Stand::NoCrew {
                self.work(s, at, out);
            }
            return;
        }
        let decides = |i: &PlanId| of(*i, at.system).approval == Some(job);
        if let Some(i) = (0..self.instances.len() as PlanId).find(decides)
            && self.instance(i).phase == Phase::Deciding
        {
            self.note(i, at, Turn::Approving);
            self.make_up_mind(i, Tick::ZERO, at, out);
        }
    }

    fn work(&mut self, s: StepId, at: Moment<'_>, out: &mut Out) {
        let of = step(s, at);
        self.note(of.instance, at, Turn::StepBegins(s));
        self.step_leaves(s, at, out);
        let state = self.state(s);
        state.stand = Stand::Working;
        let takes = drawn(&of.spec.takes, &mut state.takes, at);
        let takes = match of.spec.team.as_deref() {
            Some(team) => self.once_or_twice(of.instance, (Some(team), takes), at),
            None => takes,
        };
        schedule(out, at, (takes, Kind::PlanStepEnds, s));
    }

    /// A step has been handed over, has been worked at, or is to be tried again.
    pub(super) fn step_ends(&mut self, s: StepId, at: Moment<'_>, out: &mut Out) {
        match self.state(s).stand {
            Stand::HandedOver => self.seek_control_plane(s, at, out),
            Stand::Pausing => self.work(s, at, out),
            Stand::Working => self.worked(s, at, out),
            Stand::Idle | Stand::NoControlPlane | Stand::NoCrew => {}
        }
    }

    fn worked(&mut self, s: StepId, at: Moment<'_>, out: &mut Out) {
        let of = step(s, at);
        let i = of.instance;
        let state = self.state(s);
        if state.success.open01(at.replication) < of.spec.success {
            state.stand = Stand::Idle;
            self.step_acts(s, at, out);
            self.note(i, at, Turn::StepEnds(s, StepEnding::Done));
            if let Some(job) = of.job {
                out.note(FactKind::CrewFree, job);
            }
            let state = self.instance(i);
            state.left -= 1;
            if state.left == 0 {
                let next = state.stage + 1;
                self.begin_stage(i, next, at, out);
            }
        } else if state.retries > 0 {
            state.retries -= 1;
            self.note(i, at, Turn::StepEnds(s, StepEnding::Again));
            match &of.spec.pause {
                Some(law) => {
                    let state = self.state(s);
                    state.stand = Stand::Pausing;
                    let pause = drawn(law, &mut state.pause, at);
                    schedule(out, at, (pause, Kind::PlanStepEnds, s));
                }
                None => self.work(s, at, out),
            }
        } else {
            self.stop(s, StepEnding::Failed, at, out);
            self.escalate(i, at, out);
        }
    }

    /// Whatever steps are not done are given up.
    pub(super) fn give_up_steps(&mut self, i: PlanId, at: Moment<'_>, out: &mut Out) {
        for s in of(i, at.system).stages.iter().flat_map(Clone::clone) {
            self.stop(s, StepEnding::GivenUp, at, out);
        }
    }

    fn stop(&mut self, s: StepId, how: StepEnding, at: Moment<'_>, out: &mut Out) {
        let of = step(s, at);
        let stand = std::mem::replace(&mut self.state(s).stand, Stand::Idle);
        if stand == Stand::Idle {
            return;
        }
        out.cancel(Kind::PlanStepEnds, s);
        self.note(of.instance, at, Turn::StepEnds(s, how));
        if let Some(job) = of.job.filter(|_| !matches!(stand, Stand::HandedOver | Stand::NoControlPlane)) {
            out.note(FactKind::CrewFree, job);
        }
    }
}
