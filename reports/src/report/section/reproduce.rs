//! The command that gives the same tables.

use ninefold_models::plan::Variance;

use super::super::part::{Part, Section, Source};
use crate::input::ReportInput;

pub(super) fn section(source: Source<'_>) -> Option<Section<'_>> {
    let text = "In this folder, this gives the same tables; their digests are in manifest.json.";
    Section::of("reproduce", "Do it again", vec![Part::Text(text.to_owned()), Part::Code(command(source.input))])
}

/// The command that gives the same tables from the folder's own scenario.
fn command(input: &ReportInput<'_>) -> String {
    let outcome = &input.results.outcome;
    let variance = match input.plan.variance {
        none if none == Variance::default() => String::new(),
        _ => format!(" {}", input.plan.variance_flags()),
    };
    let (seed, replications) = (outcome.seed, outcome.replications);
    format!("ninefold run scenario.yaml --seed {seed} --replications {replications}{variance} --out again")
}
