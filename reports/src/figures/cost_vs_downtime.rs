//! Cost against downtime: a point for each option with a known cost, and the front of those that no other beats in both.

use ninefold_models::compare::{Decision, Weighed};

use super::Figure;
use super::axis::{Plot, Scale, decades, heading, round_steps};
use super::canvas::{Align, Canvas, Face, Pen};
use super::palette::Ink;
use crate::decision::{money, told_of};
use crate::format;
use crate::terminal::short;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 420.0;

/// Downtimes that are further apart than by this factor are drawn on a logarithmic axis.
const SPREAD: f64 = 20.0;

/// The figure of a decision; `None` where fewer than two options have a cost.
pub fn cost_vs_downtime(decision: &Decision, currency: &str) -> Option<Figure> {
    let drawn: Vec<(usize, &Weighed, f64)> =
        decision.options.iter().enumerate().filter_map(|(i, option)| Some((i, option, option.yearly?))).collect();
    if drawn.len() < 2 {
        return None;
    }
    let entity = short(&decision.entity);
    let title = match decision.recommended {
        Some(best) => format!("{} is recommended for {entity}", decision.options[best.option].offer.name),
        None => format!("What less downtime of {entity} costs"),
    };
    let mut canvas = Canvas::new(WIDTH, HEIGHT);
    let values = if decision.exact { "exact value of the long run" } else { "mean and interval" };
    let below = format!("Each option with the {values}; the line joins those that no other beats in both");
    heading(&mut canvas, &format::truncated(&title, 76), &below);
    let plot = Plot { upper_left: (90.0, 92.0), lower_right: (WIDTH - 150.0, HEIGHT - 56.0) };
    let x = cost_axis(&mut canvas, plot, &drawn);
    let y = downtime_axis(&mut canvas, plot, &drawn, decision.exact);
    plot.x_name(&mut canvas, &format!("cost a year beyond the baseline, {currency}"));
    plot.y_name(&mut canvas, "downtime, min/year");
    let at = |place: usize| {
        let option = &decision.options[place];
        (x.at(option.yearly.unwrap_or(0.0)), y.at(told_of(option, decision.exact).value))
    };
    let front: Vec<_> = decision.front.iter().map(|&place| at(place)).collect();
    canvas.line(&front, Pen::dashed(Ink::Series(0), 1.5, 5.0, 4.0));
    for &(place, option, _) in &drawn {
        let (told, (px, py)) = (told_of(option, decision.exact), at(place));
        let ink = if option.on_front { Ink::Series(0) } else { Ink::Faint };
        if told.lo.is_finite() && told.hi.is_finite() {
            canvas.line(&[(px, y.at(told.lo)), (px, y.at(told.hi))], Pen::solid(ink, 1.5));
        }
        canvas.dot((px, py), 4.5, ink);
        let face = Face::new(12.0, Ink::Text).align(Align::Left);
        let best = decision.recommended.is_some_and(|best| best.option == place);
        canvas.text(
            (px + 9.0, py - 9.0),
            format::truncated(&option.offer.name, 24),
            if best { face.bold() } else { face },
        );
    }
    let alt = alt(decision, &drawn, currency);
    let svg = canvas.into_svg(&title, &alt);
    Some(Figure { name: "cost_vs_downtime", svg, title, alt, table: Some("options_compare") })
}

/// From the cheapest to the dearest, with a little room, and 0 within.
fn cost_axis(canvas: &mut Canvas, plot: Plot, drawn: &[(usize, &Weighed, f64)]) -> Scale {
    let (lo, hi) = drawn.iter().fold((0.0_f64, 0.0_f64), |(lo, hi), (_, _, cost)| (lo.min(*cost), hi.max(*cost)));
    let room = if hi > lo { 0.04 * (hi - lo) } else { 1.0 };
    let x = Scale::linear((lo - room, hi + room), (plot.upper_left.0, plot.lower_right.0));
    let steps = round_steps(hi.max(-lo), 4.0);
    for cost in steps.iter().flat_map(|&step| if step > 0.0 { vec![-step, step] } else { vec![step] }) {
        if cost >= lo - room && cost <= hi + room {
            plot.x_tick(canvas, x.at(cost), &money(cost));
        }
    }
    x
}

/// Logarithmic where the downtimes are far apart and none may be 0.
fn downtime_axis(canvas: &mut Canvas, plot: Plot, drawn: &[(usize, &Weighed, f64)], exact: bool) -> Scale {
    let told = drawn.iter().map(|(_, option, _)| told_of(option, exact));
    let ends = |(lo, hi, top): (f64, f64, f64), of: ninefold_models::results::Estimated| {
        let above = if of.hi.is_finite() { of.hi } else { of.value };
        let under = if of.lo > 0.0 { of.lo } else { of.value };
        (lo.min(under), hi.max(of.value), top.max(above))
    };
    let (lo, hi, top) = told.fold((f64::INFINITY, 0.0, 0.0), ends);
    let pixels = (plot.lower_right.1, plot.upper_left.1);
    if lo > 0.0 && hi / lo > SPREAD {
        let y = Scale::log((lo / 1.5, top * 1.5), pixels);
        for exponent in decades(lo / 1.5, top * 1.5, 6) {
            plot.y_tick(canvas, y.at(libm::exp10(f64::from(exponent))), &format::power_of_ten(exponent));
        }
        return y;
    }
    let top = if top > 0.0 { 1.1 * top } else { 1.0 };
    let y = Scale::linear((0.0, top), pixels);
    for minutes in round_steps(top, 5.0) {
        plot.y_tick(canvas, y.at(minutes), &format::significant(minutes, 3));
    }
    y
}

fn alt(decision: &Decision, drawn: &[(usize, &Weighed, f64)], currency: &str) -> String {
    let words = |(_, option, cost): &(usize, &Weighed, f64)| {
        let front = if option.on_front { ", on the front" } else { "" };
        let downtime = format::rate_with_error(&told_of(option, decision.exact));
        format!("{} {} {currency} a year and {downtime} min/year{front}", option.offer.name, money(*cost))
    };
    let all: Vec<String> = drawn.iter().map(words).collect();
    format!("Cost against downtime of {}: {}.", short(&decision.entity), all.join("; "))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::decision::tests::decision;

    #[test]
    fn options_of_known_cost_are_drawn_and_names_stay_text() {
        let mut decision = decision();
        decision.options[1].offer.name = "</svg><script>".into();
        let figure = cost_vs_downtime(&decision, "EUR").unwrap();
        assert!(!figure.svg.contains("<script") && !figure.svg.contains("NaN") && !figure.svg.contains("inf"));
        assert!(figure.alt.contains("baseline 0 EUR a year") && !figure.alt.contains("unpriced"));
        // Nothing was down, and nothing is known of the error.
        for option in &mut decision.options {
            option.downtime.value = 0.0;
            option.downtime.lo = f64::NEG_INFINITY;
            option.downtime.hi = f64::INFINITY;
        }
        assert!(!cost_vs_downtime(&decision, "EUR").unwrap().svg.contains("NaN"));
        decision.options.truncate(1);
        assert!(cost_vs_downtime(&decision, "EUR").is_none());
    }
}
