//! Decisions of an autoscaler around its largest number of replicas, beside what the load needs, and what held them.

use ninefold_models::results::DecisionRow;

use super::Figure;
use super::axis::{Plot, Scale, heading, round_steps};
use super::canvas::{Align, Canvas, Face, Pen, Point};
use super::palette::Ink;
use super::replicas_over_time::{LANES, round};
use crate::format;
use crate::input::ReportInput;

const WIDTH: f64 = 860.0;
const LEFT: f64 = 120.0;
const RIGHT: f64 = WIDTH - 24.0;
const TOP: f64 = 84.0;
const BOTTOM: f64 = TOP + 240.0;
const LANE: f64 = 18.0;

/// How long before and after the largest number is shown, h.
const AROUND_H: f64 = 3.0;

/// Fewer decisions make no course.
const LEAST: usize = 3;

pub(super) fn figure(input: &ReportInput<'_>) -> Option<Figure> {
    let rows = shown(&input.results.decisions)?;
    let most = rows.iter().max_by_key(|row| row.decision.to)?;
    let (from, to) = (most.at_s / 3600.0 - AROUND_H, most.at_s / 3600.0 + AROUND_H);
    let within: Vec<&DecisionRow> = rows.iter().filter(|row| (from..=to).contains(&(row.at_s / 3600.0))).collect();
    let (first, last) = (within.first()?, within.last()?);
    let span = (first.at_s / 3600.0, (last.at_s / 3600.0).max(first.at_s / 3600.0 + 0.1));
    let name = crate::terminal::short(&most.component);
    let changes = within.iter().filter(|row| row.decision.from != row.decision.to).count();
    let lanes: Vec<_> =
        LANES.into_iter().filter(|(limit, _)| within.iter().any(|row| row.decision.limit == *limit)).collect();
    let title =
        format!("{}: {changes} changes on the way to {} replicas", format::truncated(name, 30), most.decision.to);
    let component = input.spec.components.iter().find(|component| component.name == name);
    let each = component.and_then(|component| component.capacity_per_unit.as_ref()).map(|level| level.rate);
    let svg = draw((&within, span), &lanes, (&title, each));
    let held: Vec<String> = lanes
        .iter()
        .map(|(limit, name)| {
            format!("{name} {} times", within.iter().filter(|row| row.decision.limit == *limit).count())
        })
        .collect();
    let alt = format!(
        "Decisions of the autoscaler of {name} in replication {}, from hour {} to hour {}: {changes} changes, at most {} replicas. \
         Held by: {}.",
        most.rep,
        format::significant(span.0, 4),
        format::significant(span.1, 4),
        most.decision.to,
        if held.is_empty() { "nothing".to_owned() } else { held.join(", ") }
    );
    let svg = svg.into_svg(&title, &alt);
    Some(Figure { name: "autoscaler_trace", svg, title, alt, table: Some("autoscale_events") })
}

fn draw(
    (rows, span): (&[&DecisionRow], (f64, f64)),
    lanes: &[(ninefold_models::scaling::Limit, &str)],
    (title, each): (&str, Option<f64>),
) -> Canvas {
    let mut canvas = Canvas::new(WIDTH, BOTTOM + 70.0 + LANE * lanes.len() as f64);
    heading(
        &mut canvas,
        title,
        "Solid: replicas. Dotted: what the metric asks for. Dashed: fewest that carry the load. Below: what held a decision",
    );
    let need = |row: &DecisionRow| row.demand.zip(each).map(|(demand, each)| demand / each);
    let of = |row: &&DecisionRow| f64::from(row.decision.to.max(row.decision.from)).max(need(row).unwrap_or(0.0));
    let highest = rows.iter().map(of).fold(1.0, f64::max);
    let (x, y) = (Scale::linear(span, (LEFT, RIGHT)), Scale::linear((0.0, 1.05 * highest), (BOTTOM, TOP)));
    let plot = Plot { upper_left: (LEFT, TOP), lower_right: (RIGHT, BOTTOM) };
    for value in round_steps(highest, 5.0) {
        plot.y_tick(&mut canvas, y.at(value), &round(value));
    }
    for value in round_steps(span.1 - span.0, 8.0) {
        plot.x_tick(&mut canvas, x.at(span.0 + value), &format!("+{}", round(value)));
    }
    plot.y_name(&mut canvas, "replicas");
    let stairs = |value: &dyn Fn(&DecisionRow) -> Option<f64>| -> Vec<Point> {
        let mut points: Vec<Point> = Vec::new();
        for row in rows {
            let Some(value) = value(row) else { continue };
            let (at, level) = (x.at(row.at_s / 3600.0), y.at(value.min(1.05 * highest)));
            points.extend(points.last().map(|&(_, before)| (at, before)));
            points.push((at, level));
        }
        points.extend(points.last().map(|&(_, before)| (RIGHT, before)));
        points
    };
    for (value, pen) in [
        (&need as &dyn Fn(&DecisionRow) -> Option<f64>, Pen::dashed(Ink::Series(1), 2.0, 6.0, 4.0)),
        (&|row: &DecisionRow| Some(f64::from(row.decision.raw)), Pen::dashed(Ink::Series(2), 1.4, 2.0, 3.0)),
        (&|row: &DecisionRow| Some(f64::from(row.decision.to)), Pen::solid(Ink::Series(0), 2.2)),
    ] {
        let points = stairs(value);
        if !points.is_empty() {
            canvas.line(&points, pen);
        }
    }
    let ends = rows.iter().skip(1).map(|row| row.at_s / 3600.0).chain([span.1]);
    let spells: Vec<(&&DecisionRow, f64)> = rows.iter().zip(ends).collect();
    for (lane, (limit, name)) in lanes.iter().enumerate() {
        let at = BOTTOM + 30.0 + LANE * (lane as f64 + 0.5);
        canvas.text((LEFT - 8.0, at), *name, Face::new(11.5, Ink::Faint).align(Align::Right));
        for (row, end) in spells.iter().filter(|(row, _)| row.decision.limit == *limit) {
            let from = x.at(row.at_s / 3600.0);
            canvas.rect((from, at - 4.0), (x.at(*end).max(from + 1.0), at + 4.0), Ink::Series(5));
        }
    }
    let below = (RIGHT, BOTTOM + 30.0 + LANE * lanes.len() as f64 - 14.0);
    let from = format!("hours after hour {}", format::significant(span.0, 4));
    Plot { lower_right: below, ..plot }.x_name(&mut canvas, &from);
    canvas
}

/// The decisions of the component with the largest number of replicas, in the replication that is told first.
fn shown(rows: &[DecisionRow]) -> Option<Vec<DecisionRow>> {
    let rep = rows.first()?.rep;
    let most = rows.iter().filter(|row| row.rep == rep).max_by_key(|row| row.decision.to)?;
    let of = |row: &&DecisionRow| row.rep == rep && row.component == most.component;
    let shown: Vec<DecisionRow> = rows.iter().filter(of).cloned().collect();
    (shown.len() >= LEAST).then_some(shown)
}
