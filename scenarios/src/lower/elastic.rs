//! `autoscale` in a run: a component whose number of replicas follows its load.

use ninefold_models::lifetime::Law;
use ninefold_models::scaling::Scaler;
use ninefold_models::scaling::hpa::{HpaSpec, Remembered};
use ninefold_models::system::{AutoscaleSpec, LOOK_INTERVAL_MIN, Redundancy};
use ninefold_models::units::Hours;

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

/// Keys of `autoscale` that a replay alone obeys.
const REPLAY_ALONE: [&str; 5] = ["steps", "target_tracking", "predictive", "fallback", "zero"];

/// Keys of a component that do not go with `autoscale` yet.
const APART: [&str; 4] = ["health_check", "data_loss", "size_for", "replication"];

/// Keys of a capacity that do not go with `autoscale` yet.
const APART_OF_CAPACITY: [&str; 4] = ["profile", "usl", "service_time", "service_times"];

/// Replicas that a scaled component has at the least; any number for one that is not scaled.
pub(super) fn least(cx: &mut Lowering<'_>, component: &At<'_>) -> u32 {
    let Some(at) = component.get("autoscale") else { return u32::MAX };
    cx.count_or(&at, "min", 1).unwrap_or(1).max(1)
}

impl Lowering<'_> {
    /// The autoscaler of a component with so many replicas at the start; `None` if it has none.
    pub(super) fn elastic(
        &mut self,
        (component, name, at_start): (&At<'_>, &str, u32),
        redundancy: Option<&Redundancy>,
    ) -> Option<AutoscaleSpec> {
        let at = component.get("autoscale")?;
        self.refuse_beside(component, &at, redundancy)?;
        let max = self.required(&at, "max");
        let capacity = component.get("capacity").and_then(|capacity| capacity.get("per_replica"));
        if capacity.is_none() {
            let message = format!("`{}` does not say what a replica serves", component.path());
            let problem = Diagnostic::new(Code::Missing, message, at.key_span());
            self.sink.push(problem.hint("add `capacity: {per_replica: 50/s}`"));
        }
        let read = self.autoscale(&at, Remembered::Start)?;
        let Scaler::Hpa(hpa) = read.scaler else { return None };
        let policy = hpa.spec().clone();
        let boot = match component.get("start").and_then(|start| start.get("boot")) {
            Some(boot) => self.law(&boot)?,
            None => {
                self.assume(format!("{}.start.boot", component.path()), "0s", "a new unit serves at once");
                Law::constant(Hours::ZERO).ok()?
            }
        };
        let interval = Hours::new(read.interval.hours());
        max?;
        capacity?;
        self.within(&at, (&policy, at_start), interval)?;
        let metric_delay = Hours::new(read.metric_delay.hours());
        Some(AutoscaleSpec { component: name.to_owned(), replicas: at_start, policy, interval, metric_delay, boot })
    }

    fn within(&mut self, at: &At<'_>, (policy, at_start): (&HpaSpec, u32), interval: Hours) -> Option<()> {
        let (problem, hint) = if policy.min == 0 {
            ("no replicas at all are not supported yet in a run".to_owned(), "give `min: 1` or more")
        } else if at_start > policy.max {
            let message = format!("{at_start} replicas at the start are above `max` {}", policy.max);
            (message, "raise `max`, or start with fewer `replicas`")
        } else if interval.get() < LOOK_INTERVAL_MIN.get() {
            ("looks are at least 1s apart in a run".to_owned(), "give an `interval` of 1s or more")
        } else {
            return Some(());
        };
        let code = if policy.min == 0 { Code::NotYet } else { Code::Range };
        self.sink.push(Diagnostic::new(code, problem, at.key_span()).hint(hint));
        None
    }

    /// Refuses by name what a run does not obey beside an autoscaler, or of it.
    fn refuse_beside(&mut self, component: &At<'_>, at: &At<'_>, redundancy: Option<&Redundancy>) -> Option<()> {
        let mut found: Vec<(String, At<'_>)> = Vec::new();
        for place in REPLAY_ALONE.iter().filter_map(|key| at.get(key)) {
            let key = place.path().rsplit('.').next().unwrap_or_default().to_owned();
            found.push((format!("an autoscaler with `{key}` is not supported yet in a run"), place));
        }
        if let Some(several) = at.get("metrics").filter(|metrics| metrics.items().len() > 1) {
            found.push(("several metrics are not supported yet in a run".to_owned(), several));
        }
        let places = component.get("place").map_or(0, |place| place.variants().len());
        if let Some(place) = component.get("place").filter(|_| places > 1) {
            found.push(("an autoscaler over several places is not supported yet".to_owned(), place));
        }
        let capacity = component.get("capacity");
        let apart = APART.iter().filter_map(|key| component.get(key));
        let apart_of_capacity = APART_OF_CAPACITY.iter().filter_map(|key| capacity.as_ref()?.get(key));
        for place in apart.chain(apart_of_capacity) {
            let key = place.path().rsplit('.').next().unwrap_or_default().to_owned();
            found.push((format!("`{key}` beside an autoscaler is not supported yet"), place));
        }
        let scheme = redundancy.and_then(Redundancy::scheme);
        let form = component.get("redundancy").and_then(|redundancy| redundancy.variants().into_iter().next());
        if let Some(per) = form.and_then(|(_, form)| form.get("per")) {
            found.push(("`per` beside an autoscaler is not supported yet".to_owned(), per));
        }
        if let Some((scheme, place)) = scheme.zip(component.get("redundancy")) {
            found.push((format!("an autoscaler beside {scheme} is not supported yet"), place));
        }
        let modes = component.get("failure_modes").map_or_else(Vec::new, |modes| modes.entries());
        let wear = ["repair_quality", "cleared_by"];
        for place in modes.iter().flat_map(|(_, mode)| wear.iter().filter_map(|key| mode.get(key))) {
            let key = place.path().rsplit('.').next().unwrap_or_default().to_owned();
            found.push((format!("`{key}` beside an autoscaler is not supported yet"), place));
        }
        let mut clocks = modes.iter().filter_map(|(_, mode)| mode.get("clock"));
        let calendar = clocks.find(|clock| clock.text() == Some("calendar"));
        if let Some(clock) = calendar {
            found.push(("an autoscaler beside a clock of `calendar` is not supported yet".to_owned(), clock));
        }
        let good = found.is_empty();
        for (message, place) in found {
            let problem = Diagnostic::new(Code::NotYet, message, place.key_span());
            self.sink
                .push(problem.why("leaving it out silently would change the answer").hint("remove one of the two"));
        }
        good.then_some(())
    }
}
