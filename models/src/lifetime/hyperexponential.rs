//! The hyperexponential law: mostly short, sometimes long.

use std::sync::Arc;

use super::range::{count, positive, shares};
use super::tabulated::{End, Solved, Tabulated};
use super::{LawError, Lifetime, Parameter, remaining};
use crate::units::Hours;
use ninefold_sim_core::special::root;

/// Most branches.
pub const HYPEREXPONENTIAL_BRANCHES_MAX: usize = 64;

/// Hyperexponential: with probability `share` an exponential duration of that branch's mean.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `share` | 1 | > 0 each; they sum to 1 |
/// | `mean` | h | finite, > 0 each |
///
/// Survival: `S(t) = Σ share · exp(-t/mean)`; its inverse is tabulated.
/// Source: Cox & Miller, *The Theory of Stochastic Processes* (1965), section 6.
#[derive(Clone, Debug, PartialEq)]
pub struct Hyperexponential {
    /// Share and mean in hours.
    branches: Arc<[(f64, f64)]>,
    pub(super) table: Tabulated,
}

impl Hyperexponential {
    pub(super) fn new(branches: &[(f64, Hours)]) -> Result<Self, LawError> {
        count("hyperexponential.branches", branches.len(), HYPEREXPONENTIAL_BRANCHES_MAX)?;
        let shares = shares("hyperexponential.share", branches.iter().map(|(share, _)| *share))?;
        let means = branches.iter().map(|(_, mean)| positive("hyperexponential.mean", *mean));
        let means = means.collect::<Result<Vec<_>, _>>()?;
        Ok(Self { branches: shares.into_iter().zip(means).collect(), table: Tabulated::default() })
    }

    fn sum(&self, term: impl Fn(f64) -> f64) -> f64 {
        self.branches.iter().map(|(share, mean)| share * term(*mean)).sum()
    }
}

impl Lifetime for Hyperexponential {
    fn name(&self) -> &'static str {
        "hyperexponential"
    }
    fn parameters(&self) -> Vec<Parameter> {
        self.branches.iter().flat_map(|(share, mean)| [("share", *share, "1"), ("mean", *mean, "h")]).collect()
    }
    fn mean_hours(&self) -> f64 {
        self.sum(|mean| mean)
    }
    fn variance_h2(&self) -> f64 {
        let overall = self.mean_hours();
        self.sum(|mean| mean * mean + (mean - overall) * (mean - overall))
    }
    fn survival(&self, age_hours: f64) -> f64 {
        self.sum(|mean| libm::exp(-age_hours / mean))
    }
    fn cdf(&self, age_hours: f64) -> f64 {
        self.sum(|mean| -libm::expm1(-age_hours / mean))
    }
    #[inline(always)]
    fn quantile_hours(&self, p: f64) -> f64 {
        self.tabulated_hours(p)
    }
    #[inline(always)]
    fn quantiles_hours(&self, p_to_hours: &mut [f64]) {
        self.tabulate_hours(p_to_hours);
    }
    fn exact_quantile_hours(&self, p: f64) -> f64 {
        self.solved_hours(p)
    }
    fn integrated_tail_hours(&self, age_hours: f64) -> f64 {
        self.sum(|mean| -mean * libm::expm1(-age_hours / mean))
    }
    fn accrued_hazard(&self, age_hours: f64) -> f64 {
        let below = self.cdf(age_hours);
        if below < 0.5 {
            return -libm::log1p(-below);
        }
        let parts = || self.branches.iter().map(|(share, mean)| libm::log(*share) - age_hours / mean);
        -remaining::ln_sum(parts().fold(f64::NEG_INFINITY, f64::max), parts())
    }
}

impl Solved for Hyperexponential {
    fn solve(&self, end: End, m: f64) -> f64 {
        let density = |age_hours: f64| self.sum(|mean| libm::exp(-age_hours / mean) / mean);
        match end {
            End::Lower => root::positive(-self.mean_hours() * libm::log1p(-m), |age_hours| {
                let below = self.cdf(age_hours);
                (libm::log(below / m), age_hours * density(age_hours) / below)
            }),
            End::Upper => root::positive(-self.mean_hours() * libm::log(m), |age_hours| {
                let above = self.survival(age_hours);
                (libm::log(m / above), age_hours * density(age_hours) / above)
            }),
        }
    }
    #[inline(always)]
    fn hours(&self, root: f64, _: End) -> f64 {
        root
    }
    fn table(&self) -> &Tabulated {
        &self.table
    }
}
