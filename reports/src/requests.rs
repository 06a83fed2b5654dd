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
    input.spec.journeys.iter().filter_map(of).chain(calls).collect()
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
