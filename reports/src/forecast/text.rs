//! A forecast on a terminal: the answer first, then how good such forecasts were.

use std::fmt::Write;

use super::{ForecastShown, Method, Order, Score};
use crate::format;

/// Other methods that are listed beside the chosen one and the seasonal naive forecast.
const OTHERS: usize = 3;

/// What the verb prints.
pub fn text(shown: &ForecastShown) -> String {
    let mut text = String::new();
    history(shown, &mut text);
    answer(shown, &mut text);
    if let Some(order) = &shown.order {
        capacity(shown, order, &mut text);
    }
    backtest(shown, &mut text);
    if let Some((score, naive)) = &shown.held_out {
        held_out(shown, (score, naive.as_ref()), &mut text);
    }
    text
}

fn history(shown: &ForecastShown, text: &mut String) {
    let known = &shown.history[..shown.known];
    let (first, last) = (known.first().map_or("", |at| &at.0), known.last().map_or("", |at| &at.0));
    let seasons = match shown.seasons[..] {
        [1] => "no season".to_owned(),
        _ => format!("season {} steps", shown.seasons.iter().map(usize::to_string).collect::<Vec<_>>().join(" and ")),
    };
    let from = if shown.seasons_said { "" } else { ", as is usual for the step" };
    let _ = writeln!(
        text,
        "{}, {}: {} values in steps of {}, {first} to {last}; {seasons}{from}",
        shown.file,
        shown.column,
        known.len(),
        shown.step
    );
    for repair in &shown.repaired {
        let _ = writeln!(text, "  {repair}");
    }
}

fn answer(shown: &ForecastShown, text: &mut String) {
    let Some((_, highest)) = shown.highest() else { return };
    let level = format::percent(shown.level);
    let band = highest
        .band
        .map(|(low, high)| format!(", {level} interval {} to {}", number(low), number(high)))
        .unwrap_or_default();
    let (steps, peak) = (shown.ahead.len(), shown.peak);
    let _ = writeln!(text, "\nNext peak   {} at {}{band}", number(highest.point), highest.at);
    let _ = writeln!(
        text,
        "            the highest of the next {steps} steps: median {}, 10 % to 90 % {} to {}",
        number(peak[1]),
        number(peak[0]),
        number(peak[2])
    );
    if let Some(last) = shown.ahead.last() {
        let band = last.band.map(|(low, high)| format!(" ({} to {})", number(low), number(high))).unwrap_or_default();
        let _ = writeln!(text, "At the end  {}{band} at {}", number(last.point), last.at);
    }
    if let Some(why) = &shown.no_bands {
        let _ = writeln!(text, "No intervals: {why}");
    }
}

fn capacity(shown: &ForecastShown, order: &Order, text: &mut String) {
    let Some(last) = shown.ahead.last() else { return };
    if let Some([value, lo, hi]) = last.exhausted {
        let shown = [value, lo, hi].map(|share| format!("{:.3}", share));
        let _ = writeln!(
            text,
            "Exhausted   demand passes {} by {} with probability {} ({} to {})",
            number(order.capacity),
            last.at,
            shown[0],
            shown[1],
            shown[2]
        );
    }
    let risk = format::percent(order.risk);
    let Some((_, needed)) = &order.needed else {
        let _ = writeln!(text, "Order       nothing: the probability stays at {risk} or below within the horizon");
        return;
    };
    let lead = order.lead_time.as_deref().map(|lead| format!(", lead time {lead}")).unwrap_or_default();
    match &order.order_by {
        Some((at, false)) => {
            let _ = writeln!(text, "Order       by {at}: more has to serve from {needed} on (risk {risk}{lead})");
        }
        Some((at, true)) => {
            let _ = writeln!(
                text,
                "Order       too late: {at} would have been in time for {needed}, when the probability passes {risk}{lead}"
            );
        }
        None => {}
    }
}

fn backtest(shown: &ForecastShown, text: &mut String) {
    let Some(chosen) = shown.methods.first() else { return };
    let level = format::percent(shown.level);
    let _ = writeln!(text, "\nMethod      {}; backtest from {} moments of the past:", chosen.name, chosen.origins);
    let _ = writeln!(text, "  {:<52} {:>9} {:>7} {:>12} {:>8}", "", "MAE", "MASE", format!("score {level}"), "within");
    let others = shown.methods.iter().skip(1).filter(|method| method.name != "seasonal naive").take(OTHERS);
    let naive = shown.seasonal_naive().filter(|naive| naive.name != chosen.name);
    for method in [chosen].into_iter().chain(naive).chain(others) {
        row(method, text);
    }
    let hidden = shown.methods.len().saturating_sub(1 + usize::from(naive.is_some()) + OTHERS);
    if hidden > 0 {
        let _ = writeln!(text, "  and {hidden} more, further behind");
    }
    if let Some(scored) = shown.scores.first() {
        let skill = scored
            .skill
            .map(|skill| format!(", skill {:.2} against seasonal naive", (100.0 * skill).round() / 100.0 + 0.0))
            .unwrap_or_default();
        let brier = scored.brier.map(|brier| format!(", Brier {brier:.3} of passing the capacity"));
        let _ = writeln!(
            text,
            "  as distributions of {} values: CRPS {}{skill}, {} within 80 %{}",
            scored.count,
            number(scored.crps),
            format::percent(scored.inside),
            brier.unwrap_or_default()
        );
    }
    for (name, why) in &shown.left_out {
        let _ = writeln!(text, "  left out: {name}: {why}");
    }
}

fn row(method: &Method, text: &mut String) {
    let maybe = |value: Option<f64>| value.map_or("-".to_owned(), number);
    let within = method.coverage.map_or("-".to_owned(), format::percent);
    let _ = writeln!(
        text,
        "  {:<52} {:>9} {:>7} {:>12} {:>8}",
        format::truncated(&method.name, 52),
        number(method.mae),
        maybe(method.mase),
        maybe(method.interval_score),
        within
    );
}

fn held_out(shown: &ForecastShown, (score, naive): (&Score, Option<&Score>), text: &mut String) {
    let _ = writeln!(text, "\nHeld out    the last {} values, which the forecast did not know:", shown.ahead.len());
    let mut line = |name: &str, score: &Score| {
        let mase = score.mase.map(|mase| format!(", MASE {}", number(mase))).unwrap_or_default();
        let within = score.coverage.map(|share| format!(", {} within", format::percent(share))).unwrap_or_default();
        let _ = writeln!(
            text,
            "  {name}: MAE {}, RMSE {}{mase}, sMAPE (M4) {}, bias {}{within}",
            number(score.mae),
            number(score.rmse),
            number(score.smape_m4),
            number(score.bias)
        );
    };
    line("this forecast", score);
    if let Some(naive) = naive {
        line("seasonal naive", naive);
    }
}

/// Four digits: more say nothing beside the errors.
pub(crate) fn number(value: f64) -> String {
    if value.abs() >= 1000.0 && value.abs() < 1e15 {
        let sign = if value < 0.0 { "-" } else { "" };
        return format!("{sign}{}", format::grouped(value.abs().round() as u64));
    }
    format::significant(value, 4)
}
