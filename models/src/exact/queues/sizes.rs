//! The least number of servers or units with which a promise holds.

use super::answers::Answers;
use super::component;
use super::flows::Flows;
use super::station::Station;
use crate::exact::model::Model;
use crate::queueing::sizing::{Sized, servers_for_blocking, servers_for_wait, units_for_availability};
use crate::system::{Promise, SizeSpec};

/// Answers every promise, or says why not.
pub(super) fn answer(flows: &Flows<'_>, model: &Model, answers: &mut Answers) {
    for size in &flows.queueing.sizes {
        let entity = component(&size.component);
        match of(flows, model, size) {
            Ok((sized, method, offered)) => {
                let values = [
                    ("size_least", "1", f64::from(sized.least)),
                    ("size_reached", "1", sized.reached),
                    ("size_one_less", "1", sized.one_less),
                ];
                answers.add(&entity, method, &values);
                if let Some(offered) = offered {
                    answers.add(&entity, method, &[("size_beta", "1", sized.square_root_staffing(offered))]);
                }
            }
            Err(why) => {
                ["size_least", "size_reached", "size_one_less"]
                    .iter()
                    .for_each(|m| answers.refuse(&entity, (m, "1"), &why));
            }
        }
    }
}

fn of(flows: &Flows<'_>, model: &Model, size: &SizeSpec) -> Result<(Sized, &'static str, Option<f64>), String> {
    let said = |error: crate::queueing::QueueError| error.to_string();
    if let Promise::Up { need, probability } = size.promise {
        if let Some(domain) = flows.domain_that_fails(&size.component) {
            return Err(format!("its domain `{domain}` may fail, so its units are not independent"));
        }
        let at = flows.system.spec.components.iter().position(|c| c.name == size.component);
        let unit = at.and_then(|at| flows.system.components[at].units.clone().next());
        let unit = unit.expect("bug: a component without units") as usize;
        let steady = model.steady(&[unit]).map_err(|reason| reason.to_string())?;
        let down = steady[0].chance.down;
        let sized = units_for_availability(need, down, probability).map_err(said)?;
        return Ok((sized, "binomial", None));
    }
    let queue = flows.queueing.queue(&size.component).ok_or("it has no queue")?;
    let station = Station::of(flows, queue)?;
    if queue.concurrency != 1 || queue.per_replica {
        return Err("servers are counted for one queue before units that serve one request each".to_owned());
    }
    if let Some(failing) = flows.fails(&size.component) {
        return Err(format!("`{failing}` may fail"));
    }
    let mean = station.service().mean;
    let offered = station.arrivals() * mean;
    match size.promise {
        Promise::Wait { within, share } => {
            station.exponential().ok_or("waits are sized for exponential service only")?;
            let sized = servers_for_wait(offered, super::seconds(within) / mean, share).map_err(said)?;
            Ok((sized, "M/M/c (Erlang C)", Some(offered)))
        }
        Promise::Blocking(most) => {
            let sized = servers_for_blocking(offered, most).map_err(said)?;
            Ok((sized, "M/G/c/c (Erlang B)", Some(offered)))
        }
        Promise::Up { .. } => Err("it is no promise of a queue".to_owned()),
    }
}
