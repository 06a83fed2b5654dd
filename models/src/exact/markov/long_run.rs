//! Shares of time, frequency of failures, and the mean time to the first.

use super::chain::Chain;
use super::{gauss_seidel, gth};
use crate::exact::error::NotExact;
use crate::exact::probability::Chance;

impl Chain {
    /// Long-run chance of being up and down, and up-to-down transitions per hour.
    ///
    /// # Errors
    /// [`NotExact`] if something is never repaired, or the iteration does not converge.
    pub(crate) fn steady(&self) -> Result<(Chance, f64), NotExact> {
        if self.never_repaired {
            return Err(NotExact::NoLongRun);
        }
        let share = self.shares()?;
        let sum =
            |up: bool| -> f64 { (0..self.states()).filter(|&state| self.up[state] == up).map(|s| share[s]).sum() };
        let chance = Chance { up: sum(true), down: sum(false) };
        let falls = |state: usize| -> f64 { self.moves(state).filter(|&(to, _)| !self.up[to]).map(|(_, r)| r).sum() };
        let per_hour =
            (0..self.states()).filter(|&state| self.up[state]).map(|state| share[state] * falls(state)).sum();
        Ok((chance, per_hour))
    }

    /// Mean time until the entity is first down, in hours; infinite if it never is.
    ///
    /// The chain that starts again after each failure spends `back × P(failed)` of its starts so: the mean is the ratio
    /// of what it spends before and in failure.
    ///
    /// # Errors
    /// [`NotExact::NoConvergence`].
    pub(crate) fn mean_time_to_failure(&self) -> Result<f64, NotExact> {
        if !self.up[0] {
            return Ok(0.0);
        }
        if self.up.iter().all(|&up| up) {
            return Ok(f64::INFINITY);
        }
        let renewed = self.until_down(1.0);
        let share = renewed.shares()?;
        let end = renewed.states() - 1;
        Ok(share[..end].iter().sum::<f64>() / share[end])
    }

    fn shares(&self) -> Result<Vec<f64>, NotExact> {
        let found = if self.states() <= gth::STATES_MAX { gth::long_run(self) } else { gauss_seidel::long_run(self) };
        found.ok_or(NotExact::NoConvergence)
    }
}
