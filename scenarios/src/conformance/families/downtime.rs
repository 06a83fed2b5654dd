//! The distribution of the total downtime of one unit in a horizon: `mttf_h`, `horizon_h`, and the law of the repair in
//! words.

use super::super::refusal::Refusal;
use super::super::spoken_law::SpokenLaw;
use super::super::study::{HORIZON_MAX_H, Plan};
use super::super::system::System;
use super::{Given, LIFE, SETTLED};

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&[LIFE.0, LIFE.1, &["horizon_h", "repair"]].concat())?;
    let life = params.mean(LIFE.0, LIFE.1)?;
    let repair = SpokenLaw::parse(params.text("repair")?, given.clock)?;
    let horizon = params.number_in("horizon_h", 1e-6, HORIZON_MAX_H)?;
    let sections = format!(
        "components:\n  unit: {{failure_modes: {{crash: {{time_to_failure: {}, repair: {}}}}}}}\n\
         journeys: {{system: {{path: [unit]}}}}\n",
        given.exponential(life),
        repair.yaml,
    );
    let system = System {
        title: given.id(),
        clock: given.clock,
        sections,
        events_per_h: 2.0 / (life + repair.mean_h),
        settled_h: SETTLED * repair.mean_h,
        horizon_h: Some(horizon),
    };
    let mut plan = Plan::default();
    given.answers().for_each(|answer| system.ask(&mut plan, answer));
    Ok(plan)
}
