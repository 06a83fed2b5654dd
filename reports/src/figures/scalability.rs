//! Throughput against load, as measured and by the universal scalability law, with the peak and its interval.

use ninefold_models::queueing::usl::ScalabilityFit;
use ninefold_models::queueing::usl_bootstrap::ScalabilityIntervals;

use super::Figure;
use super::axis::{Plot, Scale, heading, round_steps};
use super::canvas::{Align, Canvas, Face, Pen, Point};
use super::palette::Ink;
use crate::format;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 420.0;
const CURVE_POINTS: u32 = 160;

/// Draws measurements (load, throughput a second), at least one, and the law fitted to them; `load` and `throughput` name
/// the columns.
pub fn scalability(
    points: &[Point],
    (fit, intervals): (&ScalabilityFit, &ScalabilityIntervals),
    (load, throughput): (&str, &str),
) -> Figure {
    let law = &fit.law;
    let (load, throughput) = (format::truncated(load, 24), format::truncated(throughput, 24));
    let peak = law.peak_load().map(|n| (n, law.throughput(n)));
    let title = match peak {
        Some((n, x)) => {
            let (x, n) = (format::significant(x, 3), format::significant(n, 3));
            format!("{throughput}: {x} is the most it comes to, at {load} = {n}")
        }
        None => format!("{throughput}: no peak within what was measured"),
    };
    let (lo, hi) = intervals.peak_load;
    let shown = |value: f64| if value.is_finite() { format::significant(value, 3) } else { "no end".to_owned() };
    let range = format!("95 % interval of the load at the peak: {} to {}", shown(lo), shown(hi));
    let measured = points.iter().map(|point| point.0).fold(0.0, f64::max);
    let alt = format!(
        "{throughput} a second against {load}, {} measurements up to {load} = {}, and the universal scalability law fitted to \
         them: contention {}, coherency {}. {range}.",
        points.len(),
        format::significant(measured, 3),
        format::significant(law.contention, 3),
        format::significant(law.coherency, 3),
    );
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    heading(&mut canvas, &title, &format!("Dots are measured, the line is the law; {range}"));
    let plot = Plot { upper_left: (84.0, 92.0), lower_right: (WIDTH - 36.0, HEIGHT - 56.0) };
    // The peak is shown, and where it may be, as far as four times what was measured.
    let far = [peak.map_or(0.0, |peak| 1.15 * peak.0), hi].into_iter().filter(|n| *n <= 4.0 * measured);
    let most = far.fold(1.05 * measured, f64::max);
    let highest = points.iter().map(|point| point.1).chain(peak.map(|peak| peak.1)).fold(1e-9, f64::max);
    let x = Scale::linear((0.0, most), (plot.upper_left.0, plot.lower_right.0));
    let y = Scale::linear((0.0, 1.08 * highest), (plot.lower_right.1, plot.upper_left.1));
    if lo.is_finite() && lo < most {
        let band = (x.at(lo), x.at(hi.min(most)));
        canvas.rect((band.0, plot.upper_left.1), (band.1, plot.lower_right.1), Ink::Band(1));
    }
    for value in round_steps(1.08 * highest, 5.0) {
        plot.y_tick(&mut canvas, y.at(value), &format::significant(value, 3));
    }
    for value in round_steps(most, 8.0) {
        plot.x_tick(&mut canvas, x.at(value), &format::significant(value, 3));
    }
    plot.y_name(&mut canvas, &format!("{throughput}, 1/s"));
    plot.x_name(&mut canvas, &load);
    let at = |i: u32| most * f64::from(i) / f64::from(CURVE_POINTS);
    let curve: Vec<Point> = (0..=CURVE_POINTS).map(|i| (x.at(at(i)), y.at(law.capacity(at(i))))).collect();
    canvas.line(&curve, Pen::solid(Ink::Series(0), 2.2));
    points.iter().for_each(|&(n, throughput)| canvas.dot((x.at(n), y.at(throughput)), 4.0, Ink::Text));
    if let Some((n, throughput)) = peak.filter(|peak| peak.0 <= most) {
        canvas.dot((x.at(n), y.at(throughput)), 5.5, Ink::Series(1));
        let face = Face::new(12.0, Ink::Series(1)).bold().align(Align::Centre);
        canvas.text((x.at(n), y.at(throughput) - 14.0), "peak", face);
    }
    Figure { name: "scalability", svg: canvas.into_svg(&title, &alt), title, alt, table: None }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use ninefold_models::queueing::usl::fit;
    use ninefold_models::queueing::usl_bootstrap::intervals;

    use super::*;

    #[test]
    fn a_law_with_a_peak_and_one_without() {
        let with = [(1.0, 64.9), (18.0, 995.9), (36.0, 1652.4), (72.0, 1853.2), (108.0, 1828.9), (216.0, 1702.2)];
        let without = [(1.0, 20.0), (4.0, 78.0), (8.0, 130.0), (16.0, 190.0), (32.0, 260.0), (64.0, 310.0)];
        for (points, words) in [(with, "the most it comes to"), (without, "no peak")] {
            let fit = fit(&points).unwrap();
            let intervals = intervals(&points, &fit, (0.95, 50), 1).unwrap();
            let figure = scalability(&points, (&fit, &intervals), ("</svg>users", "scripts"));
            assert!(figure.title.contains(words), "{}", figure.title);
            assert!(!figure.svg.contains("NaN") && !figure.svg.contains("inf") && figure.alt.len() > 40);
            assert_eq!(figure.svg.matches("</svg>").count(), 1);
        }
    }
}
