//! Tiers in series: `tiers`, a list of `[name, units, needed, availability of a unit]`. The capacity of a unit is said in
//! the description (`Capacity = min(100*web_up, 70*app_up)`); then as many units as are up serve, and the tiers without a
//! capacity are needed as they say.

use super::super::params::number;
use super::super::refusal::Refusal;
use super::super::spoken_law::{Token, tokens};
use super::super::study::{Engines, Plan};
use super::super::system::{Place, Span, System, reading};
use super::{Given, UNITS_MAX};
use crate::diagnostic::Code;
use crate::yaml::Node;

/// Mean repair, h: the long run does not depend on it.
const REPAIR_H: f64 = 1.0;

/// Most tiers.
const TIERS_MAX: usize = 1000;

struct Tier<'a> {
    name: &'a str,
    id: String,
    units: u32,
    need: u32,
    unavailability: f64,
    /// Requests a second that a unit serves.
    capacity: Option<f64>,
}

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["tiers"])?;
    let nodes = params.node().get("tiers").map(Node::items).unwrap_or_default();
    if nodes.is_empty() || nodes.len() > TIERS_MAX {
        let message = format!("`tiers` is no list of 1 to {TIERS_MAX} tiers");
        let hint = "each is `[name, units, needed, availability]`";
        return Err(Refusal::wrong(Code::Shape, message, params.node().span, hint));
    }
    let mut tiers: Vec<Tier<'_>> = nodes.iter().map(tier).collect::<Result<_, _>>()?;
    for (name, capacity) in capacities(given.description()) {
        tiers.iter_mut().filter(|tier| tier.name == name).for_each(|tier| tier.capacity = Some(capacity));
    }
    let most =
        tiers.iter().filter_map(|tier| Some(tier.capacity? * f64::from(tier.units))).fold(f64::INFINITY, f64::min);
    let mut plan = Plan::default();
    for (place, expected) in given.answers() {
        let at_least = expected.measure.strip_prefix("P(capacity>=").and_then(|rest| rest.strip_suffix(')'));
        let at_least: Option<f64> = at_least.and_then(|text| text.parse().ok()).filter(|c| *c > 0.0);
        let (name, journey, reading, engines) = match (expected.measure.as_str(), at_least) {
            ("expected_capacity", _) if most.is_finite() => {
                let demand = format!(", demand: {most}/s");
                ("capacity", demand, reading("served_ratio", most, 0.0), Engines::BOTH)
            }
            (_, Some(least)) if least <= most && most.is_finite() => {
                let rule = format!(", demand: {least}/s, degraded: {{counts_up_if: {{capacity_at_least: {least}/s}}}}");
                ("capacity-at-least", rule, reading("unavailability", -1.0, 1.0), Engines::BOTH)
            }
            _ => {
                system(given, &tiers, (false, "")).ask(&mut plan, (place, expected));
                continue;
            }
        };
        let study = at_least.map_or(name.to_owned(), |least| format!("{name}-{least}"));
        let found = Place { study, entity: "journeys.system".to_owned(), reading, engines };
        system(given, &tiers, (true, &journey)).ask_at(&mut plan, place, (Span::LongRun, found));
    }
    Ok(plan)
}

fn system<'a>(given: &Given<'a>, tiers: &[Tier<'_>], (by_capacity, journey): (bool, &str)) -> System<'a> {
    let mut sections = String::from("components:\n");
    for tier in tiers {
        let counted = tier.capacity.filter(|_| by_capacity);
        let need = if counted.is_some() { 1 } else { tier.need };
        let capacity = counted.map_or(String::new(), |c| format!(", capacity: {{per_replica: {c}/s}}"));
        let modes = match tier.unavailability {
            0.0 => String::new(),
            unavailability => format!(
                ", failure_modes: {{out: {{unavailability: {unavailability}, repair: {}}}}}",
                given.exponential(REPAIR_H)
            ),
        };
        sections.push_str(&format!(
            "  {}: {{replicas: {}, redundancy: {{k_of_n: {{need: {need}}}}}{capacity}{modes}}}\n",
            tier.id, tier.units
        ));
    }
    let path: Vec<&str> = tiers.iter().map(|tier| tier.id.as_str()).collect();
    sections.push_str(&format!("journeys: {{system: {{path: [{}]{journey}}}}}\n", path.join(", ")));
    let down: f64 = tiers.iter().map(|tier| f64::from(tier.units) * tier.unavailability).sum();
    System {
        title: given.id(),
        clock: given.clock,
        sections,
        events_per_h: 2.0 * down.max(1e-12) / REPAIR_H,
        settled_h: super::SETTLED * REPAIR_H,
        horizon_h: None,
    }
}

/// One tier of the list.
fn tier(node: &Node) -> Result<Tier<'_>, Refusal> {
    let hint = "a tier is `[name, units, needed, availability]`";
    let wrong = |message: &str| Refusal::wrong(Code::Shape, message, node.span, hint);
    let [name, units, need, availability] = node.items() else { return Err(wrong("a tier has four parts")) };
    let name = name
        .text()
        .filter(|name| name.len() <= 60 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-'));
    let name = name.ok_or_else(|| wrong("the name of the tier is no short word"))?;
    let count = |node: &Node, most: u64| {
        let count = number(node, 1.0, most as f64)?;
        if count.fract() == 0.0 { Ok(count as u32) } else { Err(wrong("a number of units is not whole")) }
    };
    let units = count(units, UNITS_MAX)?;
    let need = count(need, u64::from(units))?;
    let unavailability = 1.0 - number(availability, 0.0, 1.0)?;
    let id = format!("t-{}", name.to_ascii_lowercase().replace('_', "-"));
    Ok(Tier { name, id, units, need, unavailability, capacity: None })
}

/// `100*web_up` in a description: a hundred requests a second for each unit of `web` that is up.
fn capacities(description: &str) -> Vec<(String, f64)> {
    let tokens = tokens(description);
    let pair = |pair: &[Token]| match pair {
        [Token::Number(capacity), Token::Word(word)] if *capacity > 0.0 => {
            Some((word.strip_suffix("_up")?.to_owned(), *capacity))
        }
        _ => None,
    };
    tokens.windows(2).filter_map(pair).collect()
}
