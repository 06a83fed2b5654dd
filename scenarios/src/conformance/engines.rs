//! The engines: a scenario is loaded, solved and simulated as any other, and its answers are looked up.

use ninefold_models::assess::{AssessError, Unwatched, assess};
use ninefold_models::exact::Solutions;
use ninefold_models::plan::Stopping;
use ninefold_models::replication::ReplicationError;
use ninefold_models::results::{ImportanceRow, Measured, Results};
use ninefold_models::system::System;

use super::judging::{Got, RELATIVE_STANDARD_ERROR, relative_standard_error};
use super::outages;
use super::study::{Ask, Reading, Scenario, Study, Wish, Written};
use crate::{Code, LoadOptions, Loaded, load_file, load_text};

/// Replications of the first round.
const FIRST_ROUND: u64 = 512;

/// Least replications: a standard error needs some.
const FEWEST: u64 = 16;

/// Relative standard error after which no more replications are added.
const SHARP_ENOUGH: f64 = 0.03;

/// Events that a study may take, and what a replication costs beside its own.
const EVENTS_MAX: f64 = 2e7;
const EVENTS_OF_A_REPLICATION: f64 = 40.0;

/// Rounds, each with as many replications as the one before says are needed.
const ROUNDS: usize = 4;

/// Why a scenario gives no answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum NoAnswer {
    /// It lies beyond what is supported.
    NotSupported(String),
    /// It lives longer than the clock of a replication reaches.
    OutlivesTheClock(String),
    /// It is refused, which it should not be.
    Refused(String),
}

/// A loaded scenario.
pub(super) struct Ready {
    pub(super) system: System,
    loaded: Loaded,
}

/// Loads and compiles the scenario of a study; one that is written is run with so many replications.
pub(super) fn ready(scenario: &Scenario, replications: u64) -> Result<Ready, NoAnswer> {
    let options = LoadOptions::default();
    let loaded = match scenario {
        Scenario::File(path) => load_file(path, &options),
        Scenario::Written(written) => load_text("case", &written.text(replications), &options),
    };
    let loaded = loaded.map_err(|problems| {
        let awaits = problems.iter().find(|problem| problem.code() == Code::NotYet);
        match (awaits, problems.iter().next()) {
            (Some(problem), _) => NoAnswer::NotSupported(problem.message().to_owned()),
            (None, Some(problem)) => {
                NoAnswer::Refused(format!("the scenario is refused: {} {}", problem.code().as_str(), problem.message()))
            }
            (None, None) => NoAnswer::Refused("the scenario is refused".to_owned()),
        }
    })?;
    let system = System::build(loaded.spec.clone()).map_err(|error| NoAnswer::Refused(error.to_string()))?;
    Ok(Ready { system, loaded })
}

/// The exact answer to what is asked, or why there is none.
pub(super) fn exact(solutions: &Solutions, ask: &Ask) -> Result<f64, String> {
    let none = |measure: &str| match solutions.reason(&ask.entity, measure) {
        Some(reason) => format!("no exact answer: {reason}"),
        None => "no exact answer".to_owned(),
    };
    match &ask.reading {
        Reading::Measure { measure, at_h, scale, offset } => {
            let of_queues = solutions.queues().iter();
            let mut of_queues = of_queues.filter(|row| row.entity == ask.entity && row.at_h == *at_h);
            let answer = match of_queues.find(|row| row.measure == measure) {
                Some(row) => row.value.ok_or_else(|| format!("no exact answer: {}", row.why))?,
                None => solutions.get(&ask.entity, measure, *at_h).ok_or_else(|| none(measure))?.0,
            };
            Ok(offset + scale * answer)
        }
        Reading::Importance { measure } => {
            let row = solutions.importance().iter().find(|row| row.component == ask.entity);
            row.and_then(|row| importance(row, measure)).ok_or_else(|| none("importance"))
        }
        Reading::Beyond { .. } | Reading::WorstWindow { .. } | Reading::Outages | Reading::Absent { .. } => {
            Err("no exact answer".to_owned())
        }
    }
}

/// Why a measure of the table `queues` does not exist, or what it is.
pub(super) fn absent(solutions: &Solutions, (entity, measure): (&str, &str)) -> Option<Result<String, f64>> {
    let row = solutions.queues().iter().find(|row| row.entity == entity && row.measure == measure)?;
    Some(row.value.map_or_else(|| Ok(row.why.clone()), Err))
}

fn importance(row: &ImportanceRow, measure: &str) -> Option<f64> {
    match measure {
        "birnbaum" => Some(row.birnbaum.value),
        "criticality" => Some(row.criticality.value),
        "fussell_vesely" => Some(row.fussell_vesely.value),
        "raw" => Some(row.raw.value),
        "rrw" => Some(row.rrw.value),
        _ => None,
    }
}

/// The estimate of what is asked, or why there is none.
pub(super) fn estimate(results: &Results, ask: &Ask) -> Result<Got, String> {
    let missing = || "not measured by the simulation".to_owned();
    let replications = results.outcome.replications;
    let measured = |measure: &str, at_h: Option<f64>| {
        let named = |row: &&Measured| {
            row.entity == ask.entity && row.measure == measure && row.at_h == at_h && row.quantile.is_none()
        };
        results.measures.iter().find(named).ok_or_else(missing)
    };
    match &ask.reading {
        Reading::Measure { measure, at_h, scale, offset } => {
            let row = measured(measure, *at_h)?;
            let known_as = |value: f64| offset + scale * value;
            let (a, b) = (known_as(row.estimate.lo), known_as(row.estimate.hi));
            let standard_error = scale.abs() * row.estimate.standard_error;
            Ok(Got { value: known_as(row.estimate.value), standard_error, lo: a.min(b), hi: a.max(b), replications })
        }
        Reading::Beyond { measure, limit, above } => {
            let value = measured(measure, None)?.estimate.value;
            let value = f64::from(u8::from(if *above { value > *limit } else { value < *limit }));
            Ok(Got { value, standard_error: 0.0, lo: value, hi: value, replications })
        }
        Reading::WorstWindow { window_h } => {
            let mut rows = results.windowed.iter().filter(|row| row.entity == ask.entity);
            let row = rows.find(|row| row.window_s == window_h * 3600.0).ok_or_else(missing)?;
            Ok(Got { value: row.mcr_p50, standard_error: 0.0, lo: row.mcr_p05, hi: row.mcr_p95, replications })
        }
        Reading::Importance { .. } | Reading::Outages | Reading::Absent { .. } => Err(missing()),
    }
}

/// The results of a study: of a file by its own plan, of a written scenario until what is asked is known well enough or
/// the allowance is used up. Also how many replications that took.
pub(super) fn simulate(study: &Study, known: &[f64]) -> Result<(Results, u64), NoAnswer> {
    let Scenario::Written(written) = &study.scenario else {
        return run(&study.scenario, 1);
    };
    refuse_endless(study, written, known)?;
    let per_replication = |horizon_h: f64| EVENTS_OF_A_REPLICATION + written.events_per_h * horizon_h;
    let most = |horizon_h: f64| ((EVENTS_MAX / per_replication(horizon_h)) as u64).max(FEWEST);
    let first = if written.until_first_failure { FEWEST * 4 } else { FIRST_ROUND };
    let mut replications = first.min(most(if written.until_first_failure { 0.0 } else { written.horizon_h }));
    let mut round = 0;
    loop {
        let (results, _) = run(&study.scenario, replications)?;
        let horizon_h = length(written, &results);
        let needed = needed(study, known, (&results, replications, most(horizon_h)));
        round += 1;
        if needed <= replications || round == ROUNDS {
            return Ok((results, replications));
        }
        replications = needed;
    }
}

/// Refuses a run to a first failure of which, by the known mean, not even a few replications are within the allowance.
fn refuse_endless(study: &Study, written: &Written, known: &[f64]) -> Result<(), NoAnswer> {
    let lives = study.asks.iter().map(|ask| known[ask.place]).filter(|_| written.until_first_failure);
    let events = lives.fold(0.0, f64::max) * written.events_per_h;
    if events * FEWEST as f64 <= EVENTS_MAX {
        return Ok(());
    }
    Err(NoAnswer::NotSupported(format!("too rare for plain simulation: a replication takes some {events:.0e} events")))
}

fn run(scenario: &Scenario, replications: u64) -> Result<(Results, u64), NoAnswer> {
    let ready = ready(scenario, replications)?;
    let results = assess(&ready.system, &ready.loaded.plan, &Unwatched).map_err(|error| match error {
        AssessError::Replication(ReplicationError::NeverFails { .. }) => NoAnswer::OutlivesTheClock(error.to_string()),
        AssessError::Replication(_) => NoAnswer::NotSupported(error.to_string()),
        _ => NoAnswer::Refused(error.to_string()),
    })?;
    let counted = match ready.loaded.plan.stopping {
        Stopping::Fixed(n) => n,
        Stopping::Until { .. } => results.outcome.replications,
    };
    Ok((results, counted))
}

/// Hours of the case that a replication took.
fn length(written: &Written, results: &Results) -> f64 {
    let mttf = results.measures.iter().filter(|row| row.measure == "mttf").map(|row| row.estimate.value);
    match written.until_first_failure {
        true => mttf.fold(0.0, f64::max) * written.clock.case_hours(),
        false => written.horizon_h,
    }
}

/// Replications after which everything asked is known well enough, by what is known after some of them; what would not be
/// known well enough even after `most` of them is left aside.
fn needed(study: &Study, known: &[f64], (results, replications, most): (&Results, u64, u64)) -> u64 {
    let simulated = study.asks.iter().filter(|ask| ask.engines.simulation != Wish::No);
    let each = simulated.filter_map(|ask| {
        let got = estimate(results, ask).ok()?;
        if got.standard_error == 0.0 && is_known(got.value, known[ask.place]) {
            return None;
        }
        let relative = relative_standard_error(known[ask.place], got.standard_error, &ask.reading);
        let times = |aim: f64| 1.1 * replications as f64 * (relative / aim) * (relative / aim);
        if !(relative > 0.0 && relative.is_finite()) {
            // Nothing seen says only that more are needed.
            return Some(16.0 * replications as f64);
        }
        (times(RELATIVE_STANDARD_ERROR) <= most as f64).then(|| times(SHARP_ENOUGH))
    });
    let needed = each.fold(0.0, f64::max).min(most as f64) as u64;
    needed.max(replications)
}

/// Whether a value without scatter is the known one, but for rounding.
fn is_known(value: f64, known: f64) -> bool {
    (value - known).abs() <= 1e-9 * known.abs()
}

/// The outages of one replication, in words.
pub(super) fn told(results: &Results, ask: &Ask, case_hours: f64) -> String {
    outages::told(&results.incidents, &ask.entity, case_hours)
}
