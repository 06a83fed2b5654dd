//! `run.replications`: how many, or until what is known.

use ninefold_models::plan::{
    DEFAULT_DECISION_CONFIDENCE, DEFAULT_MAX_REPLICATIONS, DEFAULT_MIN_REPLICATIONS, DEFAULT_RELATIVE_HALF_WIDTH, Goal,
    HalfWidth, SteeringUnit, Stopping, steering_unit,
};
use ninefold_models::system::SystemSpec;

use super::Lowering;
use super::read::At;
use super::run::certainty;
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::suggestion;
use crate::values;

/// The rules by which a run can stop, of which one is given.
const RULES: [&str; 3] = ["relative_half_width", "absolute_half_width", "decision"];

pub(super) fn stopping(
    cx: &mut Lowering<'_>,
    replications: Option<&At<'_>>,
    top: &At<'_>,
    spec: &SystemSpec,
) -> Stopping {
    let Some(at) = replications else {
        let value = format!(
            "{{min: {DEFAULT_MIN_REPLICATIONS}, max: {DEFAULT_MAX_REPLICATIONS}, until: {{relative_half_width: 0.1}}}}"
        );
        cx.assume("run.replications", value, "a run without a number of replications stops at 10 % half-width");
        return Stopping::default();
    };
    if !at.is_map() {
        return cx.count(at).map_or_else(Stopping::default, Stopping::Fixed);
    }
    let (min, max) = bounds(cx, at);
    let goal = goal(cx, at, top, spec).unwrap_or_default();
    Stopping::Until { min, max, goal }
}

fn bounds(cx: &mut Lowering<'_>, at: &At<'_>) -> (u64, u64) {
    let mut count = |key: &str, silent: u64| match at.get(key) {
        Some(value) => (cx.count(&value).unwrap_or(silent), Some(value)),
        None => {
            cx.assume(format!("{}.{key}", at.path()), silent.to_string(), "the language's default");
            (silent, None)
        }
    };
    let (min, written_min) = count("min", DEFAULT_MIN_REPLICATIONS);
    let (max, written_max) = count("max", DEFAULT_MAX_REPLICATIONS);
    if min > max {
        let place = written_min.or(written_max).map_or(at.key_span(), |found| found.span());
        cx.sink.push(
            Diagnostic::new(Code::Plan, format!("at least {min} replications, but at most {max}"), place)
                .hint("make `min` at most `max`"),
        );
    }
    (min, max)
}

/// What is to be known; `None` where it cannot be read, which has been reported.
fn goal(cx: &mut Lowering<'_>, at: &At<'_>, top: &At<'_>, spec: &SystemSpec) -> Option<Goal> {
    let until = at.get("until");
    let get = |key: &str| until.as_ref().and_then(|until| until.get(key));
    let given: Vec<At<'_>> = RULES.into_iter().filter_map(get).collect();
    if let [first, second, ..] = &given[..] {
        cx.sink.push(
            Diagnostic::new(Code::Plan, "a run stops by exactly one rule", second.key_span())
                .label("a second rule")
                .secondary(first.key_span(), "the first rule")
                .hint(format!("keep one of `{}`", RULES.join("`, `"))),
        );
        return None;
    }
    let named = get("measure");
    if let Some(decision) = get("decision") {
        if let Some(measure) = named {
            cx.sink.push(
                Diagnostic::new(Code::Plan, "a decision is steered by no measure", measure.key_span())
                    .secondary(decision.key_span(), "it is steered by an agreement")
                    .hint("remove `measure`, and name the agreement as in `decision: {agreement: NAME}`"),
            );
        }
        return decide(cx, &decision, top, spec);
    }
    let measure = match &named {
        Some(measure) => Some(steering_measure(cx, measure, spec)?),
        None => None,
    };
    if let Some(width) = get("absolute_half_width") {
        let at_most = values::half_width(width.text()?).ok()?;
        in_its_unit(cx, (&width, at_most), named.as_ref().zip(measure.as_deref()), spec)?;
        return Some(Goal::AbsoluteHalfWidth { measure, at_most });
    }
    let at_most = match get("relative_half_width") {
        Some(width) => relative(cx, &width)?,
        None => {
            let path = format!("{}.until.relative_half_width", at.path());
            cx.assume(path, "0.1", "a run stops at 10 % half-width unless it says otherwise");
            DEFAULT_RELATIVE_HALF_WIDTH
        }
    };
    Some(Goal::RelativeHalfWidth { measure, at_most })
}

fn relative(cx: &mut Lowering<'_>, width: &At<'_>) -> Option<f64> {
    let value = cx.ratio(width)?;
    if value > 0.0 {
        return Some(value);
    }
    let message = "the half-width is 0";
    cx.sink.push(Diagnostic::new(Code::Range, message, width.span()).hint("write `0.1` for 10 %"));
    None
}

fn decide(cx: &mut Lowering<'_>, at: &At<'_>, top: &At<'_>, spec: &SystemSpec) -> Option<Goal> {
    let stated: Vec<&str> = top.get("agreements").iter().flat_map(At::entries).map(|(name, _)| name).collect();
    if spec.time.until_first_failure || stated.is_empty() {
        let (message, hint) = if stated.is_empty() {
            ("there is no agreement to decide on", "state one under `agreements`, or stop by a half-width")
        } else {
            ("a run to the first failure has no verdicts", "remove `until: first_failure`, or stop by a half-width")
        };
        cx.sink.push(Diagnostic::new(Code::Plan, message, at.key_span()).hint(hint));
        return None;
    }
    let agreement = match at.get("agreement") {
        Some(named) => {
            let name = named.text()?;
            if !stated.contains(&name) {
                cx.sink.push(
                    Diagnostic::new(Code::NoAgreement, format!("there is no agreement `{name}`"), named.span())
                        .hint(suggestion(name, stated)),
                );
                return None;
            }
            Some(name.to_owned())
        }
        None => None,
    };
    let confidence = match at.get("confidence") {
        Some(confidence) => certainty(cx, &confidence)?,
        None => {
            let path = format!("{}.confidence", at.path());
            cx.assume(path, DEFAULT_DECISION_CONFIDENCE.to_string(), "a decision is wrong in 1 % of runs at most");
            DEFAULT_DECISION_CONFIDENCE
        }
    };
    Some(Goal::Decision { agreement, confidence })
}

/// Refuses a half-width in another unit than its measure's.
fn in_its_unit(
    cx: &mut Lowering<'_>,
    (width, at_most): (&At<'_>, HalfWidth),
    measure: Option<(&At<'_>, &str)>,
    spec: &SystemSpec,
) -> Option<()> {
    let problem =
        |message| Diagnostic::new(Code::Plan, message, width.span()).label(SteeringUnit::named(at_most.unit()).words);
    if let Some((named, measure)) = measure {
        let needs = measure.rsplit('.').next().and_then(steering_unit)?;
        if needs == at_most.unit() {
            return Some(());
        }
        cx.sink.push(
            problem("the half-width is not in the unit of its measure")
                .secondary(named.span(), SteeringUnit::named(needs).words)
                .hint("write the half-width in that unit, or name a measure that has this one"),
        );
        return None;
    }
    if spec.time.until_first_failure == matches!(at_most, HalfWidth::Hours(_)) {
        return Some(());
    }
    cx.sink.push(
        problem("nothing that this run measures has the unit of the half-width").hint(
            "a run to the first failure takes a duration (of the MTTF), any other a ratio, `5min/year` or `1/year`",
        ),
    );
    None
}

/// `ENTITY.MEASURE`, both known.
fn steering_measure(cx: &mut Lowering<'_>, at: &At<'_>, spec: &SystemSpec) -> Option<String> {
    let text = at.text()?;
    let parts: Vec<&str> = text.split('.').collect();
    let known = |name: &str, names: &[&str]| names.contains(&name);
    let journeys: Vec<&str> = spec.journeys.iter().map(|journey| journey.name.as_str()).collect();
    let components: Vec<&str> = spec.components.iter().map(|component| component.name.as_str()).collect();
    let agreements: Vec<&str> = spec.agreements.iter().map(|agreement| agreement.name.as_str()).collect();
    let hint = match parts.as_slice() {
        ["journeys", name, _] if !known(name, &journeys) => suggestion(name, journeys),
        ["components", name, _] if !known(name.split('@').next().unwrap_or(name), &components) => {
            suggestion(name, components)
        }
        ["agreements", name, _] if !known(name, &agreements) => suggestion(name, agreements),
        [section @ ("journeys" | "components" | "agreements"), _, measure] => {
            let allowed = steering_measures(section, spec);
            if known(measure, allowed) {
                return Some(text.to_owned());
            }
            suggestion(measure, allowed.iter().copied())
        }
        _ => "write `journeys.NAME.unavailability` or `components.NAME.unavailability`".to_owned(),
    };
    cx.sink.push(Diagnostic::new(Code::NoMeasure, format!("there is no measure `{text}`"), at.span()).hint(hint));
    None
}

/// What a run can be steered by, of the entities of a section.
fn steering_measures(section: &str, spec: &SystemSpec) -> &'static [&'static str] {
    match (section, spec.time.until_first_failure) {
        ("journeys", false) => &["unavailability", "downtime", "unserved_ratio", "failure_rate"],
        ("components", false) => &["unavailability", "downtime", "failure_rate"],
        ("agreements", false) => &["breach_probability"],
        ("journeys", true) => &["mttf"],
        ("components", true) if spec.journeys.is_empty() => &["mttf"],
        _ => &[],
    }
}
