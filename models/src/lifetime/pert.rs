//! The PERT law: an expert's least, likeliest and largest value.

use super::range::{above, at_least, not_negative};
use super::tabulated::{End, Solved, Tabulated};
use super::{LawError, Lifetime, Parameter, refuse};
use crate::units::Hours;
use ninefold_sim_core::special::beta;

/// Weight of the mode against each end.
const WEIGHT: f64 = 4.0;

/// Beta-PERT with weight 4: a beta law stretched over `min..max`, with mean `(min + 4 mode + max)/6`.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `min` | h | finite, ≥ 0 |
/// | `mode` | h | `min` to `max` |
/// | `max` | h | > `min` |
///
/// Distribution: `F(t) = I_x(α, β)` with `x = (t-min)/(max-min)`, `α = 1 + 4 (mode-min)/(max-min)`, `β = 6 - α`.
/// Source: Malcolm, Roseboom, Clark & Fazar, *Operations Research* 7 (1959); Vose, *Risk Analysis* (2008).
#[derive(Clone, Debug, PartialEq)]
pub struct Pert {
    min_hours: f64,
    mode_hours: f64,
    max_hours: f64,
    alpha: f64,
    beta: f64,
    pub(super) table: Tabulated,
}

impl Pert {
    pub(super) fn new(min: Hours, mode: Hours, max: Hours) -> Result<Self, LawError> {
        let min_hours = not_negative("pert.min", min)?;
        let mode_hours = at_least("pert.mode", mode, min_hours, "the minimum")?;
        let max_hours = above("pert.max", max, min_hours, "the minimum")?;
        if mode_hours > max_hours {
            return Err(refuse("pert.mode", mode_hours, format!("at most the maximum, {max_hours} h")));
        }
        let alpha = 1.0 + WEIGHT * ((mode_hours - min_hours) / (max_hours - min_hours));
        let beta = 1.0 + WEIGHT * ((max_hours - mode_hours) / (max_hours - min_hours));
        Ok(Self { min_hours, mode_hours, max_hours, alpha, beta, table: Tabulated::default() })
    }

    #[inline(always)]
    fn width(&self) -> f64 {
        self.max_hours - self.min_hours
    }

    /// `F` and `S` at `age_hours`.
    fn both(&self, age_hours: f64) -> (f64, f64) {
        let x = (age_hours - self.min_hours) / self.width();
        let y = (self.max_hours - age_hours) / self.width();
        beta::split(self.alpha, self.beta, x, y)
    }
}

impl Lifetime for Pert {
    fn name(&self) -> &'static str {
        "pert"
    }
    fn parameters(&self) -> Vec<Parameter> {
        vec![("min", self.min_hours, "h"), ("mode", self.mode_hours, "h"), ("max", self.max_hours, "h")]
    }
    fn mean_hours(&self) -> f64 {
        (self.min_hours + WEIGHT * self.mode_hours + self.max_hours) / (WEIGHT + 2.0)
    }
    fn variance_h2(&self) -> f64 {
        let n = self.alpha + self.beta;
        self.width() * self.width() * self.alpha * self.beta / (n * n * (n + 1.0))
    }
    fn survival(&self, age_hours: f64) -> f64 {
        self.both(age_hours).1
    }
    fn cdf(&self, age_hours: f64) -> f64 {
        self.both(age_hours).0
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
    /// `min` + the same of the beta law: `E[X; X ≤ x] + x · P(X > x)`, and `E[X; X ≤ x] = E[X] · I_x(α + 1, β)`.
    fn integrated_tail_hours(&self, age_hours: f64) -> f64 {
        if age_hours <= self.min_hours {
            return age_hours;
        }
        let x = ((age_hours - self.min_hours) / self.width()).min(1.0);
        let below = self.alpha / (self.alpha + self.beta) * beta::split(self.alpha + 1.0, self.beta, x, 1.0 - x).0;
        self.min_hours + self.width() * (below + x * self.survival(age_hours))
    }
    fn has_hazard(&self) -> bool {
        false
    }
}

/// The root is the distance from the end as a share of the width.
impl Solved for Pert {
    fn solve(&self, end: End, m: f64) -> f64 {
        match end {
            End::Lower => beta::inverse(self.alpha, self.beta, m).0,
            // Mirrored, so that the tail keeps its digits.
            End::Upper => beta::inverse(self.beta, self.alpha, m).0,
        }
    }
    #[inline(always)]
    fn hours(&self, root: f64, end: End) -> f64 {
        let distance = root * self.width();
        if end == End::Lower { self.min_hours + distance } else { self.max_hours - distance }
    }
    fn table(&self) -> &Tabulated {
        &self.table
    }
}
