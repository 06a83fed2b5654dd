//! What is at stake with each component and domain in every state of a replication: whether a journey would be down if it
//! were, and whether it would be if it were not.
//!
//! Both are asked of the board as it stands: nobody ages, repairs or switches otherwise because of it. A journey that is up
//! stays up with something better, and one that is down stays down with something worse, so one question is enough.

use std::collections::{BTreeMap, BTreeSet};

use ninefold_sim_core::tick::Tick;

use super::holds::Holds;
use super::losses::group_variable;
use crate::board::{Board, FACT_KINDS, Wiring};
use crate::mechanism::Moment;
use crate::system::{Component, ElectionSpec, GateId, PartitionSpec, SlotId, System, UnitId, single_writer_name};

/// States whose answers are remembered.
const REMEMBERED_MAX: usize = 10_000;

/// The journey is down with the candidate down.
const FAILED: u8 = 1;
/// The journey is down with the candidate up.
const PERFECT: u8 = 2;
/// A minimal cut set with the candidate has failed.
const TOUCHED: u8 = 4;

/// A component or a domain whose importance is asked for.
#[derive(Debug)]
pub(super) struct Candidate {
    /// `components.NAME` or `domains.NAME`.
    pub(super) entity: String,
    of: Of,
    /// What can be lost of it, ascending.
    variables: Vec<usize>,
    /// The journeys it is asked for, ascending.
    pub(super) journeys: Vec<u32>,
}

#[derive(Debug)]
enum Of {
    /// Its replicas, and what stands for the network and the leader between them.
    Component { gate: GateId, replicas: Vec<UnitId> },
    /// As a unit, and the slots by which it holds down what is inside.
    Domain { unit: UnitId, inside: Vec<SlotId> },
}

/// Every component and every domain that can fail below the structure of one of `journeys` (ascending).
pub(super) fn candidates(system: &System, holds: &Holds, journeys: &[u32]) -> Vec<Candidate> {
    let cones: Vec<(u32, Vec<bool>)> = journeys.iter().map(|&journey| (journey, below(system, journey))).collect();
    let asked = |units: &[UnitId]| -> Vec<u32> {
        let of = cones.iter().filter(|(_, inside)| units.iter().any(|&unit| inside[unit as usize]));
        of.map(|(journey, _)| *journey).collect()
    };
    let components = system.spec.components.iter().zip(&system.components).map(|(declared, component)| {
        let replicas = replicas(system, &declared.name, component);
        let mut variables: Vec<usize> = replicas.iter().flat_map(|&unit| holds.variables(unit)).collect();
        variables.extend(component.groups.clone().map(|group| group_variable(system, group as usize)));
        variables.sort_unstable();
        let entity = format!("components.{}", declared.name);
        let journeys = asked(&component.units.clone().collect::<Vec<_>>());
        Candidate { entity, journeys, variables, of: Of::Component { gate: component.gate, replicas } }
    });
    let domains = system.spec.domains.iter().enumerate().filter(|(_, declared)| !declared.modes.is_empty());
    let domains = domains.map(|(domain, declared)| {
        let (unit, inside) = ((system.units.replicas + domain) as UnitId, system.units.inside[domain].clone());
        let units: Vec<UnitId> = inside.iter().map(|&slot| system.units.slots[slot as usize].unit).collect();
        let (entity, journeys) = (format!("domains.{}", declared.name), asked(&units));
        Candidate { entity, journeys, variables: holds.variables(unit).collect(), of: Of::Domain { unit, inside } }
    });
    components.chain(domains).filter(|candidate| !candidate.journeys.is_empty()).collect()
}

/// For each gate, whether it is below the structure of a journey.
fn below(system: &System, journey: u32) -> Vec<bool> {
    let mut inside = vec![false; system.structure.len()];
    inside[system.journeys[journey as usize].served.gate as usize] = true;
    for gate in (0..system.structure.len() as GateId).rev() {
        if inside[gate as usize] && !system.structure.is_leaf(gate) {
            system.structure.children(gate).iter().for_each(|&child| inside[child as usize] = true);
        }
    }
    inside
}

/// The replicas of a component, with those that stand for its leader, its network and its one writer.
fn replicas(system: &System, name: &str, component: &Component) -> Vec<UnitId> {
    let beside = [ElectionSpec::name_of(name), PartitionSpec::name_of(name), single_writer_name(name)];
    let of = system.spec.components.iter().zip(&system.components);
    let of = of.filter(|(declared, _)| beside.contains(&declared.name));
    component.units.clone().chain(of.flat_map(|(_, component)| component.units.clone())).collect()
}

/// Ticks of one replication, within its measured time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ticks {
    /// The journey would be down with the candidate down.
    pub(super) failed: i64,
    /// The journey would be down with the candidate up.
    pub(super) perfect: i64,
    /// A minimal cut set with the candidate had failed.
    pub(super) touched: i64,
    /// The candidate was down.
    pub(super) own: i64,
    /// The journey was down.
    pub(super) down: i64,
}

/// What is at stake now, and what was.
#[derive(Debug)]
pub(super) struct Stakes<'a> {
    system: &'a System,
    candidates: &'a [Candidate],
    wiring: Wiring,
    /// On which is supposed.
    board: Board,
    /// Whether all that journeys serve follows from what is in place.
    is_fixed: bool,
    known: BTreeMap<Vec<SlotId>, Vec<u8>>,
    since: Tick,
    /// By candidate and journey, one after the other.
    answers: Vec<u8>,
    own: Vec<bool>,
    down: Vec<bool>,
    ticks: Vec<Ticks>,
}

impl<'a> Stakes<'a> {
    pub(super) fn of(system: &'a System, candidates: &'a [Candidate]) -> Self {
        let pairs = candidates.iter().map(|candidate| candidate.journeys.len()).sum();
        let asked = candidates.iter().flat_map(|candidate| &candidate.journeys);
        let partial = asked.into_iter().any(|&journey| system.journeys[journey as usize].partial);
        let varies = !system.courses.is_empty() || !system.routings.is_empty() || !system.host_pools.is_empty();
        Self {
            system,
            candidates,
            wiring: Wiring::new(system, [0; FACT_KINDS]),
            board: Board::new(system),
            is_fixed: !(partial && varies),
            known: BTreeMap::new(),
            since: Tick::ZERO,
            answers: vec![0; pairs],
            own: vec![false; candidates.len()],
            down: vec![false; system.journeys.len()],
            ticks: vec![Ticks::default(); pairs],
        }
    }

    /// Whether anything is asked of a journey.
    pub(super) fn asks(&self, journey: u32) -> bool {
        self.candidates.iter().any(|candidate| candidate.journeys.binary_search(&journey).is_ok())
    }

    /// By candidate and journey, one after the other.
    pub(super) fn ticks(&self) -> &[Ticks] {
        &self.ticks
    }

    /// A replication begins.
    pub(super) fn begin(&mut self) {
        self.since = Tick::ZERO;
        self.answers.fill(0);
        self.own.fill(false);
        self.down.fill(false);
        self.ticks.fill(Ticks::default());
    }

    /// Something has changed; `touched` are, for each journey that is down, the variables in cut sets that have failed.
    pub(super) fn look(&mut self, at: Moment<'_>, touched: &BTreeMap<u32, BTreeSet<usize>>) {
        if self.candidates.is_empty() {
            return;
        }
        self.end(at.now);
        for (own, candidate) in self.own.iter_mut().zip(self.candidates) {
            *own = match &candidate.of {
                Of::Component { gate, .. } => !at.board.is_up(*gate),
                Of::Domain { unit, .. } => !at.board.is_able(*unit),
            };
        }
        for (journey, down) in (0..).zip(&mut self.down) {
            *down = !at.board.service(journey).up;
        }
        let slots = 0..self.system.units.slots.len() as SlotId;
        let state: Vec<SlotId> = slots.filter(|&slot| at.board.is_active(slot)).collect();
        if let Some(answers) = self.known.get(&state).filter(|_| self.is_fixed) {
            return self.answers.clone_from(answers);
        }
        self.ask(at.board, touched);
        if self.is_fixed {
            if self.known.len() >= REMEMBERED_MAX {
                self.known.clear();
            }
            self.known.insert(state, self.answers.clone());
        }
    }

    fn ask(&mut self, board: &Board, touched: &BTreeMap<u32, BTreeSet<usize>>) {
        let mut place = 0;
        for candidate in self.candidates {
            let answers = &mut self.answers[place..place + candidate.journeys.len()];
            place += candidate.journeys.len();
            let is_down = |journey: u32| self.down[journey as usize];
            for (&journey, answer) in candidate.journeys.iter().zip(&mut *answers) {
                *answer = if is_down(journey) { FAILED | PERFECT } else { 0 };
                let failed = touched.get(&journey);
                if failed.is_some_and(|failed| candidate.variables.iter().any(|variable| failed.contains(variable))) {
                    *answer |= TOUCHED;
                }
            }
            let mut suppose = |up: bool| {
                self.board.copy_from(board);
                let by = (self.system, &self.wiring);
                match &candidate.of {
                    Of::Component { replicas, .. } => self.board.suppose(by, replicas, up),
                    Of::Domain { inside, .. } => self.board.suppose_lost(by, inside, !up),
                }
                for (&journey, answer) in candidate.journeys.iter().zip(&mut *answers) {
                    let would_be_down = !self.board.service(journey).up;
                    match (up, is_down(journey)) {
                        (true, true) if !would_be_down => *answer &= !PERFECT,
                        (false, false) if would_be_down => *answer |= FAILED,
                        _ => {}
                    }
                }
            };
            if candidate.journeys.iter().any(|&journey| is_down(journey)) {
                suppose(true);
            }
            if candidate.journeys.iter().any(|&journey| !is_down(journey)) {
                suppose(false);
            }
        }
    }

    /// Counts the span until `now`, in which nothing changed.
    pub(super) fn end(&mut self, now: Tick) {
        let span = now.since(self.since.max(self.system.warmup)).get();
        self.since = now;
        if span <= 0 {
            return;
        }
        let pairs = self.candidates.iter().zip(&self.own);
        let pairs = pairs.flat_map(|(candidate, own)| candidate.journeys.iter().map(move |journey| (*journey, *own)));
        for (((journey, own), answer), ticks) in pairs.zip(&self.answers).zip(&mut self.ticks) {
            let count = |is: bool| if is { span } else { 0 };
            ticks.failed += count(answer & FAILED != 0);
            ticks.perfect += count(answer & PERFECT != 0);
            ticks.touched += count(answer & TOUCHED != 0);
            ticks.own += count(own);
            ticks.down += count(self.down[journey as usize]);
        }
    }
}
