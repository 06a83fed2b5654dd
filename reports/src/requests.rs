//! What requests meet, where they are simulated one by one, in words for the terminal.

use ninefold_models::results::Measured;

use crate::format;
use crate::input::ReportInput;

/// `99.3 % answered   0.21 s ± 0.01 s in the mean, 95 % within 0.6 s`, one a journey that sends requests.
pub(crate) fn lines(input: &ReportInput<'_>) -> Vec<(String, String)> {
    let of = |journey: &ninefold_models::system::JourneySpec| {
        let entity = format!("journeys.{}", journey.name);
        let measure = |name| input.measure(&entity, name);
        let answered = measure("answered_ratio")?;
        let mut parts = vec![format!("{} answered", percent(answered))];
        if let (Some(mean), Some(p95)) = (measure("sojourn_mean"), measure("sojourn_p95")) {
            let mean = format::rate_with_error(&mean.estimate);
            parts.push(format!("{mean} s in the mean, 95 % within {} s", format::significant(p95.estimate.value, 3)));
        }
        Some((journey.name.clone(), parts.join("   ")))
    };
    let attempts = |component: &ninefold_models::system::ComponentSpec| {
        let attempts = input.measure(&format!("components.{}", component.name), "attempts_per_call")?;
        Some((component.name.clone(), format!("{} attempts a call", format::rate_with_error(&attempts.estimate))))
    };
    let calls = input.spec.components.iter().filter_map(attempts);
    let breakers = input.spec.queueing.calls.iter().filter_map(|call| breaker(input, (&call.from, &call.to)));
    let followed = input.measure("system", "request_level_ratio").map(|share| {
        (
            "around incidents".to_owned(),
            format!("{} of the time asked for was simulated request by request", percent(share)),
        )
    });
    input.spec.journeys.iter().filter_map(of).chain(calls).chain(breakers).chain(followed).collect()
}

/// `breaker open 3.1 % of the time, half-open 0.2 %, opened 4.1 times an hour; 12 % of calls failed at once`.
fn breaker(input: &ReportInput<'_>, (from, to): (&str, &str)) -> Option<(String, String)> {
    let entity = format!("dependencies.{from}/{to}");
    let value = |name| input.measure(&entity, name).map(|measure| measure.estimate.value);
    let mut parts = vec![format!("breaker open {} of the time", format::percent(value("open_ratio")?))];
    parts.push(format!("half-open {}", format::percent(value("half_open_ratio")?)));
    parts.push(format!("opened {} times an hour", format::significant(value("openings")?, 2)));
    let saved = value("fast_fail_ratio")
        .map_or(String::new(), |share| format!("; {} of calls failed at once", format::percent(share)));
    Some((format!("{from}/{to}"), parts.join(", ") + &saved))
}

/// A share with its interval.
fn percent(share: &Measured) -> String {
    let of = &share.estimate;
    match of.value {
        value if value > 0.0 && value < 1.0 => {
            format!("{} ({} to {})", format::percent(value), format::percent(of.lo), format::percent(of.hi))
        }
        0.0 => format!("none (< {})", format::percent(of.hi)),
        _ => format!("all (> {})", format::percent(of.lo)),
    }
}
