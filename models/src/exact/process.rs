//! One independent process: a replica or a domain that fails in one or several ways and is repaired.

use super::error::NotExact;
use super::lattice;
use super::probability::Chance;
use crate::lifetime::Law;
use crate::system::{Clock, Tests};

/// The failure modes that down a unit. Modes that degrade it change no clock of these and are left out.
#[derive(Clone, Debug)]
pub struct Process {
    /// Whose it is, for messages.
    pub owner: String,
    /// The modes.
    pub modes: Vec<DownMode>,
    /// A repair of its does not make as good as new: nothing is known beyond the first failure.
    pub is_worn: bool,
}

/// A failure mode that downs its unit.
#[derive(Clone, Debug)]
pub struct DownMode {
    /// Time to failure.
    pub time_to_failure: Law,
    /// Repair; `None` is never.
    pub repair: Option<Law>,
    /// The time it ages in.
    pub clock: Clock,
    /// The tests before which its repair does not begin.
    pub tests: Option<Tests>,
}

/// The long run of a process.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steady {
    /// Shares of time up and down.
    pub chance: Chance,
    /// Up-to-down transitions per hour of calendar time.
    pub per_hour: f64,
    /// It forgets the phase it started in.
    pub settles: bool,
    /// It changes state at separate instants only, so that two such processes can change at once.
    pub discrete: bool,
}

impl Process {
    /// Long-run shares of time and frequency of failures.
    ///
    /// In operating time the modes' clocks stand still together while the unit is down, so with any laws
    /// `U = x/(1 + x)` with `x = Σ mean repair ÷ mean time to failure` (renewal reward: Ross, *Stochastic Processes*,
    /// 2nd ed. (1996), 3.6). Modes in calendar time are independent of each other: `1 - U = Π 1/(1 + xᵢ)`.
    ///
    /// # Errors
    /// [`NotExact`] for a mode that is never repaired, ages in service time or has a repair without a mean, and for
    /// modes in different clocks.
    pub fn steady(&self) -> Result<Steady, NotExact> {
        if self.is_worn {
            return Err(NotExact::Worn(self.owner.clone()));
        }
        if self.tests().next().is_some() {
            return self.steady_hidden();
        }
        let ratios = self.modes.iter().map(|mode| self.ratio(mode)).collect::<Result<Vec<_>, _>>()?;
        let rate = |mode: &DownMode| 1.0 / mode.time_to_failure.mean().get();
        let (chance, per_hour) = if self.is_calendar()? {
            let chance = ratios.iter().fold(Chance::UP, |all, &ratio| all.and(Chance::of_ratio(ratio)));
            // Mode i fails at rate rateᵢ while it is absent itself, and downs the unit if all others are absent too.
            (chance, chance.up * self.modes.iter().map(rate).sum::<f64>())
        } else {
            let chance = Chance::of_ratio(ratios.iter().sum());
            (chance, chance.up * self.modes.iter().map(rate).sum::<f64>())
        };
        let (settles, discrete) = self.phases();
        Ok(Steady { chance, per_hour, settles, discrete })
    }

    /// Whether no mode is ever repaired.
    pub fn is_final(&self) -> bool {
        self.modes.iter().all(|mode| mode.repair.is_none())
    }

    /// Whether the modes are independent of each other: several, all in calendar time.
    ///
    /// # Errors
    /// [`NotExact`] for service time, and for modes in different clocks.
    pub(super) fn is_calendar(&self) -> Result<bool, NotExact> {
        let clocks = |clock| self.modes.iter().filter(|mode| mode.clock == clock).count();
        if clocks(Clock::Service) > 0 {
            return Err(NotExact::ServiceClock(self.owner.clone()));
        }
        // One mode alone stands still exactly while it is present itself: both clocks are the same.
        match (clocks(Clock::Calendar), self.modes.len()) {
            (0, _) | (1, 1) => Ok(false),
            (calendar, all) if calendar == all => Ok(true),
            _ => Err(NotExact::MixedClocks(self.owner.clone())),
        }
    }

    fn ratio(&self, mode: &DownMode) -> Result<f64, NotExact> {
        let repair = mode.repair.as_ref().ok_or_else(|| NotExact::NeverRepaired(self.owner.clone()))?.mean().get();
        let life = mode.time_to_failure.mean().get();
        if !repair.is_finite() {
            return Err(NotExact::NoMean(self.owner.clone()));
        }
        if !(life > 0.0) {
            return Err(NotExact::NoLife(self.owner.clone()));
        }
        // A life without a finite mean makes failures ever rarer.
        Ok(repair / life)
    }

    /// Whether it settles, and whether it is discrete.
    fn phases(&self) -> (bool, bool) {
        let values = |law: &Law| lattice::values(law);
        let modes: Vec<_> =
            self.modes.iter().map(|mode| (values(&mode.time_to_failure), mode.repair.as_ref().map(values))).collect();
        match &modes[..] {
            [] => (true, false),
            [(Some(life), Some(Some(repair)))] => (lattice::settles(life, repair), true),
            _ => {
                let discrete = modes.iter().all(|(life, repair)| life.is_some() && !matches!(repair, Some(None)));
                (!discrete, discrete)
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::units::Hours;

    fn process(modes: &[(f64, f64)], clock: Clock) -> Process {
        let law = |mean| Law::exponential(Hours::new(mean)).unwrap();
        let mode =
            |&(life, repair)| DownMode { time_to_failure: law(life), repair: Some(law(repair)), clock, tests: None };
        Process { owner: "web".to_owned(), modes: modes.iter().map(mode).collect(), is_worn: false }
    }

    fn close(a: f64, b: f64) {
        assert!((a / b - 1.0).abs() < 1e-14, "{a} is not {b}");
    }

    #[test]
    fn operating_modes_add_their_ratios() {
        let steady = process(&[(1000.0, 10.0), (500.0, 10.0)], Clock::Operating).steady().unwrap();
        close(steady.chance.down, 0.03 / 1.03);
        close(steady.per_hour, (0.001 + 0.002) / 1.03);
        assert!(steady.settles && !steady.discrete);
    }

    #[test]
    fn calendar_modes_are_independent() {
        let steady = process(&[(1000.0, 10.0), (500.0, 10.0)], Clock::Calendar).steady().unwrap();
        close(steady.chance.up, 1.0 / 1.01 / 1.02);
        close(steady.per_hour, 0.003 / 1.01 / 1.02);
        let one = process(&[(1000.0, 10.0)], Clock::Calendar).steady().unwrap();
        assert_eq!(one, process(&[(1000.0, 10.0)], Clock::Operating).steady().unwrap());
    }

    #[test]
    fn what_has_no_steady_state_says_why() {
        let mut unit = process(&[(1000.0, 10.0), (500.0, 10.0)], Clock::Operating);
        unit.modes[1].clock = Clock::Calendar;
        assert_eq!(unit.steady(), Err(NotExact::MixedClocks("web".to_owned())));
        unit.modes[1].clock = Clock::Service;
        assert_eq!(unit.steady(), Err(NotExact::ServiceClock("web".to_owned())));
        unit.modes[1].repair = None;
        assert_eq!(unit.steady(), Err(NotExact::NeverRepaired("web".to_owned())));
    }

    #[test]
    fn a_life_of_no_length_and_a_repair_without_mean_are_refused() {
        let mut unit = process(&[(1000.0, 10.0)], Clock::Operating);
        unit.modes[0].repair = Some(Law::pareto(0.9, Hours::new(1.0)).unwrap());
        assert_eq!(unit.steady(), Err(NotExact::NoMean("web".to_owned())));
        unit = process(&[(1000.0, 10.0)], Clock::Operating);
        unit.modes[0].time_to_failure = Law::constant(Hours::ZERO).unwrap();
        assert_eq!(unit.steady(), Err(NotExact::NoLife("web".to_owned())));
    }

    #[test]
    fn a_life_without_a_mean_has_no_unavailability_in_the_long_run() {
        let mut unit = process(&[(1000.0, 10.0)], Clock::Operating);
        unit.modes[0].time_to_failure = Law::pareto(0.9, Hours::new(1.0)).unwrap();
        let steady = unit.steady().unwrap();
        assert_eq!((steady.chance, steady.per_hour), (Chance::UP, 0.0));
    }
}
