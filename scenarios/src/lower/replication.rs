//! `replication`.

use ninefold_models::system::{Redundancy, ReplicationSpec, Resync};

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};
use crate::values;

impl Lowering<'_> {
    /// How the writes of a component reach its units; `None` if it does not say.
    pub(super) fn replication(
        &mut self,
        component: (&At<'_>, &str),
        redundancy: Option<&Redundancy>,
    ) -> Option<ReplicationSpec> {
        let at = component.0.get("replication")?;
        let one_place = matches!(redundancy, Some(Redundancy::Standby(scheme)) if scheme.active == 1);
        if redundancy.is_some() && !one_place {
            let message = "replication without a standby of one active place is not supported yet";
            self.sink.push(
                Diagnostic::new(Code::NotYet, message, at.key_span())
                    .why("what is lost is counted where another unit takes over the one active place")
                    .hint("write `redundancy: {standby: {mode: hot}}`, or remove `replication`"),
            );
            return None;
        }
        let asynchronous = self.required(&at, "mode")?.text() == Some("async");
        let lag = match (at.get("lag"), asynchronous) {
            (Some(lag), true) => Some(self.law(&lag)?),
            (None, true) => {
                self.required(&at, "lag");
                return None;
            }
            (Some(lag), false) => {
                self.sink.push(
                    Diagnostic::new(Code::UnknownKey, "a synchronous replication has no lag", lag.key_span())
                        .why("a write counts once every able unit has it")
                        .hint("remove `lag`, or write `mode: async`"),
                );
                return None;
            }
            (None, false) => None,
        };
        let resync = self.resync(&at)?;
        Some(ReplicationSpec { component: component.1.to_owned(), lag, resync })
    }

    /// The rates, which go together; the outer `None` if they cannot be read.
    fn resync(&mut self, at: &At<'_>) -> Option<Option<Resync>> {
        if at.get("resync_rate").is_none() && at.get("write_rate").is_none() {
            let reason = "a unit that was down has caught up as soon as it is back";
            self.remark(format!("{}.resync_rate", at.path()), "at once", reason);
            return Some(None);
        }
        let write = self.required(at, "write_rate").and_then(|rate| self.positive_data_rate(&rate));
        let resync = self.required(at, "resync_rate").and_then(|rate| self.positive_data_rate(&rate));
        let (write_bytes_per_s, resync_bytes_per_s) = (write?, resync?);
        if resync_bytes_per_s <= write_bytes_per_s {
            let reason = "not above `write_rate`: a unit that was down never catches up, however long it is back";
            let shown = at.get("resync_rate").and_then(|rate| rate.text()).unwrap_or_default().to_owned();
            self.assume(format!("{}.resync_rate", at.path()), shown, reason);
        }
        Some(Some(Resync { write_bytes_per_s, resync_bytes_per_s }))
    }

    fn positive_data_rate(&mut self, at: &At<'_>) -> Option<f64> {
        let rate = self.value(at, (&values::data_rate, "B/s"))?;
        if rate > 0.0 {
            return Some(rate);
        }
        let problem = Diagnostic::new(Code::Range, "a data rate of 0 moves nothing", at.span());
        self.sink.push(problem.hint("write a rate above 0, or remove `replication`"));
        None
    }
}
