//! Demand above what can be served, in words, for the terminal and the report alike.

use ninefold_models::results::Measured;

use crate::format;
use crate::input::ReportInput;
use crate::terminal::short;

/// For each journey that can fall short of its demand: how often, for how long, by how much.
pub(crate) fn lines<'a>(input: &ReportInput<'a>) -> Vec<(&'a str, String)> {
    let journeys = input.spec.journeys.iter();
    journeys
        .filter_map(|journey| {
            let entity = format!("journeys.{}", journey.name);
            let (hours, probability) =
                (input.measure(&entity, "shortfall_hours")?, input.measure(&entity, "shortfall_probability")?);
            let amount =
                input.measure(&entity, "unserved_requests").or_else(|| input.measure(&entity, "unserved_energy"));
            Some((short(&hours.entity), words((hours, probability), amount)))
        })
        .collect()
}

/// `too little in 34 % ± 7 % of runs   4.5 ± 1.0 min a run (exact 4.4 min)   20,100 ± 6,200 requests not served`.
fn words((hours, probability): (&Measured, &Measured), amount: Option<&Measured>) -> String {
    if probability.seen == 0 {
        return format!(
            "demand never above capacity (in {} of runs)",
            format::percent_with_error(&probability.estimate)
        );
    }
    let exact = hours.exact.map(|x| format!(" (exact {})", format::duration(x))).unwrap_or_default();
    let mut parts =
        vec![format!("demand above capacity in {} of runs", format::percent_with_error(&probability.estimate))];
    parts.push(format!("{} a run{exact}", format::duration_with_error(&hours.estimate)));
    if let Some(amount) = amount {
        let of = if amount.unit == "1" { "requests" } else { &amount.unit };
        let exact = amount.exact.map(|x| format!(" (exact {})", format::significant(x, 3))).unwrap_or_default();
        parts.push(format!("{} {of} not served{exact}", format::rate_with_error(&amount.estimate)));
    }
    parts.join("   ")
}
