//! Shares of inputs: whose doubt the answer's is, largest first, of the headline entity with the widest second interval.

use ninefold_models::results::{InputShareRow, Measured};

use super::Figure;
use super::axis::{Plot, Scale, heading, round_steps};
use super::canvas::{Align, Canvas, Face, Pen};
use super::palette::Ink;
use crate::format;
use crate::input::ReportInput;
use crate::terminal::{input_name, short};

const WIDTH: f64 = 760.0;
const BARS_MAX: usize = 12;
const BAR: f64 = 28.0;
const LEFT: f64 = 320.0;

/// Names of inputs are cut at this many characters.
const NAME_MAX: usize = 44;

pub(super) fn figure(input: &ReportInput<'_>) -> Option<Figure> {
    let widest = widest(input)?;
    let shares = largest_shares(&input.results.input_shares, widest);
    let first = shares.iter().find(|row| is_input(row)).filter(|row| row.share.value > 0.0)?;
    let title = format!(
        "{} owns {} of the doubt about the {} of {}",
        input_name(&first.input),
        format::percent(first.share.value),
        widest.measure,
        short(&widest.entity)
    );
    let alt = alt(&shares, widest);
    let canvas = draw(&shares, &title, input);
    let svg = canvas.into_svg(&format::truncated(&title, 110), &alt);
    Some(Figure { name: "input_shares", svg, title, alt, table: Some("input_shares") })
}

/// The unavailability (or time to first failure) of the headline entity with the widest interval by inputs and chance.
fn widest<'a>(input: &ReportInput<'a>) -> Option<&'a Measured> {
    let entities = input.headline_entities();
    let main = |m: &&Measured| {
        let shared = input.results.input_shares.iter().any(|row| row.entity == m.entity && row.measure == m.measure);
        ["unavailability", "mttf"].contains(&m.measure) && entities.contains(&m.entity) && shared
    };
    let width = |m: &Measured| m.inputs.map_or(0.0, |with| (with.hi - with.lo) / m.estimate.value);
    let mut widest: Option<&Measured> = None;
    for measured in input.results.measures.iter().filter(main) {
        if widest.is_none_or(|before| width(measured) > width(before)) {
            widest = Some(measured);
        }
    }
    widest
}

/// The shares of a measure, inputs first, each kind largest first; ties keep their order.
pub(crate) fn largest_shares<'a>(rows: &'a [InputShareRow], of: &Measured) -> Vec<&'a InputShareRow> {
    let mut of: Vec<_> = rows.iter().filter(|row| row.entity == of.entity && row.measure == of.measure).collect();
    of.sort_by(|a, b| is_input(b).cmp(&is_input(a)).then(b.share.value.total_cmp(&a.share.value)));
    of
}

fn is_input(row: &InputShareRow) -> bool {
    !matches!(row.input.as_str(), "chance" | "rest")
}

fn draw(shares: &[&InputShareRow], title: &str, input: &ReportInput<'_>) -> Canvas {
    let (inputs, others): (Vec<&InputShareRow>, Vec<&InputShareRow>) =
        shares.iter().copied().partition(|row| is_input(row));
    let more = inputs.len().saturating_sub(BARS_MAX);
    let shown: Vec<&InputShareRow> = inputs.into_iter().take(BARS_MAX).chain(others).collect();
    let height = 74.0 + BAR * shown.len() as f64 + if more > 0 { 22.0 } else { 0.0 } + 52.0;
    let mut canvas = Canvas::new(WIDTH, height);
    let outcome = &input.results.outcome;
    let below = format!(
        "Share of the variance by inputs and chance, {} draws; whiskers are {} intervals",
        format::grouped(u64::from(outcome.parameter_draws)),
        format::target(outcome.confidence)
    );
    heading(&mut canvas, &format::truncated(title, 76), &below);
    let plot = Plot { upper_left: (LEFT, 70.0), lower_right: (WIDTH - 80.0, height - 52.0) };
    let x = Scale::linear((0.0, 1.0), (plot.upper_left.0, plot.lower_right.0));
    for value in round_steps(1.0, 5.0) {
        plot.x_tick(&mut canvas, x.at(value), &format!("{} %", (value * 100.0).round()));
    }
    plot.x_name(&mut canvas, "share of the variance");
    for (i, row) in shown.iter().enumerate() {
        bar(&mut canvas, &x, plot.upper_left.1 + BAR * (i as f64 + 0.5), row);
    }
    if more > 0 {
        let y = plot.upper_left.1 + BAR * shown.len() as f64 + 10.0;
        let text = format!("and {more} more inputs");
        canvas.text((LEFT - 10.0, y), text, Face::new(12.0, Ink::Faint).align(Align::Right));
    }
    canvas
}

fn bar(canvas: &mut Canvas, x: &Scale, y: f64, row: &InputShareRow) {
    let at = |share: f64| x.at(share.clamp(0.0, 1.0));
    let ink = if is_input(row) { Ink::Series(0) } else { Ink::Faint };
    canvas.rect((LEFT, y - 8.0), (at(row.share.value).max(LEFT + 1.0), y + 8.0), ink);
    let (lo, hi) = (at(row.share.lo), at(row.share.hi));
    let pen = Pen::solid(Ink::Text, 1.2);
    canvas.line(&[(lo, y), (hi, y)], pen);
    for end in [lo, hi] {
        canvas.line(&[(end, y - 4.0), (end, y + 4.0)], pen);
    }
    let name = format::truncated(&label(row), NAME_MAX);
    canvas.text((LEFT - 10.0, y), name, Face::new(12.5, Ink::Text).align(Align::Right));
    canvas.text((hi + 8.0, y), format::percent(row.share.value), Face::new(12.5, Ink::Text).bold());
}

/// The name of an input, or what `chance` and `rest` stand for.
pub(crate) fn label(row: &InputShareRow) -> String {
    match row.input.as_str() {
        "chance" => "chance of the simulation".to_owned(),
        "rest" => "curvature and interactions".to_owned(),
        path => input_name(path),
    }
}

fn alt(shares: &[&InputShareRow], of: &Measured) -> String {
    let part = |row: &&InputShareRow| {
        let range = format!("{} to {}", format::percent(row.share.lo), format::percent(row.share.hi));
        format!("{} {} ({range})", label(row), format::percent(row.share.value))
    };
    let parts: Vec<_> = shares.iter().take(BARS_MAX + 2).map(part).collect();
    let (measure, entity) = (of.measure, short(&of.entity));
    format!("Bar chart of whose share the uncertainty of the {measure} of {entity} is: {}.", parts.join(", "))
}
