//! The line of a load test on the screen: where its knee is, what the target holds up to, what the most was.

use ninefold_models::results::LoadTestRow;

use crate::format;
use crate::input::ReportInput;

/// What is said of each load test, in written order.
pub(crate) fn lines(input: &ReportInput<'_>) -> Vec<String> {
    let rows = &input.results.load_tests;
    rows.chunk_by(|a, b| a.experiment == b.experiment).map(line).collect()
}

fn line(rows: &[LoadTestRow]) -> String {
    let rate = |rate: f64| format!("{}/s", format::significant(rate, 3));
    let mut parts = Vec::new();
    if let Some(knee) = rows.iter().find(|row| row.is_knee) {
        parts.push(format!("knee at {}", rate(knee.offered)));
    }
    let kept = rows.iter().take_while(|row| row.is_met() == Some(true)).last();
    match (rows.iter().any(|row| row.is_met().is_some()), kept) {
        (true, Some(kept)) => parts.push(format!("target met up to {}", rate(kept.offered))),
        (true, None) => parts.push("target not met at any load".to_owned()),
        (false, _) => {}
    }
    let most = rows.iter().map(|row| row.throughput.value).fold(0.0, f64::max);
    let offered = rows.iter().map(|row| row.offered).fold(0.0, f64::max);
    parts.push(format!("at most {} answered of {} offered", rate(most), rate(offered)));
    format!("{}: {}", rows[0].experiment, parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::lines;
    use crate::toy_shop::ToyShop;

    #[test]
    fn a_line_names_the_knee_the_target_and_the_most() {
        let shop = ToyShop::new();
        let said = "push: knee at 150/s, target met up to 150/s, at most 190/s answered of 250/s offered";
        assert_eq!(lines(&shop.input()), [said]);
    }
}
