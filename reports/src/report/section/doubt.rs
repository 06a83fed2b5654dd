//! What is not known of the inputs, and whose share it is.

use super::super::grid::{Cell, Grid};
use super::super::part::{Part, Section, Source};
use crate::figures::{largest_shares, share_label};
use crate::format;
use crate::input::ReportInput;
use crate::terminal::{short, with_inputs};

pub(super) fn section(source: Source<'_>) -> Option<Section<'_>> {
    let outcome = &source.input.results.outcome;
    if outcome.parameter_draws == 0 {
        return None;
    }
    let mut parts: Vec<Part<'_>> = source.picture("input_shares").into_iter().collect();
    parts.push(shares(source.input).map_or_else(
        || Part::Text("Too few draws, or too many inputs, to tell whose share the uncertainty is.".to_owned()),
        Part::Grid,
    ));
    parts.push(Part::Note(format!(
        "The replications are dealt over {} draws of the uncertain inputs. ± elsewhere is chance alone; these {} intervals \
         are by inputs and chance. A share is what follows an input along a straight line; what is left is chance, and \
         curvature and interactions.",
        format::grouped(u64::from(outcome.parameter_draws)),
        format::target(outcome.confidence)
    )));
    Section::of("doubt", "What is not known of the inputs", parts)
}

/// The second interval and the shares of the inputs, of every measure that has them.
fn shares(input: &ReportInput<'_>) -> Option<Grid> {
    let entities = input.headline_entities();
    let mut rows = Vec::new();
    for measured in input.results.measures.iter().filter(|m| entities.contains(&m.entity)) {
        for share in largest_shares(&input.results.input_shares, measured) {
            let e = &share.share;
            rows.push(vec![
                Cell::text(short(&measured.entity)),
                Cell::text(measured.measure.replace('_', " ")),
                Cell::text(with_inputs(measured).unwrap_or_default()),
                Cell::text(share_label(share)),
                Cell::number(format::percent(e.value), e.value),
                Cell::text(format!("{} to {}", format::percent(e.lo), format::percent(e.hi))),
            ]);
        }
    }
    let heads = ["entity", "measure", "with doubt about the inputs", "input", "share of the variance", "its interval"];
    Grid::of("What is uncertain, and whose share it is", Some("input_shares"), &heads, rows)
}
