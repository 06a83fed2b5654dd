//! A server whose callers try again.

use super::answers::Answers;
use super::flows::{Demand, Flows};
use super::seconds;
use crate::queueing::retry::Retries;
use crate::system::{QueueSpec, RetryBudget, ServiceOrder};

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
    if retries.budget.is_some_and(|budget| budget.of_first_attempts().is_none()) {
        return Some(Err("retries have no formula where successes pay for them".to_owned()));
    }
    if retries.attempts < 2 || queue.drops_expired {
        let what = "retries have a formula only if callers try again and all that has come is served";
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
        let plain = queue.order == ServiceOrder::FirstCome && queue.patience.is_none();
        let (servers, queues) = flows.servers(queue);
        let law = queue.service.as_ref().filter(|_| queue.service_of.is_empty() && queues == 1);
        let mean = law.filter(|_| plain).and_then(|law| law.is_exponential());
        let mean = mean.ok_or("retries have a formula for a queue of exponential service, first come first served")?;
        if let Some(failing) = flows.fails(&queue.component).or_else(|| flows.fails(&call.from)) {
            return Err(format!("`{failing}` may fail"));
        }
        if flows.queueing.queue(&call.from).is_some() {
            return Err("retries have a formula for a caller without a queue only".to_owned());
        }
        Ok(Retries {
            first_rate: rates.iter().sum(),
            servers,
            service_rate: 1.0 / seconds(mean),
            places: queue.places,
            timeout: seconds(retries.timeout),
            attempts: retries.attempts,
            budget: retries.budget.and_then(RetryBudget::of_first_attempts).map(|(ratio, _)| ratio),
        })
    }))
}

/// Where the load comes to rest.
pub(super) fn answer(retries: &Retries, entity: &str, answers: &mut Answers) -> Result<(), String> {
    let found = retries.fixed_points().map_err(|error| error.to_string())?;
    match found.operating() {
        Some(low) => {
            let values = [("attempt_rate", "1/s", low.rate), ("amplification", "1", low.rate / retries.first_rate)];
            answers.add(entity, METHOD, &values);
        }
        None => {
            let why = "every load runs away: attempts come to rest nowhere below the capacity";
            [("attempt_rate", "1/s"), ("amplification", "1")].iter().for_each(|m| answers.refuse(entity, *m, why));
        }
    }
    match found.tipping() {
        Some(high) => answers.add(entity, METHOD, &[("tipping_rate", "1/s", high.rate)]),
        None => answers.refuse(entity, ("tipping_rate", "1/s"), "there is no second fixed point below the capacity"),
    }
    let yes = |is: bool| if is { 1.0 } else { 0.0 };
    let sustains = found.collapse_sustains();
    let method = if retries.places.is_some() { METHOD } else { "capacity ÷ attempts" };
    let vulnerable = sustains && found.operating().is_some();
    answers.add(entity, method, &[("collapse_sustains", "1", yes(sustains)), ("vulnerable", "1", yes(vulnerable))]);
    match retries.places {
        None => answers.add(entity, method, &[("safe_demand", "1/s", found.safe_rate)]),
        Some(_) => {
            let why = "what finds no place is rejected, which the capacity ÷ attempts does not know";
            answers.refuse(entity, ("safe_demand", "1/s"), why);
        }
    }
    Ok(())
}
