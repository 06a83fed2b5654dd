//! The flags of a plan: how long to simulate, from which seed, on how many threads.

use std::time::Duration;

use clap::{Args, ValueEnum};
use ninefold_models::plan::{
    DEFAULT_DECISION_CONFIDENCE, DEFAULT_MAX_REPLICATIONS, DEFAULT_MIN_REPLICATIONS, Goal, HalfWidth, MAX_REPLICATIONS,
    Plan, Stopping, Use, Variance,
};

/// Most threads that can be asked for.
const THREADS_MAX: usize = 1024;

/// Flags of every verb that simulates. A flag wins over the scenario's `run`, that over the default.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "How to simulate")]
pub(crate) struct PlanArgs {
    /// Seed of all randomness (default: the scenario's, else 1)
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = seed)]
    pub(crate) seed: Option<u64>,
    /// Run this many replications (with parameter draws rounded up to whole chunks of each draw)
    #[arg(long, value_name = "N", group = "until", allow_negative_numbers = true, value_parser = replications)]
    pub(crate) replications: Option<u64>,
    /// Stop when interval half-width ÷ estimate is this small (0.05 is ± 5 %)
    #[arg(long, value_name = "X", group = "until", allow_negative_numbers = true, value_parser = relative_error)]
    pub(crate) until_rel_error: Option<f64>,
    /// Stop when the half-width is this small: 0.00001, 5min/year, 0.1/year or 100h
    #[arg(long, value_name = "X", group = "until", allow_hyphen_values = true)]
    #[arg(value_parser = ninefold_scenarios::half_width)]
    pub(crate) until_abs_error: Option<HalfWidth>,
    /// Stop when it is decided whether agreements are met; with `=`, at this confidence (default 0.99)
    #[arg(long, value_name = "CONFIDENCE", group = "until", num_args = 0..=1, require_equals = true)]
    #[arg(default_missing_value = "0.99", value_parser = confidence)]
    pub(crate) until_decided: Option<f64>,
    /// Stop after this time (30s, 5min) with what is known by then
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = wall_time)]
    pub(crate) max_time: Option<Duration>,
    /// Replications in pairs, u against 1 − u: off, on, auto
    #[arg(long, value_enum, value_name = "USE", hide_possible_values = true)]
    pub(crate) antithetic: Option<Method>,
    /// The system without its coupling as a control variate: off, on, auto
    #[arg(long, value_enum, value_name = "USE", hide_possible_values = true)]
    pub(crate) control: Option<Method>,
    /// First lives spread over strata: off, on, auto
    #[arg(long, value_enum, value_name = "USE", hide_possible_values = true)]
    pub(crate) stratified: Option<Method>,
    /// Threads (default: one a core); the answer does not depend on it
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = threads)]
    pub(crate) threads: Option<usize>,
    /// Show no progress bar and no answer so far
    #[arg(long)]
    pub(crate) no_progress: bool,
}

/// Whether a method of variance reduction is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Method {
    Off,
    On,
    Auto,
}

impl From<Method> for Use {
    fn from(method: Method) -> Self {
        match method {
            Method::Off => Self::Off,
            Method::On => Self::On,
            Method::Auto => Self::Auto,
        }
    }
}

impl PlanArgs {
    /// The scenario's plan with the flags laid over it.
    pub(crate) fn over(&self, plan: &Plan) -> Plan {
        let mut plan = plan.clone();
        if let Some(seed) = self.seed {
            plan.seed = seed;
        }
        if let Some(replications) = self.replications {
            plan.stopping = Stopping::Fixed(replications);
        }
        let (min, max, before) = match &plan.stopping {
            Stopping::Until { min, max, goal } => (*min, *max, Some(goal)),
            Stopping::Fixed(_) => (DEFAULT_MIN_REPLICATIONS, DEFAULT_MAX_REPLICATIONS, None),
        };
        if let Some(goal) = self.goal(before) {
            plan.stopping = Stopping::Until { min, max, goal };
        }
        let Variance { antithetic, control, stratified } = plan.variance;
        plan.variance = Variance {
            antithetic: self.antithetic.map_or(antithetic, Use::from),
            control: self.control.map_or(control, Use::from),
            stratified: self.stratified.map_or(stratified, Use::from),
        };
        plan
    }

    /// The plan of a comparison: where neither flags nor the scenario say how long, until it is decided.
    pub(crate) fn over_compared(&self, plan: &Plan) -> Plan {
        let flags = [self.replications.is_some(), self.until_rel_error.is_some(), self.until_abs_error.is_some()];
        let silent = flags == [false; 3] && self.until_decided.is_none() && plan.stopping == Stopping::default();
        let mut plan = self.over(plan);
        if silent {
            let goal = Goal::Decision { agreement: None, confidence: DEFAULT_DECISION_CONFIDENCE };
            plan.stopping = Stopping::Until { min: DEFAULT_MIN_REPLICATIONS, max: DEFAULT_MAX_REPLICATIONS, goal };
        }
        plan
    }

    /// A flag that only a whole run reads.
    pub(crate) fn of_a_run(&self) -> Option<&'static str> {
        let flags = [
            ("--until-rel-error", self.until_rel_error.is_some()),
            ("--until-abs-error", self.until_abs_error.is_some()),
            ("--until-decided", self.until_decided.is_some()),
            ("--max-time", self.max_time.is_some()),
            ("--threads", self.threads.is_some()),
            ("--no-progress", self.no_progress),
        ];
        flags.into_iter().find(|(_, given)| *given).map(|(flag, _)| flag)
    }

    /// Whether a flag asks for a method of variance reduction.
    pub(crate) fn asks_for_a_method(&self) -> bool {
        let asked = [self.antithetic, self.control, self.stratified];
        asked.into_iter().flatten().any(|method| method != Method::Off)
    }

    /// The goal that the flags name; what it steers by stays as the goal before it said.
    fn goal(&self, before: Option<&Goal>) -> Option<Goal> {
        let measure = match before {
            Some(Goal::RelativeHalfWidth { measure, .. } | Goal::AbsoluteHalfWidth { measure, .. }) => measure.clone(),
            Some(Goal::Decision { .. } | Goal::Breach { .. }) | None => None,
        };
        if let Some(at_most) = self.until_rel_error {
            return Some(Goal::RelativeHalfWidth { measure, at_most });
        }
        if let Some(at_most) = self.until_abs_error {
            return Some(Goal::AbsoluteHalfWidth { measure, at_most });
        }
        let agreement = match before {
            Some(Goal::Decision { agreement, .. }) => agreement.clone(),
            _ => None,
        };
        self.until_decided.map(|confidence| Goal::Decision { agreement, confidence })
    }

    /// Threads to run on.
    pub(crate) fn threads(&self) -> usize {
        self.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX))
    }
}

pub(crate) fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("allowed is a whole number from 0 to {}", u64::MAX))
}

pub(crate) fn replications(text: &str) -> Result<u64, String> {
    let n: u64 = text.replace('_', "").parse().map_err(|_| "write a whole number".to_owned())?;
    if (1..=MAX_REPLICATIONS).contains(&n) { Ok(n) } else { Err(format!("allowed is 1 to {MAX_REPLICATIONS}")) }
}

pub(crate) fn threads(text: &str) -> Result<usize, String> {
    let n: usize = text.parse().map_err(|_| "write a whole number".to_owned())?;
    if (1..=THREADS_MAX).contains(&n) { Ok(n) } else { Err(format!("allowed is 1 to {THREADS_MAX}")) }
}

fn relative_error(text: &str) -> Result<f64, String> {
    let x: f64 = text.parse().map_err(|_| "write a ratio like 0.05".to_owned())?;
    if x > 0.0 && x < 1.0 { Ok(x) } else { Err("allowed is above 0 and below 1; 0.05 is ± 5 %".to_owned()) }
}

pub(crate) fn confidence(text: &str) -> Result<f64, String> {
    let x = ninefold_scenarios::ratio(text)?;
    if x > 0.0 && x < 1.0 { Ok(x) } else { Err("allowed is above 0 and below 1; 0.99 is 99 %".to_owned()) }
}

pub(crate) fn wall_time(text: &str) -> Result<Duration, String> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match &text[number.len()..] {
        "ms" => 0.001,
        "s" => 1.0,
        "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        "" => return Err(format!("a time carries its unit: write {text}s, {text}min or {text}h")),
        other => return Err(format!("`{other}` is no unit of a time here; write ms, s, min, h or d")),
    };
    let value: f64 = number.trim_end().parse().map_err(|_| "write a time like 30s".to_owned())?;
    if !(value > 0.0) {
        return Err("a time is above 0".to_owned());
    }
    Duration::try_from_secs_f64(value * factor).map_err(|_| "that is longer than any run".to_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn until(min: u64, max: u64, goal: Goal) -> Stopping {
        Stopping::Until { min, max, goal }
    }

    #[test]
    fn flags_win_and_keep_what_they_do_not_name() {
        let measure = Some("journeys.a.unavailability".to_owned());
        let relative = |at_most| Goal::RelativeHalfWidth { measure: measure.clone(), at_most };
        let variance = Variance { control: Use::Auto, ..Variance::default() };
        let plan =
            Plan { seed: 5, stopping: until(400, 900, relative(0.1)), confidence: 0.9, variance, attribution: 0 };
        assert_eq!(PlanArgs::default().over(&plan), plan);
        let sharper = PlanArgs { until_rel_error: Some(0.01), ..PlanArgs::default() }.over(&plan);
        assert_eq!(sharper.stopping, until(400, 900, relative(0.01)));
        let absolute = PlanArgs { until_abs_error: Some(HalfWidth::Ratio(1e-5)), ..PlanArgs::default() }.over(&plan);
        let at_most = HalfWidth::Ratio(1e-5);
        assert_eq!(absolute.stopping, until(400, 900, Goal::AbsoluteHalfWidth { measure: measure.clone(), at_most }));
        let fixed = PlanArgs { replications: Some(7), seed: Some(9), ..PlanArgs::default() }.over(&plan);
        assert_eq!(fixed, Plan { seed: 9, stopping: Stopping::Fixed(7), confidence: 0.9, variance, attribution: 0 });
        let from_fixed = PlanArgs { until_rel_error: Some(0.2), ..PlanArgs::default() }.over(&fixed);
        let goal = Goal::RelativeHalfWidth { measure: None, at_most: 0.2 };
        assert_eq!(from_fixed.stopping, until(DEFAULT_MIN_REPLICATIONS, DEFAULT_MAX_REPLICATIONS, goal));
    }

    #[test]
    fn a_decision_keeps_its_agreement_and_takes_no_measure() {
        let decision = |agreement: Option<&str>, confidence| {
            let agreement = agreement.map(str::to_owned);
            until(200, 900, Goal::Decision { agreement, confidence })
        };
        let decided = PlanArgs { until_decided: Some(0.95), ..PlanArgs::default() };
        let plan = |stopping| Plan { stopping, ..Plan::default() };
        assert_eq!(decided.over(&plan(decision(Some("slo"), 0.99))).stopping, decision(Some("slo"), 0.95));
        let measured = Goal::RelativeHalfWidth { measure: Some("journeys.a.mttf".to_owned()), at_most: 0.1 };
        assert_eq!(decided.over(&plan(until(200, 900, measured))).stopping, decision(None, 0.95));
        let relative = PlanArgs { until_rel_error: Some(0.1), ..PlanArgs::default() };
        let silent = Goal::RelativeHalfWidth { measure: None, at_most: 0.1 };
        assert_eq!(relative.over(&plan(decision(Some("slo"), 0.99))).stopping, until(200, 900, silent));
    }

    #[test]
    fn values_outside_their_range_are_refused() {
        for text in ["0", "-1", "4294967297", "ten", "1e3", ""] {
            assert!(replications(text).is_err(), "{text}");
        }
        for text in ["0", "1025", "x"] {
            assert!(threads(text).is_err(), "{text}");
        }
        for text in ["0", "1", "-0.1", "NaN", "inf", "5 %"] {
            assert!(relative_error(text).is_err(), "{text}");
        }
        for text in ["0", "1", "100 %", "-0.1", "NaN", "99", "sure"] {
            assert!(confidence(text).is_err(), "{text}");
        }
        assert_eq!((confidence("0.99").unwrap(), confidence("99 %").unwrap()), (0.99, 0.99));
        for text in ["30", "0s", "-3s", "s", "3 months", "1e300h", "NaNs", ""] {
            assert!(wall_time(text).is_err(), "{text}");
        }
        assert_eq!(wall_time("1.5 min").unwrap(), Duration::from_secs(90));
        assert_eq!(wall_time("250ms").unwrap(), Duration::from_millis(250));
    }
}
