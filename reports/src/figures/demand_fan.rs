//! Demand and its forecast: history, the fan of intervals, a capacity and when it is exhausted.

use super::Figure;
use super::axis::{Plot, Scale, heading, round_steps};
use super::canvas::{Align, Canvas, Face, Pen, Point};
use super::palette::Ink;
use crate::forecast::{ForecastShown, number};
use crate::format;

const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 430.0;
const LEFT: f64 = 90.0;
const RIGHT: f64 = WIDTH - 24.0;
const TOP: f64 = 84.0;
const BOTTOM: f64 = HEIGHT - 66.0;

/// Steps of history that are drawn, for each step ahead.
const HISTORY: usize = 4;

/// The figure of a forecast; `None` if it has no step.
pub fn demand_fan(shown: &ForecastShown) -> Option<Figure> {
    let (_, highest) = shown.highest()?;
    let from = shown.known.saturating_sub(HISTORY * shown.ahead.len());
    let end = shown.known + shown.ahead.len() - 1;
    let title =
        format!("{}: next peak {} at {}", format::truncated(&shown.column, 30), number(highest.point), highest.at);
    let level = format::percent(shown.level);
    let below = format!("Solid: history. Dashed: forecast. Shaded: {level} interval, by errors of the past");
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    heading(&mut canvas, &title, &below);
    let ends = shown.ahead.iter().map(|step| step.band.map_or(step.point, |band| band.1));
    let seen = shown.history[from..].iter().map(|(_, value)| *value);
    let capacity = shown.order.as_ref().map(|order| order.capacity);
    let most = ends.chain(seen).chain(capacity).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let x = Scale::linear((from as f64, end as f64), (LEFT, RIGHT));
    let y = Scale::linear((0.0, 1.05 * most), (BOTTOM, TOP));
    let at = |place: usize, value: f64| -> Point { (x.at(place as f64), y.at(value)) };
    let plot = Plot { upper_left: (LEFT, TOP), lower_right: (RIGHT, BOTTOM) };
    for value in round_steps(most, 5.0) {
        plot.y_tick(&mut canvas, y.at(value), &round(value));
    }
    dates(&mut canvas, &plot, (shown, from, end), &x);
    plot.y_name(&mut canvas, &format::truncated(&shown.column, 40));
    plot.x_name(&mut canvas, "date, UTC");
    let bands: Vec<(usize, (f64, f64))> =
        shown.ahead.iter().enumerate().filter_map(|(h, step)| Some((shown.known + h, step.band?))).collect();
    if !bands.is_empty() {
        let upper = bands.iter().map(|&(place, (_, high))| at(place, high));
        let lower = bands.iter().rev().map(|&(place, (low, _))| at(place, low));
        canvas.area(upper.chain(lower).collect(), Ink::Band(1));
    }
    let history: Vec<Point> = (from..shown.history.len()).map(|place| at(place, shown.history[place].1)).collect();
    canvas.line(&history, Pen::solid(Ink::Series(0), 1.6));
    let ahead: Vec<Point> = shown.ahead.iter().enumerate().map(|(h, step)| at(shown.known + h, step.point)).collect();
    canvas.line(&ahead, Pen::dashed(Ink::Series(1), 2.0, 6.0, 4.0));
    capacity_line(&mut canvas, shown, (&x, &y));
    let alt = alt(shown, &title);
    Some(Figure {
        name: "demand_fan",
        svg: canvas.into_svg(&title, &alt),
        title,
        alt,
        table: Some("capacity_forecast"),
    })
}

/// A round number as written.
fn round(value: f64) -> String {
    format!("{}", (value * 1e6).round() / 1e6)
}

/// Up to six dates, evenly over the steps.
fn dates(canvas: &mut Canvas, plot: &Plot, (shown, from, end): (&ForecastShown, usize, usize), x: &Scale) {
    let count = 5.min(end - from).max(1);
    for nth in 0..=count {
        let place = from + (end - from) * nth / count;
        let label = match place.checked_sub(shown.known) {
            Some(ahead) => &shown.ahead[ahead].at,
            None => &shown.history[place].0,
        };
        let label: String = label.chars().take(10).collect();
        // The outermost would stick out.
        if nth > 0 && nth < count {
            plot.x_tick(canvas, x.at(place as f64), &label);
        }
    }
}

/// The capacity, and the instant from which on more has to serve.
fn capacity_line(canvas: &mut Canvas, shown: &ForecastShown, (x, y): (&Scale, &Scale)) {
    let Some(order) = &shown.order else { return };
    let height = y.at(order.capacity);
    canvas.line(&[(LEFT, height), (RIGHT, height)], Pen::solid(Ink::Series(5), 1.4));
    let face = Face::new(11.5, Ink::Faint);
    canvas.text((LEFT + 6.0, height - 6.0), format!("capacity {}", number(order.capacity)), face);
    let Some((place, date)) = &order.needed else { return };
    let at = x.at((shown.known + place) as f64);
    canvas.line(&[(at, TOP), (at, BOTTOM)], Pen::dashed(Ink::Series(5), 1.4, 3.0, 3.0));
    let align = if at > (LEFT + RIGHT) / 2.0 { Align::Right } else { Align::Left };
    let off = if align == Align::Right { -6.0 } else { 6.0 };
    canvas.text((at + off, TOP + 12.0), format!("more needed from {date}"), face.align(align));
}

fn alt(shown: &ForecastShown, title: &str) -> String {
    let method = shown.methods.first().map_or("", |method| &method.name);
    let last = shown.ahead.last().map(|step| format!(" At {} it is {}.", step.at, number(step.point)));
    format!("{title}, by {method}, over {} steps ahead.{}", shown.ahead.len(), last.unwrap_or_default())
}
