//! What a fitted scalability law does not know: its parameters, and where its peak is, by a bootstrap of residuals.

use ninefold_sim_core::stream::{Replication, Stream, StreamId};

use super::error::QueueError;
use super::usl::{ScalabilityFit, ScalabilityLaw, fit};

/// Resamples of an interval.
pub const RESAMPLES: u32 = 1000;

/// Ends of an interval; infinite where, as far as the measurements tell, there is no end.
pub type Interval = (f64, f64);

/// Intervals of a fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScalabilityIntervals {
    /// Of the throughput at a load of 1.
    pub rate: Interval,
    /// Of the share of the work that is done one at a time.
    pub contention: Interval,
    /// Of the cost of keeping each pair in step.
    pub coherency: Interval,
    /// Of the load of the largest throughput.
    pub peak_load: Interval,
    /// Of the largest throughput.
    pub peak_throughput: Interval,
    /// Share of the resamples whose throughput has a peak, in 0..=1.
    pub has_peak: f64,
}

/// Percentile intervals at `confidence` in (0, 1), from [`RESAMPLES`] fits to the fitted throughputs with residuals drawn
/// with replacement, each widened by √(n ÷ (n − 3)) for the three parameters that were fitted. The loads stay as they are:
/// somebody chose them. A function of the points and the seed alone.
///
/// # Errors
/// [`QueueError`] if hardly any resample can be fitted.
///
/// # Source
/// Efron, *Annals of Statistics* 7 (1979), section 7; Davison, Hinkley, *Bootstrap Methods and their Application* (1997),
/// 7.3. Oracle: `intervals_cover_what_the_measurements_were_made_of`.
pub fn intervals(
    points: &[(f64, f64)],
    of: &ScalabilityFit,
    (confidence, resamples): (f64, u32),
    seed: u64,
) -> Result<ScalabilityIntervals, QueueError> {
    let count = points.len();
    let widened = (count as f64 / (count as f64 - 3.0)).sqrt();
    let fitted: Vec<f64> = points.iter().map(|&(n, _)| of.law.throughput(n)).collect();
    let residuals: Vec<f64> = points.iter().zip(&fitted).map(|((_, x), fitted)| (x - fitted) * widened).collect();
    let mut stream = Stream::new(StreamId::of(0, "usl_bootstrap", "throughput"));
    let mut laws: Vec<ScalabilityLaw> = Vec::new();
    for resample in 0..resamples {
        let replication = Replication::new(seed, resample);
        stream.rewind();
        let mut draw = |place: usize| {
            let pick = (stream.open01(replication) * count as f64) as usize;
            // A throughput is above 0, whatever is drawn.
            (points[place].0, (fitted[place] + residuals[pick.min(count - 1)]).max(fitted[place] * 1e-3))
        };
        let resampled: Vec<(f64, f64)> = (0..count).map(&mut draw).collect();
        laws.extend(fit(&resampled).map(|fit| fit.law));
    }
    if laws.len() < resamples as usize * 9 / 10 {
        return Err(QueueError::NoConvergence("a tenth of the resamples"));
    }
    let interval = |of: &dyn Fn(&ScalabilityLaw) -> f64| {
        let mut values: Vec<f64> = laws.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        let at = |share: f64| values[((share * values.len() as f64) as usize).min(values.len() - 1)];
        (at((1.0 - confidence) / 2.0), at((1.0 + confidence) / 2.0))
    };
    let without_end = |law: &ScalabilityLaw| law.limit().unwrap_or(f64::INFINITY);
    Ok(ScalabilityIntervals {
        rate: interval(&|law| law.rate),
        contention: interval(&|law| law.contention),
        coherency: interval(&|law| law.coherency),
        peak_load: interval(&|law| law.peak_load().unwrap_or(f64::INFINITY)),
        peak_throughput: interval(&|law| law.peak_load().map_or_else(|| without_end(law), |n| law.throughput(n))),
        has_peak: laws.iter().filter(|law| law.peak_load().is_some()).count() as f64 / laws.len() as f64,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const LOADS: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 24.0, 32.0, 48.0, 64.0, 96.0];

    fn measured(law: &ScalabilityLaw, seed: u64) -> Vec<(f64, f64)> {
        let mut stream = Stream::new(StreamId::of(0, "test", "noise"));
        let replication = Replication::new(seed, 0);
        let mut noise = || -> f64 { (0..12).map(|_| stream.open01(replication)).sum::<f64>() - 6.0 };
        LOADS.map(|n| (n, law.throughput(n) + 30.0 * noise())).to_vec()
    }

    #[test]
    fn intervals_cover_what_the_measurements_were_made_of() {
        let law = ScalabilityLaw::new(90.0, 0.03, 2e-4).unwrap();
        let tries = 60;
        let mut covered = [0; 3];
        for seed in 0..tries {
            let points = measured(&law, seed);
            let got = intervals(&points, &fit(&points).unwrap(), (0.9, 100), seed).unwrap();
            let within = |(lo, hi): Interval, value: f64| usize::from(lo <= value && value <= hi);
            covered[0] += within(got.contention, law.contention);
            covered[1] += within(got.coherency, law.coherency);
            covered[2] += within(got.peak_load, law.peak_load().unwrap());
        }
        // 90 % of 60 are 54, ± 3 standard deviations of 2.3; percentile intervals of ten points are a little short.
        assert!(covered.iter().all(|&covered| covered >= 45), "{covered:?} of {tries}");
        assert!(covered.iter().any(|&covered| covered < 60), "{covered:?}: too wide to tell anything");
    }

    #[test]
    fn the_same_points_and_seed_give_the_same_and_no_noise_gives_no_width() {
        let law = ScalabilityLaw::new(90.0, 0.03, 2e-4).unwrap();
        let points = measured(&law, 7);
        let of = fit(&points).unwrap();
        assert_eq!(intervals(&points, &of, (0.95, 50), 3).unwrap(), intervals(&points, &of, (0.95, 50), 3).unwrap());
        assert_ne!(intervals(&points, &of, (0.95, 50), 3).unwrap(), intervals(&points, &of, (0.95, 50), 4).unwrap());
        let clean: Vec<(f64, f64)> = LOADS.map(|n| (n, law.throughput(n))).to_vec();
        let got = intervals(&clean, &fit(&clean).unwrap(), (0.95, 20), 1).unwrap();
        assert!((got.peak_load.1 / got.peak_load.0 - 1.0).abs() < 1e-6, "{got:?}");
        assert_eq!(got.has_peak, 1.0);
    }

    #[test]
    fn where_no_peak_was_seen_the_interval_has_no_end() {
        // The published ray tracer: coherency on its bound.
        let loads = [1.0, 4.0, 8.0, 12.0, 16.0, 20.0, 24.0, 28.0, 32.0, 48.0, 64.0];
        let throughputs = [20.0, 78.0, 130.0, 170.0, 190.0, 200.0, 210.0, 230.0, 260.0, 280.0, 310.0];
        let points: Vec<(f64, f64)> = loads.into_iter().zip(throughputs).collect();
        let got = intervals(&points, &fit(&points).unwrap(), (0.95, 200), 1).unwrap();
        assert_eq!(got.peak_load.1, f64::INFINITY);
        assert!(got.has_peak < 0.8 && got.contention.0 > 0.03, "{got:?}");
    }
}
