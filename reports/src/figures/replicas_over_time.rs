//! Replicas over the time of a replay, beside what the demand needs, and what held the decisions.

use ninefold_models::scaling::Limit;
use ninefold_models::scaling::closed_loop::Look;

use super::Figure;
use super::axis::{Plot, Scale, heading, round_steps};
use super::canvas::{Align, Canvas, Face, Pen, Point};
use super::palette::Ink;
use crate::format;
use crate::replay::ScalingReplay;

const WIDTH: f64 = 860.0;
const LEFT: f64 = 120.0;
const RIGHT: f64 = WIDTH - 24.0;
const TOP: f64 = 84.0;
const HEIGHT: f64 = 240.0;
const LANE: f64 = 18.0;

/// What may hold a decision, in the order of the lanes.
pub(super) const LANES: [(Limit, &str); 9] = [
    (Limit::Tolerance, "tolerance"),
    (Limit::Stabilization, "stabilization"),
    (Limit::Policies, "policies"),
    (Limit::Min, "min"),
    (Limit::Max, "max"),
    (Limit::Cooldown, "cooldown"),
    (Limit::Alarm, "no alarm"),
    (Limit::NoMetric, "no metric"),
    (Limit::Off, "off"),
];

/// The figure of a replay; `None` if it has no look.
pub fn replicas_over_time(replay: &ScalingReplay<'_>) -> Option<Figure> {
    let looks = &replay.replay.looks[..];
    let last = looks.last()?;
    let lanes: Vec<_> =
        LANES.into_iter().filter(|(limit, _)| looks.iter().any(|look| look.decision.limit == *limit)).collect();
    let bottom = TOP + HEIGHT;
    let mut canvas = Canvas::new(WIDTH, bottom + 70.0 + LANE * lanes.len() as f64);
    let most = replay.replay.sums.most;
    let title = match looks.iter().any(|look| look.served.is_some()) {
        true => format!(
            "{}: up to {most} replicas, {} short of the demand",
            format::truncated(replay.component, 30),
            format::duration(replay.short_hours())
        ),
        false => format!("{}: up to {most} replicas", format::truncated(replay.component, 30)),
    };
    heading(&mut canvas, &title, "Solid: replicas. Dashed: fewest that serve the demand. Below: what held a decision");
    let end_s = (last.at.get() + replay.interval.get()) as f64 / 1e9;
    let needed = |look: &Look| look.served.map(|served| served.demand as f64 / replay.per_replica as f64);
    let highest = looks.iter().filter_map(needed).fold(f64::from(most.max(looks[0].decision.from)), f64::max);
    let x = Scale::linear((0.0, end_s), (LEFT, RIGHT));
    let y = Scale::linear((0.0, 1.05 * highest.max(1.0)), (bottom, TOP));
    let plot = Plot { upper_left: (LEFT, TOP), lower_right: (RIGHT, bottom) };
    for value in round_steps(highest.max(1.0), 5.0) {
        plot.y_tick(&mut canvas, y.at(value), &round(value));
    }
    let hours = end_s / 3600.0;
    for value in round_steps(if hours < 2.0 { end_s / 60.0 } else { hours }, 8.0) {
        let seconds = value * if hours < 2.0 { 60.0 } else { 3600.0 };
        plot.x_tick(&mut canvas, x.at(seconds), &round(value));
    }
    plot.y_name(&mut canvas, "replicas");
    let steps = |value: &dyn Fn(&Look) -> Option<f64>| {
        stairs(looks, end_s, value).into_iter().map(|(at, v)| (x.at(at), y.at(v))).collect::<Vec<Point>>()
    };
    let demand = steps(&needed);
    if !demand.is_empty() {
        canvas.line(&demand, Pen::dashed(Ink::Series(1), 2.0, 6.0, 4.0));
    }
    canvas.line(&steps(&|look| Some(f64::from(look.decision.to))), Pen::solid(Ink::Series(0), 2.2));
    let lanes_top = bottom + 30.0;
    for (lane, (limit, name)) in lanes.iter().enumerate() {
        let at = lanes_top + LANE * (lane as f64 + 0.5);
        canvas.text((LEFT - 8.0, at), *name, Face::new(11.5, Ink::Faint).align(Align::Right));
        for (from, to) in spells(looks, end_s, *limit) {
            canvas.rect((x.at(from), at - 4.0), (x.at(to).max(x.at(from) + 1.0), at + 4.0), Ink::Series(5));
        }
    }
    let below =
        Plot { upper_left: plot.upper_left, lower_right: (RIGHT, lanes_top + LANE * lanes.len() as f64 - 14.0) };
    below.x_name(&mut canvas, if hours < 2.0 { "time, min" } else { "time, h" });
    let alt = alt(replay, &lanes);
    Some(Figure {
        name: "replicas_over_time",
        svg: canvas.into_svg(&title, &alt),
        title,
        alt,
        table: Some("autoscale_events"),
    })
}

/// A round number as written.
pub(super) fn round(value: f64) -> String {
    format!("{}", (value * 1e6).round() / 1e6)
}

/// A value after each look as stairs; only its changes are points.
fn stairs(looks: &[Look], end_s: f64, value: &dyn Fn(&Look) -> Option<f64>) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for look in looks {
        let Some(next) = value(look) else { return Vec::new() };
        let at = look.at.get() as f64 / 1e9;
        match points.last().copied() {
            Some((_, before)) if before == next => {}
            Some((_, before)) => points.extend([(at, before), (at, next)]),
            None => points.push((at, next)),
        }
    }
    points.extend(points.last().map(|&(_, value)| (end_s, value)));
    points
}

/// From when to when a limit held decisions, s.
fn spells(looks: &[Look], end_s: f64, limit: Limit) -> Vec<Point> {
    let ends = looks.iter().skip(1).map(|look| look.at.get() as f64 / 1e9).chain([end_s]);
    let mut found: Vec<Point> = Vec::new();
    for (look, end) in looks.iter().zip(ends).filter(|(look, _)| look.decision.limit == limit) {
        let at = look.at.get() as f64 / 1e9;
        match found.last_mut().filter(|(_, to)| *to == at) {
            Some((_, to)) => *to = end,
            None => found.push((at, end)),
        }
    }
    found
}

fn alt(replay: &ScalingReplay<'_>, lanes: &[(Limit, &str)]) -> String {
    let looks = &replay.replay.looks;
    let held = lanes.iter().map(|(limit, name)| {
        let count = looks.iter().filter(|look| look.decision.limit == *limit).count();
        format!("{name} at {count}")
    });
    let held: Vec<String> = held.collect();
    let sums = &replay.replay.sums;
    format!(
        "Replicas of {} at {} looks: at most {}, {} turns; ready replicas were short of the demand at {} looks. Held by: {}.",
        replay.component,
        looks.len(),
        sums.most,
        sums.turns,
        sums.short_looks,
        if held.is_empty() { "nothing".to_owned() } else { held.join(", ") }
    )
}
