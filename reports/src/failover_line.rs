//! The line of a failover plan on the screen: how often, how soon, by whom.

use ninefold_models::results::Measured;

use crate::format;
use crate::input::ReportInput;

/// What is said of each plan, in written order.
pub(crate) fn lines(input: &ReportInput<'_>) -> Vec<String> {
    input.spec.failovers.iter().filter_map(|plan| line(input, &plan.name)).collect()
}

fn line(input: &ReportInput<'_>, plan: &str) -> Option<String> {
    let entity = format!("failovers.{plan}");
    let of = |measure: &str, quantile: Option<f64>| -> Option<&Measured> {
        let rows = &input.results.measures;
        rows.iter().find(|m| m.entity == entity && m.measure == measure && m.quantile == quantile)
    };
    let value = |measure: &str, quantile: Option<f64>| of(measure, quantile).map(|m| m.estimate.value);
    let minutes = |minutes: f64| format::duration(minutes / 60.0);
    let called_for = &of("failovers_true", None)?.estimate;
    let (a_year, error) = (format::significant(called_for.value, 2), format::half_width(called_for));
    let mut parts = vec![format!("{plan}: {a_year} ± {} called for a year", format::significant(error, 1))];
    let in_error = value("failovers_false", None)? + value("failovers_flap", None)?;
    if in_error > 0.0 {
        parts.push(format!("{} false", format::significant(in_error, 2)));
    }
    if let Some(decided) = value("decide_time", None) {
        parts.push(format!("decided in {}", minutes(decided)));
    }
    if let (Some(half), Some(most)) = (value("failover_time", Some(0.5)), value("failover_time", Some(0.95))) {
        parts.push(format!("half over in {}, 95 % in {}", minutes(half), minutes(most)));
    }
    if let Some(share) = value("override_share", None).filter(|share| *share > 0.0) {
        parts.push(format!("{} by a person", format::percent(share)));
    }
    if let (Some(tests), Some(failed)) = (value("tests", None), value("tests_failed", None)) {
        parts.push(format!("{} tests a year", format::significant(tests, 2)));
        if failed > 0.0 {
            parts.push(format!("{} of them fail", format::percent(failed / tests)));
        }
    }
    Some(parts.join(", "))
}
