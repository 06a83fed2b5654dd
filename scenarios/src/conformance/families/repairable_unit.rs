//! One repairable unit with exponential life and repair: `mttf_h`, `mttr_h` (or rates).

use super::super::refusal::Refusal;
use super::super::study::Plan;
use super::super::system::System;
use super::{Given, LIFE, REPAIR, SETTLED};

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&[LIFE.0, LIFE.1, REPAIR.0, REPAIR.1, &["horizon_h"]].concat())?;
    let (life, repair) = (params.mean(LIFE.0, LIFE.1)?, params.mean(REPAIR.0, REPAIR.1)?);
    let sections = format!(
        "components:\n  unit: {{failure_modes: {{crash: {{time_to_failure: {}, repair: {}}}}}}}\n\
         journeys: {{system: {{path: [unit]}}}}\n",
        given.exponential(life),
        given.exponential(repair),
    );
    let system = System {
        title: given.id(),
        clock: given.clock,
        sections,
        events_per_h: 2.0 / (life + repair),
        settled_h: SETTLED * repair,
        horizon_h: None,
    };
    let mut plan = Plan::default();
    given.answers().for_each(|answer| system.ask(&mut plan, answer));
    Ok(plan)
}
