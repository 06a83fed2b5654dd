//! Holds the draws of every law against what was asked for, prints each p-value, and fails if one is too small.
//!
//! `cargo run --release -p ninefold-goodness --bin fit -- --draws 1000000`

use std::process::ExitCode;

use ninefold_goodness::FALSE_ALARM;
use ninefold_goodness::fit::{Tested, drawn, tested};
use ninefold_goodness::grid::{CASES, Case};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let draws: Option<usize> = match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Some(1_000_000),
        ["--draws", count] => count.parse().ok().filter(|&count| count >= 1000),
        _ => None,
    };
    let Some(draws) = draws else {
        eprintln!("usage: fit [--draws N], N at least 1000");
        return ExitCode::from(2);
    };
    let outcomes: Vec<(Case, Vec<Tested>)> =
        CASES.iter().map(|case| (*case, tested(case, drawn(case, draws)))).collect();
    if print_outcomes(&outcomes, draws) == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints every outcome and what follows; the number of tests rejected.
#[allow(clippy::print_stdout)]
fn print_outcomes(outcomes: &[(Case, Vec<Tested>)], draws: usize) -> usize {
    let tests = outcomes.iter().map(|(_, tested)| tested.len()).sum();
    let mut rejected = 0;
    for (case, tested) in outcomes {
        let values: Vec<String> = tested.iter().map(|one| format!("{} p = {:.4}", one.test, one.p_value)).collect();
        let bad = tested.iter().filter(|one| one.rejected(tests)).count();
        let name = format!("{} {:?}", case.form, case.parameters);
        println!("{name:<80} {}{}", values.join("  "), if bad > 0 { "  REJECTED" } else { "" });
        rejected += bad;
    }
    println!(
        "{tests} tests of {} laws at {draws} draws each, {rejected} rejected at p < {:.1e} (one false alarm in {:.0} runs)",
        outcomes.len(),
        FALSE_ALARM / tests as f64,
        1.0 / FALSE_ALARM,
    );
    rejected
}
