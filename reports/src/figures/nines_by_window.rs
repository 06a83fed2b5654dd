//! Nines by window: how bad the worst window of a size is, and the unavailability of each calendar window.

use ninefold_models::results::{AvailabilityRow, WindowedRow};

use super::Figure;
use super::axis::{Plot, Scale, decades, heading, time_ticks};
use super::canvas::{Canvas, Face, Pen, Point};
use super::palette::Ink;
use crate::format;
use crate::input::ReportInput;
use crate::terminal::{short, whole_duration};

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 400.0;
const TOP: f64 = 96.0;
const BOTTOM: f64 = HEIGHT - 56.0;

/// Least unavailability that is drawn.
const LEAST: f64 = 1e-9;
const CALENDAR_MAX: usize = 60;
const DAY_S: f64 = 86_400.0;

pub(super) fn figure(input: &ReportInput<'_>) -> Option<Figure> {
    let entities = input.headline_entities();
    let (entity, worst) = entities.iter().find_map(|entity| {
        let rows: Vec<_> = input.results.windowed.iter().filter(|r| &r.entity == entity).collect();
        (rows.len() >= 2 && rows.iter().any(|r| r.mcr_p05 < 1.0)).then_some((entity, rows))
    })?;
    let calendar = calendar_windows(input, entity);
    let (title, alt) = words(short(entity), &worst, &calendar);
    let canvas = draw(&worst, &calendar, &title, input.results.outcome.confidence);
    Some(Figure {
        name: "nines_by_window",
        svg: canvas.into_svg(&title, &alt),
        title,
        alt,
        table: Some("availability_windowed"),
    })
}

/// The windows of the first kind that is not the horizon, by time.
fn calendar_windows<'a>(input: &ReportInput<'a>, entity: &str) -> Vec<&'a AvailabilityRow> {
    let of_entity = |r: &&AvailabilityRow| {
        r.entity == entity && r.definition == "good_minutes" && r.window_kind != "horizon" && r.unavailability.hi > 0.0
    };
    let rows: Vec<_> = input.results.availability.iter().filter(of_entity).collect();
    let Some(kind) = rows.first().map(|r| r.window_kind.clone()) else { return Vec::new() };
    rows.into_iter().filter(|r| r.window_kind == kind).take(CALENDAR_MAX).collect()
}

fn words(name: &str, worst: &[&WindowedRow], calendar: &[&AvailabilityRow]) -> (String, String) {
    let near = |r: &WindowedRow| (libm::log(r.window_s / DAY_S)).abs();
    let day = worst.iter().min_by(|a, b| near(a).total_cmp(&near(b))).expect("bug: there are at least two windows");
    let size = span_name(day.window_s / 3600.0);
    let down = |r: &WindowedRow| format::duration((1.0 - r.mcr_p50) * r.window_s / 3600.0);
    let name = format::truncated(name, 24);
    let title = if day.mcr_p50 < 1.0 {
        format!("In half of the runs, the worst {size} of {name} has more than {} of downtime", down(day))
    } else {
        let share = format::duration((1.0 - day.mcr_p05) * day.window_s / 3600.0);
        format!("In one of twenty runs, the worst {size} of {name} has more than {share} of downtime")
    };
    let sizes: Vec<_> = worst
        .iter()
        .map(|r| format!("{} {}", whole_duration(r.window_s / 3600.0), format::significant(1.0 - r.mcr_p50, 2)))
        .collect();
    let months = if calendar.is_empty() { "" } else { " Beside it, the unavailability of each calendar window." };
    let alt =
        format!("Curve of the median unavailability of the worst window by its size: {}.{months}", sizes.join(", "));
    (title, alt)
}

/// A window size as a noun: `day`, `6 h`.
fn span_name(hours: f64) -> String {
    match whole_duration(hours).as_str() {
        "1 h" => String::from("hour"),
        "1 d" => String::from("day"),
        "7 d" => String::from("week"),
        other => other.to_owned(),
    }
}

fn draw(worst: &[&WindowedRow], calendar: &[&AvailabilityRow], title: &str, confidence: f64) -> Canvas {
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    heading(&mut canvas, title, "On the axes, 10⁻³ is three nines");
    let split = if calendar.len() > 1 { 400.0 } else { WIDTH - 30.0 };
    worst_panel(&mut canvas, worst, split);
    if calendar.len() > 1 {
        calendar_panel(&mut canvas, calendar, split, confidence);
    }
    canvas
}

fn log_axis(canvas: &mut Canvas, plot: &Plot, lo: f64, hi: f64) -> Scale {
    let lo = libm::pow(10.0, libm::floor(libm::log10(lo.max(LEAST))));
    let hi = libm::pow(10.0, libm::ceil(libm::log10(hi.max(lo * 10.0)))).min(1.0);
    let y = Scale::log((lo.min(0.1), hi), (plot.lower_right.1, plot.upper_left.1));
    for exponent in decades(lo.min(0.1), hi, 7) {
        plot.y_tick(canvas, y.at(libm::pow(10.0, f64::from(exponent))), &format::power_of_ten(exponent));
        if hi <= lo * 10.5 && exponent < 0 {
            let between = |m: u32| f64::from(m) * libm::pow(10.0, f64::from(exponent));
            for m in [2, 5].into_iter().filter(|m| between(*m) < hi) {
                plot.y_tick(canvas, y.at(between(m)), &format!("{m}·{}", format::power_of_ten(exponent)));
            }
        }
    }
    y
}

fn worst_panel(canvas: &mut Canvas, rows: &[&WindowedRow], right: f64) {
    let plot = Plot { upper_left: (76.0, TOP), lower_right: (right, BOTTOM) };
    let unavailable = |a: f64| (1.0 - a).max(0.0);
    let least = rows.iter().flat_map(|r| [r.mcr_p05, r.mcr_p50, r.mcr_p95]).map(unavailable);
    let least = least.filter(|u| *u > 0.0).fold(1.0, f64::min);
    let most = rows.iter().map(|r| unavailable(r.mcr_p05)).fold(0.0, f64::max);
    let y = log_axis(canvas, &plot, least, most);
    let ends = |pick: fn(f64, f64) -> f64, from: f64| rows.iter().map(|r| r.window_s / 3600.0).fold(from, pick);
    let (lo_h, hi_h) = (ends(f64::min, f64::INFINITY), ends(f64::max, 0.0));
    let x = Scale::log((lo_h, hi_h), (plot.upper_left.0, plot.lower_right.0));
    for (hours, label) in time_ticks(lo_h, hi_h) {
        plot.x_tick(canvas, x.at(hours), label);
    }
    plot.y_name(canvas, "unavailability of the worst window (1)");
    plot.x_name(canvas, "window size");
    let points = |a: fn(&WindowedRow) -> f64| -> Vec<Point> {
        rows.iter().map(|r| (x.at(r.window_s / 3600.0), y.at(unavailable(a(r))))).collect()
    };
    let mut band = points(|r| r.mcr_p05);
    band.extend(points(|r| r.mcr_p95).into_iter().rev());
    canvas.area(band, Ink::Band(0));
    let median = points(|r| r.mcr_p50);
    canvas.line(&median, Pen::solid(Ink::Series(0), 2.2));
    for at in median {
        canvas.dot(at, 3.2, Ink::Series(0));
    }
    let note = "median; band from 5 % to 95 % of the runs";
    canvas.text((plot.upper_left.0 + 10.0, plot.lower_right.1 - 14.0), note, Face::new(11.5, Ink::Faint));
}

fn calendar_panel(canvas: &mut Canvas, rows: &[&AvailabilityRow], left: f64, confidence: f64) {
    let plot = Plot { upper_left: (left + 86.0, TOP), lower_right: (WIDTH - 30.0, BOTTOM) };
    let positive = |f: fn(&AvailabilityRow) -> f64| rows.iter().map(|r| f(r)).filter(|u| *u > 0.0).fold(1.0, f64::min);
    let least = positive(|r| r.unavailability.lo).max(positive(|r| r.unavailability.value) * 0.05);
    let most = rows.iter().map(|r| r.unavailability.hi.min(1.0)).fold(0.0, f64::max);
    let y = log_axis(canvas, &plot, least, most);
    let width = plot.lower_right.0 - plot.upper_left.0;
    let x = |i: usize| plot.upper_left.0 + width * (i as f64 + 0.5) / rows.len() as f64;
    let every = rows.len().div_ceil(4);
    for (i, row) in rows.iter().enumerate().step_by(every) {
        plot.x_tick(canvas, x(i), &row.window);
    }
    plot.y_name(canvas, &format!("unavailability (1), {} intervals", format::target(confidence)));
    plot.x_name(canvas, &rows[0].window_kind.replace('_', " "));
    for (i, row) in rows.iter().enumerate() {
        let e = &row.unavailability;
        canvas.line(&[(x(i), y.at(e.lo)), (x(i), y.at(e.hi.min(1.0)))], Pen::solid(Ink::Series(0), 1.4));
        if e.value > 0.0 {
            canvas.dot((x(i), y.at(e.value)), 3.4, Ink::Series(0));
        }
    }
}
