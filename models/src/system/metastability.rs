//! Maps of metastability that are asked for, as plain data.

use super::error::SystemError;
use super::queueing::{Backoff, QueueSpec, Queueing, RetryBudget, ServiceOrder};
use super::spec::SystemSpec;
use crate::queueing::metastability::ATTEMPTS_MAX;
use crate::scaling::circuit_breaker::BreakerSpec;
use crate::units::Hours;

/// Timeouts that a trigger, or the life of a request with its pauses, may last.
pub const TIMEOUTS_MAX: f64 = 2000.0;

/// Most loads and sizes of a map.
pub const STEPS_OF_MAP_MAX: u32 = 100;

/// Most cures of a map.
pub const CURES_MAX: usize = 8;

/// A map that is asked for: a call under load, against a trigger that grows.
#[derive(Clone, Debug, PartialEq)]
pub struct MetastabilitySpec {
    /// Its name.
    pub name: String,
    /// Who calls.
    pub from: String,
    /// Who is called.
    pub to: String,
    /// The largest trigger.
    pub trigger: TriggerSpec,
    /// Sizes of it, 1 to [`STEPS_OF_MAP_MAX`].
    pub sizes: u32,
    /// The largest load, requests a second; `None` is the capacity.
    pub most_load: Option<f64>,
    /// Loads up to that, 1 to [`STEPS_OF_MAP_MAX`].
    pub loads: u32,
    /// What is tried against it, each alone; `None` is what is usual.
    pub cures: Option<Vec<CureSpec>>,
}

/// A trigger of a length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TriggerSpec {
    /// Nothing is served.
    Outage(Hours),
    /// The demand is so many times as large.
    Spike(f64, Hours),
}

impl TriggerSpec {
    /// How long it lasts.
    pub const fn lasts(self) -> Hours {
        match self {
            Self::Outage(hours) | Self::Spike(_, hours) => hours,
        }
    }

    /// Its name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Outage(_) => "outage",
            Self::Spike(..) => "spike",
        }
    }
}

/// What is changed to see whether it helps; what is `None` or false stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CureSpec {
    /// Its name.
    pub name: String,
    /// Attempts in all.
    pub attempts: Option<u32>,
    /// The pause before a retry.
    pub backoff: Option<Backoff>,
    /// What retries are paid with.
    pub budget: Option<RetryBudget>,
    /// A circuit breaker.
    pub breaker: Option<BreakerSpec>,
    /// Requests that can wait.
    pub places: Option<u64>,
    /// The last who came is served first.
    pub newest_first: bool,
    /// Who waits for nobody any more is dropped when its turn comes.
    pub drops_expired: bool,
}

impl Queueing {
    /// The queue that a map is of, once it is known to have one.
    ///
    /// # Errors
    /// Why the call has no map.
    pub fn mapped(&self, of: &MetastabilitySpec) -> Result<&QueueSpec, &'static str> {
        let call = self.calls.iter().find(|call| call.from == of.from && call.to == of.to);
        let retries = call.and_then(|call| call.retries).ok_or("the call has no `timeout`")?;
        if !(2..=ATTEMPTS_MAX).contains(&retries.attempts) {
            return Err("the call has no `retries`, or more than 31");
        }
        let budgets = of.cures.iter().flatten().filter_map(|cure| cure.budget).chain(retries.budget);
        if budgets.into_iter().any(|budget| budget.of_first_attempts().is_none()) {
            return Err("successes pay for retries, which the fluid does not know");
        }
        let queue = self.queue(&of.to).ok_or("what is called has no `service_time`")?;
        if queue.service.is_none() || !queue.service_of.is_empty() {
            return Err("what is called serves requests of different journeys in different times");
        }
        if queue.per_replica || !matches!(queue.order, ServiceOrder::FirstCome | ServiceOrder::LastCome) {
            return Err("what is called has more than one line, or one that is not first or last come first served");
        }
        if queue.sheds.is_some() {
            return Err("what is called sheds by what it measures");
        }
        if queue.patience.is_some() || self.holds_while_calling(queue) {
            return Err("requests that are called have a `patience`, or keep their thread while they call");
        }
        Ok(queue)
    }
}

impl MetastabilitySpec {
    /// Timeouts that the largest trigger lasts, or the longest life of a request under any cure with the pauses of its caller
    /// and of a breaker.
    pub fn timeouts(&self, queueing: &Queueing) -> f64 {
        let call = queueing.calls.iter().find(|call| call.from == self.from && call.to == self.to);
        let Some((call, retries)) = call.and_then(|call| Some((call, call.retries?))) else { return 0.0 };
        let life = |cure: &CureSpec| {
            let attempts = f64::from(cure.attempts.unwrap_or(retries.attempts));
            let pause = cure.backoff.or(retries.backoff).map_or(0.0, |backoff| backoff.cap.get());
            let open = cure.breaker.or(call.breaker).map_or(0.0, |breaker| breaker.wait.hours());
            attempts * (retries.timeout.get() + pause) + open
        };
        let lives = self.cures.iter().flatten().map(life).chain([life(&CureSpec::default())]);
        lives.fold(self.trigger.lasts().get(), f64::max) / retries.timeout.get()
    }
}

/// Refuses maps that cannot be made; a scenario's own checks find these first.
pub(super) fn check(spec: &SystemSpec) -> Result<(), SystemError> {
    for of in &spec.queueing.maps {
        let name = || format!("measures.{}", of.name);
        spec.queueing.mapped(of).map_err(|_| SystemError::Unknown { what: "call with a map", name: name() })?;
        let out = |what, value: f64, allowed: &str| {
            Err(SystemError::OutOfRange { what, name: name(), value, allowed: allowed.to_owned() })
        };
        let timeouts = of.timeouts(&spec.queueing);
        if !(of.trigger.lasts().get() > 0.0 && timeouts <= TIMEOUTS_MAX) {
            return out("trigger in timeouts", timeouts, "above 0 to 2000");
        }
        if let TriggerSpec::Spike(times, _) = of.trigger
            && !(times > 1.0 && times <= 1e6)
        {
            return out("spike", times, "above 1 to 1e6");
        }
        if !(1..=STEPS_OF_MAP_MAX).contains(&of.sizes) || !(1..=STEPS_OF_MAP_MAX).contains(&of.loads) {
            return out("steps of the map", f64::from(of.sizes.max(of.loads)), "1 to 100");
        }
        if of.most_load.is_some_and(|most| !(most > 0.0 && most.is_finite())) {
            return out("largest load", of.most_load.unwrap_or(0.0), "above 0");
        }
        let attempts = of.cures.iter().flatten().filter_map(|cure| cure.attempts);
        if let Some(attempts) = attempts.into_iter().find(|attempts| !(1..=ATTEMPTS_MAX).contains(attempts)) {
            return out("attempts", f64::from(attempts), "1 to 32");
        }
    }
    Ok(())
}
