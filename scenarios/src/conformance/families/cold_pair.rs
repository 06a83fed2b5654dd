//! A cold pair with exponential life and any repair, whose law the case says in words; one crew.
//!
//! Until both are down at once never more than one is in repair, so up to the first failure a crew a unit is as one crew;
//! for what lies beyond it the crew is said.

use super::super::measures::Asked;
use super::super::refusal::Refusal;
use super::super::spoken_law::SpokenLaw;
use super::super::study::Plan;
use super::super::system::System;
use super::{Given, SETTLED, crewed};

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["mttf_active_h", "repair"])?;
    let life = params.mean(&["mttf_active_h"], &[])?;
    let repair = SpokenLaw::parse(params.text("repair")?, given.clock)?;
    let with_crews = |crews: u32| {
        let (law, teams) = crewed(&repair.yaml, (crews, 2));
        let sections = format!(
            "components:\n  pair: {{replicas: 2, redundancy: {{standby: {{mode: cold, active: 1}}}}, \
             failure_modes: {{crash: {{time_to_failure: {}, repair: {law}}}}}}}\n\
             journeys: {{system: {{path: [pair]}}}}\n{teams}",
            given.exponential(life),
        );
        System {
            title: given.id(),
            clock: given.clock,
            sections,
            events_per_h: 2.0 / life,
            settled_h: SETTLED * 2.0 * repair.mean_h,
            horizon_h: None,
        }
    };
    let (one, each) = (with_crews(1), with_crews(2));
    let mut plan = Plan::default();
    for (place, expected) in given.answers() {
        let first = matches!(Asked::parse(&expected.measure), Some(Asked::MeanToFirst | Asked::FirstBy(..)));
        if first { &each } else { &one }.ask(&mut plan, (place, expected));
    }
    Ok(plan)
}
