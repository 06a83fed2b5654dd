//! The numbers: a card for each headline entity.

use ninefold_models::results::{Estimated, Measured};
use serde::Serialize;

use super::super::part::{Part, Section, Source};
use crate::format;
use crate::input::ReportInput;
use crate::terminal::{short, with_inputs};

/// Cards before the rest is left to the table of entities.
const CARDS_MAX: usize = 6;

/// A headline entity with its numbers.
#[derive(Serialize)]
pub(in super::super) struct Headline {
    name: String,
    unavailability: String,
    exact: Option<String>,
    nines: String,
    downtime: String,
    /// Name and value of the further measures.
    more: Vec<(&'static str, String)>,
}

pub(super) fn section(source: Source<'_>) -> Option<Section<'_>> {
    let input = source.input;
    let cards = input.headline_entities().iter().filter_map(|e| headline(input, e)).take(CARDS_MAX).collect();
    let confidence = format::target(input.results.outcome.confidence);
    let note =
        format!("± is half the width of the {confidence} interval. “<” is an upper bound: the event was not seen.");
    Section::of("numbers", "The numbers", vec![Part::Cards(cards), Part::Note(note)])
}

fn headline(input: &ReportInput<'_>, entity: &str) -> Option<Headline> {
    let unavailability = input.measure(entity, "unavailability")?;
    let downtime =
        input.measure(entity, "downtime").map_or(format::downtime_of(&unavailability.estimate), |m| m.estimate);
    let exact_of = |m: &Measured| {
        m.exact.map(|x| format!("{} ({})", format::significant(x, 3), m.exact_method.unwrap_or("exact")))
    };
    let mut more = Vec::new();
    if let Some(range) = with_inputs(unavailability) {
        more.push(("unavailability with doubt about the inputs", range));
    }
    let mut add = |label, measure, show: fn(&Estimated) -> String| {
        if let Some(m) = input.measure(entity, measure) {
            more.push((label, show(&m.estimate)));
        }
    };
    add("failures a year", "failure_rate", format::rate_with_error);
    add("mean down time", "mttr", format::duration_with_error);
    add("mean up time", "mut", format::duration_with_error);
    add("mean time to first failure", "mttf", format::duration_with_error);
    add("demand not served in full quality", "unserved_ratio", format::ratio);
    Some(Headline {
        name: short(entity).to_owned(),
        unavailability: format::ratio(&unavailability.estimate),
        exact: exact_of(unavailability),
        nines: format::nines(&unavailability.estimate),
        downtime: format::downtime_with_error(&downtime),
        more,
    })
}
