//! Topology: components as rows, failure domains as nested boxes over the columns their units sit in, dependencies as
//! brackets between the rows, journeys on the left.

use ninefold_models::system::{ComponentSpec, DependencySpec, Need, SystemSpec};

use super::Figure;
use super::axis::heading;
use super::canvas::{Align, Canvas, Face, Pen};
use super::palette::Ink;
use super::topology_layout::{Column, columns, nests, path_words, redundancy};
use crate::format;
use crate::input::ReportInput;

const ROWS_MAX: usize = 24;
const COLUMNS_MAX: usize = 12;
const EDGES_MAX: usize = 16;
const JOURNEYS_MAX: usize = 8;
const ROW: f64 = 54.0;
const CARD: f64 = 40.0;
const CARD_WIDTH: f64 = 176.0;
const JOURNEY_WIDTH: f64 = 150.0;
const LANE: f64 = 14.0;
const COLUMN: f64 = 96.0;
const HEADER: f64 = 24.0;
const UNITS_MAX: usize = 5;

/// Measures of one drawing.
struct Sheet<'a> {
    rows: &'a [ComponentSpec],
    columns: &'a [Column<'a>],
    edges: Vec<&'a DependencySpec>,
    journeys: usize,
    /// Left edge of the component cards.
    card_x: f64,
    /// Left edge of the first column.
    column_x: f64,
    /// Top of the first row.
    top: f64,
    depth: usize,
}

pub(super) fn figure(input: &ReportInput<'_>) -> Option<Figure> {
    let spec = input.spec;
    let all = columns(spec);
    let sheet = sheet(spec, &all[..all.len().min(COLUMNS_MAX)])?;
    let title = title(spec);
    let alt = alt(spec);
    let mut canvas = Canvas::new(width(&sheet), sheet.bottom() + 64.0);
    heading(&mut canvas, &title, "Rows are components, a square is a unit, boxes are the domains units are lost with");
    draw_nests(&mut canvas, &sheet);
    draw_outside(&mut canvas, &sheet);
    draw_rows(&mut canvas, &sheet);
    draw_edges(&mut canvas, &sheet);
    draw_journeys(&mut canvas, spec, &sheet);
    draw_footer(&mut canvas, spec, &sheet, all.len());
    Some(Figure { name: "topology", svg: canvas.into_svg(&title, &alt), title, alt, table: None })
}

impl Sheet<'_> {
    fn row_y(&self, row: usize) -> f64 {
        self.top + ROW * (row as f64 + 0.5)
    }

    fn row_of(&self, component: &str) -> Option<usize> {
        self.rows.iter().position(|c| c.name == component)
    }

    fn bottom(&self) -> f64 {
        self.top + ROW * self.rows.len().max(self.journeys) as f64
    }

    /// The middle of a column.
    fn column_at(&self, column: usize) -> f64 {
        self.column_x + COLUMN * (column as f64 + 0.5)
    }
}

fn sheet<'a>(spec: &'a SystemSpec, columns: &'a [Column<'a>]) -> Option<Sheet<'a>> {
    let rows = spec.written_components();
    let rows = &rows[..rows.len().min(ROWS_MAX)];
    if rows.is_empty() {
        return None;
    }
    let drawn = |d: &&DependencySpec| [&d.from, &d.to].iter().all(|n| rows.iter().any(|c| c.name == **n));
    let edges: Vec<_> = spec.dependencies.iter().filter(drawn).take(EDGES_MAX).collect();
    let journeys = spec.journeys.len().min(JOURNEYS_MAX);
    let card_x = if journeys == 0 { 24.0 } else { 24.0 + JOURNEY_WIDTH + 20.0 + LANE * journeys as f64 };
    let column_x = card_x + CARD_WIDTH + 30.0 + LANE * edges.len() as f64;
    let depth = columns.iter().map(|c| c.domains.len()).max().unwrap_or(0);
    Some(Sheet { rows, columns, edges, journeys, card_x, column_x, top: 76.0 + HEADER * depth as f64, depth })
}

fn width(sheet: &Sheet<'_>) -> f64 {
    (sheet.column_x + COLUMN * sheet.columns.len() as f64 + 32.0).max(640.0)
}

fn draw_nests(canvas: &mut Canvas, sheet: &Sheet<'_>) {
    for nest in nests(sheet.columns) {
        let inset = 3.0 + 4.0 * nest.depth as f64;
        let x0 = sheet.column_x + COLUMN * nest.first as f64 + inset;
        let x1 = sheet.column_x + COLUMN * (nest.last + 1) as f64 - inset;
        let y0 = sheet.top - HEADER * (sheet.depth - nest.depth) as f64;
        let y1 = sheet.bottom() + 14.0 - inset;
        canvas.frame((x0, y0), (x1, y1), Ink::Box, Pen::solid(Ink::Edge, 1.0));
        let level = nest.domain.level.as_ref().map(|l| format!("{l} ")).unwrap_or_default();
        let fits = (((x1 - x0) - 10.0) / 6.4) as usize;
        let full = format!("{level}{}", nest.domain.name);
        let label = if full.chars().count() <= fits { full } else { format::truncated(&nest.domain.name, fits) };
        canvas.text(((x0 + x1) / 2.0, y0 + 13.0), label, Face::new(11.0, Ink::Faint).align(Align::Centre));
    }
}

/// Names the column of the units outside every domain.
fn draw_outside(canvas: &mut Canvas, sheet: &Sheet<'_>) {
    if let Some(column) = sheet.columns.iter().position(|c| c.domains.is_empty()) {
        let name = if sheet.depth == 0 { "units" } else { "no domain" };
        let at = (sheet.column_at(column), sheet.top - 11.0);
        canvas.text(at, name, Face::new(11.0, Ink::Faint).align(Align::Centre));
    }
}

fn draw_rows(canvas: &mut Canvas, sheet: &Sheet<'_>) {
    for (row, component) in sheet.rows.iter().enumerate() {
        let y = sheet.row_y(row);
        let right = sheet.column_x + COLUMN * sheet.columns.len() as f64 - 14.0;
        canvas.line(&[(sheet.column_x + 14.0, y), (right, y)], Pen::dashed(Ink::Edge, 1.0, 1.5, 4.0));
        let (x0, x1) = (sheet.card_x, sheet.card_x + CARD_WIDTH);
        canvas.frame((x0, y - CARD / 2.0), (x1, y + CARD / 2.0), Ink::Card, Pen::solid(Ink::Edge, 1.2));
        let name = format::truncated(&component.name, 21);
        canvas.text((x0 + 10.0, y - 8.0), name, Face::new(13.0, Ink::Text).bold());
        canvas.text((x0 + 10.0, y + 9.0), format::truncated(&redundancy(component), 28), Face::new(10.5, Ink::Faint));
        for (i, column) in sheet.columns.iter().enumerate() {
            draw_units(canvas, (sheet.column_at(i), y), column.units(component));
        }
    }
}

/// Squares, one a unit; a number where they are many.
fn draw_units(canvas: &mut Canvas, (x, y): (f64, f64), units: usize) {
    let squares = if units > UNITS_MAX { 1 } else { units };
    let side = 11.0;
    let label = if units > UNITS_MAX { format!("× {units}") } else { String::new() };
    let pitch = side + 4.0;
    let span = pitch * squares as f64 - 4.0 + label.chars().count() as f64 * 6.5;
    for i in 0..squares {
        let left = x - span / 2.0 + pitch * i as f64;
        canvas.rect((left, y - side / 2.0), (left + side, y + side / 2.0), Ink::Series(0));
    }
    if units > UNITS_MAX {
        canvas.text((x - span / 2.0 + pitch + 2.0, y), label, Face::new(12.0, Ink::Text));
    }
}

/// Hard, soft and async differ by line and by word.
fn pen(need: Need) -> Pen {
    match need {
        Need::Hard => Pen::solid(Ink::Text, 1.6),
        Need::Soft => Pen::dashed(Ink::Series(1), 1.8, 7.0, 4.0),
        Need::Async => Pen::dashed(Ink::Series(3), 1.8, 2.0, 3.0),
    }
}

const fn word(need: Need) -> &'static str {
    match need {
        Need::Hard => "hard",
        Need::Soft => "soft",
        Need::Async => "async",
    }
}

fn draw_edges(canvas: &mut Canvas, sheet: &Sheet<'_>) {
    for (lane, edge) in sheet.edges.iter().enumerate() {
        let (Some(from), Some(to)) = (sheet.row_of(&edge.from), sheet.row_of(&edge.to)) else { continue };
        let shift =
            |row: usize| spread(sheet.edges.iter().map(|e| [sheet.row_of(&e.from), sheet.row_of(&e.to)]), row, lane);
        let (y0, y1) = (sheet.row_y(from) + shift(from), sheet.row_y(to) + shift(to));
        let x0 = sheet.card_x + CARD_WIDTH;
        let x1 = x0 + 22.0 + LANE * lane as f64;
        canvas.line(&[(x0, y0), (x1, y0), (x1, y1), (x0 + 7.0, y1)], pen(edge.need));
        let ink = pen(edge.need).ink;
        canvas.area(vec![(x0 + 1.0, y1), (x0 + 9.0, y1 - 4.0), (x0 + 9.0, y1 + 4.0)], ink);
    }
}

/// Where on a card's side the line of `lane` ends, so that lines of one card do not meet.
fn spread(edges: impl Iterator<Item = [Option<usize>; 2]>, row: usize, lane: usize) -> f64 {
    let at_row: Vec<usize> =
        edges.enumerate().filter(|(_, ends)| ends.contains(&Some(row))).map(|(lane, _)| lane).collect();
    let place = at_row.iter().position(|l| *l == lane).unwrap_or(0) as f64;
    let gap = (CARD - 8.0) / (at_row.len() as f64 + 1.0);
    (place + 1.0) * gap - (CARD - 8.0) / 2.0
}

fn draw_journeys(canvas: &mut Canvas, spec: &SystemSpec, sheet: &Sheet<'_>) {
    for (i, journey) in spec.journeys.iter().take(sheet.journeys).enumerate() {
        let y = sheet.row_y(i);
        let x1 = 24.0 + JOURNEY_WIDTH;
        canvas.frame((24.0, y - CARD / 2.0), (x1, y + CARD / 2.0), Ink::Band(0), Pen::solid(Ink::Series(0), 1.2));
        let name = format::truncated(&journey.name, 18);
        canvas.text((34.0, y - 8.0), name, Face::new(13.0, Ink::Text).bold());
        let path = format::truncated(&path_words(&journey.path), 24);
        canvas.text((34.0, y + 9.0), path, Face::new(10.5, Ink::Text));
        let needs = journey.path.components();
        let lane = x1 + 10.0 + LANE * i as f64;
        for row in needs.iter().filter_map(|name| sheet.row_of(name)) {
            let target = sheet.row_y(row) - CARD / 2.0 + CARD * (i as f64 + 1.0) / (sheet.journeys as f64 + 1.0);
            canvas.line(&[(x1, y), (lane, y), (lane, target), (sheet.card_x, target)], Pen::solid(Ink::Series(0), 1.3));
        }
    }
}

/// The meaning of the lines, and what was left out.
fn draw_footer(canvas: &mut Canvas, spec: &SystemSpec, sheet: &Sheet<'_>, columns: usize) {
    let y = sheet.bottom() + 42.0;
    let mut x = 24.0;
    let face = Face::new(11.5, Ink::Faint);
    for need in [Need::Hard, Need::Soft, Need::Async] {
        if sheet.edges.iter().any(|e| e.need == need) {
            canvas.line(&[(x, y), (x + 34.0, y)], pen(need));
            let text = format!("{} dependency", word(need));
            canvas.text((x + 42.0, y), text.as_str(), face);
            x += 42.0 + face.width(&text) + 20.0;
        }
    }
    let hidden = [
        (spec.written_components().len() - sheet.rows.len(), "components"),
        (columns - sheet.columns.len(), "domains"),
        (spec.journeys.len() - sheet.journeys, "journeys"),
        (spec.dependencies.len() - sheet.edges.len(), "dependencies"),
    ];
    let left_out: Vec<_> = hidden.iter().filter(|h| h.0 > 0).map(|(n, what)| format!("{n} more {what}")).collect();
    if !left_out.is_empty() {
        canvas.text((x, y), format!("and {}", left_out.join(", ")), face);
    }
}

fn title(spec: &SystemSpec) -> String {
    let units: usize = spec.written_components().iter().map(|c| c.units.len()).sum();
    let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let domains = if spec.domains.is_empty() {
        String::from("no failure domains")
    } else {
        count(spec.domains.len(), "failure domain", "failure domains")
    };
    let parts =
        [count(spec.written_components().len(), "component", "components"), count(units, "unit", "units"), domains];
    format!("{}: {}", format::truncated(&spec.name, 32), parts.join(", "))
}

fn alt(spec: &SystemSpec) -> String {
    let components: Vec<_> =
        spec.written_components().iter().take(ROWS_MAX).map(|c| format!("{} ({})", c.name, redundancy(c))).collect();
    let edges: Vec<_> = spec
        .dependencies
        .iter()
        .take(EDGES_MAX)
        .map(|d| format!("{} needs {} ({})", d.from, d.to, word(d.need)))
        .collect();
    let edges = if edges.is_empty() { String::from("none") } else { edges.join(", ") };
    format!("Topology. Components: {}. Dependencies: {edges}.", components.join(", "))
}
