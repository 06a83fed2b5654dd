//! Forecasts of a demand from a file of instants and values: what `ninefold forecast` asks and answers.
//!
//! A [`ForecastRequest`] names the file and says what is wanted; [`ForecastReport::of`] reads, repairs only what it is told
//! to, chooses a method by a backtest, and says how sure it is. The methods are those of [`ninefold_models::forecast`].

mod error;
mod held_out;
mod history;
mod method_words;
mod order;
mod report;
mod scores;
mod step;

use std::path::PathBuf;

pub use error::ForecastFileError;
pub use held_out::{HeldOut, Judged};
pub use history::{Gaps, History, Take};
pub(crate) use method_words::method;
pub use order::{Capacity, Order};
pub use report::{Ahead, ForecastReport, MethodRow, PATHS};
pub use scores::ScoreRow;
pub use step::{Step, written};

/// What is to be forecast, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct ForecastRequest {
    /// A CSV or Parquet file.
    pub file: PathBuf,
    /// Column of instants; the first where it is not said.
    pub at: Option<String>,
    /// Column of values; the second where it is not said.
    pub column: Option<String>,
    /// Width of the steps that rows are put together in, as a duration; without it a row is a step.
    pub every: Option<String>,
    /// How the rows of a step become one value.
    pub take: Take,
    /// What becomes of steps without a row.
    pub gaps: Gaps,
    /// Seasons as durations or steps, the shortest first; from the step where it is empty.
    pub seasons: Vec<String>,
    /// How far ahead, as a duration or in steps.
    pub horizon: String,
    /// Keep the last `horizon` steps back, forecast them from those before, and compare.
    pub hold_out: bool,
    /// A method by its word; chosen by a backtest where it is not said.
    pub method: Option<String>,
    /// Part the history by MSTL into trend, seasons and remainder.
    pub parts: bool,
    /// Level of the intervals, above 0 and below 1.
    pub level: f64,
    /// What is asked of a capacity.
    pub capacity: Option<Capacity>,
    /// Seed of the paths.
    pub seed: u64,
}

impl ForecastRequest {
    /// The next `horizon` of the second column over the first, with nothing repaired, at 80 %.
    pub fn new(file: PathBuf, horizon: String) -> Self {
        Self {
            file,
            at: None,
            column: None,
            every: None,
            take: Take::Mean,
            gaps: Gaps::Refuse,
            seasons: Vec::new(),
            horizon,
            hold_out: false,
            method: None,
            parts: false,
            level: 0.8,
            capacity: None,
            seed: 1,
        }
    }
}
