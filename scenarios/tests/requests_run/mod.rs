//! Runs of scenarios request by request, and their measures.
#![allow(dead_code)]

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::results::{Measured, Results};
use ninefold_models::system::System;
use ninefold_scenarios::{LoadOptions, load_text};

pub(crate) fn run(sections: &str) -> Vec<Measured> {
    results(sections).measures
}

pub(crate) fn results(sections: &str) -> Results {
    let text = format!("scenario: requests\n{sections}\n");
    let loaded = load_text("requests", &text, &LoadOptions::default()).unwrap_or_else(|problems| panic!("{problems}"));
    assess(&System::build(loaded.spec).unwrap(), &loaded.plan, &Unwatched).unwrap()
}

pub(crate) fn has(rows: &[Measured], entity: &str, measure: &str) -> bool {
    rows.iter().any(|row| row.entity == entity && row.measure == measure)
}

pub(crate) fn find<'a>(rows: &'a [Measured], entity: &str, measure: &str) -> &'a Measured {
    let row = rows.iter().find(|row| row.entity == entity && row.measure == measure);
    row.unwrap_or_else(|| panic!("{entity} has no {measure}"))
}

pub(crate) fn value(rows: &[Measured], entity: &str, measure: &str) -> f64 {
    find(rows, entity, measure).estimate.value
}

/// Within four standard errors, which are at most `cap`.
pub(crate) fn near(rows: &[Measured], (entity, measure): (&str, &str), known: f64, cap: f64) {
    let estimate = find(rows, entity, measure).estimate;
    assert!(estimate.standard_error <= cap, "{entity}.{measure}: {estimate:?}");
    let off = (estimate.value - known).abs();
    assert!(
        off <= 4.0 * estimate.standard_error + 1e-9 * known.abs(),
        "{entity}.{measure}: {estimate:?}, known {known}"
    );
}
