//! The bootstrap: what a fit does not know, from samples drawn out of its own.

use ninefold_sim_core::stream::{Replication, Stream, StreamId};

use crate::fit::{Family, Fit, FitError, Observation, Sample, fit};

/// Resamples that are tried until one can be fitted.
pub const RESAMPLES_MAX: u32 = 100;

/// `family` fitted to a resample of `observations`, as many drawn with replacement; a censored one stays censored. The
/// resample is a function of `seed`, `draw` and `name` alone. One that cannot be fitted (no complete value, no spread) is
/// drawn again, so that draws are of what has a fit.
///
/// # Errors
/// [`FitError`] if none of [`RESAMPLES_MAX`] resamples can be fitted.
///
/// # Source
/// Efron, *Annals of Statistics* 7 (1979); with censoring, pairs of value and mark: Efron, *JASA* 76 (1981), section 3.
/// Oracle: `of_an_exponential_has_its_asymptotic_error`.
pub fn bootstrap(
    observations: &[Observation],
    family: Family,
    (seed, draw): (u64, u32),
    name: &str,
) -> Result<Fit, FitError> {
    let mut stream = Stream::new(StreamId::of(draw, "bootstrap", name));
    let replication = Replication::new(seed, 0);
    let count = observations.len();
    let mut failed = FitError::NoCompleteValue { censored: count };
    for _ in 0..RESAMPLES_MAX {
        let pick = |_| {
            let place = (stream.open01(replication) * count as f64) as usize;
            observations[place.min(count - 1)]
        };
        let resample: Vec<Observation> = (0..count).map(pick).collect();
        match Sample::new(&resample).and_then(|sample| fit(&sample, family)) {
            Ok(fit) => return Ok(fit),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::fit::Model;

    /// 200 complete values in the shape of an exponential law of mean 50, and 100 censored at 60.
    fn records() -> Vec<Observation> {
        let at = |i: i32, n: i32| -50.0 * libm::log(1.0 - (f64::from(i) + 0.5) / f64::from(n));
        let complete = (0..200).map(|i| Observation::complete(at(i, 200)));
        complete.chain((0..100).map(|_| Observation::censored(60.0))).collect()
    }

    fn mean_of(fit: &Fit) -> f64 {
        match fit.model {
            Model::Exponential { mean } => mean,
            _ => f64::NAN,
        }
    }

    /// Time on test T of which d values are complete: the mean is T/d. Its bootstrap variance is, to first order,
    /// Σ (xᵢ − mean · completeᵢ)² ÷ d² over the sample; without censoring that is σ²/n.
    #[test]
    fn of_an_exponential_has_its_asymptotic_error() {
        for observations in [records(), records()[..200].to_vec()] {
            let sample = Sample::new(&observations).unwrap();
            let mean = mean_of(&fit(&sample, Family::Exponential).unwrap());
            let events = sample.complete().len() as f64;
            let square = |o: &Observation| {
                let off = o.value - if o.censored { 0.0 } else { mean };
                off * off
            };
            let asymptotic = (observations.iter().map(square).sum::<f64>() / (events * events)).sqrt();
            let draws = 2000;
            let means: Vec<f64> = (1..=draws)
                .map(|draw| mean_of(&bootstrap(&observations, Family::Exponential, (5, draw), "r.x").unwrap()))
                .collect();
            let centre = means.iter().sum::<f64>() / f64::from(draws);
            let spread = (means.iter().map(|m| (m - centre) * (m - centre)).sum::<f64>() / f64::from(draws - 1)).sqrt();
            // The standard error of a standard deviation from 2000 draws is 1.6 %; second order is below 1 %.
            assert!((spread / asymptotic - 1.0).abs() < 0.07, "{spread} for {asymptotic}");
            assert!(
                (centre - mean).abs() < 4.0 * spread / f64::from(draws).sqrt() + 0.01 * mean,
                "{centre} for {mean}"
            );
        }
    }

    #[test]
    fn draws_differ_and_names_are_apart() {
        let observations = records();
        let drawn =
            |seed, draw, name| mean_of(&bootstrap(&observations, Family::Exponential, (seed, draw), name).unwrap());
        assert_eq!(drawn(1, 1, "a"), drawn(1, 1, "a"));
        assert!(drawn(1, 1, "a") != drawn(1, 2, "a") && drawn(1, 1, "a") != drawn(2, 1, "a"));
        assert_ne!(drawn(1, 1, "a"), drawn(1, 1, "b"));
    }

    #[test]
    fn what_cannot_be_fitted_is_drawn_again_and_at_last_refused() {
        // Half of the resamples of two values hold only one of them.
        let two = [Observation::complete(1.0), Observation::complete(2.0)];
        (1..=20).for_each(|draw| assert!(bootstrap(&two, Family::Lognormal, (1, draw), "x").is_ok()));
        let same = [Observation::complete(1.0), Observation::complete(1.0)];
        assert_eq!(bootstrap(&same, Family::Weibull, (1, 1), "x"), Err(FitError::NoSpread { value: 1.0 }));
    }
}
