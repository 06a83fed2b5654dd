use super::*;
use proptest::prelude::*;
use statrs::distribution::{Continuous, ContinuousCDF, Exp, Gamma, LogNormal, Weibull};

/// SplitMix64: enough for drawing test samples.
struct Draws(u64);

impl Draws {
    fn open01(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (((z ^ (z >> 31)) >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// `n` draws by inversion; each censored at a draw of the second law, if there is one.
    fn sample(&mut self, n: usize, quantile: impl Fn(f64) -> f64, limit: Option<&dyn Fn(f64) -> f64>) -> Sample {
        let observations: Vec<Observation> = (0..n)
            .map(|_| {
                let value = quantile(self.open01());
                match limit.map(|limit| limit(self.open01())) {
                    Some(limit) if limit < value => Observation::censored(limit),
                    _ => Observation::complete(value),
                }
            })
            .collect();
        Sample::new(&observations).unwrap()
    }
}

fn near(fit: &Fit, name: &str, truth: f64) {
    let p = fit.parameter(name).unwrap();
    assert!((p.value - truth).abs() < 4.0 * p.standard_error, "{:?} {name}: {p:?}, truth {truth}", fit.family);
    assert!(p.standard_error < 0.2 * truth, "{:?} {name}: {p:?} says nothing", fit.family);
}

/// Every family is recovered from censored values, at every share of censoring, and the truth is within four
/// standard errors of the estimate.
#[test]
fn recovers_what_was_drawn_with_censoring() {
    let exponential = Exp::new(1.0 / 30.0).unwrap();
    let weibull = Weibull::new(0.74, 180.0).unwrap();
    let gamma = Gamma::new(2.5, 2.5 / 80.0).unwrap();
    let lognormal = LogNormal::new(4.0, 1.4).unwrap();
    for (seed, window) in [(1, 20.0), (2, 100.0), (3, 1000.0)] {
        let limit = move |u: f64| window * (0.2 + u);
        let mut draws = Draws(seed);
        let e = draws.sample(1000, |u| exponential.inverse_cdf(u), Some(&limit));
        near(&fit(&e, Family::Exponential).unwrap(), "mean", 30.0);
        let w = draws.sample(1000, |u| weibull.inverse_cdf(u), Some(&limit));
        let w = fit(&w, Family::Weibull).unwrap();
        near(&w, "shape", 0.74);
        let p = w.parameter("scale").unwrap();
        assert!((p.value - 180.0).abs() < 4.0 * p.standard_error);
        if window >= 100.0 {
            let g = draws.sample(1000, |u| gamma.inverse_cdf(u), Some(&limit));
            let g = fit(&g, Family::Gamma).unwrap();
            near(&g, "shape", 2.5);
            near(&g, "mean", 80.0);
            let l = draws.sample(1000, |u| lognormal.inverse_cdf(u), Some(&limit));
            let l = fit(&l, Family::Lognormal).unwrap();
            near(&l, "median", libm::exp(4.0));
            near(&l, "sigma", 1.4);
            near(&l, "mu", 4.0);
        }
    }
}

/// The standard errors are those of repeated sampling: the spread of 200 estimates around the truth, in units of the
/// stated error, is 1.
#[test]
fn standard_errors_are_honest() {
    let law = Gamma::new(1.5, 1.5 / 10.0).unwrap();
    let mut draws = Draws(11);
    let (mut shape, mut mean) = (0.0, 0.0);
    for _ in 0..200 {
        let sample = draws.sample(150, |u| law.inverse_cdf(u), Some(&|u| 40.0 * u));
        let fit = fit(&sample, Family::Gamma).unwrap();
        let square = |name: &str, truth: f64| {
            let p = fit.parameter(name).unwrap();
            let d = (p.value - truth) / p.standard_error;
            d * d / 200.0
        };
        shape += square("shape", 1.5);
        mean += square("mean", 10.0);
    }
    assert!((0.7..1.4).contains(&shape) && (0.7..1.4).contains(&mean), "{shape} {mean}");
}

/// Remission times of 21 patients under 6-MP (Freireich and others, 1963), 12 of them censored; maxima, standard
/// errors and log-likelihoods by an independent direct search over the likelihood (SciPy 1.17).
#[test]
fn a_textbook_sample_with_censoring() {
    let sample = remission();
    type Expected<'a> = (Family, &'a [(&'a str, f64, f64)], f64);
    let expect: [Expected; 4] = [
        (Family::Exponential, &[("mean", 39.888_888, 13.296_296)], -42.174_880_300),
        (Family::Weibull, &[("shape", 1.353_734_5, 0.376_876), ("scale", 33.765_15, 9.230_29)], -41.658_678_477),
        (Family::Gamma, &[("shape", 1.677_008_9, 0.676_75), ("mean", 31.094_068, 8.855_81)], -41.439_416_160),
        (Family::Lognormal, &[("median", 24.607_903, 7.041_08), ("sigma", 0.978_724_8, 0.250_59)], -40.680_155_870),
    ];
    for (family, parameters, log_likelihood) in expect {
        let fit = fit(&sample, family).unwrap();
        for (name, value, error) in parameters {
            let p = fit.parameter(name).unwrap();
            assert!((p.value / value - 1.0).abs() < 1e-5, "{family:?} {p:?} {value}");
            assert!((p.standard_error / error - 1.0).abs() < 1e-3, "{family:?} {p:?} {error}");
        }
        assert!((fit.log_likelihood - log_likelihood).abs() < 1e-5, "{family:?} {}", fit.log_likelihood);
        assert_eq!((fit.n, fit.censored), (21, 12));
        assert_eq!((fit.goodness.ks_p, fit.goodness.anderson_darling), (None, None));
        assert!(fit.goodness.ks < 0.25);
    }
}

fn remission() -> Sample {
    let complete = [6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0].map(Observation::complete);
    let censored = [6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0].map(Observation::censored);
    Sample::new(&[&complete[..], &censored[..]].concat()).unwrap()
}

/// The log-likelihood is the sum of the log-densities of an independent library.
#[test]
fn log_likelihoods_are_sums_of_log_densities() {
    let law = Weibull::new(1.3, 5.0).unwrap();
    let sample = Draws(5).sample(300, |u| law.inverse_cdf(u), None);
    let sum = |ln_pdf: &dyn Fn(f64) -> f64| sample.complete().iter().map(|x| ln_pdf(*x)).sum::<f64>();
    for fit in fit_all(&sample).unwrap().fits {
        let expected = match fit.model {
            Model::Exponential { mean } => sum(&|x| Exp::new(1.0 / mean).unwrap().ln_pdf(x)),
            Model::Weibull { shape, scale } => sum(&|x| Weibull::new(shape, scale).unwrap().ln_pdf(x)),
            Model::Gamma { shape, mean } => sum(&|x| Gamma::new(shape, shape / mean).unwrap().ln_pdf(x)),
            Model::Lognormal { median, sigma } => sum(&|x| LogNormal::new(libm::log(median), sigma).unwrap().ln_pdf(x)),
        };
        assert!((fit.log_likelihood - expected).abs() < 1e-8 * expected.abs(), "{:?}", fit.family);
    }
}

#[test]
fn the_family_that_was_drawn_is_chosen() {
    let mut draws = Draws(7);
    let lognormal = LogNormal::new(1.0, 1.2).unwrap();
    let weibull = Weibull::new(2.5, 5.0).unwrap();
    let exponential = Exp::new(0.2).unwrap();
    assert_eq!(best(&draws.sample(800, |u| lognormal.inverse_cdf(u), None)), Family::Lognormal);
    assert_eq!(best(&draws.sample(800, |u| weibull.inverse_cdf(u), None)), Family::Weibull);
    assert_eq!(best(&draws.sample(800, |u| exponential.inverse_cdf(u), None)), Family::Exponential);
}

fn best(sample: &Sample) -> Family {
    fit_all(sample).unwrap().best().family
}

/// A law known beforehand is refused at 5 % in 5 % of samples; a fitted one more rarely, as documented.
#[test]
fn p_values_of_fitted_laws_are_upper_bounds() {
    let law = Exp::new(0.1).unwrap();
    let mut draws = Draws(3);
    let refused = (0..300)
        .filter(|_| {
            let sample = draws.sample(60, |u| law.inverse_cdf(u), None);
            fit(&sample, Family::Exponential).unwrap().goodness.ks_p.unwrap() < 0.05
        })
        .count();
    assert!(refused < 15, "{refused} of 300");
    let wrong = Weibull::new(4.0, 10.0).unwrap();
    let sample = draws.sample(300, |u| wrong.inverse_cdf(u), None);
    assert!(fit(&sample, Family::Exponential).unwrap().goodness.ks_p.unwrap() < 1e-6);
}

/// The engine's law is the fitted one: the same survival, in hours.
#[test]
fn the_law_is_the_fit_in_hours() {
    let minute = crate::units::Hours::from_minutes(1.0);
    for fit in fit_all(&remission()).unwrap().fits {
        let law = fit.model.law(minute).unwrap();
        for value in [0.5, 6.0, 40.0] {
            let (_, expected) = fit.model.both_sides(value);
            assert!((law.survival(minute * value) - expected).abs() < 1e-12, "{:?} {value}", fit.family);
        }
    }
}

#[test]
fn what_cannot_be_fitted_is_an_error() {
    let all_censored = [Observation::censored(1.0), Observation::censored(2.0)];
    assert!(matches!(Sample::new(&all_censored), Err(FitError::NoCompleteValue { censored: 2 })));
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let observations = [Observation::complete(1.0), Observation::complete(bad)];
        assert!(matches!(Sample::new(&observations), Err(FitError::Value { index: 1, .. })), "{bad}");
    }
    let equal = Sample::new(&[Observation::complete(4.0); 5]).unwrap();
    assert!(matches!(fit(&equal, Family::Weibull), Err(FitError::NoSpread { .. })));
    let ranking = fit_all(&equal).unwrap();
    assert_eq!(ranking.best().family, Family::Exponential);
    assert_eq!(ranking.failed.len(), 3);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Another unit scales the times, leaves the numbers, and moves every log-likelihood by the same amount.
    #[test]
    fn a_change_of_unit_changes_the_unit_only(
        values in prop::collection::vec((0.01_f64..1e4, prop::bool::weighted(0.3)), 8..60),
        factor in 1e-3_f64..1e3,
    ) {
        let observed = |factor: f64| {
            let mut all: Vec<Observation> =
                values.iter().map(|(v, c)| Observation { value: v * factor, censored: *c }).collect();
            all.push(Observation::complete(1.0 * factor));
            all.push(Observation::complete(2.0 * factor));
            Sample::new(&all).unwrap()
        };
        let (here, there) = (fit_all(&observed(1.0)).unwrap(), fit_all(&observed(factor)).unwrap());
        for a in &here.fits {
            let b = there.fits.iter().find(|b| b.family == a.family).unwrap();
            let moved = a.log_likelihood - b.log_likelihood;
            let events = (a.n - a.censored) as f64;
            prop_assert!((moved - events * libm::log(factor)).abs() < 1e-6 * (1.0 + a.log_likelihood.abs()));
            for (p, q) in a.parameters.iter().zip(&b.parameters) {
                let expected = if p.is_time { p.value * factor } else { p.value };
                prop_assert!((q.value / expected - 1.0).abs() < 1e-4, "{:?} {p:?} {q:?}", a.family);
            }
            prop_assert!((a.goodness.ks - b.goodness.ks).abs() < 1e-4);
        }
    }

    /// Whatever the values, an answer is finite.
    #[test]
    fn answers_are_finite(
        values in prop::collection::vec((-12.0_f64..12.0, any::<bool>()), 1..30),
    ) {
        let all: Vec<Observation> =
            values.iter().map(|(l, c)| Observation { value: libm::exp(*l), censored: *c }).collect();
        if let Ok(sample) = Sample::new(&all) {
            let ranking = fit_all(&sample).unwrap();
            for fit in &ranking.fits {
                prop_assert!(fit.log_likelihood.is_finite() && fit.aic.is_finite());
                prop_assert!((0.0..=1.0).contains(&fit.goodness.ks));
                for p in fit.parameters.iter().chain(&fit.also) {
                    prop_assert!(p.value.is_finite() && p.standard_error.is_finite());
                }
            }
        }
    }
}
