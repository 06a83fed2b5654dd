//! A replay: one policy, what is shown to it, and what it did.

use ninefold_sim_core::tick::Tick;

use super::circuit_breaker::{Breaker, BreakerSpec, Permit, State};
use super::closed_loop::{self, Look, Replay, Surroundings};
use super::hpa::Hpa;
use super::karpenter_budget::{Nodes, allowed};
use super::spot::{Reclaim, Reclaimed};
use super::{Demand, Reading, Scaler, Seen};

/// What is shown at one look.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The metric.
    pub reading: Reading,
    /// Replicas at this look, where somebody else has set them.
    pub replicas: Option<u32>,
}

/// One call through a circuit breaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// When it begins.
    pub at: Tick,
    /// How long it takes if it is let through.
    pub takes: Tick,
    /// Whether it then fails.
    pub failed: bool,
}

/// What is replayed.
#[derive(Clone, Debug)]
pub enum Task {
    /// An autoscaler against a demand.
    Demand(Box<Scaler>, Demand, Surroundings),
    /// An autoscaler that sees given metrics.
    Seen(Box<Scaler>, Looks<Observation>),
    /// The rates of change of a Horizontal Pod Autoscaler under given advice.
    Advice(Box<Hpa>, Looks<u32>),
    /// A circuit breaker under calls, in the order in which they begin.
    Calls(BreakerSpec, Vec<Call>),
    /// A spot instance that is reclaimed.
    Reclaim(Reclaim),
    /// A disruption budget, with its share.
    Budget(Nodes, f64),
}

/// Looks at fixed times, the first at 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Looks<T> {
    /// Replicas before the first.
    pub replicas: u32,
    /// Time from one to the next.
    pub interval: Tick,
    /// What each is shown, and how often in a row.
    pub shown: Vec<(T, u32)>,
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Called {
    /// When it began.
    pub at: Tick,
    /// Whether it was let through.
    pub permitted: bool,
    /// The state after it: after its end where it takes no time, else after its beginning.
    pub state: State,
}

/// What came of a replay.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Of an autoscaler.
    Scaling(Replay),
    /// Of a circuit breaker.
    Calls(Vec<Called>),
    /// Of a spot instance.
    Reclaimed(Reclaimed),
    /// Nodes that may be taken away.
    Allowed(u32),
}

impl Task {
    /// Replays it, from the beginning.
    pub fn run(&self) -> Outcome {
        match self {
            Self::Demand(scaler, demand, around) => {
                Outcome::Scaling(closed_loop::run(&mut scaler.clone(), demand, around))
            }
            Self::Seen(scaler, looks) => {
                let mut scaler = scaler.clone();
                Outcome::Scaling(looks.each(|observation, now, current| {
                    let readings = std::slice::from_ref(&observation.reading);
                    scaler.look(&Seen { now, current: observation.replicas.unwrap_or(current), readings })
                }))
            }
            Self::Advice(hpa, looks) => {
                let mut hpa = hpa.clone();
                Outcome::Scaling(
                    looks.each(|&raw, now, current| hpa.follow(raw, &Seen { now, current, readings: &[] })),
                )
            }
            Self::Calls(spec, calls) => Outcome::Calls(call_each(&mut Breaker::new(*spec), calls)),
            Self::Reclaim(reclaim) => Outcome::Reclaimed(reclaim.outcome()),
            Self::Budget(nodes, share) => Outcome::Allowed(allowed(*nodes, *share)),
        }
    }
}

impl<T> Looks<T> {
    fn each(&self, mut decide: impl FnMut(&T, Tick, u32) -> super::Decision) -> Replay {
        let mut replay = Replay::default();
        let (mut now, mut current) = (Tick::ZERO, self.replicas);
        for (shown, times) in &self.shown {
            for _ in 0..*times {
                let decision = decide(shown, now, current);
                replay.add(Look { at: now, served: None, decision }, self.interval);
                current = decision.to;
                now = now.after(self.interval);
            }
        }
        replay
    }
}

/// Calls and their ends in the order of time; an end at the same instant as a beginning comes first.
fn call_each(breaker: &mut Breaker, calls: &[Call]) -> Vec<Called> {
    // Ends to come, the latest first.
    let mut running: Vec<(Tick, Permit, bool)> = Vec::new();
    let mut called = Vec::with_capacity(calls.len());
    for call in calls {
        end_until(breaker, &mut running, call.at);
        let permit = breaker.begin(call.at);
        match permit {
            Some(permit) if call.takes == Tick::ZERO => breaker.end(permit, call.at, call.failed),
            Some(permit) => {
                let end = call.at.after(call.takes);
                let place = running.partition_point(|&(other, ..)| other > end);
                running.insert(place, (end, permit, call.failed));
            }
            None => {}
        }
        called.push(Called { at: call.at, permitted: permit.is_some(), state: breaker.state() });
    }
    called
}

fn end_until(breaker: &mut Breaker, running: &mut Vec<(Tick, Permit, bool)>, now: Tick) {
    while let Some(&(end, permit, failed)) = running.last()
        && end <= now
    {
        breaker.end(permit, end, failed);
        running.pop();
    }
}
