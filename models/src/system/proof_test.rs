//! Hidden failures: what a unit does not show until a test finds it.
//!
//! The unit is down from the failure on; its repair begins at the first test that finds it. Tests of a mode come at fixed
//! times, the same for every unit, and take no time; a test at the very instant of a failure comes too early. Source: IEC
//! 61508-6 (2010), annex B (proof test intervals).

use ninefold_sim_core::stream::{StreamId, StreamRegister};
use ninefold_sim_core::tick::Tick;

use super::backup::Restore;
use super::error::SystemError;
use super::spec::{ModeSpec, Repair};
use crate::lifetime::Law;
use crate::units::Hours;

/// When a mode is tested, and how well.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tests {
    /// From one test to the next, above 0.
    pub every: Hours,
    /// The first test after the start, at least 0.
    pub first_at: Hours,
    /// Probability that a test finds what is there, above 0, at most 1; each test for itself.
    pub coverage: f64,
}

/// A repair that begins once a test has found the failure.
#[derive(Clone, Debug, PartialEq)]
pub struct TestedRepair {
    /// The tests.
    pub tests: Tests,
    /// From the test to the unit being as good as new.
    pub takes: Law,
}

/// The tests of one mode of one unit, compiled.
#[derive(Clone, Copy, Debug)]
pub struct ModeTests {
    every: Tick,
    first: Tick,
    /// Probability that a test finds what is there.
    pub coverage: f64,
    /// Stream of which test finds it.
    pub stream: StreamId,
}

impl ModeTests {
    /// The tests of a mode, if it waits for any; `stream` names the mode.
    pub(super) fn of(mode: &ModeSpec, stream: &str, streams: &mut StreamRegister) -> Result<Option<Self>, SystemError> {
        let tests = match &mode.repair {
            Repair::Tested(TestedRepair { tests, .. }) => tests,
            Repair::Restored(Restore { found: Some(tests), .. }) => tests,
            _ => return Ok(None),
        };
        let Tests { every, first_at, coverage } = *tests;
        let out_of_range = |what, value, allowed: &str| {
            Err(SystemError::OutOfRange { what, name: mode.name.clone(), value, allowed: allowed.to_owned() })
        };
        let (every_ticks, first) = (Tick::from_hours(every.get()), Tick::from_hours(first_at.get()));
        if every_ticks <= Tick::ZERO {
            return out_of_range("time between tests", every.get(), "above 0");
        }
        if !(first_at.get() >= 0.0) {
            return out_of_range("first test", first_at.get(), "at least 0");
        }
        if !(coverage > 0.0 && coverage <= 1.0) {
            return out_of_range("coverage of a test", coverage, "above 0, at most 1");
        }
        let stream = streams.take("found", stream)?;
        Ok(Some(Self { every: every_ticks, first, coverage, stream }))
    }

    /// When a failure at `now` is found, if so many tests overlook it; [`Tick::NEVER`] beyond all time.
    pub(crate) fn found(&self, now: Tick, overlooked: f64) -> Tick {
        // Tests up to now, this instant's among them, come too early.
        let past = if now < self.first { 0 } else { now.since(self.first).get() / self.every.get() + 1 };
        let ahead = (past as f64 + overlooked) * self.every.get() as f64;
        if overlooked > 0.0 && !(ahead < Tick::LAST.get() as f64) {
            return Tick::NEVER;
        }
        let tests = past + overlooked as i64;
        self.every.get().checked_mul(tests).map_or(Tick::NEVER, |after| self.first.after(Tick::new(after)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_found_at_the_first_test_after_it() {
        let stream = StreamId::of(0, "found", "unit");
        let tests = ModeTests { every: Tick::new(100), first: Tick::new(30), coverage: 0.5, stream };
        let found = |now, overlooked| tests.found(Tick::new(now), overlooked).get();
        assert_eq!(
            [found(0, 0.0), found(29, 0.0), found(30, 0.0), found(129, 0.0), found(130, 0.0)],
            [30, 30, 130, 130, 230]
        );
        assert_eq!([found(0, 2.0), found(130, 1.0)], [230, 330]);
        assert!(tests.found(Tick::ZERO, 1e300).is_never());
    }
}
