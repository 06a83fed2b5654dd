//! `replay`: which policy of which component is shown what.

use ninefold_models::about::Assumption;
use ninefold_models::scaling::Tick;
use ninefold_models::scaling::closed_loop::{LOOKS_MAX, Surroundings};
use ninefold_models::scaling::hpa::{Hpa, HpaSpec, Remembered, Target, Tolerance};
use ninefold_models::scaling::replay::{Looks, Task};
use ninefold_models::scaling::spot::Reclaim;
use ninefold_models::scaling::{Cooldown, Demand, MILLIONTHS, Scaler};

use super::Lowering;
use super::autoscale::Autoscale;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::evidence::Evidence;
use crate::merge::Folder;
use crate::source::Sources;
use crate::yaml::Node;

/// Keys of a component that a replay alone obeys.
const REPLAYED: [&str; 6] = ["start", "autoscale", "burst", "disruption", "drain", "breaker"];

/// Time that is replayed after the last step of a demand, ns.
const AFTER_LAST_STEP: i64 = 1800 * 1_000_000_000;

/// Length of a replay of a formula that does not say how long, ns.
const FORMULA_LENGTH: i64 = 3600 * 1_000_000_000;

/// A replay that was read.
pub(crate) struct LoweredReplay {
    pub(crate) name: String,
    pub(crate) component: String,
    pub(crate) task: Task,
    pub(crate) assumptions: Vec<Assumption>,
    /// Whether the component has failure modes, which a replay leaves out.
    pub(crate) fails: bool,
}

/// Refuses, for a run, what only a replay obeys.
pub(crate) fn refuse_replayed(root: &Node, sink: &mut Sink) {
    let components = At::root(root).get("components");
    for (_, component) in components.iter().flat_map(At::entries) {
        for key in REPLAYED {
            let Some(found) = component.get(key) else { continue };
            let is_spot = component.get("burst").is_some_and(|burst| burst.get("spot_share").is_some());
            let is_obeyed = match key {
                "autoscale" => true,
                "burst" | "drain" => is_spot,
                // How long a unit boots is asked of one that is started.
                "start" => is_spot || component.get("autoscale").is_some() || found.get("boot").is_none(),
                _ => false,
            };
            if is_obeyed {
                continue;
            }
            let what = if key == "burst" { "`burst` without `spot_share`".to_owned() } else { format!("`{key}`") };
            let message = format!("{what} is not supported yet in a run");
            sink.push(
                Diagnostic::new(Code::NotYet, message, found.key_span())
                    .label("obeyed by `ninefold replay` alone")
                    .why("leaving it out silently would change the answer")
                    .hint("remove it for a run, and mind what the answer then leaves out"),
            );
        }
    }
}

/// Lowers what a replay needs; every problem is in the sink.
pub(crate) fn lower_replay(
    root: &Node,
    sources: &Sources,
    (sink, evidence): (&mut Sink, &mut Evidence),
    folder: Option<&Folder>,
) -> Option<LoweredReplay> {
    let mut cx = Lowering::new(root, sources, (sink, evidence), None);
    let top = At::root(root);
    let name = cx.required(&top, "scenario").and_then(|at| at.text().map(str::to_owned));
    let replay = cx.required(&top, "replay")?;
    let (component_name, component) = cx.replayed_component(&top, &replay)?;
    let task = cx.task(&replay, &component, folder)?;
    let assumed = std::mem::take(&mut cx.assumed).into_iter();
    let assumptions = assumed.map(|(path, value, reason)| Assumption { path, value, reason }).collect();
    let fails = component.get("failure_modes").is_some();
    Some(LoweredReplay { name: name?, component: component_name, task, assumptions, fails })
}

impl Lowering<'_> {
    /// The component whose policy is replayed.
    fn replayed_component<'t>(&mut self, top: &At<'t>, replay: &At<'_>) -> Option<(String, At<'t>)> {
        let all = self.required(top, "components")?.entries();
        if let Some(named) = replay.get("component") {
            let name = named.text()?;
            if let Some((_, found)) = all.iter().find(|(other, _)| *other == name) {
                return Some((name.to_owned(), found.clone()));
            }
            let hint = crate::nearest::suggestion(name, all.iter().map(|(name, _)| *name));
            let problem = Diagnostic::new(Code::NoComponent, format!("there is no component `{name}`"), named.span());
            self.sink.push(problem.hint(hint));
            return None;
        }
        let with_policy: Vec<_> =
            all.into_iter().filter(|(_, at)| REPLAYED.iter().any(|key| at.get(key).is_some())).collect();
        match &with_policy[..] {
            [(name, only)] => Some(((*name).to_owned(), only.clone())),
            [] => {
                let message = "no component has a policy that could be replayed";
                let problem = Diagnostic::new(Code::Missing, message, replay.key_span());
                self.sink.push(problem.hint("give one an `autoscale`, a `breaker`, a `burst` or a `disruption`"));
                None
            }
            _ => {
                let message = "several components have a policy that could be replayed";
                let problem = Diagnostic::new(Code::Missing, message, replay.key_span());
                self.sink.push(problem.hint(format!("say which: `component: {}`", with_policy[0].0)));
                None
            }
        }
    }

    fn task(&mut self, replay: &At<'_>, component: &At<'_>, folder: Option<&Folder>) -> Option<Task> {
        let forms = ["demand", "seen", "advice", "calls", "reclaim", "nodes"];
        let given: Vec<At<'_>> = forms.iter().filter_map(|key| replay.get(key)).collect();
        let shown = match &given[..] {
            [only] => only,
            [] => {
                let problem = Diagnostic::new(Code::Missing, "the replay shows nothing", replay.key_span());
                self.sink.push(
                    problem.hint("add `demand: …` (`--demand`), or `seen`, `advice`, `calls`, `reclaim` or `nodes`"),
                );
                return None;
            }
            [first, second, ..] => {
                let problem = Diagnostic::new(Code::Variant, "a replay shows one thing", second.key_span());
                self.sink.push(problem.secondary(first.key_span(), "the first").hint("keep one of the two"));
                return None;
            }
        };
        let kind = shown.path().rsplit('.').next().unwrap_or_default();
        self.refuse_idle_keys(replay, component, kind)?;
        match kind {
            "calls" => {
                let breaker = self.required(component, "breaker")?;
                Some(Task::Calls(self.breaker(&breaker)?, self.calls(shown)?))
            }
            "reclaim" => self.reclaim(component).map(Task::Reclaim),
            "nodes" => {
                let disruption = self.required(component, "disruption")?;
                let share = self.required(&disruption, "max_share")?;
                Some(Task::Budget(self.nodes(shown)?, self.ratio(&share)?))
            }
            _ => self.scaling(replay, component, (shown, folder)),
        }
    }

    /// Keys that this kind of replay would not obey.
    fn refuse_idle_keys(&mut self, replay: &At<'_>, component: &At<'_>, kind: &str) -> Option<()> {
        let idle: &[&str] = match kind {
            "demand" => &[],
            "seen" | "advice" => &["for"],
            _ => &["for", "replicas", "remembers"],
        };
        let delayed = component.get("autoscale").and_then(|at| at.get("metric_delay")).filter(|_| kind != "demand");
        let found = idle.iter().filter_map(|key| replay.get(key)).chain(delayed).next();
        let Some(found) = found else { return Some(()) };
        let message = format!("`{}` says nothing of a replay of `{kind}`", found.path());
        self.sink.push(Diagnostic::new(Code::UnknownKey, message, found.key_span()).hint("remove it"));
        None
    }

    fn reclaim(&mut self, component: &At<'_>) -> Option<Reclaim> {
        let burst = self.required(component, "burst")?;
        let notice = self.required(&burst, "notice")?;
        let notice = self.ticks(&notice)?;
        let rebalance = self.ticks_or(&burst, "rebalance", Tick::ZERO)?;
        let boot = self.boot(component)?;
        let drain = self.ticks_or(component, "drain", Tick::ZERO)?;
        Some(Reclaim { lead: notice.max(rebalance), boot, drain })
    }

    fn boot(&mut self, component: &At<'_>) -> Option<Tick> {
        match component.get("start").and_then(|start| start.get("boot")) {
            Some(boot) if boot.is_map() => {
                let message = "a law of `boot` is not supported yet in a replay";
                let problem = Diagnostic::new(Code::NotYet, message, boot.key_span());
                self.sink.push(problem.why("a replay draws nothing").hint("write a duration, as in `45s`"));
                None
            }
            Some(boot) => self.ticks(&boot),
            None => {
                let path = format!("{}.start.boot", component.path());
                self.assume(path, "0s", "a new unit serves at once");
                Some(Tick::ZERO)
            }
        }
    }

    fn scaling(
        &mut self,
        replay: &At<'_>,
        component: &At<'_>,
        (shown, folder): (&At<'_>, Option<&Folder>),
    ) -> Option<Task> {
        let remembered = match replay.get("remembers").and_then(|at| at.text()) {
            Some("nothing") => Remembered::Nothing,
            _ => Remembered::Start,
        };
        let silent = self.count_or(component, "replicas", 1)?;
        let replicas = self.count_or(replay, "replicas", silent)?;
        let autoscale = self.required(component, "autoscale")?;
        self.refuse_of_runs(&autoscale)?;
        let kind = shown.path().rsplit('.').next().unwrap_or_default();
        if kind == "advice" {
            let hpa = self.rates_alone(&autoscale, remembered)?;
            let interval = self.ticks_or(&autoscale, "interval", Tick::new(15_000_000_000))?;
            let shown = self.advice(shown)?;
            self.few_looks(replay, shown.iter().map(|(_, looks)| *looks))?;
            return Some(Task::Advice(Box::new(hpa), Looks { replicas, interval, shown }));
        }
        let read = self.autoscale(&autoscale, remembered)?;
        if kind == "seen" {
            self.one_metric(&autoscale)?;
            let shown = self.seen(shown, replicas)?;
            self.few_looks(replay, shown.iter().map(|(_, looks)| *looks))?;
            let looks = Looks { replicas, interval: read.interval, shown };
            return Some(Task::Seen(Box::new(read.scaler), looks));
        }
        let length = replay.get("for").map_or(Some(None), |found| self.ticks(&found).map(Some))?;
        let is_formula = shown.get("formula").is_some();
        let length = length.or(is_formula.then_some(Tick::new(FORMULA_LENGTH)));
        let demand = self.demand(shown, (read.interval, length.unwrap_or_default()), folder)?;
        let length = length.unwrap_or_else(|| demand.last_step().after(Tick::new(AFTER_LAST_STEP)));
        self.closed_loop(component, read, (replay, replicas, demand, length))
    }

    fn closed_loop(
        &mut self,
        component: &At<'_>,
        read: Autoscale,
        (replay, replicas, demand, length): (&At<'_>, u32, Demand, Tick),
    ) -> Option<Task> {
        let looks = length.get() as u64 / read.interval.get() as u64;
        self.few_looks(replay, [u32::try_from(looks).unwrap_or(u32::MAX)])?;
        let per_replica = self.per_replica(component, &read.scaler)?;
        let around = Surroundings {
            replicas,
            per_replica: ((per_replica * MILLIONTHS as f64).round() as u64).max(1),
            interval: read.interval,
            length,
            metric_delay: read.metric_delay,
            pod_start: self.boot(component)?,
        };
        Some(Task::Demand(Box::new(read.scaler), demand, around))
    }

    /// What a replica serves: its capacity, or what the target gives it.
    fn per_replica(&mut self, component: &At<'_>, scaler: &Scaler) -> Option<f64> {
        if let Some(rate) = component.get("capacity").and_then(|capacity| capacity.get("per_replica")) {
            return self.flow(&rate);
        }
        if let Some(profile) = component.get("capacity").and_then(|capacity| capacity.get("profile")) {
            let message = "a `profile` of capacity is not supported yet in a replay";
            let problem = Diagnostic::new(Code::NotYet, message, profile.key_span());
            self.sink.push(problem.hint("write `per_replica: 50/s`"));
            return None;
        }
        let targets = match scaler {
            Scaler::Hpa(hpa) => &hpa.spec().targets[..],
            Scaler::Keda(keda) => &keda.hpa().spec().targets[..],
            _ => &[],
        };
        if let [Target::PerReplica(target) | Target::EachPod(target)] = targets {
            let path = format!("{}.capacity.per_replica", component.path());
            self.assume(path, format!("{target}/s"), "a replica serves what the target gives it");
            return Some(*target);
        }
        let path = component.path();
        let message = format!("`{path}` does not say what a replica serves");
        let problem = Diagnostic::new(Code::Missing, message, component.key_span());
        self.sink.push(
            problem
                .label("it has no `capacity`")
                .hint(format!("add `capacity: {{per_replica: 50/s}}`, or `--set {path}.capacity.per_replica=50/s`")),
        );
        None
    }

    /// An autoscaler of which only the rates of change are asked.
    fn rates_alone(&mut self, autoscale: &At<'_>, remembered: Remembered) -> Option<Hpa> {
        let idle = [
            "metric",
            "target",
            "metrics",
            "tolerance",
            "steps",
            "target_tracking",
            "predictive",
            "fallback",
            "zero",
            "cooldown",
        ];
        if let Some(found) = idle.iter().find_map(|key| autoscale.get(key)) {
            let message = format!("`{}` says nothing of a replay of `advice`", found.path());
            self.sink.push(Diagnostic::new(Code::UnknownKey, message, found.key_span()).hint("remove it"));
            return None;
        }
        let behavior = self.given_behavior(autoscale)?;
        let min = self.count_or(autoscale, "min", 1)?;
        let max = self.count_or(autoscale, "max", ninefold_models::scaling::REPLICAS_MAX)?;
        let tolerance = Tolerance::default();
        let cooldown = Cooldown::default();
        Some(Hpa::new(HpaSpec { targets: Vec::new(), min, max, tolerance, behavior, cooldown }, remembered))
    }

    /// What a run alone obeys.
    fn refuse_of_runs(&mut self, autoscale: &At<'_>) -> Option<()> {
        let predictive = autoscale.get("predictive");
        let others = ["metric", "metrics", "steps", "target_tracking"];
        let beside = predictive.clone().filter(|_| others.iter().any(|key| autoscale.get(key).is_some()));
        let keys = ["scheduled", "metrics_from", "nodes"].iter().find_map(|key| autoscale.get(key));
        let found = keys.or_else(|| predictive?.get("target")).or(beside);
        let Some(found) = found else { return Some(()) };
        let message = format!("`{}` is not supported yet in a replay", found.path());
        let problem = Diagnostic::new(Code::NotYet, message, found.key_span());
        self.sink.push(problem.why("leaving it out silently would change the answer").hint("remove it"));
        None
    }

    fn one_metric(&mut self, autoscale: &At<'_>) -> Option<()> {
        let several = autoscale.get("metrics").filter(|metrics| metrics.items().len() > 1);
        let Some(several) = several else { return Some(()) };
        let message = "several metrics are not supported yet in a replay of `seen`";
        let problem = Diagnostic::new(Code::NotYet, message, several.key_span());
        self.sink.push(problem.hint("show one metric, or a `demand`"));
        None
    }

    fn few_looks(&mut self, replay: &At<'_>, each: impl IntoIterator<Item = u32>) -> Option<()> {
        let looks: u64 = each.into_iter().map(u64::from).sum();
        if looks <= LOOKS_MAX {
            return Some(());
        }
        let message = format!("the replay has {looks} looks; at most {LOOKS_MAX} are made");
        let problem = Diagnostic::new(Code::Limit, message, replay.key_span());
        self.sink.push(problem.hint("replay a shorter time: `for: 7d`"));
        None
    }
}
