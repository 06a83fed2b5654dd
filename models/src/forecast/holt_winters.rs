//! Exponential smoothing after Holt and Winters: a level, a trend that may be damped, and a season that is added or
//! multiplies; optionally of the logarithm of the values.
//!
//! With `p = φ b(t − 1)` and an additive season `s`:
//!
//! ```text
//! l(t) = α (y(t) − s(t − m)) + (1 − α)(l(t − 1) + p)
//! b(t) = β (l(t) − l(t − 1)) + (1 − β) p
//! s(t) = γ (y(t) − l(t)) + (1 − γ) s(t − m)
//! ŷ(n + h) = l(n) + (φ + φ² + … + φʰ) b(n) + s(n + h − m⌈h/m⌉)
//! ```
//!
//! A multiplicative season divides and multiplies in the place of `−` and `+`. Level and season start from the first
//! season (its mean, and each value against it), the trend from the mean change between the first two; smoothing starts
//! with the second season. Without a season they start from the first two values. A forecast of logarithms is taken back
//! by `exp`: it is the median where the errors of the logarithm are symmetric.
//!
//! Source: Winters, *Management Science* 6 (1960); Gardner and McKenzie, *Management Science* 31 (1985) for damping; the
//! weights are those of the least sum of squared one-step errors.

use std::fmt;

use ninefold_sim_core::special::exp::exp;
use ninefold_sim_core::special::ln::ln;

use super::nelder_mead::minimise;
use super::{ForecastError, Season, Series};

/// Least and most damping of a trend: nearer to 0 it is gone at once, nearer to 1 it is not damped.
const DAMPING: (f64, f64) = (0.8, 0.98);

/// How a trend goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// There is none.
    None,
    /// By the same amount every step.
    Linear,
    /// By less and less: each step by the factor φ, 0.8 to 0.98, of the step before.
    Damped,
}

/// A form of smoothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoltWinters {
    /// How the trend goes on.
    pub trend: Trend,
    /// How the season acts.
    pub season: Season,
    /// Whether the logarithm of the values is smoothed; they have to be above 0.
    pub log: bool,
}

/// Weights of smoothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Smoothing {
    /// α, of the level, 0 to 1.
    pub level: f64,
    /// β, of the trend, 0 to 1; without a trend it has no effect.
    pub trend: f64,
    /// γ, of the season, 0 to 1; without a season it has no effect.
    pub season: f64,
    /// φ, above 0 to 1: 1 for a trend that is not damped.
    pub damping: f64,
}

/// A smoothed history, ready to be continued.
#[derive(Clone, Debug, PartialEq)]
pub struct Smoothed {
    form: HoltWinters,
    /// The weights it was smoothed with.
    pub weights: Smoothing,
    /// The last level, in the unit of the history or of its logarithm.
    pub level: f64,
    /// The last trend, a step.
    pub trend: f64,
    /// The last season, from the step after the history on.
    pub season: Vec<f64>,
    squares: f64,
}

impl HoltWinters {
    /// Smooths with the weights of the least sum of squared one-step errors.
    ///
    /// # Errors
    /// [`ForecastError::TooShort`] below two seasons and one step (without a season, three values);
    /// [`ForecastError::Zero`] where values have to be above 0.
    pub fn fit(self, series: &Series) -> Result<Smoothed, ForecastError> {
        let start = self.start(series)?;
        let weights = |free: &[f64; 4]| self.weights(free);
        let squares = |free: &[f64; 4]| start.clone().through(weights(free)).squares;
        let first = [0.3, 0.1, 0.1, 0.5].map(unbounded);
        Ok(start.clone().through(weights(&minimise(first, 1.0, squares))))
    }

    /// Smooths with given weights.
    ///
    /// # Errors
    /// As [`fit`](Self::fit), and [`ForecastError::Parameter`] for a weight outside its range.
    pub fn smooth(self, series: &Series, weights: Smoothing) -> Result<Smoothed, ForecastError> {
        let shares = [("level", weights.level), ("trend", weights.trend), ("season", weights.season)];
        if let Some(&(what, value)) = shares.iter().find(|(_, share)| !(0.0..=1.0).contains(share)) {
            return Err(ForecastError::Parameter { what, value, allowed: "0 to 1" });
        }
        if !(weights.damping > 0.0 && weights.damping <= 1.0) {
            let (what, value) = ("damping", weights.damping);
            return Err(ForecastError::Parameter { what, value, allowed: "above 0 to 1" });
        }
        Ok(self.start(series)?.through(weights))
    }

    fn weights(self, free: &[f64; 4]) -> Smoothing {
        let [level, trend, season, damping] = free.map(open_share);
        let damping = match self.trend {
            Trend::Damped => DAMPING.0 + (DAMPING.1 - DAMPING.0) * damping,
            Trend::None | Trend::Linear => 1.0,
        };
        Smoothing { level, trend, season, damping }
    }

    /// The state before the first value that is smoothed.
    fn start(self, series: &Series) -> Result<Start, ForecastError> {
        if self.log || self.season == Season::Multiplicative {
            series.positive()?;
        }
        let steps = if self.season == Season::None { 1 } else { series.season() };
        series.at_least((2 * steps + 1).max(3))?;
        let mut values = series.values().to_vec();
        if self.log {
            values.iter_mut().for_each(|value| *value = ln(*value));
        }
        let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len() as f64;
        let (level, next) = (mean(&values[..steps]), mean(&values[steps..2 * steps]));
        let season = values[..steps].iter().map(|value| match self.season {
            Season::None => 0.0,
            Season::Additive => value - level,
            Season::Multiplicative => value / level,
        });
        let trend = if self.trend == Trend::None { 0.0 } else { (next - level) / steps as f64 };
        Ok(Start { form: self, level, trend, season: season.collect(), values })
    }
}

#[derive(Clone)]
struct Start {
    form: HoltWinters,
    level: f64,
    trend: f64,
    season: Vec<f64>,
    values: Vec<f64>,
}

impl Start {
    /// Smooths the values after the first season.
    fn through(self, weights: Smoothing) -> Smoothed {
        let Self { form, mut level, mut trend, mut season, values } = self;
        let steps = season.len();
        let mut squares = 0.0;
        for (at, &value) in values.iter().enumerate().skip(steps) {
            let part = &mut season[at % steps];
            let (before, carried) = (level, weights.damping * trend);
            let expected = before + carried;
            let (seen, error) = match form.season {
                Season::None => (value, value - expected),
                Season::Additive => (value - *part, value - expected - *part),
                Season::Multiplicative => (value / *part, value - expected * *part),
            };
            squares += error * error;
            level = weights.level * seen + (1.0 - weights.level) * expected;
            if form.trend != Trend::None {
                trend = weights.trend * (level - before) + (1.0 - weights.trend) * carried;
            }
            let fresh = match form.season {
                Season::None => 0.0,
                Season::Additive => value - level,
                Season::Multiplicative => value / level,
            };
            *part = weights.season * fresh + (1.0 - weights.season) * *part;
        }
        season.rotate_left(values.len() % steps);
        Smoothed { form, weights, level, trend, season, squares }
    }
}

impl Smoothed {
    /// The next `horizon` steps.
    pub fn forecast(&self, horizon: usize) -> Vec<f64> {
        let (mut damped, mut sum) = (1.0, 0.0);
        let ahead = |h: usize| {
            damped *= self.weights.damping;
            sum += damped;
            let (plain, part) = (self.level + sum * self.trend, self.season[h % self.season.len()]);
            let value = if self.form.season == Season::Multiplicative { plain * part } else { plain + part };
            if self.form.log { exp(value) } else { value }
        };
        (0..horizon).map(ahead).collect()
    }
}

impl fmt::Display for HoltWinters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Holt-Winters, {}, {}{}", self.trend, self.season, if self.log { ", of the logarithm" } else { "" })
    }
}

impl fmt::Display for Trend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "no trend",
            Self::Linear => "linear trend",
            Self::Damped => "damped trend",
        })
    }
}

/// A number between 0 and 1 for any other; the inverse of [`unbounded`].
pub(super) fn open_share(free: f64) -> f64 {
    1.0 / (1.0 + exp(-free.clamp(-30.0, 30.0)))
}

/// The logit of a share.
pub(super) fn unbounded(share: f64) -> f64 {
    ln(share / (1.0 - share))
}
