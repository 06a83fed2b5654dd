//! Incident timeline: the outages of the worst replication, one lane a cause.

use ninefold_models::results::IncidentRow;

use super::Figure;
use super::axis::{Plot, Scale, heading, round_steps};
use super::canvas::{Align, Canvas, Face, Pen};
use super::palette::Ink;
use crate::format;
use crate::input::ReportInput;
use crate::terminal::{cause_name, short};

const WIDTH: f64 = 760.0;
const LEFT: f64 = 220.0;
const LANE: f64 = 40.0;
const LANES_MAX: usize = 10;
const NAME_MAX: usize = 28;

/// Outages shorter than this many pixels are drawn this wide, so that they are seen.
const LEAST_WIDTH: f64 = 3.0;

/// The outages of one cause.
struct Lane<'a> {
    cause: &'a str,
    outages: Vec<&'a IncidentRow>,
}

impl Lane<'_> {
    fn seconds(&self) -> f64 {
        self.outages.iter().map(|o| o.restored_s - o.fault_s).sum()
    }
}

pub(super) fn figure(input: &ReportInput<'_>) -> Option<Figure> {
    let rep = input.results.worst_replication?;
    let of_rep: Vec<_> = input.results.incidents.iter().filter(|i| i.rep == rep).collect();
    let journey = worst_journey(&of_rep)?;
    let outages: Vec<_> = of_rep.into_iter().filter(|i| i.journey == journey).collect();
    let lanes = lanes(&outages);
    let total = lanes.iter().map(Lane::seconds).sum::<f64>() / 3600.0;
    let runs = format::grouped(input.results.outcome.replications);
    let count = outages.len();
    let plural = if count == 1 { "outage" } else { "outages" };
    let name = format::truncated(short(journey), 24);
    let title =
        format!("In the worst of {runs} runs, {name} is down for {} in {count} {plural}", format::duration(total));
    let alt = alt(short(journey), &lanes);
    let canvas = draw(input, &lanes, &title);
    Some(Figure { name: "incident_timeline", svg: canvas.into_svg(&title, &alt), title, alt, table: Some("incidents") })
}

fn worst_journey<'a>(incidents: &[&'a IncidentRow]) -> Option<&'a str> {
    let mut totals: Vec<(&str, f64)> = Vec::new();
    for i in incidents {
        let span = i.restored_s - i.fault_s;
        match totals.iter_mut().find(|t| t.0 == i.journey) {
            Some(total) => total.1 += span,
            None => totals.push((&i.journey, span)),
        }
    }
    totals.into_iter().rev().max_by(|a, b| a.1.total_cmp(&b.1)).map(|t| t.0)
}

/// Outages by cause, the cause with the longest sum first.
fn lanes<'a>(outages: &[&'a IncidentRow]) -> Vec<Lane<'a>> {
    let mut lanes: Vec<Lane<'a>> = Vec::new();
    for outage in outages {
        match lanes.iter_mut().find(|lane| lane.cause == outage.cause) {
            Some(lane) => lane.outages.push(outage),
            None => lanes.push(Lane { cause: &outage.cause, outages: vec![outage] }),
        }
    }
    lanes.sort_by(|a, b| b.seconds().total_cmp(&a.seconds()));
    lanes
}

fn draw(input: &ReportInput<'_>, lanes: &[Lane<'_>], title: &str) -> Canvas {
    let shown = &lanes[..lanes.len().min(LANES_MAX)];
    let more = lanes.len() - shown.len();
    let height = 80.0 + LANE * shown.len() as f64 + if more > 0 { 20.0 } else { 0.0 } + 54.0;
    let mut canvas = Canvas::new(WIDTH, height);
    heading(&mut canvas, title, "One lane a cause; outages too short for the scale are drawn as a thin line");
    let plot = Plot { upper_left: (LEFT, 72.0), lower_right: (WIDTH - 36.0, height - 54.0) };
    let last = lanes.iter().flat_map(|l| &l.outages).map(|o| o.restored_s).fold(0.0, f64::max);
    let hours = if input.spec.time.until_first_failure { last / 3600.0 } else { input.spec.time.horizon.get() };
    let x = Scale::linear((0.0, hours), (plot.upper_left.0, plot.lower_right.0));
    let (unit, size) = if hours >= 96.0 { ("days", 24.0) } else { ("hours", 1.0) };
    for value in round_steps(hours / size, 6.0) {
        plot.x_tick(&mut canvas, x.at(value * size), &format::grouped(value as u64));
    }
    let day = input.about.start.split('T').next().unwrap_or("");
    let since = if day.is_empty() { String::from("the start") } else { format!("the start, {day}") };
    plot.x_name(&mut canvas, &format!("{unit} since {since}"));
    for (i, lane) in shown.iter().enumerate() {
        draw_lane(&mut canvas, &x, plot.upper_left.1 + LANE * (i as f64 + 0.5), lane);
    }
    if more > 0 {
        let y = plot.upper_left.1 + LANE * shown.len() as f64 + 8.0;
        let text = format!("and {more} more causes");
        canvas.text((LEFT - 10.0, y), text, Face::new(12.0, Ink::Faint).align(Align::Right));
    }
    canvas
}

fn draw_lane(canvas: &mut Canvas, x: &Scale, y: f64, lane: &Lane<'_>) {
    canvas.line(&[(LEFT, y), (WIDTH - 36.0, y)], Pen::solid(Ink::Edge, 1.0));
    let name = format::truncated(&cause_name(lane.cause), NAME_MAX);
    canvas.text((LEFT - 10.0, y - 7.0), name, Face::new(13.0, Ink::Text).align(Align::Right));
    let sum = format!("{} × in all {}", lane.outages.len(), format::duration(lane.seconds() / 3600.0));
    canvas.text((LEFT - 10.0, y + 9.0), sum, Face::new(11.0, Ink::Faint).align(Align::Right));
    let length = |o: &IncidentRow| o.restored_s - o.fault_s;
    for outage in &lane.outages {
        let (from, to) = (x.at(outage.fault_s / 3600.0), x.at(outage.restored_s / 3600.0));
        canvas.rect((from, y - 8.0), (to.max(from + LEAST_WIDTH), y + 8.0), Ink::Series(0));
    }
    if let Some(longest) = lane.outages.iter().max_by(|a, b| length(a).total_cmp(&length(b))) {
        let from = x.at(longest.fault_s / 3600.0);
        let (at, align) = if from > WIDTH - 110.0 { (from - 5.0, Align::Right) } else { (from + 7.0, Align::Left) };
        let text = format::duration(length(longest) / 3600.0);
        canvas.text((at, y - 15.0), text, Face::new(10.5, Ink::Faint).align(align));
    }
}

fn alt(journey: &str, lanes: &[Lane<'_>]) -> String {
    let parts: Vec<_> = lanes
        .iter()
        .take(LANES_MAX)
        .map(|l| {
            format!("{} {} times, {}", cause_name(l.cause), l.outages.len(), format::duration(l.seconds() / 3600.0))
        })
        .collect();
    format!("Timeline of the outages of {journey} in the worst replication, by cause: {}.", parts.join("; "))
}
