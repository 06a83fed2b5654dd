//! Availability at an instant, and survival to the first failure, of one process that starts new.

use super::error::NotExact;
use super::probability::Chance;
use super::process::{DownMode, Process};
use crate::units::Hours;

/// Halvings of an interval of ages: to the last bit of its upper end.
const BISECTIONS: u32 = 53;

impl Process {
    /// P(up) and P(down) at `at`.
    ///
    /// Exact for modes that are never repaired, with any laws (up while none has occurred), for a mode with
    /// exponential life and repair, and for several of those in calendar time.
    ///
    /// # Errors
    /// [`NotExact`] for other laws, service time and modes in different clocks.
    pub fn at(&self, at: Hours) -> Result<Chance, NotExact> {
        if self.is_final() {
            return self.survives(at);
        }
        if self.is_worn {
            return Err(NotExact::Worn(self.owner.clone()));
        }
        if self.tests().next().is_some() {
            return self.at_hidden(at);
        }
        let calendar = self.is_calendar()?;
        match &self.modes[..] {
            [only] => self.alternating(only, at),
            modes if calendar => modes.iter().try_fold(Chance::UP, |all, mode| {
                let own = if mode.repair.is_none() { not_yet(mode, at) } else { self.alternating(mode, at)? };
                Ok(all.and(own))
            }),
            _ => Err(NotExact::NoFormula(self.owner.clone())),
        }
    }

    /// P(no failure yet) and its complement at `at`. Until its first failure a unit operates all the time, so every
    /// mode ages in calendar time, whatever its clock, and repairs do not matter.
    ///
    /// # Errors
    /// [`NotExact::ServiceClock`].
    pub fn survives(&self, at: Hours) -> Result<Chance, NotExact> {
        self.refuse_service_time()?;
        Ok(self.unfailed(at))
    }

    /// P(no mode has occurred) after operating for `age`, and its complement.
    pub(super) fn unfailed(&self, age: Hours) -> Chance {
        self.modes.iter().fold(Chance::UP, |all, mode| all.and(not_yet(mode, age)))
    }

    /// The operating time by which a share `p` of units has failed, in (0, 1).
    pub(super) fn life_quantile(&self, p: f64) -> Hours {
        if let [only] = &self.modes[..] {
            return only.time_to_failure.quantile(p);
        }
        // No mode alone has failed more often than all together: the answer lies at or below the least quantile.
        let least = self.modes.iter().map(|mode| mode.time_to_failure.quantile(p).get());
        let (mut low, mut high) = (0.0, least.fold(f64::INFINITY, f64::min));
        for _ in 0..BISECTIONS {
            let middle = 0.5 * (low + high);
            if self.unfailed(Hours::new(middle)).down < p { low = middle } else { high = middle }
        }
        Hours::new(high)
    }

    fn refuse_service_time(&self) -> Result<(), NotExact> {
        // In different clocks, yet all the same until the first failure.
        match self.is_calendar() {
            Err(error @ NotExact::ServiceClock(_)) => Err(error),
            _ => Ok(()),
        }
    }

    /// `U(t) = λ/(λ + μ) · (1 - e^-(λ + μ)t)`: Barlow & Proschan, *Mathematical Theory of Reliability* (1965), 3.2.
    fn alternating(&self, mode: &DownMode, at: Hours) -> Result<Chance, NotExact> {
        let repair = mode.repair.as_ref().and_then(|law| law.is_exponential());
        let (Some(life), Some(repair)) = (mode.time_to_failure.is_exponential(), repair) else {
            return Err(NotExact::NoFormula(self.owner.clone()));
        };
        let (failures, repairs) = (1.0 / life.get(), 1.0 / repair.get());
        let total = failures + repairs;
        let settled = -libm::expm1(-total * at.get());
        let down = failures / total * settled;
        Ok(Chance { up: repairs / total + failures / total * libm::exp(-total * at.get()), down })
    }
}

fn not_yet(mode: &DownMode, at: Hours) -> Chance {
    Chance { up: mode.time_to_failure.survival(at), down: mode.time_to_failure.cdf(at) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::lifetime::Law;
    use crate::system::Clock;

    fn exponential(mean: f64) -> Law {
        Law::exponential(Hours::new(mean)).unwrap()
    }

    #[test]
    fn two_calendar_modes_multiply_and_two_operating_ones_have_no_formula() {
        let mode = |clock| DownMode {
            time_to_failure: exponential(100.0),
            repair: Some(exponential(10.0)),
            clock,
            tests: None,
        };
        let unit = |clock| Process { owner: "web".to_owned(), modes: vec![mode(clock), mode(clock)], is_worn: false };
        let one = Process { owner: "web".to_owned(), modes: vec![mode(Clock::Operating)], is_worn: false };
        let at = Hours::new(7.0);
        let single = one.at(at).unwrap();
        assert!((unit(Clock::Calendar).at(at).unwrap().up - single.up * single.up).abs() < 1e-15);
        assert_eq!(unit(Clock::Operating).at(at), Err(NotExact::NoFormula("web".to_owned())));
        assert!((single.up + single.down - 1.0).abs() < 1e-15);
        let survives = unit(Clock::Operating).survives(at).unwrap();
        assert!((survives.up - libm::exp(-0.14)).abs() < 1e-15);
    }

    #[test]
    fn early_unavailability_keeps_its_digits() {
        let mode = DownMode { time_to_failure: exponential(1e9), repair: None, clock: Clock::Operating, tests: None };
        let unit = Process { owner: "disk".to_owned(), modes: vec![mode], is_worn: false };
        let down = unit.at(Hours::new(1e-3)).unwrap().down;
        assert!((down / 1e-12 - 1.0).abs() < 1e-11);
    }
}
