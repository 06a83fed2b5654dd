//! A network of components: its parameters are their reliabilities, its description names the minimal paths
//! (`minimal paths A-C, B-D; …`). Measures of the system, and `Birnbaum_A`, `Criticality_failure_A`, `FV_A`, `RAW_A`,
//! `RRW_A`.

use std::collections::BTreeMap;

use super::super::params::{Params, number};
use super::super::refusal::Refusal;
use super::super::study::{Engines, Plan, Reading};
use super::super::system::{Place, Span, System, reading};
use super::Given;

/// Mean repair, h: the long run does not depend on it.
const REPAIR_H: f64 = 1.0;

/// Most components of a network.
const COMPONENTS_MAX: usize = 1000;

/// Names of importance measures in cases, and their columns.
const IMPORTANCE: [(&str, &str); 7] = [
    ("Birnbaum_", "birnbaum"),
    ("Criticality_failure_", "criticality"),
    ("Criticality_", "criticality"),
    ("Fussell_Vesely_", "fussell_vesely"),
    ("FV_", "fussell_vesely"),
    ("RAW_", "raw"),
    ("RRW_", "rrw"),
];

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params_node()?;
    let known: Vec<&str> = params.entries().iter().map(|entry| entry.key.as_str()).collect();
    let ids = ids(&known)?;
    let params = Params::of(params, &known)?;
    let mut components = String::from("components:\n");
    let mut down = 0.0;
    for entry in params.node().entries() {
        let unavailability = 1.0 - number(&entry.value, 0.0, 1.0)?;
        down += unavailability;
        let modes = match unavailability {
            0.0 => String::new(),
            _ => format!(
                "failure_modes: {{out: {{unavailability: {unavailability}, repair: {}}}}}",
                given.exponential(REPAIR_H)
            ),
        };
        components.push_str(&format!("  {}: {{{modes}}}\n", ids[entry.key.as_str()]));
    }
    let paths = paths(given.description(), &ids)?;
    let system = System {
        title: given.id(),
        clock: given.clock,
        sections: format!("{components}journeys: {{system: {{path: [{{any_of: [{}]}}]}}}}\n", paths.join(", ")),
        events_per_h: 2.0 * down.max(1e-12) / REPAIR_H,
        settled_h: super::SETTLED * REPAIR_H,
        horizon_h: None,
    };
    let mut plan = Plan::default();
    for (place, expected) in given.answers() {
        let importance = IMPORTANCE.iter().find_map(|(prefix, column)| {
            let id = ids.get(expected.measure.strip_prefix(prefix)?)?;
            Some((format!("components.{id}"), Reading::Importance { measure: (*column).to_owned() }))
        });
        let found = match (importance, expected.measure.as_str()) {
            (Some((entity, reading)), _) => Some((entity, reading, Engines::EXACT)),
            (None, "system_reliability") => {
                Some(("journeys.system".to_owned(), reading("unavailability", -1.0, 1.0), Engines::BOTH))
            }
            (None, "system_unreliability") => {
                Some(("journeys.system".to_owned(), reading("unavailability", 1.0, 0.0), Engines::BOTH))
            }
            _ => None,
        };
        match found {
            Some((entity, reading, engines)) => {
                let found = Place { study: "long-run".to_owned(), entity, reading, engines };
                system.ask_at(&mut plan, place, (Span::LongRun, found));
            }
            None => system.ask(&mut plan, (place, expected)),
        }
    }
    Ok(plan)
}

/// The id of each component in the scenario.
fn ids<'a>(names: &[&'a str]) -> Result<BTreeMap<&'a str, String>, Refusal> {
    let mut ids: BTreeMap<&str, String> = BTreeMap::new();
    for name in names.iter().take(COMPONENTS_MAX + 1) {
        let id = name.to_ascii_lowercase();
        let plain = id.len() <= 60 && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        if !plain || id.is_empty() || ids.values().any(|there| *there == format!("c-{id}")) {
            return Err(Refusal::not_supported(format!("`{name}` is no name of a component")));
        }
        ids.insert(name, format!("c-{id}"));
    }
    if ids.is_empty() || ids.len() > COMPONENTS_MAX {
        return Err(Refusal::not_supported(format!("a network has 1 to {COMPONENTS_MAX} components")));
    }
    Ok(ids)
}

/// The minimal paths that a description names, as lists of the scenario.
fn paths(description: &str, ids: &BTreeMap<&str, String>) -> Result<Vec<String>, Refusal> {
    let none = || Refusal::not_supported("the description names no `minimal paths A-C, B-D; …` of the components");
    let (_, after) = description.split_once("minimal paths").ok_or_else(none)?;
    let list = after.split([';', '.']).next().unwrap_or_default().trim_start_matches(':');
    let path = |text: &str| {
        let named: Option<Vec<&str>> =
            text.trim().split('-').map(|name| ids.get(name.trim()).map(String::as_str)).collect();
        named.map(|names| format!("[{}]", names.join(", "))).ok_or_else(none)
    };
    list.split(',').map(path).collect()
}
