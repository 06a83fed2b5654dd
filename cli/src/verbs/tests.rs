//! `ninefold tests`: what tests of a failover show of its success, and how many a claim needs.

use clap::{ArgGroup, Args};
use ninefold_models::uncertainty::{InputLaw, failure_bound, tests_needed};
use ninefold_reports::format;
use serde_json::json;

use crate::exit::Exit;
use crate::output;

#[derive(Args, Debug)]
#[command(group = ArgGroup::new("asked").args(["passed", "failed", "claim"]).multiple(true).required(true))]
#[command(after_long_help = "\
Examples:
  ninefold tests --claim 0.99                         how many tests show a success of 99 %
  ninefold tests --passed 1000                        what a thousand tests without a failure show
  ninefold tests --passed 38 --failed 2 --prior-mean 0.9 --prior-n 20

Tests are independent and alike. In a scenario the same belief is written
`success: {beta: {mean: 0.9, n: 20, passed: 38, failed: 2}}`.")]
pub(crate) struct TestsArgs {
    /// Tests that passed
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=100_000_000))]
    pub(crate) passed: u64,
    /// Tests that failed
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=100_000_000))]
    pub(crate) failed: u64,
    /// The success rate to be shown
    #[arg(long, value_name = "RATE", value_parser = between_0_and_1)]
    pub(crate) claim: Option<f64>,
    /// Confidence with which it is shown
    #[arg(long, value_name = "RATE", default_value_t = 0.95, value_parser = between_0_and_1)]
    pub(crate) confidence: f64,
    /// Mean success that was believed before
    #[arg(long, value_name = "RATE", requires = "prior_n")]
    pub(crate) prior_mean: Option<f64>,
    /// Trials that this belief is worth
    #[arg(long, value_name = "N", requires = "prior_mean")]
    pub(crate) prior_n: Option<f64>,
    /// Print one object
    #[arg(long)]
    pub(crate) json: bool,
}

/// A share that is neither nothing nor all.
fn between_0_and_1(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| "write a number such as 0.99".to_owned())?;
    if share > 0.0 && share < 1.0 { Ok(share) } else { Err("allowed is above 0, below 1".to_owned()) }
}

/// Failures for which the number of tests is told, from none on.
const FAILURES_TOLD: u64 = 3;

/// Answers by formula; no scenario is read.
pub(crate) fn tests(args: &TestsArgs) -> anyhow::Result<Exit> {
    let (passed, failed, confidence) = (args.passed, args.failed, args.confidence);
    let made = passed + failed;
    let shown = (made > 0).then(|| 1.0 - failure_bound(made, failed, confidence));
    let believed = match (args.prior_mean, args.prior_n) {
        (Some(mean), Some(n)) => {
            let prior = InputLaw::beta(mean, n).map_err(|error| anyhow::anyhow!("--prior-{error}"))?;
            Some(prior.after(passed as f64, failed as f64)?)
        }
        _ => None,
    };
    let needed: Vec<(u64, Option<u64>)> = match args.claim {
        Some(claim) => (failed..=failed + FAILURES_TOLD).map(|f| (f, tests_needed(claim, f, confidence))).collect(),
        None => Vec::new(),
    };
    if args.json {
        let rows: Vec<_> = needed.iter().map(|(failures, tests)| json!({"failed": failures, "tests": tests})).collect();
        let believed =
            believed.map(|law| json!({"mean": law.mean(), "lo": law.quantile(0.025), "hi": law.quantile(0.975)}));
        output::print_json(&json!({
            "schema": 1, "passed": passed, "failed": failed, "confidence": confidence,
            "success_at_least": shown, "failure_at_most": shown.map(|_| failure_bound(made, failed, confidence)),
            "believed": believed, "claim": args.claim, "tests_needed": rows,
        }))?;
        return Ok(Exit::Done);
    }
    let mut text = String::new();
    let sure = format::target(confidence);
    if shown.is_some() {
        let bound = failure_bound(made, failed, confidence);
        text.push_str(&format!(
            "{failed} of {} tests failed: at most {} % of failovers fail, with {sure} confidence\n",
            format::grouped(made),
            format::significant(100.0 * bound, 4)
        ));
    }
    if let Some(law) = believed {
        let percent = |share: f64| format!("{} %", format::significant(100.0 * share, 4));
        let [mean, lo, hi] = [law.mean(), law.quantile(0.025), law.quantile(0.975)].map(percent);
        text.push_str(&format!("believed of its success, with what was believed before: {mean} ({lo} to {hi})\n"));
    }
    if let Some(claim) = args.claim {
        let claim = format::target(claim);
        text.push_str(&format!("to show a success of {claim} with {sure} confidence:\n"));
        for (failures, tests) in needed {
            let tests = tests.map_or("more than 1,000,000,000".to_owned(), format::grouped);
            text.push_str(&format!("  {tests} tests if {failures} of them fail\n"));
        }
    }
    output::print(&text)?;
    Ok(Exit::Done)
}
