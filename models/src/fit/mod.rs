//! Laws fitted to observed durations by maximum likelihood, some of them right-censored.
//!
//! [`fit_all`] fits every [`Family`] and ranks them by AIC; [`fit`] fits one. Answers come with standard errors from
//! the observed information, the log-likelihood in the unit of the values (it shifts with the unit, differences
//! between families do not) and the distance between the law and the values. What cannot be fitted is an error,
//! never a NaN.

mod covariance;
mod digamma;
mod exponential;
mod gamma;
mod goodness;
mod incomplete_gamma;
mod lognormal;
mod newton;
mod normal_tail;
mod product_limit;
mod sample;
mod weibull;

pub use goodness::Goodness;
pub use product_limit::{Step, product_limit};
pub use sample::{Observation, Sample};

use crate::lifetime::{Law, LawError};
use crate::units::Hours;

/// Why there is no fit.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// Nothing ended.
    #[error("there is no complete value to fit (censored values: {censored})")]
    NoCompleteValue {
        /// Number of censored values.
        censored: usize,
    },
    /// A value no law of durations can have.
    #[error("value {index} is {value}; a duration to fit is finite and above 0")]
    Value {
        /// Position among the observations, from 0.
        index: usize,
        /// The offending value.
        value: f64,
    },
    /// All complete values are equal: two parameters cannot be told apart.
    #[error("every complete value is {value}; two parameters need at least two different values")]
    NoSpread {
        /// The value.
        value: f64,
    },
    /// The likelihood has no maximum inside the family.
    #[error("the likelihood of this family has no finite maximum on these values")]
    NoMaximum,
}

/// A family of laws.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// One parameter: mean.
    Exponential,
    /// Shape and scale.
    Weibull,
    /// Shape and mean.
    Gamma,
    /// Median and sigma.
    Lognormal,
}

impl Family {
    /// All families, the simplest first.
    pub const ALL: [Self; 4] = [Self::Exponential, Self::Weibull, Self::Gamma, Self::Lognormal];

    /// As written in a scenario.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exponential => "exponential",
            Self::Weibull => "weibull",
            Self::Gamma => "gamma",
            Self::Lognormal => "lognormal",
        }
    }

    /// The family of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.name() == name)
    }
}

/// A fitted law; times are in the unit of the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Model {
    /// Exponential.
    Exponential {
        /// Mean, > 0.
        mean: f64,
    },
    /// Weibull.
    Weibull {
        /// Shape, > 0.
        shape: f64,
        /// Scale, > 0.
        scale: f64,
    },
    /// Gamma.
    Gamma {
        /// Shape, > 0.
        shape: f64,
        /// Mean, > 0.
        mean: f64,
    },
    /// Lognormal.
    Lognormal {
        /// Median, > 0.
        median: f64,
        /// Standard deviation of the logarithm, > 0.
        sigma: f64,
    },
}

impl Model {
    /// P(X ≤ value) and P(X > value), for value > 0; the smaller one keeps its digits.
    pub fn both_sides(&self, value: f64) -> (f64, f64) {
        match *self {
            Self::Exponential { mean } => exponential::both_sides(mean, value),
            Self::Weibull { shape, scale } => weibull::both_sides(shape, scale, value),
            Self::Gamma { shape, mean } => gamma::both_sides(shape, mean, value),
            Self::Lognormal { median, sigma } => lognormal::both_sides(median, sigma, value),
        }
    }

    /// The law, for values whose unit is `unit` long (`Hours::from_minutes(1.0)` for minutes).
    ///
    /// # Errors
    /// [`LawError`] where a parameter is outside what the engine accepts.
    pub fn law(&self, unit: Hours) -> Result<Law, LawError> {
        match *self {
            Self::Exponential { mean } => Law::exponential(unit * mean),
            Self::Weibull { shape, scale } => Law::weibull_scale(shape, unit * scale),
            Self::Gamma { shape, mean } => Law::gamma(shape, unit * mean),
            Self::Lognormal { median, sigma } => Law::lognormal_median_sigma(unit * median, sigma),
        }
    }
}

/// A fitted number with its error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// As written in a scenario.
    pub name: &'static str,
    /// The estimate.
    pub value: f64,
    /// Its standard error, from the inverse of the observed information.
    pub standard_error: f64,
    /// Whether it is a time, in the unit of the values; else a pure number.
    pub is_time: bool,
}

impl Parameter {
    const fn time(name: &'static str, value: f64, standard_error: f64) -> Self {
        Self { name, value, standard_error, is_time: true }
    }

    const fn number(name: &'static str, value: f64, standard_error: f64) -> Self {
        Self { name, value, standard_error, is_time: false }
    }
}

/// What a family's file answers.
struct Estimate {
    family: Family,
    model: Model,
    log_likelihood: f64,
    parameters: Vec<Parameter>,
    also: Vec<Parameter>,
}

/// A family fitted to a sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The family.
    pub family: Family,
    /// The law.
    pub model: Model,
    /// Observations, complete and censored.
    pub n: usize,
    /// Of these, censored.
    pub censored: usize,
    /// The parameters, one or two.
    pub parameters: Vec<Parameter>,
    /// The same estimate read otherwise (the mean of a lognormal, …).
    pub also: Vec<Parameter>,
    /// Maximum of the log-likelihood, in the unit of the values.
    pub log_likelihood: f64,
    /// Akaike's criterion: 2 × parameters − 2 × log-likelihood; smaller is better.
    pub aic: f64,
    /// Distance between the law and the values.
    pub goodness: Goodness,
}

impl Fit {
    /// The parameter (or other reading) of that name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().chain(&self.also).find(|p| p.name == name)
    }
}

/// Fits one family.
///
/// # Errors
/// [`FitError`]; an answer is always finite.
pub fn fit(sample: &Sample, family: Family) -> Result<Fit, FitError> {
    let estimate = match family {
        Family::Exponential => exponential::fit(sample),
        Family::Weibull => weibull::fit(sample),
        Family::Gamma => gamma::fit(sample),
        Family::Lognormal => lognormal::fit(sample),
    }?;
    let finite = |p: &Parameter| p.value.is_finite() && p.standard_error.is_finite();
    if !estimate.log_likelihood.is_finite() || !estimate.parameters.iter().all(finite) {
        return Err(FitError::NoMaximum);
    }
    Ok(Fit {
        family: estimate.family,
        model: estimate.model,
        n: sample.len(),
        censored: sample.censored().len(),
        aic: 2.0 * estimate.parameters.len() as f64 - 2.0 * estimate.log_likelihood,
        log_likelihood: estimate.log_likelihood,
        goodness: goodness::goodness(sample, &estimate.model),
        parameters: estimate.parameters,
        also: estimate.also.into_iter().filter(finite).collect(),
    })
}

/// Every family that can be fitted, and why the others cannot.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// Best first: ascending AIC, the simpler family first at a tie. Never empty.
    pub fits: Vec<Fit>,
    /// Families without a fit, in the order of [`Family::ALL`].
    pub failed: Vec<(Family, FitError)>,
}

impl Ranking {
    /// The family with the smallest AIC.
    pub fn best(&self) -> &Fit {
        &self.fits[0]
    }
}

/// Fits every family and ranks them by AIC.
///
/// # Errors
/// The exponential's [`FitError`] if no family can be fitted.
pub fn fit_all(sample: &Sample) -> Result<Ranking, FitError> {
    let (mut fits, mut failed) = (Vec::new(), Vec::new());
    for family in Family::ALL {
        match fit(sample, family) {
            Ok(fit) => fits.push(fit),
            Err(error) => failed.push((family, error)),
        }
    }
    fits.sort_by(|a, b| a.aic.total_cmp(&b.aic));
    if fits.is_empty() {
        return Err(failed.swap_remove(0).1);
    }
    Ok(Ranking { fits, failed })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
