//! The highest demand of a horizon: the distribution of the maximum of a path.
//!
//! The maximum of the forecasts is too low for it: of many steps that may come out higher, one will.

use ninefold_sim_core::stream::Replication;

use super::accuracy::open_level;
use super::{ForecastError, SamplePaths};

/// Maxima of paths, ascending.
#[derive(Clone, Debug, PartialEq)]
pub struct Peak {
    maxima: Vec<f64>,
}

impl Peak {
    /// The maxima of `count` paths drawn under `seed`.
    ///
    /// # Errors
    /// [`ForecastError::Parameter`] for no paths.
    pub fn of(paths: &SamplePaths, (seed, count): (u64, u32)) -> Result<Self, ForecastError> {
        if count == 0 {
            return Err(ForecastError::Parameter { what: "paths", value: 0.0, allowed: "at least 1" });
        }
        let highest = |index| paths.draw(Replication::new(seed, index)).into_iter().fold(0.0, f64::max);
        let mut maxima: Vec<f64> = (0..count).map(highest).collect();
        maxima.sort_by(f64::total_cmp);
        Ok(Self { maxima })
    }

    /// The maximum that a share `level` of the paths does not pass, in the unit of the history.
    ///
    /// # Errors
    /// [`ForecastError::Parameter`] for a level that is not between 0 and 1.
    pub fn quantile(&self, level: f64) -> Result<f64, ForecastError> {
        open_level(level)?;
        let rank = (self.maxima.len() as f64 * level - 1e-9).ceil().max(1.0) as usize;
        Ok(self.maxima[rank.min(self.maxima.len()) - 1])
    }
}
