//! `autoscale` of a component: which autoscaler, and what it is told to do.

use ninefold_models::scaling::aws_step::{Adjust, Step, StepPolicy, StepScaling};
use ninefold_models::scaling::aws_target_tracking::{TargetPolicy, TargetTracking};
use ninefold_models::scaling::hpa::{Hpa, HpaSpec, Remembered, Target, Tolerance};
use ninefold_models::scaling::keda::{Fallback, Keda, Zero};
use ninefold_models::scaling::predictive::Predictive;
use ninefold_models::scaling::{Cooldown, Scaler, Tick};

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};
use crate::values;

const SECOND: i64 = 1_000_000_000;

/// Silent time between two looks for activity.
const POLL: Tick = Tick::new(30 * SECOND);

/// An autoscaler as it was read.
pub(super) struct Autoscale {
    pub(super) scaler: Scaler,
    pub(super) interval: Tick,
    pub(super) metric_delay: Tick,
}

/// Keys that only a Horizontal Pod Autoscaler has.
const OF_HPA: [&str; 9] = ["metric", "target", "metrics", "tolerance", "up", "down", "behavior", "fallback", "zero"];

impl Lowering<'_> {
    pub(super) fn autoscale(&mut self, at: &At<'_>, remembered: Remembered) -> Option<Autoscale> {
        let min = self.count_or(at, "min", 1)?;
        let max = at.get("max").map_or(Some(u32::MAX), |_| self.count_or(at, "max", 0))?;
        if min > max {
            let problem = Diagnostic::new(Code::Range, format!("`min` {min} is above `max` {max}"), at.key_span());
            self.sink.push(problem.hint("raise `max` or lower `min`"));
            return None;
        }
        let limits = (min, max.min(ninefold_models::scaling::REPLICAS_MAX));
        let is_of_hpa = OF_HPA.iter().any(|key| at.get(key).is_some());
        let reactive = ["steps", "target_tracking"].iter().filter_map(|key| at.get(key));
        let mut kinds: Vec<At<'_>> = reactive.collect();
        // Beside another policy a forecast raises what that asks for.
        kinds.extend(at.get("predictive").filter(|_| !is_of_hpa && kinds.is_empty()));
        if let Some(kind) = kinds.first() {
            let other = OF_HPA.iter().filter_map(|key| at.get(key)).chain(kinds.iter().skip(1).cloned()).next();
            if let Some(other) = other {
                let message = format!("`{}` does not go with `{}`", last(other.path()), last(kind.path()));
                let problem = Diagnostic::new(Code::Variant, message, other.key_span());
                self.sink.push(problem.secondary(kind.key_span(), "the other").hint("an autoscaler is of one kind"));
                return None;
            }
        }
        let scaler = match kinds.first().map(|kind| (last(kind.path()), kind)) {
            Some(("steps", kind)) => Scaler::Steps(StepScaling::new(self.steps((at, kind), limits)?)),
            Some(("target_tracking", kind)) => {
                Scaler::TargetTracking(TargetTracking::new(self.target_tracking((at, kind), limits)?))
            }
            Some((_, _)) => {
                self.no_cooldown(at, "predictive")?;
                Scaler::Predictive(Predictive { min, max: limits.1 })
            }
            None => self.hpa(at, limits, remembered)?,
        };
        let silent = if kinds.is_empty() { 15 } else { 60 };
        let interval = self.ticks_or(at, "interval", Tick::new(silent * SECOND))?;
        if interval == Tick::ZERO {
            let problem = Diagnostic::new(Code::Range, "an interval of 0 never passes", at.key_span());
            self.sink.push(problem.hint("write a duration above 0, as in `15s`"));
            return None;
        }
        self.polls_at_looks(at, interval)?;
        Some(Autoscale { scaler, interval, metric_delay: self.ticks_or(at, "metric_delay", Tick::ZERO)? })
    }

    fn hpa(&mut self, at: &At<'_>, (min, max): (u32, u32), remembered: Remembered) -> Option<Scaler> {
        let targets = match at.get("metrics") {
            Some(several) => {
                if let Some(one) = at.get("metric").or_else(|| at.get("target")) {
                    let problem =
                        Diagnostic::new(Code::Variant, "`metrics` has the metric and the target", one.key_span());
                    self.sink.push(problem.secondary(several.key_span(), "the other").hint("keep one of the two"));
                    return None;
                }
                let each: Vec<_> = several.items().iter().map(|item| self.metric(item)).collect();
                each.into_iter().collect::<Option<Vec<_>>>()?
            }
            None => vec![self.metric(at)?],
        };
        let behavior = self.given_behavior(at)?;
        let zero = at.get("zero").map_or(Some(None), |zero| self.zero(&zero).map(Some))?;
        let fallback = at.get("fallback").map_or(Some(None), |found| self.fallback(&found).map(Some))?;
        let of_pods = matches!(targets.first(), Some(Target::Utilization(_) | Target::EachPod(_)));
        if let Some(keda) = at.get("zero").or_else(|| at.get("fallback")).filter(|_| of_pods) {
            let message = format!("`{}` needs a metric that is there without replicas", keda.path());
            let problem = Diagnostic::new(Code::Variant, message, keda.key_span());
            self.sink.push(problem.hint("measure the whole: `metric: {per_replica: NAME}` or `{value: NAME}`"));
            return None;
        }
        let min = if zero.is_some() { min.max(1) } else { min };
        let (tolerance, cooldown) = (self.tolerance(at)?, self.cooldown(at)?);
        let most = Tick::new(3600 * SECOND);
        if let Some(found) = at.get("cooldown").filter(|_| cooldown.out > most || cooldown.into > most) {
            let problem = Diagnostic::new(Code::Range, "a cooldown beside a metric is at most 1h", found.span());
            self.sink.push(problem.why("the controller remembers its changes for an hour").hint("write at most `1h`"));
            return None;
        }
        let hpa = Hpa::new(HpaSpec { targets, min, max, tolerance, behavior, cooldown }, remembered);
        Some(match (fallback, zero) {
            (None, None) => Scaler::Hpa(hpa),
            (fallback, zero) => Scaler::Keda(Keda::new(hpa, fallback, zero)),
        })
    }

    /// `metric` and `target`.
    fn metric(&mut self, at: &At<'_>) -> Option<Target> {
        let metric = self.required(at, "metric")?;
        let target = self.required(at, "target")?;
        if metric.text() == Some("utilization") {
            return self.percent(&target).map(Target::Utilization);
        }
        let value = self.amount(&target)?;
        match metric.variants().first()?.0 {
            "per_replica" => Some(Target::PerReplica(value)),
            "each_pod" => Some(Target::EachPod(value)),
            _ => Some(Target::Value(value)),
        }
    }

    /// A share as whole percent, which may be above 100.
    fn percent(&mut self, at: &At<'_>) -> Option<u32> {
        let text = at.text()?;
        let digits = text.strip_suffix('%').map(str::trim_end);
        let percent = match digits {
            Some(digits) => values::number_in(digits, 1.0, 1e6),
            None => values::number_in(text, 0.01, 1e4).map(|share| 100.0 * share),
        };
        match percent {
            Ok(percent) if (percent - percent.round()).abs() < 1e-9 => Some(percent.round() as u32),
            Ok(_) => {
                let problem = Diagnostic::new(Code::Whole, format!("`{text}` is no whole percent"), at.span());
                self.sink.push(problem.why("the autoscaler compares whole percent").hint("write `60 %` or `0.6`"));
                None
            }
            Err(refusal) => {
                self.sink.push(refusal.at(at.span()));
                None
            }
        }
    }

    /// A number, or a rate per second, above 0.
    fn amount(&mut self, at: &At<'_>) -> Option<f64> {
        let text = at.text()?;
        let read = if text.contains('/') { values::rate(text) } else { values::number_in(text, 1e-9, 1e12) };
        match read {
            Ok(value) if value > 0.0 => Some(value),
            Ok(_) => {
                let problem = Diagnostic::new(Code::Range, "a target of 0 cannot be held", at.span());
                self.sink.push(problem.hint("write a number or a rate above 0"));
                None
            }
            Err(refusal) => {
                self.sink.push(refusal.at(at.span()));
                None
            }
        }
    }

    fn tolerance(&mut self, at: &At<'_>) -> Option<Tolerance> {
        let silent = Tolerance::default();
        let Some(found) = at.get("tolerance") else { return Some(silent) };
        if found.is_map() {
            let up = found.get("up").map_or(Some(silent.up), |up| self.ratio(&up))?;
            let down = found.get("down").map_or(Some(silent.down), |down| self.ratio(&down))?;
            return Some(Tolerance { up, down });
        }
        self.ratio(&found).map(|both| Tolerance { up: both, down: both })
    }

    fn zero(&mut self, at: &At<'_>) -> Option<Zero> {
        let activation = at.get("activation").map_or(Some(0.0), |found| self.number(&found))?;
        let cooldown = self.ticks_or(at, "cooldown", Tick::new(300 * SECOND))?;
        Some(Zero { activation, cooldown, poll: self.ticks_or(at, "poll", POLL)? })
    }

    /// Looks for activity are among the looks.
    fn polls_at_looks(&mut self, at: &At<'_>, interval: Tick) -> Option<()> {
        let Some(zero) = at.get("zero") else { return Some(()) };
        let poll = self.ticks_or(&zero, "poll", POLL)?;
        if poll > Tick::ZERO && poll.get() % interval.get() == 0 {
            return Some(());
        }
        let message = "activity is looked for at every so many looks: `poll` is a multiple of `interval`";
        let problem = Diagnostic::new(Code::Range, message, zero.key_span());
        self.sink.push(problem.hint("write `interval: 15s` and `poll: 30s`, or `poll` as long as `interval`"));
        None
    }

    fn cooldown(&mut self, at: &At<'_>) -> Option<Cooldown> {
        let Some(found) = at.get("cooldown") else { return Some(Cooldown::default()) };
        if found.is_map() {
            let (out, into) = (self.ticks_or(&found, "out", Tick::ZERO)?, self.ticks_or(&found, "in", Tick::ZERO)?);
            return Some(Cooldown { out, into });
        }
        self.ticks(&found).map(|both| Cooldown { out: both, into: both })
    }

    fn no_cooldown(&mut self, at: &At<'_>, beside: &str) -> Option<()> {
        let Some(found) = at.get("cooldown") else { return Some(()) };
        let message = format!("`cooldown` does not go with `{beside}`");
        let problem = Diagnostic::new(Code::Variant, message, found.key_span());
        self.sink.push(problem.hint("remove it"));
        None
    }

    fn fallback(&mut self, at: &At<'_>) -> Option<Fallback> {
        let (after, replicas) = (self.required(at, "after")?, self.required(at, "replicas")?);
        let whole = |count: Option<u64>| count.and_then(|count| u32::try_from(count).ok());
        Some(Fallback { after: whole(self.count(&after))?, replicas: whole(self.count(&replicas))? })
    }

    fn steps(&mut self, (scaler, at): (&At<'_>, &At<'_>), (min, max): (u32, u32)) -> Option<StepPolicy> {
        let adjust = match self.required(at, "adjust")?.text()? {
            "percent" => Adjust::Percent,
            "exact" => Adjust::Exact,
            _ => Adjust::Change,
        };
        if at.get("cooldown").is_some() {
            self.no_cooldown(scaler, "steps.cooldown")?;
        }
        let threshold = at.get("threshold").map_or(Some(0.0), |found| self.shown_value(&found))?;
        Some(StepPolicy {
            threshold,
            adjust,
            out: self.step_list(at, "out")?,
            into: self.step_list(at, "in")?,
            least_change: self.count_or(at, "least_change", 0)?,
            warmup: self.ticks_or(at, "warmup", Tick::ZERO)?,
            cooldown: self.cooldown(scaler)?,
            pause: self.ticks_or(at, "cooldown", Tick::ZERO)?,
            min,
            max,
        })
    }

    fn step_list(&mut self, at: &At<'_>, key: &str) -> Option<Vec<Step>> {
        let Some(list) = at.get(key) else { return Some(Vec::new()) };
        let mut steps = Vec::new();
        for item in list.items() {
            let lower = item.get("from").map_or(Some(None), |found| self.shown_value(&found).map(Some))?;
            let upper = item.get("to").map_or(Some(None), |found| self.shown_value(&found).map(Some))?;
            let change = self.required(&item, "change")?;
            steps.push(Step { lower, upper, change: self.shown_value(&change)? });
        }
        Some(steps)
    }

    /// A number that may be negative; its range has been checked with the shape.
    pub(super) fn shown_value(&mut self, at: &At<'_>) -> Option<f64> {
        values::number_in(at.text()?, -1e12, 1e12).ok()
    }

    fn target_tracking(&mut self, (scaler, at): (&At<'_>, &At<'_>), (min, max): (u32, u32)) -> Option<TargetPolicy> {
        let found = self.required(at, "target")?;
        let target = match found.get("backlog") {
            Some(backlog) => {
                let (latency, service) =
                    (self.required(&backlog, "latency")?, self.required(&backlog, "service_time")?);
                let (latency, service) = (self.ticks(&latency)?, self.ticks(&service)?);
                if latency == Tick::ZERO || service == Tick::ZERO {
                    let problem =
                        Diagnostic::new(Code::Range, "neither time of a backlog may be 0", backlog.key_span());
                    self.sink.push(problem.hint("write durations above 0"));
                    return None;
                }
                latency.get() as f64 / service.get() as f64
            }
            None => self.amount(&found)?,
        };
        let scale_in = at.get("scale_in").is_none_or(|found| found.text() != Some("false"));
        let (warmup, cooldown) = (self.ticks_or(at, "warmup", Tick::ZERO)?, self.cooldown(scaler)?);
        Some(TargetPolicy { target, scale_in, warmup, cooldown, min, max })
    }
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}
