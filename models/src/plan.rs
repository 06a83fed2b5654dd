//! How a system is to be assessed: seed, replications, when to stop, at what confidence.

use serde::{Deserialize, Serialize};

/// Replications up to which a run without a fixed number goes before it gives up on precision.
pub const DEFAULT_MAX_REPLICATIONS: u64 = 200_000;

/// Replications before the first decision to stop.
pub const DEFAULT_MIN_REPLICATIONS: u64 = 200;

/// Largest number of replications of a run: the streams count them in 32 bits.
pub const MAX_REPLICATIONS: u64 = 1 << 32;

/// Seed of a run that names none.
pub const DEFAULT_SEED: u64 = 1;

/// A plan of assessment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The seed of every random stream.
    pub seed: u64,
    /// When to stop.
    pub stopping: Stopping,
    /// Confidence of every interval, in (0, 1).
    pub confidence: f64,
    /// Methods that make estimates less uncertain for the same number of replications.
    pub variance: Variance,
}

/// Whether a method is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Use {
    /// No.
    #[default]
    Off,
    /// Yes, or the plan is refused.
    On,
    /// If it pays, by what is counted in the pilot.
    Auto,
}

impl Use {
    /// As written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::On => "on",
            Self::Auto => "auto",
        }
    }
}

/// Methods of variance reduction; see [`variance`](crate::variance).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Variance {
    /// Replications in pairs: where one draws u, the other draws 1 − u.
    pub antithetic: Use,
    /// The independent relaxation, whose answer is exact, as a control variate.
    pub control: Use,
    /// First lives spread over 64 strata in every chunk of replications.
    pub stratified: Use,
}

impl Variance {
    /// The first method that is to be used whether it pays or not.
    pub fn demanded(&self) -> Option<&'static str> {
        let methods = [("antithetic", self.antithetic), ("control", self.control), ("stratified", self.stratified)];
        methods.into_iter().find(|(_, used)| *used == Use::On).map(|(method, _)| method)
    }
}

impl Default for Plan {
    fn default() -> Self {
        Self { seed: DEFAULT_SEED, stopping: Stopping::default(), confidence: 0.95, variance: Variance::default() }
    }
}

/// When a run stops.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Stopping {
    /// After exactly this many replications, 1..=[`MAX_REPLICATIONS`].
    Fixed(u64),
    /// At the first checkpoint at which `measure` is known well enough.
    Precision {
        /// Least number of replications.
        min: u64,
        /// Most replications.
        max: u64,
        /// The measure that steers, as `ENTITY.MEASURE` (`journeys.checkout.unavailability`); `None` is the
        /// unavailability of every journey (of every component where there is no journey).
        measure: Option<String>,
        /// Half-width of the interval ÷ estimate at which to stop, > 0.
        relative_half_width: f64,
    },
}

impl Default for Stopping {
    fn default() -> Self {
        Self::Precision {
            min: DEFAULT_MIN_REPLICATIONS,
            max: DEFAULT_MAX_REPLICATIONS,
            measure: None,
            relative_half_width: 0.10,
        }
    }
}
