//! One queue without limit: M/M/c, M/G/1, M/G/c.

use super::super::super::refusal::Refusal;
use super::super::super::study::Plan;
use super::super::{Given, UNITS_MAX};
use super::law;
use super::sheet::{Found, RATES, STATION, Sheet, calls, common, exponential};

/// `servers`, `arrival_rate`, `service_rate`.
pub(super) fn m_m_c(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["servers", "arrival_rate", "service_rate"])?;
    let servers = params.count("servers", 1, UNITS_MAX)?;
    let arrivals = params.number_in("arrival_rate", RATES.0, RATES.1)?;
    let rate = params.number_in("service_rate", RATES.0, RATES.1)?;
    let find = |measure: &str| match measure {
        "erlang_b" => Some(Found::plain("loss", STATION, "p_block")),
        "p_wait_gt_one_service" => Some(Found::plain("queue", STATION, "p_wait_above_limit")),
        _ => common(measure).map(|measure| Found::plain("queue", STATION, measure)),
    };
    let sections = |study: &str| {
        let queue = if study == "loss" { "places: 0".to_owned() } else { format!("wait_limit: {}s", 1.0 / rate) };
        format!(
            "components:\n  station: {{replicas: {servers}, capacity: {{service_time: {}, queue: {{{queue}}}}}}}\n{}",
            exponential(rate),
            calls(arrivals)
        )
    };
    Ok(Sheet::new(given).ask_all(given, find, sections))
}

/// `arrival_rate`, `service`.
pub(super) fn m_g_1(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["arrival_rate", "service"])?;
    general(given, (1, params.number_in("arrival_rate", RATES.0, RATES.1)?))
}

/// `servers`, `arrival_rate`, `service`.
pub(super) fn m_g_c(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["servers", "arrival_rate", "service"])?;
    let servers = params.count("servers", 1, UNITS_MAX)?;
    general(given, (servers, params.number_in("arrival_rate", RATES.0, RATES.1)?))
}

fn general(given: &Given<'_>, (servers, arrivals): (u32, f64)) -> Result<Plan, Refusal> {
    let missing = || Refusal::not_supported("the case has no `service`");
    let service = law::of(given.params_node()?.get("service").ok_or_else(missing)?)?;
    let find = |measure: &str| match measure {
        "W_processor_sharing" => Some(Found::plain("shared", STATION, "sojourn_mean")),
        "Wq_allen_cunneen" => Some(Found::plain("queue", STATION, "wait_mean_allen_cunneen")),
        "Wq_sakasegawa" => Some(Found::plain("queue", STATION, "wait_mean_sakasegawa")),
        "allen_cunneen_rel_error" => Some(Found::plain("queue", STATION, "allen_cunneen_error")),
        _ => common(measure).map(|measure| Found::plain("queue", STATION, measure)),
    };
    let sections = |study: &str| {
        let queue = if study == "shared" { ", queue: {order: sharing}" } else { "" };
        format!(
            "components:\n  station: {{replicas: {servers}, capacity: {{service_time: {service}{queue}}}}}\n{}",
            calls(arrivals)
        )
    };
    let mut plan = Sheet::new(given).ask_all(given, find, sections);
    for (place, reason) in &mut plan.refused {
        if given.expected[*place].measure == "truncation_mass" {
            *reason = "it is of the case's own computation, not of the queue".to_owned();
        }
    }
    Ok(plan)
}
