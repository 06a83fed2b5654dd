//! The verb `ninefold fit`: from what was asked on the command line to a report.

use std::path::PathBuf;

use ninefold_models::fit::Family;

use super::column::{Filter, Query, Source, column};
use super::quality::{CensoredAt, Quality};
use super::report::{FitReport, report};
use super::{RecordError, Unit, read_table};

/// What `ninefold fit FILE` was asked, as written: one of `value`, `start` with `end`, and `between`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FitRequest {
    /// Any CSV or Parquet file.
    pub file: PathBuf,
    /// A column of durations in `unit`.
    pub value: Option<String>,
    /// A column that says which values are censored (`true`, `yes`, `1`); with `value` only.
    pub censored: Option<String>,
    /// A column of instants at which something went down.
    pub start: Option<String>,
    /// A column of instants at which it was up again.
    pub end: Option<String>,
    /// A column of instants; the times between them are fitted.
    pub between: Option<String>,
    /// A column that groups rows; with `between` only.
    pub by: Option<String>,
    /// Unit of `value` and of the report; `h` without it, where the file has instants.
    pub unit: Option<String>,
    /// `COLUMN=VALUE` or `COLUMN!=VALUE`; all must hold.
    pub filters: Vec<String>,
    /// `never`, `export` or a timestamp; with instants only.
    pub censored_at: Option<String>,
    /// A family, or `auto`.
    pub family: Option<String>,
}

/// Answers the request.
///
/// # Errors
/// [`RecordError::Setting`] for a request that contradicts itself, else as reading and fitting say.
pub fn fit_file(request: &FitRequest) -> Result<FitReport, RecordError> {
    let query = Query {
        source: source(request)?,
        filters: request.filters.iter().map(|text| Filter::parse(text)).collect::<Result<_, _>>()?,
        quality: Quality {
            censored_at: request.censored_at.as_deref().map_or(Ok(CensoredAt::Never), CensoredAt::named)?,
            ..Quality::default()
        },
    };
    let unit = request.unit.as_deref().map_or(Ok(Unit::H), Unit::named)?;
    let family = family(request.family.as_deref())?;
    report(&column(&read_table(&request.file)?, &query, unit)?, family)
}

fn source(request: &FitRequest) -> Result<Source, RecordError> {
    let FitRequest { value, censored, start, end, between, by, censored_at, .. } = request;
    let refuse = |key: &'static str, given: &Option<String>, allowed: &'static str| match given {
        Some(value) => Err(RecordError::Setting { key, value: value.clone(), allowed }),
        None => Ok(()),
    };
    if between.is_none() {
        refuse("by", by, "it together with `between`")?;
    }
    if value.is_none() {
        refuse("censored", censored, "it together with `value`")?;
    }
    match (value, start, end, between) {
        (Some(value), None, None, None) => {
            refuse("censored_at", censored_at, "it together with instants")?;
            let unit = request.unit.as_deref().ok_or_else(|| RecordError::NoUnit(value.clone()))?;
            Ok(Source::Value(value.clone(), Unit::named(unit)?, censored.clone()))
        }
        (None, Some(start), Some(end), None) => Ok(Source::Duration(start.clone(), end.clone())),
        (None, None, None, Some(between)) => Ok(Source::Gaps(between.clone(), by.clone())),
        _ => Err(RecordError::Setting {
            key: "what to fit",
            value: [value, start, end, between].into_iter().flatten().cloned().collect::<Vec<_>>().join(", "),
            allowed: "one of `--value`, `--start` with `--end`, and `--between`",
        }),
    }
}

fn family(name: Option<&str>) -> Result<Option<Family>, RecordError> {
    match name {
        None | Some("auto") => Ok(None),
        Some(name) => Family::named(name).map(Some).ok_or_else(|| RecordError::Setting {
            key: "family",
            value: name.to_owned(),
            allowed: "auto, exponential, weibull, gamma or lognormal",
        }),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn bundled() -> FitRequest {
        let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/library/records/node-failures.csv"));
        FitRequest { file, ..FitRequest::default() }
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn the_three_questions() {
        let repair = FitRequest { start: some("down_utc"), end: some("up_utc"), unit: some("min"), ..bundled() };
        let report = fit_file(&repair).unwrap();
        insta::assert_snapshot!(report.text());
        assert!(report.steps.len() > 250 && report.steps.iter().rev().all(|step| step.survival < 1.0));
        assert_eq!(report.steps.last().unwrap().survival, 0.0);
        let between =
            FitRequest { between: some("down_utc"), by: some("host"), censored_at: some("export"), ..bundled() };
        let report = fit_file(&FitRequest { family: some("weibull"), ..between.clone() }).unwrap();
        assert_eq!((report.chosen, report.unit, report.censored), ("weibull", "h", 29));
        let one = FitRequest { filters: vec!["host=node-15".to_owned()], ..between };
        assert!(fit_file(&one).unwrap().used < 40);
    }

    #[test]
    fn requests_that_contradict_themselves_are_refused() {
        let error = |request: FitRequest| fit_file(&request).unwrap_err().to_string();
        let start = FitRequest { start: some("down_utc"), ..bundled() };
        assert!(error(start).ends_with("write one of `--value`, `--start` with `--end`, and `--between`"));
        assert!(error(bundled()).contains("what to fit"));
        assert!(error(FitRequest { value: some("host"), ..bundled() }).contains("unit must be given"));
        let by = FitRequest { start: some("down_utc"), end: some("up_utc"), by: some("host"), ..bundled() };
        assert!(error(by).contains("`between`"));
        let family = FitRequest { between: some("down_utc"), family: some("normal"), ..bundled() };
        assert!(error(family).contains("auto, exponential, weibull"));
        let unit = FitRequest { between: some("down_utc"), unit: some("months"), ..bundled() };
        assert!(error(unit).contains("`months` is no unit of time"));
    }
}
