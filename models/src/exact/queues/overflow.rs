//! P(so many requests at once, before there is none), where the queues and the ways between them have no memory.

use std::collections::BTreeMap;

use super::answers::Answers;
use super::flows::{Demand, Flows};
use super::seconds;
use crate::queueing::overflow::{Station, reach_before_empty};
use crate::system::{JourneySpec, OverflowSpec};

const METHOD: &str = "first passage, level by level";

/// Answers every overflow that is asked for, or says why not.
pub(super) fn answer(flows: &Flows<'_>, answers: &mut Answers) {
    for overflow in &flows.queueing.overflows {
        let entity = format!("measures.{}", overflow.name);
        match of(flows, overflow) {
            Ok(probability) => answers.add(&entity, METHOD, &[("p_reach", "1", probability)]),
            Err(why) => answers.refuse(&entity, ("p_reach", "1"), &why),
        }
    }
}

fn of(flows: &Flows<'_>, overflow: &OverflowSpec) -> Result<f64, String> {
    let place = |name: &str| overflow.among.iter().position(|(counted, _)| counted == name);
    let mut stations = Vec::new();
    for (name, _) in &overflow.among {
        stations.push(station(flows, name)?);
    }
    let mut known: BTreeMap<String, Onward> = BTreeMap::new();
    for journey in &flows.system.spec.journeys {
        let Some(visits) = flows.journeys.get(&journey.name) else { continue };
        if !overflow.among.iter().any(|(name, _)| visits.visits.contains_key(name)) {
            continue;
        }
        let Demand::Constant(rate) = visits.demand else {
            return Err(format!("the demand of `{}` is no Poisson process of constant rate", journey.name));
        };
        let route = route(flows, journey)?;
        if let Some((first, share)) = &route.entry
            && let Some(at) = place(first)
        {
            stations[at].arrivals += rate * share;
        }
        for (from, onward) in route.steps {
            if place(&from).is_none() {
                if let Some((to, _)) = onward.filter(|(to, _)| place(to).is_some()) {
                    return Err(format!("requests come to `{to}` from `{from}`, where they are not counted"));
                }
                continue;
            }
            if known.insert(from.clone(), onward.clone()).is_some_and(|before| before != onward) {
                return Err(format!("requests of different journeys go different ways from `{from}`"));
            }
        }
    }
    for (from, onward) in known {
        let at = place(&from).expect("bug: only counted components are known");
        stations[at].onward = onward.and_then(|(to, share)| Some((place(&to)?, share))).into_iter().collect();
    }
    if stations.iter().all(|station| station.arrivals == 0.0) {
        return Err("no journey with a demand comes to it".to_owned());
    }
    let start: Vec<u32> = overflow.among.iter().map(|(_, jobs)| *jobs).collect();
    reach_before_empty(&stations, overflow.jobs, &start).map_err(|error| error.to_string())
}

/// A queue as a station without arrivals and ways on.
fn station(flows: &Flows<'_>, name: &str) -> Result<Station, String> {
    let queue = flows.queueing.queue(name).ok_or_else(|| format!("`{name}` has no queue"))?;
    let law = queue.service.as_ref().or_else(|| queue.service_of.first().map(|(_, law)| law));
    let mean = law.and_then(|law| law.is_exponential()).filter(|_| flows.is_smooth(queue));
    let mean = mean.ok_or_else(|| {
        format!("`{name}` is no queue without end, of one exponential service time and without patience or retries")
    })?;
    if let Some(failing) = flows.fails(name) {
        return Err(format!("`{failing}` may fail"));
    }
    flows.refuse_broken(name)?;
    match flows.servers(queue) {
        (servers, 1) => Ok(Station { arrivals: 0.0, servers, rate: 1.0 / seconds(mean), onward: Vec::new() }),
        _ => Err(format!("`{name}` has a queue before each unit")),
    }
}

/// Where requests go on to from a queue, and what share of them; `None` if they leave.
type Onward = Option<(String, f64)>;

/// How the requests of a journey go from queue to queue.
struct Route {
    /// The first queue, and the share of requests that come to it.
    entry: Onward,
    /// From each queue the next, and the share that goes there.
    steps: Vec<(String, Onward)>,
}

/// Along the path, or along calls from its one entry.
fn route(flows: &Flows<'_>, journey: &JourneySpec) -> Result<Route, String> {
    let name = &journey.name;
    let entries: Vec<&str> = journey.path.components();
    if entries.iter().any(|entry| flows.branched.contains(*entry)) {
        return Err(format!("the path of `{name}` branches"));
    }
    let calls = |from: &str| {
        let calls = flows.queueing.calls.iter();
        calls.filter(|call| call.from == from && call.visits > 0.0).collect::<Vec<_>>()
    };
    let (mut entry, mut steps): (_, Vec<(String, Onward)>) = (None, Vec::new());
    if entries.iter().all(|entry| calls(entry).is_empty()) {
        let queued: Vec<&str> = entries.into_iter().filter(|entry| flows.queueing.queue(entry).is_some()).collect();
        entry = queued.first().map(|first| ((*first).to_owned(), 1.0));
        for (i, from) in queued.iter().enumerate() {
            steps.push(((*from).to_owned(), queued.get(i + 1).map(|to| ((*to).to_owned(), 1.0))));
        }
        return Ok(Route { entry, steps });
    }
    let [first] = entries[..] else { return Err(format!("`{name}` goes on along its path and along calls")) };
    let (mut at, mut share, mut from) = (first.to_owned(), 1.0, None::<String>);
    for _ in 0..=flows.queueing.calls.len() {
        if flows.queueing.queue(&at).is_some() {
            match from.take() {
                None => entry = Some((at.clone(), share)),
                Some(from) => steps.push((from, Some((at.clone(), share)))),
            }
            if steps.iter().any(|(seen, _)| *seen == at) {
                return Ok(Route { entry, steps });
            }
            (from, share) = (Some(at.clone()), 1.0);
        }
        let calls = calls(&at);
        match calls[..] {
            [] => {
                steps.extend(from.map(|from| (from, None)));
                return Ok(Route { entry, steps });
            }
            [call] if (call.visits - call.share).abs() <= 1e-12 * call.share => {
                (at, share) = (call.to.clone(), share * call.share);
            }
            [_] => return Err(format!("a request at `{at}` calls another several times")),
            _ => return Err(format!("requests go several ways from `{at}`")),
        }
    }
    Err(format!("calls of `{name}` go round in circles"))
}
