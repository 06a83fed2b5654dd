//! The answer on one screen: journeys with their unavailability, what causes it, and the agreements.

use std::fmt::Write;

use ninefold_models::lifetime::LAW_NAMES;
use ninefold_models::results::{CauseRow, Measured, Requirement, Verdict, WithInputs};

use crate::figures::{largest_shares, share_label};
use crate::input::ReportInput;
use crate::{data_loss, failover_line, format, shortfall, single_points, stopping};

/// Lines of entities, and of agreements, before the rest is only counted.
const LINES_MAX: usize = 10;

/// Lines of single points of failure; the report has them all.
const STRUCTURE_LINES_MAX: usize = 5;

/// Lines of what is uncertain.
const INPUTS_LINES_MAX: usize = 5;

/// Causes named in a line.
const CAUSES_MAX: usize = 3;

/// Longest name printed whole.
const NAME_MAX: usize = 28;

/// The one-screen answer, ending in a newline. Where the files are is for the caller to add.
pub fn answer(input: &ReportInput<'_>) -> String {
    let mut out = headline(input);
    let entities = input.headline_entities();
    let label_width = label_width(&entities);
    for entity in entities.iter().take(LINES_MAX) {
        line(&mut out, label_width, short(entity), &entity_parts(input, entity).join("   "));
    }
    and_more(&mut out, label_width, entities.len());
    for (label, causes) in cause_lines(input, &entities) {
        line(&mut out, label_width, &label, &causes);
    }
    let requests = crate::requests::lines(input);
    for (name, words) in requests.iter().take(LINES_MAX) {
        line(&mut out, label_width, "requests", &format!("{name}: {words}"));
    }
    and_more(&mut out, label_width, requests.len());
    for failover in failover_line::lines(input).into_iter().take(STRUCTURE_LINES_MAX) {
        line(&mut out, label_width, "failover", &failover);
    }
    for experiment in crate::experiment_line::lines(input).into_iter().take(LINES_MAX) {
        line(&mut out, label_width, "experiment", &experiment);
    }
    for test in crate::load_test_line::lines(input).into_iter().take(LINES_MAX) {
        line(&mut out, label_width, "load test", &test);
    }
    for storm in crate::metastability_line::lines(input).into_iter().take(LINES_MAX) {
        line(&mut out, label_width, "storm", &storm);
    }
    let short_of = shortfall::lines(input);
    for (journey, words) in short_of.iter().take(LINES_MAX) {
        let of = if short_of.len() > 1 { format!("{journey}: ") } else { String::new() };
        line(&mut out, label_width, "capacity", &format!("{of}{words}"));
    }
    for scaled in crate::scaling::lines(input).into_iter().take(LINES_MAX) {
        line(&mut out, label_width, "scaling", &scaled);
    }
    for reserve in crate::buffer::lines(input).into_iter().take(LINES_MAX) {
        line(&mut out, label_width, "reserve", &reserve);
    }
    for spot in crate::spot::lines(input).into_iter().take(LINES_MAX) {
        line(&mut out, label_width, "spot", &spot);
    }
    for cost in crate::spot::cost_lines(input).into_iter().take(LINES_MAX) {
        line(&mut out, label_width, "cost", &cost);
    }
    for (entity, words) in single_points::lines(input).into_iter().take(STRUCTURE_LINES_MAX) {
        let of = if entities.len() > 1 { format!("{}: ", short(entity)) } else { String::new() };
        line(&mut out, label_width, "structure", &format!("{of}{words}"));
    }
    for data in data_loss::lines(input).into_iter().take(LINES_MAX) {
        line(&mut out, label_width, "data", &data);
    }
    for met in crate::objectives::lines(input).into_iter().take(LINES_MAX) {
        line(&mut out, label_width, "objective", &met);
    }
    for lost in crate::recovery_point::lines(input).into_iter().take(LINES_MAX) {
        line(&mut out, label_width, "data", &lost);
    }
    let queues = crate::queues::lines(input);
    for (queue, words) in queues.iter().take(LINES_MAX) {
        line(&mut out, label_width, "queue", &format!("{queue}: {words}"));
    }
    and_more(&mut out, label_width, queues.len());
    for entity in entities.iter().take(INPUTS_LINES_MAX) {
        if let Some(inputs) = inputs_line(input, entity) {
            line(&mut out, label_width, "inputs", &inputs);
        }
    }
    for requirement in input.results.requirements.iter().take(LINES_MAX) {
        line(&mut out, label_width, "agreement", &agreement(requirement));
    }
    and_more(&mut out, label_width, input.results.requirements.len());
    if let Some(gain) = variance_line(input) {
        line(&mut out, label_width, "variance", &gain);
    }
    if let Some(rounded) = stopping::rounded(input) {
        line(&mut out, label_width, "rounded", &rounded);
    }
    if let Some((label, note)) = stopping::note(input) {
        line(&mut out, label_width, label, &note);
    }
    out
}

fn headline(input: &ReportInput<'_>) -> String {
    let units: usize = input.spec.written_components().iter().map(|c| c.units.len()).sum();
    let replications = input.results.outcome.replications;
    let plural = |n: u64| if n == 1 { "" } else { "s" };
    format!(
        "{} · {} horizon · {} unit{} · simulated, {} replication{}{}, seed {}\n",
        input.about.scenario,
        whole_duration(input.spec.time.horizon.get()),
        format::grouped(units as u64),
        plural(units as u64),
        format::grouped(replications),
        plural(replications),
        match input.results.outcome.parameter_draws {
            0 => String::new(),
            draws => format!(" over {} draws of the inputs", format::grouped(u64::from(draws))),
        },
        input.results.outcome.seed,
    )
}

/// What the inputs do to an entity: its main measure by inputs and chance, and the largest shares.
fn inputs_line(input: &ReportInput<'_>, entity: &str) -> Option<String> {
    let main = input.measure(entity, "unavailability").or_else(|| input.measure(entity, "mttf"))?;
    let range = with_inputs(main)?;
    let of = if input.headline_entities().len() > 1 { format!("{}: ", short(entity)) } else { String::new() };
    let mut parts = vec![format!("{of}{range} with doubt about them")];
    let shares = largest_shares(&input.results.input_shares, main);
    let named = shares.iter().filter(|row| row.share.value > 0.0).take(CAUSES_MAX);
    parts.extend(named.map(|row| format!("{} {}", share_label(row), format::percent(row.share.value))));
    Some(parts.join("   "))
}

/// The interval by inputs and chance in words, if there is one: `1.1e-3 to 4.0e-3`.
pub(crate) fn with_inputs(measured: &Measured) -> Option<String> {
    let WithInputs { lo, hi, .. } = measured.inputs?;
    let shown = |value: f64| match &*measured.unit {
        "h" => format::duration(value),
        "min/year" => format!("{}/y", format::duration(value / 60.0)),
        "min" => format::duration(value / 60.0),
        _ => format::significant(value, 2),
    };
    Some(format!("{} to {}", shown(lo), shown(hi)))
}

/// The name of an input without what every path has: `db crash life mean`, `db switch success`.
pub(crate) fn input_name(path: &str) -> String {
    let kept = |(place, part): &(usize, &str)| {
        let frame = ["components", "journeys", "failure_modes", "redundancy", "standby"].contains(part);
        // After the section stands a name, which may be anything; domains have no names here.
        *place == 1 && !path.starts_with("domains.") || !(frame || *place > 1 && LAW_NAMES.contains(part))
    };
    let word = |(_, part)| if part == "time_to_failure" { "life" } else { part };
    path.split('.').enumerate().filter(kept).map(word).collect::<Vec<_>>().join(" ")
}

/// The width of the labels before the lines of these entities.
pub(crate) fn label_width(entities: &[String]) -> usize {
    let longest = entities.iter().take(LINES_MAX).map(|e| short(e).chars().count().min(NAME_MAX)).max().unwrap_or(0);
    longest.max("agreement".len()) + 2
}

fn line(out: &mut String, width: usize, label: &str, rest: &str) {
    let _ = writeln!(out, "{}", labelled(width, label, rest));
}

/// A line that begins with a label of this width.
pub(crate) fn labelled(width: usize, label: &str, rest: &str) -> String {
    let label = format::truncated(label, NAME_MAX);
    format!("{label:<width$}{rest}")
}

fn and_more(out: &mut String, width: usize, items: usize) {
    if items > LINES_MAX {
        line(out, width, "", &format!("and {} more", items - LINES_MAX));
    }
}

/// The parts of an entity's line; what was not measured is left out.
fn entity_parts(input: &ReportInput<'_>, entity: &str) -> Vec<String> {
    let mut parts = Vec::new();
    if let Some(m) = input.measure(entity, "unavailability") {
        parts.push(unavailability_words(m));
        parts.push(format::nines(&m.estimate));
    }
    if let Some(m) = input.measure(entity, "downtime") {
        parts.push(format::downtime(&m.estimate));
    }
    if let Some(m) = input.measure(entity, "failure_rate") {
        parts.push(format!("{} failures/y", format::rate(&m.estimate)));
    }
    if let Some(m) = input.measure(entity, "mttf") {
        parts.push(mttf_words(m));
    }
    if parts.is_empty() {
        parts.push("not measured".to_owned());
    }
    parts
}

/// `unavailability 3.8e-4 ± 0.4e-4 (exact 3.79e-4)`.
pub(crate) fn unavailability_words(m: &Measured) -> String {
    format!("unavailability {}{}", format::ratio(&m.estimate), exact_beside(m))
}

/// `MTTF 89 ± 4 d (exact 90 d)`.
pub(crate) fn mttf_words(m: &Measured) -> String {
    let exact = m.exact.map(|x| format!(" (exact {})", format::duration(x))).unwrap_or_default();
    format!("MTTF {}{exact}", format::duration_with_error(&m.estimate))
}

fn exact_beside(m: &Measured) -> String {
    m.exact.map(|x| format!(" (exact {})", format::significant(x, 3))).unwrap_or_default()
}

/// One line of causes per journey that is shown and was down; journeys are named only if there are several.
fn cause_lines(input: &ReportInput<'_>, entities: &[String]) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    for entity in entities.iter().take(LINES_MAX) {
        let causes: Vec<&CauseRow> = largest_causes(&input.results.causes, entity);
        if causes.is_empty() {
            continue;
        }
        let named = causes.iter().take(CAUSES_MAX);
        let mut parts: Vec<_> =
            named.map(|c| format!("{} {}", cause_name(&c.cause), format::percent(c.share))).collect();
        if causes.len() > CAUSES_MAX {
            parts.push(format!("{} more", causes.len() - CAUSES_MAX));
        }
        let of = if entities.len() > 1 { format!("{}: ", short(entity)) } else { String::new() };
        lines.push((String::from("causes"), of + &parts.join("   ")));
    }
    lines
}

/// The causes of an entity's downtime, largest first; ties keep their order.
pub(crate) fn largest_causes<'a>(causes: &'a [CauseRow], entity: &str) -> Vec<&'a CauseRow> {
    let mut of: Vec<_> = causes.iter().filter(|c| c.journey == entity && c.share > 0.0).collect();
    of.sort_by(|a, b| b.share.total_cmp(&a.share));
    of
}

/// A cause in words: `db crash`, `db switch under way`, `db uncovered failure`.
pub(crate) fn cause_name(cause: &str) -> String {
    match cause.split_once('/') {
        Some((component, "switch")) => format!("{component} switch under way"),
        Some((component, what @ ("covered" | "uncovered"))) => format!("{component} {what} failure"),
        _ => cause.replace('/', " "),
    }
}

/// The last part of an entity's name.
pub(crate) fn short(entity: &str) -> &str {
    entity.split_once('.').map_or(entity, |(_, name)| name)
}

/// An agreement in words: `checkout-slo 99.9 % a month: met (breach in 1.2 % ± 0.4 % of months)`.
pub(crate) fn agreement(r: &Requirement) -> String {
    let (per, windows) = window_words(&r.window_kind);
    format!(
        "{} {} {per}: {} (breach in {} of {windows})",
        r.agreement,
        format::target(r.target),
        stopping::verdict(r),
        format::percent_with_error(&r.breach_probability),
    )
}

/// A verdict in words.
pub(crate) const fn verdict_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::NotMet => "not met",
        Verdict::Undecided => "undecided",
    }
}

/// `a month`, `months` for `calendar_month`.
pub(crate) fn window_words(kind: &str) -> (String, String) {
    if let Some(span) = kind.strip_prefix("calendar_") {
        return (format!("a {span}"), format!("{span}s"));
    }
    if let Some(span) = kind.strip_prefix("rolling_") {
        return (format!("in any {span}"), format!("windows of {span}"));
    }
    (format!("per window ({kind})"), String::from("windows"))
}

/// One line for all methods that were asked for: what each gained for the first entity, or why it was not used.
fn variance_line(input: &ReportInput<'_>) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    let rows = &input.results.variance;
    for (i, row) in rows.iter().enumerate() {
        if rows[..i].iter().any(|before| before.method == row.method) {
            continue;
        }
        parts.push(match (row.used, row.ratio) {
            (true, Some(ratio)) => format!("{} ÷ {}", row.method, format::significant(ratio, 3)),
            (true, None) => format!("{}: nothing varied", row.method),
            (false, _) => format!("{} not used: {}", row.method, row.how),
        });
    }
    (!parts.is_empty()).then(|| parts.join("   "))
}

/// The line of a run whose precision did not decide its length: how well its main measures are known.
pub fn precision_reached(input: &ReportInput<'_>) -> String {
    let entities = input.headline_entities();
    let measure = if input.spec.time.until_first_failure { "mttf" } else { "unavailability" };
    let estimates = entities.iter().filter_map(|entity| input.measure(entity, measure)).map(|m| &m.estimate);
    let widest = estimates
        .map(|e| (e.hi - e.lo) / 2.0 / e.value)
        .fold(0.0, |widest: f64, width| if width.is_finite() { widest.max(width) } else { f64::INFINITY });
    let reached = if widest.is_finite() {
        format!("reached ± {} of {measure}", format::percent(widest))
    } else {
        format!("of {measure} too little seen to tell")
    };
    let mut out = String::new();
    line(&mut out, label_width(&entities), "precision", &reached);
    out
}

/// A round span without decimals: `1 y`, `3 y`, `90 d`, `5 h`.
pub(crate) fn whole_duration(hours: f64) -> String {
    for (unit, size) in [("y", 8760.0), ("d", 24.0), ("h", 1.0)] {
        if hours >= size && hours % size == 0.0 {
            return format!("{} {unit}", format::grouped((hours / size) as u64));
        }
    }
    format::duration(hours)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use ninefold_models::plan::{Goal, Stopping};
    use ninefold_models::results::Stopped;

    use super::*;
    use crate::toy_shop::ToyShop;

    #[test]
    fn the_answer_fits_a_screen() {
        insta::assert_snapshot!(answer(&ToyShop::new().input()));
    }

    #[test]
    fn without_journeys_the_components_answer_and_nothing_seen_is_a_bound() {
        let mut shop = ToyShop::new();
        shop.spec.journeys.clear();
        shop.results.requirements.clear();
        shop.results.outcome.stopped = Stopped::Budget;
        shop.plan.stopping = Stopping::Until { min: 200, max: 1000, goal: Goal::default() };
        if let Some(reached) = &mut shop.results.outcome.reached {
            reached.reached = 0.31;
        }
        insta::assert_snapshot!(answer(&shop.input()));
    }

    #[test]
    fn inputs_are_named_by_what_tells_them_apart() {
        for (path, name) in [
            ("components.db.failure_modes.crash.time_to_failure.exponential.mean", "db crash life mean"),
            ("components.gamma.redundancy.standby.switch.success", "gamma switch success"),
            ("components.db.failure_modes.crash.repair", "db crash repair"),
            ("journeys.use.demand.level", "use demand level"),
            ("domains.failure_modes.loss.annual_rate", "domains loss annual_rate"),
        ] {
            assert_eq!(input_name(path), name);
        }
    }

    #[test]
    fn many_entities_are_capped() {
        let mut shop = ToyShop::new();
        let journey = shop.spec.journeys[0].clone();
        shop.spec.journeys = vec![journey; 40];
        shop.results.requirements = vec![shop.results.requirements[0].clone(); 40];
        let answer = answer(&shop.input());
        assert_eq!(answer.matches("and 30 more").count(), 2);
        assert!(answer.lines().count() < 46);
    }
}
