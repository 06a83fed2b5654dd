//! Which repair is next where it is the one for whose absence most is lost: by the loss rate, or by the cμ rule.
//!
//! What a repair's absence costs now is what journeys through its component do not serve now, each worth its demand times
//! the value of a success, while that component is down, or while the journey has all the structure it needs and is short
//! of capacity or fails by errors. Of repairs that cost the same now, the one is next whose component journeys of the most
//! worth need; then the one that was called for first. With one crew and repairs that all cost something, the cμ rule
//! loses least (Cox & Smith, *Queues* (1961), 3.3).

use ninefold_sim_core::tick::Tick;

use crate::mechanism::Moment;
use crate::system::{Journey, ModeId, Order, System};

/// What is lost per hour: now, and if nothing else were there. Compared in this order.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(super) struct LossRate {
    now: f64,
    exposed: f64,
}

impl LossRate {
    /// Of a mode that is present, as an order weighs it.
    pub(super) fn of(mode: ModeId, order: Order, at: Moment<'_>) -> Self {
        let unit = at.system.units.modes[mode as usize].unit;
        let (mut now, mut exposed) = (0.0, 0.0);
        for (place, journey) in (0..).zip(&at.system.journeys) {
            let asked = if journey.demand.is_some() { at.board.demand(place) } else { 1.0 };
            let worth = at.system.worth[place as usize] * asked;
            let through = || through(at.system, journey, unit);
            if through().next().is_none() {
                continue;
            }
            exposed += worth;
            let service = at.board.service(place);
            let by_numbers = at.board.is_up(journey.served.gate);
            let down = |component: u32| !at.board.is_up(at.system.components[component as usize].gate);
            if by_numbers || through().any(down) {
                now += worth * (1.0 - service.served * service.quality);
            }
        }
        if order == Order::CMu {
            let work = mean_work(at.system, mode);
            (now, exposed) = (now / work, exposed / work);
        }
        Self { now, exposed }
    }
}

/// The components on a journey's way that a unit is of, or, if it is a domain, that have a unit inside.
fn through(system: &System, journey: &Journey, unit: u32) -> impl Iterator<Item = u32> {
    let units = &system.units;
    let is_of = move |component: &u32| match units.units[unit as usize].component {
        Some(own) => own == *component,
        None => system.components[*component as usize]
            .units
            .clone()
            .any(|replica| units.ancestors[replica as usize].contains(&unit)),
    };
    journey.served.components.iter().copied().filter(is_of)
}

/// Mean time of a crew in hours, the way included; at least a tick.
fn mean_work(system: &System, mode: ModeId) -> f64 {
    let of = &system.units.modes[mode as usize];
    let takes = of.repair.map_or(0.0, |law| system.units.laws[law as usize].mean().get());
    let supply = of.crew.and_then(|crew| crew.supply).map(|supply| &system.units.supplies[supply as usize]);
    let travel = supply.and_then(|supply| supply.travel.as_ref()).map_or(0.0, |(law, _)| law.mean().get());
    (takes + travel).max(Tick::new(1).hours())
}
