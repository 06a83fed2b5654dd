//! How a system is to be assessed: seed, replications, when to stop, at what confidence.

pub use ninefold_sim_core::checkpoints::CHUNK;
use serde::{Deserialize, Serialize};

/// Replications up to which a run without a fixed number goes before it gives up on precision.
pub const DEFAULT_MAX_REPLICATIONS: u64 = 200_000;

/// Replications before the first decision to stop.
pub const DEFAULT_MIN_REPLICATIONS: u64 = 200;

/// Relative half-width at which a run stops that says nothing of it.
pub const DEFAULT_RELATIVE_HALF_WIDTH: f64 = 0.10;

/// Confidence of a decision that names none.
pub const DEFAULT_DECISION_CONFIDENCE: f64 = 0.99;

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
    /// Replications, at most those of the run, whose downtime is attributed to cut sets and edges; 0 is none.
    pub attribution: u64,
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

impl Plan {
    /// The flags that say again what was asked of variance reduction, so that neither the file nor a default decides.
    pub fn variance_flags(&self) -> String {
        let Variance { antithetic, control, stratified } = self.variance;
        let flags = [("antithetic", antithetic), ("control", control), ("stratified", stratified)];
        flags.map(|(flag, asked)| format!("--{flag} {}", asked.name())).join(" ")
    }
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            seed: DEFAULT_SEED,
            stopping: Stopping::default(),
            confidence: 0.95,
            variance: Variance::default(),
            attribution: 0,
        }
    }
}

/// When a run stops.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Stopping {
    /// After exactly this many replications, 1..=[`MAX_REPLICATIONS`].
    Fixed(u64),
    /// At the first checkpoint at which the goal is reached.
    Until {
        /// Least number of replications.
        min: u64,
        /// Most replications.
        max: u64,
        /// What is to be known by then.
        goal: Goal,
    },
}

/// What a run is to find out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Goal {
    /// A measure to within a part of itself.
    RelativeHalfWidth {
        /// The measure, as `ENTITY.MEASURE` (`journeys.checkout.unavailability`); `None` is the unavailability of every
        /// journey (of every component where there is no journey), the MTTF in a run to the first failure.
        measure: Option<String>,
        /// Half-width of the interval ÷ estimate, > 0.
        at_most: f64,
    },
    /// A measure to within so much of its unit.
    AbsoluteHalfWidth {
        /// The measure; `None` is the one with this unit, of every journey (of every component where there is none).
        measure: Option<String>,
        /// Half-width of the interval.
        at_most: HalfWidth,
    },
    /// Whether agreements are met, by [a sequential test](ninefold_sim_core::sequential_test).
    Decision {
        /// The agreement; `None` is every one.
        agreement: Option<String>,
        /// 1 − the probability with which the verdict on an agreement may be wrong, in (0, 1).
        confidence: f64,
    },
    /// Whether an agreement is missed in at most a share of its windows, by the same test.
    Breach {
        /// The agreement.
        agreement: String,
        /// The share, in (0, 1).
        at_most: f64,
        /// 1 − the probability with which the verdict may be wrong, in (0, 1).
        confidence: f64,
    },
}

/// Half the width of an interval, > 0, in the unit of what is measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum HalfWidth {
    /// Of a share: `unavailability`, `unserved_ratio`, `breach_probability`.
    Ratio(f64),
    /// Minutes a year: `downtime`.
    MinutesPerYear(f64),
    /// Events a year: `failure_rate`.
    PerYear(f64),
    /// Hours: `mttf`.
    Hours(f64),
}

impl HalfWidth {
    /// The number in its unit.
    pub const fn value(self) -> f64 {
        match self {
            Self::Ratio(value) | Self::MinutesPerYear(value) | Self::PerYear(value) | Self::Hours(value) => value,
        }
    }

    /// The unit as tables name it.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Ratio(_) => "1",
            Self::MinutesPerYear(_) => "min/year",
            Self::PerYear(_) => "1/year",
            Self::Hours(_) => "h",
        }
    }

    /// The measure that is meant where only the unit is given.
    pub fn measure(self) -> &'static str {
        SteeringUnit::named(self.unit()).measures[0]
    }
}

/// A unit of half-widths, and what goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SteeringUnit {
    /// As tables name it.
    pub unit: &'static str,
    /// In words.
    pub words: &'static str,
    /// How such a half-width is written, for example.
    pub written: &'static str,
    /// Measures with this unit that a run can steer by; the first is meant where only the unit is given.
    pub measures: &'static [&'static str],
}

/// Every unit that a half-width can have.
pub static STEERING_UNITS: [SteeringUnit; 4] = [
    SteeringUnit {
        unit: "1",
        words: "a ratio",
        written: "`0.00001` or `0.001 %`",
        measures: &["unavailability", "unserved_ratio", "breach_probability"],
    },
    SteeringUnit { unit: "min/year", words: "time a year", written: "`5min/year`", measures: &["downtime"] },
    SteeringUnit { unit: "1/year", words: "a number a year", written: "`0.1/year`", measures: &["failure_rate"] },
    SteeringUnit { unit: "h", words: "a duration", written: "`100h`", measures: &["mttf"] },
];

impl SteeringUnit {
    /// The one that tables name so, which is one of [`STEERING_UNITS`].
    pub fn named(unit: &str) -> &'static Self {
        let found = STEERING_UNITS.iter().find(|known| known.unit == unit);
        found.expect("bug: a half-width has one of these units")
    }
}

/// The unit of a measure that a run can steer by, as tables name it; `None` if it cannot.
pub fn steering_unit(measure: &str) -> Option<&'static str> {
    STEERING_UNITS.iter().find(|unit| unit.measures.contains(&measure)).map(|unit| unit.unit)
}

impl Default for Goal {
    fn default() -> Self {
        Self::RelativeHalfWidth { measure: None, at_most: DEFAULT_RELATIVE_HALF_WIDTH }
    }
}

impl Default for Stopping {
    fn default() -> Self {
        Self::Until { min: DEFAULT_MIN_REPLICATIONS, max: DEFAULT_MAX_REPLICATIONS, goal: Goal::default() }
    }
}
