//! `up` and `down` of an autoscaler: policies, their selection, stabilisation windows.

use ninefold_models::scaling::Tick;
use ninefold_models::scaling::hpa::{Behavior, Change, Policy, Rules, Select};

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

/// Longest period of a policy and longest window, h.
const PERIOD_MAX_H: f64 = 0.5;
const WINDOW_MAX_H: f64 = 1.0;

impl Lowering<'_> {
    /// A duration in ticks.
    pub(super) fn ticks(&mut self, at: &At<'_>) -> Option<Tick> {
        self.duration(at).map(|hours| Tick::from_hours(hours.get()))
    }

    /// The duration under a key, `silent` where there is none.
    pub(super) fn ticks_or(&mut self, at: &At<'_>, key: &str, silent: Tick) -> Option<Tick> {
        at.get(key).map_or(Some(silent), |found| self.ticks(&found))
    }

    /// The whole number under a key, `silent` where there is none.
    pub(super) fn count_or(&mut self, at: &At<'_>, key: &str, silent: u32) -> Option<u32> {
        let Some(found) = at.get(key) else { return Some(silent) };
        self.count(&found).and_then(|count| u32::try_from(count).ok())
    }

    /// `up` and `down`, or `behavior: none`.
    pub(super) fn given_behavior(&mut self, autoscale: &At<'_>) -> Option<Option<Behavior>> {
        let Some(none) = autoscale.get("behavior") else { return self.behavior(autoscale).map(Some) };
        let Some(rates) = ["up", "down"].iter().find_map(|key| autoscale.get(key)) else { return Some(None) };
        let problem = Diagnostic::new(Code::Variant, "`behavior: none` has no rates of its own", rates.key_span());
        self.sink.push(problem.secondary(none.key_span(), "the other").hint("keep one of the two"));
        None
    }

    /// Both directions; what is silent is as the default of Kubernetes.
    pub(super) fn behavior(&mut self, autoscale: &At<'_>) -> Option<Behavior> {
        let Behavior { up, down } = Behavior::default();
        Some(Behavior { up: self.direction(autoscale, "up", up)?, down: self.direction(autoscale, "down", down)? })
    }

    fn direction(&mut self, autoscale: &At<'_>, key: &str, silent: Rules) -> Option<Rules> {
        let Some(at) = autoscale.get(key) else {
            self.remark(format!("{}.{key}", autoscale.path()), "default", "the default behaviour of Kubernetes");
            return Some(silent);
        };
        let window = match at.get("stabilization") {
            Some(window) => self.at_most(&window, WINDOW_MAX_H)?,
            None => silent.window,
        };
        let mut select = at.get("select").and_then(|at| selection(&at)).unwrap_or_default();
        let policies = match (at.get("policy"), at.get("policies")) {
            (Some(one), Some(several)) => {
                let problem =
                    Diagnostic::new(Code::Variant, "`policy` and `policies` are both given", several.key_span());
                self.sink.push(problem.secondary(one.key_span(), "the other").hint("keep one of the two"));
                return None;
            }
            (Some(one), None) => {
                select = one.get("select").and_then(|at| selection(&at)).unwrap_or(select);
                self.policy(&one)?
            }
            (None, Some(several)) => {
                let mut all = Vec::new();
                for item in several.items() {
                    all.extend(self.policy(&item)?);
                }
                all
            }
            (None, None) => silent.policies,
        };
        if policies.is_empty() {
            let problem = Diagnostic::new(Code::Empty, format!("`{}` has no policy", at.path()), at.key_span());
            self.sink.push(problem.hint("add one, or write `select: disabled`"));
            return None;
        }
        Some(Rules { policies, select, window })
    }

    fn policy(&mut self, at: &At<'_>) -> Option<Vec<Policy>> {
        let per = self.required(at, "per")?;
        let period = self.at_most(&per, PERIOD_MAX_H)?;
        if period == Tick::ZERO {
            let problem = Diagnostic::new(Code::Range, "a period of 0 never ends a change", per.span());
            self.sink.push(problem.hint("write a duration above 0, as in `15s`"));
            return None;
        }
        let mut found = Vec::new();
        for (key, change) in [("pods", Change::Pods), ("percent", Change::Percent)] {
            if let Some(value) = at.get(key) {
                found.push(Policy { change, value: u32::try_from(self.count(&value)?).ok()?, period });
            }
        }
        if found.is_empty() {
            let problem = Diagnostic::new(Code::Missing, format!("`{}` limits nothing", at.path()), at.span());
            self.sink.push(problem.hint("add `percent: …` or `pods: …`"));
            return None;
        }
        Some(found)
    }

    fn at_most(&mut self, at: &At<'_>, most_h: f64) -> Option<Tick> {
        let ticks = self.ticks(at)?;
        if ticks <= Tick::from_hours(most_h) {
            return Some(ticks);
        }
        let most = if most_h < 1.0 { "30min" } else { "1h" };
        let problem = Diagnostic::new(Code::Range, format!("`{}` is longer than {most}", at.path()), at.span());
        self.sink.push(problem.why("Kubernetes takes no longer one").hint(format!("write at most `{most}`")));
        None
    }
}

fn selection(at: &At<'_>) -> Option<Select> {
    match at.text()? {
        "max" => Some(Select::Max),
        "min" => Some(Select::Min),
        "disabled" => Some(Select::Disabled),
        _ => None,
    }
}
