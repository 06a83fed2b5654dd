//! Chance apart from inputs: the one-way analysis of variance of an estimate over parameter draws.

use ninefold_sim_core::special::student;

/// What parameter draws say of one estimate.
///
/// Draw d has the estimate y_d from its own m replications, with a standard error e_d by chance. The variance V of the
/// y_d holds both; N = mean of e_d² is what chance alone makes of it. So inputs bring B = max(0, V − N), and chance brings
/// N ÷ D to the mean over all draws.
///
/// # Source
/// Searle, Casella & McCulloch, *Variance Components* (1992), 3.3; for simulation, Zouaoui & Wilson, *IIE Transactions* 35
/// (2003), and Sun, Apley & Staum, *Operations Research* 59 (2011).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nested {
    draws: f64,
    replications: f64,
    /// V: variance of the draws' estimates.
    observed: f64,
    /// N: what chance makes of it.
    noise: f64,
}

impl Nested {
    /// From each draw's estimate and its standard error by chance over `replications`; a standard error that cannot be
    /// had counts as 0, which widens. `None` below two draws or where an estimate is not finite.
    pub fn of(values: &[f64], errors: &[f64], replications: u64) -> Option<Self> {
        let draws = values.len() as f64;
        if values.len() < 2 || !values.iter().all(|value| value.is_finite()) {
            return None;
        }
        let mean = values.iter().sum::<f64>() / draws;
        let observed = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (draws - 1.0);
        let square = |error: &f64| if error.is_finite() { error * error } else { 0.0 };
        let noise = errors.iter().map(square).sum::<f64>() / draws;
        Some(Self { draws, replications: replications as f64, observed, noise })
    }

    /// B: the variance that the inputs bring.
    pub fn between(&self) -> f64 {
        (self.observed - self.noise).max(0.0)
    }

    /// The variance that chance brings to the mean over all draws.
    pub fn chance(&self) -> f64 {
        self.noise / self.draws
    }

    /// The variance of what the estimate may be, by inputs and chance.
    pub fn total(&self) -> f64 {
        self.between() + self.chance()
    }

    /// Standard error by chance alone ÷ that of all observations taken as one sample, which also holds the inputs.
    pub fn share_of_error(&self) -> f64 {
        let within = self.noise * self.replications;
        let all = within + self.between();
        if all > 0.0 { (within / all).sqrt() } else { 1.0 }
    }

    /// The interval that holds what one further draw of the inputs would give, with chance removed, at `confidence`: by
    /// inputs and chance. `value` is the mean over all draws, ≥ 0; `ratio` says that it cannot pass 1.
    ///
    /// The variance is (1 + 1/D) V − N with Satterthwaite's degrees of freedom, or (1 + 1/D) V with D − 1 where that is
    /// narrower: it holds whatever N is. The ends lie on the scale of the logarithm (of a ratio above ½, of its
    /// complement), with the lognormal law of that mean and variance.
    ///
    /// # Source
    /// Satterthwaite, *Biometrics* 2 (1946); Gaylor & Hopper, *Technometrics* 11 (1969), for when it may be used.
    pub fn interval(&self, value: f64, confidence: f64, ratio: bool) -> (f64, f64) {
        if ratio && value > 0.5 {
            let (lo, hi) = self.log_interval((1.0 - value).max(0.0), confidence);
            return ((1.0 - hi).max(0.0), 1.0 - lo);
        }
        let (lo, hi) = self.log_interval(value, confidence);
        (lo, if ratio { hi.min(1.0) } else { hi })
    }

    fn log_interval(&self, value: f64, confidence: f64) -> (f64, f64) {
        if !(value > 0.0) {
            return (value, value);
        }
        let (variance, quantile) = self.variance_and_quantile((1.0 - confidence) / 2.0);
        let spread = libm::log1p(variance / (value * value)).sqrt();
        let centre = libm::log(value) - spread * spread / 2.0;
        (libm::exp(centre - quantile * spread), libm::exp(centre + quantile * spread))
    }

    /// The variance of a further draw and the quantile of Student's law that goes with it.
    fn variance_and_quantile(&self, tail: f64) -> (f64, f64) {
        let (plain, degrees) = ((1.0 + 1.0 / self.draws) * self.observed, self.draws - 1.0);
        let whole = (plain, student::quantile_upper(degrees, tail));
        let left = plain - self.noise;
        // Chance explains all of the spread: only its own part is left.
        if left <= self.chance() {
            return (self.chance(), whole.1);
        }
        let within = (self.draws * (self.replications - 1.0)).max(1.0);
        let satterthwaite = left * left / (plain * plain / degrees + self.noise * self.noise / within);
        let apart = (left, student::quantile_upper(satterthwaite.max(1.0), tail));
        if apart.1 * apart.0.sqrt() <= whole.1 * whole.0.sqrt() { apart } else { whole }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_a_one_way_analysis() {
        // Four draws of 9 replications: V = 20/3, N = 1; B and the rest by hand.
        let nested = Nested::of(&[2.0, 4.0, 6.0, 8.0], &[1.0; 4], 9).unwrap();
        assert!((nested.between() - (20.0 / 3.0 - 1.0)).abs() < 1e-12);
        assert_eq!(nested.chance(), 0.25);
        assert!((nested.total() - (20.0 / 3.0 - 0.75)).abs() < 1e-12);
        assert!((nested.share_of_error() - (9.0f64 / (9.0 + 17.0 / 3.0)).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn small_spread_is_students_prediction_interval() {
        // Without noise and far from 0: value ± t(3) √(1.25 V).
        let nested = Nested::of(&[1000.0, 1001.0, 1002.0, 1003.0], &[0.0; 4], 100).unwrap();
        let (lo, hi) = nested.interval(1001.5, 0.95, false);
        let half = 3.182_446_305 * (1.25f64 * 5.0 / 3.0).sqrt();
        assert!((hi - 1001.5 - half).abs() < 0.02 && (1001.5 - lo - half).abs() < 0.02, "{lo} {hi} {half}");
    }

    #[test]
    fn ends_stay_inside_what_a_ratio_can_be() {
        let nested = Nested::of(&[0.9, 0.99, 0.7, 0.999], &[0.01; 4], 64).unwrap();
        let (lo, hi) = nested.interval(0.9, 0.95, true);
        assert!((0.0..0.7).contains(&lo) && hi > 0.99 && hi < 1.0, "{lo} {hi}");
        let (lo, hi) = nested.interval(0.1, 0.95, true);
        assert!(lo > 0.0 && lo < 0.03 && hi <= 1.0, "{lo} {hi}");
    }

    #[test]
    fn noise_that_explains_the_spread_leaves_chance() {
        let nested = Nested::of(&[1.0, 1.1, 0.9, 1.0], &[0.5; 4], 64).unwrap();
        assert_eq!((nested.between(), nested.total()), (0.0, nested.chance()));
        assert_eq!(nested.share_of_error(), 1.0);
    }

    #[test]
    fn what_is_not_finite_or_alone_says_nothing() {
        assert_eq!(Nested::of(&[1.0], &[0.1], 64), None);
        assert_eq!(Nested::of(&[1.0, f64::INFINITY], &[0.1, 0.1], 64), None);
        let unseen = Nested::of(&[0.0, 0.2], &[f64::NAN, 0.1], 64).unwrap();
        assert!((unseen.chance() - 0.005 / 2.0).abs() < 1e-15);
    }
}
