//! Gamma by maximum likelihood, in ln shape and ln scale so that both stay positive.
//!
//! Complete values enter by their sum and the sum of their logarithms alone; a censored value at c adds
//! ln Γ(shape, c ÷ scale) − ln Γ(shape), differentiated by quadrature.
//!
//! # Source
//! Start: Minka, *Estimating a Gamma distribution* (2002), eq. 7; censoring: Lawless (2003), 5.1.

use ninefold_sim_core::special;

use super::covariance::Covariance;
use super::digamma::{digamma, trigamma};
use super::incomplete_gamma::Truncated;
use super::newton::{Surface, maximise};
use super::{Estimate, Family, FitError, Model, Parameter, Sample};

pub(super) fn fit(sample: &Sample) -> Result<Estimate, FitError> {
    sample.require_spread()?;
    let (shape, scale) = start(sample);
    let complete =
        Complete { events: sample.events(), sum: sample.complete().iter().sum(), logs: sample.sum_log_complete() };
    let surface = |[ln_shape, ln_scale]: [f64; 2]| at(&complete, sample.censored(), libm::exp(ln_shape), ln_scale);
    let (point, surface) = maximise([libm::log(shape), libm::log(scale)], surface)?;
    let covariance = Covariance::at_maximum(surface.hessian)?;
    let (shape, scale) = (libm::exp(point[0]), libm::exp(point[1]));
    let mean = shape * scale;
    if !(mean.is_finite() && shape > 0.0 && scale > 0.0) {
        return Err(FitError::NoMaximum);
    }
    Ok(Estimate {
        model: Model::Gamma { shape, mean },
        log_likelihood: surface.value,
        parameters: vec![
            Parameter::number("shape", shape, covariance.standard_error([shape, 0.0])),
            Parameter::time("mean", mean, covariance.standard_error([mean, mean])),
        ],
        also: vec![Parameter::time("scale", scale, covariance.standard_error([0.0, scale]))],
        family: Family::Gamma,
    })
}

/// P(X ≤ x) and P(X > x).
pub(super) fn both_sides(shape: f64, mean: f64, x: f64) -> (f64, f64) {
    let z = x * shape / mean;
    (special::gamma::lower(shape, z), special::gamma::upper(shape, z))
}

/// Sufficient statistics of the complete values.
struct Complete {
    events: f64,
    sum: f64,
    logs: f64,
}

/// The estimate of the complete values alone, to a few per cent; the scale makes room for the censored time.
fn start(sample: &Sample) -> (f64, f64) {
    let events = sample.events();
    let mean = sample.complete().iter().sum::<f64>() / events;
    let s = libm::fmax(libm::log(mean) - sample.mean_log_complete(), 1e-12);
    let shape = (3.0 - s + libm::sqrt((s - 3.0) * (s - 3.0) + 24.0 * s)) / (12.0 * s);
    (shape, sample.total() / events / shape)
}

fn at(complete: &Complete, censored: &[f64], a: f64, ln_scale: f64) -> Surface {
    let scale = libm::exp(ln_scale);
    let Complete { events, sum, logs } = complete;
    let (psi, psi1, ln_gamma) = (digamma(a), trigamma(a), libm::lgamma(a));
    let mut value = (a - 1.0) * logs - sum / scale - events * (a * ln_scale + ln_gamma);
    // Derivatives in the shape a itself and in ln scale.
    let mut by_a = logs - events * (ln_scale + psi);
    let mut by_scale = sum / scale - events * a;
    let (mut aa, mut a_scale, mut scale_scale) = (-events * psi1, -events, -sum / scale);
    for c in censored {
        let z = c / scale;
        let t = Truncated::new(a, z);
        value += t.ln_upper - ln_gamma;
        by_a += t.mean_log - psi;
        by_scale += t.z_hazard;
        aa += t.variance_log - psi1;
        a_scale += t.z_hazard * (libm::log(z) - t.mean_log);
        scale_scale -= t.z_hazard * (a - z + t.z_hazard);
    }
    // From a to ln a.
    Surface { value, gradient: [a * by_a, by_scale], hessian: [a * a * aa + a * by_a, a * a_scale, scale_scale] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_are_those_of_the_value() {
        let complete = Complete { events: 4.0, sum: 9.0, logs: 2.5 };
        let censored = [0.3, 2.0, 7.0];
        let surface = |p: [f64; 2]| at(&complete, &censored, libm::exp(p[0]), p[1]);
        for p in [[0.0, 0.0], [-1.5, 1.0], [1.2, -0.7]] {
            let h = 1e-5;
            let here = surface(p);
            for i in 0..2 {
                let mut up = p;
                let mut down = p;
                up[i] += h;
                down[i] -= h;
                let (up, down) = (surface(up), surface(down));
                let slope = (up.value - down.value) / (2.0 * h);
                assert!((slope - here.gradient[i]).abs() < 1e-5 * (1.0 + slope.abs()), "{p:?} {i}");
                for j in 0..2 {
                    let curve = (up.gradient[j] - down.gradient[j]) / (2.0 * h);
                    assert!((curve - here.hessian[i + j]).abs() < 1e-5 * (1.0 + curve.abs()), "{p:?} {i} {j}");
                }
            }
        }
    }
}
