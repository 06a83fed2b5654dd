//! A replay on one screen.

use std::fmt::Write;

use ninefold_models::scaling::Tick;
use ninefold_models::scaling::circuit_breaker::State;
use ninefold_models::scaling::closed_loop::Look;
use ninefold_models::scaling::replay::{Called, Outcome};

use super::{ReplayShown, ScalingReplay};
use crate::format;

/// Changes that are listed.
const CHANGES_MAX: usize = 12;

/// The answer, first what matters.
pub fn text(shown: &ReplayShown<'_>) -> String {
    let mut out = String::new();
    match (shown.scaling(), shown.outcome) {
        (Some(scaling), _) => of_scaling(shown, &scaling, &mut out),
        (None, Outcome::Calls(calls)) => of_calls(shown, calls, &mut out),
        (None, Outcome::Reclaimed(reclaimed)) => {
            let _ = writeln!(out, "{} · {}: one spot instance is reclaimed", shown.scenario, shown.component);
            let _ = writeln!(out, "capacity   {} without it", span(reclaimed.gap.hours()));
            let work = match reclaimed.drained {
                true => "finished in time".to_owned(),
                false => format!("cut off, {} of it not done", span(reclaimed.lost.hours())),
            };
            let _ = writeln!(out, "work       {work}");
        }
        (None, Outcome::Allowed(nodes)) => {
            let _ = writeln!(out, "{} · {}: {nodes} nodes may be taken away now", shown.scenario, shown.component);
        }
        (None, Outcome::Scaling(_)) => {}
    }
    for assumption in shown.assumptions {
        let _ = writeln!(out, "assumed    {} {}: {}", assumption.path, assumption.value, assumption.reason);
    }
    out
}

fn of_scaling(shown: &ReplayShown<'_>, scaling: &ScalingReplay<'_>, out: &mut String) {
    let (looks, sums) = (&scaling.replay.looks, &scaling.replay.sums);
    let _ = writeln!(
        out,
        "{} · {}: {} looks in {}, one every {}",
        shown.scenario,
        shown.component,
        format::grouped(looks.len() as u64),
        span(scaling.length.hours()),
        span(scaling.interval.hours())
    );
    let Some(last) = looks.last() else { return };
    let least = looks.iter().map(|look| look.decision.to).min().unwrap_or_default();
    let _ = writeln!(out, "replicas   {least} to {}; {} at the end", sums.most, last.decision.to);
    if scaling.is_closed {
        let _ = writeln!(
            out,
            "short      {} of {}: at {} looks; {} requests not served",
            span(scaling.short_hours()),
            span(scaling.length.hours()),
            format::grouped(sums.short_looks),
            format::significant(scaling.unserved(), 3)
        );
        let _ = writeln!(
            out,
            "pod-hours  {} (the fewest that serve the demand at every instant: {})",
            format::significant(scaling.pod_hours(), 3),
            format::significant(scaling.least_pod_hours(), 3)
        );
    } else {
        let _ = writeln!(out, "pod-hours  {}", format::significant(scaling.pod_hours(), 3));
    }
    let _ = writeln!(out, "turns      {} ({} an hour)", sums.turns, format::significant(scaling.thrash(), 2));
    changes(looks, out);
}

/// The looks that changed something.
fn changes(looks: &[Look], out: &mut String) {
    let changed: Vec<&Look> = looks.iter().filter(|look| look.decision.to != look.decision.from).collect();
    let Some(_) = changed.first() else {
        out.push_str("decisions  no change\n");
        return;
    };
    let _ = writeln!(out, "\n{:>10}  {:>6}  {:>6}  {:>6}  why", "at", "from", "to", "asked");
    for look in changed.iter().take(CHANGES_MAX) {
        let decision = &look.decision;
        let _ = writeln!(
            out,
            "{:>10}  {:>6}  {:>6}  {:>6}  {}",
            clock(look.at),
            decision.from,
            decision.to,
            decision.raw,
            decision.reason()
        );
    }
    if changed.len() > CHANGES_MAX {
        let _ = writeln!(
            out,
            "{:>10}  and {} more changes; `--out` and `--json` have all",
            "",
            changed.len() - CHANGES_MAX
        );
    }
}

fn of_calls(shown: &ReplayShown<'_>, calls: &[Called], out: &mut String) {
    let rejected = calls.iter().filter(|call| !call.permitted).count();
    let _ = writeln!(out, "{} · {}: {} calls, {rejected} rejected", shown.scenario, shown.component, calls.len());
    let mut before = State::Closed;
    for call in calls {
        if call.state != before {
            let _ = writeln!(out, "{:>10}  {}", clock(call.at), state(call.state));
            before = call.state;
        }
    }
}

/// A state as a word.
pub(super) const fn state(state: State) -> &'static str {
    match state {
        State::Closed => "closed",
        State::Open => "open",
        State::HalfOpen => "half-open",
    }
}

/// An instant as hours, minutes and seconds: `0:05:15`, `0:00:07.5`.
fn clock(at: Tick) -> String {
    let (whole, rest) = (at.get() / 1_000_000_000, at.get() % 1_000_000_000);
    let mut text = format!("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
    if rest > 0 {
        text.push_str(format!(".{rest:09}").trim_end_matches('0'));
    }
    text
}

/// A time that may be 0.
fn span(hours: f64) -> String {
    if hours == 0.0 { "0 s".to_owned() } else { format::duration(hours) }
}
