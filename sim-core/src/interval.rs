//! Confidence intervals: means, ratios, shares and counts.

use crate::moments::Moments;
use crate::sample::Sample;
use crate::special::{beta, gamma, student};

/// Events below which a ratio per event takes the exact interval of a Poisson count.
pub const EXACT_COUNT_BELOW: u64 = 30;

/// An estimate with its error, in the unit of its caller's scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Its standard error; NaN below two replications.
    pub standard_error: f64,
    /// Lower end of the interval.
    pub lo: f64,
    /// Upper end of the interval.
    pub hi: f64,
}

impl Estimate {
    /// Half the length of the interval ÷ the estimate; infinite where the estimate is 0 or has no error.
    pub fn relative_half_width(&self) -> f64 {
        let relative = (self.hi - self.lo) / 2.0 / self.value.abs();
        if relative >= 0.0 { relative } else { f64::INFINITY }
    }

    /// Half the length of the interval; where nothing was seen all of it; infinite where the estimate has no error.
    pub fn half_width(&self) -> f64 {
        let half = if self.value == 0.0 { self.hi } else { (self.hi - self.lo) / 2.0 };
        if half >= 0.0 { half } else { f64::INFINITY }
    }

    /// The same estimate in another unit; `factor` > 0.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self {
            value: self.value * factor,
            standard_error: self.standard_error * factor,
            lo: self.lo * factor,
            hi: self.hi * factor,
        }
    }

    /// Student's interval of a mean with this standard error, over the blocks of a sample.
    pub fn student(value: f64, standard_error: f64, sample: Sample, confidence: f64) -> Self {
        let n = sample.blocks();
        let half = student::quantile_upper((n as f64 - 1.0).max(1.0), (1.0 - confidence) / 2.0) * standard_error;
        let half = if n < 2 { f64::INFINITY } else { half };
        Self { value, standard_error, lo: value - half, hi: value + half }
    }
}

/// Mean of `n` observations ÷ `unit`, with Student's interval; never below 0 for what cannot be negative.
///
/// With nothing seen (every observation 0) the interval is `[0, unseen]`: `largest` × the upper bound of the probability
/// that a replication sees anything, a bound for the mean of what cannot pass `largest` units.
pub fn mean(moments: &Moments, sample: impl Into<Sample>, scale: (f64, f64), confidence: f64) -> Estimate {
    mean_above(moments, sample, scale, (confidence, 0.0))
}

/// As [`mean`], where the variance of an observation is known to be at least `floor` (in observations squared).
pub fn mean_above(
    moments: &Moments,
    sample: impl Into<Sample>,
    (unit, largest): (f64, f64),
    (confidence, floor): (f64, f64),
) -> Estimate {
    let sample = sample.into();
    let n = sample.replications;
    if moments.sum() == 0 {
        let hi = largest * unseen(sample, confidence);
        return Estimate { value: 0.0, standard_error: f64::NAN, lo: 0.0, hi };
    }
    let standard_error = (moments.variance(sample).max(floor) / n as f64).sqrt() / unit;
    let estimate = Estimate::student(moments.mean(n) / unit, standard_error, sample, confidence);
    Estimate { lo: estimate.lo.max(0.0), hi: estimate.hi.min(largest), ..estimate }
}

/// Widens the interval of a mean that rests on few events to what the exact interval of their count makes of it.
///
/// Below [`EXACT_COUNT_BELOW`] events Student's interval does not know how many more there might have been. Events of
/// replications in blocks count for what they are worth at least.
#[must_use]
pub fn widened(estimate: Estimate, (events, sample): (u64, Sample), largest: f64, confidence: f64) -> Estimate {
    if events == 0 || events >= EXACT_COUNT_BELOW {
        return estimate;
    }
    let worth = events as f64 / sample.worst;
    let (least, most) = poisson(worth, confidence);
    let factor = |bound: f64| estimate.value * bound / worth;
    let (lo, hi) = (estimate.lo.min(factor(least)), estimate.hi.max(factor(most)).min(largest));
    Estimate { lo, hi, ..estimate }
}

/// Mean of `n` observations of either sign ÷ `unit`, with Student's interval.
pub fn signed_mean(moments: &Moments, n: u64, unit: f64, confidence: f64) -> Estimate {
    Estimate::student(moments.mean(n) / unit, moments.standard_error(n) / unit, n.into(), confidence)
}

/// Upper bound of a probability of which trials worth `n` independent ones saw nothing: 1 − (1 − confidence)^(1/n).
pub fn unseen(sample: impl Into<Sample>, confidence: f64) -> f64 {
    -libm::expm1(libm::log1p(-confidence) / sample.into().worth())
}

/// Share of trials that `count` of them met, with the interval of Clopper and Pearson. Trials in blocks count for what they
/// are worth at least, with the same share met.
///
/// # Source
/// Clopper, Pearson, *Biometrika* 26 (1934); the effective number of trials: Korn, Graubard, *Survey Methodology* 24 (1998).
/// With `count` = 0 the bound is one-sided, [`unseen`].
pub fn share(count: u64, sample: impl Into<Sample>, confidence: f64) -> Estimate {
    let sample = sample.into();
    let (n, trials) = (sample.replications, sample.worth());
    let value = count as f64 / n as f64;
    let k = count as f64 / sample.worst;
    let standard_error = (value * (1.0 - value) / trials).sqrt();
    let tail = (1.0 - confidence) / 2.0;
    let lo = if count == 0 { 0.0 } else { beta::inverse(k, trials - k + 1.0, tail).0 };
    let hi = match count {
        0 => unseen(sample, confidence),
        _ if count == n => 1.0,
        _ => beta::inverse(k + 1.0, trials - k, 1.0 - tail).0,
    };
    let standard_error = if count == 0 || count == n { f64::NAN } else { standard_error };
    Estimate { value, standard_error, lo: if count == n { 1.0 - unseen(sample, confidence) } else { lo }, hi }
}

/// Exact interval of the mean of a Poisson count, `[lo, hi]`; one-sided at 0. A count of dependent events is what they are
/// worth at least, and need not be whole.
///
/// # Source
/// Garwood, *Biometrika* 28 (1936).
pub fn poisson(count: f64, confidence: f64) -> (f64, f64) {
    let tail = (1.0 - confidence) / 2.0;
    if count == 0.0 {
        return (0.0, -libm::log1p(-confidence));
    }
    (gamma::inverse_lower(count, tail), gamma::inverse_upper(count + 1.0, tail))
}

/// A total over `n` replications and the events it is shared out to.
#[derive(Clone, Copy, Debug)]
pub struct RatioOf<'a> {
    /// The total over all replications, in the unit of the estimate.
    pub total: f64,
    /// Variance of a replication's part of the total.
    pub variance: f64,
    /// Covariance of that part with the number of events.
    pub covariance: f64,
    /// Events per replication.
    pub events: &'a Moments,
}

/// A total per event over `n` replications: the interval by the delta method, or below [`EXACT_COUNT_BELOW`] events at
/// least as wide as the exact one of the count makes it.
///
/// With no event: infinite, bounded from below by what the upper bound of the count makes of the total.
///
/// # Source
/// Cochran, *Sampling Techniques*, 3rd ed. (1977), section 2.11.
pub fn ratio(of: RatioOf<'_>, sample: impl Into<Sample>, confidence: f64) -> Estimate {
    let sample = sample.into();
    let n = sample.replications;
    let events = of.events.sum().unsigned_abs() as u64;
    if events == 0 {
        let lo = of.total / sample.worst / poisson(0.0, confidence).1;
        return Estimate { value: f64::INFINITY, standard_error: f64::NAN, lo, hi: f64::INFINITY };
    }
    let value = of.total / events as f64;
    let spread = of.variance - 2.0 * value * of.covariance + value * value * of.events.variance(sample);
    let standard_error = (spread.max(0.0) / n as f64).sqrt() / of.events.mean(n);
    let mut estimate = Estimate::student(value, standard_error, sample, confidence);
    if events < EXACT_COUNT_BELOW {
        let (least, most) = poisson(events as f64 / sample.worst, confidence);
        estimate.lo = estimate.lo.min(of.total / sample.worst / most);
        estimate.hi = estimate.hi.max(of.total / sample.worst / least);
    }
    Estimate { lo: estimate.lo.max(0.0), ..estimate }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moments::CoMoment;

    fn near(a: f64, b: f64, relative: f64) -> bool {
        (a - b).abs() <= relative * b.abs()
    }

    #[test]
    fn student_interval_of_a_textbook_sample() {
        let mut moments = Moments::default();
        [10, 12, 9, 11, 13].iter().for_each(|&v| moments.push(v));
        let estimate = mean(&moments, 5, (1.0, f64::INFINITY), 0.95);
        // 11 ± 2.776445 × √(2.5 / 5).
        assert!(near(estimate.hi, 11.0 + 2.776_445_105 * 0.5f64.sqrt(), 1e-8));
    }

    #[test]
    fn nothing_seen_gives_a_bound() {
        // Golden check G27: no failure in 1000 tests.
        assert!(near(share(0, 1000, 0.95).hi, 0.002_991_249, 1e-6));
        assert!(near(unseen(1000, 0.95), 1.0 - 0.05f64.powf(0.001), 1e-12));
        let empty = mean(&Moments::default(), 1000, (1.0, 1.0), 0.95);
        assert_eq!((empty.value, empty.lo), (0.0, 0.0));
        assert!(near(empty.hi, 0.002_991_249, 1e-6));
        assert_eq!(empty.relative_half_width(), f64::INFINITY);
        assert_eq!(empty.half_width(), empty.hi);
    }

    #[test]
    fn one_event_could_have_been_five() {
        let estimate = Estimate { value: 2.0, standard_error: 2.0, lo: 0.0, hi: 5.9 };
        let wide = widened(estimate, (1, 100.into()), f64::INFINITY, 0.95);
        assert!(near(wide.hi, 2.0 * 5.571_643_4, 1e-6) && wide.lo == 0.0);
        assert_eq!(widened(estimate, (1, 100.into()), 7.0, 0.95).hi, 7.0);
        // A pair that always agrees is one event, seen twice.
        let pairs = Sample { replications: 100, per_block: 2, worst: 2.0 };
        assert_eq!(widened(estimate, (2, pairs), f64::INFINITY, 0.95), wide);
        assert_eq!(widened(estimate, (30, 100.into()), f64::INFINITY, 0.95), estimate);
    }

    #[test]
    fn clopper_pearson_and_garwood_match_their_tables() {
        let estimate = share(3, 20, 0.95);
        assert!(near(estimate.lo, 0.032_070_9, 1e-5) && near(estimate.hi, 0.378_926_8, 1e-5));
        let (lo, hi) = poisson(5.0, 0.95);
        assert!(near(lo, 1.623_486_4, 1e-6) && near(hi, 11.668_332_1, 1e-6));
    }

    #[test]
    fn a_constant_ratio_has_no_error_and_few_events_widen_it() {
        let (mut over, mut under, mut both) = (Moments::default(), Moments::default(), CoMoment::default());
        for count in [1, 2, 3, 4] {
            over.push(6 * count);
            under.push(count);
            both.push(6 * count, count);
        }
        let (variance, covariance) = (over.variance(4), both.covariance(&over, &under, 4));
        let estimate = ratio(RatioOf { total: 60.0, variance, covariance, events: &under }, 4, 0.95);
        assert_eq!((estimate.value, estimate.standard_error), (6.0, 0.0));
        assert!(estimate.lo < 4.0 && estimate.hi > 10.0);
    }
}
