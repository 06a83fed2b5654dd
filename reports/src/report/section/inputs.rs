//! Where the inputs come from.

use super::super::grid::{Cell, Grid};
use super::super::part::{Part, Section, Source};
use crate::format;
use crate::input::ReportInput;

pub(super) fn section(source: Source<'_>) -> Option<Section<'_>> {
    let grids = [provenance(source.input), records(source.input), fits(source.input)];
    Section::of("inputs", "Where the inputs come from", grids.into_iter().flatten().map(Part::Grid).collect())
}

fn provenance(input: &ReportInput<'_>) -> Option<Grid> {
    let row = |p: &ninefold_models::about::Provenance| {
        vec![
            Cell::text(p.path.as_str()).class("code"),
            Cell::text(p.value.as_str()).class("n"),
            Cell::text(p.source.as_str()),
            Cell::text(if p.fit_id.is_empty() { p.record.as_str() } else { p.fit_id.as_str() }),
        ]
    };
    let rows = input.about.provenance.iter().map(row).collect();
    Grid::of(
        "Every number that entered",
        Some("inputs_provenance"),
        &["path", "value", "source", "record or fit"],
        rows,
    )
}

fn records(input: &ReportInput<'_>) -> Option<Grid> {
    let row = |r: &ninefold_models::about::RecordDigest| {
        let rejected: Vec<_> = r.rejected.iter().map(|(rule, n)| format!("{n} by {rule}")).collect();
        let rejected = if rejected.is_empty() { String::from("none") } else { rejected.join(", ") };
        vec![
            Cell::text(r.id.as_str()),
            Cell::text(r.file.as_str()).class("code"),
            Cell::number(format::grouped(r.rows), r.rows as f64),
            Cell::text(rejected),
            Cell::text(r.blake3.chars().take(16).collect::<String>()).class("code"),
        ]
    };
    let rows = input.about.records.iter().map(row).collect();
    Grid::of("Records", None, &["record", "file", "rows read", "rows rejected", "BLAKE3 (first 16)"], rows)
}

fn fits(input: &ReportInput<'_>) -> Option<Grid> {
    let row = |f: &crate::tables::FitRow| {
        let parameter = |p: &(String, f64, f64)| {
            format!("{} {} (se {})", p.0, format::significant(p.1, 4), format::significant(p.2, 2))
        };
        let parameters: Vec<_> = f.parameters.iter().map(parameter).collect();
        vec![
            Cell::text(format!("{}.{} ({})", f.record, f.column, f.unit)).class("code"),
            Cell::text(if f.chosen { format!("{} (chosen)", f.family) } else { f.family.clone() }),
            Cell::number(format::grouped(f.n), f.n as f64),
            Cell::number(format::grouped(f.censored), f.censored as f64),
            Cell::text(parameters.join(", ")),
            Cell::number(format!("{:.1}", f.log_likelihood), f.log_likelihood),
            Cell::number(format!("{:.1}", f.aic), f.aic),
            Cell::number(format::significant(f.ks, 3), f.ks),
            f.ad.map_or_else(|| Cell::text(""), |ad| Cell::number(format::significant(ad, 3), ad)),
        ]
    };
    let heads = [
        "record column",
        "family",
        "values",
        "censored",
        "parameters",
        "log-likelihood",
        "AIC",
        "KS distance",
        "Anderson–Darling",
    ];
    Grid::of("Fitted laws", Some("fits"), &heads, input.fits.iter().map(row).collect())
}
