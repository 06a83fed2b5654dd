//! Distribution functions that owe nothing to the laws: from the parameters asked for, by statrs or written out.

use libm::{exp, expm1, lgamma, log, pow};
use statrs::distribution::{Beta, ContinuousCDF, Gamma};
use statrs::function::erf::erfc;

/// The two tails at a duration: P(≤ t) and P(> t), each with its own digits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tails {
    /// P(duration ≤ t).
    pub below: f64,
    /// P(duration > t).
    pub above: f64,
}

/// A distribution function of hours.
pub type Distribution = Box<dyn Fn(f64) -> Tails>;

/// From the negative logarithm of the survival.
fn of_hazard(accrued: f64) -> Tails {
    Tails { below: -expm1(-accrued), above: exp(-accrued) }
}

fn of_score(z: f64) -> Tails {
    let z = z / 2.0_f64.sqrt();
    Tails { below: 0.5 * erfc(-z), above: 0.5 * erfc(z) }
}

/// The sum of `shares` of `parts`.
fn mixed(parts: impl Iterator<Item = (f64, Tails)>) -> Tails {
    parts.fold(Tails { below: 0.0, above: 0.0 }, |sum, (share, tails)| Tails {
        below: sum.below + share * tails.below,
        above: sum.above + share * tails.above,
    })
}

/// Exponential by its mean.
pub fn exponential(mean: f64) -> Distribution {
    Box::new(move |t| of_hazard(t / mean))
}

/// Weibull by shape and scale.
pub fn weibull_scale(shape: f64, scale: f64) -> Distribution {
    Box::new(move |t| of_hazard(pow(t / scale, shape)))
}

/// Weibull by shape and mean.
pub fn weibull_mean(shape: f64, mean: f64) -> Distribution {
    weibull_scale(shape, mean / exp(lgamma(1.0 + 1.0 / shape)))
}

/// Lognormal by median and standard deviation of the logarithm.
pub fn lognormal_median_sigma(median: f64, sigma: f64) -> Distribution {
    Box::new(move |t| of_score(log(t / median) / sigma))
}

/// Lognormal by mean and standard deviation of the logarithm.
pub fn lognormal_mean_sigma(mean: f64, sigma: f64) -> Distribution {
    Box::new(move |t| of_score(log(t / mean) / sigma + 0.5 * sigma))
}

/// Lognormal by median and 95 % quantile.
pub fn lognormal_median_p95(median: f64, p95: f64) -> Distribution {
    // Φ⁻¹(0.95): Abramowitz & Stegun (1964), table 26.5, and further digits by mpmath.
    lognormal_median_sigma(median, log(p95 / median) / 1.644_853_626_951_472_7)
}

/// Gamma by shape and mean.
pub fn gamma(shape: f64, mean: f64) -> Distribution {
    let law = Gamma::new(shape, shape / mean).expect("bug: the grid holds no such gamma law");
    Box::new(move |t| Tails { below: law.cdf(t), above: law.sf(t) })
}

/// PERT by least, likeliest and largest value.
pub fn pert(min: f64, mode: f64, max: f64) -> Distribution {
    let width = max - min;
    let (a, b) = (1.0 + 4.0 * (mode - min) / width, 1.0 + 4.0 * (max - mode) / width);
    let rising = Beta::new(a, b).expect("bug: the grid holds no such PERT law");
    let falling = Beta::new(b, a).expect("bug: the grid holds no such PERT law");
    Box::new(move |t| Tails { below: rising.cdf((t - min) / width), above: falling.cdf((max - t) / width) })
}

/// Triangular by least, likeliest and largest value.
pub fn triangular(min: f64, mode: f64, max: f64) -> Distribution {
    Box::new(move |t| {
        if t < mode {
            let below = (t - min) * (t - min) / ((mode - min) * (max - min));
            Tails { below, above: 1.0 - below }
        } else {
            let above = (max - t) * (max - t) / ((max - mode).max(f64::MIN_POSITIVE) * (max - min));
            Tails { below: 1.0 - above, above }
        }
    })
}

/// Uniform between two ends.
pub fn uniform(min: f64, max: f64) -> Distribution {
    Box::new(move |t| Tails { below: (t - min) / (max - min), above: (max - t) / (max - min) })
}

/// Normal by mean and standard deviation before it is truncated at zero.
pub fn normal(mean: f64, sd: f64) -> Distribution {
    let kept = of_score(mean / sd);
    Box::new(move |t| {
        let plain = of_score((t - mean) / sd);
        Tails { below: (plain.below - kept.above) / kept.below, above: plain.above / kept.below }
    })
}

/// Branches of (share, mean).
pub fn hyperexponential(branches: &[f64]) -> Distribution {
    let branches: Vec<[f64; 2]> = branches.as_chunks().0.to_vec();
    Box::new(move |t| mixed(branches.iter().map(|&[share, mean]| (share, of_hazard(t / mean)))))
}

/// Pieces of (from, hazard).
pub fn piecewise_hazard(pieces: &[f64]) -> Distribution {
    let pieces: Vec<[f64; 2]> = pieces.as_chunks().0.to_vec();
    Box::new(move |t| {
        let ends = pieces.iter().skip(1).map(|piece| piece[0]).chain([f64::INFINITY]);
        let lived = pieces.iter().zip(ends).filter(|(piece, _)| piece[0] < t);
        of_hazard(lived.map(|(&[from, hazard], end)| hazard * (t.min(end) - from)).sum())
    })
}

/// Pareto by shape and least value.
pub fn pareto(shape: f64, min: f64) -> Distribution {
    Box::new(move |t| of_hazard(shape * log(t / min)))
}

/// A share of a Weibull law, the rest lognormal.
pub fn weibull_or_lognormal(share: f64, weibull: Distribution, lognormal: Distribution) -> Distribution {
    Box::new(move |t| mixed([(share, weibull(t)), (1.0 - share, lognormal(t))].into_iter()))
}

/// Whole steps: in step `k` with chance `step/mean` if not before. To be asked between steps, where no rounding matters.
pub fn geometric(mean: f64, step: f64) -> Distribution {
    Box::new(move |t| {
        let steps = (t / step).floor();
        if steps < 1.0 { of_hazard(0.0) } else { of_hazard(-steps * libm::log1p(-step / mean)) }
    })
}

/// Recorded values, each as likely.
pub fn empirical(values: &[f64]) -> Distribution {
    let values = values.to_vec();
    Box::new(move |t| {
        let below = values.iter().filter(|value| **value <= t).count() as f64 / values.len() as f64;
        Tails { below, above: 1.0 - below }
    })
}

/// Always the same duration.
pub fn constant(duration: f64) -> Distribution {
    empirical(&[duration])
}

/// 0.6 exponential; the rest by halves Weibull and always `atom`.
pub fn nested_with_atom(mean: f64, weibull: Distribution, atom: f64) -> Distribution {
    let fixed = constant(atom);
    Box::new(move |t| mixed([(0.6, of_hazard(t / mean)), (0.2, weibull(t)), (0.2, fixed(t))].into_iter()))
}
