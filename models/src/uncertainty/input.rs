//! What is not known about a single number, as a law of what it may be.

use ninefold_sim_core::special::beta;
use ninefold_sim_core::stream::{Replication, Stream, StreamId};

/// Least parameter of a beta law: below it, quantiles are beyond double precision.
const PARAMETER_MIN: f64 = 0.01;

/// Most trials a beta law may stand for.
const TRIALS_MAX: f64 = 1e9;

/// Weight of PERT's mode against each end.
const PERT_WEIGHT: f64 = 4.0;

/// The law of an uncertain number; of its unit it knows nothing.
///
/// | law | parameters | range |
/// |---|---|---|
/// | beta | `mean`, `n` | a ratio: 0 < mean < 1, n from above 0 to 1e9, with mean · n and (1 − mean) · n ≥ 0.01 |
/// | PERT | `min`, `mode`, `max` | finite, 0 ≤ min ≤ mode ≤ max, min < max |
///
/// Beta(mean · n, (1 − mean) · n) is what `n` trials of which a share `mean` succeeded leave to be believed, from a flat
/// prior as `n` grows. PERT is a beta law of weight 4 stretched over `min..max`.
///
/// # Source
/// Gelman and others, *Bayesian Data Analysis*, 3rd ed. (2013), 2.4; Malcolm, Roseboom, Clark & Fazar, *Operations
/// Research* 7 (1959). Oracle: `moments_are_those_of_the_law`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InputLaw {
    a: f64,
    b: f64,
    min: f64,
    max: f64,
    mean: f64,
}

/// An uncertain number that no law describes.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("`{parameter}` is {value}; allowed is {allowed}")]
pub struct InputError {
    /// The parameter, as a scenario writes it.
    pub parameter: &'static str,
    /// The offending value.
    pub value: f64,
    /// The range, in words.
    pub allowed: &'static str,
}

fn refuse(parameter: &'static str, value: f64, allowed: &'static str) -> InputError {
    InputError { parameter, value, allowed }
}

impl InputLaw {
    /// A ratio known from `n` trials, or as well as from so many.
    ///
    /// # Errors
    /// [`InputError`] outside the table above.
    pub fn beta(mean: f64, n: f64) -> Result<Self, InputError> {
        if !(mean > 0.0 && mean < 1.0) {
            return Err(refuse("mean", mean, "above 0, below 1: a certain ratio is written as such"));
        }
        if !(n > 0.0 && n <= TRIALS_MAX) {
            return Err(refuse("n", n, "above 0, at most 1e9"));
        }
        let (a, b) = (mean * n, (1.0 - mean) * n);
        if !(a >= PARAMETER_MIN && b >= PARAMETER_MIN) {
            return Err(refuse("n", n, "so many that mean × n and (1 − mean) × n are at least 0.01"));
        }
        Ok(Self { a, b, min: 0.0, max: 1.0, mean })
    }

    /// What is believed of a ratio that was believed to follow this beta law, after `passed` trials in which it occurred and
    /// `failed` in which it did not: Beta(a + passed, b + failed), the conjugate update.
    ///
    /// # Errors
    /// [`InputError`] for counts that are negative, not finite, or too many in all.
    pub fn after(self, passed: f64, failed: f64) -> Result<Self, InputError> {
        let (a, b) = (self.a + passed, self.b + failed);
        for (parameter, count) in [("passed", passed), ("failed", failed)] {
            if !(count >= 0.0 && a + b <= TRIALS_MAX) {
                return Err(refuse(parameter, count, "0 or more, at most 1e9 trials in all"));
            }
        }
        Ok(Self { a, b, mean: a / (a + b), ..self })
    }

    /// An expert's least, likeliest and greatest value.
    ///
    /// # Errors
    /// [`InputError`] outside the table above.
    pub fn pert(min: f64, mode: f64, max: f64) -> Result<Self, InputError> {
        if !(min >= 0.0 && min.is_finite()) {
            return Err(refuse("min", min, "finite, at least 0"));
        }
        if !(max > min && max.is_finite()) {
            return Err(refuse("max", max, "finite, above `min`"));
        }
        if !(mode >= min && mode <= max) {
            return Err(refuse("mode", mode, "from `min` to `max`"));
        }
        let place = (mode - min) / (max - min);
        let (a, b) = (1.0 + PERT_WEIGHT * place, 1.0 + PERT_WEIGHT * (1.0 - place));
        let mean = (min + PERT_WEIGHT * mode + max) / (PERT_WEIGHT + 2.0);
        Ok(Self { a, b, min, max, mean })
    }

    /// The mean: what the number is taken for where it is not drawn.
    pub const fn mean(&self) -> f64 {
        self.mean
    }

    /// The value that a share `p` in (0, 1) of draws does not exceed.
    pub fn quantile(&self, p: f64) -> f64 {
        let (x, y) = beta::inverse(self.a, self.b, p);
        let width = self.max - self.min;
        let value = if x <= y { self.min + x * width } else { self.max - y * width };
        value.clamp(self.min, self.max)
    }

    /// The value in parameter draw `draw` under `seed` of the input `name`: a function of these alone.
    pub fn draw(&self, seed: u64, draw: u32, name: &str) -> f64 {
        let mut stream = Stream::new(StreamId::of(draw, "input", name));
        self.quantile(stream.open01(Replication::new(seed, 0)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::lifetime::Law;
    use crate::units::Hours;

    #[test]
    fn tests_add_to_what_was_believed() {
        let law = InputLaw::beta(0.9, 20.0).unwrap().after(38.0, 2.0).unwrap();
        // 0.1 · 20 is not 2 to the last bit.
        let (expected, found) = ([56.0, 4.0, 56.0 / 60.0], [law.a, law.b, law.mean()]);
        assert!(found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-12), "{law:?}");
        // In any order and in parts it comes to the same.
        let parts = InputLaw::beta(0.9, 20.0).unwrap().after(0.0, 2.0).unwrap().after(38.0, 0.0).unwrap();
        assert_eq!(law, parts);
        // A flat prior: the rule of succession.
        let flat = InputLaw::beta(0.5, 2.0).unwrap().after(1000.0, 0.0).unwrap();
        assert!((flat.mean() - 1001.0 / 1002.0).abs() < 1e-15);
        assert_eq!(InputLaw::beta(0.5, 2.0).unwrap().after(-1.0, 0.0).unwrap_err().parameter, "passed");
        assert!(InputLaw::beta(0.5, 2.0).unwrap().after(0.0, f64::NAN).is_err());
    }

    /// Mean and variance over the middles of many equal steps of probability.
    fn moments(law: &InputLaw) -> (f64, f64) {
        let steps = 20_000;
        let values: Vec<f64> = (0..steps).map(|i| law.quantile((f64::from(i) + 0.5) / f64::from(steps))).collect();
        let mean = values.iter().sum::<f64>() / f64::from(steps);
        (mean, values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / f64::from(steps))
    }

    #[test]
    fn moments_are_those_of_the_law() {
        // Beta: variance mean (1 − mean) ÷ (n + 1).
        let (mean, variance) = moments(&InputLaw::beta(0.97, 120.0).unwrap());
        assert!((mean - 0.97).abs() < 1e-6 && (variance / (0.97 * 0.03 / 121.0) - 1.0).abs() < 1e-3);
        let (mean, variance) = moments(&InputLaw::pert(20.0, 30.0, 60.0).unwrap());
        let law = Law::pert(Hours::new(20.0), Hours::new(30.0), Hours::new(60.0)).unwrap();
        assert!((mean / law.mean().get() - 1.0).abs() < 1e-6);
        assert!((variance / law.variance_h2() - 1.0).abs() < 1e-3);
        let third = InputLaw::pert(20.0, 30.0, 60.0).unwrap().quantile(0.3);
        assert!((third / law.quantile(0.3).get() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_draw_depends_on_seed_draw_and_name_alone() {
        let law = InputLaw::beta(0.5, 10.0).unwrap();
        let one = law.draw(7, 3, "components.db.x");
        assert_eq!(one, law.draw(7, 3, "components.db.x"));
        for other in [law.draw(8, 3, "components.db.x"), law.draw(7, 4, "components.db.x"), law.draw(7, 3, "y")] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn what_is_no_law_is_refused_by_parameter() {
        let parameter = |made: Result<InputLaw, InputError>| made.unwrap_err().parameter;
        for (mean, n, blamed) in
            [(0.0, 10.0, "mean"), (1.0, 10.0, "mean"), (f64::NAN, 1.0, "mean"), (0.5, 0.0, "n"), (0.5, f64::NAN, "n")]
        {
            assert_eq!(parameter(InputLaw::beta(mean, n)), blamed);
        }
        assert_eq!(parameter(InputLaw::beta(1e-6, 10.0)), "n");
        assert_eq!(parameter(InputLaw::beta(0.5, 2e9)), "n");
        for (min, mode, max, blamed) in [
            (-1.0, 1.0, 2.0, "min"),
            (1.0, 1.0, 1.0, "max"),
            (1.0, 0.5, 2.0, "mode"),
            (1.0, 3.0, 2.0, "mode"),
            (1.0, f64::NAN, 2.0, "mode"),
            (1.0, 2.0, f64::INFINITY, "max"),
        ] {
            assert_eq!(parameter(InputLaw::pert(min, mode, max)), blamed);
        }
    }
}
