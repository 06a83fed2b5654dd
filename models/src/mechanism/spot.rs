//! Spot capacity: instances that are reclaimed, and what takes their places.
//!
//! The notice is no event: what was asked for when it came is known when it has run out, the lead being a part of the
//! times that follow. Like the loss of a domain, a reclaim stops no clock of the unit's own failure modes.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use crate::board::{Fact, FactKind, FactSet};
use crate::lifetime::Law;
use crate::mechanism::{Kind, Mechanism, Moment, Out};
use crate::replication::{Running, SpotTurn};
use crate::system::{Spot, SpotUnit, System, UnitId};

/// One unit that is spot.
#[derive(Debug)]
struct Place {
    of: u32,
    unit: SpotUnit,
    runs: Running,
    /// How long a unit on demand will have the place, once it serves.
    on_demand_for: Option<Tick>,
    lives: Stream,
    boots: Stream,
    stockouts: Stream,
    returns: Stream,
    struck: Stream,
}

/// The shocks of one component.
#[derive(Debug)]
struct Reclaims {
    times: Stream,
    shares: Stream,
    returns: Stream,
}

/// The spot capacity of one world.
#[derive(Debug)]
pub(super) struct SpotCapacity {
    places: Vec<Place>,
    /// For each replica, its place.
    of_unit: Vec<Option<u32>>,
    reclaims: Vec<Reclaims>,
    turns: Vec<SpotTurn>,
    is_scaled: bool,
}

fn draw(law: &Law, stream: &mut Stream, at: Moment<'_>) -> Tick {
    Tick::from_hours(law.quantile(stream.open01(at.replication)).get())
}

impl Place {
    fn new((of, unit): (u32, SpotUnit)) -> Self {
        let [lives, boots, stockouts, returns, struck] = unit.streams.map(Stream::new);
        Self { of, unit, runs: Running::OnSpot, on_demand_for: None, lives, boots, stockouts, returns, struck }
    }

    fn rewind(&mut self) {
        let all = [&mut self.lives, &mut self.boots, &mut self.stockouts, &mut self.returns, &mut self.struck];
        all.into_iter().for_each(Stream::rewind);
        (self.runs, self.on_demand_for) = (Running::OnSpot, None);
    }

    /// Goes from one state to another, and what holds the unit down with it.
    fn turns(&mut self, to: Running, at: Moment<'_>, out: &mut Out) -> SpotTurn {
        let from = std::mem::replace(&mut self.runs, to);
        match (from == Running::Nothing, to == Running::Nothing) {
            (false, true) => out.place(self.unit.slot),
            (true, false) => out.lift(self.unit.slot),
            _ => {}
        }
        SpotTurn { of: self.of, at: at.now, from, to }
    }

    fn next(&self, after: Tick, at: Moment<'_>, out: &mut Out) {
        let due = at.now.after(after);
        if due <= at.system.end {
            out.schedule(due, Kind::SpotTurns, self.unit.unit);
        }
    }

    /// A new instance begins to serve.
    fn lives(&mut self, spot: &Spot, at: Moment<'_>, out: &mut Out) {
        if let Some(law) = &spot.spec.interruption {
            // No time at all would let it be reclaimed without end in one instant.
            let life = draw(law, &mut self.lives, at).max(Tick::new(1));
            self.next(life, at, out);
        }
    }

    /// The instance is gone; `returns` after its notice spot capacity is to be had again.
    fn reclaimed(&mut self, spot: &Spot, returns: Tick, at: Moment<'_>, out: &mut Out) -> SpotTurn {
        out.cancel(Kind::SpotTurns, self.unit.unit);
        let boot = draw(&spot.spec.boot, &mut self.boots, at);
        let beyond = |needed: Tick| needed.since(spot.lead).max(Tick::ZERO);
        let (empty, back) = (beyond(boot), beyond(boot.after(returns)));
        let stocked = spot.spec.stockout.map(|p| self.stockouts.open01(at.replication) >= p);
        if stocked != Some(true) {
            return self.waits(spot, (back, None), at, out);
        }
        self.waits(spot, (empty, Some(back.since(empty)).filter(|time| *time > Tick::ZERO)), at, out)
    }

    /// The place is empty for a time, which may be none, and then has a unit on demand or spot.
    fn waits(
        &mut self,
        spot: &Spot,
        (empty, on_demand): (Tick, Option<Tick>),
        at: Moment<'_>,
        out: &mut Out,
    ) -> SpotTurn {
        if empty > Tick::ZERO {
            self.on_demand_for = on_demand;
            self.next(empty, at, out);
            return self.turns(Running::Nothing, at, out);
        }
        self.filled(spot, on_demand, at, out)
    }

    fn filled(&mut self, spot: &Spot, on_demand: Option<Tick>, at: Moment<'_>, out: &mut Out) -> SpotTurn {
        match on_demand {
            Some(time) => {
                self.next(time, at, out);
                self.turns(Running::OnDemand, at, out)
            }
            None => {
                self.lives(spot, at, out);
                self.turns(Running::OnSpot, at, out)
            }
        }
    }

    /// What was due for the place.
    fn due(&mut self, spot: &Spot, at: Moment<'_>, out: &mut Out) -> SpotTurn {
        match self.runs {
            Running::OnSpot => {
                let returns = draw(&spot.spec.returns, &mut self.returns, at);
                self.reclaimed(spot, returns, at, out)
            }
            Running::Nothing => {
                let on_demand = self.on_demand_for.take();
                self.filled(spot, on_demand, at, out)
            }
            Running::OnDemand | Running::Away => self.filled(spot, None, at, out),
        }
    }
}

impl SpotCapacity {
    /// What happened to places so far, in order.
    pub(super) fn happened(&self) -> &[SpotTurn] {
        &self.turns
    }

    fn schedule_shock(&mut self, of: u32, at: Moment<'_>, out: &mut Out) {
        let Some(law) = &at.system.spots[of as usize].time_to_reclaim else { return };
        let due = at.now.after(draw(law, &mut self.reclaims[of as usize].times, at).max(Tick::new(1)));
        if due <= at.system.end {
            out.schedule(due, Kind::SpotReclaim, of);
        }
    }

    fn shock(&mut self, of: u32, at: Moment<'_>, out: &mut Out) {
        let spot = &at.system.spots[of as usize];
        let Some(reclaims) = &spot.spec.reclaims else { return };
        let draws = &mut self.reclaims[of as usize];
        let share = reclaims.share.quantile(draws.shares.open01(at.replication));
        let returns = draw(&spot.spec.returns, &mut draws.returns, at);
        for place in self.places.iter_mut().filter(|place| place.of == of) {
            // Drawn for each, so that who else is struck moves nobody's draws.
            let is_struck = place.struck.open01(at.replication) < share;
            if is_struck && place.runs == Running::OnSpot {
                self.turns.push(place.reclaimed(spot, returns, at, out));
            }
        }
        self.schedule_shock(of, at, out);
    }
}

impl Mechanism for SpotCapacity {
    const LISTENS: FactSet = FactSet::of(&[FactKind::Activated, FactKind::StoodDown]);

    fn new(system: &System) -> Self {
        let units = (0..).zip(&system.spots).flat_map(|(of, spot)| spot.units.iter().map(move |&unit| (of, unit)));
        let places: Vec<Place> = units.map(Place::new).collect();
        let mut of_unit = if places.is_empty() { Vec::new() } else { vec![None; system.units.replicas] };
        for (at, place) in (0..).zip(&places) {
            of_unit[place.unit.unit as usize] = Some(at);
        }
        let reclaims = |spot: &Spot| {
            let [times, shares, returns] = spot.streams.map(Stream::new);
            Reclaims { times, shares, returns }
        };
        let reclaims = system.spots.iter().map(reclaims).collect();
        let is_scaled = system.spots.iter().any(|spot| system.components[spot.component as usize].scaled);
        Self { places, of_unit, reclaims, turns: Vec::new(), is_scaled }
    }

    fn listens(&self) -> FactSet {
        if self.is_scaled { Self::LISTENS } else { FactSet::NONE }
    }

    fn start(&mut self, at: Moment<'_>, out: &mut Out) {
        self.turns.clear();
        for place in &mut self.places {
            place.rewind();
            place.lives(&at.system.spots[place.of as usize], at, out);
        }
        for of in 0..self.reclaims.len() {
            let Reclaims { times, shares, returns } = &mut self.reclaims[of];
            [times, shares, returns].into_iter().for_each(Stream::rewind);
            self.schedule_shock(of as u32, at, out);
        }
    }

    fn event(&mut self, kind: Kind, entity: u32, at: Moment<'_>, out: &mut Out) {
        if kind == Kind::SpotReclaim {
            return self.shock(entity, at, out);
        }
        let place = self.of_unit[entity as usize].expect("bug: only units that are spot have turns");
        let place = &mut self.places[place as usize];
        self.turns.push(place.due(&at.system.spots[place.of as usize], at, out));
    }

    /// An autoscaler has started or removed a unit.
    fn fact(&mut self, fact: Fact, at: Moment<'_>, out: &mut Out) {
        let unit: UnitId = fact.subject;
        let Some(&Some(place)) = self.of_unit.get(unit as usize) else { return };
        let place = &mut self.places[place as usize];
        out.cancel(Kind::SpotTurns, unit);
        let to = if fact.kind == FactKind::Activated {
            place.lives(&at.system.spots[place.of as usize], at, out);
            Running::OnSpot
        } else {
            Running::Away
        };
        if place.runs != to {
            self.turns.push(place.turns(to, at, out));
        }
    }
}
