//! What a replay shows to a policy: metrics look by look, advice, calls, nodes.

use ninefold_models::scaling::Tick;
use ninefold_models::scaling::circuit_breaker::BreakerSpec;
use ninefold_models::scaling::karpenter_budget::Nodes;
use ninefold_models::scaling::replay::{Call, Observation};
use ninefold_models::scaling::{Pod, PodState, Reading};

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

impl Lowering<'_> {
    /// `seen`: what each look shows, and how often.
    pub(super) fn seen(&mut self, list: &At<'_>, replicas: u32) -> Option<Vec<(Observation, u32)>> {
        let mut shown = Vec::new();
        for item in list.items() {
            let looks = self.count_or(&item, "looks", 1)?;
            let set = item.get("replicas").map_or(Some(None), |_| self.count_or(&item, "replicas", 0).map(Some))?;
            let ready = self.count_or(&item, "ready", set.unwrap_or(replicas))?;
            let failed = item.get("failed").and_then(|at| at.text().map(|text| text == "true")) == Some(true);
            let reading = match (failed, item.get("pods"), item.get("value")) {
                (true, None, None) => Reading::Failed { ready },
                (false, Some(pods), None) => Reading::Pods(self.pods(&item, &pods)?),
                (false, None, Some(value)) => Reading::Value { value: self.shown_value(&value)?, ready },
                _ => {
                    let message = "a look sees `pods`, a `value`, or that the metric has `failed`";
                    let problem = Diagnostic::new(Code::Variant, message, item.span());
                    self.sink.push(problem.hint("give exactly one of them"));
                    return None;
                }
            };
            shown.push((Observation { reading, replicas: set }, looks));
        }
        Some(shown)
    }

    fn pods(&mut self, item: &At<'_>, pods: &At<'_>) -> Option<Vec<Pod>> {
        let request = item.get("request").map_or(Some(1.0), |found| self.shown_value(&found))?;
        let mut all = Vec::new();
        for pod in pods.items() {
            let usage = pod.get("usage").map_or(Some(0.0), |found| self.shown_value(&found))?;
            let state = match pod.get("state").and_then(|state| state.text()) {
                Some("unready") => PodState::Unready,
                Some("missing") => PodState::Missing,
                Some("failed") => PodState::Failed,
                Some("pending") => PodState::Pending,
                Some("deleted") => PodState::Deleted,
                _ => PodState::Ready,
            };
            all.push(Pod { usage, request, state });
        }
        Some(all)
    }

    /// `advice`: how many replicas a metric asks for, and at how many looks.
    pub(super) fn advice(&mut self, list: &At<'_>) -> Option<Vec<(u32, u32)>> {
        let mut shown = Vec::new();
        for item in list.items() {
            let found = if item.is_map() { self.required(&item, "replicas")? } else { item.clone() };
            let replicas = self.count(&found).and_then(|count| u32::try_from(count).ok())?;
            shown.push((replicas, self.count_or(&item, "looks", 1)?));
        }
        Some(shown)
    }

    /// `calls`, which must be in the order in which they begin.
    pub(super) fn calls(&mut self, list: &At<'_>) -> Option<Vec<Call>> {
        let mut calls: Vec<Call> = Vec::new();
        for item in list.items() {
            let (at, ok) = (self.required(&item, "at")?, self.required(&item, "ok")?);
            let begins = self.ticks(&at)?;
            if calls.last().is_some_and(|call| call.at > begins) {
                let problem = Diagnostic::new(Code::Range, "a call begins before the one above it", at.span());
                self.sink.push(problem.hint("write calls in the order in which they begin"));
                return None;
            }
            let takes = self.ticks_or(&item, "takes", Tick::ZERO)?;
            calls.push(Call { at: begins, takes, failed: ok.text() == Some("false") });
        }
        Some(calls)
    }

    /// `breaker`; what is silent is as the default of Resilience4j.
    pub(super) fn breaker(&mut self, at: &At<'_>) -> Option<BreakerSpec> {
        let share = |cx: &mut Self, key: &str, silent| at.get(key).map_or(Some(silent), |found| cx.ratio(&found));
        let silent = BreakerSpec::RESILIENCE4J;
        let spec = BreakerSpec {
            window: self.count_or(at, "window", silent.window)?,
            minimum_calls: self.count_or(at, "minimum_calls", silent.minimum_calls)?,
            open_above: share(self, "open_above", silent.open_above)?,
            slow_above: self.ticks_or(at, "slow_above", silent.slow_above)?,
            slow_share: share(self, "slow_share", silent.slow_share)?,
            wait: self.ticks_or(at, "wait", silent.wait)?,
            half_open: self.count_or(at, "half_open", silent.half_open)?,
            half_open_at_most: self.ticks_or(at, "half_open_at_most", silent.half_open_at_most)?,
        };
        if spec.open_above > 0.0 && spec.slow_share > 0.0 {
            return Some(spec);
        }
        let problem = Diagnostic::new(Code::Range, "a breaker that opens at a share of 0 never closes", at.key_span());
        self.sink.push(problem.hint("write shares above 0"));
        None
    }

    /// `nodes`.
    pub(super) fn nodes(&mut self, at: &At<'_>) -> Option<Nodes> {
        self.required(at, "total")?;
        Some(Nodes {
            total: self.count_or(at, "total", 0)?,
            deleting: self.count_or(at, "deleting", 0)?,
            not_ready: self.count_or(at, "not_ready", 0)?,
        })
    }
}
