//! Sample paths: the forecast with errors of the backtest, drawn in blocks.
//!
//! Marginal bands do not say whether a high hour follows a high hour, which is what queues and autoscalers feel. So a path
//! takes runs of errors as they came: for each block of steps an origin is drawn, and its errors of those same steps are
//! added, in the [scale](super::error_scale) of what is forecast. Errors so keep their growth with the horizon and with demand,
//! and their dependence within a block; values stop at 0.
//!
//! Source: Künsch, *Annals of Statistics* 17 (1989), here with blocks that stay at their distance from the origin.

use ninefold_sim_core::stream::{Replication, Stream, StreamId};

use super::accuracy::open_level;
use super::{Backtest, Chosen, ForecastError, error_scale};

/// Draws paths of demand.
#[derive(Clone, Debug, PartialEq)]
pub struct SamplePaths {
    points: Vec<f64>,
    /// A row of errors for each origin, in the scale of `points`.
    errors: Vec<Vec<f64>>,
    block: usize,
    stream: StreamId,
}

impl SamplePaths {
    /// Paths about `points` with the errors of `backtest`, `block` steps at a time (at least 1; the horizon for whole
    /// rows). `name` is what the stream of draws is called after.
    ///
    /// # Errors
    /// [`ForecastError::Parameter`] for blocks of no step; [`ForecastError::Lengths`] if the backtest has another horizon
    /// than `points`, or no origin.
    pub fn new((points, name): (&[f64], &str), backtest: &Backtest, block: usize) -> Result<Self, ForecastError> {
        if block == 0 {
            return Err(ForecastError::Parameter { what: "block", value: 0.0, allowed: "at least 1" });
        }
        let steps = backtest.errors.first().map_or(0, Vec::len);
        if steps != points.len() {
            return Err(ForecastError::Lengths { forecast: points.len(), actual: steps });
        }
        let scale = error_scale::of(points);
        let carried = |(errors, forecast): (&Vec<f64>, &Vec<f64>)| {
            let then = error_scale::of(forecast);
            errors.iter().zip(scale.iter().zip(&then)).map(|(error, (now, then))| error * (now / then)).collect()
        };
        let errors = backtest.errors.iter().zip(&backtest.forecasts).map(carried).collect();
        Ok(Self { points: points.to_vec(), errors, block, stream: StreamId::of(0, "forecast", name) })
    }

    /// Paths about a choice: errors in runs of its shortest season, of which `season` steps there are; whole rows without one.
    ///
    /// # Errors
    /// [`ForecastError::Parameter`] for a season of no step.
    pub fn of_choice((chosen, season): (&Chosen, usize), name: &str) -> Result<Self, ForecastError> {
        let block = if season == 1 { chosen.points().len() } else { season };
        Self::new((chosen.points(), name), chosen.best(), block)
    }

    /// Steps of a path.
    pub fn horizon(&self) -> usize {
        self.points.len()
    }

    /// The path of one replication: a pure function of seed, replication and name.
    pub fn draw(&self, replication: Replication) -> Vec<f64> {
        let (mut stream, mut row) = (Stream::new(self.stream), 0);
        let step = |step: usize| {
            if self.begins_block(step) {
                row = self.row(&mut stream, replication);
            }
            self.at(step, row)
        };
        (0..self.horizon()).map(step).collect()
    }

    /// Whether errors of another origin, drawn by [`row`](Self::row), begin at this step (from 0).
    pub(crate) const fn begins_block(&self, step: usize) -> bool {
        step.is_multiple_of(self.block)
    }

    /// An origin.
    pub(crate) fn row(&self, stream: &mut Stream, replication: Replication) -> usize {
        (stream.open01(replication) * self.errors.len() as f64) as usize
    }

    /// A step (from 0, below the horizon) with the errors of an origin.
    pub(crate) fn at(&self, step: usize, row: usize) -> f64 {
        (self.points[step] + self.errors[row][step]).max(0.0)
    }

    /// The value that a share `level` of all paths does not pass at `step` (from 0), in the unit of the history: a path has
    /// there the error of any origin. Nothing beyond the horizon.
    ///
    /// # Errors
    /// [`ForecastError::Parameter`] for a level that is not between 0 and 1.
    pub fn quantile(&self, step: usize, level: f64) -> Result<Option<f64>, ForecastError> {
        open_level(level)?;
        let Some(point) = self.points.get(step) else { return Ok(None) };
        let mut errors: Vec<f64> = self.errors.iter().map(|row| row[step]).collect();
        errors.sort_by(f64::total_cmp);
        let rank = (errors.len() as f64 * level - 1e-9).ceil().max(1.0) as usize;
        Ok(Some((point + errors[rank - 1]).max(0.0)))
    }
}
