//! Demand that is constant between steps.

use ninefold_sim_core::tick::Tick;

/// Parts of one unit of demand.
pub const MILLIONTHS: u64 = 1_000_000;

/// Largest demand, units: sums over a long replay stay exact.
const DEMAND_MAX: f64 = 1e12;

/// Why steps are no demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotADemand {
    /// No step at all.
    #[error("there is no step")]
    Empty,
    /// A step is not later than the one before it.
    #[error("step {0} is not later than the one before it")]
    Order(usize),
    /// A value that is negative, no number or above 1e12.
    #[error("the value of step {0} is not from 0 to 1e12")]
    Value(usize),
}

/// Demand over time, in millionths of a unit; before the first step it is as in the first step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    steps: Vec<(Tick, u64)>,
}

impl Demand {
    /// Demand from steps `(since, units)`, rounded to millionths (half to even).
    ///
    /// # Errors
    /// [`NotADemand`], with the step.
    pub fn new(steps: &[(Tick, f64)]) -> Result<Self, NotADemand> {
        if steps.is_empty() {
            return Err(NotADemand::Empty);
        }
        let mut kept: Vec<(Tick, u64)> = Vec::with_capacity(steps.len());
        for (place, &(since, value)) in steps.iter().enumerate() {
            if kept.last().is_some_and(|&(before, _)| before >= since) {
                return Err(NotADemand::Order(place));
            }
            // A NaN is outside.
            if !(0.0..=DEMAND_MAX).contains(&value) {
                return Err(NotADemand::Value(place));
            }
            kept.push((since, (value * MILLIONTHS as f64).round_ties_even() as u64));
        }
        Ok(Self { steps: kept })
    }

    /// Demand at an instant, millionths.
    pub fn at(&self, now: Tick) -> u64 {
        let next = self.steps.partition_point(|&(since, _)| since <= now);
        self.steps[next.saturating_sub(1)].1
    }

    /// The next step after an instant; [`Tick::NEVER`] where there is none.
    pub(super) fn next_after(&self, now: Tick) -> Tick {
        let next = self.steps.partition_point(|&(since, _)| since <= now);
        self.steps.get(next).map_or(Tick::NEVER, |&(since, _)| since)
    }

    /// When the last step begins.
    pub fn last_step(&self) -> Tick {
        self.steps.last().map_or(Tick::ZERO, |&(since, _)| since)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn steps_hold_until_the_next() {
        let at = |s: i64| Tick::new(s);
        let demand = Demand::new(&[(at(10), 1.5), (at(20), 0.000_000_5)]).unwrap();
        assert_eq!([0, 10, 19, 20, 99].map(|s| demand.at(at(s))), [1_500_000, 1_500_000, 1_500_000, 0, 0]);
        assert_eq!((demand.next_after(at(10)), demand.next_after(at(20))), (at(20), Tick::NEVER));
        assert_eq!(Demand::new(&[]), Err(NotADemand::Empty));
        assert_eq!(Demand::new(&[(at(1), 1.0), (at(1), 1.0)]), Err(NotADemand::Order(1)));
        assert_eq!(Demand::new(&[(at(1), f64::NAN)]), Err(NotADemand::Value(0)));
    }
}
