//! The universal scalability law fitted to measured throughputs.

use super::super::super::refusal::Refusal;
use super::super::super::study::Plan;
use super::super::Given;
use super::law::numbers;
use super::sheet::{Found, STATION, Sheet};

/// `load`, `throughput`.
pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["load", "throughput"])?;
    let (loads, throughputs) = (numbers(params.node(), "load")?, numbers(params.node(), "throughput")?);
    if loads.len() != throughputs.len() {
        return Err(Refusal::not_supported("loads and throughputs differ in number"));
    }
    let points: Vec<String> =
        loads.iter().zip(&throughputs).map(|(n, x)| format!("{{units: {n}, throughput: {x}/s}}")).collect();
    let points = points.join(", ");
    // A scenario for each load whose throughput is asked for: with so many replicas.
    let names: Vec<String> = loads.iter().map(|n| format!("{n}-units")).collect();
    let sections = |study: &str| {
        let replicas = study.strip_suffix("-units").unwrap_or("1");
        format!(
            "components:\n  station: {{replicas: {replicas}, capacity: {{usl: {{measured: [{points}]}}}}}}\n\
             journeys: {{calls: {{path: [station]}}}}\n"
        )
    };
    let find = |measure: &str| {
        let name = measure.strip_prefix("computed.").or_else(|| measure.strip_prefix("published."))?;
        let known = match name {
            "alpha" => "usl_contention",
            "beta" => "usl_coherency",
            "gamma" => "usl_rate",
            "peak_load" => "usl_peak_units",
            "peak_throughput" => "usl_peak_throughput",
            "limit_throughput" => "usl_limit",
            "optimal_load" => "usl_optimal_units",
            "residual_standard_error" => "usl_residual",
            _ => {
                let place: usize = name.strip_prefix("fitted.")?.parse().ok()?;
                return Some(Found::plain(names.get(place)?, STATION, "usl_throughput"));
            }
        };
        // A law without contention or coherency has no such ends.
        let may_be_absent =
            ["usl_peak_units", "usl_peak_throughput", "usl_limit", "usl_optimal_units"].contains(&known);
        Some(Found { may_be_absent, ..Found::plain("law", STATION, known) })
    };
    Ok(Sheet::new(given).ask_all(given, find, sections))
}
