//! The world of one replication and how an instant unfolds.

use ninefold_sim_core::calendar::Agenda;
use ninefold_sim_core::stream::Replication;
use ninefold_sim_core::tick::Tick;

use super::ReplicationError;
use super::observe::{Observe, Unobserved};
use super::sampling::Sampling;
use super::trace::{Share, Trace};
use crate::board::{Attribution, Board, Effect, Fact, FactKind, Service, Wiring};
use crate::mechanism::{Kind, Mechanisms, Moment, Out};
use crate::system::{CauseId, LevelOf, System, Tracked};
use crate::timeline::Timeline;

/// Most events of one replication.
pub const EVENTS_MAX: u64 = 1 << 30;

/// Rounds in which an instant must settle.
const ROUNDS_MAX: u32 = 64;

/// The mutable state of one replication, made once and used again; an observer may look on.
#[derive(Debug)]
pub struct World<'a, O = Unobserved> {
    system: &'a System,
    observer: O,
    wiring: Wiring,
    board: Board,
    mechanisms: Mechanisms,
    timeline: Timeline,
    out: Out,
    facts: Vec<Fact>,
    attribution: Attribution,
    blame: Vec<Blame>,
    causes: Vec<(CauseId, f64)>,
    down: Vec<u32>,
    trace: Trace,
    /// Entities that have yet to fail in a run to the first failure of all; never 0 in any other.
    left_to_fail: usize,
}

/// Why a journey is down now, and since when that has been so.
#[derive(Clone, Debug, Default)]
struct Blame {
    since: Tick,
    causes: Vec<(CauseId, f64)>,
}

impl<'a> World<'a> {
    /// A world over `system`.
    pub fn new(system: &'a System) -> Self {
        Self::observed(system, Unobserved)
    }
}

impl<'a, O: Observe> World<'a, O> {
    /// A world over `system` that is looked at.
    pub(crate) fn observed(system: &'a System, observer: O) -> Self {
        let mechanisms = Mechanisms::new(system);
        let wiring = Wiring::new(system, mechanisms.listeners());
        Self {
            system,
            observer,
            wiring,
            board: Board::new(system),
            mechanisms,
            timeline: Timeline::new(system),
            out: Out::new(Agenda::new(&Kind::entities(system))),
            facts: Vec::new(),
            attribution: Attribution::new(system),
            blame: vec![Blame::default(); system.journeys.len()],
            causes: Vec::new(),
            down: Vec::new(),
            trace: Trace::of(system),
            left_to_fail: 0,
        }
    }

    /// What it is a world of.
    pub const fn system(&self) -> &'a System {
        self.system
    }

    /// The same observer before another system.
    pub(crate) fn over(self, system: &'a System) -> Self {
        Self::observed(system, self.observer)
    }

    /// Who looked at it.
    pub(crate) fn into_observer(self) -> O {
        self.observer
    }

    /// Who looks at it.
    pub(crate) const fn observer(&mut self) -> &mut O {
        &mut self.observer
    }

    /// Runs replication `index` of a sampling, or under a seed.
    ///
    /// # Errors
    /// [`ReplicationError`] if it passes the limit on events, or never reaches the failure it was to run to.
    pub fn run(&mut self, sampling: impl Into<Sampling>, index: u64) -> Result<&mut Trace, ReplicationError> {
        let sampling = sampling.into();
        let replication = sampling.replication(index);
        self.reset();
        self.trace.blocks = sampling.blocks;
        self.trace.block = index / sampling.blocks.size();
        let at = Moment { system: self.system, board: &self.board, now: Tick::ZERO, replication };
        self.mechanisms.start(at, &mut self.out);
        self.timeline.start(at);
        self.begin();
        let at = Moment { system: self.system, board: &self.board, now: Tick::ZERO, replication };
        self.observer.begins(at, &self.mechanisms);
        let mut until = self.timeline.lay_out(at);
        let mut events = self.instant(Tick::ZERO, replication);
        let mut most = EVENTS_MAX.saturating_sub(self.timeline.work());
        let mut now = Tick::ZERO;
        let end = loop {
            if self.left_to_fail == 0 {
                break now;
            }
            let next = self.timeline.next().min(self.out.pending.next());
            if next <= until {
                now = next;
                events += self.instant(now, replication);
            } else {
                if until >= self.system.end {
                    break self.system.end;
                }
                let at = Moment { system: self.system, board: &self.board, now, replication };
                until = self.timeline.lay_out(at);
                most = EVENTS_MAX.saturating_sub(self.timeline.work());
            }
            if events > most {
                return Err(ReplicationError::TooManyEvents { index, hours: now.hours() as u64 });
            }
        };
        if self.system.spec.time.until_first_failure && self.left_to_fail > 0 {
            return Err(ReplicationError::NeverFails { index });
        }
        // What is shown is among what was laid out.
        self.trace.events = events - self.timeline.shown() + self.timeline.transitions();
        self.finish(end);
        Ok(&mut self.trace)
    }

    fn reset(&mut self) {
        self.board.reset();
        self.out.pending.clear();
        self.trace.clear();
        self.down.clear();
        let journeys = self.system.journeys.len();
        self.left_to_fail = match (self.system.spec.time.until_first_failure, journeys) {
            (false, _) => usize::MAX,
            (true, 0) => self.system.components.len(),
            (true, journeys) => journeys,
        };
    }

    /// The state in which a replication starts, before anything has happened.
    fn begin(&mut self) {
        self.take_levels(Tick::ZERO);
        if !self.board.is_settled() {
            self.board.settle(self.system, &self.wiring, &mut self.facts);
        }
        for journey in 0..self.system.journeys.len() as u32 {
            // A journey that does not keep its rule with everything up is down from the start.
            if self.board.service(journey) != Service::FULL {
                self.record_journey(journey, Tick::ZERO);
            }
        }
    }

    /// Levels that change are different from now on.
    fn take_levels(&mut self, now: Tick) {
        for (of, factor) in self.out.levels.drain(..) {
            self.board.set_level(self.system, &self.wiring, (of, factor));
            let is_heard = self.wiring.listeners(FactKind::LoadChanged) != 0;
            let LevelOf::Demand(journey) = of else {
                let apart = self.system.apart(of).filter(|_| is_heard);
                self.facts.extend(apart.map(|subject| Fact { kind: FactKind::LoadChanged, subject }));
                continue;
            };
            let journey = journey as usize;
            if self.system.journeys[journey].is_drawn {
                self.trace.drawn[journey].push(now, factor);
            }
            if is_heard {
                let loads = self.system.journeys[journey].loads.iter();
                self.facts.extend(loads.map(|&subject| Fact { kind: FactKind::LoadChanged, subject }));
            }
        }
    }

    /// Events at `now`, settle, facts; again until nothing more happens at `now`. Returns how many events there were.
    fn instant(&mut self, now: Tick, replication: Replication) -> u64 {
        let mut events = 0;
        for round in 0.. {
            assert!(round < ROUNDS_MAX, "bug: the instant at {} h does not settle", now.hours());
            events += self.shown(now) + self.pending(now, replication);
            if !self.out.levels.is_empty() {
                self.take_levels(now);
            }
            let at = Moment { system: self.system, board: &self.board, now, replication };
            self.observer.effects(at, &self.out.effects);
            self.board.apply(self.system, &self.wiring, &mut self.out.effects);
            if !self.board.is_settled() {
                self.board.settle(self.system, &self.wiring, &mut self.facts);
            }
            if !self.facts.is_empty() || !self.out.notes.is_empty() {
                self.deliver(now, replication);
            }
            let at = Moment { system: self.system, board: &self.board, now, replication };
            self.observer.told(at, &self.mechanisms);
            let quiet = self.out.effects.is_empty() && self.out.notes.is_empty();
            if quiet && self.out.pending.next() != now {
                break;
            }
        }
        self.observer.passed(Moment { system: self.system, board: &self.board, now, replication });
        if !self.board.changed().is_empty() || (self.board.is_disturbed() && !self.down.is_empty()) {
            self.record(now);
        }
        events
    }

    /// Tells the facts of a settled board, each once, in order.
    fn deliver(&mut self, now: Tick, replication: Replication) {
        self.facts.append(&mut self.out.notes);
        self.facts.sort_unstable();
        self.facts.dedup();
        for fact in self.facts.drain(..) {
            let at = Moment { system: self.system, board: &self.board, now, replication };
            self.mechanisms.fact(self.wiring.listeners(fact.kind), fact, at, &mut self.out);
        }
    }

    /// What the timeline shows at `now`: the repairs, then the failures.
    fn shown(&mut self, now: Tick) -> u64 {
        let mut events = 0;
        while let Some(event) = self.timeline.take(now) {
            self.out.effects.push(Effect { slot: event.entity(), placed: event.kind() == Kind::Fails as u16 });
            events += 1;
        }
        events
    }

    /// The events of the queue at `now`.
    fn pending(&mut self, now: Tick, replication: Replication) -> u64 {
        let mut events = 0;
        while self.out.pending.next() <= now {
            let Some(event) = self.out.pending.take() else { break };
            self.observer.event(event);
            let at = Moment { system: self.system, board: &self.board, now, replication };
            self.mechanisms.event(event, at, &mut self.out);
            events += 1;
        }
        events
    }

    /// Records what is different after an instant from before it; what lasted no time leaves no trace.
    fn record(&mut self, now: Tick) {
        for i in 0..self.board.changed().len() {
            let id = self.board.changed()[i];
            match self.system.tracked[id as usize] {
                Tracked::Journey { journey, .. } => self.record_journey(journey, now),
                Tracked::Gate { gate, .. } => {
                    let was_up = self.trace.outages[id as usize].last().is_none_or(|outage| !outage.end.is_never());
                    match (was_up, self.board.is_up(gate)) {
                        (true, false) => {
                            let first = !self.trace.failed[id as usize];
                            let counts =
                                self.system.journeys.is_empty() && (id as usize) < self.system.components.len();
                            self.left_to_fail -= usize::from(first && counts);
                            self.trace.down(id, now, 0);
                        }
                        (false, true) => self.trace.up(id, now),
                        _ => {}
                    }
                }
            }
        }
        if self.board.is_disturbed() {
            for i in 0..self.down.len() {
                let journey = self.down[i];
                // Who is to blame for what has just begun has just been asked; but before the first instant it was asked
                // of a board on which nothing had happened.
                let begun = self.trace.outages[journey as usize].last().is_some_and(|outage| outage.start == now);
                if !begun || now == Tick::ZERO {
                    self.renew_blame(journey, now);
                }
            }
        }
        self.board.clear_changes();
    }

    fn record_journey(&mut self, journey: u32, now: Tick) {
        let service = self.board.service(journey);
        let lost = Share::of(1.0 - service.served * service.quality);
        self.trace.serves(journey, now, lost, Share::of(1.0 - service.served));
        let place = self.down.iter().position(|&down| down == journey);
        match (place, service.up) {
            (None, false) => {
                self.left_to_fail -= usize::from(!self.trace.failed[journey as usize]);
                self.blame[journey as usize].causes.clear();
                self.renew_blame(journey, now);
                let causes = &self.blame[journey as usize].causes;
                let largest = causes.iter().copied().reduce(|best, next| if next.1 > best.1 { next } else { best });
                self.trace.down(journey, now, largest.map_or(self.system.units.demand_cause, |(cause, _)| cause));
                self.down.push(journey);
            }
            (Some(place), true) => {
                self.settle_blame(journey, now);
                self.down.swap_remove(place);
                self.trace.up(journey, now);
            }
            _ => {}
        }
    }

    /// Looks again for who is to blame; only if that has changed, the time until now is booked to those before. So
    /// what is booked does not depend on instants at which nothing changed for the journey.
    fn renew_blame(&mut self, journey: u32, now: Tick) {
        let mut causes = std::mem::take(&mut self.causes);
        self.attribution.attribute((self.system, &self.wiring, &self.board), journey, &mut causes);
        if causes != self.blame[journey as usize].causes {
            self.settle_blame(journey, now);
            let blame = &mut self.blame[journey as usize];
            blame.since = now;
            std::mem::swap(&mut blame.causes, &mut causes);
        }
        self.causes = causes;
    }

    /// Books the time since the blame was last renewed; remainders go to the first cause by name.
    fn settle_blame(&mut self, journey: u32, now: Tick) {
        let blame = &mut self.blame[journey as usize];
        let span = now.since(blame.since.max(self.system.warmup)).get();
        blame.since = now;
        let Some(&(first, _)) = blame.causes.first() else { return };
        if span <= 0 {
            return;
        }
        let mut left = span;
        for &(cause, weight) in &blame.causes[1..] {
            let part = ((span as f64 * weight) as i64).min(left);
            left -= part;
            self.trace.causes.push((journey, cause, part));
        }
        self.trace.causes.push((journey, first, left));
    }

    fn finish(&mut self, end: Tick) {
        for i in 0..self.down.len() {
            self.settle_blame(self.down[i], end);
        }
        self.trace.data_lost.extend(self.mechanisms.data_lost());
        let (takeovers, resyncs) = self.mechanisms.replicated();
        self.trace.takeovers.extend_from_slice(takeovers);
        self.trace.resyncs.extend_from_slice(resyncs);
        let measured = self.mechanisms.restored().iter().filter(|restored| restored.at >= self.system.warmup);
        self.trace.restored.extend(measured);
        self.trace.moved.extend_from_slice(self.mechanisms.clients_moved());
        self.trace.checked.extend(self.mechanisms.checked(end, self.system.warmup));
        self.trace.experimented.extend_from_slice(self.mechanisms.experimented());
        self.mechanisms.requested(end, self.system, &mut self.trace.requested);
        self.trace.scaled.extend_from_slice(self.mechanisms.scaled());
        self.mechanisms.strained(end, self.system, (&mut self.trace.strained, &mut self.trace.survived));
        self.trace.pooled.extend(self.mechanisms.pooled(end, self.system.warmup));
        for (stands, is) in self.trace.stands.iter_mut().zip(self.mechanisms.stands()) {
            stands.extend_from_slice(is);
        }
        self.trace.spot_turns.extend_from_slice(self.mechanisms.spot_turns());
        let into = (&mut self.trace.crewed, &mut self.trace.stocked);
        self.trace.doubled.extend(self.mechanisms.doubled());
        self.mechanisms.crewed(end, self.system.warmup, into);
        self.mechanisms.hand_over_failovers(&mut self.trace.failovers);
        self.mechanisms.hand_over_bare(self.trace.end, &mut self.trace.bare);
        self.trace.finish(end);
        self.observer.ends(end);
    }
}
