//! Sample paths: the forecast with errors of the backtest, drawn in blocks.
//!
//! Marginal bands do not say whether a high hour follows a high hour, which is what queues and autoscalers feel. So a path
//! takes runs of errors as they came: for each block of steps an origin is drawn, and its errors of those same steps are
//! added. Errors so keep their growth with the horizon, and their dependence within a block; values stop at 0.
//!
//! Source: Künsch, *Annals of Statistics* 17 (1989), here with blocks that stay at their distance from the origin.

use ninefold_sim_core::stream::{Replication, Stream, StreamId};

use super::{Backtest, ForecastError};

/// Draws paths of demand.
#[derive(Clone, Debug)]
pub struct SamplePaths {
    points: Vec<f64>,
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
        let stream = StreamId::of(0, "forecast", name);
        Ok(Self { points: points.to_vec(), errors: backtest.errors.clone(), block, stream })
    }

    /// Steps of a path.
    pub fn horizon(&self) -> usize {
        self.points.len()
    }

    /// The path of one replication: a pure function of seed, replication and name.
    pub fn draw(&self, replication: Replication) -> Vec<f64> {
        let mut stream = Stream::new(self.stream);
        let mut path = self.points.clone();
        for (nth, steps) in path.chunks_mut(self.block).enumerate() {
            let row = (stream.open01(replication) * self.errors.len() as f64) as usize;
            let from = nth * self.block;
            let errors = &self.errors[row][from..from + steps.len()];
            steps.iter_mut().zip(errors).for_each(|(value, error)| *value = (*value + error).max(0.0));
        }
        path
    }
}
