//! A study: one scenario, and what is read from its answers.

use std::fmt::Write;
use std::path::PathBuf;

use super::clock::Clock;
use super::forecasts::ForecastStudy;
use super::parted::PartedStudy;
use super::replays::ReplayStudy;
use crate::yaml::quoted;

/// Longest replication, h: 200 years.
pub(super) const HORIZON_MAX_H: f64 = 200.0 * 8760.0;

/// The scenarios of a case, and the answers that none of them gives.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    pub(super) studies: Vec<Study>,
    /// What is replayed, and not simulated.
    pub(super) replays: Vec<ReplayStudy>,
    /// What is forecast from a trace.
    pub(super) forecasts: Vec<ForecastStudy>,
    /// What is parted.
    pub(super) parted: Vec<PartedStudy>,
    /// Place of the known answer, and why it is not asked for.
    pub(super) refused: Vec<(usize, String)>,
}

/// One scenario, and what is asked of it.
#[derive(Clone, Debug)]
pub(super) struct Study {
    pub(super) name: String,
    pub(super) scenario: Scenario,
    pub(super) asks: Vec<Ask>,
}

/// Where the scenario comes from.
#[derive(Clone, Debug)]
pub(super) enum Scenario {
    /// It is there; its own plan says how many replications.
    File(PathBuf),
    /// Written from a case.
    Written(Written),
}

/// A scenario that is written from a case; all durations in hours of the case.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Written {
    pub(super) title: String,
    /// Every section but `calendar` and `run`.
    pub(super) sections: String,
    pub(super) clock: Clock,
    pub(super) horizon_h: f64,
    pub(super) warmup_h: f64,
    pub(super) report_at_h: Vec<f64>,
    pub(super) until_first_failure: bool,
    /// Begin in the long run.
    pub(super) stationary: bool,
    /// Failures and repairs, or what happens to requests, to be expected in an hour.
    pub(super) events_per_h: f64,
    /// Further keys of `run`, as they are written; may be empty.
    pub(super) run_also: String,
}

impl Written {
    /// The scenario with so many replications.
    pub(super) fn text(&self, replications: u64) -> String {
        let mut text = format!("{}scenario: {}\n{}", self.clock.remark(), quoted(&self.title), self.sections);
        let duration = |hours: f64| self.clock.text(hours);
        let _ = writeln!(text, "calendar: {{horizon: {}}}", duration(self.horizon_h));
        let _ = write!(text, "run: {{seed: 1, replications: {replications}");
        if self.until_first_failure {
            text.push_str(", until: first_failure");
        }
        if !self.run_also.is_empty() {
            let _ = write!(text, ", {}", self.run_also);
        }
        if self.stationary {
            text.push_str(", start: stationary");
        }
        if self.warmup_h > 0.0 {
            let _ = write!(text, ", warmup: {}", duration(self.warmup_h));
        }
        if !self.report_at_h.is_empty() {
            let times: Vec<String> = self.report_at_h.iter().map(|&at| duration(at)).collect();
            let _ = write!(text, ", report_at: [{}]", times.join(", "));
        }
        text.push_str("}\n");
        text
    }
}

/// One known answer, and where a scenario's results hold it.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    /// Its place among the known answers of the case.
    pub(super) place: usize,
    pub(super) entity: String,
    pub(super) reading: Reading,
    pub(super) engines: Engines,
    pub(super) precision: Precision,
}

/// What is read from the results of an entity.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reading {
    /// A measure; the known value is `offset + scale × measure`.
    Measure { measure: String, at_h: Option<f64>, scale: f64, offset: f64 },
    /// Whether a measure is above a limit, or below: 1 if so, else 0.
    Beyond { measure: String, limit: f64, above: bool },
    /// That a measure of the table `queues` does not exist.
    Absent { measure: String },
    /// A column of the table `importance`.
    Importance { measure: String },
    /// Median availability of the worst window of this size.
    WorstWindow { window_h: f64 },
    /// The outages of a replication, with the component that caused each.
    Outages,
}

/// Which engines are to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Engines {
    pub(super) exact: Wish,
    pub(super) simulation: Wish,
}

/// Whether an engine is to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// No: it means something else by the measure, or has not got it.
    No,
    /// If it can.
    IfItCan,
    /// It has to.
    Must,
}

impl Engines {
    pub(super) const BOTH: Self = Self { exact: Wish::IfItCan, simulation: Wish::IfItCan };
    pub(super) const EXACT: Self = Self { exact: Wish::IfItCan, simulation: Wish::No };
    pub(super) const SIMULATION: Self = Self { exact: Wish::No, simulation: Wish::IfItCan };
}

/// How well a simulated value is to be known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Precision {
    /// Standard error ÷ value, of a ratio ÷ its distance from 0 or 1, whichever is nearer.
    Relative,
    /// Standard error, in the unit of the value.
    StandardErrorAtMost(f64),
    /// For values without a standard error: the distance allowed.
    Within(f64),
    /// For a known value that is itself the mean over so many replications of another simulation: the distance allowed, or
    /// four standard errors of the difference if that is more.
    OfSeeds(f64, u32),
}
