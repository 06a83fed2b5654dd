//! What a component costs a year against the units that are reserved, with the cheapest reserve and the one that is written.

use ninefold_models::results::PurchaseRow;

use super::Figure;
use super::axis::{Plot, Scale, heading, round_steps};
use super::canvas::{Align, Canvas, Face, Pen, Point};
use super::palette::Ink;
use crate::format;
use crate::input::ReportInput;

const WIDTH: f64 = 760.0;
const LEFT: f64 = 110.0;
const RIGHT: f64 = WIDTH - 24.0;
const TOP: f64 = 84.0;
const BOTTOM: f64 = TOP + 260.0;

/// Fewer reserves make no curve.
const LEAST: usize = 2;

pub(super) fn figure(input: &ReportInput<'_>) -> Option<Figure> {
    let rows = shown(&input.results.purchases)?;
    let (cheapest, written) = (rows.iter().find(|row| row.cheapest)?, rows.iter().find(|row| row.written)?);
    let name = format::truncated(crate::terminal::short(&cheapest.entity), 30);
    let currency = &input.spec.prices.currency;
    let saves = written.cost.value - cheapest.cost.value;
    let title = match written.cheapest {
        true => format!("{name}: no other reserve is cheaper than the {} units that are written", written.reserved),
        false => {
            let saves = format::significant(saves, 3);
            format!(
                "{name}: with {} units reserved, not {}, {saves} {currency} a year less",
                cheapest.reserved, written.reserved
            )
        }
    };
    let alt = format!(
        "Cost of {name} a year against the units that are reserved, 0 to {}: {} {currency} with the {} that are written, least \
         with {}: {} {currency}.",
        rows.last()?.reserved,
        format::rate_with_error(&written.cost),
        written.reserved,
        cheapest.reserved,
        format::rate_with_error(&cheapest.cost)
    );
    let svg = draw(rows, &title, (cheapest, written, currency)).into_svg(&title, &alt);
    Some(Figure { name: "cost_by_reserve", svg, title, alt, table: Some("purchase_mix") })
}

fn draw(
    rows: &[PurchaseRow],
    title: &str,
    (cheapest, written, currency): (&PurchaseRow, &PurchaseRow, &str),
) -> Canvas {
    let mut canvas = Canvas::new(WIDTH, BOTTOM + 52.0);
    let risk = match (&written.agreement, &written.breach_probability) {
        (Some(agreement), Some(breach)) => {
            let agreement = format::truncated(crate::terminal::short(agreement), 30);
            format!(
                "; {agreement} is missed in {} of its windows, whatever is reserved",
                format::percent_with_error(breach)
            )
        }
        _ => String::new(),
    };
    heading(&mut canvas, title, &format!("What is above the reserve is paid on demand{risk}"));
    let most = rows.last().map_or(1.0, |row| row.reserved as f64);
    let highest = rows.iter().map(|row| row.cost.value).fold(1e-9, f64::max);
    let (x, y) = (Scale::linear((0.0, most), (LEFT, RIGHT)), Scale::linear((0.0, 1.08 * highest), (BOTTOM, TOP)));
    let plot = Plot { upper_left: (LEFT, TOP), lower_right: (RIGHT, BOTTOM) };
    for value in round_steps(highest, 5.0) {
        plot.y_tick(&mut canvas, y.at(value), &format::significant(value, 3));
    }
    for value in round_steps(most, 8.0).into_iter().filter(|value| value.fract() == 0.0) {
        plot.x_tick(&mut canvas, x.at(value), &format::count(value));
    }
    plot.y_name(&mut canvas, &format!("{currency} a year"));
    plot.x_name(&mut canvas, "units reserved");
    let at = |row: &PurchaseRow| -> Point { (x.at(row.reserved as f64), y.at(row.cost.value)) };
    canvas.line(&rows.iter().map(at).collect::<Vec<_>>(), Pen::solid(Ink::Series(0), 2.2));
    let mut mark = |row: &PurchaseRow, ink: Ink, words: &str, below: f64| {
        let (px, py) = at(row);
        canvas.dot((px, py), 5.0, ink);
        let (shift, align) = if px > (LEFT + RIGHT) / 2.0 { (-8.0, Align::Right) } else { (8.0, Align::Left) };
        canvas.text((px + shift, py + below), format!("{words}: {}", row.reserved), Face::new(12.0, ink).align(align));
    };
    if !written.cheapest {
        mark(written, Ink::Series(1), "written", -14.0);
    }
    mark(cheapest, Ink::Series(0), "cheapest", 18.0);
    canvas
}

/// The rows of the component that could save most by another reserve; of the first, if none could.
fn shown(rows: &[PurchaseRow]) -> Option<&[PurchaseRow]> {
    let saves = |rows: &[PurchaseRow]| {
        let cost = |of: fn(&PurchaseRow) -> bool| rows.iter().find(|row| of(row)).map_or(0.0, |row| row.cost.value);
        cost(|row| row.written) - cost(|row| row.cheapest)
    };
    let of_one = rows.chunk_by(|a, b| a.entity == b.entity).filter(|rows| rows.len() >= LEAST);
    of_one.reduce(|most, other| if saves(other) > saves(most) { other } else { most })
}
