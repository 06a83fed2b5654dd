//! Downtime by cause: horizontal bars with intervals, largest first, of the journey with the most downtime.

use ninefold_models::results::CauseRow;

use super::Figure;
use super::axis::{Plot, Scale, heading, round_steps};
use super::canvas::{Align, Canvas, Face, Pen};
use super::palette::Ink;
use crate::format;
use crate::input::ReportInput;
use crate::terminal::{cause_name, largest_causes, short};

const WIDTH: f64 = 760.0;
const BARS_MAX: usize = 12;
const BAR: f64 = 30.0;
const LEFT: f64 = 230.0;

/// Names of causes are cut at this many characters.
const NAME_MAX: usize = 30;

pub(super) fn figure(input: &ReportInput<'_>) -> Option<Figure> {
    let journey = worst_journey(input)?;
    let causes = largest_causes(&input.results.causes, &journey);
    let first = causes.first()?;
    let title = format!(
        "{} causes {} of the downtime of {}",
        cause_name(&first.cause),
        format::percent(first.share),
        short(&journey)
    );
    let alt = alt(&causes, &journey);
    let canvas = draw(&causes, &title, input.results.outcome.confidence);
    let title_cut = format::truncated(&title, 90);
    Some(Figure {
        name: "downtime_by_cause",
        svg: canvas.into_svg(&title_cut, &alt),
        title,
        alt,
        table: Some("downtime_by_cause"),
    })
}

/// The headline entity with the largest sum of downtime; the first of equals.
fn worst_journey(input: &ReportInput<'_>) -> Option<String> {
    let total = |journey: &String| -> f64 {
        let of = input.results.causes.iter().filter(|c| &c.journey == journey);
        of.map(|c| c.minutes_per_year.value).sum()
    };
    let journeys = input.headline_entities();
    let mut worst: Option<(f64, String)> = None;
    for journey in journeys {
        let total = total(&journey);
        if total > worst.as_ref().map_or(0.0, |w| w.0) {
            worst = Some((total, journey));
        }
    }
    worst.map(|w| w.1)
}

fn draw(causes: &[&CauseRow], title: &str, confidence: f64) -> Canvas {
    let shown = &causes[..causes.len().min(BARS_MAX)];
    let more = causes.len() - shown.len();
    let height = 74.0 + BAR * shown.len() as f64 + if more > 0 { 22.0 } else { 0.0 } + 52.0;
    let mut canvas = Canvas::new(WIDTH, height);
    let below = format!("Downtime a year, largest cause first; whiskers are {} intervals", format::target(confidence));
    heading(&mut canvas, &format::truncated(title, 84), &below);
    let plot = Plot { upper_left: (LEFT, 70.0), lower_right: (WIDTH - 120.0, height - 52.0) };
    let most = shown.iter().map(|c| upper(c)).fold(0.0, f64::max) / 60.0;
    let (unit, size) = axis_unit(most);
    let x = Scale::linear((0.0, most), (plot.upper_left.0, plot.lower_right.0));
    for value in round_steps(most / size, 5.0) {
        plot.x_tick(&mut canvas, x.at(value * size), &trim(value));
    }
    plot.x_name(&mut canvas, &format!("downtime ({unit} per year)"));
    for (i, cause) in shown.iter().enumerate() {
        bar(&mut canvas, &x, plot.upper_left.1 + BAR * (i as f64 + 0.5), cause);
    }
    if more > 0 {
        let y = plot.upper_left.1 + BAR * shown.len() as f64 + 10.0;
        canvas.text((LEFT - 10.0, y), format!("and {more} more"), Face::new(12.0, Ink::Faint).align(Align::Right));
    }
    canvas
}

fn bar(canvas: &mut Canvas, x: &Scale, y: f64, cause: &CauseRow) {
    let hours = |minutes: f64| x.at(minutes / 60.0);
    let e = &cause.minutes_per_year;
    canvas.rect((LEFT, y - 9.0), (hours(e.value).max(LEFT + 1.0), y + 9.0), Ink::Series(0));
    let (lo, hi) = (hours(e.lo.max(0.0)), hours(upper(cause)));
    let pen = Pen::solid(Ink::Text, 1.2);
    canvas.line(&[(lo, y), (hi, y)], pen);
    for end in [lo, hi] {
        canvas.line(&[(end, y - 4.0), (end, y + 4.0)], pen);
    }
    let name = format::truncated(&cause_name(&cause.cause), NAME_MAX);
    canvas.text((LEFT - 10.0, y), name, Face::new(13.0, Ink::Text).align(Align::Right));
    let (share, face) = (format::percent(cause.share), Face::new(12.5, Ink::Text).bold());
    // Beside one another where all shares are short, out of each other's way where one is not.
    let after = face.width(&share).max(40.0) + 10.0;
    canvas.text((hi + 10.0, y), share, face);
    canvas.text((hi + 10.0 + after, y), format::downtime(e), Face::new(12.0, Ink::Faint));
}

/// The upper end of the interval; the value where there is none.
fn upper(cause: &CauseRow) -> f64 {
    let e = &cause.minutes_per_year;
    if e.hi.is_finite() { e.hi.max(e.value) } else { e.value }
}

/// The unit in which the longest bar is a readable number, and its hours.
fn axis_unit(hours: f64) -> (&'static str, f64) {
    match hours {
        h if h >= 72.0 => ("days", 24.0),
        h if h >= 1.5 => ("hours", 1.0),
        h if h >= 1.5 / 60.0 => ("minutes", 1.0 / 60.0),
        _ => ("seconds", 1.0 / 3600.0),
    }
}

fn trim(value: f64) -> String {
    format!("{}", (value * 1e6).round() / 1e6)
}

fn alt(causes: &[&CauseRow], journey: &str) -> String {
    let parts: Vec<_> = causes
        .iter()
        .take(BARS_MAX)
        .map(|c| {
            let downtime = format::downtime_with_error(&c.minutes_per_year);
            format!("{} {} ({downtime})", cause_name(&c.cause), format::percent(c.share))
        })
        .collect();
    format!("Bar chart of the downtime of {} by cause: {}.", short(journey), parts.join(", "))
}
