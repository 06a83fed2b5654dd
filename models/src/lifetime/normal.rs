//! The normal law, truncated at zero.

use super::range::positive;
use super::{LawError, Lifetime, Parameter};
use crate::units::Hours;
use ninefold_sim_core::special::normal;

/// Normal, conditioned on being positive.
///
/// | parameter | unit | range |
/// |---|---|---|
/// | `mean` | h | finite, > 0; before truncation |
/// | `sd` | h | finite, > 0; before truncation |
///
/// With `α = mean/sd` and `λ = φ(α)/Φ(α)`: `S(t) = Φ((mean-t)/sd)/Φ(α)`, mean `mean + sd·λ`, variance
/// `sd²(1 - αλ - λ²)`. Source: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 1 (1994), 13.10.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normal {
    mean_hours: f64,
    sd_hours: f64,
    /// `Φ(mean/sd)`: the share of the plain normal law that is kept, at least 1/2.
    kept: f64,
    /// `Φ(-mean/sd)`: the share cut off, as a tail.
    cut: f64,
    /// Below this probability an age is so close to zero that mean and score cancel.
    cancels_below: f64,
}

/// Draws whose scores are found together.
const BLOCK: usize = 64;

impl Normal {
    pub(super) fn new(mean: Hours, sd: Hours) -> Result<Self, LawError> {
        let mean_hours = positive("normal.mean", mean)?;
        let sd_hours = positive("normal.sd", sd)?;
        let alpha = mean_hours / sd_hours;
        // The sum of score and mean is wrong by about α²/8 units of the share cut off; a sixteenth loses four bits.
        let cut = normal::survival(alpha);
        let cancels_below = cut * (1.0 + alpha * alpha) / 16.0;
        Ok(Self { mean_hours, sd_hours, kept: normal::cdf(alpha), cut, cancels_below })
    }

    fn alpha(&self) -> f64 {
        self.mean_hours / self.sd_hours
    }

    /// The probability of the plain normal law below the `p`-quantile, from a half on that above it.
    #[inline(always)]
    fn tail(&self, p: f64) -> f64 {
        if p < 0.5 { self.cut + p * self.kept } else { (1.0 - p) * self.kept }
    }

    /// The age from the plain normal quantile of that tail.
    #[inline(always)]
    fn age(&self, score: f64, p: f64) -> f64 {
        let score = if p < 0.5 { score } else { -score };
        let age_hours = self.mean_hours + self.sd_hours * score;
        if age_hours < 0.0 { 0.0 } else { age_hours }
    }

    /// As [`age`](Self::age), with all digits close to zero: two Newton steps on the interval's own probability.
    fn solved_hours(&self, p: f64) -> f64 {
        let mut age_hours = self.age(normal::quantile_inside(self.tail(p)), p);
        for _ in 0..2 {
            let density = normal::pdf((age_hours - self.mean_hours) / self.sd_hours) / (self.kept * self.sd_hours);
            age_hours = (age_hours - (self.cdf(age_hours) - p) / density).max(0.0);
        }
        age_hours
    }

    /// `φ(α)/Φ(α)`.
    fn lambda(&self) -> f64 {
        normal::pdf(self.alpha()) / self.kept
    }
}

impl Lifetime for Normal {
    fn name(&self) -> &'static str {
        "normal"
    }
    fn parameters(&self) -> Vec<Parameter> {
        vec![("mean", self.mean_hours, "h"), ("sd", self.sd_hours, "h")]
    }
    fn mean_hours(&self) -> f64 {
        self.mean_hours + self.sd_hours * self.lambda()
    }
    fn variance_h2(&self) -> f64 {
        let lambda = self.lambda();
        self.sd_hours * self.sd_hours * (1.0 - self.alpha() * lambda - lambda * lambda)
    }
    fn survival(&self, age_hours: f64) -> f64 {
        normal::survival((age_hours - self.mean_hours) / self.sd_hours) / self.kept
    }
    fn cdf(&self, age_hours: f64) -> f64 {
        let below = normal::interval(-self.alpha(), age_hours / self.sd_hours);
        (below / self.kept).min(1.0)
    }
    fn quantile_hours(&self, p: f64) -> f64 {
        if p < self.cancels_below {
            return self.solved_hours(p);
        }
        self.age(normal::quantile_inside(self.tail(p)), p)
    }
    #[inline(always)]
    fn quantiles_hours(&self, p_to_hours: &mut [f64]) {
        for block in p_to_hours.chunks_mut(BLOCK) {
            let mut scores = [0.5; BLOCK];
            let mut cancels = false;
            for (p, score) in block.iter().zip(&mut scores) {
                cancels |= *p < self.cancels_below;
                *score = self.tail(*p);
            }
            normal::each_quantile(&mut scores);
            if cancels {
                block.iter_mut().for_each(|p| *p = self.quantile_hours(*p));
            } else {
                for (p, score) in block.iter_mut().zip(&scores) {
                    *p = self.age(*score, *p);
                }
            }
        }
    }
    /// With `z = (t - mean)/sd`: `(mean · (Φ(z) - Φ(-α)) - sd · (φ(z) - φ(α)))/Φ(α) + t · S(t)`.
    fn integrated_tail_hours(&self, age_hours: f64) -> f64 {
        let density = normal::pdf((age_hours - self.mean_hours) / self.sd_hours) - normal::pdf(self.alpha());
        let below = self.mean_hours * self.cdf(age_hours) - self.sd_hours * density / self.kept;
        below + age_hours * self.survival(age_hours)
    }
    fn accrued_hazard(&self, age_hours: f64) -> f64 {
        let below = self.cdf(age_hours);
        if below < 0.5 {
            return -libm::log1p(-below);
        }
        libm::log(self.kept) - normal::ln_survival((age_hours - self.mean_hours) / self.sd_hours)
    }
}
