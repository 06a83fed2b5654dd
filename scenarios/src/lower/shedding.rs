//! `sheds` of a queue, and `cache` of an edge.

use ninefold_models::scaling::Tick;
use ninefold_models::system::{CacheSpec, Limit, Shedding, SystemSpec};

use super::Lowering;
use super::read::At;
use super::request_level;
use crate::diagnostic::{Code, Diagnostic};

impl Lowering<'_> {
    /// What a queue sheds by what it measures.
    pub(super) fn shedding(&mut self, at: &At<'_>, spec: &SystemSpec) -> Option<Shedding> {
        if spec.queueing.request_level.is_none() {
            request_level::refuse_in_flow(self, (at, "sheds"));
        }
        let variants = at.variants();
        let [(kind, of)] = variants.as_slice() else { return None };
        let ratio = |cx: &mut Self, key: &str, silent: f64| of.get(key).map_or(Some(silent), |at| cx.ratio(&at));
        let sheds = match *kind {
            "codel" => Shedding::ControlledDelay {
                target: self.ticks_or(of, "target", Tick::new(5_000_000))?,
                interval: self.ticks_or(of, "interval", Tick::new(100_000_000))?,
            },
            "aimd" => {
                let above = self.required(of, "above").and_then(|at| self.ticks(&at));
                let limit = self.limit(of)?;
                Shedding::Aimd { limit, above: above?, shrinks_to: ratio(self, "shrinks_to", 0.9)? }
            }
            "gradient" => Shedding::Gradient {
                limit: self.limit(of)?,
                tolerance: of.get("tolerance").map_or(Some(1.5), |at| self.number(&at))?,
                smoothing: ratio(self, "smoothing", 0.2)?,
            },
            _ => return None,
        };
        if sheds.is_in_range() {
            return Some(sheds);
        }
        let problem = Diagnostic::new(Code::Range, format!("`{kind}` has a value out of range"), of.span());
        self.sink.push(
            problem
                .why("times are above 0, factors above 0 and below 1, and `least` ≤ `start` ≤ `most`")
                .hint("see `docs/concepts/requests.md` for what each value means"),
        );
        None
    }

    fn limit(&mut self, of: &At<'_>) -> Option<Limit> {
        let least = self.count_or(of, "least", 20)?;
        let start = self.count_or(of, "start", least.max(20))?;
        Some(Limit { least, start, most: self.count_or(of, "most", start.max(200))? })
    }

    /// What a caller knows without calling.
    pub(super) fn cache(&mut self, (item, at): (&At<'_>, &At<'_>), spec: &SystemSpec) -> Option<CacheSpec> {
        if spec.queueing.request_level.is_none() {
            request_level::refuse_in_flow(self, (at, "cache"));
        }
        let hits = self.required(at, "hits").and_then(|at| self.ratio(&at));
        let fills = self.required(at, "fills").and_then(|at| self.duration(&at));
        let (hits, fills) = (hits?, fills?);
        let from = item.get("from");
        let from = from.as_ref().and_then(At::text).unwrap_or_default();
        let problem = if hits >= 1.0 {
            Diagnostic::new(Code::Range, "a cache that knows everything needs nobody behind it", at.span())
                .hint("write `hits` below 1")
        } else if fills.get() <= 0.0 {
            Diagnostic::new(Code::Range, "a cache that fills in no time is never cold", at.span())
                .hint("write `fills` above 0")
        } else if spec.queueing.queue(from).is_none() {
            Diagnostic::new(Code::Missing, format!("the cache of `{from}` is in none of its units"), at.key_span())
                .why("each unit that serves requests keeps a cache of its own, and without a `service_time` none does")
                .hint("give the `capacity` of the caller a `service_time`")
        } else {
            return Some(CacheSpec { hits, fills });
        };
        self.sink.push(problem);
        None
    }
}
