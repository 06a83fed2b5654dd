//! Sizing by an agreement: the least replicas, buffer, threads or crews with which it holds.
//!
//! Each value is a system of its own. The exact engine says where the answer should lie, if it can answer the journey;
//! replications under common random numbers then decide each value that is looked at by the
//! [sequential test](ninefold_sim_core::sequential_test) of a run. The error that may be made is shared out over all
//! values that may be looked at.

mod ladder;
pub mod rightsizing;
mod search;

pub use ladder::{Ladder, LadderError, RUNGS_MAX};
pub use search::{least, looks_max};

use crate::assess::{AssessError, Watch, assess};
use crate::exact::solve;
use crate::plan::{DEFAULT_MIN_REPLICATIONS, Goal, Plan, Stopping};
use crate::results::{Requirement, Results, Stopped, Verdict};
use crate::system::{AgreementSpec, Indicator, System, Target, Window};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Question<'a> {
    /// The agreement that is to hold.
    pub agreement: &'a str,
    /// The share of its windows in which it may be missed; `None` asks for its target in the mean over windows.
    pub missed_at_most: Option<f64>,
    /// 1 − the probability with which any verdict may be wrong, in (0, 1).
    pub confidence: f64,
    /// The values.
    pub ladder: Ladder,
}

/// A value that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// The value.
    pub value: f64,
    /// Whether the agreement holds with it.
    pub verdict: Verdict,
    /// Bound of the probability that the verdict is wrong.
    pub doubt: f64,
    /// What the run says of the agreement.
    pub requirement: Requirement,
    /// Its replications.
    pub replications: u64,
    /// The shortfall in the long run, if an exact engine has it.
    pub exact: Option<f64>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Sizing {
    /// The least value with which the agreement holds; `None` if it holds with none, or the search was stopped.
    pub least: Option<f64>,
    /// The least value whose exact shortfall in the long run is within the target; `None` without an exact answer or value.
    pub analytic: Option<f64>,
    /// What was looked at, the smallest value first.
    pub looks: Vec<Look>,
    /// Probability with which each single verdict may be wrong.
    pub doubt_each: f64,
    /// Why the search was stopped, if it was.
    pub stopped: Option<Stopped>,
}

impl Sizing {
    /// The look at a value.
    pub fn look(&self, value: f64) -> Option<&Look> {
        self.looks.iter().find(|look| look.value == value)
    }

    /// The look at the value below the least that holds: what one less reaches.
    pub fn one_less(&self) -> Option<&Look> {
        let least = self.least?;
        self.looks.iter().rev().find(|look| look.value < least)
    }
}

/// Searches the least value of a question; `system` makes the system with a value, `plan` gives seed and bounds.
///
/// An undecided value counts as one that does not hold: what is found is shown to hold, and what is below it may be
/// undecided. Where more can be worse (a shared risk, a scalability law past its peak), what is found holds and the value
/// below it does not, but there may be a smaller one.
///
/// # Errors
/// Those of `system`, and [`AssessError`] if a value cannot be assessed or there is no such agreement.
pub fn size<E: From<AssessError>>(
    question: Question<'_>,
    plan: &Plan,
    watch: &dyn Watch,
    mut system: impl FnMut(f64) -> Result<System, E>,
) -> Result<Sizing, E> {
    let Question { ladder, .. } = question;
    let doubt_each = (1.0 - question.confidence) / looks_max(ladder.rungs()) as f64;
    let plan = Plan { stopping: stopping(question, &plan.stopping, doubt_each), ..plan.clone() };
    let within = |rung| -> Result<Option<bool>, E> {
        let system = system(ladder.value(rung))?;
        let (agreement, _) = stated(&system, question.agreement)?;
        Ok(exact(&system, agreement).map(|shortfall| shortfall <= limit(agreement)))
    };
    let analytic = least(ladder.rungs(), None, within)?;
    let (mut looks, mut stopped) = (Vec::new(), None);
    let look = |rung| -> Result<Option<bool>, E> {
        let value = ladder.value(rung);
        let system = system(value)?;
        let (agreement, place) = stated(&system, question.agreement)?;
        let results = assess(&system, &plan, watch)?;
        if matches!(results.outcome.stopped, Stopped::Interrupted | Stopped::Time) {
            stopped = Some(results.outcome.stopped);
            return Ok(None);
        }
        let (verdict, doubt) = judged(&results, place, question);
        let holds = verdict == Verdict::Met;
        let requirement = results.requirements[place].clone();
        let (replications, exact) = (results.outcome.replications, exact(&system, agreement));
        looks.push(Look { value, verdict, doubt, requirement, replications, exact });
        Ok(Some(holds))
    };
    let found = least(ladder.rungs(), analytic, look)?;
    looks.sort_by(|a, b| a.value.total_cmp(&b.value));
    let value = |rung: Option<u64>| rung.map(|rung| ladder.value(rung));
    Ok(Sizing { least: value(found), analytic: value(analytic), looks, doubt_each, stopped })
}

/// Until the verdict is decided, within the bounds of the plan.
fn stopping(question: Question<'_>, asked: &Stopping, doubt: f64) -> Stopping {
    let (min, max) = match *asked {
        Stopping::Fixed(n) => (n.min(DEFAULT_MIN_REPLICATIONS), n),
        Stopping::Until { min, max, .. } => (min, max),
    };
    let (agreement, confidence) = (question.agreement.to_owned(), 1.0 - doubt);
    let goal = match question.missed_at_most {
        Some(at_most) => Goal::Breach { agreement, at_most, confidence },
        None => Goal::Decision { agreement: Some(agreement), confidence },
    };
    Stopping::Until { min, max, goal }
}

fn judged(results: &Results, place: usize, question: Question<'_>) -> (Verdict, f64) {
    let requirement = &results.requirements[place];
    let Some(at_most) = question.missed_at_most else { return (requirement.verdict, requirement.doubt) };
    let reached = results.outcome.reached.expect("bug: the run steers by a verdict");
    let verdict = match reached.reached <= reached.asked {
        false => Verdict::Undecided,
        true if requirement.breach_probability.value > at_most => Verdict::NotMet,
        true => Verdict::Met,
    };
    (verdict, reached.reached)
}

fn stated<'a>(system: &'a System, name: &str) -> Result<(&'a AgreementSpec, usize), AssessError> {
    let all = &system.spec.agreements;
    let place = all.iter().position(|agreement| agreement.name == name);
    let unknown = || AssessError::UnknownAgreement {
        agreement: name.to_owned(),
        declared: all.iter().map(|agreement| format!("`{}`", agreement.name)).collect::<Vec<_>>().join(", "),
    };
    let place = place.ok_or_else(|| if all.is_empty() { AssessError::NothingToDecide } else { unknown() })?;
    Ok((&all[place], place))
}

/// The long-run value of what an agreement limits, if it is one that an exact engine knows.
fn exact(system: &System, agreement: &AgreementSpec) -> Option<f64> {
    let measure = match agreement.indicator {
        Indicator::GoodMinutes => "unavailability",
        Indicator::SuccessRatio => "unserved_ratio",
        Indicator::GoodSlices(_) | Indicator::Answered(_) => return None,
    };
    solve(system).get(&format!("journeys.{}", agreement.journey), measure, None).map(|(value, _)| value)
}

/// The shortfall agreed, as a ratio; of a limit on downtime the mean over windows.
fn limit(agreement: &AgreementSpec) -> f64 {
    match agreement.target {
        Target::AtLeast(ratio) => 1.0 - ratio,
        Target::DowntimeAtMost(hours) => {
            let ratio = |window: &Window| hours.get() / (window.end.get() - window.start.get());
            agreement.windows.iter().map(|window| ratio(window).min(1.0)).sum::<f64>() / agreement.windows.len() as f64
        }
    }
}
