//! A queue at the instants that are asked for, from the start on.

use super::answers::Answers;
use super::flows::{Demand, Flows};
use super::{component, seconds};
use crate::queueing::transient::{Sine, Transient};
use crate::system::{QueueSpec, ServiceOrder};

const METHOD: &str = "M(t)/M/c/K (uniformization)";

/// Answers the state of a queue with places at each instant of `report_at`, if it is fed from outside.
pub(super) fn answer(flows: &Flows<'_>, queue: &QueueSpec, answers: &mut Answers) {
    let times = &flows.system.spec.time.report_at;
    if times.is_empty() {
        return;
    }
    let entity = component(&queue.component);
    let found = model(flows, queue).and_then(|model| {
        let mut times: Vec<f64> = times.iter().map(|&at| seconds(at)).collect();
        times.sort_by(f64::total_cmp);
        model.solve(&times).map(|(found, _)| (times, found)).map_err(|error| error.to_string())
    });
    match found {
        Ok((times, found)) => {
            for (at, state) in times.iter().zip(found) {
                let asked = flows.system.spec.time.report_at.iter().find(|asked| seconds(**asked) == *at);
                let at_h = asked.map_or(at / 3600.0, |asked| asked.get());
                let values =
                    [("in_system_at", state.in_system), ("p_wait_at", state.p_wait), ("p_full_at", state.p_full)];
                answers.add_at((&entity, at_h), METHOD, &values);
            }
        }
        Err(why) => {
            ["in_system_at", "p_wait_at", "p_full_at"].iter().for_each(|m| answers.refuse(&entity, (m, "1"), &why));
        }
    }
}

fn model(flows: &Flows<'_>, queue: &QueueSpec) -> Result<Transient, String> {
    let (servers, _) = flows.servers(queue);
    let places = queue.places.ok_or("a course in time needs `places`")?;
    if let Some(failing) = flows.fails(&queue.component) {
        return Err(format!("`{failing}` may fail"));
    }
    let plain = queue.order == ServiceOrder::FirstCome && queue.patience.is_none() && !queue.per_replica;
    if !plain {
        return Err("a course in time has a chain for one queue, first come, without patience only".to_owned());
    }
    let mut callers = flows.journeys.iter().filter(|(_, journey)| journey.visits.contains_key(&queue.component));
    let (Some((name, journey)), None) = (callers.next(), callers.next()) else {
        return Err("a course in time has a chain for the calls of one journey only".to_owned());
    };
    let law = queue.service_of(name).ok_or_else(|| format!("`{name}` has no service time there"))?;
    let mean = law.is_exponential().ok_or("a course in time has a chain for exponential service only")?;
    // A sine that has passed another queue is no Poisson process of known rate; what passes none is.
    let visits = journey.visits[&queue.component];
    let direct = flows
        .queueing
        .queues
        .iter()
        .all(|other| other.component == queue.component || !journey.visits.contains_key(&other.component));
    let fed_by = flows.refuse_upstream(&queue.component);
    let demand = match journey.demand {
        Demand::Constant(rate) if direct => Sine { mean: rate * visits, amplitude: 0.0, period: 86_400.0 },
        Demand::Sine if direct => {
            let sines = &flows.queueing.sines;
            let sine = sines.iter().find(|sine| sine.journey == *name).expect("bug: a sine without its numbers");
            let (mean, amplitude) = (sine.mean_per_s * visits, sine.amplitude_per_s * visits);
            Sine { mean, amplitude, period: seconds(sine.period) }
        }
        Demand::Constant(_) | Demand::Sine => return Err("its calls come by way of another queue".to_owned()),
        Demand::Closed | Demand::Varying => return Err(format!("the demand of `{name}` has no formula")),
    };
    fed_by?;
    let (room, service_rate) = (places.saturating_add(u64::from(servers)), 1.0 / seconds(mean));
    Ok(Transient { servers, room, service_rate, demand, initial: queue.starts_with })
}
