//! An active unit and a dormant one: the switch is at once and fails with `p_switch_fail`; then somebody switches, at
//! `manual_switch_rate`, and only after that the failed unit is repaired.

use super::super::refusal::Refusal;
use super::super::study::Plan;
use super::super::system::System;
use super::{Given, REPAIR, SETTLED, UNITS_MAX, crewed};

/// Units of a pair.
const UNITS: u32 = 2;

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let own = ["lambda_active", "lambda_standby", "p_switch_fail", "manual_switch_rate", "crews"];
    let params = given.params(&[REPAIR.0, REPAIR.1, &own].concat())?;
    let life = params.mean(&[], &["lambda_active"])?;
    let dormancy = params.rate_or_zero("lambda_standby")? * life;
    let repair = params.mean(REPAIR.0, REPAIR.1)?;
    let fails = params.ratio("p_switch_fail", Some(0.0))?;
    let crews = params.count("crews", 1, UNITS_MAX)?;
    let mode = match dormancy {
        0.0 => "mode: cold".to_owned(),
        1.0 => "mode: hot".to_owned(),
        _ => format!("mode: warm, dormancy: {dormancy}"),
    };
    let mut switch = format!("switch: {{takes: {}, success: {}}}", given.clock.text(0.0), 1.0 - fails);
    let mut manual = 0.0;
    if fails > 0.0 {
        manual = params.mean(&[], &["manual_switch_rate"])?;
        switch = format!("{switch}, manual_switch: {}, repair_starts: after_switch", given.exponential(manual));
    }
    let (law, teams) = crewed(&given.exponential(repair), (crews, UNITS));
    let sections = format!(
        "components:\n  pair: {{replicas: {UNITS}, redundancy: {{standby: {{{mode}, active: 1, {switch}}}}}, \
         failure_modes: {{crash: {{time_to_failure: {}, repair: {law}}}}}}}\n\
         journeys: {{system: {{path: [pair]}}}}\n{teams}",
        given.exponential(life),
    );
    let system = System {
        title: given.id(),
        clock: given.clock,
        sections,
        events_per_h: 2.0 * (1.0 + dormancy) / (life + repair),
        settled_h: SETTLED * (f64::from(UNITS) * repair + manual),
        horizon_h: None,
    };
    let mut plan = Plan::default();
    given.answers().for_each(|answer| system.ask(&mut plan, answer));
    Ok(plan)
}
