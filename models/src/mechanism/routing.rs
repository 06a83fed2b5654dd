//! Traffic direction: who is sent where, and how soon clients follow a new answer.
//!
//! Clients are cohorts of equal size, each with its own stratum of the law of following, drawn anew for every answer: so
//! any share of clients that have followed has the law's own mean, however few cohorts there are. A cohort knows a set of
//! places; at its next look it takes what the router says then.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use super::probing::Prober;
use super::strain::Strain;
use crate::board::{Fact, FactKind, FactSet};
use crate::mechanism::{Kind, Mechanism, Moment, Out};
use crate::replication::{CLIENTS, MovedClients, Moving, Strained, Survived};
use crate::system::{COHORTS, LevelOf, ROUTED_PLACES_MAX, Routing as Declared, System};

/// A part of the clients.
#[derive(Debug)]
struct Cohort {
    stream: Stream,
    /// Places it may be sent to.
    sent_to: u16,
    /// It looks again at a time that is fixed.
    looks: bool,
    /// For each place, since when those of it that are sent there are not served.
    failing: [Tick; ROUTED_PLACES_MAX],
}

/// One router.
#[derive(Debug)]
struct Router {
    probers: Vec<Prober>,
    cohorts: Vec<Cohort>,
    /// Places that are up.
    up: u16,
    /// Places it sends clients to, by its own verdict.
    answer: u16,
    /// Places whose clients a failover plan sends elsewhere.
    drained: u16,
    /// For each place, since when it has been withdrawn.
    withdrawn: [Tick; ROUTED_PLACES_MAX],
    /// For each place, the share of clients sent there.
    sent: [f64; ROUTED_PLACES_MAX],
    strain: Strain,
}

/// The routers of one world.
#[derive(Debug)]
pub(super) struct Routing {
    routers: Vec<Router>,
    /// Clients of places that went down, in order of when it was over for them.
    pub(super) moved: Vec<MovedClients>,
    strained: Vec<Strained>,
    survived: Vec<Survived>,
    /// Whether something is asked of the places.
    is_loaded: bool,
}

impl Router {
    /// The places it may send to: all of them if it finds none good.
    const fn sends_to(&self, of: &Declared) -> u16 {
        if self.good() == 0 { of.all() } else { self.good() }
    }

    /// The places that it finds good and no plan has drained.
    const fn good(&self) -> u16 {
        self.answer & !self.drained
    }

    /// Share of all clients that are sent to each place now.
    fn send(&mut self, of: &Declared, out: &mut Out) {
        for (place, &weight) in of.weights.iter().enumerate() {
            let more = |cohort: &Cohort| of.share(place, cohort.sent_to) - weight;
            let sent = weight + self.cohorts.iter().map(more).sum::<f64>() / COHORTS as f64;
            if sent != self.sent[place] {
                self.sent[place] = sent;
                out.set_level(LevelOf::Sent(of.places.start + place as u32), sent);
            }
        }
    }
}

/// How many clients are a share of one cohort.
fn clients(share: f64) -> u64 {
    (share * CLIENTS as f64 / COHORTS as f64 + 0.5) as u64
}

impl Routing {
    /// Hands over what places carried and came through.
    pub(super) fn strained(
        &mut self,
        end: Tick,
        system: &System,
        (strained, survived): (&mut Vec<Strained>, &mut Vec<Survived>),
    ) {
        for (router, of) in self.routers.iter_mut().zip(&system.routings) {
            router.strain.finish(of, end, (&mut self.strained, &mut self.survived));
        }
        strained.extend_from_slice(&self.strained);
        survived.extend_from_slice(&self.survived);
    }

    /// What the places of a router carry may have changed.
    fn strains(&mut self, id: usize, at: Moment<'_>) {
        let of = &at.system.routings[id];
        if of.own_peaks.iter().all(|&peak| peak > 0.0) {
            let router = &mut self.routers[id];
            let sent = &router.sent[..of.weights.len()];
            router.strain.note(of, (router.up, sent), at, (&mut self.strained, &mut self.survived));
        }
    }

    fn note(&mut self, (of, place, what): (usize, usize, Moving), (began, clients): (Tick, u64), at: Moment<'_>) {
        if began >= at.system.warmup && clients > 0 {
            let place = at.system.routings[of].places.start + place as u32;
            let (of, took) = (of as u32, at.now.since(began));
            self.moved.push(MovedClients { of, what, place, at: at.now, took, clients });
        }
    }

    /// A place went down or came up.
    fn place_changed(&mut self, (id, place): (usize, usize), up: bool, at: Moment<'_>, out: &mut Out) {
        let of = &at.system.routings[id];
        let router = &mut self.routers[id];
        router.up = if up { router.up | 1 << place } else { router.up & !(1 << place) };
        for number in 0..COHORTS {
            let cohort = &mut self.routers[id].cohorts[number];
            let share = of.share(place, cohort.sent_to);
            if !up {
                cohort.failing[place] = if share > 0.0 { at.now } else { Tick::NEVER };
                continue;
            }
            let began = std::mem::replace(&mut cohort.failing[place], Tick::NEVER);
            if !began.is_never() {
                self.note((id, place, Moving::Outage), (began, clients(share)), at);
            }
        }
        match &of.probing {
            None if of.unwatched => {}
            None => self.answers((id, place), up, at, out),
            Some(law) => {
                if let Some(due) = self.routers[id].probers[place].turns(!up, law, at) {
                    out.schedule(due, Kind::RouteJudged, of.places.start + place as u32);
                }
            }
        }
    }

    /// The router takes a place out of its answer, or puts it back; who does not look again anyway will.
    fn answers(&mut self, (id, place): (usize, usize), is_in: bool, at: Moment<'_>, out: &mut Out) {
        let router = &mut self.routers[id];
        let before = router.good();
        router.answer = if is_in { router.answer | 1 << place } else { router.answer & !(1 << place) };
        self.answer_changed((id, place), before, at, out);
    }

    /// A failover plan sends the clients of a place elsewhere, or there again.
    fn drains(&mut self, (id, place): (usize, usize), is_drained: bool, at: Moment<'_>, out: &mut Out) {
        let router = &mut self.routers[id];
        let before = router.good();
        router.drained = if is_drained { router.drained | 1 << place } else { router.drained & !(1 << place) };
        self.answer_changed((id, place), before, at, out);
    }

    fn answer_changed(&mut self, (id, place): (usize, usize), before: u16, at: Moment<'_>, out: &mut Out) {
        let of = &at.system.routings[id];
        let router = &mut self.routers[id];
        if before == router.good() {
            return;
        }
        if router.good() >> place & 1 == 1 {
            out.lift(of.slots[place]);
        } else {
            router.withdrawn[place] = at.now;
            out.place(of.slots[place]);
        }
        for (number, cohort) in router.cohorts.iter_mut().enumerate().filter(|(_, cohort)| !cohort.looks) {
            cohort.looks = true;
            let stratum = (number as f64 + cohort.stream.open01(at.replication)) / COHORTS as f64;
            let after = Tick::from_hours(of.follows.quantile(stratum).get());
            let due = at.now.after(after);
            let due = if due <= at.system.end { due } else { Tick::NEVER };
            out.schedule(due, Kind::ClientsFollow, (id * COHORTS + number) as u32);
        }
    }

    /// A cohort looks again.
    fn follows(&mut self, (id, number): (usize, usize), at: Moment<'_>, out: &mut Out) {
        let of = &at.system.routings[id];
        let router = &mut self.routers[id];
        let (up, sends_to, withdrawn) = (router.up, router.sends_to(of), router.withdrawn);
        let cohort = &mut router.cohorts[number];
        cohort.looks = false;
        let before = std::mem::replace(&mut cohort.sent_to, sends_to);
        if before == sends_to {
            return;
        }
        let mut failing = std::mem::replace(&mut cohort.failing, [Tick::NEVER; ROUTED_PLACES_MAX]);
        let served = of.weight_of(sends_to & up) / of.weight_of(sends_to);
        // Who is sent from one place that is down to another has not been served in between.
        let since = failing.iter().copied().min().unwrap_or(Tick::NEVER).min(at.now);
        for place in 0..of.weights.len() {
            let left = before & !sends_to;
            if left >> place & 1 == 1 {
                let share = of.share(place, before);
                self.note((id, place, Moving::Moved), (withdrawn[place], clients(share)), at);
                let began = std::mem::replace(&mut failing[place], Tick::NEVER);
                if !began.is_never() {
                    self.note((id, place, Moving::Outage), (began, clients(share * served)), at);
                }
            } else if sends_to & !before & !up >> place & 1 == 1 {
                failing[place] = since;
            }
        }
        self.routers[id].cohorts[number].failing = failing;
        self.routers[id].send(of, out);
        // Where loads are told apart, once the board knows who is sent where.
        if !of.apart {
            self.strains(id, at);
        }
    }
}

impl Mechanism for Routing {
    const LISTENS: FactSet =
        FactSet::of(&[FactKind::GateChanged, FactKind::LoadChanged, FactKind::PlaceDrained, FactKind::PlaceReturned]);

    fn new(system: &System) -> Self {
        let router = |of: &Declared| {
            let cohort = |&stream: &_| Cohort {
                stream: Stream::new(stream),
                sent_to: 0,
                looks: false,
                failing: [Tick::NEVER; ROUTED_PLACES_MAX],
            };
            Router {
                probers: of.probe_streams.iter().map(|&stream| Prober::new(stream)).collect(),
                cohorts: of.streams.iter().map(cohort).collect(),
                up: 0,
                answer: 0,
                drained: 0,
                withdrawn: [Tick::NEVER; ROUTED_PLACES_MAX],
                sent: [0.0; ROUTED_PLACES_MAX],
                strain: Strain::NONE,
            }
        };
        Self {
            routers: system.routings.iter().map(router).collect(),
            moved: Vec::new(),
            strained: Vec::new(),
            survived: Vec::new(),
            is_loaded: system.routings.iter().any(|of| of.own_peaks.iter().all(|&peak| peak > 0.0)),
        }
    }

    fn listens(&self) -> FactSet {
        match (self.routers.is_empty(), self.is_loaded) {
            (true, _) => FactSet::NONE,
            (_, false) => FactSet::of(&[FactKind::GateChanged, FactKind::PlaceDrained, FactKind::PlaceReturned]),
            (_, true) => Self::LISTENS,
        }
    }

    fn start(&mut self, at: Moment<'_>, out: &mut Out) {
        self.moved.clear();
        self.strained.clear();
        self.survived.clear();
        for (router, of) in self.routers.iter_mut().zip(&at.system.routings) {
            (router.up, router.answer, router.drained) = (of.all(), of.all(), 0);
            router.strain = Strain::NONE;
            router.sent[..of.weights.len()].copy_from_slice(&of.weights);
            for cohort in &mut router.cohorts {
                cohort.stream.rewind();
                (cohort.sent_to, cohort.looks) = (of.all(), false);
                cohort.failing.fill(Tick::NEVER);
            }
            let Some(law) = &of.probing else { continue };
            for (prober, place) in router.probers.iter_mut().zip(of.places.clone()) {
                let due = prober.start(law, at);
                out.schedule(due, Kind::RouteJudged, place);
            }
        }
    }

    fn event(&mut self, kind: Kind, entity: u32, at: Moment<'_>, out: &mut Out) {
        if kind == Kind::ClientsFollow {
            return self.follows((entity as usize / COHORTS, entity as usize % COHORTS), at, out);
        }
        let Some(id) = at.system.routings.iter().position(|of| of.places.contains(&entity)) else { return };
        let of = &at.system.routings[id];
        let place = (entity - of.places.start) as usize;
        let Some(law) = &of.probing else { return };
        let prober = &mut self.routers[id].probers[place];
        let Some((_, due)) = prober.judged(law, at) else { return };
        let is_in = !prober.is_out();
        out.schedule(due, Kind::RouteJudged, entity);
        self.answers((id, place), is_in, at, out);
    }

    fn fact(&mut self, fact: Fact, at: Moment<'_>, out: &mut Out) {
        for (id, of) in at.system.routings.iter().enumerate() {
            if matches!(fact.kind, FactKind::PlaceDrained | FactKind::PlaceReturned) {
                if of.places.contains(&fact.subject) {
                    let place = (fact.subject - of.places.start) as usize;
                    self.drains((id, place), fact.kind == FactKind::PlaceDrained, at, out);
                }
                continue;
            }
            if fact.kind == FactKind::LoadChanged {
                if of.to == fact.subject {
                    self.strains(id, at);
                }
                continue;
            }
            if let Some(place) = of.gates.iter().position(|&gate| gate == fact.subject) {
                let (up, was_up) = (at.board.is_up(fact.subject), self.routers[id].up >> place & 1 == 1);
                if up != was_up {
                    self.place_changed((id, place), up, at, out);
                    self.strains(id, at);
                }
            }
        }
    }
}
