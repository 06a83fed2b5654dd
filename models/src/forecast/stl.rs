//! STL: a series parted into trend, season and remainder by loess, in two inner rounds without robust weights.
//!
//! Windows, degrees and jumps are the defaults of R's `stl` for a window of the season `s` and a period `m`: degree 0 for
//! the season; degree 1 for the trend with the next odd window from `1.5 m / (1 − 1.5/s)`, and for the low-pass filter with
//! the next odd from `m`; jumps of a tenth of each window.
//!
//! Source: Cleveland, Cleveland, McRae and Terpenning, *J. Official Statistics* 6 (1990).

use super::loess::Loess;

const ROUNDS: usize = 2;

/// Trend and season of `values`; the remainder is what is left. They fill at least two periods.
pub(super) fn part(values: &[f64], period: usize, window: usize) -> (Vec<f64>, Vec<f64>) {
    let smooth = |window: usize, line| Loess { window, line, jump: window.div_ceil(10) };
    let trend_window = libm::ceil(1.5 * period as f64 / (1.0 - 1.5 / window as f64)) as usize;
    let (of_season, of_trend) = (smooth(window, false), smooth(next_odd(trend_window), true));
    let low_pass = smooth(next_odd(period), true);
    let n = values.len();
    let (mut trend, mut season) = (vec![0.0; n], vec![0.0; n]);
    for _ in 0..ROUNDS {
        let detrended: Vec<f64> = values.iter().zip(&trend).map(|(value, trend)| value - trend).collect();
        let cycles = of_cycles(&detrended, period, of_season);
        let low = low_pass.smooth(&moving_mean(&moving_mean(&moving_mean(&cycles, period), period), 3));
        season = cycles[period..].iter().zip(&low).map(|(cycle, low)| cycle - low).collect();
        let adjusted: Vec<f64> = values.iter().zip(&season).map(|(value, season)| value - season).collect();
        trend = of_trend.smooth(&adjusted);
    }
    (trend, season)
}

/// The values of each phase of the period, smoothed and continued by one at both ends: a period more before and after.
fn of_cycles(values: &[f64], period: usize, loess: Loess) -> Vec<f64> {
    let mut cycles = vec![0.0; values.len() + 2 * period];
    for phase in 0..period {
        let own: Vec<f64> = values.iter().skip(phase).step_by(period).copied().collect();
        let smooth = loess.smooth(&own);
        let k = own.len();
        let reach = loess.window.min(k);
        let before = loess.at(&own, -1.0, (0, reach - 1)).unwrap_or(smooth[0]);
        let after = loess.at(&own, k as f64, (k - reach, k - 1)).unwrap_or(smooth[k - 1]);
        let all = [before].into_iter().chain(smooth).chain([after]);
        cycles.iter_mut().skip(phase).step_by(period).zip(all).for_each(|(to, value)| *to = value);
    }
    cycles
}

/// Means of `length` values in a row.
fn moving_mean(values: &[f64], length: usize) -> Vec<f64> {
    let mut sum: f64 = values[..length].iter().sum();
    let mut means = vec![sum / length as f64];
    for (gone, come) in values.iter().zip(&values[length..]) {
        sum += come - gone;
        means.push(sum / length as f64);
    }
    means
}

const fn next_odd(number: usize) -> usize {
    number + 1 - number % 2
}
