//! Agreements and their verdicts.

use ninefold_models::results::Verdict;

use super::super::grid::{Cell, Grid};
use super::super::part::{Part, Section, Source};
use crate::input::ReportInput;
use crate::terminal::window_words;
use crate::{format, stopping};

pub(super) fn section(source: Source<'_>) -> Option<Section<'_>> {
    let outcome = &source.input.results.outcome;
    let parts = match agreements(source.input) {
        None => vec![Part::Text("The scenario states no agreement.".to_owned())],
        Some(grid) => {
            let by = if outcome.parameter_draws > 0 { ", by inputs and chance," } else { "" };
            let note = format!(
                "The verdict compares the {} interval of the mean shortfall{by} with the target: undecided means that the \
                 interval straddles it.",
                format::target(outcome.confidence)
            );
            vec![Part::Grid(grid), Part::Note(note)]
        }
    };
    Section::of("agreements", "Agreements", parts)
}

fn agreements(input: &ReportInput<'_>) -> Option<Grid> {
    let class = |verdict| match verdict {
        Verdict::Met => "met",
        Verdict::NotMet => "not-met",
        Verdict::Undecided => "undecided",
    };
    let row = |r: &ninefold_models::results::Requirement| {
        vec![
            Cell::text(r.agreement.as_str()).class("w"),
            Cell::text(stopping::verdict(r)).class(class(r.verdict)),
            Cell::text(r.journey.as_str()),
            Cell::text(format!("{} of {}", format::target(r.target), r.indicator.replace('_', " "))),
            Cell::text(format!("{} ({} a run)", window_words(&r.window_kind).0, format::grouped(r.windows))),
            Cell::number(format::ratio(&r.shortfall), r.shortfall.value),
            Cell::number(format::percent_with_error(&r.breach_probability), r.breach_probability.value),
            Cell::number(format::percent_with_error(&r.breach_probability_horizon), r.breach_probability_horizon.value),
        ]
    };
    let heads = [
        "agreement",
        "verdict",
        "journey",
        "target",
        "window",
        "mean shortfall",
        "windows in breach",
        "runs with a breach",
    ];
    let rows = input.results.requirements.iter().map(row).collect();
    Grid::of("Agreements", Some("requirements"), &heads, rows)
}
