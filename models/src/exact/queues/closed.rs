//! Fixed populations of users, with all that they call.

use super::answers::Answers;
use super::flows::{Demand, Flows};
use super::{component, seconds};
use crate::lifetime::Law;
use crate::queueing::QueueError;
use crate::queueing::machine_repair;
use crate::queueing::mean_value_analysis::{self, UserClass, UserClassAnswers};
use crate::system::{PopulationSpec, QueueSpec, ServiceOrder};

/// Answers for every closed journey and the queues it calls, or says why not.
pub(super) fn answer(flows: &Flows<'_>, answers: &mut Answers) {
    let populations = &flows.queueing.populations;
    if populations.is_empty() {
        return;
    }
    let queues: Vec<&QueueSpec> =
        flows.queueing.queues.iter().filter(|queue| flows.is_closed(&queue.component)).collect();
    let answered = match (&populations[..], &queues[..]) {
        ([users], [queue]) if flows.servers(queue).1 == 1 && queue.order == ServiceOrder::FirstCome => {
            one_queue(flows, (users, queue), answers)
        }
        _ => network(flows, &queues, answers),
    };
    let why = answered.err().unwrap_or_else(|| "the formula has no such measure".to_owned());
    queues.iter().for_each(|queue| answers.refuse_standard(&component(&queue.component), &why));
    for users in populations {
        let entity = format!("journeys.{}", users.journey);
        for measure in [("throughput", "1/s"), ("sojourn_mean", "s")] {
            if answers.get(&entity, measure.0).is_none() {
                answers.refuse(&entity, measure, &why);
            }
        }
    }
}

/// The service time of a call of a journey at a queue, and visits.
fn demand_of<'a>(flows: &Flows<'_>, queue: &'a QueueSpec, journey: &str) -> Result<(&'a Law, f64), String> {
    let visits = flows.journeys[journey].visits.get(&queue.component).copied().unwrap_or(0.0);
    let law =
        queue.service_of(journey).ok_or_else(|| format!("`{journey}` has no service time at `{}`", queue.component))?;
    Ok((law, visits))
}

fn refuse_others(flows: &Flows<'_>, queue: &QueueSpec) -> Result<(), String> {
    let name = &queue.component;
    flows.refuse_held(name)?;
    flows.refuse_broken(name)?;
    if let Some(failing) = flows.fails(name) {
        return Err(format!("`{failing}` may fail"));
    }
    if queue.places.is_some() || queue.patience.is_some() {
        return Err(format!("`{name}` has places or patience: there is no product form"));
    }
    let open = flows.journeys.iter().find(|(_, j)| j.demand != Demand::Closed && j.visits.contains_key(name));
    match open {
        Some((other, _)) => Err(format!("`{other}` calls `{name}` as well, and its users are no fixed number")),
        None => Ok(()),
    }
}

fn said(error: QueueError) -> String {
    error.to_string()
}

fn one_queue(
    flows: &Flows<'_>,
    (users, queue): (&PopulationSpec, &QueueSpec),
    answers: &mut Answers,
) -> Result<(), String> {
    refuse_others(flows, queue)?;
    let (law, visits) = demand_of(flows, queue, &users.journey)?;
    let mean = seconds(law.is_exponential().ok_or("first come first served needs exponential service")?);
    let think = seconds(users.think.mean());
    let (servers, _) = flows.servers(queue);
    // Calls at once after the last: one visit a round, so many rounds before thinking, is another rate of thought.
    let a = machine_repair::solve(users.users, servers, visits / think, 1.0 / mean).map_err(said)?;
    let method = "M/M/c//N (machine repair)";
    if visits != 1.0 {
        return Err("with one queue of several servers a call visits it once".to_owned());
    }
    let values = [
        ("wait_mean", "s", a.wait_mean),
        ("sojourn_mean", "s", a.sojourn_mean),
        ("queue_length", "1", a.queue_length),
        ("in_system", "1", a.in_system),
        ("p_block", "1", 0.0),
        ("p_abandon", "1", 0.0),
        ("throughput", "1/s", a.throughput),
        ("utilisation", "1", a.utilisation),
    ];
    answers.add(&component(&queue.component), method, &values);
    add_journey(&users.journey, method, (a.throughput, a.sojourn_mean), answers);
    let class = format!("{}/{}", component(&queue.component), users.journey);
    let values =
        [("sojourn_mean", "s", a.sojourn_mean), ("in_system", "1", a.in_system), ("utilisation", "1", a.utilisation)];
    answers.add(&class, method, &values);
    Ok(())
}

fn add_journey(journey: &str, method: &'static str, (throughput, sojourn): (f64, f64), answers: &mut Answers) {
    let values = [("throughput", "1/s", throughput), ("sojourn_mean", "s", sojourn)];
    answers.add(&format!("journeys.{journey}"), method, &values);
}

fn network(flows: &Flows<'_>, queues: &[&QueueSpec], answers: &mut Answers) -> Result<(), String> {
    let populations = &flows.queueing.populations;
    // Each replica with a queue of its own is a queue; they are alike.
    let mut classes: Vec<UserClass> = Vec::new();
    for users in populations {
        classes.push(UserClass { users: users.users, think: seconds(users.think.mean()), demands: Vec::new() });
    }
    for queue in queues {
        refuse_others(flows, queue)?;
        let (servers, stations) = flows.servers(queue);
        if servers != 1 {
            let name = &queue.component;
            return Err(format!("`{name}` has {servers} servers, and mean value analysis holds queues of one each"));
        }
        refuse_without_product_form(queue)?;
        for (users, class) in populations.iter().zip(&mut classes) {
            let (law, visits) = demand_of(flows, queue, &users.journey)?;
            let demand = visits * seconds(law.mean()) / f64::from(stations);
            class.demands.extend((0..stations).map(|_| demand));
        }
    }
    let exact = mean_value_analysis::exact(&classes);
    let (found, method) = match exact {
        Err(QueueError::TooLarge { .. }) => {
            (mean_value_analysis::schweitzer(&classes).map_err(said)?, "Schweitzer (approximation)")
        }
        found => (found.map_err(said)?, "mean value analysis"),
    };
    for (users, class) in populations.iter().zip(&found) {
        add_journey(&users.journey, method, (class.throughput, class.response), answers);
    }
    let mut first = 0;
    for queue in queues {
        let stations = flows.servers(queue).1 as usize;
        add_station(queue, (first..first + stations, method), (flows, &classes, &found), answers);
        first += stations;
    }
    Ok(())
}

fn add_station(
    queue: &QueueSpec,
    (places, method): (std::ops::Range<usize>, &'static str),
    (flows, classes, found): (&Flows<'_>, &[UserClass], &[UserClassAnswers]),
    answers: &mut Answers,
) {
    let entity = component(&queue.component);
    let (mut in_system, mut utilisation, mut throughput) = (0.0, 0.0, 0.0);
    let stations = places.len() as f64;
    for ((users, class), found) in flows.queueing.populations.iter().zip(classes).zip(found) {
        let residence: f64 = found.residence[places.clone()].iter().sum();
        let demand: f64 = class.demands[places.clone()].iter().sum();
        let visits = flows.journeys[&users.journey].visits.get(&queue.component).copied().unwrap_or(0.0);
        let values = [
            ("sojourn_mean", "s", residence),
            ("in_system", "1", found.throughput * residence),
            ("throughput", "1/s", found.throughput * visits),
            ("utilisation", "1", found.throughput * demand / stations),
        ];
        in_system += found.throughput * residence;
        throughput += found.throughput * visits;
        utilisation += found.throughput * demand / stations;
        answers.add(&format!("{entity}/{}", users.journey), method, &values);
    }
    let values = [
        ("sojourn_mean", "s", in_system / throughput),
        ("queue_length", "1", in_system - utilisation * stations),
        ("in_system", "1", in_system),
        ("p_block", "1", 0.0),
        ("p_abandon", "1", 0.0),
        ("throughput", "1/s", throughput),
        ("utilisation", "1", utilisation),
    ];
    answers.add(&entity, method, &values);
}

/// Whether a network with this queue has a product form.
fn refuse_without_product_form(queue: &QueueSpec) -> Result<(), String> {
    let laws: Vec<&Law> = queue.service.iter().chain(queue.service_of.iter().map(|(_, law)| law)).collect();
    let alike = laws.windows(2).all(|pair| pair[0] == pair[1]);
    let exponential = laws.iter().all(|law| law.is_exponential().is_some());
    match queue.order {
        ServiceOrder::Sharing => Ok(()),
        ServiceOrder::FirstCome if alike && exponential => Ok(()),
        _ => Err(format!(
            "`{}` has no product form: it is neither shared nor first come first served with one exponential service time",
            queue.component
        )),
    }
}
