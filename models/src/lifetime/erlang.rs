//! Erlang's law: a fixed number of equal exponential stages, one after the other.

use super::range::{positive, within};
use super::{Gamma, LawError, Lifetime, Parameter};
use crate::units::Hours;

/// Most stages.
pub const ERLANG_STAGES_MAX: u32 = 1_000_000;

/// Erlang: the sum of `stages` independent exponential stages of mean `mean/stages` each.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `stages` | 1 | 1 to 1 000 000; 1 is exponential |
/// | `mean` | h | finite, > 0; of the sum |
///
/// Survival: `S(t) = e^-x · Σ_{i<stages} xⁱ/i!` with `x = stages·t/mean`, computed as the gamma law.
/// Source: Cox & Miller, *The Theory of Stochastic Processes* (1965), section 6.
#[derive(Clone, Debug, PartialEq)]
pub struct Erlang {
    stages: u32,
    pub(super) sum: Gamma,
}

impl Erlang {
    pub(super) fn new(stages: u32, mean: Hours) -> Result<Self, LawError> {
        let shape = within("erlang.stages", f64::from(stages), 1.0, f64::from(ERLANG_STAGES_MAX))?;
        Ok(Self { stages, sum: Gamma::unchecked(shape, positive("erlang.mean", mean)?) })
    }
}

impl Lifetime for Erlang {
    fn name(&self) -> &'static str {
        "erlang"
    }
    fn parameters(&self) -> Vec<Parameter> {
        vec![("stages", f64::from(self.stages), "1"), ("mean", self.mean_hours(), "h")]
    }
    fn mean_hours(&self) -> f64 {
        self.sum.mean_hours()
    }
    fn variance_h2(&self) -> f64 {
        self.sum.variance_h2()
    }
    fn survival(&self, age_hours: f64) -> f64 {
        self.sum.survival(age_hours)
    }
    fn cdf(&self, age_hours: f64) -> f64 {
        self.sum.cdf(age_hours)
    }
    #[inline(always)]
    fn quantile_hours(&self, p: f64) -> f64 {
        self.sum.quantile_hours(p)
    }
    #[inline(always)]
    fn quantiles_hours(&self, p_to_hours: &mut [f64]) {
        self.sum.quantiles_hours(p_to_hours);
    }
    fn exact_quantile_hours(&self, p: f64) -> f64 {
        self.sum.exact_quantile_hours(p)
    }
    fn integrated_tail_hours(&self, age_hours: f64) -> f64 {
        self.sum.integrated_tail_hours(age_hours)
    }
    fn accrued_hazard(&self, age_hours: f64) -> f64 {
        self.sum.accrued_hazard(age_hours)
    }
}
