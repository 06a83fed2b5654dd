//! Machines and crews: users who think (run) and call (fail) one queue (of repairs).

use super::super::super::refusal::Refusal;
use super::super::super::study::Plan;
use super::super::{Given, UNITS_MAX, crewed};
use super::sheet::{Found, RATES, STATION, Sheet, exponential};

/// `machines`, `crews`, `failure_rate`, `repair_rate`, `required_up`.
pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["machines", "crews", "failure_rate", "repair_rate", "required_up"])?;
    let machines = params.count("machines", 1, UNITS_MAX)?;
    let crews = params.count("crews", 1, UNITS_MAX)?;
    let need = params.count("required_up", 1, u64::from(machines))?;
    let life = exponential(params.number_in("failure_rate", RATES.0, RATES.1)?);
    let law = exponential(params.number_in("repair_rate", RATES.0, RATES.1)?);
    let of_queue = |measure| Found::plain("repairs", STATION, measure);
    let find = |measure: &str| match measure {
        "mean_down" => Some(of_queue("in_system")),
        "mean_up" => Some(Found { scale: -1.0, offset: f64::from(machines), ..of_queue("in_system") }),
        "failure_throughput" => Some(of_queue("throughput")),
        "mean_downtime_per_failure" => Some(of_queue("sojourn_mean")),
        "repair_utilisation" => Some(of_queue("utilisation")),
        "availability_k_of_n" => {
            Some(Found { scale: -1.0, offset: 1.0, ..Found::plain("machines", "journeys.use", "unavailability") })
        }
        _ => None,
    };
    let sections = |study: &str| match study {
        "repairs" => format!(
            "components:\n  station: {{replicas: {crews}, capacity: {{service_time: {law}}}}}\n\
             journeys: {{machines: {{path: [station], demand: {{closed: {{users: {machines}, think: {life}}}}}}}}}\n"
        ),
        _ => {
            let (repair, teams) = crewed(&law, (crews, machines));
            format!(
                "components:\n  machine:\n    replicas: {machines}\n    redundancy: {{k_of_n: {{need: {need}}}}}\n    \
                 failure_modes: {{crash: {{time_to_failure: {life}, repair: {repair}}}}}\n\
                 journeys: {{use: {{path: [machine]}}}}\n{teams}"
            )
        }
    };
    Ok(Sheet::new(given).ask_all(given, find, sections))
}
