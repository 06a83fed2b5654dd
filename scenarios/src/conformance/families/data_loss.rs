//! Storage of `n` disks that tolerates the loss of `tolerated`: data is lost when more are failed at once, or with
//! probability `lse_prob` when the last tolerated one fails and a rebuild meets an unreadable sector.
//!
//! Without unreadable sectors a loss is the first failure of a group that needs all but the tolerated.

use super::super::refusal::Refusal;
use super::super::study::Plan;
use super::super::system::System;
use super::{Given, LIFE, REPAIR, SETTLED, UNITS_MAX, crewed};

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let own = ["n", "tolerated", "parallel_rebuild", "lse_prob"];
    let params = given.params(&[LIFE.0, LIFE.1, REPAIR.0, REPAIR.1, &own].concat())?;
    let n = params.count("n", 2, UNITS_MAX)?;
    let tolerated = params.count("tolerated", 1, u64::from(n) - 1)?;
    let unreadable = params.ratio("lse_prob", Some(0.0))?;
    let crews = if params.flag("parallel_rebuild")? { n } else { 1 };
    let (life, rebuild) = (params.mean(LIFE.0, LIFE.1)?, params.mean(REPAIR.0, REPAIR.1)?);
    let (law, teams) = crewed(&given.exponential(rebuild), (crews, n));
    let data_loss = match unreadable {
        0.0 => String::new(),
        _ => format!("data_loss: {{tolerates: {tolerated}, unreadable: {unreadable}, recovers_from: never}}, "),
    };
    let sections = format!(
        "components:\n  disks: {{replicas: {n}, redundancy: {{k_of_n: {{need: {}}}}}, {data_loss}failure_modes: \
         {{crash: {{time_to_failure: {}, repair: {law}}}}}}}\njourneys: {{system: {{path: [disks]}}}}\n{teams}",
        n - tolerated,
        given.exponential(life),
    );
    let system = System {
        title: given.id(),
        clock: given.clock,
        sections,
        events_per_h: 2.0 * f64::from(n) / (life + rebuild),
        settled_h: SETTLED * rebuild * f64::from(n.div_ceil(crews)),
        horizon_h: None,
    };
    let mut plan = Plan::default();
    given.answers().for_each(|answer| system.ask(&mut plan, answer));
    Ok(plan)
}
