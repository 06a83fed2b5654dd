//! The product-limit estimate of survival: the empirical law where some values are censored.
//!
//! # Source
//! Kaplan & Meier, *JASA* 53 (1958) 457. Values censored at the instant of an event count as at risk.

use super::Sample;

/// One step of the estimate, at a value at which something ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The value, in the sample's unit.
    pub value: f64,
    /// P(X > value); before the first step it is 1.
    pub survival: f64,
}

/// The estimated survival function, one step a distinct complete value, ascending.
pub fn product_limit(sample: &Sample) -> Vec<Step> {
    let (complete, censored) = (sample.complete(), sample.censored());
    let mut steps: Vec<Step> = Vec::new();
    let mut survival = 1.0;
    let (mut ended, mut lost) = (0, 0);
    while ended < complete.len() {
        let value = complete[ended];
        lost += censored[lost..].iter().take_while(|c| **c < value).count();
        let ties = complete[ended..].iter().take_while(|x| **x == value).count();
        let at_risk = sample.len() - ended - lost;
        if lost == 0 {
            // As a count, so that without censoring it is the empirical law to the last bit.
            survival = (sample.len() - ended - ties) as f64 / sample.len() as f64;
        } else {
            survival *= (at_risk - ties) as f64 / at_risk as f64;
        }
        steps.push(Step { value, survival });
        ended += ties;
    }
    steps
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::fit::Observation;

    #[test]
    fn a_textbook_case() {
        // 1, 3, 3+, 4, 5+: survival 4/5, then × 3/4, then × 1/2.
        let sample = Sample::new(&[
            Observation::complete(3.0),
            Observation::censored(5.0),
            Observation::complete(1.0),
            Observation::censored(3.0),
            Observation::complete(4.0),
        ])
        .unwrap();
        let steps: Vec<(f64, f64)> = product_limit(&sample).iter().map(|s| (s.value, s.survival)).collect();
        assert_eq!(steps.len(), 3);
        for ((value, survival), expected) in steps.into_iter().zip([(1.0, 0.8), (3.0, 0.6), (4.0, 0.3)]) {
            assert_eq!(value, expected.0);
            assert!((survival - expected.1).abs() < 1e-15);
        }
    }

    #[test]
    fn without_censoring_it_is_the_share_above() {
        let values: Vec<Observation> = (1..=7).map(|i| Observation::complete(f64::from(i))).collect();
        let steps = product_limit(&Sample::new(&values).unwrap());
        for (i, step) in steps.iter().enumerate() {
            assert_eq!(step.survival, (6 - i) as f64 / 7.0);
        }
    }
}
