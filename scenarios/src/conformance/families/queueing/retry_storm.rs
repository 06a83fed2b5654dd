//! Clients that try again, a trigger of some seconds, and what is left of the answers long after it.

use super::super::super::case::{Expected, Value};
use super::super::super::clock::Clock;
use super::super::super::params::{self, Params};
use super::super::super::refusal::Refusal;
use super::super::super::study::{Ask, Engines, Plan, Precision, Reading, Scenario, Study, Written};
use super::super::Given;
use super::sheet::RATES;
use crate::yaml::Node;

/// Most calls of a replication.
const CALLS_MAX: u64 = 4_000_000;

/// What happens to a request, in events of an attempt: it comes, is served, is given up.
const EVENTS_OF_AN_ATTEMPT: f64 = 4.0;

/// What a replication counts for at least, so that there are few of them: known values rest on a few seeds, and the worst
/// of many replications is not the worst of a few.
const EVENTS_AT_LEAST: f64 = 2e6;

/// A share of answers above which a system has recovered, and below which it has collapsed.
const RECOVERED: f64 = 0.9;
const COLLAPSED: f64 = 0.5;

/// Where nothing says over how many replications a known value is a mean, it is taken as certain.
const CERTAIN: u32 = u32::MAX;

const KNOWN: [&str; 14] = [
    "first_attempt_rate",
    "max_attempts",
    "workers",
    "service_rate_per_worker",
    "service",
    "client_timeout_s",
    "retry_delay_s",
    "queue",
    "abandoned_work",
    "retry_budget",
    "budget_cap",
    "trigger",
    "horizon_s",
    "measure",
];

/// A case in seconds.
struct Storm {
    sections: String,
    events_per_h: f64,
    horizon_s: f64,
    /// From here on what succeeds is counted.
    from_s: f64,
    retries: u32,
}

/// The parameters are those of the case; only what is said in their words is understood.
pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let storm = Storm::of(given.params(&KNOWN)?)?;
    let number = |key: &str| given.case.get("tolerance")?.get(key)?.text()?.parse::<f64>().ok();
    let within = number("goodput_abs").unwrap_or(0.0);
    let seeds = seeds(given.case.get("method").and_then(Node::text).unwrap_or_default());
    let mut plan = Plan::default();
    for (place, expected) in given.answers() {
        let Some((study, ask)) = storm.ask((place, expected), within, seeds) else {
            plan.refused.push((place, format!("the measure `{}` is not known", expected.measure)));
            continue;
        };
        match plan.studies.iter_mut().find(|known| known.name == study) {
            Some(known) => known.asks.push(ask),
            None => {
                let warmup_s = if study == "whole" { 0.0 } else { storm.from_s };
                let scenario = Scenario::Written(storm.written(given.id(), warmup_s));
                plan.studies.push(Study { name: study.to_owned(), scenario, asks: vec![ask] });
            }
        }
    }
    Ok(plan)
}

impl Storm {
    fn of(params: Params<'_>) -> Result<Self, Refusal> {
        let rate = params.number_in("first_attempt_rate", RATES.0, RATES.1)?;
        let attempts = params.count("max_attempts", 1, 1000)?;
        let workers = params.count("workers", 1, 10_000)?;
        let mean_s = 1.0 / params.number_in("service_rate_per_worker", RATES.0, RATES.1)?;
        let law = match params.text("service")? {
            "exponential" => format!("{{exponential: {{mean: {mean_s}s}}}}"),
            "deterministic" | "constant" => format!("{mean_s}s"),
            other => return Err(not_said("service", other)),
        };
        let timeout = params.number_in("client_timeout_s", RATES.0, RATES.1)?;
        let horizon_s = params.number_in("horizon_s", 1.0, 1e7)?;
        let on_timeout = match params.text("abandoned_work")? {
            "still served" => "keep_serving",
            text if text.starts_with("dropped") => "drop_at_dequeue",
            other => return Err(not_said("abandoned_work", other)),
        };
        let (from, until) = trigger(params.text("trigger")?)?;
        let sections = format!(
            "components:\n  client: {{}}\n  server:\n    replicas: {workers}\n    on_timeout: {on_timeout}\n    \
             capacity: {{service_time: {law}, on_failure: finish{}}}\n\
             dependencies:\n  edges: [{{from: client, to: server, need: hard, timeout: {timeout}s{}}}]\n\
             journeys: {{calls: {{path: [client], demand: {rate}/s}}}}\n\
             experiments: {{trigger: {{inject: {{component: server}}, at: {from}s, for: {}s, share: 1}}}}\n",
            places(params.text("queue")?)?,
            retries(params, attempts)?,
            until - from,
        );
        let measure = params.text("measure")?;
        let from_s = match numbers(measure)[..] {
            [from, ..] if measure.starts_with("fraction of first attempts arriving in [") && from < horizon_s => from,
            _ => return Err(not_said("measure", measure)),
        };
        let events_per_h = rate * 3600.0 * EVENTS_OF_AN_ATTEMPT * f64::from(attempts);
        Ok(Self { sections, events_per_h, horizon_s, from_s, retries: attempts - 1 })
    }

    /// The scenario in which an answer is found, and how.
    fn ask(&self, (place, expected): (usize, &Expected), within: f64, seeds: u32) -> Option<(&'static str, Ask)> {
        let Value::Number(_) = expected.value else { return None };
        let measure = |name: &str| Reading::Measure { measure: name.to_owned(), at_h: None, scale: 1.0, offset: 0.0 };
        let beyond = |limit, above| Reading::Beyond { measure: "answered_ratio".to_owned(), limit, above };
        let (study, entity, reading, precision) = match expected.measure.as_str() {
            "goodput_fraction_mean" => ("after", CALLS, measure("answered_ratio"), Precision::OfSeeds(within, seeds)),
            "goodput_min" => ("after", CALLS, measure("answered_ratio_least"), Precision::Within(within)),
            "goodput_max" => ("after", CALLS, measure("answered_ratio_greatest"), Precision::Within(within)),
            "recovered" => ("after", CALLS, beyond(RECOVERED, true), Precision::Within(0.0)),
            "collapsed" => ("after", CALLS, beyond(COLLAPSED, false), Precision::Within(0.0)),
            "attempts_per_request" if self.retries > 0 => {
                ("whole", "components.server", measure("attempts_per_call"), Precision::OfSeeds(within, seeds))
            }
            _ => return None,
        };
        Some((study, Ask { precision, ..Ask::of(place, entity, reading, Engines::SIMULATION) }))
    }

    fn written(&self, title: &str, warmup_s: f64) -> Written {
        Written {
            title: title.to_owned(),
            sections: self.sections.clone(),
            clock: Clock::Hour,
            horizon_h: self.horizon_s / 3600.0,
            warmup_h: warmup_s / 3600.0,
            report_at_h: Vec::new(),
            until_first_failure: false,
            stationary: false,
            events_per_h: self.events_per_h.max(EVENTS_AT_LEAST * 3600.0 / self.horizon_s),
            run_also: format!("demand_mode: {{normal: request_level, max_requests: {CALLS_MAX}}}"),
        }
    }
}

const CALLS: &str = "journeys.calls";

fn not_said(key: &str, text: &str) -> Refusal {
    Refusal::not_supported(format!("the family does not understand `{key}: {text}`"))
}

/// The numbers in a text, in order.
fn numbers(text: &str) -> Vec<f64> {
    let words = text.split(|c: char| !(c.is_ascii_digit() || c == '.'));
    words.filter_map(|word| word.trim_matches('.').parse().ok()).collect()
}

/// From when to when nobody begins anything new.
fn trigger(text: &str) -> Result<(f64, f64), Refusal> {
    let is_known = text.starts_with("no new service starts in [") && text.ends_with("service in progress completes");
    match numbers(text)[..] {
        [from, until] if is_known && from < until => Ok((from, until)),
        _ => Err(not_said("trigger", text)),
    }
}

/// `queue:` of a line that does not hold everybody.
fn places(text: &str) -> Result<String, Refusal> {
    match numbers(text)[..] {
        [] if text == "FIFO, unbounded" => Ok(String::new()),
        [places] if text.starts_with("FIFO") && places.fract() == 0.0 && !text.contains("system") => {
            Ok(format!(", queue: {{places: {places}}}"))
        }
        _ => Err(not_said("queue", text)),
    }
}

/// What the edge says of retries.
fn retries(params: Params<'_>, attempts: u32) -> Result<String, Refusal> {
    if attempts == 1 {
        return Ok(String::new());
    }
    let mut said = format!(", retries: {}", attempts - 1);
    let delay = params.number_in("retry_delay_s", 0.0, RATES.1)?;
    if delay > 0.0 {
        said.push_str(&format!(", backoff: {{base: {delay}s, cap: {delay}s}}"));
    }
    if let Some(budget) = params.node().get("retry_budget").filter(|node| !node.is_null()) {
        let ratio = params::number(budget, 0.0, RATES.1)?;
        let cap = params.number_in("budget_cap", 1.0, 1e6)?;
        said.push_str(&format!(", retry_budget: {{ratio: {ratio}, cap: {cap}}}"));
    }
    Ok(said)
}

/// Over how many replications known values are means.
fn seeds(method: &str) -> u32 {
    let words: Vec<&str> = method.split(|c: char| c.is_whitespace() || c == ',' || c == ';').collect();
    let said = words.windows(2).find(|pair| matches!(pair[1], "seed" | "seeds" | "replications"));
    said.and_then(|pair| pair[0].parse().ok()).filter(|&seeds| seeds > 0).unwrap_or(CERTAIN)
}
