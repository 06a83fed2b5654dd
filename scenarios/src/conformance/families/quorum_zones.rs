//! A majority of nodes over zones that can be lost: `A_zone`, `A_node`; measures `UA_5nodes_3zones_2+2+1`. Without a
//! layout the nodes are dealt round robin.

use super::super::refusal::Refusal;
use super::super::study::{Engines, Plan};
use super::super::system::{Place, Span, System, reading};
use super::{Given, UNITS_MAX};

/// Mean repair of nodes and zones, h: the long run does not depend on it.
const REPAIR_H: f64 = 1.0;

/// Most zones of a layout.
const ZONES_MAX: u32 = 100;

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["A_zone", "A_node"])?;
    let (zone, node) = (1.0 - params.ratio("A_zone", None)?, 1.0 - params.ratio("A_node", None)?);
    let repair = format!("repair: {}", given.exponential(REPAIR_H));
    let mut plan = Plan::default();
    for (place, expected) in given.answers() {
        let (scale, offset) = if expected.measure.starts_with('U') { (1.0, 0.0) } else { (-1.0, 1.0) };
        let name = expected.measure.strip_prefix("UA_").or_else(|| expected.measure.strip_prefix("A_"));
        let Some(layout) = name.and_then(layout) else {
            plan.refused.push((place, format!("the measure `{}` is not known", expected.measure)));
            continue;
        };
        let tree: Vec<String> = (0..layout.len()).map(|i| format!("zone-{i}: {{level: zone}}")).collect();
        let places: Vec<String> =
            layout.iter().enumerate().map(|(i, nodes)| format!("zone-{i}: {{replicas: {nodes}}}")).collect();
        let lost = match zone {
            0.0 => String::new(),
            _ => format!("\n  failure_modes: {{loss: {{of: {{level: zone}}, unavailability: {zone}, {repair}}}}}"),
        };
        let sections = format!(
            "domains:\n  tree: {{{}}}{lost}\ncomponents:\n  cluster: {{place: {{{}}}, redundancy: {{quorum: majority}}, \
             failure_modes: {{crash: {{unavailability: {node}, {repair}}}}}}}\njourneys: {{system: {{path: [cluster]}}}}\n",
            tree.join(", "),
            places.join(", "),
        );
        let nodes: u32 = layout.iter().sum();
        let system = System {
            title: given.id(),
            clock: given.clock,
            sections,
            events_per_h: 2.0 * (f64::from(nodes) * node + layout.len() as f64 * zone) / REPAIR_H,
            settled_h: super::SETTLED * REPAIR_H,
            horizon_h: None,
        };
        let (study, entity) = (expected.measure.clone(), "journeys.system".to_owned());
        let reading = reading("unavailability", scale, offset);
        system.ask_at(&mut plan, place, (Span::LongRun, Place { study, entity, reading, engines: Engines::BOTH }));
    }
    Ok(plan)
}

/// Nodes in each zone, from `5nodes_3zones` or `5nodes_3zones_2+2+1`.
fn layout(name: &str) -> Option<Vec<u32>> {
    let mut parts = name.splitn(3, '_');
    let (nodes, zones, dealt) = (parts.next()?, parts.next()?, parts.next());
    let count = |text: &str, noun: &str| {
        let digits = text.strip_suffix('s').unwrap_or(text).strip_suffix(noun)?;
        digits.parse::<u32>().ok().filter(|&n| n >= 1)
    };
    let (nodes, zones) = (count(nodes, "node")?, count(zones, "zone")?);
    if u64::from(nodes) > UNITS_MAX || zones > ZONES_MAX || zones > nodes {
        return None;
    }
    let Some(dealt) = dealt else {
        return Some((0..zones).map(|zone| nodes / zones + u32::from(zone < nodes % zones)).collect());
    };
    let layout: Option<Vec<u32>> =
        dealt.split('+').map(|text| text.parse().ok().filter(|&n: &u32| n >= 1 && n <= nodes)).collect();
    layout.filter(|layout| layout.len() == zones as usize && layout.iter().sum::<u32>() == nodes)
}

#[cfg(test)]
mod tests {
    use super::layout;

    #[test]
    fn layouts_are_read_with_any_numbers() {
        assert_eq!(layout("3nodes_1zone"), Some(vec![3]));
        assert_eq!(layout("7nodes_3zones"), Some(vec![3, 2, 2]));
        assert_eq!(layout("9nodes_4zones_3+2+2+2"), Some(vec![3, 2, 2, 2]));
        for name in ["", "3nodes", "3nodes_4zones", "5nodes_3zones_2+2+2", "5nodes_2zones_5+0", "xnodes_1zone"] {
            assert_eq!(layout(name), None, "{name}");
        }
    }
}
