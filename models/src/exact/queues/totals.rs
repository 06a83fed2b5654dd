//! Requests of a journey, and of the system, over all queues they visit.

use super::answers::Answers;
use super::component;
use super::flows::{Demand, Flows};

const METHOD: &str = "sum over its queues (product form)";

/// The mean time of a request of each journey of constant demand, and the mean number of requests of it; of the system, all
/// together.
pub(super) fn answer(flows: &Flows<'_>, answers: &mut Answers) {
    let (mut all, mut in_all, mut known) = (0.0, 0.0, true);
    for (name, journey) in &flows.journeys {
        let Demand::Constant(rate) = journey.demand else {
            known = false;
            continue;
        };
        if flows.queueing.forks.iter().any(|fork| fork.journey == *name) {
            known = false;
            continue;
        }
        let entity = format!("journeys.{name}");
        match sojourn(flows, name, answers) {
            Ok(sojourn) => {
                let values = [("sojourn_mean", "s", sojourn), ("in_system", "1", rate * sojourn)];
                answers.add(&entity, METHOD, &values);
                (all, in_all) = (all + rate, in_all + rate * sojourn);
            }
            Err(why) => {
                known = false;
                answers.refuse(&entity, ("sojourn_mean", "s"), &why);
            }
        }
    }
    if known && all > 0.0 {
        answers.add("system", METHOD, &[("sojourn_mean", "s", in_all / all), ("in_system", "1", in_all)]);
    }
}

fn sojourn(flows: &Flows<'_>, name: &str, answers: &Answers) -> Result<f64, String> {
    let mut sum = 0.0;
    for (visited, visits) in &flows.journeys[name].visits {
        if flows.queueing.queue(visited).is_none() {
            continue;
        }
        let entity = component(visited);
        let own = answers.get(&format!("{entity}/{name}"), "sojourn_mean");
        let there = own.or_else(|| answers.get(&entity, "sojourn_mean"));
        let loses = ["p_block", "p_abandon"].iter().any(|m| answers.get(&entity, m).is_some_and(|p| p > 0.0));
        match there {
            Some(there) if !loses => sum += visits * there,
            Some(_) => return Err(format!("`{visited}` loses requests on the way")),
            None => return Err(format!("`{visited}` has no exact answer")),
        }
    }
    Ok(sum)
}
