//! `autoscale` in a run: a component whose number of replicas follows its load.

use ninefold_models::lifetime::Law;
use ninefold_models::scaling::hpa::Remembered;
use ninefold_models::system::{AutoscaleSpec, LOOK_INTERVAL_MIN, Redundancy, Scheduled, SystemSpec};
use ninefold_models::units::Hours;

use super::Lowering;
use super::calendar::Calendar;
use super::demand::hours_at;
use super::fleets::Fleet;
use super::read::At;
use super::windows::Measured;
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::suggestion;

/// Keys of a component that do not go with `autoscale` yet.
const APART: [&str; 4] = ["health_check", "data_loss", "size_for", "replication"];

/// Keys of a capacity that do not go with `autoscale` yet.
const APART_OF_CAPACITY: [&str; 2] = ["profile", "usl"];

/// How queues go with units that come and go.
const IN_REQUESTS: &str =
    "follow requests one by one around incidents: `run.demand_mode.on: {incidents: request_level, for: 10min}`";

/// Replicas that a scaled component has at the least; any number for one that is not scaled.
pub(super) fn least(cx: &mut Lowering<'_>, component: &At<'_>) -> u32 {
    let Some(at) = component.get("autoscale") else { return u32::MAX };
    cx.count_or(&at, "min", 1).unwrap_or(1).max(1)
}

/// Refuses queues of units that come and go, where their requests are not simulated one by one; once queues are known.
pub(super) fn beside_queues(cx: &mut Lowering<'_>, top: &At<'_>, spec: &SystemSpec) {
    let Some(section) = top.get("components") else { return };
    for (name, component) in section.entries() {
        let Some(queue) = spec.queueing.queue(name) else { continue };
        let scaled = component.get("autoscale").map(|at| (at, "an autoscaler"));
        let is_scaled = scaled.is_some();
        let spot = component.get("burst").filter(|burst| burst.get("spot_share").is_some());
        let Some((at, what)) = scaled.or(spot.map(|at| (at, "spot capacity"))) else { continue };
        let (message, hint) = if spec.queueing.request_level.is_none() {
            (format!("`service_time` beside {what} is not supported yet in a flow"), IN_REQUESTS)
        } else if queue.per_replica && is_scaled {
            (format!("a queue before each replica beside {what} is not supported yet"), "leave out `per: replica`")
        } else {
            continue;
        };
        let problem = Diagnostic::new(Code::NotYet, message, at.key_span());
        cx.sink.push(problem.why("a formula is of so many servers, whose number changes here").hint(hint));
    }
}

impl Lowering<'_> {
    /// The autoscalers of a component, one for each of its fleets; `None` if it has none.
    pub(super) fn elastic(
        &mut self,
        (component, name, fleets): (&At<'_>, &str, &[Fleet]),
        (redundancy, calendar): (Option<&Redundancy>, &Calendar),
    ) -> Option<Vec<AutoscaleSpec>> {
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
        let scheduled = self.scheduled(&at, read.scaler.limits().1, calendar);
        let predicted_at = self.predicted_at(&at);
        self.metrics_can_fail(&at)?;
        let metrics_from = self.metrics_from(&at, name)?;
        let at_start = fleets.iter().map(|fleet| fleet.at_start).max().unwrap_or(1);
        let nodes = self.nodes_of(&at, at_start.max(read.scaler.limits().0));
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
        self.within(&at, (read.scaler.limits(), at_start), interval)?;
        let one = AutoscaleSpec {
            scheduled: scheduled?,
            predicted_at: predicted_at?,
            metrics_from,
            nodes: nodes?,
            interval,
            metric_delay: Hours::new(read.metric_delay.hours()),
            ..AutoscaleSpec::new(name, at_start, read.scaler, boot)
        };
        if fleets.len() > 1 {
            self.remark(
                format!("{}.autoscale", component.path()),
                "one in each place",
                "`min` and `max` are those of each",
            );
        }
        let each = |fleet: &Fleet| {
            let in_order = (0..).zip(&fleet.units).all(|(place, &unit)| place == unit);
            let units = if in_order && fleets.len() == 1 { Vec::new() } else { fleet.units.clone() };
            AutoscaleSpec { units, replicas: fleet.at_start, ..one.clone() }
        };
        Some(fleets.iter().map(each).collect())
    }

    fn within(&mut self, at: &At<'_>, ((min, max), at_start): ((u32, u32), u32), interval: Hours) -> Option<()> {
        let (problem, hint) = if min == 0 && at.get("zero").is_none() {
            let message = "an autoscaler that has taken all replicas away does not bring them back".to_owned();
            (message, "give `min: 1` or more, or say how it comes back from zero: `zero: {}`")
        } else if at_start > max {
            let message = format!("{at_start} replicas at the start are above `max` {max}");
            (message, "raise `max`, or start with fewer `replicas`")
        } else if interval.get() < LOOK_INTERVAL_MIN.get() {
            ("looks are at least 1s apart in a run".to_owned(), "give an `interval` of 1s or more")
        } else {
            return Some(());
        };
        self.sink.push(Diagnostic::new(Code::Range, problem, at.key_span()).hint(hint));
        None
    }

    /// The share that a forecast is to need, if there is one.
    fn predicted_at(&mut self, at: &At<'_>) -> Option<Option<f64>> {
        let Some(predictive) = at.get("predictive") else { return Some(None) };
        let target = self.required(&predictive, "target")?;
        let share = self.ratio(&target)?;
        if share >= 1e-6 {
            return Some(Some(share));
        }
        let problem = Diagnostic::new(Code::Range, "a target of 0 cannot be held", target.span());
        self.sink.push(problem.hint("write a share above 0, as in `60 %`"));
        None
    }

    /// The component through which metrics come, if they can fail.
    fn metrics_from(&mut self, at: &At<'_>, component: &str) -> Option<Option<String>> {
        let Some(from) = at.get("metrics_from") else { return Some(None) };
        let name = from.text()?;
        if name != component && self.component_names.iter().any(|known| known == name) {
            return Some(Some(name.to_owned()));
        }
        let others = self.component_names.iter().map(String::as_str).filter(|known| *known != component);
        let problem = Diagnostic::new(Code::NoComponent, format!("no metrics come through `{name}`"), from.span());
        let why = "`metrics_from` names another component, without which there are no metrics";
        let hint = suggestion(name, others);
        self.sink.push(problem.why(why).hint(hint));
        None
    }

    /// A fallback is for metrics that fail.
    fn metrics_can_fail(&mut self, at: &At<'_>) -> Option<()> {
        let Some(fallback) = at.get("fallback").filter(|_| at.get("metrics_from").is_none()) else { return Some(()) };
        let problem = Diagnostic::new(Code::Missing, "metrics that never fail need no `fallback`", fallback.key_span());
        self.sink.push(problem.hint("name the component through which they come: `metrics_from: NAME`"));
        None
    }

    /// Spans in which there are at least so many replicas.
    fn scheduled(&mut self, at: &At<'_>, max: u32, calendar: &Calendar) -> Option<Vec<Scheduled>> {
        let Some(list) = at.get("scheduled") else { return Some(Vec::new()) };
        let clock = Measured {
            start: calendar.start.clone(),
            warmup_h: 0.0,
            horizon_h: calendar.horizon_h,
            to_first_failure: false,
        };
        let mut all = Vec::new();
        for item in list.items() {
            let place = self.required(&item, "min")?;
            let min = u32::try_from(self.count(&place)?).ok()?;
            if min > max {
                let message = format!("{min} scheduled replicas are above `max` {max}");
                self.sink.push(Diagnostic::new(Code::Range, message, place.span()).hint("raise `max`"));
                return None;
            }
            let spans = self.spans(&item, (calendar, &clock))?;
            all.extend(spans.into_iter().map(|(from, to)| Scheduled { from, to, min }));
        }
        Some(all)
    }

    /// A window by the week, or one span from an instant on.
    fn spans(&mut self, item: &At<'_>, (calendar, clock): (&Calendar, &Measured)) -> Option<Vec<(Hours, Hours)>> {
        let dated = item.get("from").or_else(|| item.get("for"));
        match (item.get("window"), dated) {
            (Some(window), None) => self.weekly_window(&window, clock),
            (Some(window), Some(dated)) => {
                let message = "a schedule has either a `window` or `from` and `for`";
                let problem = Diagnostic::new(Code::Variant, message, dated.key_span());
                self.sink.push(problem.secondary(window.key_span(), "the other").hint("keep one of the two"));
                None
            }
            (None, _) => {
                let from = self.required(item, "from");
                let length = self.required(item, "for").and_then(|length| self.duration(&length));
                let from = from.and_then(|from| hours_at(self, &from, calendar));
                let (from, length) = (from?, length?);
                let span = (Hours::new(from.max(0.0)), Hours::new((from + length.get()).max(0.0)));
                Some(if span.0.get() < span.1.get() { vec![span] } else { Vec::new() })
            }
        }
    }

    /// Refuses by name what a run does not obey beside an autoscaler, or of it.
    fn refuse_beside(&mut self, component: &At<'_>, at: &At<'_>, redundancy: Option<&Redundancy>) -> Option<()> {
        let mut found: Vec<(String, At<'_>)> = Vec::new();
        let target = at.get("target_tracking").and_then(|tracking| tracking.get("target"));
        if let Some(backlog) = target.and_then(|target| target.get("backlog")) {
            found.push(("a `backlog` is not supported yet in a run: no queue is read".to_owned(), backlog));
        }
        let capacity = component.get("capacity");
        let apart = APART.iter().filter_map(|key| component.get(key));
        let apart_of_capacity = APART_OF_CAPACITY.iter().filter_map(|key| capacity.as_ref()?.get(key));
        for place in apart.chain(apart_of_capacity) {
            let key = place.path().rsplit('.').next().unwrap_or_default().to_owned();
            found.push((format!("`{key}` beside an autoscaler is not supported yet"), place));
        }
        let scheme = redundancy.and_then(Redundancy::scheme);
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
