//! A server whose callers try again.

use super::answers::Answers;
use super::flows::{Demand, Flows};
use super::seconds;
use crate::queueing::retry::Retries;
use crate::system::{QueueSpec, ServiceOrder};

const METHOD: &str = "fixed point of attempts (approximation)";

/// The retries at a queue, if its callers try again; an error says why they have no formula.
pub(super) fn of(flows: &Flows<'_>, queue: &QueueSpec) -> Option<Result<Retries, String>> {
    let mut calls = flows.queueing.calls.iter().filter(|call| call.to == queue.component);
    calls.clone().find(|call| call.retries.is_some())?;
    let (Some(call), None) = (calls.next(), calls.next()) else {
        return Some(Err("retries have a formula for one caller only".to_owned()));
    };
    let retries = call.retries?;
    if call.breaker.is_some() || flows.refuse_held(&queue.component).is_err() {
        return Some(Err("retries have no formula beside a circuit breaker or a thread that is held".to_owned()));
    }
    if retries.attempts < 2 || retries.backoff.is_some() || retries.budget.is_some() || queue.drops_expired {
        let what = "retries have a formula only if callers try again at once and without a budget, and all is served";
        return Some(Err(what.to_owned()));
    }
    let rate = |(_, journey): (&String, &super::flows::Visits)| {
        let visits = journey.visits.get(&call.from)?;
        Some(match journey.demand {
            Demand::Constant(rate) => Ok(rate * visits * call.visits),
            _ => Err("retries have a formula for constant demand only".to_owned()),
        })
    };
    let rates: Result<Vec<f64>, String> = flows.journeys.iter().filter_map(rate).collect();
    Some(rates.and_then(|rates| {
        let plain = queue.order == ServiceOrder::FirstCome && queue.places.is_none() && queue.patience.is_none();
        let law = queue.service.as_ref().filter(|_| queue.service_of.is_empty() && flows.servers(queue) == (1, 1));
        let mean = law.filter(|_| plain).and_then(|law| law.is_exponential());
        let mean = mean.ok_or("retries have a formula for an M/M/1 queue only")?;
        if let Some(failing) = flows.fails(&queue.component).or_else(|| flows.fails(&call.from)) {
            return Err(format!("`{failing}` may fail"));
        }
        if flows.queueing.queue(&call.from).is_some() {
            return Err("retries have a formula for a caller without a queue only".to_owned());
        }
        Ok(Retries {
            first_rate: rates.iter().sum(),
            service_rate: 1.0 / seconds(mean),
            timeout: seconds(retries.timeout),
            attempts: retries.attempts,
        })
    }))
}

/// Where the load comes to rest.
pub(super) fn answer(retries: &Retries, entity: &str, answers: &mut Answers) -> Result<(), String> {
    let found = retries.fixed_points().map_err(|error| error.to_string())?;
    match found.rates.first() {
        Some(&low) => {
            let values = [("attempt_rate", "1/s", low), ("amplification", "1", low / retries.first_rate)];
            answers.add(entity, METHOD, &values);
        }
        None => {
            let why = "every load runs away: attempts come to rest nowhere below the capacity";
            [("attempt_rate", "1/s"), ("amplification", "1")].iter().for_each(|m| answers.refuse(entity, *m, why));
        }
    }
    match found.rates.get(1) {
        Some(&high) => answers.add(entity, METHOD, &[("tipping_rate", "1/s", high)]),
        None => answers.refuse(entity, ("tipping_rate", "1/s"), "there is no second fixed point below the capacity"),
    }
    let yes = |is: bool| if is { 1.0 } else { 0.0 };
    let vulnerable = found.collapse_sustains && !found.rates.is_empty();
    let values = [
        ("collapse_sustains", "1", yes(found.collapse_sustains)),
        ("vulnerable", "1", yes(vulnerable)),
        ("safe_demand", "1/s", found.safe_rate),
    ];
    answers.add(entity, "capacity ÷ attempts", &values);
    Ok(())
}
