//! A queue with places whose demand is a sine: `7+5*sin(2*pi*t/24)`. A unit of time of the case is an hour here.

use super::super::super::refusal::Refusal;
use super::super::super::study::Plan;
use super::super::{Given, UNITS_MAX};
use super::law::numbers;
use super::sheet::{Found, RATES, STATION, Sheet};
use crate::yaml::Node;

/// `servers`, `capacity_total`, `service_rate`, `arrival_rate` in words, `initial_jobs`; `times` stand among the answers.
pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["servers", "capacity_total", "service_rate", "arrival_rate", "initial_jobs"])?;
    let servers = params.count("servers", 1, UNITS_MAX)?;
    let places = params.count("capacity_total", u64::from(servers), 1_000_000)? - servers;
    let mean = 1.0 / params.number_in("service_rate", RATES.0, RATES.1)?;
    let initial = params.count("initial_jobs", 0, 1_000_000)?;
    let written = params.node().get("arrival_rate").and_then(Node::text).unwrap_or_default();
    let demand =
        sine(written).ok_or_else(|| Refusal::not_supported(format!("the demand `{written}` is not understood")))?;
    let missing = || Refusal::not_supported("the case has no answers");
    let times = numbers(given.case.get("expected").ok_or_else(missing)?, "times")?;
    let last = times.iter().copied().fold(0.0, f64::max);
    let sections = |_: &str| {
        format!(
            "components:\n  station:\n    replicas: {servers}\n    capacity:\n      service_time: {{exponential: {{mean: {mean}h}}}}\n      \
             queue: {{places: {places}, starts_with: {initial}}}\njourneys: {{calls: {{path: [station], demand: {demand}}}}}\n"
        )
    };
    let find = |measure: &str| {
        let (name, at) = measure.split_once('.')?;
        let at_h = *times.get(at.parse::<usize>().ok()?)?;
        let measure = match name {
            "L" => "in_system_at",
            "p_wait" => "p_wait_at",
            "p_full" => "p_full_at",
            _ => return None,
        };
        Some(Found { at_h: Some(at_h), ..Found::plain("course", STATION, measure) })
    };
    let mut sheet = Sheet::new(given);
    (sheet.report_at_h, sheet.horizon_h) = (times.clone(), last + 1.0);
    let mut plan = sheet.ask_all(given, find, sections);
    // The instants themselves are no answers.
    plan.refused.retain(|(place, _)| !given.expected[*place].measure.starts_with("times."));
    Ok(plan)
}

/// The demand as the scenario writes it: a number, or `a+b*sin(2*pi*t/c)`.
fn sine(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if let Ok(constant) = text.parse::<f64>() {
        return Some(format!("{constant}/h"));
    }
    let (mean, wave) = text.split_once('+')?;
    let (amplitude, argument) = wave.split_once("*sin(2*pi*t/")?;
    let number = |text: &str| text.parse::<f64>().ok().filter(|x| x.is_finite() && *x > 0.0);
    let (mean, amplitude, period) = (number(mean)?, number(amplitude)?, number(argument.strip_suffix(')')?)?);
    Some(format!("{{sine: {{mean: {mean}/h, amplitude: {amplitude}/h, period: {period}h}}}}"))
}

#[cfg(test)]
mod tests {
    use super::sine;

    #[test]
    fn demands_in_words() {
        let expected = Some("{sine: {mean: 7/h, amplitude: 5/h, period: 24h}}".to_owned());
        assert_eq!(sine("7+5*sin(2*pi*t/24)"), expected);
        assert_eq!(sine(" 7 + 5 * sin(2*pi*t / 24)"), expected);
        assert_eq!(sine("9"), Some("9/h".to_owned()));
        assert!(
            ["7+5*cos(2*pi*t/24)", "7-5*sin(2*pi*t/24)", "7+5*sin(2*pi*t/24", "t"].iter().all(|t| sine(t).is_none())
        );
    }
}
