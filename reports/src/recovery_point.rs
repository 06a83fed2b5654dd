//! What takeovers and restores lose, in words.

use crate::format;
use crate::input::ReportInput;
use crate::terminal::short;

/// For each component of which writes were lost: `ledger: 4.3 h of writes lost a time (95 % below 14 h), 2.1 times a year`.
pub(crate) fn lines(input: &ReportInput<'_>) -> Vec<String> {
    let of_all = |quantile: Option<f64>| {
        input.results.measures.iter().filter(move |row| row.measure == "recovery_point" && row.quantile == quantile)
    };
    of_all(None)
        .map(|mean| {
            let hours = |seconds: f64| format::duration(seconds / 3600.0);
            let high = of_all(Some(0.95)).find(|row| row.entity == mean.entity);
            let high = high.map(|high| format!(" (95 % below {})", hours(high.estimate.value))).unwrap_or_default();
            let often: f64 = ["takeovers", "restores"]
                .iter()
                .filter_map(|measure| input.measure(&mean.entity, measure))
                .map(|row| row.estimate.value)
                .sum();
            let (name, lost) = (short(&mean.entity), hours(mean.estimate.value));
            format!("{name}: {lost} of writes lost a time{high}, {} times a year", format::significant(often, 2))
        })
        .collect()
}
