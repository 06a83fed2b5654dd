//! When a capacity is exhausted, and by when more has to be ordered.

use ninefold_models::forecast::{Exhaustion, Probability, SamplePaths};

use super::report::{CONFIDENCE, PATHS};
use super::step::duration;
use super::{ForecastFileError, History};

/// What is asked of a capacity.
#[derive(Clone, Debug, PartialEq)]
pub struct Capacity {
    /// The capacity, in the unit of the values.
    pub amount: f64,
    /// How long more of it takes to come, as a duration; nothing: at once.
    pub lead_time: Option<String>,
    /// Largest probability of exhaustion that is accepted, 0 to 1.
    pub risk: f64,
}

/// A capacity over the horizon.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// What was asked.
    pub capacity: Capacity,
    /// Of each step, the probability that demand has been above the capacity by then, with its 95 % interval over the
    /// paths drawn.
    pub exhausted: Vec<Probability>,
    /// The first step (from 0) by which that is more probable than the accepted risk, and its instant in seconds since
    /// 1970; nothing within the horizon.
    pub needed: Option<(usize, i64)>,
    /// The last instant at which more can be ordered to be there by then; before the end of the history it is too late.
    pub order_by: Option<i64>,
}

impl Order {
    pub(super) fn of(
        capacity: &Capacity,
        (paths, seed): (&SamplePaths, u64),
        history: &History,
    ) -> Result<Self, ForecastFileError> {
        let lead = capacity.lead_time.as_deref().map(|lead| duration("--lead-time", lead)).transpose()?;
        let exhaustion = Exhaustion::of(paths, capacity.amount, (seed, PATHS))?;
        let by = |step| exhaustion.by(step, CONFIDENCE).expect("bug: a path has every step of the horizon");
        let needed = exhaustion.needed_at(capacity.risk)?;
        let needed = needed.map(|step| (step - 1, history.instant(history.values.len() + step - 1)));
        Ok(Self {
            capacity: capacity.clone(),
            exhausted: (1..=paths.horizon()).map(by).collect(),
            needed,
            order_by: needed.map(|(_, at)| at.saturating_sub(lead.unwrap_or(0.0).ceil() as i64)),
        })
    }
}
