//! One server and classes of different rank: a journey for each.

use super::super::super::refusal::Refusal;
use super::super::super::study::Plan;
use super::super::Given;
use super::law::numbers;
use super::sheet::{Found, STATION, Sheet};

/// `arrival_rates`, `mean_service`, the first goes first.
pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["arrival_rates", "mean_service"])?;
    let (rates, means) = (numbers(params.node(), "arrival_rates")?, numbers(params.node(), "mean_service")?);
    if rates.len() != means.len() {
        return Err(Refusal::not_supported("the classes differ in number"));
    }
    let classes: Vec<String> = (0..rates.len()).map(|i| format!("c{i}")).collect();
    let times = means.iter().zip(&classes).map(|(mean, class)| format!("{class}: {{exponential: {{mean: {mean}s}}}}"));
    let times = times.collect::<Vec<_>>().join(", ");
    let sections = |study: &str| {
        let interrupt = if study == "interrupts" { "resume" } else { "none" };
        let mut text = format!(
            "components:\n  station:\n    capacity:\n      service_times: {{{times}}}\n      queue: {{order: {{priority: \
             {{classes: [{}], interrupt: {interrupt}}}}}}}\njourneys:\n",
            classes.join(", ")
        );
        for (class, rate) in classes.iter().zip(&rates) {
            text.push_str(&format!("  {class}: {{path: [station], demand: {rate}/s}}\n"));
        }
        text
    };
    let find = |measure: &str| {
        let (name, class) = measure.split_once('.')?;
        let entity = format!("{STATION}/c{}", class.parse::<usize>().ok()?);
        let (kind, order) = name.split_once('_')?;
        let study = match order {
            "nonpreemptive" => "waits",
            "preemptive_resume" => "interrupts",
            _ => return None,
        };
        let measure = match kind {
            "Wq" => "wait_mean",
            "W" => "sojourn_mean",
            "Lq" => "queue_length",
            "L" => "in_system",
            _ => return None,
        };
        Some(Found::plain(study, &entity, measure))
    };
    Ok(Sheet::new(given).ask_all(given, find, sections))
}
