//! Queues that lose: no place or few, patience that runs out, servers that fail.

use super::super::super::params::Params;
use super::super::super::refusal::Refusal;
use super::super::super::study::Plan;
use super::super::{Given, UNITS_MAX, crewed};
use super::sheet::{Found, RATES, STATION, Sheet, calls, common, exponential};
use crate::yaml::Node;

/// Most room of a case.
const ROOM_MAX: u64 = 1_000_000;

/// `servers`, `offered_load`.
pub(super) fn erlang_b(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["servers", "offered_load"])?;
    let servers = params.count("servers", 1, UNITS_MAX)?;
    let arrivals = params.number_in("offered_load", RATES.0, RATES.1)?;
    Ok(one(given, (servers, arrivals, 1.0), "queue: {places: 0}"))
}

/// `servers`, `capacity_total`, `arrival_rate`, `service_rate`.
pub(super) fn m_m_c_k(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["servers", "capacity_total", "arrival_rate", "service_rate"])?;
    let station = rates(params)?;
    Ok(one(given, station, &format!("queue: {{places: {}}}", places(params, station.0)?)))
}

/// `servers`, `arrival_rate`, `service_rate`, `abandonment_rate`.
pub(super) fn abandonment(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["servers", "arrival_rate", "service_rate", "abandonment_rate"])?;
    let patience = exponential(params.number_in("abandonment_rate", RATES.0, RATES.1)?);
    Ok(one(given, rates(params)?, &format!("patience: {patience}")))
}

fn rates(params: Params<'_>) -> Result<(u32, f64, f64), Refusal> {
    let rate = |key: &str| params.number_in(key, RATES.0, RATES.1);
    Ok((params.count("servers", 1, UNITS_MAX)?, rate("arrival_rate")?, rate("service_rate")?))
}

fn places(params: Params<'_>, servers: u32) -> Result<u32, Refusal> {
    Ok(params.count("capacity_total", u64::from(servers), ROOM_MAX)? - servers)
}

fn one(given: &Given<'_>, (servers, arrivals, rate): (u32, f64, f64), capacity: &str) -> Plan {
    let find = |measure: &str| common(measure).map(|measure| Found::plain("queue", STATION, measure));
    let sections = |_: &str| {
        format!(
            "components:\n  station: {{replicas: {servers}, capacity: {{service_time: {}, {capacity}}}}}\n{}",
            exponential(rate),
            calls(arrivals)
        )
    };
    Sheet::new(given).ask_all(given, find, sections)
}

/// `servers`, their rates and those of their failures and repairs, `repair_crews`, `capacity_total`.
pub(super) fn breakdowns(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&[
        "servers",
        "arrival_rate",
        "service_rate",
        "failure_rate_per_server",
        "repair_rate_per_crew",
        "repair_crews",
        "capacity_total",
        "job_on_failed_server",
    ])?;
    let (servers, arrivals, rate) = rates(params)?;
    let places = places(params, servers)?;
    let crews = params.count("repair_crews", 1, UNITS_MAX)?;
    let says = params.node().get("job_on_failed_server").and_then(Node::text).unwrap_or_default();
    let on_failure = match says {
        text if text.starts_with("returns to the head of the queue") => "requeue",
        text if text.contains("lost") => "lose",
        other => return Err(Refusal::not_supported(format!("`{other}` is not understood"))),
    };
    let life = exponential(params.number_in("failure_rate_per_server", RATES.0, RATES.1)?);
    let law = exponential(params.number_in("repair_rate_per_crew", RATES.0, RATES.1)?);
    let (repair, teams) = crewed(&law, (crews, servers));
    let fails = format!("failure_modes: {{crash: {{time_to_failure: {life}, repair: {repair}}}}}");
    let find = |measure: &str| match measure {
        "p_all_servers_up" => {
            Some(Found { scale: -1.0, offset: 1.0, ..Found::plain("all-up", "journeys.calls", "unavailability") })
        }
        "p_no_server_up" => Some(Found::plain("any-up", "journeys.calls", "unavailability")),
        "p_n_ge_2c" => Some(Found::plain("queue", STATION, "p_jobs_at_limit")),
        _ => common(measure).map(|measure| Found::plain("queue", STATION, measure)),
    };
    let sections = |study: &str| match study {
        "queue" => format!(
            "components:\n  station:\n    replicas: {servers}\n    {fails}\n    capacity: {{service_time: {}, queue: \
             {{places: {places}, jobs_limit: {}}}, on_failure: {on_failure}}}\n{}{teams}",
            exponential(rate),
            2 * servers,
            calls(arrivals)
        ),
        _ => {
            let need = if study == "all-up" { servers } else { 1 };
            format!(
                "components:\n  station: {{replicas: {servers}, redundancy: {{k_of_n: {{need: {need}}}}}, {fails}}}\n\
                 journeys: {{calls: {{path: [station]}}}}\n{teams}"
            )
        }
    };
    Ok(Sheet::new(given).ask_all(given, find, sections))
}
