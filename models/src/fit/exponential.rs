//! Exponential by maximum likelihood: mean = time on test ÷ number of complete values.
//!
//! # Source
//! Lawless, *Statistical Models and Methods for Lifetime Data*, 2nd ed. (2003), 4.1.

use super::{Estimate, Family, FitError, Model, Parameter, Sample};

pub(super) fn fit(sample: &Sample) -> Result<Estimate, FitError> {
    let events = sample.events();
    let mean = sample.total() / events;
    if !mean.is_finite() {
        return Err(FitError::NoMaximum);
    }
    Ok(Estimate {
        model: Model::Exponential { mean },
        log_likelihood: -events * (libm::log(mean) + 1.0),
        parameters: vec![Parameter::time("mean", mean, mean / libm::sqrt(events))],
        also: Vec::new(),
        family: Family::Exponential,
    })
}

/// P(X ≤ x) and P(X > x).
pub(super) fn both_sides(mean: f64, x: f64) -> (f64, f64) {
    (-libm::expm1(-x / mean), libm::exp(-x / mean))
}
