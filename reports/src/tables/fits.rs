//! Table `fits`: the laws fitted to records.

use std::borrow::Cow;

use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct Fits;

/// A row of `fits`: record column × family.
#[derive(Clone, Debug, PartialEq)]
pub struct FitRow {
    /// The record's id or file.
    pub record: String,
    /// The column, or `start..end`.
    pub column: String,
    /// `exponential`, `weibull`, `gamma`, `lognormal`.
    pub family: String,
    /// Values used, censored ones included.
    pub n: u64,
    /// Right-censored values among them.
    pub censored: u64,
    /// Parameter name, estimate and standard error; durations in hours.
    pub parameters: Vec<(String, f64, f64)>,
    /// Log-likelihood at the maximum (of values in hours).
    pub log_likelihood: f64,
    /// Akaike's information criterion.
    pub aic: f64,
    /// Kolmogorov–Smirnov distance.
    pub ks: f64,
    /// Its p-value for a law known beforehand (optimistic after a fit).
    pub ks_p: f64,
    /// Anderson–Darling statistic.
    pub ad: f64,
    /// The family with the least AIC.
    pub chosen: bool,
}

impl TableSource for Fits {
    type Row = FitRow;
    const NAME: &'static str = "fits";
    const GRAIN: &'static str = "record column × family";
    const MEANING: &'static str = "Laws fitted to records by maximum likelihood, with measures of fit.";

    fn columns() -> Vec<Column<FitRow>> {
        vec![
            Column::text("record", "The record.", |r| r.record.clone()),
            Column::text("column", "The column, or the pair of columns.", |r| r.column.clone()),
            Column::text("family", "The family of laws.", |r| r.family.clone()),
            Column::count("n", "1", "Values used, censored ones included.", |r| Some(r.n)),
            Column::count("censored", "1", "Right-censored values among them.", |r| Some(r.censored)),
            Column::text("params", "Estimates by name, a JSON object; durations in hours.", |r| object(r, |p| p.1)),
            Column::text("se", "Their standard errors by name, a JSON object.", |r| object(r, |p| p.2)),
            Column::float("loglik", "1", "Log-likelihood at the maximum.", |r| Some(r.log_likelihood)),
            Column::float("aic", "1", "Akaike's information criterion.", |r| Some(r.aic)),
            Column::float("ks", "1", "Kolmogorov–Smirnov distance.", |r| Some(r.ks)),
            Column::float("ks_p", "1", "Its p-value for a law known beforehand; optimistic after a fit.", |r| {
                Some(r.ks_p)
            }),
            Column::float("ad", "1", "Anderson–Darling statistic.", |r| Some(r.ad)),
            Column::flag("chosen", "The family that was chosen.", |r| r.chosen),
        ]
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [FitRow]> {
        Cow::Borrowed(input.fits)
    }
}

fn object(row: &FitRow, of: fn(&(String, f64, f64)) -> f64) -> String {
    let map: serde_json::Map<_, _> = row.parameters.iter().map(|p| (p.0.clone(), of(p).into())).collect();
    serde_json::Value::Object(map).to_string()
}
