//! `health_check`.

use ninefold_models::system::{Depth, HealthCheckSpec, PROBE_INTERVAL_MIN, Redundancy};
use ninefold_models::units::Hours;

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

impl Lowering<'_> {
    /// The health check of a component; `None` if it has none.
    pub(super) fn health_check(
        &mut self,
        component: (&At<'_>, &str),
        redundancy: Option<&Redundancy>,
    ) -> Option<HealthCheckSpec> {
        let at = component.0.get("health_check")?;
        let interval = self.required(&at, "interval").and_then(|at| Some((self.duration(&at)?, at)));
        let timeout = match at.get("timeout") {
            Some(timeout) => self.duration(&timeout).map(|hours| (hours, timeout)),
            None => {
                self.assume(format!("{}.timeout", at.path()), "0s", "that a probe has failed is known at once");
                Some((Hours::ZERO, at.clone()))
            }
        };
        let unhealthy_after = self.in_a_row(&at, "unhealthy_after");
        let healthy_after = self.in_a_row(&at, "healthy_after");
        let false_positive = self.chance(&at, "false_positive", "a probe of a good unit passes");
        let false_negative = self.chance(&at, "false_negative", "a probe of a bad unit fails");
        let fail_open_below = self.chance(&at, "fail_open_below", "ejected units do not serve, however many they are");
        let depth = match at.get("depth").map(|depth| depth.text() == Some("deep")) {
            Some(true) => Depth::Deep,
            Some(false) => Depth::Shallow,
            None => {
                self.assume(format!("{}.depth", at.path()), "shallow", "a probe asks after the unit alone");
                Depth::Shallow
            }
        };
        let together = match redundancy {
            Some(Redundancy::Standby(_)) => Some("a standby scheme"),
            Some(Redundancy::Quorum { .. }) => Some("a quorum"),
            Some(Redundancy::Covered { .. }) => Some("coverage"),
            _ => None,
        };
        if let Some(other) = together {
            let message = format!("a health check beside {other} is not supported yet");
            self.sink.push(
                Diagnostic::new(Code::NotYet, message, at.key_span())
                    .why("who serves is then for the scheme to say as well")
                    .hint("leave it out, or give the component `k_of_n` or no redundancy"),
            );
            return None;
        }
        let ((interval, interval_at), (timeout, timeout_at)) = (interval?, timeout?);
        let problem = if interval.get() < PROBE_INTERVAL_MIN.get() {
            Some(("probes of a unit are at least 1ms apart", interval_at, "give 1ms or more"))
        } else if timeout.get() > interval.get() {
            Some(("a probe waits longer than until the next", timeout_at, "give at most the `interval`"))
        } else {
            None
        };
        if let Some((message, place, hint)) = problem {
            self.sink.push(Diagnostic::new(Code::Range, message, place.span()).hint(hint));
            return None;
        }
        Some(HealthCheckSpec {
            component: component.1.to_owned(),
            interval,
            timeout,
            unhealthy_after: unhealthy_after?,
            healthy_after: healthy_after?,
            false_positive: false_positive?,
            false_negative: false_negative?,
            depth,
            fail_open_below: fail_open_below?,
        })
    }

    fn in_a_row(&mut self, at: &At<'_>, key: &str) -> Option<u32> {
        match at.get(key) {
            Some(count) => self.count(&count).and_then(|count| u32::try_from(count).ok()),
            None => {
                self.assume(format!("{}.{key}", at.path()), "1", "one probe is enough unless it says so");
                Some(1)
            }
        }
    }

    fn chance(&mut self, at: &At<'_>, key: &str, reason: &str) -> Option<f64> {
        match at.get(key) {
            Some(ratio) => self.ratio(&ratio),
            None => {
                self.assume(format!("{}.{key}", at.path()), "0", reason);
                Some(0.0)
            }
        }
    }
}
