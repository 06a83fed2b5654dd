//! `k` of `n` units of which a share `beta` of the failure rate is a shock that fails all; a crew for each unit: `n`,
//! `k`, `lam`, `mu`, `beta`.

use super::super::refusal::Refusal;
use super::super::study::Plan;
use super::super::system::System;
use super::{Given, LIFE, REPAIR, SETTLED, UNITS_MAX};

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&[LIFE.0, LIFE.1, REPAIR.0, REPAIR.1, &["n", "k", "beta"]].concat())?;
    let n = params.count("n", 1, UNITS_MAX)?;
    let k = params.count("k", 1, u64::from(n))?;
    let beta = params.ratio("beta", None)?;
    let (life, repair) = (params.mean(LIFE.0, LIFE.1)?, params.mean(REPAIR.0, REPAIR.1)?);
    let shared = match beta {
        0.0 => String::new(),
        _ => format!("domains: {{shared_risk: {{common: {{members: [group], beta: {beta}}}}}}}\n"),
    };
    let sections = format!(
        "components:\n  group: {{replicas: {n}, redundancy: {{k_of_n: {{need: {k}}}}}, failure_modes: \
         {{crash: {{time_to_failure: {}, repair: {}}}}}}}\njourneys: {{system: {{path: [group]}}}}\n{shared}",
        given.exponential(life),
        given.exponential(repair),
    );
    let system = System {
        title: given.id(),
        clock: given.clock,
        sections,
        events_per_h: 2.0 * f64::from(n) / (life + repair),
        settled_h: SETTLED * repair,
        horizon_h: None,
    };
    let mut plan = Plan::default();
    given.answers().for_each(|answer| system.ask(&mut plan, answer));
    Ok(plan)
}
