//! Maps of metastability: the fluid dynamics of a call under a trigger, and the fixed points beside them.

use super::flows::{Demand, Flows};
use super::seconds;
use crate::queueing::metastability::{self, Map, Pause, Storm, Trigger};
use crate::queueing::retry::{FixedPoints, Retries};
use crate::results::{AS_WRITTEN, LoadStateRow, MetastabilityRow};
use crate::scaling::circuit_breaker::BreakerSpec;
use crate::system::{
    CallSpec, CureSpec, MetastabilitySpec, QueueSpec, RetryBudget, RetrySpec, ServiceOrder, TIMEOUTS_MAX, TriggerSpec,
};
use crate::units::Hours;

/// The rows of all maps.
#[derive(Clone, Debug, Default)]
pub struct Maps {
    /// Table `metastability`.
    pub cells: Vec<MetastabilityRow>,
    /// Table `metastability_loads`.
    pub loads: Vec<LoadStateRow>,
}

/// A call, and its queue with all its units.
struct Setting<'a> {
    of: &'a MetastabilitySpec,
    queue: &'a QueueSpec,
    call: &'a CallSpec,
    retries: RetrySpec,
    servers: u32,
    /// First attempts a second as the scenario has them.
    written: Option<f64>,
}

/// Every map that is asked for.
///
/// # Panics
/// `bug:` if one is asked for of a call that has none: it is refused when the system is built.
pub(super) fn maps(flows: &Flows<'_>) -> Maps {
    let mut maps = Maps::default();
    for of in &flows.queueing.maps {
        let setting = Setting::of(flows, of);
        for cure in setting.cures() {
            setting.add(&cure, &mut maps);
        }
    }
    maps
}

impl<'a> Setting<'a> {
    fn of(flows: &'a Flows<'_>, of: &'a MetastabilitySpec) -> Self {
        let queue = flows.queueing.mapped(of).expect("bug: a map of a call that has none");
        let call = flows.queueing.calls.iter().find(|call| call.from == of.from && call.to == of.to);
        let call = call.expect("bug: a map of a call that is there");
        let retries = call.retries.expect("bug: a map of a call with retries");
        let rate = |(_, journey): (&String, &super::flows::Visits)| {
            let visits = journey.visits.get(&call.from)?;
            match journey.demand {
                Demand::Constant(rate) => Some(rate * visits * call.visits),
                Demand::Closed | Demand::Sine | Demand::Varying => None,
            }
        };
        let written: f64 = flows.journeys.iter().filter_map(rate).sum();
        let written = (written > 0.0).then_some(written);
        Self { of, queue, call, retries, servers: flows.servers(queue).0, written }
    }

    fn mean_s(&self) -> f64 {
        let law = self.queue.service.as_ref().expect("bug: a map of a queue with one service time");
        seconds(law.mean())
    }

    fn capacity(&self) -> f64 {
        f64::from(self.servers) / self.mean_s()
    }

    /// As it is written, and each cure.
    fn cures(&self) -> Vec<CureSpec> {
        let mut all = vec![CureSpec { name: AS_WRITTEN.to_owned(), ..CureSpec::default() }];
        match &self.of.cures {
            Some(cures) => all.extend(cures.iter().cloned()),
            None => all.extend(self.usual_cures()),
        }
        all
    }

    /// A retry budget of a tenth, a circuit breaker as Resilience4j sets it, and a queue of half a timeout.
    fn usual_cures(&self) -> Vec<CureSpec> {
        let named = |name: &str| CureSpec { name: name.to_owned(), ..CureSpec::default() };
        let budget = Some(RetryBudget::FirstAttempts { ratio: 0.1, cap: 100.0 });
        let places = (seconds(self.retries.timeout) * self.capacity() / 2.0) as u64;
        let mut cures = vec![CureSpec { budget, ..named("retry-budget") }];
        let breaker = BreakerSpec::RESILIENCE4J;
        if breaker.wait.hours() < self.retries.timeout.get() * TIMEOUTS_MAX {
            cures.push(CureSpec { breaker: Some(breaker), ..named("breaker") });
        }
        cures.push(CureSpec { places: Some(places), ..named("short-queue") });
        cures
    }

    fn storm(&self, cure: &CureSpec) -> Storm {
        let timeout = seconds(self.retries.timeout);
        let law = self.queue.service.as_ref().expect("bug: a map of a queue with one service time");
        let backoff = cure.backoff.or(self.retries.backoff);
        Storm {
            capacity: self.capacity(),
            late: Storm::late_of(timeout, |left_s| law.survival(Hours::new(left_s / 3600.0))),
            timeout,
            attempts: cure.attempts.unwrap_or(self.retries.attempts),
            pause: backoff.map(|of| Pause { base: seconds(of.base), cap: seconds(of.cap), has_jitter: of.has_jitter }),
            budget: cure.budget.or(self.retries.budget).and_then(RetryBudget::of_first_attempts),
            breaker: cure.breaker.or(self.call.breaker),
            places: cure.places.or(self.queue.places),
            newest_first: cure.newest_first || self.queue.order == ServiceOrder::LastCome,
            drops_expired: cure.drops_expired || self.queue.drops_expired,
        }
    }

    /// The fixed points at a load, where they have a formula.
    fn fixed_points(&self, storm: &Storm, demand: f64) -> Option<FixedPoints> {
        let law = self.queue.service.as_ref()?;
        if storm.breaker.is_some() || storm.newest_first || storm.drops_expired {
            return None;
        }
        let of = Retries {
            first_rate: demand,
            servers: self.servers,
            service_rate: 1.0 / seconds(law.is_exponential()?),
            places: storm.places,
            timeout: storm.timeout,
            attempts: storm.attempts,
            budget: storm.budget.map(|(ratio, _)| ratio),
        };
        of.fixed_points().ok()
    }

    fn add(&self, cure: &CureSpec, maps: &mut Maps) {
        let storm = self.storm(cure);
        let trigger = match self.of.trigger {
            TriggerSpec::Outage(lasts) => Trigger::Outage(seconds(lasts)),
            TriggerSpec::Spike(times, lasts) => Trigger::Spike(times, seconds(lasts)),
        };
        let most = self.of.most_load.unwrap_or(storm.capacity);
        let points = |demand: f64| self.fixed_points(&storm, demand);
        let runs_away = |demand: f64| points(demand).is_some_and(|points| points.operating().is_none());
        let found = metastability::map(&storm, (most, self.of.loads), (trigger, self.of.sizes), runs_away);
        let Map { cells, lines } = found.expect("bug: a map out of range");
        maps.cells.extend(cells.iter().map(|cell| MetastabilityRow {
            measure: self.of.name.clone(),
            cure: cure.name.clone(),
            demand: cell.demand,
            load: cell.demand / storm.capacity,
            trigger: self.of.trigger.name(),
            trigger_s: cell.trigger_s,
            region: cell.region.name(),
        }));
        let step = most / f64::from(self.of.loads);
        maps.loads.extend(lines.iter().map(|line| {
            let points = points(line.demand);
            let points = points.as_ref();
            LoadStateRow {
                measure: self.of.name.clone(),
                call: (self.of.from.clone(), self.of.to.clone()),
                cure: cure.name.clone(),
                demand: line.demand,
                load: line.demand / storm.capacity,
                is_written: self.written.is_some_and(|written| {
                    (written - line.demand) * 2.0 > -step && (written - line.demand) * 2.0 <= step
                }),
                region: line.region.name(),
                tips_after_s: line.tips_after_s,
                operating: points.and_then(|of| Some(of.operating()?.rate)),
                tipping: points.and_then(|of| Some(of.tipping()?.rate)),
                collapsed: points.and_then(|of| Some(of.collapsed()?.rate)),
            }
        }));
    }
}
