//! Hidden failures between tests, exactly: one mode with an exponential life whose repair at a test takes no time.
//!
//! Then the state just after a test is a chain of two states. With `q = e^(-λT)` and coverage `c` the unit is down just
//! after a test with probability `(1 - c)(1 - q) ÷ (1 - q(1 - c))` in the long run, which is approached by a factor
//! `q(1 - c)` a test. With `c = 1` the mean over time is `1 - (1 - e^(-λT)) ÷ (λT)`. Source: IEC 61508-6 (2010), annex B;
//! Rausand & Høyland, *System Reliability Theory*, 2nd ed. (2004), 10.3.

use super::error::NotExact;
use super::probability::Chance;
use super::process::{DownMode, Process, Steady};
use crate::system::Tests;
use crate::units::Hours;

/// Below this the mean of a short interval is summed as a series.
const SMALL: f64 = 1e-2;

/// A hidden mode that has a formula.
struct Hidden {
    per_hour: f64,
    tests: Tests,
}

impl Process {
    /// The tests of its modes, in order.
    pub(super) fn tests(&self) -> impl Iterator<Item = Tests> + '_ {
        self.modes.iter().filter_map(|mode| mode.tests)
    }

    /// Its only mode, if it is hidden and has a formula.
    fn hidden(&self) -> Result<Hidden, NotExact> {
        let refused = || NotExact::Hidden(self.owner.clone());
        let [DownMode { time_to_failure, repair: Some(repair), tests: Some(tests), .. }] = &self.modes[..] else {
            return Err(refused());
        };
        let mean = time_to_failure.is_exponential().ok_or_else(refused)?;
        if repair.quantile(1.0).get() > 0.0 {
            return Err(refused());
        }
        Ok(Hidden { per_hour: 1.0 / mean.get(), tests: *tests })
    }

    /// The long run over all phases between tests.
    pub(super) fn steady_hidden(&self) -> Result<Steady, NotExact> {
        let hidden = self.hidden()?;
        let x = hidden.per_hour * hidden.tests.every.get();
        // Found up just after a test, the share of the interval that it is down, and up.
        let (fails, lives) = (mean_failed(x), -libm::expm1(-x) / x);
        let after = hidden.down_after_tests();
        let down = fails + after * lives;
        let chance = Chance { up: (1.0 - after) * lives, down };
        Ok(Steady { chance, per_hour: hidden.per_hour * chance.up, settles: false, discrete: false })
    }

    /// P(up) and P(down) at an instant; at a test, just after it.
    pub(super) fn at_hidden(&self, at: Hours) -> Result<Chance, NotExact> {
        let hidden = self.hidden()?;
        let Tests { every, first_at, coverage } = hidden.tests;
        let failed = |hours: f64| -libm::expm1(-hidden.per_hour * hours);
        if at < first_at {
            return Ok(Chance { up: 1.0 - failed(at.get()), down: failed(at.get()) });
        }
        let tests = libm::floor((at.get() - first_at.get()) / every.get());
        let since = (at.get() - first_at.get() - tests * every.get()).max(0.0);
        let limit = hidden.down_after_tests();
        let first = (1.0 - coverage) * failed(first_at.get());
        let kept = libm::exp(-hidden.per_hour * every.get()) * (1.0 - coverage);
        let after = if coverage == 1.0 { 0.0 } else { limit + (first - limit) * libm::pow(kept, tests) };
        let up = (1.0 - after) * libm::exp(-hidden.per_hour * since);
        Ok(Chance { up, down: after + (1.0 - after) * failed(since) })
    }
}

impl Hidden {
    /// P(down just after a test) in the long run.
    fn down_after_tests(&self) -> f64 {
        let (missed, q) = (1.0 - self.tests.coverage, libm::exp(-self.per_hour * self.tests.every.get()));
        missed * -libm::expm1(-self.per_hour * self.tests.every.get()) / (1.0 - q * missed)
    }
}

/// `1 - (1 - e^-x)/x`, the mean of `1 - e^-t` over 0..x.
fn mean_failed(x: f64) -> f64 {
    if x > SMALL {
        return 1.0 + libm::expm1(-x) / x;
    }
    // Σ (-1)^(k+1) x^k ÷ (k + 1)!, k from 1.
    let (mut sum, mut term) = (0.0, 1.0);
    for k in 1..=8 {
        term *= x / f64::from(k + 1);
        sum += if k % 2 == 1 { term } else { -term };
    }
    sum
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::exact::quadrature;
    use crate::lifetime::Law;
    use crate::system::Clock;

    fn unit(life: f64, (every, first_at, coverage): (f64, f64, f64)) -> Process {
        let tests = Tests { every: Hours::new(every), first_at: Hours::new(first_at), coverage };
        let mode = DownMode {
            time_to_failure: Law::exponential(Hours::new(life)).unwrap(),
            repair: Some(Law::constant(Hours::ZERO).unwrap()),
            clock: Clock::Operating,
            tests: Some(tests),
        };
        Process { owner: "valve".to_owned(), modes: vec![mode], is_worn: false }
    }

    fn close(value: f64, expected: f64, relative: f64) {
        assert!((value / expected - 1.0).abs() <= relative, "{value} is not {expected}");
    }

    #[test]
    fn the_mean_between_tests_is_the_closed_form() {
        // Case r09: λ 2e-6/h, tested each year.
        let steady = unit(5e5, (8760.0, 8760.0, 1.0)).steady().unwrap();
        close(steady.chance.down, 0.008_709_064_890_924_358, 1e-13);
        close(steady.per_hour, 2e-6 * (1.0 - 0.008_709_064_890_924_358), 1e-13);
        // λT/2 where it is small, and the two ways to sum meet.
        close(unit(1e9, (10.0, 0.0, 1.0)).steady().unwrap().chance.down, 5e-9, 1e-8);
        close(mean_failed(SMALL), 1.0 + libm::expm1(-SMALL) / SMALL, 1e-13);
    }

    #[test]
    fn the_course_tends_to_the_long_run() {
        let unit = unit(700.0, (300.0, 120.0, 0.6));
        let start = 120.0 + 60.0 * 300.0;
        let down = |t: f64| unit.at(Hours::new(start + t)).unwrap().down;
        let mean = quadrature::integral(&down, 300.0).unwrap() / 300.0;
        close(unit.steady().unwrap().chance.down, mean, 1e-11);
    }

    #[test]
    fn a_test_mends_what_it_finds() {
        let unit = unit(700.0, (300.0, 120.0, 0.6));
        let down = |t: f64| unit.at(Hours::new(t)).unwrap().down;
        close(down(119.999_999_999), -libm::expm1(-120.0 / 700.0), 1e-9);
        close(down(120.0), 0.4 * -libm::expm1(-120.0 / 700.0), 1e-12);
        close(down(420.0) / 0.4, 1.0 - (1.0 - down(120.0)) * libm::exp(-300.0 / 700.0), 1e-12);
    }
}
