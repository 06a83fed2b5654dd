//! Cases whose answer is a replay: a scenario is written, replayed as any other, and what comes out is the known value
//! exactly or not.

use ninefold_models::scaling::circuit_breaker::State;
use ninefold_models::scaling::closed_loop::Replay as Scaled;
use ninefold_models::scaling::replay::{Outcome, Task};
use ninefold_models::scaling::{Decision, MILLIONTHS, Scaler};
use serde_json::{Value as Json, json};

use super::case::{Case, Value};
use super::outcome::{Engine, Row, Verdict};
use crate::yaml::{self, Node};
use crate::{Code, LoadOptions, replay};

const SECOND: u64 = 1_000_000_000;

/// A replay, and what is asked of it.
#[derive(Clone, Debug)]
pub(super) struct ReplayStudy {
    pub(super) name: String,
    /// The scenario.
    pub(super) text: String,
    /// Place of the known answer, and where the outcome holds it.
    pub(super) asks: Vec<(usize, ReplayReading)>,
}

/// What is read from the outcome of a replay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReplayReading {
    /// What the metric asked for at the last look.
    Advice,
    /// Replicas after the last look.
    Replicas,
    /// Replicas after the last look − before the first.
    Change,
    /// Replicas after every look, as `[replicas, looks]` in a row.
    RunLengths,
    /// Replicas after every look.
    Each,
    /// Replicas after the last look of every minute.
    PerMinute,
    /// The metric at the last look; of one that is shared out, the whole.
    Metric,
    /// What the metric is held to.
    Target,
    /// Most replicas.
    Most,
    /// Replicas × seconds.
    PodSeconds,
    /// Looks at which ready replicas could not serve the demand.
    ShortLooks,
    /// Demand that they could not serve, summed over those looks.
    UnservedLooks,
    /// Of each call 1 if it was let through, else 0.
    Permitted,
    /// The state after each call: C, O or H.
    States,
    /// Calls that were rejected.
    Rejected,
    /// Seconds without the capacity.
    Gap,
    /// Whether the work was finished.
    Drained,
    /// Seconds of work that were cut off.
    Lost,
    /// Nodes that may be taken away.
    Allowed,
}

/// The rows of a replay, each with its place; `expected` is the node of the known answers.
pub(super) fn rows(case: &Case, study: &ReplayStudy, blank: impl Fn(usize) -> Row) -> Vec<(usize, Row)> {
    let loaded = replay::load_text("case", &study.text, &LoadOptions::default());
    let ran = loaded.as_ref().map(|loaded| (&loaded.task, loaded.task.run()));
    let row = |&(place, reading): &(usize, ReplayReading)| {
        let blank = blank(place);
        let row = match &ran {
            Ok((task, outcome)) => match reading.of(task, outcome) {
                Some(got) => judged(blank, known(case, place), &got),
                None => Row { note: "the replay has no such value".to_owned(), ..blank },
            },
            Err(problems) => {
                let problem = problems.iter().next();
                let note = problem.map_or_else(String::new, |problem| problem.message().to_owned());
                let awaits = problems.iter().any(|problem| problem.code() == Code::NotYet);
                let verdict = if awaits { Verdict::NotSupported } else { Verdict::Failed };
                Row { note: format!("the scenario is refused: {note}"), verdict, ..blank }
            }
        };
        (place, row)
    };
    study.asks.iter().map(row).collect()
}

/// The known answer at a place as it is written.
fn known(case: &Case, place: usize) -> Option<&Node> {
    let measure = &case.expected[place].measure;
    case.origin.as_ref()?.node.get("expected")?.get(measure)
}

/// Equal or not.
fn judged(blank: Row, known: Option<&Node>, got: &Json) -> Row {
    let Some(known) = known.map(yaml::json) else {
        return Row { note: "the known value cannot be read".to_owned(), ..blank };
    };
    let passed = same(&known, got);
    let shown = |value: &Json| value.to_string().replace(' ', "");
    let note = match passed {
        true => String::new(),
        false => format!("known is {}, got {}", shown(&known), shown(got)),
    };
    let expected = blank.expected.clone().or_else(|| Some(Value::Text(shown(&known))));
    Row {
        engine: Some(Engine::Exact),
        expected,
        got: got.as_f64(),
        got_text: got.as_f64().is_none().then(|| shown(got)),
        verdict: if passed { Verdict::Passed } else { Verdict::Failed },
        note,
        ..blank
    }
}

/// Whether two values are the same; 1 and 1.0 are, as are `true` and `true`.
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        _ => a == b,
    }
}

impl ReplayReading {
    fn of(self, task: &Task, outcome: &Outcome) -> Option<Json> {
        let seconds = |ns: i64| exact(ns as u128, u128::from(SECOND));
        match (self, outcome) {
            (Self::Target, _) => target(task).map(|target| json!(target)),
            (_, Outcome::Scaling(scaled)) => self.of_scaling(task, scaled),
            (Self::Permitted, Outcome::Calls(calls)) => {
                Some(calls.iter().map(|call| json!(u8::from(call.permitted))).collect())
            }
            (Self::Rejected, Outcome::Calls(calls)) => Some(json!(calls.iter().filter(|call| !call.permitted).count())),
            (Self::States, Outcome::Calls(calls)) => Some(calls.iter().map(|call| json!(letter(call.state))).collect()),
            (Self::Gap, Outcome::Reclaimed(reclaimed)) => Some(seconds(reclaimed.gap.get())),
            (Self::Lost, Outcome::Reclaimed(reclaimed)) => Some(seconds(reclaimed.lost.get())),
            (Self::Drained, Outcome::Reclaimed(reclaimed)) => Some(json!(reclaimed.drained)),
            (Self::Allowed, Outcome::Allowed(nodes)) => Some(json!(nodes)),
            _ => None,
        }
    }

    fn of_scaling(self, task: &Task, scaled: &Scaled) -> Option<Json> {
        let decisions = || scaled.looks.iter().map(|look| &look.decision);
        let last = decisions().next_back()?;
        let sums = &scaled.sums;
        Some(match self {
            Self::Advice => json!(last.raw),
            Self::Replicas => json!(last.to),
            Self::Change => json!(i64::from(last.to) - i64::from(decisions().next()?.from)),
            Self::RunLengths => run_lengths(decisions()),
            Self::Each => decisions().map(|decision| json!(decision.to)).collect(),
            Self::PerMinute => {
                let minute = |at: i64| at / (60 * SECOND as i64);
                let next = scaled.looks.iter().skip(1).map(|look| minute(look.at.get())).chain([i64::MAX]);
                let last_of_minute =
                    scaled.looks.iter().zip(next).filter(|(look, next)| minute(look.at.get()) != *next);
                last_of_minute.map(|(look, _)| json!(look.decision.to)).collect()
            }
            Self::Metric => {
                let shared = matches!(task, Task::Seen(scaler, _) if is_shared(scaler));
                json!(last.metric? * if shared { f64::from(last.from) } else { 1.0 })
            }
            Self::Most => json!(sums.most),
            Self::PodSeconds => exact(sums.pod_time, u128::from(SECOND)),
            Self::ShortLooks => json!(sums.short_looks),
            Self::UnservedLooks => exact(sums.unserved_looks, u128::from(MILLIONTHS)),
            _ => return None,
        })
    }
}

/// A quotient of whole numbers; whole where it is.
fn exact(value: u128, by: u128) -> Json {
    match value % by {
        0 => json!((value / by) as u64),
        _ => json!(value as f64 / by as f64),
    }
}

fn run_lengths<'a>(decisions: impl Iterator<Item = &'a Decision>) -> Json {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for decision in decisions {
        match runs.last_mut().filter(|(replicas, _)| *replicas == decision.to) {
            Some((_, looks)) => *looks += 1,
            None => runs.push((decision.to, 1)),
        }
    }
    runs.iter().map(|(replicas, looks)| json!([replicas, looks])).collect()
}

const fn letter(state: State) -> &'static str {
    match state {
        State::Closed => "C",
        State::Open => "O",
        State::HalfOpen => "H",
    }
}

fn target(task: &Task) -> Option<f64> {
    match task {
        Task::Seen(scaler, _) | Task::Demand(scaler, ..) => scaler.target(),
        _ => None,
    }
}

/// Whether the metric is one value ÷ replicas.
fn is_shared(scaler: &Scaler) -> bool {
    use ninefold_models::scaling::hpa::Target;
    let targets = match scaler {
        Scaler::Hpa(hpa) => &hpa.spec().targets,
        Scaler::Keda(keda) => &keda.hpa().spec().targets,
        _ => return false,
    };
    matches!(targets.first(), Some(Target::PerReplica(_)))
}
