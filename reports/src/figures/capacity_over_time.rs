//! Capacity of a scaled component against the demand on it, and when journeys were down in the worst replication.

use ninefold_models::results::{CapacityRow, Estimated, IncidentRow};

use super::Figure;
use super::axis::{Plot, Scale, heading, round_steps};
use super::canvas::{Align, Canvas, Face, Pen, Point};
use super::palette::Ink;
use crate::format;
use crate::input::ReportInput;

const WIDTH: f64 = 860.0;
const LEFT: f64 = 120.0;
const RIGHT: f64 = WIDTH - 24.0;
const TOP: f64 = 84.0;
const BOTTOM: f64 = TOP + 240.0;
const LANE: f64 = BOTTOM + 44.0;

pub(super) fn figure(input: &ReportInput<'_>) -> Option<Figure> {
    let rows = shown(&input.results.capacity)?;
    let (first, last) = (rows.first()?, rows.last()?);
    let end_h = last.at_h + last.span_h;
    let down: Vec<&IncidentRow> =
        input.results.incidents.iter().filter(|row| Some(row.rep) == input.results.worst_replication).collect();
    let name = crate::terminal::short(&first.entity);
    let unserved: f64 = rows.iter().map(|row| row.unserved.value * row.span_h).sum();
    let demand: f64 = rows.iter().map(|row| row.demand.value * row.span_h).sum();
    let share = if demand > 0.0 { unserved / demand } else { 0.0 };
    let title = match share > 0.0 {
        true => {
            format!("{}: {} of the demand is above the capacity", format::truncated(name, 30), format::percent(share))
        }
        false => format!("{}: the demand was never above the capacity", format::truncated(name, 30)),
    };
    let mut canvas = Canvas::new(WIDTH, LANE + 46.0);
    heading(
        &mut canvas,
        &title,
        "Means of the replications. Solid: capacity. Dashed: demand. Below: down in the worst replication",
    );
    let highest = rows.iter().map(|row| row.capacity.value.max(row.demand.value)).fold(1e-9, f64::max);
    let (x, y) =
        (Scale::linear((first.at_h, end_h), (LEFT, RIGHT)), Scale::linear((0.0, 1.05 * highest), (BOTTOM, TOP)));
    let plot = Plot { upper_left: (LEFT, TOP), lower_right: (RIGHT, BOTTOM) };
    for value in round_steps(highest, 5.0) {
        plot.y_tick(&mut canvas, y.at(value), &round(value));
    }
    for value in round_steps(end_h, 8.0).into_iter().filter(|&value| value >= first.at_h) {
        plot.x_tick(&mut canvas, x.at(value), &round(value));
    }
    plot.y_name(&mut canvas, "per second");
    let stairs = |of: fn(&CapacityRow) -> &Estimated| -> Vec<Point> {
        let ends = |row: &CapacityRow| [row.at_h, row.at_h + row.span_h].map(|at| (x.at(at), y.at(of(row).value)));
        rows.iter().flat_map(ends).collect()
    };
    canvas.line(&stairs(|row| &row.demand), Pen::dashed(Ink::Series(1), 2.0, 6.0, 4.0));
    canvas.line(&stairs(|row| &row.capacity), Pen::solid(Ink::Series(0), 2.2));
    canvas.text((LEFT - 8.0, LANE + 4.0), "down", Face::new(11.5, Ink::Faint).align(Align::Right));
    for row in &down {
        let (from, to) = (x.at((row.fault_s / 3600.0).max(first.at_h)), x.at((row.restored_s / 3600.0).min(end_h)));
        canvas.rect((from, LANE - 5.0), (to.max(from + 1.0), LANE + 5.0), Ink::Series(5));
    }
    Plot { lower_right: (RIGHT, LANE + 2.0), ..plot }.x_name(&mut canvas, "time, h");
    let alt = format!(
        "Demand on {name} and its capacity over {} parts of time: {} of the demand is above the capacity; {} outages of journeys \
         in the worst replication.",
        rows.len(),
        format::percent(share),
        down.len()
    );
    let svg = canvas.into_svg(&title, &alt);
    Some(Figure { name: "capacity_over_time", svg, title, alt, table: Some("capacity_timeseries") })
}

/// The rows of the component with the most demand above its capacity; of the first, if none has any.
fn shown(rows: &[CapacityRow]) -> Option<&[CapacityRow]> {
    let unserved = |rows: &[CapacityRow]| rows.iter().map(|row| row.unserved.value * row.span_h).sum::<f64>();
    let of_one = rows.chunk_by(|a, b| a.entity == b.entity);
    of_one.reduce(|most, other| if unserved(other) > unserved(most) { other } else { most })
}

/// A round number as written.
fn round(value: f64) -> String {
    format!("{}", (value * 1e6).round() / 1e6)
}
