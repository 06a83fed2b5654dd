//! `ninefold fit FILE`: laws fitted to a column, or a scalability law to measurements, with the YAML to paste.

use std::path::Path;

use ninefold_models::fit::Ranking;
use ninefold_reports::figures;
use ninefold_scenarios::records::{FitReport, FitRequest, RecordError, Unit, fit_file, scalability_file};

use crate::args::FitArgs;
use crate::exit::Exit;
use crate::output;

/// Fits and prints.
pub(crate) fn fit(args: &FitArgs) -> anyhow::Result<Exit> {
    if let (Some(load), Some(throughput)) = (&args.load, &args.throughput) {
        let report = scalability_file(&args.file, load, throughput).map_err(|error| naming(&args.file, error))?;
        let drawn =
            || Ok(figures::scalability(&report.points, (&report.fit, &report.intervals), (load, throughput)).svg);
        return answer(args, drawn, (report.object(), report.text()));
    }
    let report = fit_file(&request(args)).map_err(|error| naming(&args.file, error))?;
    answer(args, || figure(&report), (serde_json::to_value(&report)?, report.text()))
}

/// Writes the figure, if one is asked for, and prints.
fn answer(
    args: &FitArgs,
    draw: impl FnOnce() -> anyhow::Result<String>,
    (object, text): (serde_json::Value, String),
) -> anyhow::Result<Exit> {
    let figure = args.figure.as_ref().map(|path| Ok::<_, anyhow::Error>((path, draw()?))).transpose()?;
    if let Some((path, svg)) = &figure {
        output::refuse_replacing(path, svg, args.force)?;
        output::put(path, svg)?;
    }
    if args.json {
        output::print_json(&object)?;
    } else {
        let wrote = figure.map(|(path, _)| format!("wrote {}\n", path.display())).unwrap_or_default();
        output::print(&(text + &wrote))?;
    }
    Ok(Exit::Done)
}

/// The error with the file's name, where it has none.
fn naming(file: &Path, error: RecordError) -> anyhow::Error {
    let (name, text) = (file.display().to_string(), error.to_string());
    let of_the_flags = matches!(error, RecordError::Setting { .. } | RecordError::Unit(_) | RecordError::NoUnit(_));
    if of_the_flags || text.contains(&name) {
        error.into()
    } else {
        anyhow::Error::new(error).context(format!("`{name}`"))
    }
}

fn request(args: &FitArgs) -> FitRequest {
    FitRequest {
        file: args.file.clone(),
        value: args.value.clone(),
        censored: args.censored.clone(),
        start: args.start.clone(),
        end: args.end.clone(),
        between: args.between.clone(),
        by: args.by.clone(),
        unit: args.unit.clone(),
        filters: args.filters.clone(),
        censored_at: args.censored_at.clone(),
        family: args.family.clone(),
    }
}

fn figure(report: &FitReport) -> anyhow::Result<String> {
    let ranking = Ranking { fits: report.fits.iter().map(|row| row.fit.clone()).collect(), failed: Vec::new() };
    let unit = Unit::named(report.unit)?.length();
    match figures::fit_figure(&report.column, &report.sample, &ranking, unit) {
        Some(figure) => Ok(figure.svg),
        None => anyhow::bail!("all values of `{}` are equal: there is no figure to draw", report.column),
    }
}
