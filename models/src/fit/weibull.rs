//! Weibull by maximum likelihood: the profile equation of the shape, then the scale in closed form.
//!
//! The profile equation is monotone in the shape, so a bracket always closes on its one root; Newton speeds it up.
//!
//! # Source
//! Lawless, *Statistical Models and Methods for Lifetime Data*, 2nd ed. (2003), 5.2.

use super::covariance::Covariance;
use super::digamma::digamma;
use super::{Estimate, Family, FitError, Model, Parameter, Sample};

const STEPS_MAX: usize = 300;

pub(super) fn fit(sample: &Sample) -> Result<Estimate, FitError> {
    sample.require_spread()?;
    let profile = Profile::new(sample);
    let shape = profile.root(1.2 / sample.sd_log_complete())?;
    let events = sample.events();
    let powers = profile.powers(shape);
    let ln_scale = profile.ln_largest + libm::log(powers.sum / events) / shape;
    let scale = libm::exp(ln_scale);
    let log_likelihood =
        events * (libm::log(shape) - shape * ln_scale) + (shape - 1.0) * sample.sum_log_complete() - events;
    // With z = ln(x / scale) and w = (x / scale)^shape, over all values; Σ w = events at the maximum.
    let shift = profile.ln_largest - ln_scale;
    let weight = events / powers.sum;
    let wz = weight * (powers.log + shift * powers.sum);
    let wzz = weight * (powers.log_log + 2.0 * shift * powers.log + shift * shift * powers.sum);
    let curvature = [-events / (shape * shape) - wzz, shape * wz, -shape * shape * events];
    let covariance = Covariance::at_maximum(curvature)?;
    let whole = libm::tgamma(1.0 + 1.0 / shape);
    let mean = scale * whole;
    let mean_by_shape = -mean * digamma(1.0 + 1.0 / shape) / (shape * shape);
    if !(scale.is_finite() && scale > 0.0 && log_likelihood.is_finite()) {
        return Err(FitError::NoMaximum);
    }
    let also = if mean.is_finite() {
        vec![Parameter::time("mean", mean, covariance.standard_error([mean_by_shape, mean]))]
    } else {
        Vec::new()
    };
    Ok(Estimate {
        model: Model::Weibull { shape, scale },
        log_likelihood,
        parameters: vec![
            Parameter::number("shape", shape, covariance.standard_error([1.0, 0.0])),
            Parameter::time("scale", scale, covariance.standard_error([0.0, scale])),
        ],
        also,
        family: Family::Weibull,
    })
}

/// P(X ≤ x) and P(X > x).
pub(super) fn both_sides(shape: f64, scale: f64, x: f64) -> (f64, f64) {
    let hazard = libm::exp(shape * libm::log(x / scale));
    (-libm::expm1(-hazard), libm::exp(-hazard))
}

/// Logarithms of all values relative to the largest, so that no power overflows.
struct Profile {
    ln_largest: f64,
    logs: Vec<f64>,
    mean_log_complete: f64,
}

/// Σ xᵏ, Σ xᵏ ln x and Σ xᵏ ln² x.
struct Powers {
    sum: f64,
    log: f64,
    log_log: f64,
}

impl Profile {
    fn new(sample: &Sample) -> Self {
        let ln_largest = libm::log(sample.all().fold(0.0, libm::fmax));
        Self {
            ln_largest,
            logs: sample.all().map(|x| libm::log(x) - ln_largest).collect(),
            mean_log_complete: sample.mean_log_complete() - ln_largest,
        }
    }

    fn powers(&self, shape: f64) -> Powers {
        let zero = Powers { sum: 0.0, log: 0.0, log_log: 0.0 };
        self.logs.iter().fold(zero, |p, y| {
            let power = libm::exp(shape * y);
            Powers { sum: p.sum + power, log: p.log + power * y, log_log: p.log_log + power * y * y }
        })
    }

    /// The increasing function whose root is the shape, and its slope.
    fn equation(&self, shape: f64) -> (f64, f64) {
        let p = self.powers(shape);
        let mean = p.log / p.sum;
        let value = mean - 1.0 / shape - self.mean_log_complete;
        (value, p.log_log / p.sum - mean * mean + 1.0 / (shape * shape))
    }

    fn root(&self, guess: f64) -> Result<f64, FitError> {
        let (mut low, mut high) = (guess, guess);
        while self.equation(low).0 > 0.0 {
            low *= 0.5;
        }
        while self.equation(high).0 < 0.0 {
            high *= 2.0;
            if !high.is_finite() {
                return Err(FitError::NoMaximum);
            }
        }
        let mut shape = 0.5 * (low + high);
        for _ in 0..STEPS_MAX {
            let (value, slope) = self.equation(shape);
            if value > 0.0 {
                high = shape
            } else {
                low = shape
            }
            let newton = shape - value / slope;
            let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
            if (next - shape).abs() <= 1e-14 * shape {
                return Ok(next);
            }
            shape = next;
        }
        Err(FitError::NoMaximum)
    }
}
