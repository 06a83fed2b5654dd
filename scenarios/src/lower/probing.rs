//! Probes: of each unit by a health check, of each place by a router.

use ninefold_models::system::{PROBE_INTERVAL_MIN, ProbeSpec};
use ninefold_models::units::Hours;

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

/// What holds where a scenario is silent.
pub(super) struct Usual {
    /// The interval as written, and in hours; `None` must be given.
    pub(super) interval: Option<(&'static str, Hours)>,
    /// Probes in a row that change a verdict, and why.
    pub(super) in_a_row: (u32, &'static str),
}

impl Lowering<'_> {
    /// The probes of a block at a path, which may be missing.
    pub(super) fn probes(&mut self, (at, path): (Option<&At<'_>>, &str), usual: &Usual) -> Option<ProbeSpec> {
        let get = |key: &str| at.and_then(|at| at.get(key));
        let interval = match (get("interval"), usual.interval, at) {
            (Some(interval), ..) => self.duration(&interval).map(|hours| (hours, Some(interval))),
            (None, Some((text, hours)), _) => {
                self.assume(format!("{path}.interval"), text, usual.in_a_row.1);
                Some((hours, None))
            }
            (None, None, Some(at)) => {
                self.required(at, "interval");
                None
            }
            (None, None, None) => None,
        };
        let timeout = match get("timeout") {
            Some(timeout) => self.duration(&timeout).map(|hours| (hours, Some(timeout))),
            None => {
                self.assume(format!("{path}.timeout"), "0s", "that a probe has failed is known at once");
                Some((Hours::ZERO, None))
            }
        };
        let unhealthy_after = self.in_a_row((get("unhealthy_after"), path), "unhealthy_after", usual);
        let healthy_after = self.in_a_row((get("healthy_after"), path), "healthy_after", usual);
        let mut chance = |key: &str, reason: &str| self.chance((get(key), path), key, reason);
        let false_positive = chance("false_positive", "a probe of what is good passes");
        let false_negative = chance("false_negative", "a probe of what is bad fails");
        let ((interval, interval_at), (timeout, timeout_at)) = (interval?, timeout?);
        let problem = if interval.get() < PROBE_INTERVAL_MIN.get() {
            Some(("probes of one target are at least 1ms apart", interval_at, "give 1ms or more"))
        } else if timeout.get() > interval.get() {
            let place = timeout_at.or(interval_at);
            Some(("a probe waits longer than until the next", place, "give at most the `interval`"))
        } else {
            None
        };
        if let Some((message, Some(place), hint)) = problem {
            self.sink.push(Diagnostic::new(Code::Range, message, place.span()).hint(hint));
            return None;
        }
        Some(ProbeSpec {
            interval,
            timeout,
            unhealthy_after: unhealthy_after?,
            healthy_after: healthy_after?,
            false_positive: false_positive?,
            false_negative: false_negative?,
        })
    }

    fn in_a_row(&mut self, (at, path): (Option<At<'_>>, &str), key: &str, usual: &Usual) -> Option<u32> {
        match at {
            Some(count) => self.count(&count).and_then(|count| u32::try_from(count).ok()),
            None => {
                self.assume(format!("{path}.{key}"), usual.in_a_row.0.to_string(), usual.in_a_row.1);
                Some(usual.in_a_row.0)
            }
        }
    }

    /// A probability; 0 where nothing is said.
    pub(super) fn chance(&mut self, (at, path): (Option<At<'_>>, &str), key: &str, reason: &str) -> Option<f64> {
        match at {
            Some(ratio) => self.ratio(&ratio),
            None => {
                self.assume(format!("{path}.{key}"), "0", reason);
                Some(0.0)
            }
        }
    }
}
