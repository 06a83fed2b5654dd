//! Whether a plan would work: defects come unseen and stay until a test finds them or a failover meets them.

use ninefold_sim_core::stream::{Replication, Stream, StreamId};
use ninefold_sim_core::tick::Tick;

use crate::system::PlanTest;

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

    /// Whether there is a defect now, which is mended as it shows itself.
    pub(super) fn meets_defect(&mut self, test: Option<&PlanTest>, now: Tick, replication: Replication) -> bool {
        let Some(test) = test.filter(|_| self.defect <= now) else { return false };
        self.mended(test, now, replication);
        true
    }

    /// Whether a test finds a defect, which is then mended.
    pub(super) fn finds_defect(&mut self, test: &PlanTest, now: Tick, replication: Replication) -> bool {
        let found = self.defect <= now && self.stream.open01(replication) < test.coverage;
        if found {
            self.mended(test, now, replication);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::{Believed, TestMethod};
    use crate::units::Hours;

    /// The share of demands that meet a defect, each at an even instant of the last interval before the end; and its error.
    fn share_met(test: PlanTest, intervals: u32, (seed, n): (u64, u32)) -> (f64, f64) {
        let mut readiness = Readiness::new(StreamId::of(0, "failover_test", "test"));
        let mut demand = Stream::new(StreamId::of(0, "demand", "test"));
        let mut met = 0u32;
        for index in 0..n {
            let replication = Replication::new(seed, index);
            readiness.start(Some(&test), replication);
            for number in 1..=intervals {
                let now = Tick::from_hours(f64::from(number) * test.every.get());
                readiness.finds_defect(&test, now, replication);
            }
            demand.rewind();
            let now = (f64::from(intervals) + demand.open01(replication)) * test.every.get();
            met += u32::from(readiness.meets_defect(Some(&test), Tick::from_hours(now), replication));
        }
        let share = f64::from(met) / f64::from(n);
        (share, (share * (1.0 - share) / f64::from(n)).sqrt())
    }

    fn test(coverage: f64) -> PlanTest {
        let (every, decay_per_hour) = (Hours::new(2160.0), 0.0008 / 24.0);
        PlanTest { every, method: TestMethod::Shadow, coverage, decay_per_hour, believed: Believed::default() }
    }

    /// Mean probability of failure on demand between tests of interval T that find everything: 1 − (1 − e^(−λT)) ÷ (λT).
    #[test]
    fn demands_between_tests_meet_a_defect_as_in_the_closed_form() {
        let load = 0.0008 * 90.0;
        let expected = 1.0 - (1.0 - libm::exp(-load)) / load;
        let (share, error) = share_met(test(1.0), 9, (3, 100_000));
        assert!(error < 0.02 * expected);
        assert!((share - expected).abs() < 4.0 * error, "{share} ± {error}, not {expected}");
    }

    /// With tests that overlook some, the closed form of the long run.
    #[test]
    fn what_tests_overlook_piles_up_as_in_the_closed_form() {
        let half = test(0.5);
        let expected = half.latent((Hours::ZERO, half.every));
        let (share, error) = share_met(half, 20, (4, 60_000));
        assert!(error < 0.02 * expected);
        assert!((share - expected).abs() < 4.0 * error, "{share} ± {error}, not {expected}");
        // Without coverage a test leaves every defect: P(defect by t) = 1 − e^(−λt).
        let (share, error) = share_met(test(0.0), 9, (5, 40_000));
        let load = 0.0008 * 90.0;
        let expected = 1.0 - libm::exp(-9.0 * load) * (1.0 - libm::exp(-load)) / load;
        assert!(error < 0.005 && (share - expected).abs() < 4.0 * error, "{share}, not {expected}");
    }
}
