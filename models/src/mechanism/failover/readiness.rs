//! Whether a plan would work: defects come unseen and stay until a test or a failover finds them.

use ninefold_sim_core::stream::{Replication, Stream, StreamId};
use ninefold_sim_core::tick::Tick;

use crate::system::{PlanTest, TestMethod};

/// The defect of one instance, looked at only when somebody asks.
#[derive(Debug)]
pub(super) struct Readiness {
    stream: Stream,
    /// When the next defect comes, or came.
    defect: Tick,
}

impl Readiness {
    pub(super) const fn new(stream: StreamId) -> Self {
        Self { stream: Stream::new(stream), defect: Tick::NEVER }
    }

    /// The plan is sound at tick 0.
    pub(super) fn start(&mut self, test: Option<&PlanTest>, replication: Replication) {
        self.stream.rewind();
        self.defect = Tick::NEVER;
        if let Some(test) = test {
            self.mended(test, Tick::ZERO, replication);
        }
    }

    /// No defect is left; the next comes at its rate.
    fn mended(&mut self, test: &PlanTest, now: Tick, replication: Replication) {
        let waits = -libm::log(self.stream.open01(replication)) / test.decay_per_hour;
        self.defect = if waits.is_finite() { now.after(Tick::from_hours(waits)) } else { Tick::NEVER };
    }

    /// Whether there is a defect now, which is mended as it shows itself. Shadow tests until now are looked back at: the
    /// first after a defect finds it with the probability of their coverage, or else the one after that, and so on.
    pub(super) fn defect(&mut self, test: Option<&PlanTest>, now: Tick, replication: Replication) -> bool {
        let Some(test) = test else { return false };
        while self.defect <= now {
            let found = self.found_at(test, replication);
            if found > now {
                self.mended(test, now, replication);
                return true;
            }
            self.mended(test, found, replication);
        }
        false
    }

    /// When a shadow test finds the defect; full tests are events of their own.
    fn found_at(&mut self, test: &PlanTest, replication: Replication) -> Tick {
        if test.method == TestMethod::Full || test.coverage <= 0.0 {
            return Tick::NEVER;
        }
        let every = test.every.get();
        let first = libm::ceil(self.defect.hours() / every).max(1.0);
        let missed = if test.coverage < 1.0 {
            libm::floor(libm::log(self.stream.open01(replication)) / libm::log1p(-test.coverage))
        } else {
            0.0
        };
        Tick::from_hours((first + missed) * every)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Hours;

    /// Mean probability of failure on demand between tests of interval T that find everything: 1 − (1 − e^(−λT)) ÷ (λT).
    #[test]
    fn demands_between_tests_meet_a_defect_as_in_the_closed_form() {
        let test = PlanTest {
            every: Hours::new(2160.0),
            method: TestMethod::Shadow,
            coverage: 1.0,
            decay_per_hour: 0.0008 / 24.0,
        };
        let load = test.decay_per_hour * test.every.get();
        let expected = 1.0 - (1.0 - libm::exp(-load)) / load;
        let mut readiness = Readiness::new(StreamId::of(0, "failover_test", "test"));
        let mut demand = Stream::new(StreamId::of(0, "demand", "test"));
        let (mut met, n) = (0u32, 100_000);
        for index in 0..n {
            let replication = Replication::new(3, index);
            readiness.start(Some(&test), replication);
            demand.rewind();
            let now = Tick::from_hours(demand.open01(replication) * 10.0 * test.every.get());
            met += u32::from(readiness.defect(Some(&test), now, replication));
        }
        let share = f64::from(met) / f64::from(n);
        let error = (expected * (1.0 - expected) / f64::from(n)).sqrt();
        assert!(error < 0.02 * expected);
        assert!((share - expected).abs() < 4.0 * error, "{share} ± {error}, not {expected}");
    }

    /// A test that finds nothing leaves every defect: P(defect by t) = 1 − e^(−λt).
    #[test]
    fn without_coverage_defects_pile_up() {
        let test =
            PlanTest { every: Hours::new(10.0), method: TestMethod::Shadow, coverage: 0.0, decay_per_hour: 0.01 };
        let mut readiness = Readiness::new(StreamId::of(0, "failover_test", "test"));
        let n = 40_000;
        let mut met = 0u32;
        for index in 0..n {
            let replication = Replication::new(5, index);
            readiness.start(Some(&test), replication);
            met += u32::from(readiness.defect(Some(&test), Tick::from_hours(100.0), replication));
        }
        let (share, expected) = (f64::from(met) / f64::from(n), 1.0 - libm::exp(-1.0));
        let error = (expected * (1.0 - expected) / f64::from(n)).sqrt();
        assert!(error < 0.005 && (share - expected).abs() < 4.0 * error, "{share}, not {expected}");
    }
}
