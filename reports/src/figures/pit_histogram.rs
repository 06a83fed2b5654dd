//! Probability integral transform: in which tenth of the distributions forecast of them the values of the past lay.

use super::Figure;
use super::axis::{Plot, Scale, heading, round_steps};
use super::canvas::{Canvas, Pen};
use super::palette::Ink;
use crate::forecast::{ForecastShown, Scored};
use crate::format;

const WIDTH: f64 = 620.0;
const HEIGHT: f64 = 360.0;

/// How far the share in the middle half may be from a half before the title says so.
const ODD: f64 = 0.1;

/// The figure of a forecast; `None` if nothing was scored.
pub fn pit_histogram(shown: &ForecastShown) -> Option<Figure> {
    let scored = shown.scores.first()?;
    let count = scored.count as f64;
    let title = format!("{}: forecasts of the past were {}", format::truncated(&shown.column, 30), verdict(scored));
    let inside = format::percent(scored.inside);
    let below =
        format!("{} values by tenth of their distribution. Line: even. {inside} in 80 % intervals", scored.count);
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    heading(&mut canvas, &title, &below);
    let plot = Plot { upper_left: (70.0, 84.0), lower_right: (WIDTH - 24.0, HEIGHT - 58.0) };
    let shares: Vec<f64> = scored.pit_bins.iter().map(|mass| mass / count).collect();
    let most = 1.1 * shares.iter().copied().fold(0.12, f64::max);
    let x = Scale::linear((0.0, shares.len() as f64), (plot.upper_left.0, plot.lower_right.0));
    let y = Scale::linear((0.0, most), (plot.lower_right.1, plot.upper_left.1));
    for value in round_steps(most, 5.0) {
        plot.y_tick(&mut canvas, y.at(value), &format::percent(value));
    }
    for (bin, share) in shares.iter().enumerate() {
        let (left, right) = (x.at(bin as f64) + 2.0, x.at((bin + 1) as f64) - 2.0);
        canvas.rect((left, y.at(*share)), (right, y.at(0.0)), Ink::Series(0));
    }
    for tenth in 0..=shares.len() {
        plot.x_tick(&mut canvas, x.at(tenth as f64), &format!("{:.1}", tenth as f64 / shares.len() as f64));
    }
    let even = y.at(1.0 / shares.len() as f64);
    canvas.line(&[(plot.upper_left.0, even), (plot.lower_right.0, even)], Pen::dashed(Ink::Text, 1.4, 5.0, 4.0));
    plot.y_name(&mut canvas, "share of values (1)");
    plot.x_name(&mut canvas, "probability of less, by the forecast");
    let alt = format!("{title}; CRPS {}, {inside} of {} values in 80 % intervals.", scored.crps, scored.count);
    Some(Figure { name: "pit_histogram", svg: canvas.into_svg(&title, &alt), title, alt, table: Some("forecast_pit") })
}

/// What the shape says, in words.
fn verdict(scored: &Scored) -> &'static str {
    let outer: f64 = scored.pit_bins.iter().enumerate().filter(|(bin, _)| !(2..8).contains(bin)).map(|(_, m)| m).sum();
    let upper: f64 = scored.pit_bins[5..].iter().sum();
    let (outer, upper) = (outer / scored.count as f64, upper / scored.count as f64);
    match () {
        () if (upper - 0.5).abs() > 1.5 * ODD => {
            if upper > 0.5 {
                "too low"
            } else {
                "too high"
            }
        }
        () if outer - 0.4 > ODD => "too sure",
        () if 0.4 - outer > ODD => "not sure enough",
        () => "as sure as they should be",
    }
}
