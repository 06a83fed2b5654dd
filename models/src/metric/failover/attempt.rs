//! Attempts, put together again from what happened to the plans.

use ninefold_sim_core::tick::Tick;

use crate::mechanism::{Ending, Happening, Reason, StepEnding, Turn};
use crate::system::{PlanId, StepId, UnitId};

/// An attempt of an instance of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// Whose.
    pub instance: PlanId,
    /// Why.
    pub reason: Reason,
    /// The unit that had the place.
    pub from: UnitId,
    /// The loss, the alarm, the test or the failback.
    pub started: Tick,
    /// The place was about to be moved.
    pub decided: Option<Tick>,
    /// When one of the deciding team was called for, and when one came; `None` where nobody was.
    pub asked: Option<(Tick, Option<Tick>)>,
    /// A person took over.
    pub taken_over: Option<Tick>,
    /// When nobody was left who could take the place; `None` if somebody was.
    pub stranded: Option<Tick>,
    /// When and how it was over, and who had the place then; `None` if it was not before the end.
    pub ended: Option<(Tick, Ending, UnitId)>,
    /// A defect kept the plan from working.
    pub defect: bool,
    /// Wrong decisions.
    pub wrong: u32,
    /// Time that wrong decisions cost.
    pub harm: Tick,
    /// Its steps, in the order in which they became ready.
    pub steps: Vec<StepTaken>,
}

/// A step of an attempt; a step that was begun anew is there anew.
#[derive(Clone, Debug, PartialEq)]
pub struct StepTaken {
    /// Which.
    pub step: StepId,
    /// Handed over.
    pub ready: Tick,
    /// One of its team was called for.
    pub called: Option<Tick>,
    /// Its first try.
    pub began: Option<Tick>,
    /// Over.
    pub ended: Option<Tick>,
    /// Tries.
    pub tries: u32,
    /// How it ended; `None` if it did not.
    pub how: Option<StepEnding>,
}

/// Attempts that are not over, by instance.
#[derive(Debug)]
pub struct Attempts {
    open: Vec<Option<(Attempt, Option<Tick>)>>,
}

impl Attempts {
    /// None yet, of so many instances.
    pub fn new(instances: usize) -> Self {
        Self { open: vec![None; instances] }
    }

    /// Takes the next transition; returns the attempt that is over by it.
    pub fn take(&mut self, Happening { at, instance, turn }: Happening) -> Option<Attempt> {
        let open = &mut self.open[instance as usize];
        if let Turn::Started { reason, from } = turn {
            *open = Some((
                Attempt {
                    instance,
                    reason,
                    from,
                    started: at,
                    decided: None,
                    asked: None,
                    taken_over: None,
                    stranded: None,
                    ended: None,
                    defect: false,
                    wrong: 0,
                    harm: Tick::ZERO,
                    steps: Vec::new(),
                },
                None,
            ));
            return None;
        }
        let (attempt, wrong_since) = open.as_mut()?;
        if let Some(since) = *wrong_since
            && (matches!(turn, Turn::WrongDecision | Turn::Ended { .. })
                || matches!((turn, attempt.reason), (Turn::Decided(_), Reason::True)))
        {
            attempt.harm = attempt.harm.after(at.since(since));
            *wrong_since = None;
        }
        match turn {
            Turn::LostIndeed => attempt.reason = Reason::True,
            Turn::Decided(_) => attempt.decided = Some(at),
            Turn::Defect => attempt.defect = true,
            Turn::TakenOver => attempt.taken_over = Some(at),
            Turn::NobodyLeft => attempt.stranded = attempt.stranded.or(Some(at)),
            Turn::WrongDecision => {
                attempt.wrong += 1;
                *wrong_since = Some(at);
            }
            Turn::StepReady(step) => {
                attempt.steps.push(StepTaken {
                    step,
                    ready: at,
                    called: None,
                    began: None,
                    ended: None,
                    tries: 0,
                    how: None,
                });
            }
            Turn::Deciding => attempt.asked = Some((at, None)),
            Turn::Approving => attempt.asked = attempt.asked.map(|(since, _)| (since, Some(at))),
            Turn::StepCalls(step) => last(attempt, step).called = Some(at),
            Turn::StepBegins(step) => {
                let taken = last(attempt, step);
                taken.began = taken.began.or(Some(at));
                taken.tries += 1;
            }
            Turn::StepEnds(_, StepEnding::Again) => {}
            Turn::StepEnds(step, how) => {
                let taken = last(attempt, step);
                (taken.ended, taken.how) = (Some(at), Some(how));
            }
            Turn::Ended { how, to } => {
                attempt.ended = Some((at, how, to));
                return open.take().map(|(attempt, _)| attempt);
            }
            _ => {}
        }
        None
    }

    /// Those that are not over.
    pub fn left(self) -> impl Iterator<Item = Attempt> {
        self.open.into_iter().flatten().map(|(attempt, _)| attempt)
    }
}

fn last(attempt: &mut Attempt, step: StepId) -> &mut StepTaken {
    let found = attempt.steps.iter_mut().rev().find(|taken| taken.step == step);
    found.expect("bug: a step is ready before it begins")
}
