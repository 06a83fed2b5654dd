//! The constructors of [`Law`]: every law of the scenario language, with every form of its parameters.

use super::{
    Constant, Empirical, Erlang, Exponential, Gamma, Geometric, Hyperexponential, Law, LawError, Lognormal, Mixture,
    Normal, Pareto, Pert, PiecewiseHazard, Triangular, Uniform, Weibull,
};
use crate::units::Hours;

/// Every constructor checks its parameters.
///
/// # Errors
/// Each returns [`LawError`] if a parameter is NaN, infinite or outside the range its law's type documents.
impl Law {
    /// Always `duration`, which may be 0.
    pub fn constant(duration: Hours) -> Result<Self, LawError> {
        Constant::new(duration).map(Self::Constant)
    }

    /// Exponential.
    pub fn exponential(mean: Hours) -> Result<Self, LawError> {
        Exponential::new(mean).map(Self::Exponential)
    }

    /// Weibull by its mean.
    pub fn weibull_mean(shape: f64, mean: Hours) -> Result<Self, LawError> {
        Weibull::from_mean(shape, mean).map(Self::Weibull)
    }

    /// Weibull by the age at which 63.2 % have failed.
    pub fn weibull_scale(shape: f64, scale: Hours) -> Result<Self, LawError> {
        Weibull::from_scale(shape, scale).map(Self::Weibull)
    }

    /// Lognormal by its median and 95 % quantile.
    pub fn lognormal_median_p95(median: Hours, p95: Hours) -> Result<Self, LawError> {
        Lognormal::from_p95(median, p95).map(Self::Lognormal)
    }

    /// Lognormal by its median and the standard deviation of the logarithm.
    pub fn lognormal_median_sigma(median: Hours, sigma: f64) -> Result<Self, LawError> {
        Lognormal::from_sigma(median, sigma).map(Self::Lognormal)
    }

    /// Lognormal by its mean and the standard deviation of the logarithm.
    pub fn lognormal_mean_sigma(mean: Hours, sigma: f64) -> Result<Self, LawError> {
        Lognormal::from_mean(mean, sigma).map(Self::Lognormal)
    }

    /// Gamma by its mean.
    pub fn gamma(shape: f64, mean: Hours) -> Result<Self, LawError> {
        Gamma::new(shape, mean).map(Self::Gamma)
    }

    /// Beta-PERT with weight 4.
    pub fn pert(min: Hours, mode: Hours, max: Hours) -> Result<Self, LawError> {
        Pert::new(min, mode, max).map(Self::Pert)
    }

    /// Triangular.
    pub fn triangular(min: Hours, mode: Hours, max: Hours) -> Result<Self, LawError> {
        Triangular::new(min, mode, max).map(Self::Triangular)
    }

    /// Uniform.
    pub fn uniform(min: Hours, max: Hours) -> Result<Self, LawError> {
        Uniform::new(min, max).map(Self::Uniform)
    }

    /// Normal, truncated at zero; mean and standard deviation are those before truncation.
    pub fn normal(mean: Hours, sd: Hours) -> Result<Self, LawError> {
        Normal::new(mean, sd).map(Self::Normal)
    }

    /// Hyperexponential from (share, mean) branches.
    pub fn hyperexponential(branches: Vec<(f64, Hours)>) -> Result<Self, LawError> {
        Hyperexponential::new(&branches).map(Self::Hyperexponential)
    }

    /// Erlang by the mean of the sum of its stages.
    pub fn erlang(stages: u32, mean: Hours) -> Result<Self, LawError> {
        Erlang::new(stages, mean).map(Self::Erlang)
    }

    /// Piecewise constant hazard from (from, hazard per hour) pieces.
    pub fn piecewise_hazard(pieces: Vec<(Hours, f64)>) -> Result<Self, LawError> {
        PiecewiseHazard::new(&pieces).map(Self::PiecewiseHazard)
    }

    /// Mixture from (share, law) parts.
    pub fn mixture(parts: Vec<(f64, Law)>) -> Result<Self, LawError> {
        Mixture::new(parts).map(Self::Mixture)
    }

    /// Pareto; its mean is infinite for `shape` ≤ 1.
    pub fn pareto(shape: f64, min: Hours) -> Result<Self, LawError> {
        Pareto::new(shape, min).map(Self::Pareto)
    }

    /// Geometric: whole steps.
    pub fn geometric(mean: Hours, step: Hours) -> Result<Self, LawError> {
        Geometric::new(mean, step).map(Self::Geometric)
    }

    /// The plain empirical law of recorded values, in any order.
    pub fn empirical(values: Vec<Hours>) -> Result<Self, LawError> {
        Empirical::new(&values).map(Self::Empirical)
    }
}
