//! Recovery time: which share of the failovers that were called for is decided, and over, within a time.

use ninefold_models::results::FailoverRow;

use super::Figure;
use super::within::Within;
use crate::format;
use crate::input::ReportInput;

/// Fewer attempts make no curve.
const LEAST: usize = 2;

/// Ascending times in hours.
struct Times {
    decided: Vec<f64>,
    over: Vec<f64>,
}

pub(super) fn figure(input: &ReportInput<'_>) -> Option<Figure> {
    let times = times(&input.results.failovers);
    if times.over.len() < LEAST || times.over[times.over.len() - 1] <= 0.0 {
        return None;
    }
    let at = |p: f64| format::duration(times.over[((p * times.over.len() as f64).ceil() as usize).max(1) - 1]);
    let (half, most) = (at(0.5), at(0.95));
    let title = format!("Half of the failovers are over within {half}, 95 % within {most}");
    let count = times.over.len();
    let alt = format!(
        "Share of {count} failovers that were called for, by the time since the unit was lost: decided, and over. Half are \
         over within {half}, 95 % within {most}. Losses that were over before anything was done are left out."
    );
    let within = Within {
        title: &title,
        x_name: "time since the unit was lost",
        y_name: "share of failovers within the time (1)",
        series: &[("over", &times.over), ("decided", &times.decided)],
        all: count,
        confidence: input.results.outcome.confidence,
    };
    let svg = within.draw().into_svg(&title, &alt);
    Some(Figure { name: "recovery_time", title, alt, table: Some("failovers"), svg })
}

fn times(rows: &[FailoverRow]) -> Times {
    let called_for = || rows.iter().filter(|row| row.true_positive && row.result != "recovered");
    let sorted = |times: Vec<f64>| {
        let mut times = times;
        times.sort_by(f64::total_cmp);
        times
    };
    let over = called_for().filter_map(|row| row.total_s).map(|seconds| seconds / 3600.0).collect();
    let ended = called_for().filter(|row| row.total_s.is_some());
    let decided = ended.filter_map(|row| row.decide_s).map(|seconds| seconds / 3600.0).collect();
    Times { decided: sorted(decided), over: sorted(over) }
}
