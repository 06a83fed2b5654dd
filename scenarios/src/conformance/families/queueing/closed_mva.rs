//! Closed networks: a journey of so many users for each class, a queue that is shared for each station.

use super::super::super::refusal::Refusal;
use super::super::super::study::Plan;
use super::super::Given;
use super::law::numbers;
use super::sheet::{Found, Sheet};
use crate::yaml::Node;

/// `service_demands_station_by_class`, `population`, `think_time`.
pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["service_demands_station_by_class", "population", "think_time"])?;
    let node = params.node();
    let (users, think) = (numbers(node, "population")?, numbers(node, "think_time")?);
    let unlike = || Refusal::not_supported("the lists of the network differ in length");
    let mut demands: Vec<Vec<f64>> = Vec::new();
    for row in node.get("service_demands_station_by_class").map(Node::items).unwrap_or_default() {
        let read = row.items().iter().map(|item| item.text().and_then(|text| text.parse().ok()));
        demands.push(read.collect::<Option<Vec<f64>>>().ok_or_else(unlike)?);
    }
    if demands.iter().any(|row| row.len() != users.len()) || think.len() != users.len() {
        return Err(unlike());
    }
    let sections = |_: &str| text(&demands, &users, &think);
    let told = told(given, &demands);
    let find = |measure: &str| {
        let mut parts = measure.split('.');
        let (name, first) = (parts.next()?, parts.next()?.parse::<usize>().ok()?);
        let second = parts.next().and_then(|part| part.parse::<usize>().ok());
        Some(match (name, second) {
            ("throughput", None) => Found::plain("network", &format!("journeys.c{first}"), "throughput"),
            ("response_time", None) => Found::plain("network", &format!("journeys.c{first}"), "sojourn_mean"),
            (_, Some(class)) => {
                let entity = format!("components.s{}/c{class}", told.get(first)?);
                let measure = match name {
                    "residence" => "sojourn_mean",
                    "queue_length" => "in_system",
                    "utilisation" => "utilisation",
                    _ => return None,
                };
                Found::plain("network", &entity, measure)
            }
            _ => return None,
        })
    };
    Ok(Sheet::new(given).ask_all(given, find, sections))
}

/// Which station each row of the answers tells of: each, the first of each tier, or of those that follow one another and
/// are alike.
fn told(given: &Given<'_>, demands: &[Vec<f64>]) -> Vec<usize> {
    let rows = given.answers().filter_map(|(_, expected)| {
        expected.measure.strip_prefix("residence.")?.split('.').next()?.parse::<usize>().ok()
    });
    let rows = rows.max().map_or(0, |last| last + 1);
    let all: Vec<usize> = (0..demands.len()).collect();
    let firsts: Vec<usize> = all.iter().copied().filter(|&k| k == 0 || demands[k] != demands[k - 1]).collect();
    if let Some(tiers) = tiers(given.description(), all.len()).filter(|tiers| tiers.len() == rows) {
        return tiers;
    }
    if firsts.len() == rows { firsts } else { all }
}

/// The first station of each tier where the description counts them: `15/50/100 parallel servers`.
fn tiers(description: &str, stations: usize) -> Option<Vec<usize>> {
    let counts = description.split_whitespace().find_map(|word| {
        let counts: Result<Vec<usize>, _> = word.split('/').map(str::parse).collect();
        counts.ok().filter(|counts| counts.len() > 1)
    })?;
    let firsts = (0..counts.len()).map(|tier| counts[..tier].iter().sum()).collect();
    (counts.iter().sum::<usize>() == stations).then_some(firsts)
}

fn text(demands: &[Vec<f64>], users: &[f64], think: &[f64]) -> String {
    let mut text = String::from("components:\n");
    for (k, row) in demands.iter().enumerate() {
        let times: Vec<String> = row
            .iter()
            .enumerate()
            .filter(|(_, demand)| **demand > 0.0)
            .map(|(r, demand)| format!("c{r}: {{exponential: {{mean: {demand}s}}}}"))
            .collect();
        let times = times.join(", ");
        text.push_str(&format!("  s{k}: {{capacity: {{service_times: {{{times}}}, queue: {{order: sharing}}}}}}\n"));
    }
    text.push_str("journeys:\n");
    for (r, users) in users.iter().enumerate() {
        let visited = demands.iter().enumerate().filter(|(_, row)| row[r] > 0.0);
        let path: Vec<String> = visited.map(|(k, _)| format!("s{k}")).collect();
        let demand = format!("{{closed: {{users: {users}, think: {}s}}}}", think[r]);
        text.push_str(&format!("  c{r}: {{path: [{}], demand: {demand}}}\n", path.join(", ")));
    }
    text
}
