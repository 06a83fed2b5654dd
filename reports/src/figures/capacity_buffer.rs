//! What a place sheds when it takes over traffic, against what it has in reserve, with the knee, what is needed and what is
//! written.

use ninefold_models::results::BufferRow;

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

pub(super) fn figure(input: &ReportInput<'_>) -> Option<Figure> {
    let rows = shown(&input.results.buffers)?;
    let (first, last) = (rows.first()?, rows.last()?);
    let name = format::truncated(crate::terminal::short(&first.place), 30);
    let title = match rows.iter().find(|row| row.knee) {
        Some(knee) => format!(
            "{name}: {} in reserve shed {} of what none would; more buys less",
            format::percent(knee.buffer),
            format::percent(knee.shed.value / first.shed.value)
        ),
        None => format!("{name}: what it sheds falls evenly with its reserve"),
    };
    let alt = format!(
        "Requests a year that {name} sheds in {} failovers, against its reserve from 0 to {} of its own peak: {} with none, {} \
         with the largest; {} are needed when the largest other place is lost at the peak.",
        first.failovers,
        format::percent(last.buffer),
        format::rate_with_error(&first.shed),
        format::rate_with_error(&last.shed),
        format::percent(first.needed)
    );
    let svg = draw(rows, &title).into_svg(&title, &alt);
    Some(Figure { name: "capacity_buffer", svg, title, alt, table: Some("capacity_buffers") })
}

fn draw(rows: &[BufferRow], title: &str) -> Canvas {
    let mut canvas = Canvas::new(WIDTH, BOTTOM + 52.0);
    heading(&mut canvas, title, "Requests sent to it beyond what it serves, by failovers to it of all replications");
    let widest = rows.iter().map(|row| row.buffer).fold(1e-9, f64::max);
    let highest = rows.iter().map(|row| row.shed.value).fold(1e-9, f64::max);
    let (x, y) = (Scale::linear((0.0, widest), (LEFT, RIGHT)), Scale::linear((0.0, 1.08 * highest), (BOTTOM, TOP)));
    let plot = Plot { upper_left: (LEFT, TOP), lower_right: (RIGHT, BOTTOM) };
    for value in round_steps(highest, 5.0) {
        plot.y_tick(&mut canvas, y.at(value), &format::significant(value, 3));
    }
    for value in round_steps(100.0 * widest, 8.0) {
        plot.x_tick(&mut canvas, x.at(value / 100.0), &format!("{} %", format::significant(value, 3)));
    }
    plot.y_name(&mut canvas, "requests shed a year");
    plot.x_name(&mut canvas, "reserve, share of its own peak");
    let needed = rows.first().map_or(0.0, |row| row.needed);
    canvas.line(&[(x.at(needed), TOP), (x.at(needed), BOTTOM)], Pen::dashed(Ink::Faint, 1.2, 3.0, 3.0));
    canvas.text((x.at(needed) - 6.0, TOP + 8.0), "needed", Face::new(11.5, Ink::Faint).align(Align::Right));
    let at = |row: &BufferRow| -> Point { (x.at(row.buffer), y.at(row.shed.value)) };
    canvas.line(&rows.iter().map(at).collect::<Vec<_>>(), Pen::solid(Ink::Series(0), 2.2));
    let marks = [
        (rows.iter().find(|row| row.knee), "knee", Ink::Series(0), -14.0),
        (rows.iter().find(|row| row.written), "written", Ink::Series(1), -14.0),
    ];
    for (row, words, ink, below) in marks {
        let Some(row) = row else { continue };
        let (px, py) = at(row);
        canvas.dot((px, py), 5.0, ink);
        let (shift, align) = if px > (LEFT + RIGHT) / 2.0 { (-8.0, Align::Right) } else { (8.0, Align::Left) };
        let label = format!("{words}: {}", format::percent(row.buffer));
        canvas.text((px + shift, (py + below).min(BOTTOM - 8.0)), label, Face::new(12.0, ink).align(align));
    }
    canvas
}

/// The rows of the place that sheds most without a reserve; none where no place sheds anything.
fn shown(rows: &[BufferRow]) -> Option<&[BufferRow]> {
    let sheds = |rows: &[BufferRow]| rows.first().map_or(0.0, |row| row.shed.value);
    let of_one = rows.chunk_by(|a, b| a.place == b.place).filter(|rows| rows.len() > 1 && sheds(rows) > 0.0);
    of_one.reduce(|most, other| if sheds(other) > sheds(most) { other } else { most })
}
