//! What varies about a course from one replication to the next: noise, or the paths of a forecast.

use std::sync::Arc;

use ninefold_sim_core::stream::StreamId;
use ninefold_sim_core::tick::Tick;

use super::error::SystemError;
use super::level::Noise;
use crate::forecast::SamplePaths;
use crate::units::Hours;

/// What multiplies a course, drawn anew in every replication.
#[derive(Clone, Debug, PartialEq)]
pub enum Variation {
    /// Noise of mean 1.
    Noise(Noise),
    /// One path of a forecast.
    Paths(ForecastPaths),
}

impl Variation {
    /// Whose it is: levels of one name vary together.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Noise(noise) => &noise.name,
            Self::Paths(paths) => &paths.name,
        }
    }

    /// What its stream of draws is called after.
    pub(super) const fn purpose(&self) -> &'static str {
        match self {
            Self::Noise(_) => "demand noise",
            Self::Paths(_) => "demand forecast",
        }
    }
}

/// Demand that follows one sample path of a forecast in each replication, from the start of the run on. A path is joint in
/// time: its errors are runs of errors of the backtest, so that a high day follows a high day as often as it did.
#[derive(Clone, Debug, PartialEq)]
pub struct ForecastPaths {
    /// How long each step of a path holds, at least 1 ms; all of them reach the horizon.
    pub every: Hours,
    /// The paths, in the unit of the level; a path ÷ [`Level::rate`](super::Level::rate) multiplies its course.
    pub paths: Arc<SamplePaths>,
    /// Whose they are: levels of one name follow the same path.
    pub name: String,
}

/// Compiled [`Variation`].
#[derive(Clone, Debug)]
pub enum VariationOf {
    /// Noise.
    Noise(NoiseOf),
    /// Paths.
    Paths(PathsOf),
}

impl VariationOf {
    /// It is held this long.
    pub(crate) const fn held(&self) -> Tick {
        match self {
            Self::Noise(noise) => noise.held,
            Self::Paths(paths) => paths.held,
        }
    }
}

/// Compiled noise.
#[derive(Clone, Copy, Debug)]
pub struct NoiseOf {
    /// Standard deviation of the logarithm.
    pub sigma: f64,
    /// It is held this long.
    pub held: Tick,
    /// Stream of its draws.
    pub stream: StreamId,
}

/// Compiled paths.
#[derive(Clone, Debug)]
pub struct PathsOf {
    /// The paths.
    pub paths: Arc<SamplePaths>,
    /// The rate that they are divided by, > 0.
    pub rate: f64,
    /// Each step is held this long.
    pub held: Tick,
    /// Stream of its draws.
    pub stream: StreamId,
}

/// Compiles what varies about the level `of` whose rate is `rate`, until `horizon`.
pub(super) fn compile(
    of: (&'static str, &str),
    variation: &Variation,
    (rate, horizon): (f64, Hours),
    stream: StreamId,
) -> Result<VariationOf, SystemError> {
    let refuse =
        |value: f64, allowed: String| SystemError::OutOfRange { what: of.0, name: of.1.to_owned(), value, allowed };
    let held = |time: Hours, what: &str| match Tick::from_hours(time.get()) {
        held if held < Tick::new(1_000_000) => Err(refuse(time.get(), format!("{what} of at least 1 ms"))),
        held => Ok(held),
    };
    match variation {
        Variation::Noise(noise) => {
            if !(noise.cv >= 0.0 && noise.cv <= 10.0) {
                return Err(refuse(noise.cv, "0 to 10".to_owned()));
            }
            let sigma = libm::sqrt(libm::log1p(noise.cv * noise.cv));
            Ok(VariationOf::Noise(NoiseOf { sigma, held: held(noise.correlation, "a correlation time")?, stream }))
        }
        Variation::Paths(ForecastPaths { every, paths, .. }) => {
            let held = held(*every, "steps of a forecast")?;
            let reach = every.get() * paths.horizon() as f64;
            if reach < horizon.get() * (1.0 - 1e-12) {
                return Err(refuse(reach, format!("a forecast that reaches the horizon of {} h", horizon.get())));
            }
            if !(rate > 0.0) {
                return Err(refuse(rate, "a level above 0 where it follows a forecast".to_owned()));
            }
            Ok(VariationOf::Paths(PathsOf { paths: Arc::clone(paths), rate, held, stream }))
        }
    }
}
