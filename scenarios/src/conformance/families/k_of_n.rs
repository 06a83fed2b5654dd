//! `k` of `n` identical hot units with exponential life and repair, and `crews` that repair them first come, first
//! served: `n`, `k`, rates or means, `crews`.

use super::super::refusal::Refusal;
use super::super::study::{Engines, Plan};
use super::super::system::{Place, Span, System, reading};
use super::{Given, LIFE, REPAIR, SETTLED, UNITS_MAX, crewed};

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&[LIFE.0, LIFE.1, REPAIR.0, REPAIR.1, &["n", "k", "crews"]].concat())?;
    let n = params.count("n", 1, UNITS_MAX)?;
    let k = params.count("k", 1, u64::from(n))?;
    let crews = params.count("crews", 1, UNITS_MAX)?;
    let (life, repair) = (params.mean(LIFE.0, LIFE.1)?, params.mean(REPAIR.0, REPAIR.1)?);
    let (law, teams) = crewed(&given.exponential(repair), (crews, n));
    let modes = format!("{{crash: {{time_to_failure: {}, repair: {law}}}}}", given.exponential(life));
    let group = |need: u32, more: &str| {
        format!("{{replicas: {n}, redundancy: {{k_of_n: {{need: {need}}}}}{more}, failure_modes: {modes}}}")
    };
    let system = System {
        title: given.id(),
        clock: given.clock,
        sections: format!("components:\n  group: {}\njourneys: {{system: {{path: [group]}}}}\n{teams}", group(k, "")),
        events_per_h: 2.0 * f64::from(n) / (life + repair),
        settled_h: SETTLED * repair * f64::from(n.div_ceil(crews)),
        horizon_h: None,
    };
    // Units that are up serve one request a second each, of as many as there are units.
    let counted = System {
        sections: format!(
            "components:\n  group: {}\njourneys: {{system: {{path: [group], demand: {n}/s}}}}\n{teams}",
            group(1, ", capacity: {per_replica: 1/s}"),
        ),
        ..system.clone()
    };
    let mut plan = Plan::default();
    for (place, expected) in given.answers() {
        if expected.measure == "expected_units_up" {
            let found = Place {
                study: "units-up".to_owned(),
                entity: "journeys.system".to_owned(),
                reading: reading("served_ratio", f64::from(n), 0.0),
                engines: Engines::SIMULATION,
            };
            counted.ask_at(&mut plan, place, (Span::LongRun, found));
        } else {
            system.ask(&mut plan, (place, expected));
        }
    }
    Ok(plan)
}
