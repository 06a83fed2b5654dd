//! Whether recovery objectives are met, in words.

use crate::format;
use crate::input::ReportInput;
use crate::terminal::short;

/// For each journey with objectives: `buy: 93 % ± 2 % of its outages are over within 1 h`.
pub(crate) fn lines(input: &ReportInput<'_>) -> Vec<String> {
    let of = |(journey, measure, words): (&str, &str, String)| {
        let row = input.measure(&format!("journeys.{journey}"), measure)?;
        let shown = format::percent_with_error(&row.estimate);
        Some(format!("{}: {shown} of {words}", short(journey)))
    };
    let each = |objective: &ninefold_models::system::ObjectiveSpec| {
        let within = |hours: Option<ninefold_models::units::Hours>| hours.map(|hours| format::duration(hours.get()));
        let time = within(objective.recovery_time).map(|time| format!("its outages are over within {time}"));
        let point =
            within(objective.recovery_point).map(|time| format!("its takeovers and restores lose at most {time}"));
        let journey = objective.journey.clone();
        [("rto_met", time), ("rpo_met", point)]
            .into_iter()
            .filter_map(|(measure, words)| of((&journey, measure, words?)))
            .collect::<Vec<_>>()
    };
    input.spec.objectives.iter().flat_map(each).collect()
}
