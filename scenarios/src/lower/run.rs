//! `run`: the plan, and the parts of time that it says.

use ninefold_models::plan::{DEFAULT_SEED, Plan, Stopping, Use, Variance};
use ninefold_models::system::{Start, SystemSpec, TimeSpec, without_equilibrium};
use ninefold_models::uncertainty::{SHARED_INPUTS_MAX, draws_needed};
use ninefold_models::units::Hours;

use super::calendar::Calendar;
use super::read::At;
use super::{Lowering, stopping};
use crate::diagnostic::{Code, Diagnostic};

/// Most report times.
const REPORT_TIMES_MAX: usize = 10_000;

pub(super) fn time(cx: &mut Lowering<'_>, top: &At<'_>, calendar: &Calendar) -> TimeSpec {
    let run = top.get("run");
    let get = |key: &str| run.as_ref().and_then(|run| run.get(key));
    let horizon = Hours::new(calendar.horizon_h);
    let warmup = match get("warmup") {
        Some(warmup) => warmup_hours(cx, &warmup, horizon),
        None => {
            cx.assume("run.warmup", "0s", "measuring begins at the start unless a warm-up is given");
            Hours::ZERO
        }
    };
    let report_at = get("report_at").map(|list| report_times(cx, &list, horizon)).unwrap_or_default();
    let until_first_failure = get("until").is_some_and(|until| until.text() == Some("first_failure"));
    let start = match get("start") {
        Some(start) if start.text() == Some("stationary") => Start::Stationary,
        Some(_) => Start::New,
        None => {
            cx.assume("run.start", "new", "everything starts up and as new");
            Start::New
        }
    };
    TimeSpec { horizon, warmup, reporting: Vec::new(), report_at, start, until_first_failure }
}

/// Refuses a run to the first failure of what changes over time: there is no horizon to lay it out to.
pub(super) fn refuse_endless(cx: &mut Lowering<'_>, top: &At<'_>, spec: &SystemSpec) {
    if !spec.time.until_first_failure {
        return;
    }
    let until = top.get("run").and_then(|run| run.get("until"));
    let demand = spec.journeys.iter().map(|journey| ("journeys", "demand", &journey.name, &journey.demand));
    let capacity = spec
        .components
        .iter()
        .map(|component| ("components", "capacity", &component.name, &component.capacity_per_unit));
    for (section, key, name, level) in demand.chain(capacity) {
        let Some(place) = top.get(section).and_then(|section| section.get(name)) else { continue };
        if level.as_ref().is_none_or(|level| level.course.is_none()) {
            continue;
        }
        let place = place.get(key).unwrap_or(place);
        let message = format!("`{section}.{name}.{key}` changes over time in a run to the first failure");
        let mut problem = Diagnostic::new(Code::NotYet, message, place.key_span());
        if let Some(until) = &until {
            problem = problem.secondary(until.key_span(), "asked for here");
        }
        let problem = problem.why("there is no horizon to lay it out to");
        cx.sink.push(problem.hint("write a constant level, or remove `run.until`"));
    }
}

/// Refuses a start in the long run of what has no long run of its own.
pub(super) fn refuse_coupled(cx: &mut Lowering<'_>, top: &At<'_>, spec: &SystemSpec) {
    let Some(start) = top.get("run").and_then(|run| run.get("start")) else { return };
    if spec.time.start != Start::Stationary {
        return;
    }
    if spec.time.until_first_failure {
        let message = "a run to the first failure cannot start in its long run";
        let problem = Diagnostic::new(Code::NoEquilibrium, message, start.span());
        cx.sink.push(problem.hint("start `new`, or remove `until: first_failure`"));
        return;
    }
    for without in without_equilibrium(spec) {
        let owner = top.get("components").and_then(|all| all.get(&without.owner));
        let owner = owner.or_else(|| top.get("domains").and_then(|domains| domains.get(&without.owner)));
        let mode = without.mode.as_ref().and_then(|mode| owner.as_ref()?.get("failure_modes")?.get(mode));
        let message = format!("`{}` cannot start in its long run", without.owner);
        let mut problem = Diagnostic::new(Code::NoEquilibrium, message, start.span()).why(without.why);
        if let Some(place) = mode.or(owner) {
            problem = problem.secondary(place.key_span(), "this");
        }
        cx.sink.push(problem.hint("start `new`, and give a `warmup` long enough for the start to be forgotten"));
    }
}

fn warmup_hours(cx: &mut Lowering<'_>, at: &At<'_>, horizon: Hours) -> Hours {
    let Some(warmup) = cx.duration(at) else { return Hours::ZERO };
    if warmup < horizon {
        return warmup;
    }
    cx.sink.push(
        Diagnostic::new(Code::Warmup, "the warm-up leaves nothing to measure", at.span())
            .label(format!("{} h of a horizon of {} h", warmup.get(), horizon.get()))
            .why("measuring runs from the end of the warm-up to the horizon")
            .hint("shorten the warm-up, or lengthen `calendar.horizon`"),
    );
    Hours::ZERO
}

fn report_times(cx: &mut Lowering<'_>, list: &At<'_>, horizon: Hours) -> Vec<Hours> {
    let items = list.items();
    if items.len() > REPORT_TIMES_MAX {
        let message = format!("more than {REPORT_TIMES_MAX} report times");
        cx.sink.push(Diagnostic::new(Code::Limit, message, list.key_span()).hint("ask for fewer"));
        return Vec::new();
    }
    let mut times = Vec::new();
    for item in items {
        let Some(time) = cx.duration(&item) else { continue };
        if time > horizon {
            cx.sink.push(
                Diagnostic::new(Code::ReportTime, "the report time lies beyond the horizon", item.span())
                    .label(format!("the horizon is {} h", horizon.get()))
                    .hint("lengthen `calendar.horizon`, or report earlier"),
            );
        } else {
            times.push(time);
        }
    }
    times.sort_by(|a, b| a.get().total_cmp(&b.get()));
    times.dedup();
    times
}

pub(super) fn plan(cx: &mut Lowering<'_>, top: &At<'_>, spec: &SystemSpec) -> Plan {
    let run = top.get("run");
    let get = |key: &str| run.as_ref().and_then(|run| run.get(key));
    let mut plan = Plan::default();
    match get("seed") {
        Some(seed) => plan.seed = cx.count(&seed).unwrap_or(DEFAULT_SEED),
        None => cx.assume("run.seed", DEFAULT_SEED.to_string(), "a run without a seed takes the language's default"),
    }
    let replications = get("replications");
    let goal = replications.as_ref().and_then(|at| at.get("until"));
    let inner = goal.as_ref().and_then(|at| at.get("confidence"));
    plan.confidence = confidence(cx, get("confidence"), inner);
    plan.variance = get("variance").map_or_else(Variance::default, |at| variance(cx, &at, spec));
    plan.attribution = get("attribution").map_or(0, |at| attribution(cx, &at, run.as_ref()));
    plan.stopping = stopping::stopping(cx, replications.as_ref(), top, spec);
    plan
}

/// Replications whose downtime is attributed; refused where there is none.
fn attribution(cx: &mut Lowering<'_>, at: &At<'_>, run: Option<&At<'_>>) -> u64 {
    let get = |key: &str| run.and_then(|run| run.get(key));
    if let Some(until) = get("until") {
        cx.sink.push(
            Diagnostic::new(Code::Plan, "a run to the first failure has no downtime to attribute", at.key_span())
                .secondary(until.key_span(), "each replication ends at its first failure")
                .hint("leave `attribution` out"),
        );
    }
    cx.count(at).unwrap_or(0)
}

/// Methods of variance reduction; what cannot be done together, or not here, is refused.
fn variance(cx: &mut Lowering<'_>, at: &At<'_>, spec: &SystemSpec) -> Variance {
    let method = |name: &str| match at.get(name).as_ref().and_then(At::text) {
        Some("on") => Use::On,
        Some("auto") => Use::Auto,
        _ => Use::Off,
    };
    let asked =
        Variance { antithetic: method("antithetic"), control: method("control"), stratified: method("stratified") };
    let span = |name: &str| at.get(name).map_or(at.key_span(), |found| found.span());
    if asked.antithetic == Use::On && asked.stratified == Use::On {
        cx.sink.push(
            Diagnostic::new(Code::Plan, "pairs and strata both say how a first life is drawn", span("stratified"))
                .secondary(span("antithetic"), "pairs are asked for here")
                .hint("keep one of the two, or write `auto`"),
        );
    }
    if asked.control == Use::On && spec.time.until_first_failure {
        cx.sink.push(
            Diagnostic::new(Code::Plan, "a run to the first failure has no downtime to correct", span("control"))
                .hint("leave `control` out; `stratified: auto` is made for such runs"),
        );
    }
    asked
}

/// Replications in a block of the method that is demanded: a fixed number of them has to be a multiple.
pub(super) fn refuse_parts_of_blocks(cx: &mut Lowering<'_>, top: &At<'_>, plan: &Plan) {
    let Stopping::Fixed(n) = plan.stopping else { return };
    let Some(run) = top.get("run") else { return };
    let Some(place) = run.get("replications") else { return };
    let demands = [("antithetic", plan.variance.antithetic, 2), ("stratified", plan.variance.stratified, 64)];
    for (method, _, size) in demands.into_iter().filter(|(_, asked, _)| *asked == Use::On) {
        if n % size != 0 || n < 2 * size {
            let message = format!("{n} replications do not make whole blocks of {size}");
            let least = n.next_multiple_of(size).max(2 * size);
            let mut problem = Diagnostic::new(Code::Plan, message, place.span());
            if let Some(at) = run.get("variance").and_then(|variance| variance.get(method)) {
                problem = problem.secondary(at.key_span(), "this makes them depend on one another");
            }
            cx.sink.push(problem.hint(format!("write {least}")));
        }
    }
}

/// Draws of the uncertain inputs; 0 where none are asked for.
pub(super) fn parameter_draws(cx: &mut Lowering<'_>, top: &At<'_>) -> u32 {
    let Some(at) = top.get("run").and_then(|run| run.get("parameter_draws")) else {
        for (path, value) in std::mem::take(&mut cx.point_values) {
            cx.assume(
                path,
                value,
                "an uncertain input is taken at its point value unless `run.parameter_draws` draws it",
            );
        }
        return 0;
    };
    let draws = cx.count(&at).and_then(|draws| u32::try_from(draws).ok()).unwrap_or(0);
    let (inputs, needed) = (cx.inputs.len(), draws_needed(cx.inputs.len()));
    if inputs == 0 && cx.sink.len() > 0 {
        // What could not be read may well have been uncertain.
    } else if inputs == 0 {
        cx.sink.push(
            Diagnostic::new(Code::NothingUncertain, "there is nothing to draw: no input is uncertain", at.span())
                .why("every draw would be the same")
                .hint("give what is not known as `{pert: {min, mode, max}}`, or remove `parameter_draws`"),
        );
    } else if inputs > SHARED_INPUTS_MAX {
        let reason =
            format!("shares of the variance are told of at most {SHARED_INPUTS_MAX} inputs; these are {inputs}");
        cx.assume(at.path(), draws.to_string(), reason);
    } else if (draws as usize) < needed {
        let reason = format!("shares of the variance are not told: {inputs} uncertain inputs need {needed} draws");
        cx.assume(at.path(), draws.to_string(), reason);
    }
    draws
}

fn confidence(cx: &mut Lowering<'_>, outer: Option<At<'_>>, inner: Option<At<'_>>) -> f64 {
    if let (Some(outer), Some(inner)) = (&outer, &inner) {
        cx.sink.push(
            Diagnostic::new(Code::Plan, "the confidence is given twice", inner.key_span())
                .secondary(outer.key_span(), "first given here")
                .hint("keep one of the two"),
        );
    }
    let Some(at) = outer.or(inner) else {
        cx.assume("run.confidence", "0.95", "intervals have a confidence of 95 % unless the run says otherwise");
        return 0.95;
    };
    certainty(cx, &at).unwrap_or(0.95)
}

/// A confidence strictly between 0 and 1.
pub(super) fn certainty(cx: &mut Lowering<'_>, at: &At<'_>) -> Option<f64> {
    let value = cx.ratio(at)?;
    if value > 0.0 && value < 1.0 {
        return Some(value);
    }
    cx.sink.push(
        Diagnostic::new(Code::Range, "a confidence lies strictly between 0 and 1", at.span())
            .hint("write `0.95` or `95 %`"),
    );
    None
}
