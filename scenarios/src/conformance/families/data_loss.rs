//! Storage of `n` disks that tolerates the loss of `tolerated`: data are lost when more are failed at once, or with
//! probability `lse_prob` when the last tolerated one fails and a rebuild meets an unreadable sector.
//!
//! Without unreadable sectors a loss is the first failure of a group that needs all but the tolerated: so a run to the first
//! failure is asked for the mean time to it as well.

use super::super::measures::{Asked, Side};
use super::super::refusal::Refusal;
use super::super::study::{Engines, Plan};
use super::super::system::{Place, Span, System, reading};
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
    let sections = format!(
        "components:\n  disks: {{replicas: {n}, redundancy: {{k_of_n: {{need: {}}}}}, data_loss: {{tolerates: {tolerated}, \
         unreadable: {unreadable}, recovers_from: never}}, failure_modes: {{crash: {{time_to_failure: {}, repair: {law}}}}}}}\n\
         journeys: {{system: {{path: [disks]}}}}\n{teams}",
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
    for (place, expected) in given.answers() {
        let found = |study: String, reading, engines| {
            let entity = "components.disks".to_owned();
            Place { study, entity, reading, engines }
        };
        match Asked::parse(&expected.measure) {
            Some(Asked::MeanToFirst) => {
                let hours = reading("mttdl", given.clock.case_hours(), 0.0);
                system.ask_at(&mut plan, place, (Span::LongRun, found("data".to_owned(), hours, Engines::EXACT)));
                if unreadable == 0.0 {
                    let hours = reading("mttf", given.clock.case_hours(), 0.0);
                    let entity = "journeys.system".to_owned();
                    let study = "first-failure".to_owned();
                    let found = Place { study, entity, reading: hours, engines: Engines::SIMULATION };
                    system.ask_at(&mut plan, place, (Span::FirstFailure, found));
                }
            }
            Some(Asked::FirstBy(Side::Down, within)) => {
                let found = found(format!("loss-{within}"), reading("loss_probability", 1.0, 0.0), Engines::BOTH);
                system.ask_at(&mut plan, place, (Span::Window(0.0, within), found));
            }
            _ => system.ask(&mut plan, (place, expected)),
        }
    }
    Ok(plan)
}
