//! The replicas of a scaled component: who is there, who boots, who goes.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use super::nodes::Nodes;
use crate::board::{Board, FactKind};
use crate::mechanism::{Kind, Moment, Out};
use crate::replication::Pooled;
use crate::system::{Autoscale as Declared, System, UnitId};

/// Where a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Away,
    /// It waits for a node.
    Waits,
    Boots,
    /// It serves, unless it has failed.
    In,
}

/// The units of one autoscaler.
#[derive(Debug)]
pub(super) struct Fleet {
    /// The first of them; what is by unit counts from it, and may have units of others in between.
    first: UnitId,
    states: Vec<State>,
    /// Since when each serves, if it does.
    since: Vec<Tick>,
    /// In the order in which units come.
    boots: Vec<Stream>,
    /// Units that are not away, in the order in which they came.
    there: Vec<UnitId>,
    /// Units that are to be spot, ascending.
    spot: Vec<UnitId>,
    nodes: Option<Nodes>,
}

impl Fleet {
    pub(super) fn new(system: &System, declared: &Declared) -> Self {
        let units = &declared.units;
        let ends = units.iter().min().zip(units.iter().max());
        let (&first, &last) = ends.expect("bug: every group has a unit");
        let span = (last - first) as usize + 1;
        Self {
            first,
            states: vec![State::Away; span],
            since: vec![Tick::ZERO; span],
            boots: declared.streams.iter().map(|&stream| Stream::new(stream)).collect(),
            there: Vec::with_capacity(units.len()),
            spot: spot_units(system, declared),
            nodes: declared.nodes.as_ref().map(|pool| Nodes::new(pool, span)),
        }
    }

    /// The first units are there and ready.
    pub(super) fn start(&mut self, (declared, of): (&Declared, u32), at: Moment<'_>, out: &mut Out) {
        if let Some((nodes, pool)) = self.nodes.as_mut().zip(declared.nodes.as_ref()) {
            nodes.start((pool, of), declared.spec.replicas, at, out);
            for unit in &declared.units[..declared.spec.replicas as usize] {
                nodes.place((unit - self.first) as usize, pool);
            }
            nodes.plan((pool, of), 0, at, out);
        }
        self.boots.iter_mut().for_each(Stream::rewind);
        self.there.clear();
        // Those at the start have been there for ever.
        self.since.fill(Tick::new(i64::MIN / 4));
        for (place, &unit) in declared.units.iter().enumerate() {
            let state = &mut self.states[(unit - self.first) as usize];
            if place < declared.spec.replicas as usize {
                *state = State::In;
                self.there.push(unit);
            } else {
                *state = State::Away;
                out.place(slot(unit, at.system));
                out.note(FactKind::StoodDown, unit);
            }
        }
    }

    /// Replicas that there are, ready or not.
    pub(super) fn replicas(&self) -> u32 {
        self.there.len() as u32
    }

    /// Those of them that are to be spot.
    pub(super) fn spot(&self) -> u32 {
        let is_spot = |unit: &&UnitId| self.spot.binary_search(unit).is_ok();
        if self.spot.is_empty() { 0 } else { self.there.iter().filter(is_spot).count() as u32 }
    }

    /// Replicas that serve, and have done so since an instant.
    pub(super) fn serving_since(&self, instant: Tick, board: &Board) -> u32 {
        let serves = |unit: &&UnitId| self.state(**unit) == State::In && board.is_able(**unit);
        let since = |unit: &&UnitId| self.since[(**unit - self.first) as usize] <= instant;
        self.there.iter().filter(serves).filter(since).count() as u32
    }

    /// Replicas that serve.
    pub(super) fn serving(&self, board: &Board) -> u32 {
        let serves = |unit: &&UnitId| self.state(**unit) == State::In && board.is_able(**unit);
        self.there.iter().filter(serves).count() as u32
    }

    fn state(&self, unit: UnitId) -> State {
        self.states[(unit - self.first) as usize]
    }

    /// Replicas come or go, until there are so many.
    pub(super) fn resize(
        &mut self,
        ((declared, of), replicas): ((&Declared, u32), u32),
        at: Moment<'_>,
        out: &mut Out,
    ) {
        self.count_nodes(at.now, at.system.warmup);
        while self.replicas() < replicas {
            let Some(unit) = self.next_to_come(declared, at.board) else { break };
            self.there.push(unit);
            self.runs((declared, unit), at, out);
        }
        while self.replicas() > replicas {
            self.goes(declared, at, out);
        }
        self.plan((declared, of), at, out);
    }

    /// Replicas that wait for a node.
    fn waiting(&self) -> u32 {
        self.there.iter().filter(|&&unit| self.state(unit) == State::Waits).count() as u32
    }

    fn count_nodes(&mut self, now: Tick, warmup: Tick) {
        if self.nodes.is_some() {
            let waiting = self.waiting();
            self.nodes.iter_mut().for_each(|nodes| nodes.count(waiting, now, warmup));
        }
    }

    fn plan(&mut self, (declared, of): (&Declared, u32), at: Moment<'_>, out: &mut Out) {
        if let Some(pool) = &declared.nodes {
            let waiting = self.waiting();
            self.nodes.iter_mut().for_each(|nodes| nodes.plan((pool, of), waiting, at, out));
        }
    }

    /// What was counted of nodes, until the end.
    pub(super) fn pooled(&mut self, end: Tick, warmup: Tick) -> Pooled {
        self.count_nodes(end, warmup);
        self.nodes.as_ref().map(Nodes::tally).unwrap_or_default()
    }

    /// Nodes become short, or are to be had again.
    pub(super) fn short(&mut self, (declared, of): (&Declared, u32), at: Moment<'_>, out: &mut Out) {
        if let Some((nodes, pool)) = self.nodes.as_mut().zip(declared.nodes.as_ref()) {
            nodes.turned((pool, of), at, out);
        }
    }

    /// A node that was asked for is there, or given up: who waits runs on it.
    pub(super) fn node_comes(&mut self, node: usize, (declared, of): (&Declared, u32), at: Moment<'_>, out: &mut Out) {
        self.count_nodes(at.now, at.system.warmup);
        if let Some((nodes, pool)) = self.nodes.as_mut().zip(declared.nodes.as_ref()) {
            nodes.comes(node, pool, at);
        }
        for place in 0..self.there.len() {
            let unit = self.there[place];
            if self.state(unit) == State::Waits {
                self.runs((declared, unit), at, out);
            }
        }
        self.plan((declared, of), at, out);
    }

    /// Nodes are asked for, and removed with what runs on them moved elsewhere.
    pub(super) fn scan(&mut self, (declared, of): (&Declared, u32), at: Moment<'_>, out: &mut Out) {
        self.count_nodes(at.now, at.system.warmup);
        let waiting = self.waiting();
        let Some(pool) = &declared.nodes else { return };
        self.nodes.iter_mut().for_each(|nodes| nodes.grow(pool, waiting, at, out));
        let mut removed = 0;
        while let Some(node) = self.nodes.as_mut().and_then(|nodes| nodes.remove(pool, removed, at.now)) {
            removed += 1;
            while let Some(replica) = self.nodes.as_mut().and_then(|nodes| nodes.evict(node, at)) {
                let unit = self.first + replica as UnitId;
                self.stops(unit, State::Waits, at, out);
                self.runs((declared, unit), at, out);
            }
        }
        if removed > 0 {
            self.nodes.iter_mut().for_each(|nodes| nodes.removed(at.now));
        }
        self.plan((declared, of), at, out);
    }

    /// The first unit that is away and able; the first at all if none is.
    fn next_to_come(&self, declared: &Declared, board: &Board) -> Option<UnitId> {
        let away = || declared.units.iter().copied().filter(|&unit| self.state(unit) == State::Away);
        away().find(|&unit| board.is_able(unit)).or_else(|| away().next())
    }

    /// A unit begins to boot, if it has a node.
    fn runs(&mut self, (declared, unit): (&Declared, UnitId), at: Moment<'_>, out: &mut Out) {
        let place = (unit - self.first) as usize;
        if let Some((nodes, pool)) = self.nodes.as_mut().zip(declared.nodes.as_ref())
            && !nodes.place(place, pool)
        {
            self.states[place] = State::Waits;
            return;
        }
        self.states[place] = State::Boots;
        let boot = &mut self.boots[turn_of(declared, unit)];
        let takes = Tick::from_hours(declared.spec.boot.quantile(boot.open01(at.replication)).get());
        if takes == Tick::ZERO {
            return self.booted(unit, at, out);
        }
        let ready = at.now.after(takes);
        if ready <= at.system.end {
            out.schedule(ready, Kind::BootEnds, unit);
        }
    }

    /// A unit that had failed is able again.
    pub(super) fn returned(&mut self, unit: UnitId, at: Moment<'_>) {
        self.since[(unit - self.first) as usize] = at.now;
    }

    /// A unit is ready.
    pub(super) fn booted(&mut self, unit: UnitId, at: Moment<'_>, out: &mut Out) {
        let place = (unit - self.first) as usize;
        (self.states[place], self.since[place]) = (State::In, at.now);
        out.lift(slot(unit, at.system));
        out.note(FactKind::Activated, unit);
    }

    /// One unit goes at once: the youngest of those that wait for a node, else of those that do not serve because they have
    /// failed, else of all.
    fn goes(&mut self, declared: &Declared, at: Moment<'_>, out: &mut Out) {
        let waits = match self.nodes {
            Some(_) => self.there.iter().rposition(|&unit| self.state(unit) == State::Waits),
            None => None,
        };
        let failed = || self.there.iter().rposition(|&unit| !at.board.is_able(unit));
        let Some(place) = waits.or_else(failed).or(self.there.len().checked_sub(1)) else { return };
        let unit = self.there.remove(place);
        if let Some((nodes, pool)) = self.nodes.as_mut().zip(declared.nodes.as_ref()) {
            nodes.leave((unit - self.first) as usize, pool);
        }
        self.stops(unit, State::Away, at, out);
    }

    /// A unit does not run any longer.
    fn stops(&mut self, unit: UnitId, to: State, at: Moment<'_>, out: &mut Out) {
        let state = &mut self.states[(unit - self.first) as usize];
        match std::mem::replace(state, to) {
            State::Boots => out.cancel(Kind::BootEnds, unit),
            State::In => {
                out.place(slot(unit, at.system));
                out.note(FactKind::StoodDown, unit);
            }
            State::Away | State::Waits => {}
        }
    }
}

fn spot_units(system: &System, declared: &Declared) -> Vec<UnitId> {
    let spot = system.spots.iter().find(|spot| spot.component == declared.component);
    let units = spot.into_iter().flat_map(|spot| spot.units.iter().map(|spot| spot.unit));
    units.filter(|unit| declared.units.contains(unit)).collect()
}

/// When a unit comes, among those of its autoscaler: in written order, unless another was declared.
fn turn_of(declared: &Declared, unit: UnitId) -> usize {
    let written = unit.wrapping_sub(declared.units[0]) as usize;
    if declared.units.get(written) == Some(&unit) {
        return written;
    }
    declared.units.iter().position(|&other| other == unit).expect("bug: only units of the autoscaler boot")
}

fn slot(unit: UnitId, system: &System) -> u32 {
    system.units.units[unit as usize].dormant.expect("bug: a unit that is scaled can be away")
}
