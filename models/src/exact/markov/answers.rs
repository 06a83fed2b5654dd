//! What a chain answers about its entity.

use super::METHOD;
use super::chain::Chain;
use crate::exact::error::NotExact;
use crate::exact::solutions::{Measure, Solutions};
use crate::units::{HOURS_PER_YEAR, Hours};

impl Chain {
    /// Unavailability, frequency, mean times.
    pub(crate) fn add_long_run(&self, entity: &str, solutions: &mut Solutions) -> Result<(), NotExact> {
        let (chance, per_hour) = self.steady()?;
        let mut add = |measure, value| solutions.add(entity, measure, None, (value, METHOD));
        add(Measure::Unavailability, chance.down);
        add(Measure::Downtime, chance.down * HOURS_PER_YEAR * 60.0);
        add(Measure::FailureRate, per_hour * HOURS_PER_YEAR);
        if per_hour > 0.0 {
            add(Measure::Mtbf, 1.0 / per_hour);
            add(Measure::Mut, chance.up / per_hour);
            add(Measure::Mttr, chance.down / per_hour);
        }
        Ok(())
    }

    /// Availability at each instant, and over the time before it.
    pub(crate) fn add_points(
        &self,
        entity: &str,
        report_at: &[Hours],
        solutions: &mut Solutions,
    ) -> Result<(), NotExact> {
        for &moment in report_at {
            let course = self.course(moment.get())?;
            solutions.add(entity, Measure::AvailabilityAt, Some(moment), (course.at.up, METHOD));
            if moment.get() > 0.0 {
                let up = 1.0 - course.until.down;
                solutions.add(entity, Measure::IntervalAvailabilityAt, Some(moment), (up, METHOD));
            }
        }
        Ok(())
    }

    /// Mean time to the first failure, and reliability at each instant.
    pub(crate) fn add_first_failure(
        &self,
        entity: &str,
        report_at: &[Hours],
        solutions: &mut Solutions,
    ) -> Result<(), NotExact> {
        let mean = self.mean_time_to_failure()?;
        if mean.is_finite() {
            solutions.add(entity, Measure::Mttf, None, (mean, METHOD));
        }
        for &moment in report_at {
            let survives = self.survives(moment.get())?;
            solutions.add(entity, Measure::ReliabilityAt, Some(moment), (survives.up, METHOD));
        }
        Ok(())
    }
}
