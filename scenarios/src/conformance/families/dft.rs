//! Dynamic fault trees: `file` is a model in the Galileo format beside the case, `MTTF` the mean time to its top event, h,
//! and `unreliability` the probability that it has happened, by hours.

use super::super::refusal::Refusal;
use super::super::study::{Engines, HORIZON_MAX_H, Plan};
use super::super::system::{Place, Span, reading};
use super::{Given, fault_trees};
use crate::import::read_galileo;

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let system = fault_trees::system(given, read_galileo)?;
    let mut plan = Plan::default();
    for (place, expected) in given.answers() {
        let found = |study: &str, reading| {
            let entity = "journeys.system".to_owned();
            Place { study: study.to_owned(), entity, reading, engines: Engines::BOTH }
        };
        let instant = expected.measure.strip_prefix("unreliability.").and_then(|hours| hours.parse().ok());
        match instant.filter(|hours: &f64| *hours > 0.0 && *hours <= HORIZON_MAX_H) {
            Some(hours) => {
                let found = found("instants", reading("reliability_at", -1.0, 1.0));
                system.ask_at(&mut plan, place, (Span::Until(hours), found));
            }
            None if expected.measure == "MTTF" => {
                system.ask_at(
                    &mut plan,
                    place,
                    (Span::FirstFailure, found("first-failure", reading("mttf", 1.0, 0.0))),
                );
            }
            None => system.ask(&mut plan, (place, expected)),
        }
    }
    Ok(plan)
}
