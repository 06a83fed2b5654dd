//! Load against the size of a trigger, as it is written and with each cure: where a storm of retries stays.

use ninefold_models::results::{AS_WRITTEN, LoadStateRow, MetastabilityRow};

use super::Figure;
use super::axis::{Scale, heading, round_steps};
use super::canvas::{Align, Canvas, Face, Pen};
use super::palette::Ink;
use crate::format;
use crate::input::ReportInput;
use crate::metastability_line::removed_by;

const WIDTH: f64 = 760.0;
const COLUMNS: usize = 3;
const LEFT: f64 = 64.0;
const PANEL: (f64, f64) = (200.0, 160.0);
const GAP: (f64, f64) = (28.0, 62.0);
const TOP: f64 = 122.0;
const LABEL: Face = Face::new(11.5, Ink::Faint);

/// Region, what it means, its colour; the mark in its cells is drawn by [`cell`].
const REGIONS: [(&str, &str, Ink); 4] = [
    ("stable", "always comes back", Ink::Band(2)),
    ("vulnerable", "comes back from this", Ink::Band(4)),
    ("metastable", "stays down", Ink::Series(1)),
    ("overloaded", "down anyway", Ink::Series(5)),
];

pub(super) fn figure(input: &ReportInput<'_>) -> Option<Figure> {
    let first = input.results.metastability.first()?;
    let of_map = |row: &&MetastabilityRow| row.measure == first.measure;
    let cells: Vec<&MetastabilityRow> = input.results.metastability.iter().filter(of_map).collect();
    let written = |row: &&LoadStateRow| row.measure == first.measure && row.cure == AS_WRITTEN && row.is_written;
    let written = input.results.metastability_loads.iter().find(written);
    let share = |of: &[&MetastabilityRow]| {
        of.iter().filter(|cell| cell.region == "metastable").count() as f64 / of.len() as f64
    };
    let panels: Vec<&[&MetastabilityRow]> = cells.chunk_by(|a, b| a.cure == b.cure).collect();
    let name = format::truncated(&first.measure, 30);
    let down = share(panels[0]);
    let removed = removed_by(&first.measure, &input.results.metastability);
    let title = match (down > 0.0, removed.is_empty()) {
        (false, _) => format!("{name}: nothing on the map stays down"),
        (true, true) => format!("{name}: {} of the map stays down, no cure removes that", format::percent(down)),
        (true, false) => {
            let by = format::truncated(&removed.join(", "), 60);
            format!("{name}: {} of the map stays down; removed by {by}", format::percent(down))
        }
    };
    let each = panels.iter().map(|of| format!("{}: {} metastable", of[0].cure, format::percent(share(of))));
    let alt = format!(
        "Maps of load, up to {} of the capacity, against a trigger ({}) of up to {} s. {}.",
        format::percent(cells.iter().map(|cell| cell.load).fold(0.0, f64::max)),
        first.trigger,
        format::significant(cells.iter().map(|cell| cell.trigger_s).fold(0.0, f64::max), 3),
        each.collect::<Vec<_>>().join("; ")
    );
    let svg = draw(&panels, written.map(|row| row.load), &title).into_svg(&title, &alt);
    Some(Figure { name: "metastability_map", svg, title, alt, table: Some("metastability") })
}

fn draw(panels: &[&[&MetastabilityRow]], written: Option<f64>, title: &str) -> Canvas {
    let rows = panels.len().div_ceil(COLUMNS);
    let mut canvas = Canvas::new(WIDTH, TOP + rows as f64 * (PANEL.1 + GAP.1));
    let trigger = panels[0][0].trigger;
    heading(
        &mut canvas,
        &format::truncated(title, 74),
        &format!("Demand ÷ capacity, against how long the trigger ({trigger}) lasts, in seconds"),
    );
    legend(&mut canvas);
    for (place, cells) in panels.iter().enumerate() {
        let left = LEFT + (place % COLUMNS) as f64 * (PANEL.0 + GAP.0);
        let top = TOP + (place / COLUMNS) as f64 * (PANEL.1 + GAP.1);
        panel(&mut canvas, (left, top), (cells, written), place % COLUMNS == 0);
    }
    canvas
}

fn legend(canvas: &mut Canvas) {
    let mut x = 24.0;
    for (region, meaning, ink) in REGIONS {
        cell(canvas, ((x, 66.0), (x + 14.0, 80.0)), (region, ink));
        let words = format!("{region}: {meaning}");
        canvas.text((x + 20.0, 73.0), words.as_str(), LABEL);
        x += 34.0 + LABEL.width(&words);
    }
}

/// A cell with the mark of its region: no figure tells by colour alone.
fn cell(canvas: &mut Canvas, ((x0, y0), (x1, y1)): ((f64, f64), (f64, f64)), (region, ink): (&str, Ink)) {
    canvas.rect((x0, y0), (x1, y1), ink);
    let (x, y) = ((x0 + x1) / 2.0, (y0 + y1) / 2.0);
    match region {
        "vulnerable" => canvas.dot((x, y), 1.0, Ink::Faint),
        "metastable" => canvas.line(&[(x - 2.0, y - 2.0), (x + 2.0, y + 2.0)], Pen::solid(Ink::Paper, 1.0)),
        "overloaded" => canvas.line(&[(x - 2.0, y), (x + 2.0, y)], Pen::solid(Ink::Paper, 1.0)),
        _ => {}
    }
}

fn panel(
    canvas: &mut Canvas,
    (left, top): (f64, f64),
    (cells, written): (&[&MetastabilityRow], Option<f64>),
    is_first: bool,
) {
    let (right, bottom) = (left + PANEL.0, top + PANEL.1);
    let most = |of: fn(&MetastabilityRow) -> f64| cells.iter().map(|cell| of(cell)).fold(1e-9, f64::max);
    let (load, length) = (most(|cell| cell.load), most(|cell| cell.trigger_s));
    let (x, y) = (Scale::linear((0.0, load), (left, right)), Scale::linear((0.0, length), (bottom, top)));
    let first = cells[0];
    canvas.text((left, top - 14.0), format::truncated(&first.cure, 26), Face::new(12.5, Ink::Text).bold());
    // Each cell reaches down to the one before it, in both directions.
    let (step, longer) = (first.load, first.trigger_s);
    for of in cells {
        let ink = REGIONS.iter().find(|(region, ..)| *region == of.region).map_or(Ink::Grid, |found| found.2);
        let corners = (
            (x.at(of.load - step) + 0.5, y.at(of.trigger_s) + 0.5),
            (x.at(of.load) - 0.5, y.at(of.trigger_s - longer) - 0.5),
        );
        cell(canvas, corners, (of.region, ink));
    }
    if let Some(written) = written.filter(|written| *written <= load) {
        // In the middle of its cell, whose right end is the load.
        let at = x.at(written - step / 2.0);
        canvas.line(&[(at, top - 4.0), (at, bottom + 4.0)], Pen::dashed(Ink::Text, 1.4, 4.0, 3.0));
    }
    // The first stands below the last of the panel before.
    for value in round_steps(100.0 * load, 4.0).into_iter().skip(1) {
        canvas.text((x.at(value / 100.0), bottom + 12.0), format!("{} %", plain(value)), LABEL.align(Align::Centre));
    }
    for value in round_steps(length, 4.0).into_iter().filter(|_| is_first) {
        canvas.text((left - 8.0, y.at(value)), format!("{} s", plain(value)), LABEL.align(Align::Right));
    }
}

/// A round value without zeros behind the point.
fn plain(value: f64) -> String {
    let text = format::significant(value, 3);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
