//! Traffic moved: which share of a lost place's clients is served again within a time, with the interval at each point.

use ninefold_models::results::TrafficMovedRow;

use super::Figure;
use super::axis::{Plot, Scale, heading, time_ticks};
use super::canvas::{Canvas, Face, Pen, Point};
use super::palette::Ink;
use crate::format;
use crate::input::ReportInput;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 420.0;

/// The two curves: what the time counts from, and how it is named.
const CURVES: [(&str, &str); 2] =
    [("fault", "served again, since the loss"), ("switch", "sent elsewhere, since the switch")];

pub(super) fn figure(input: &ReportInput<'_>) -> Option<Figure> {
    // The first router; the others are in the table.
    let entity = &input.results.traffic_moved.first()?.entity;
    let rows: Vec<&TrafficMovedRow> = input.results.traffic_moved.iter().filter(|row| row.entity == *entity).collect();
    let since = |origin: &str| -> Vec<&TrafficMovedRow> {
        rows.iter()
            .copied()
            .filter(|row| row.since == origin && row.at_s > 0.0 && row.moved.value.is_finite())
            .collect()
    };
    let curves = CURVES.map(|(origin, _)| since(origin));
    let first = &curves[0];
    if first.is_empty() {
        return None;
    }
    let name = entity.rsplit('.').next().unwrap_or(entity);
    let title = match first.iter().find(|row| row.moved.value >= 0.95) {
        Some(row) => format!(
            "{name}: 95 % of a lost place's clients are served again within {}",
            format::duration(row.at_s / 3600.0)
        ),
        None => format!("{name}: how soon a lost place's clients are served again"),
    };
    let shares = first
        .iter()
        .step_by(5)
        .map(|row| format!("{:.0} % within {}", row.moved.value * 100.0, format::duration(row.at_s / 3600.0)));
    let shares: Vec<String> = shares.collect();
    let alt =
        format!("Share of a lost place's clients served again, by the time since the loss: {}.", shares.join(", "));
    let svg = draw(&curves, &title, input.results.outcome.confidence).into_svg(&title, &alt);
    Some(Figure { name: "traffic_moved", title, alt, table: Some("traffic_moved"), svg })
}

fn draw(curves: &[Vec<&TrafficMovedRow>; 2], title: &str, confidence: f64) -> Canvas {
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    let detail = format!("Bands are {} intervals at each time, which is logarithmic", format::target(confidence));
    heading(&mut canvas, title, &detail);
    let plot = Plot { upper_left: (76.0, 92.0), lower_right: (WIDTH - 40.0, HEIGHT - 56.0) };
    let hours = || curves.iter().flatten().map(|row| row.at_s / 3600.0);
    let (least, most) = (hours().fold(f64::INFINITY, f64::min), hours().fold(0.0, f64::max));
    let (lo, hi) = (least, most.max(least * 1.5));
    let x = Scale::log((lo, hi), (plot.upper_left.0, plot.lower_right.0));
    let y = Scale::linear((0.0, 1.0), (plot.lower_right.1, plot.upper_left.1));
    for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
        plot.y_tick(&mut canvas, y.at(share), &format!("{} %", share * 100.0));
    }
    for (hours, label) in time_ticks(lo, hi) {
        plot.x_tick(&mut canvas, x.at(hours), label);
    }
    plot.y_name(&mut canvas, "share of those clients (1)");
    plot.x_name(&mut canvas, "time since the loss, or since the switch");
    for (series, rows) in curves.iter().enumerate() {
        let points = |share: fn(&TrafficMovedRow) -> f64| -> Vec<Point> {
            rows.iter().map(|row| (x.at(row.at_s / 3600.0), y.at(share(row).clamp(0.0, 1.0)))).collect()
        };
        let mut band = points(|row| row.moved.hi);
        band.extend(points(|row| row.moved.lo).into_iter().rev());
        canvas.area(band, Ink::Band(series));
        canvas.line(&points(|row| row.moved.value), pen(series));
    }
    let face = Face::new(12.0, Ink::Text);
    for (series, at) in [WIDTH - 480.0, WIDTH - 240.0].into_iter().enumerate() {
        canvas.text((at, 72.0), CURVES[series].1.to_owned(), face);
        canvas.line(&[(at - 34.0, 72.0), (at - 8.0, 72.0)], pen(series));
    }
    canvas
}

fn pen(series: usize) -> Pen {
    if series == 0 { Pen::solid(Ink::Series(0), 2.2) } else { Pen::dashed(Ink::Series(1), 2.2, 9.0, 4.0) }
}
