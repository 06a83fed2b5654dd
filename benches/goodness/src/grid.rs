//! The laws that are put to the test: each as what a user asks for, from which both the product's law and the
//! independent distribution function are made.

use ninefold_models::lifetime::Law;
use ninefold_models::units::Hours;

use crate::oracle::{self, Distribution};

/// A law as asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Case {
    /// Law and form of its parameters; the names of `reference/quantiles.csv`.
    pub form: &'static str,
    /// The parameters, in hours, per hour or plain.
    pub parameters: &'static [f64],
}

/// How a case is held against its distribution.
pub enum Oracle {
    /// No value has a probability of its own.
    Continuous(Distribution),
    /// Some values have; counted in cells that end at these durations (in hours, ascending, the first cell from 0).
    Cells(Distribution, Vec<f64>),
}

const fn case(form: &'static str, parameters: &'static [f64]) -> Case {
    Case { form, parameters }
}

/// The bathtub: falling, none, rising hazard.
const BATHTUB: &[f64] = &[0.0, 0.01, 100.0, 0.0, 200.0, 1e-3, 2000.0, 5e-3];

/// Every law, at usual and at extreme parameters.
pub const CASES: [Case; 58] = [
    case("constant", &[3.5]),
    case("constant", &[0.0]),
    case("exponential", &[1e-9]),
    case("exponential", &[30.0]),
    case("exponential", &[5e7]),
    case("weibull_scale", &[0.05, 7.0]),
    case("weibull_scale", &[0.74, 180.0]),
    case("weibull_scale", &[1000.0, 7.0]),
    case("weibull_mean", &[0.2, 4320.0]),
    case("weibull_mean", &[1.0, 4320.0]),
    case("weibull_mean", &[1.8, 4320.0]),
    case("weibull_mean", &[12.0, 4320.0]),
    case("lognormal_median_p95", &[0.1, 1.0]),
    case("lognormal_median_sigma", &[2.0, 1e-3]),
    case("lognormal_median_sigma", &[5.0, 10.0]),
    case("lognormal_mean_sigma", &[8.0, 2.0]),
    case("gamma_mean", &[0.05, 12.0]),
    case("gamma_mean", &[0.1, 12.0]),
    case("gamma_mean", &[0.7, 12.0]),
    case("gamma_mean", &[1.0, 12.0]),
    case("gamma_mean", &[3.3, 12.0]),
    case("gamma_mean", &[40.0, 12.0]),
    case("gamma_mean", &[2000.0, 12.0]),
    case("erlang", &[1.0, 10.0]),
    case("erlang", &[3.0, 10.0]),
    case("erlang", &[25.0, 10.0]),
    case("pert", &[0.0, 1.0, 4.0]),
    case("pert", &[1.0, 1.0, 9.0]),
    case("pert", &[2.0, 7.0, 7.0]),
    case("pert", &[0.5, 0.6, 30.0]),
    case("pert", &[100.0, 101.0, 102.0]),
    case("triangular", &[1.0, 2.0, 7.0]),
    case("triangular", &[0.0, 0.0, 7.0]),
    case("triangular", &[2.0, 7.0, 7.0]),
    case("uniform", &[0.0, 1.0]),
    case("uniform", &[100.0, 101.0]),
    case("normal", &[10.0, 2.0]),
    case("normal", &[1.0, 5.0]),
    case("normal", &[1000.0, 1.0]),
    case("normal", &[1e-3, 100.0]),
    case("hyperexponential", &[0.9, 1.0, 0.1, 100.0]),
    case("hyperexponential", &[0.999, 0.01, 0.001, 1e4]),
    case("piecewise_hazard", BATHTUB),
    case("piecewise_hazard", &[0.0, 0.0, 50.0, 2.0]),
    case("pareto", &[3.0, 2.0]),
    case("pareto", &[1.5, 0.01]),
    case("pareto", &[0.1, 2.0]),
    case("pareto", &[1000.0, 2.0]),
    case("mixture_of_weibull_and_lognormal", &[0.25, 0.7, 50.0, 4.0, 1.1]),
    case("mixture_of_weibull_and_lognormal", &[0.999, 2.5, 1.0, 1e4, 0.5]),
    case("mixture_with_an_atom", &[1.0, 0.7, 50.0, 24.0]),
    case("mixture_with_an_atom", &[10.0, 3.0, 20.0, 1.0]),
    case("geometric", &[5.0, 1.0]),
    case("geometric", &[0.3, 0.3]),
    case("geometric", &[10.0, 0.5]),
    case("geometric", &[1e6, 1.0]),
    case("empirical", &[4.0, 1.0, 1.0, 0.0, 9.5]),
    case("empirical", &[0.3, 0.7, 0.7, 0.7, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0, 21.0, 34.0, 1e6]),
];

impl Case {
    /// The product's law.
    ///
    /// # Panics
    /// If the form is unknown, its parameters too few or refused: the cases are fixed.
    pub fn law(&self) -> Law {
        let h = Hours::new;
        let pairs = || self.parameters.as_chunks::<2>().0.iter();
        let law = match (self.form, self.parameters) {
            ("constant", &[duration]) => Law::constant(h(duration)),
            ("exponential", &[mean]) => Law::exponential(h(mean)),
            ("weibull_scale", &[shape, scale]) => Law::weibull_scale(shape, h(scale)),
            ("weibull_mean", &[shape, mean]) => Law::weibull_mean(shape, h(mean)),
            ("lognormal_median_p95", &[median, p95]) => Law::lognormal_median_p95(h(median), h(p95)),
            ("lognormal_median_sigma", &[median, sigma]) => Law::lognormal_median_sigma(h(median), sigma),
            ("lognormal_mean_sigma", &[mean, sigma]) => Law::lognormal_mean_sigma(h(mean), sigma),
            ("gamma_mean", &[shape, mean]) => Law::gamma(shape, h(mean)),
            ("erlang", &[stages, mean]) => Law::erlang(stages as u32, h(mean)),
            ("pert", &[min, mode, max]) => Law::pert(h(min), h(mode), h(max)),
            ("triangular", &[min, mode, max]) => Law::triangular(h(min), h(mode), h(max)),
            ("uniform", &[min, max]) => Law::uniform(h(min), h(max)),
            ("normal", &[mean, sd]) => Law::normal(h(mean), h(sd)),
            ("hyperexponential", _) => Law::hyperexponential(pairs().map(|&[share, mean]| (share, h(mean))).collect()),
            ("piecewise_hazard", _) => {
                Law::piecewise_hazard(pairs().map(|&[from, hazard]| (h(from), hazard)).collect())
            }
            ("pareto", &[shape, min]) => Law::pareto(shape, h(min)),
            ("mixture_of_weibull_and_lognormal", &[share, shape, scale, median, sigma]) => mix(vec![
                (share, Law::weibull_scale(shape, h(scale))),
                (1.0 - share, Law::lognormal_median_sigma(h(median), sigma)),
            ]),
            ("mixture_with_an_atom", &[mean, shape, scale, atom]) => mix(vec![
                (0.6, Law::exponential(h(mean))),
                (0.4, mix(vec![(0.5, Law::weibull_scale(shape, h(scale))), (0.5, Law::constant(h(atom)))])),
            ]),
            ("geometric", &[mean, step]) => Law::geometric(h(mean), h(step)),
            ("empirical", values) => Law::empirical(values.iter().copied().map(h).collect()),
            _ => panic!("bug: no law is asked for like {self:?}"),
        };
        law.unwrap_or_else(|error| panic!("bug: {self:?}: {error}"))
    }

    /// What the law must follow.
    ///
    /// # Panics
    /// As [`law`](Self::law).
    pub fn oracle(&self) -> Oracle {
        let continuous = match (self.form, self.parameters) {
            ("exponential", &[mean]) => oracle::exponential(mean),
            ("weibull_scale", &[shape, scale]) => oracle::weibull_scale(shape, scale),
            ("weibull_mean", &[shape, mean]) => oracle::weibull_mean(shape, mean),
            ("lognormal_median_p95", &[median, p95]) => oracle::lognormal_median_p95(median, p95),
            ("lognormal_median_sigma", &[median, sigma]) => oracle::lognormal_median_sigma(median, sigma),
            ("lognormal_mean_sigma", &[mean, sigma]) => oracle::lognormal_mean_sigma(mean, sigma),
            ("gamma_mean" | "erlang", &[shape, mean]) => oracle::gamma(shape, mean),
            ("pert", &[min, mode, max]) => oracle::pert(min, mode, max),
            ("triangular", &[min, mode, max]) => oracle::triangular(min, mode, max),
            ("uniform", &[min, max]) => oracle::uniform(min, max),
            ("normal", &[mean, sd]) => oracle::normal(mean, sd),
            ("hyperexponential", branches) => oracle::hyperexponential(branches),
            ("piecewise_hazard", pieces) => oracle::piecewise_hazard(pieces),
            ("pareto", &[shape, min]) => oracle::pareto(shape, min),
            ("mixture_of_weibull_and_lognormal", &[share, shape, scale, median, sigma]) => {
                let (weibull, other) =
                    (oracle::weibull_scale(shape, scale), oracle::lognormal_median_sigma(median, sigma));
                oracle::weibull_or_lognormal(share, weibull, other)
            }
            _ => return self.cells(),
        };
        Oracle::Continuous(continuous)
    }

    /// The cells of a law that jumps: each jump has one of its own, a hair wide.
    fn cells(&self) -> Oracle {
        let (distribution, ends) = match (self.form, self.parameters) {
            ("constant", &[duration]) => (oracle::constant(duration), around(&[duration])),
            ("geometric", &[mean, step]) => {
                // Some hundred cells whatever the mean, each ending half-way between two steps.
                let stride = (mean / step / 64.0).ceil();
                let ends = (0..1000).map(|i| (f64::from(i) * stride + 0.5) * step).collect();
                (oracle::geometric(mean, step), ends)
            }
            ("empirical", values) => (oracle::empirical(values), around(values)),
            ("mixture_with_an_atom", &[mean, shape, scale, atom]) => {
                let mut ends: Vec<f64> = (1..2000).map(|i| f64::from(i) * mean / 10.0).collect();
                ends.extend(around(&[atom]));
                ends.sort_unstable_by(f64::total_cmp);
                (oracle::nested_with_atom(mean, oracle::weibull_scale(shape, scale), atom), ends)
            }
            _ => panic!("bug: nothing is known about {self:?}"),
        };
        Oracle::Cells(distribution, ends)
    }
}

/// Just below each value, and the value itself.
fn around(values: &[f64]) -> Vec<f64> {
    let mut ends: Vec<f64> = values.iter().flat_map(|value| [value.next_down().max(0.0), *value]).collect();
    ends.sort_unstable_by(f64::total_cmp);
    ends
}

fn mix<E>(parts: Vec<(f64, Result<Law, E>)>) -> Result<Law, E>
where
    E: From<ninefold_models::lifetime::LawError>,
{
    let parts = parts.into_iter().map(|(share, law)| law.map(|law| (share, law))).collect::<Result<Vec<_>, E>>()?;
    Ok(Law::mixture(parts)?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use ninefold_models::lifetime::LAW_NAMES;

    use super::*;

    #[test]
    fn the_grid_holds_every_law() {
        let laws: Vec<Law> = CASES.iter().map(Case::law).collect();
        let names: BTreeSet<&str> = laws.iter().map(Law::name).collect();
        assert_eq!(names.into_iter().collect::<Vec<_>>(), LAW_NAMES);
    }

    /// Both tails of every distribution function make 1, from end to end, and rise from 0 to 1.
    #[test]
    fn the_distribution_functions_are_whole() {
        for case in CASES {
            let (Oracle::Continuous(of) | Oracle::Cells(of, _)) = case.oracle();
            let law = case.law();
            let mut last = 0.0;
            for p in [1e-6, 0.01, 0.3, 0.6, 0.99, 1.0 - 1e-6] {
                let tails = of(law.quantile(p).get());
                assert!((tails.below + tails.above - 1.0).abs() < 1e-11, "{case:?}: {tails:?}");
                assert!(tails.below >= last, "{case:?}: {tails:?}");
                last = tails.below;
            }
        }
    }
}
