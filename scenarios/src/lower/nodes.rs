//! `nodes` of `autoscale`: what replicas run on.

use ninefold_models::lifetime::Law;
use ninefold_models::system::{NodePoolSpec, Provisioner};
use ninefold_models::units::Hours;

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

const SECOND: f64 = 1.0 / 3600.0;

impl Lowering<'_> {
    /// The nodes of an autoscaler that has at least so many replicas; `Some(None)` where it says nothing of nodes.
    pub(super) fn nodes_of(&mut self, autoscale: &At<'_>, least: u32) -> Option<Option<NodePoolSpec>> {
        let Some(at) = autoscale.get("nodes") else { return Some(None) };
        let each = self.required(&at, "replicas_each");
        let most = self.required(&at, "max");
        let provision = self.required(&at, "provision").and_then(|law| self.law(&law));
        let provisioner = self.required(&at, "provisioner").and_then(|by| self.provisioner(&by));
        let refused = at.get("refused").map_or(Some(0.0), |refused| self.ratio(&refused));
        let shortage = at.get("shortage").map_or(Some(None), |shortage| self.shortage(&shortage).map(Some));
        let timeout = self.above_zero(&at, "timeout", 15.0 / 60.0)?;
        let retry_after = self.above_zero(&at, "retry_after", 5.0 / 60.0)?;
        let min = self.count_or(&at, "min", 0)?;
        let (each, most) = (each?, most?);
        let (places, max) = (self.whole(&each)?, self.whole(&most)?);
        if min > max {
            let problem = Diagnostic::new(Code::Range, format!("`min` {min} is above `max` {max}"), at.key_span());
            self.sink.push(problem.hint("raise `max` or lower `min`"));
            return None;
        }
        if u64::from(max) * u64::from(places) < u64::from(least) {
            let fit = u64::from(max) * u64::from(places);
            let message = format!("{max} nodes have places for {fit} replicas, and there are at least {least}");
            let problem = Diagnostic::new(Code::Range, message, most.span());
            let hint = format!("raise the quota to `max: {}`, or start with fewer replicas", least.div_ceil(places));
            self.sink.push(problem.why("the quota is below what is there from the start").hint(hint));
            return None;
        }
        Some(Some(NodePoolSpec {
            places,
            min,
            max,
            provision: provision?,
            timeout,
            refused: refused?,
            retry_after,
            shortage: shortage?,
            provisioner: provisioner?,
        }))
    }

    fn whole(&mut self, at: &At<'_>) -> Option<u32> {
        self.count(at).and_then(|count| u32::try_from(count).ok())
    }

    fn shortage(&mut self, at: &At<'_>) -> Option<[Law; 2]> {
        let every = self.required(at, "every").and_then(|law| self.law(&law));
        let lasts = self.required(at, "lasts").and_then(|law| self.law(&law));
        Some([every?, lasts?])
    }

    fn provisioner(&mut self, at: &At<'_>) -> Option<Provisioner> {
        let (name, by) = at.variants().into_iter().next()?;
        let hours = |cx: &mut Self, key: &str, silent: f64| {
            by.get(key).map_or(Some(Hours::new(silent)), |found| cx.duration(&found))
        };
        let share = |cx: &mut Self, key: &str, silent: f64| by.get(key).map_or(Some(silent), |found| cx.ratio(&found));
        if name == "karpenter" {
            return Some(Provisioner::Karpenter {
                batch: hours(self, "batch", SECOND)?,
                consolidate_after: hours(self, "consolidate_after", 0.0)?,
                budget: share(self, "budget", 0.1)?,
            });
        }
        let scan = self.above_zero(&by, "scan", 10.0 * SECOND)?;
        Some(Provisioner::ClusterAutoscaler {
            scan,
            below: share(self, "below", 0.5)?,
            unneeded: hours(self, "unneeded", 10.0 / 60.0)?,
            after_add: hours(self, "after_add", 10.0 / 60.0)?,
        })
    }

    /// A duration of at least a second.
    fn above_zero(&mut self, at: &At<'_>, key: &str, silent: f64) -> Option<Hours> {
        let Some(found) = at.get(key) else { return Some(Hours::new(silent)) };
        let hours = self.duration(&found)?;
        if hours.get() >= SECOND * (1.0 - 1e-9) {
            return Some(hours);
        }
        let problem = Diagnostic::new(Code::Range, format!("`{}` is shorter than 1s", found.path()), found.span());
        self.sink.push(problem.hint("write at least `1s`"));
        None
    }
}
