//! Recovery point: which share of the failovers that took data over lost no more writes than so much.

use super::Figure;
use super::within::Within;
use crate::format;
use crate::input::ReportInput;

/// Fewer attempts make no curve.
const LEAST: usize = 2;

pub(super) fn figure(input: &ReportInput<'_>) -> Option<Figure> {
    let taken_over = input.results.failovers.iter().filter(|row| row.true_positive);
    let mut lost: Vec<f64> = taken_over.filter_map(|row| row.lost_writes_s).map(|seconds| seconds / 3600.0).collect();
    lost.sort_by(f64::total_cmp);
    let count = lost.len();
    if count < LEAST || lost[count - 1] <= 0.0 {
        return None;
    }
    let at = |p: f64| format::duration(lost[((p * count as f64).ceil() as usize).max(1) - 1]);
    let (half, most) = (at(0.5), at(0.95));
    let title = format!("Half of the failovers lose at most {half} of writes, 95 % at most {most}");
    let alt = format!(
        "Share of {count} failovers that were called for and took replicated data over, by the written time that was lost, \
         of several components the most. Half lose at most {half}, 95 % at most {most}."
    );
    let within = Within {
        title: &title,
        x_name: "written time that is lost",
        y_name: "share of failovers that lose no more (1)",
        series: &[("lost", &lost)],
        all: count,
        confidence: input.results.outcome.confidence,
    };
    let svg = within.draw().into_svg(&title, &alt);
    Some(Figure { name: "recovery_point", title, alt, table: Some("failovers"), svg })
}
