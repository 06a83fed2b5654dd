//! Table `fits`: the laws fitted to records.

use std::borrow::Cow;

use ninefold_models::fit::{Fit, Ranking};
use serde::{Deserialize, Serialize};

use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct Fits;

/// A row of `fits`: record column × family.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// The unit of the values, of the parameters that are times and behind the log-likelihood (`min`, `h`).
    pub unit: String,
    /// Parameter name, estimate and standard error.
    pub parameters: Vec<(String, f64, f64)>,
    /// Log-likelihood at the maximum, in the unit of the values.
    pub log_likelihood: f64,
    /// Akaike's information criterion.
    pub aic: f64,
    /// Kolmogorov–Smirnov distance.
    pub ks: f64,
    /// Its p-value for a law known beforehand (optimistic after a fit); none with censored values.
    pub ks_p: Option<f64>,
    /// Anderson–Darling statistic; none with censored values.
    pub ad: Option<f64>,
    /// The family with the least AIC.
    pub chosen: bool,
}

/// The rows of one column's fits, best first.
pub fn fit_rows(record: &str, column: &str, unit: &str, ranking: &Ranking) -> Vec<FitRow> {
    let row = |(place, fit): (usize, &Fit)| FitRow {
        record: record.to_owned(),
        column: column.to_owned(),
        family: fit.family.name().to_owned(),
        n: fit.n as u64,
        censored: fit.censored as u64,
        unit: unit.to_owned(),
        parameters: fit.parameters.iter().map(|p| (p.name.to_owned(), p.value, p.standard_error)).collect(),
        log_likelihood: fit.log_likelihood,
        aic: fit.aic,
        ks: fit.goodness.ks,
        ks_p: fit.goodness.ks_p,
        ad: fit.goodness.anderson_darling,
        chosen: place == 0,
    };
    ranking.fits.iter().enumerate().map(row).collect()
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
            Column::text("unit", "Unit of the values and of parameters that are times.", |r| r.unit.clone()),
            Column::text("params", "Estimates by name, a JSON object; times in `unit`.", |r| object(r, |p| p.1)),
            Column::text("se", "Their standard errors by name, a JSON object.", |r| object(r, |p| p.2)),
            Column::float(
                "loglik",
                "1",
                "Log-likelihood at the maximum; it shifts with `unit`, differences between families do not.",
                |r| Some(r.log_likelihood),
            ),
            Column::float("aic", "1", "Akaike's information criterion.", |r| Some(r.aic)),
            Column::float("ks", "1", "Kolmogorov–Smirnov distance.", |r| Some(r.ks)),
            Column::float(
                "ks_p",
                "1",
                "Its p-value for a law known beforehand; optimistic after a fit; null with censored values.",
                |r| r.ks_p,
            ),
            Column::float("ad", "1", "Anderson–Darling statistic; null with censored values.", |r| r.ad),
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
