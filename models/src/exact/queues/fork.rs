//! Journeys that call several components at once.

use super::answers::Answers;
use super::flows::{Demand, Flows};
use super::station::Station;
use crate::queueing::fork_join;
use crate::system::ForkSpec;

/// The mean time from the fork to the join of each journey that forks.
pub(super) fn answer(flows: &Flows<'_>, answers: &mut Answers) {
    for fork in &flows.queueing.forks {
        let entity = format!("journeys.{}", fork.journey);
        match of(flows, fork) {
            Ok((branches, sojourn)) => {
                let method = match fork_join::is_exact(branches) {
                    true => "fork–join (Flatto–Hahn)",
                    false => "fork–join (Nelson–Tantawi, approximation)",
                };
                answers.add(&entity, method, &[("sojourn_mean", "s", sojourn)]);
            }
            Err(why) => answers.refuse(&entity, ("sojourn_mean", "s"), &why),
        }
    }
}

fn of(flows: &Flows<'_>, fork: &ForkSpec) -> Result<(u32, f64), String> {
    let no_demand = || "it has no demand".to_owned();
    let journey = flows.journeys.get(&fork.journey).ok_or_else(no_demand)?;
    let Demand::Constant(rate) = journey.demand else { return Err("its demand is not constant".to_owned()) };
    let mut rates = Vec::new();
    for branch in &fork.branches {
        let [name] = &branch[..] else {
            return Err("there is a formula for branches of one component only".to_owned());
        };
        let queue = flows.queueing.queue(name).ok_or_else(|| format!("`{name}` has no queue"))?;
        if let Some(failing) = flows.fails(name) {
            return Err(format!("`{failing}` may fail"));
        }
        let station = Station::of(flows, queue)?;
        let alone = station.arrivals() == rate && station.servers == 1;
        let endless = queue.places.is_none() && queue.patience.is_none();
        match station.exponential().filter(|_| alone && endless) {
            Some(service_rate) => rates.push(service_rate),
            None => return Err(format!("`{name}` is no M/M/1 queue of this journey alone")),
        }
    }
    if journey.visits.len() != rates.len() || rates.windows(2).any(|pair| pair[0] != pair[1]) {
        return Err("there is a formula for branches that are alike, and nothing before or after them, only".to_owned());
    }
    let branches = u32::try_from(rates.len()).unwrap_or(u32::MAX);
    let service_rate = *rates.first().ok_or("it has no branch")?;
    let sojourn = fork_join::response_mean(branches, rate, service_rate).map_err(|error| error.to_string())?;
    Ok((branches, sojourn))
}
