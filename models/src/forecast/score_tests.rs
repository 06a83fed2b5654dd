//! Oracles of scores: quadrature, forecasts that are the truth, and answers by hand.
#![allow(clippy::unwrap_used)]

use ninefold_sim_core::special::normal;
use ninefold_sim_core::stream::{Replication, Stream, StreamId};

use super::score::{crps_lognormal, crps_normal, crps_sample, pit_of_sample};
use super::*;

/// `∫ (F(x) − [x ≥ y])² w(x) dx` by Simpson's rule, from `lo` to `hi` and cut at `y`.
fn by_quadrature((of, weight): (impl Fn(f64) -> f64, fn(f64) -> f64), (lo, hi): (f64, f64), value: f64) -> f64 {
    let piece = |from: f64, to: f64, above: f64| {
        let (steps, width) = (4_000, (to - from) / 4_000.0);
        let at = |i: i32| {
            let x = from + width * f64::from(i);
            let miss = of(x) - above;
            miss * miss * weight(x) * if i == 0 || i == steps { 1.0 } else { f64::from(2 + 2 * (i % 2)) }
        };
        (0..=steps).map(at).sum::<f64>() * width / 3.0
    };
    piece(lo, value, 0.0) + piece(value, hi, 1.0)
}

#[test]
fn closed_forms_are_the_integral() {
    for (mean, sd, value) in [(0.0, 1.0, 0.3), (5.0, 2.0, 1.0), (-3.0, 0.4, -1.9), (10.0, 7.0, 10.0)] {
        let of = |x: f64| normal::cdf((x - mean) / sd);
        let known = by_quadrature((of, |_| 1.0), (mean - 12.0 * sd, mean + 12.0 * sd), value);
        let got = crps_normal((mean, sd), value).unwrap();
        assert!((got - known).abs() < 1e-9, "{mean} {sd} {value}: {got} {known}");
    }
    // Over the logarithm, whose element is dx = eᵘ du.
    for (mu, sigma, value) in [(0.0, 0.5, 1.2), (2.0, 0.3, 5.0), (0.0, 1.0, 0.2), (1.0, 0.8, 9.0)] {
        let of = |u: f64| normal::cdf((u - mu) / sigma);
        let known = by_quadrature((of, libm::exp), (mu - 9.0 * sigma, mu + 9.0 * sigma), libm::log(value));
        let got = crps_lognormal((mu, sigma), value).unwrap();
        assert!((got / known - 1.0).abs() < 1e-8, "{mu} {sigma} {value}: {got} {known}");
    }
    // Below 0 a lognormal law has nothing: each unit further down is a unit more.
    let at = |value| crps_lognormal((0.0, 0.5), value).unwrap();
    assert!((at(-2.0) - at(0.0) - 2.0).abs() < 1e-12);
    assert!(crps_normal((0.0, 0.0), 1.0).is_err() && crps_lognormal((0.0, f64::NAN), 1.0).is_err());
}

#[test]
fn the_score_of_a_sample_tends_to_the_closed_form() {
    let mut quantiles: Vec<f64> = (0..4_000).map(|i| normal::quantile((f64::from(i) + 0.5) / 4_000.0)).collect();
    for value in [-1.5, 0.0, 0.7, 3.0] {
        let (got, known) = (crps_sample(&mut quantiles, value).unwrap(), crps_normal((0.0, 1.0), value).unwrap());
        assert!((got - known).abs() < 1e-4, "{value}: {got} {known}");
    }
    // By hand: |1 − 4|, |3 − 4|, |8 − 4| in the mean, less half of (2 + 7 + 5)·2/9.
    assert!((crps_sample(&mut [8.0, 1.0, 3.0], 4.0).unwrap() - (8.0 / 3.0 - 14.0 / 9.0)).abs() < 1e-12);
    assert_eq!(crps_sample(&mut [5.0], 7.0), Ok(2.0));
    assert!(crps_sample(&mut [], 7.0).is_err());
    assert_eq!(pit_of_sample(&[1.0, 3.0, 3.0, 8.0], 3.0), (0.2, 0.8));
}

/// A backtest of one step, forecasts of 100, and errors made of normal draws by their number.
fn backtest(origins: u32, error: impl Fn(u32, f64) -> f64) -> Backtest {
    let (mut stream, replication) = (Stream::new(StreamId::of(0, "noise", "score")), Replication::new(7, 0));
    let mut draw = |at: u32| vec![error(at, normal::quantile(stream.open01(replication)))];
    Backtest {
        methods: vec![Method::Naive],
        forecasts: vec![vec![100.0]; origins as usize],
        errors: (0..origins).map(&mut draw).collect(),
    }
}

/// Where the errors to come have the law of those before, a tenth of the values falls into each tenth of the distribution,
/// and 80 % intervals hold a binomial share: of `n` values √(0.09 n) and √(0.16 n) is the standard deviation.
#[test]
fn the_truth_has_even_transforms_and_a_binomial_share_inside() {
    let card = Scorecard::of(&backtest(900, |_, z| z), (1, 1), Some(101.0)).unwrap();
    let n = card.count as f64;
    assert_eq!(card.count, 896);
    assert!((card.pit.iter().sum::<f64>() - n).abs() < 1e-6);
    let chi: f64 = card.pit.iter().map(|mass| (mass - n / 10.0) * (mass - n / 10.0) / (n / 10.0)).sum();
    // The 99.99 % quantile of χ² with 9 degrees of freedom.
    assert!(chi < 33.7, "{chi}: {:?}", card.pit);
    assert!((card.pit_mean - 0.5).abs() < 4.0 / (12.0 * n).sqrt(), "{}", card.pit_mean);
    assert!((card.inside - 0.8).abs() < 4.0 * (0.16 / n).sqrt(), "{}", card.inside);
    // E CRPS of the truth is σ/√π; Brier's score of its probability p is p (1 − p). Both have a standard error below 1 %.
    assert!((card.crps - 0.5642).abs() < 0.03, "{}", card.crps);
    let p = normal::survival(1.0);
    assert!((card.brier.unwrap() - p * (1.0 - p)).abs() < 0.02, "{:?}", card.brier);
    // Values three standard deviations above all before lie in the last tenth, outside, and score worse.
    let off = Scorecard::of(&backtest(300, |at, z| z + 0.1 * f64::from(at)), (1, 1), None).unwrap();
    assert!(
        off.pit[PIT_BINS - 1] > 0.8 * off.count as f64 && off.inside < 0.5 && off.crps > 2.0 && off.brier.is_none()
    );
}

#[test]
fn what_cannot_be_scored_is_refused() {
    assert_eq!(
        Scorecard::of(&backtest(4, |_, z| z), (1, 1), None),
        Err(ForecastError::TooFewErrors { errors: 4, level: SCORED_LEVEL })
    );
    for steps in [(0, 1), (1, 2), (2, 1)] {
        assert!(Scorecard::of(&backtest(9, |_, z| z), steps, None).is_err());
    }
}
