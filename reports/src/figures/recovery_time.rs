//! Recovery time: which share of the failovers that were called for is decided, and over, within a time, with the band of
//! Dvoretzky, Kiefer and Wolfowitz (Massart, *Ann. Probab.* 18 (1990)).

use ninefold_models::results::FailoverRow;

use super::Figure;
use super::axis::{Plot, Scale, heading, time_ticks};
use super::canvas::{Canvas, Face, Pen, Point};
use super::palette::Ink;
use crate::format;
use crate::input::ReportInput;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 420.0;

/// Fewer attempts make no curve.
const LEAST: usize = 2;

/// Points of a curve, at most.
const POINTS_MAX: usize = 200;

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
    let svg = draw(&times, &title, input.results.outcome.confidence).into_svg(&title, &alt);
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

fn draw(times: &Times, title: &str, confidence: f64) -> Canvas {
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    let detail = format!("Bands hold the whole curve with {}; time is logarithmic", format::target(confidence));
    heading(&mut canvas, title, &detail);
    let plot = Plot { upper_left: (76.0, 92.0), lower_right: (WIDTH - 40.0, HEIGHT - 56.0) };
    let greatest = times.over[times.over.len() - 1];
    let least = times.decided.iter().chain(&times.over).copied().filter(|time| *time > 0.0).fold(greatest, f64::min);
    let (lo, hi) = (least.max(greatest * 1e-6), greatest.max(least * 1.5));
    let x = Scale::log((lo, hi), (plot.upper_left.0, plot.lower_right.0));
    let y = Scale::linear((0.0, 1.0), (plot.lower_right.1, plot.upper_left.1));
    for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
        plot.y_tick(&mut canvas, y.at(share), &format!("{} %", share * 100.0));
    }
    for (hours, label) in time_ticks(lo, hi) {
        plot.x_tick(&mut canvas, x.at(hours), label);
    }
    plot.y_name(&mut canvas, "share of failovers within the time (1)");
    plot.x_name(&mut canvas, "time since the unit was lost");
    let all = times.over.len();
    for (series, sample) in [&times.over, &times.decided].into_iter().enumerate() {
        curve(&mut canvas, (sample, all), (&x, &y), (series, confidence));
    }
    let face = Face::new(12.0, Ink::Text);
    for (series, (name, at)) in [("over", WIDTH - 80.0), ("decided", WIDTH - 190.0)].into_iter().enumerate() {
        canvas.text((at, 72.0), name.to_owned(), face);
        canvas.line(&[(at - 34.0, 72.0), (at - 8.0, 72.0)], pen(series));
    }
    canvas
}

fn pen(series: usize) -> Pen {
    if series == 0 { Pen::solid(Ink::Series(0), 2.2) } else { Pen::dashed(Ink::Series(1), 2.2, 9.0, 4.0) }
}

fn curve(
    canvas: &mut Canvas,
    (sample, all): (&[f64], usize),
    (x, y): (&Scale, &Scale),
    (series, confidence): (usize, f64),
) {
    let half_width = (libm::log(2.0 / (1.0 - confidence)) / (2.0 * all as f64)).sqrt();
    let every = sample.len().div_ceil(POINTS_MAX).max(1);
    let points = |shift: f64| -> Vec<Point> {
        let ranked = sample.iter().enumerate().filter(|(rank, _)| rank % every == 0 || rank + 1 == sample.len());
        let share = |rank: usize| ((rank + 1) as f64 / all as f64 + shift).clamp(0.0, 1.0);
        ranked.map(|(rank, &time)| (x.at(time), y.at(share(rank)))).collect()
    };
    let mut band = points(half_width);
    band.extend(points(-half_width).into_iter().rev());
    canvas.area(band, Ink::Band(series));
    canvas.line(&points(0.0), pen(series));
}
