//! What was asked of a run, how far it came and why it stopped, in words.

use ninefold_models::plan::{CHUNK, Stopping};
use ninefold_models::results::{Judged, Reached, Requirement, RunOutcome, SteeringRule, Stopped, Verdict};

use crate::format;
use crate::input::ReportInput;
use crate::tables::stopped_name;
use crate::terminal::verdict_words;

/// What is asked for: `± 10 %`, `± 5 min/y`, `99 % confidence`.
pub fn asked(reached: &Reached) -> String {
    match reached.rule {
        SteeringRule::Decision => format!("{} confidence", confidence(reached.asked)),
        rule => width(rule, reached.asked),
    }
}

/// How far a run has come: `± 12 %`, `97 %`; `None` while nothing is known.
pub fn come(reached: &Reached) -> Option<String> {
    match reached.rule {
        SteeringRule::Decision => (reached.reached < 1.0).then(|| confidence(reached.reached)),
        rule => reached.reached.is_finite().then(|| width(rule, reached.reached)),
    }
}

fn width(rule: SteeringRule, half: f64) -> String {
    match rule {
        SteeringRule::AbsoluteHalfWidth { unit: "min/year" } => format!("± {}/y", format::duration(half / 60.0)),
        SteeringRule::AbsoluteHalfWidth { unit: "1/year" } => format!("± {}/y", format::significant(half, 2)),
        SteeringRule::AbsoluteHalfWidth { unit: "h" } => format!("± {}", format::duration(half)),
        SteeringRule::AbsoluteHalfWidth { .. } => format!("± {}", format::significant(half, 2)),
        _ => format!("± {}", format::percent(half)),
    }
}

/// The confidence that leaves so much doubt; what was estimated never reads as certain.
pub(crate) fn confidence(doubt: f64) -> String {
    match doubt {
        d if d >= 0.0095 => format!("{:.0} %", 100.0 * (1.0 - d)),
        d if d >= 0.000_95 => format!("{:.1} %", 100.0 * (1.0 - d)),
        d if d >= 0.000_095 => format!("{:.2} %", 100.0 * (1.0 - d)),
        _ => "> 99.99 %".to_owned(),
    }
}

/// A verdict and, where it is not the interval's, the method and its confidence.
pub(crate) fn verdict(r: &Requirement) -> String {
    match r.judged {
        Judged::Interval => verdict_words(r.verdict).to_owned(),
        Judged::SequentialTest => {
            let confidence = confidence(1.0 - r.confidence);
            format!("{} with {confidence} confidence by sequential test", verdict_words(r.verdict))
        }
    }
}

/// Says so if what was asked for was not reached: a label and a text.
pub(crate) fn note(input: &ReportInput<'_>) -> Option<(&'static str, String)> {
    let outcome = &input.results.outcome;
    if matches!(outcome.stopped, Stopped::Fixed | Stopped::Precision | Stopped::Decision) {
        return None;
    }
    let come = match &outcome.reached {
        None => "ended early".to_owned(),
        Some(reached) => match come(reached) {
            Some(come) => format!("asked {}, reached {come}", asked(reached)),
            None => {
                format!("asked {}, nothing {}", asked(reached), if is_decision(outcome) { "known" } else { "seen" })
            }
        },
    };
    let end = match outcome.stopped {
        Stopped::Interrupted => "interrupted".to_owned(),
        other => format!("stopped by {}", stopped_name(other)),
    };
    let least = least(input).map(|n| format!("; `met` takes at least {} replications", format::grouped(n)));
    Some((label(outcome), format!("{come} ({end}){}", least.unwrap_or_default())))
}

/// Where a run made another number of replications than it was told to: the number told.
pub(crate) fn told(input: &ReportInput<'_>) -> Option<u64> {
    let outcome = &input.results.outcome;
    let told = match (&input.plan.stopping, outcome.stopped) {
        (&Stopping::Fixed(n), Stopped::Fixed) | (&Stopping::Until { max: n, .. }, Stopped::Budget) => n,
        _ => return None,
    };
    (told != outcome.replications).then_some(told)
}

/// Says so, and why.
pub(crate) fn rounded(input: &ReportInput<'_>) -> Option<String> {
    let outcome = &input.results.outcome;
    let (told, draws) = (format::grouped(told(input)?), outcome.parameter_draws);
    Some(if draws > 0 {
        let draws = format::grouped(u64::from(draws));
        format!("{told} asked for, rounded up: whole chunks of {CHUNK}, as many for each of {draws} draws")
    } else {
        format!("{told} asked for, rounded down to whole blocks of replications that depend on one another")
    })
}

/// What was asked for, in a word.
pub(crate) fn label(outcome: &RunOutcome) -> &'static str {
    if is_decision(outcome) { "decision" } else { "precision" }
}

pub(crate) fn is_decision(outcome: &RunOutcome) -> bool {
    outcome.reached.is_some_and(|reached| reached.rule == SteeringRule::Decision)
}

/// Replications that an agreement left undecided needs to be found met, if the run had fewer.
fn least(input: &ReportInput<'_>) -> Option<u64> {
    let open = input.results.requirements.iter();
    let open = open.filter(|r| r.judged == Judged::SequentialTest && r.verdict == Verdict::Undecided);
    let least = open.map(Requirement::replications_to_be_met).max()?;
    (least > input.results.outcome.replications && least < u64::MAX).then_some(least)
}

#[cfg(test)]
mod tests {
    use ninefold_models::plan::Goal;

    use super::*;
    use crate::toy_shop::ToyShop;

    fn reached(rule: SteeringRule, asked: f64, reached: f64) -> Reached {
        Reached { rule, asked, reached }
    }

    #[test]
    fn each_rule_in_its_unit() {
        let absolute = |unit| SteeringRule::AbsoluteHalfWidth { unit };
        let table = [
            (reached(SteeringRule::RelativeHalfWidth, 0.1, 0.31), "± 10 %", Some("± 31 %")),
            (reached(SteeringRule::RelativeHalfWidth, 0.1, f64::INFINITY), "± 10 %", None),
            (reached(absolute("min/year"), 5.0, 90.0), "± 5.0 min/y", Some("± 1.5 h/y")),
            (reached(absolute("1"), 1e-5, 2e-5), "± 1.0e-5", Some("± 2.0e-5")),
            (reached(SteeringRule::Decision, 0.01, 0.03), "99 % confidence", Some("97 %")),
            (reached(SteeringRule::Decision, 0.001, 1e-30), "99.9 % confidence", Some("> 99.99 %")),
            (reached(SteeringRule::Decision, 0.01, 1.0), "99 % confidence", None),
        ];
        for (of, asks, came) in table {
            assert_eq!((asked(&of).as_str(), come(&of).as_deref()), (asks, came));
        }
    }

    #[test]
    fn a_rounded_number_is_said_to_be_one() {
        let mut shop = ToyShop::new();
        let mut after = |stopping: Stopping, stopped, parameter_draws| {
            shop.plan.stopping = stopping;
            (shop.results.outcome.stopped, shop.results.outcome.parameter_draws) = (stopped, parameter_draws);
            rounded(&shop.input())
        };
        let until = |max| Stopping::Until { min: 200, max, goal: Goal::default() };
        assert_eq!(after(Stopping::Fixed(1024), Stopped::Fixed, 50), None);
        let up = "1,000 asked for, rounded up: whole chunks of 64, as many for each of 16 draws";
        assert_eq!(after(Stopping::Fixed(1000), Stopped::Fixed, 16).as_deref(), Some(up));
        assert_eq!(after(until(1000), Stopped::Budget, 16).as_deref(), Some(up));
        assert_eq!(after(until(1000), Stopped::Precision, 16), None);
        assert_eq!(after(Stopping::Fixed(1000), Stopped::Interrupted, 16), None);
        let down = after(until(1050), Stopped::Budget, 0).unwrap_or_default();
        assert!(down.starts_with("1,050 asked for, rounded down"), "{down}");
    }

    #[test]
    fn an_open_decision_says_what_it_would_take() {
        let mut shop = ToyShop::new();
        shop.results.outcome.stopped = Stopped::Budget;
        shop.results.outcome.reached = Some(reached(SteeringRule::Decision, 0.01, 0.2));
        let slo = &mut shop.results.requirements[0];
        (slo.verdict, slo.judged, slo.confidence) = (Verdict::Undecided, Judged::SequentialTest, 0.99);
        assert_eq!(verdict(slo), "undecided with 99 % confidence by sequential test");
        let least = slo.replications_to_be_met();
        let (label, text) = note(&shop.input()).expect("bug: a run that gave up has a note");
        let said = format!(
            "asked 99 % confidence, reached 80 % (stopped by budget); `met` takes at least {} replications",
            format::grouped(least)
        );
        assert_eq!((label, text), ("decision", said));
    }
}
