//! The looks of one autoscaler: what it sees, when the next is due, and what they came to.

use ninefold_sim_core::tick::Tick;

use super::fleet::Fleet;
use super::floor::Floor;
use crate::mechanism::Moment;
use crate::replication::Stand;
use crate::scaling::{Decision, Load, Reading, Scaler, Seen, Wanted};
use crate::system::{Autoscale as Declared, System, in_millionths};

/// One autoscaler.
#[derive(Debug)]
pub(super) struct Looks {
    scaler: Scaler,
    wanted: Vec<Wanted>,
    readings: Vec<Reading>,
    floor: Floor,
    pub(super) fleet: Fleet,
    /// Load and replicas at every change, from the start.
    pub(super) stands: Vec<Stand>,
    /// Which of them the last sample was taken of.
    sampled: usize,
    /// When anything that a look sees last changed.
    changed: Tick,
    /// The last look, and what it came to; none before the first.
    last: Option<(Tick, Decision)>,
    /// Looks before this come to the same, unless something changes that they see.
    rests_until: Tick,
}

impl Looks {
    pub(super) fn new(system: &System, declared: &Declared) -> Self {
        let wanted = declared.spec.scaler.wants();
        Self {
            scaler: declared.spec.scaler.clone(),
            readings: vec![Reading::Failed { ready: 0 }; wanted.len()],
            wanted,
            floor: Floor::new(declared),
            fleet: Fleet::new(system, declared),
            stands: Vec::new(),
            sampled: 0,
            changed: Tick::ZERO,
            last: None,
            rests_until: Tick::ZERO,
        }
    }

    /// Begins a replication.
    pub(super) fn start(&mut self, declared: &Declared) {
        self.scaler.restart(declared.spec.scaler.least());
        self.floor.start();
        self.stands.clear();
        self.sampled = 0;
        (self.changed, self.last, self.rests_until) = (Tick::ZERO, None, Tick::ZERO);
    }

    /// Writes down what there is now, if it is not what there was.
    pub(super) fn note(&mut self, declared: &Declared, at: Moment<'_>) {
        let demand = in_millionths(at.board.load_of(at.system, declared.group));
        let (serving, replicas) = (self.fleet.serving(at.board), self.fleet.replicas());
        let spot = self.fleet.spot();
        let stand = Stand { at: at.now, demand, serving, replicas, spot };
        if let Some(last) = self.stands.last() {
            self.floor.observe(last.demand, at.now);
        }
        match self.stands.last_mut() {
            Some(last) if Stand { at: at.now, ..*last } == stand => {}
            Some(last) if last.at == at.now => *last = stand,
            _ => self.stands.push(stand),
        }
    }

    /// The load at an instant, which is not before the one asked for last; before the start as at the start.
    fn demand_at(&mut self, instant: Tick) -> u64 {
        while self.stands.get(self.sampled + 1).is_some_and(|next| next.at <= instant) {
            self.sampled += 1;
        }
        self.stands[self.sampled].demand
    }

    /// Something that is seen may have changed: the next look, if none was passed over.
    pub(super) fn wake(&mut self, declared: &Declared, at: Moment<'_>) -> Option<Tick> {
        self.changed = at.now;
        if std::mem::replace(&mut self.rests_until, Tick::ZERO) <= at.now {
            return None;
        }
        Some(self.first_at_or_after(at.now, declared))
    }

    /// The first look at or after an instant that was not taken yet.
    fn first_at_or_after(&self, instant: Tick, declared: &Declared) -> Tick {
        let interval = declared.interval.get();
        // Rounded up: no instant is before the start.
        let next = Tick::new((instant.get() + interval - 1) / interval * interval);
        let after = self.last.map_or(Tick::ZERO, |(last, _)| last.after(declared.interval));
        next.max(after)
    }

    /// When to look after a look now.
    pub(super) fn next(&self, declared: &Declared, now: Tick) -> Tick {
        if self.rests_until <= now {
            return now.after(declared.interval);
        }
        let next = self.floor.next(declared, now).min(self.rests_until);
        if next.is_never() { next } else { self.first_at_or_after(next, declared) }
    }

    /// The decision at the last look.
    pub(super) fn last_decision(&self) -> Option<Decision> {
        self.last.map(|(_, decision)| decision)
    }

    pub(super) fn look(&mut self, declared: &Declared, at: Moment<'_>) -> Decision {
        let now = at.now;
        if let Some((last, decision)) = &self.last {
            let before = now.since(declared.interval);
            if before > *last {
                self.scaler.passed_over(decision, before);
            }
        }
        self.scaler.set_least(self.floor.now(declared, now));
        let taken = now.since(declared.metric_delay);
        self.show(declared, taken, at);
        let current = self.fleet.replicas();
        let decision = self.scaler.look(&Seen { now, current, readings: &self.readings });
        self.last = Some((now, decision));
        let is_settled = self.changed <= taken && !declared.every_look;
        self.rests_until = if is_settled { self.scaler.rests_until(&decision, now) } else { Tick::ZERO };
        decision
    }

    /// What the look sees: the load when the sample was taken.
    fn show(&mut self, declared: &Declared, taken: Tick, at: Moment<'_>) {
        let load = Load {
            demand: self.demand_at(taken),
            sampled: self.fleet.serving_since(taken, at.board),
            ready: self.fleet.serving(at.board),
            current: self.fleet.replicas(),
            per_replica: declared.per_replica,
        };
        let is_blind = declared.metrics.is_some_and(|gate| !at.board.is_up(gate));
        let predicted = match &self.scaler {
            Scaler::Predictive(_) => Some(self.floor.predicted(declared, at.now)),
            _ => None,
        };
        for (wanted, reading) in self.wanted.iter().zip(&mut self.readings) {
            match predicted {
                _ if is_blind => *reading = Reading::Failed { ready: load.ready },
                None => *reading = load.show(*wanted),
                Some(None) => *reading = Reading::Failed { ready: load.ready },
                Some(Some(replicas)) => *reading = Reading::Value { value: f64::from(replicas), ready: load.ready },
            }
        }
    }
}
