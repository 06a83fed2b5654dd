//! Who calls which component how often, and whether the calls come as a Poisson process.

use std::collections::{BTreeMap, BTreeSet};

use crate::lifetime::Law;
use crate::queueing::jackson;
use crate::system::{ComponentSpec, QueueSpec, Queueing, Redundancy, ServiceOrder, System};

/// How the requests of a journey come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Demand {
    /// At a constant rate a second.
    Constant(f64),
    /// By so many users.
    Closed,
    /// At a rate that changes as a sine.
    Sine,
    /// At a rate that changes otherwise.
    Varying,
}

/// A journey: how its requests come, and the visits that one of them makes to each component.
#[derive(Debug)]
pub(super) struct Visits {
    pub(super) demand: Demand,
    pub(super) visits: BTreeMap<String, f64>,
}

/// What is called by whom.
#[derive(Debug)]
pub(super) struct Flows<'a> {
    pub(super) system: &'a System,
    pub(super) queueing: &'a Queueing,
    /// By journey, those with a demand.
    pub(super) journeys: BTreeMap<String, Visits>,
    /// For each component, those from which requests go on to it.
    before: BTreeMap<String, BTreeSet<String>>,
    /// Components that stand in one of several branches.
    pub(super) branched: BTreeSet<String>,
}

impl<'a> Flows<'a> {
    pub(super) fn of(system: &'a System) -> Result<Self, String> {
        let queueing = &system.spec.queueing;
        let (journeys, before, branched) = Default::default();
        let mut flows = Self { system, queueing, journeys, before, branched };
        for journey in &system.spec.journeys {
            let entries: Vec<String> = journey.path.components().into_iter().map(str::to_owned).collect();
            flows.branched.extend(journey.path.branched().into_iter().map(str::to_owned));
            let demand = if queueing.populations.iter().any(|p| p.journey == journey.name) {
                Demand::Closed
            } else if queueing.sines.iter().any(|sine| sine.journey == journey.name) {
                Demand::Sine
            } else {
                match &journey.demand {
                    None => continue,
                    Some(level) if level.course.is_some() => Demand::Varying,
                    Some(level) => Demand::Constant(level.rate),
                }
            };
            let forked = queueing.forks.iter().any(|fork| fork.journey == journey.name);
            let visits = flows.visits(&entries, forked)?;
            flows.journeys.insert(journey.name.clone(), Visits { demand, visits });
        }
        Ok(flows)
    }

    /// Mean visits of one request: first to what the path names, one after the other, then as calls go on.
    fn visits(&mut self, entries: &[String], forked: bool) -> Result<BTreeMap<String, f64>, String> {
        let mut names: Vec<String> = entries.to_vec();
        let mut at = 0;
        while at < names.len() {
            let here = names[at].clone();
            for call in self.queueing.calls.iter().filter(|call| call.from == here) {
                if !names.contains(&call.to) {
                    names.push(call.to.clone());
                }
            }
            at += 1;
        }
        let place = |name: &str| names.iter().position(|known| known == name);
        let mut calls = Vec::new();
        for call in &self.queueing.calls {
            if let (Some(from), Some(to)) = (place(&call.from), place(&call.to)) {
                calls.push((from, to, call.visits));
                if call.visits > 0.0 {
                    self.before.entry(call.to.clone()).or_default().insert(call.from.clone());
                }
            }
        }
        let mut external = vec![0.0; names.len()];
        for at in 0..entries.len() {
            let called = calls.iter().any(|&(from, to, _)| to == at && from < at);
            if called {
                continue;
            }
            external[at] = 1.0;
            if !forked {
                let earlier = entries[..at].iter().cloned();
                self.before.entry(entries[at].clone()).or_default().extend(earlier);
            }
        }
        let visits = jackson::traffic(&external, &calls).map_err(|error| error.to_string())?;
        Ok(names.into_iter().zip(visits).filter(|(_, visits)| *visits > 0.0).collect())
    }

    pub(super) fn declared(&self, name: &str) -> &'a ComponentSpec {
        let all = &self.system.spec.components;
        all.iter().find(|component| component.name == name).expect("bug: names are checked when a system is built")
    }

    /// Whether a component is called by a fixed population.
    pub(super) fn is_closed(&self, component: &str) -> bool {
        self.journeys.values().any(|journey| journey.demand == Demand::Closed && journey.visits.contains_key(component))
    }

    /// Each journey that calls a component, with its calls a second.
    ///
    /// # Errors
    /// Why that is no Poisson process of constant rate.
    pub(super) fn poisson(&self, component: &str) -> Result<Vec<(&str, f64)>, String> {
        if self.branched.contains(component) {
            return Err(format!(
                "`{component}` is one of several branches, and how calls divide over them is not said"
            ));
        }
        let mut classes = Vec::new();
        for (name, journey) in &self.journeys {
            let Some(visits) = journey.visits.get(component) else { continue };
            match journey.demand {
                Demand::Constant(rate) => classes.push((name.as_str(), rate * visits)),
                Demand::Closed => return Err(format!("the users of `{name}` are a fixed number, others are not")),
                Demand::Sine | Demand::Varying => return Err(format!("the demand of `{name}` changes over time")),
            }
        }
        classes.retain(|(_, rate)| *rate > 0.0);
        if classes.is_empty() {
            return Err("no journey with a demand calls it".to_owned());
        }
        self.refuse_upstream(component)?;
        self.refuse_held(component)?;
        Ok(classes)
    }

    /// Refuses a component whose requests keep their threads for longer than they are served.
    pub(super) fn refuse_held(&self, component: &str) -> Result<(), String> {
        match self.queueing.queue(component).is_some_and(|queue| self.queueing.holds_while_calling(queue)) {
            true => Err(format!("a request keeps its thread of `{component}` while it calls others")),
            false => Ok(()),
        }
    }

    /// All that calls a component, directly or not.
    fn callers(&self, component: &str) -> BTreeSet<String> {
        let (mut seen, mut open) = (BTreeSet::new(), vec![component.to_owned()]);
        while let Some(at) = open.pop() {
            for earlier in self.before.get(&at).into_iter().flatten() {
                if seen.insert(earlier.clone()) {
                    open.push(earlier.clone());
                }
            }
        }
        seen
    }

    /// Refuses if a circuit breaker decides what calls come, here or on the way.
    pub(super) fn refuse_broken(&self, component: &str) -> Result<(), String> {
        let callers = self.callers(component);
        let mut broken = self.queueing.calls.iter().filter(|call| call.breaker.is_some());
        match broken.find(|call| call.to == component || callers.contains(&call.to)) {
            Some(call) => Err(format!("calls come only while the circuit breaker of `{}` lets them", call.from)),
            None => Ok(()),
        }
    }

    /// Refuses if something before a component fails, or lets requests through otherwise than as they come.
    pub(super) fn refuse_upstream(&self, component: &str) -> Result<(), String> {
        self.refuse_broken(component)?;
        for earlier in &self.callers(component) {
            if let Some(failing) = self.fails(earlier) {
                return Err(format!("calls come only while `{failing}` is up"));
            }
            let smooth = self.queueing.queue(earlier).is_none_or(|queue| self.is_smooth(queue));
            if !smooth {
                return Err(format!("what leaves `{earlier}` is no Poisson process"));
            }
        }
        Ok(())
    }

    /// Whether Poisson arrivals leave a queue as a Poisson process, whatever comes back to it.
    pub(super) fn is_smooth(&self, queue: &QueueSpec) -> bool {
        let endless = queue.places.is_none() && queue.patience.is_none() && !self.queueing.holds_while_calling(queue);
        let laws: Vec<&Law> = queue.service.iter().chain(queue.service_of.iter().map(|(_, law)| law)).collect();
        let alike = laws.windows(2).all(|pair| pair[0] == pair[1]);
        let retried = self.queueing.calls.iter().any(|call| call.to == queue.component && call.retries.is_some());
        endless
            && !retried
            && match queue.order {
                ServiceOrder::FirstCome => alike && laws.iter().all(|law| law.is_exponential().is_some()),
                ServiceOrder::Sharing => self.servers(queue).0 == 1,
                ServiceOrder::LastCome | ServiceOrder::Priority { .. } => false,
            }
    }

    /// Who can take a component down: itself, or a domain it sits in.
    pub(super) fn fails(&self, component: &str) -> Option<String> {
        let is_spot = self.system.spec.spots.iter().any(|spot| spot.component == component);
        if !self.declared(component).modes.is_empty() || is_spot {
            return Some(component.to_owned());
        }
        self.domain_that_fails(component)
    }

    /// A domain that a unit of a component sits in and that can fail.
    pub(super) fn domain_that_fails(&self, component: &str) -> Option<String> {
        let at = self.system.spec.components.iter().position(|declared| declared.name == component)?;
        let units = self.system.components[at].units.clone();
        let mut domains = units.flat_map(|unit| &self.system.units.ancestors[unit as usize]);
        domains.find_map(|&domain| {
            let domain = &self.system.spec.domains[domain as usize - self.system.units.replicas];
            (!domain.modes.is_empty()).then(|| domain.name.clone())
        })
    }

    /// Servers of one queue, and how many such queues there are.
    pub(super) fn servers(&self, queue: &QueueSpec) -> (u32, u32) {
        let declared = self.declared(&queue.component);
        let units = match &declared.redundancy {
            Redundancy::Standby(standby) => standby.active,
            _ => u32::try_from(declared.units.len()).unwrap_or(u32::MAX),
        };
        match queue.per_replica {
            true => (queue.concurrency, units),
            false => (queue.concurrency.saturating_mul(units), 1),
        }
    }
}
