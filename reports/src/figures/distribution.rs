//! Availability distribution: how likely a measured time has more than so much downtime, with its confidence band.

use ninefold_models::results::ExceedanceRow;

use super::Figure;
use super::axis::{Plot, Scale, decades, heading, time_ticks};
use super::canvas::{Canvas, Face, Pen, Point};
use super::palette::Ink;
use crate::format;
use crate::input::ReportInput;
use crate::terminal::{short, whole_duration};

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 420.0;
const CURVES_MAX: usize = 4;

/// Probabilities below this are not drawn.
const LEAST: f64 = 1e-6;

/// One entity's curve.
struct Curve<'a> {
    name: &'a str,
    rows: Vec<&'a ExceedanceRow>,
}

pub(super) fn figure(input: &ReportInput<'_>) -> Option<Figure> {
    let entities = input.headline_entities();
    let all: Vec<Curve<'_>> = entities.iter().filter_map(|entity| curve(input, entity)).collect();
    let curves = &all[..all.len().min(CURVES_MAX)];
    let first = curves.first()?;
    let span = whole_duration(input.results.outcome.measured_h);
    let (title, alt) = words(first, &span, curves.len());
    let canvas = draw(curves, &title, &span, input.results.outcome.confidence, all.len() - curves.len());
    Some(Figure {
        name: "availability_distribution",
        svg: canvas.into_svg(&title, &alt),
        title,
        alt,
        table: Some("availability_distribution"),
    })
}

fn curve<'a>(input: &ReportInput<'a>, entity: &'a str) -> Option<Curve<'a>> {
    let rows: Vec<_> =
        input.results.exceedance.iter().filter(|r| r.entity == entity && r.p_exceed.value > 0.0).collect();
    let positive = rows.iter().any(|r| r.downtime_min > 0.0);
    positive.then_some(Curve { name: short(entity), rows })
}

/// The downtime that is exceeded with probability `p` at most.
fn exceeded_with(curve: &Curve<'_>, p: f64) -> f64 {
    let found = curve.rows.iter().find(|r| r.p_exceed.value <= p);
    found.or(curve.rows.last()).map_or(0.0, |r| r.downtime_min)
}

fn words(first: &Curve<'_>, span: &str, curves: usize) -> (String, String) {
    let one_in_ten = format::duration(exceeded_with(first, 0.1) / 60.0);
    let median = format::duration(exceeded_with(first, 0.5) / 60.0);
    let title = format!(
        "In one of ten runs of {span}, {} is down for more than {one_in_ten}",
        format::truncated(first.name, 24)
    );
    let also = if curves > 1 { format!(" {} journeys are drawn.", curves) } else { String::new() };
    let alt = format!(
        "Curve of the probability that the downtime of {span} exceeds a value, both axes logarithmic. For {}: \
         {median} is exceeded with probability one half, {one_in_ten} with one tenth.{also}",
        first.name
    );
    (title, alt)
}

fn draw(curves: &[Curve<'_>], title: &str, span: &str, confidence: f64, more: usize) -> Canvas {
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    heading(
        &mut canvas,
        title,
        &format!("Bands are {} intervals; both axes are logarithmic", format::target(confidence)),
    );
    let plot = Plot { upper_left: (76.0, 92.0), lower_right: (WIDTH - 40.0, HEIGHT - 56.0) };
    let (x_lo, x_hi, p_lo) = extent(curves);
    let x = Scale::log((x_lo, x_hi), (plot.upper_left.0, plot.lower_right.0));
    let y = Scale::log((p_lo, 1.0), (plot.lower_right.1, plot.upper_left.1));
    for exponent in decades(p_lo, 1.0, 7) {
        plot.y_tick(&mut canvas, y.at(libm::pow(10.0, f64::from(exponent))), &format::power_of_ten(exponent));
    }
    for (hours, label) in time_ticks(x_lo / 60.0, x_hi / 60.0) {
        plot.x_tick(&mut canvas, x.at(hours * 60.0), label);
    }
    plot.y_name(&mut canvas, "probability that the downtime is longer (1)");
    plot.x_name(&mut canvas, &format!("downtime in {span}"));
    for (i, curve) in curves.iter().enumerate() {
        draw_curve(&mut canvas, curve, (&x, &y), i);
    }
    legend(&mut canvas, curves, more);
    canvas
}

/// Least and greatest downtime above 0 in minutes, least probability, as a power of ten.
fn extent(curves: &[Curve<'_>]) -> (f64, f64, f64) {
    let rows = || curves.iter().flat_map(|c| &c.rows);
    let lo = rows().map(|r| r.downtime_min).filter(|d| *d > 0.0).fold(f64::INFINITY, f64::min);
    let hi = rows().map(|r| r.downtime_min).fold(0.0, f64::max);
    let p = rows().map(|r| r.p_exceed.value).fold(1.0, f64::min).max(LEAST);
    (lo.max(hi * 1e-7), hi.max(lo * 1.5), libm::pow(10.0, libm::floor(libm::log10(p))).min(0.1))
}

fn draw_curve(canvas: &mut Canvas, curve: &Curve<'_>, (x, y): (&Scale, &Scale), series: usize) {
    let points = |p: fn(&ExceedanceRow) -> f64| -> Vec<Point> {
        curve.rows.iter().map(|r| (x.at(r.downtime_min), y.at(p(r)))).collect()
    };
    let mut band = points(|r| r.p_exceed.hi.min(1.0));
    band.extend(points(|r| r.p_exceed.lo).into_iter().rev());
    canvas.area(band, Ink::Band(series));
    canvas.line(&points(|r| r.p_exceed.value), pen(series));
}

/// Curves differ by dashes as well as by colour.
fn pen(series: usize) -> Pen {
    let ink = Ink::Series(series);
    match series {
        0 => Pen::solid(ink, 2.2),
        1 => Pen::dashed(ink, 2.2, 9.0, 4.0),
        2 => Pen::dashed(ink, 2.2, 3.0, 3.0),
        _ => Pen::dashed(ink, 2.2, 14.0, 6.0),
    }
}

/// Names on the right of the heading's second line.
fn legend(canvas: &mut Canvas, curves: &[Curve<'_>], more: usize) {
    if curves.len() + more < 2 {
        return;
    }
    let face = Face::new(12.0, Ink::Text);
    let mut x = WIDTH - 40.0;
    if more > 0 {
        let text = format!("and {more} more");
        x -= face.width(&text);
        canvas.text((x, 72.0), text, Face::new(12.0, Ink::Faint));
        x -= 18.0;
    }
    for (i, curve) in curves.iter().enumerate().rev() {
        let name = format::truncated(curve.name, 18);
        x -= face.width(&name);
        canvas.text((x, 72.0), name, face);
        canvas.line(&[(x - 34.0, 72.0), (x - 8.0, 72.0)], pen(i));
        x -= 52.0;
    }
}
