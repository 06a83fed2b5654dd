//! What comes to the groups of a component whose loads are told apart: places of a router that hand load on or are scaled,
//! and groups that have an autoscaler each.

use crate::board::Board;
use crate::system::{Component, Routing, System};

/// The load of a group, per second.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PlaceLoad {
    /// What comes to it: of clients who are sent there, and what other places hand on to it.
    pub arrives: f64,
    /// The same without what it hands on itself.
    pub carries: f64,
    /// What its units serve, whatever it has in reserve.
    pub units_serve: f64,
    /// What it serves at most.
    pub serves: f64,
}

impl PlaceLoad {
    /// What comes to it and is more than it serves; what comes to a place that is down fails instead.
    fn over(&self) -> f64 {
        if self.serves > 0.0 { excess(self.arrives, self.serves) } else { 0.0 }
    }
}

impl Board {
    /// The demand on a group, per second: that on its component where it is the only one.
    pub fn load_of(&self, system: &System, group: u32) -> f64 {
        let component = system.groups[group as usize].component;
        match system.components[component as usize].apart {
            true => self.places[group as usize].arrives,
            false => self.load(component),
        }
    }

    /// The demand on a component, or on one of its groups whose loads are told apart.
    pub fn load_at(&self, (component, group): (u32, Option<u32>)) -> f64 {
        group.map_or_else(|| self.load(component), |group| self.places[group as usize].arrives)
    }

    /// What the serving units of a component, or of one of its groups whose loads are told apart, carry now.
    pub fn available(&self, system: &System, (component, group): (u32, Option<u32>)) -> f64 {
        match group {
            Some(group) => self.places[group as usize].serves,
            None if system.components[component as usize].routed.is_some() => {
                self.capacity_of_places(system, component)
            }
            None => self.capacity[component as usize],
        }
    }

    /// The load of a group of a component whose groups are told apart.
    pub fn place(&self, group: u32) -> PlaceLoad {
        self.places[group as usize]
    }

    /// Load goes where capacity is, where no router says otherwise; to all groups alike while there is none. Whether it
    /// differs from what it was.
    pub(super) fn share_load(&mut self, component: &Component, load: f64) -> bool {
        let groups = component.groups.clone();
        let whole: f64 = groups.clone().map(|group| self.places[group as usize].serves).sum();
        let mut differs = false;
        for group in groups.clone() {
            let place = &mut self.places[group as usize];
            let share = if whole > 0.0 { place.serves / whole } else { 1.0 / groups.len() as f64 };
            let arrives = load * share;
            differs |= arrives != place.arrives || place.units_serve != place.serves;
            *place = PlaceLoad { arrives, carries: arrives, units_serve: place.serves, serves: place.serves };
        }
        differs
    }

    /// Takes over what comes to the places of a router; where they hand on what they cannot serve, others with room take it
    /// in proportion to their room. The answer is what nobody serves, and whether anything differs from what it was.
    pub(super) fn hand_on(&mut self, component: &Component, routing: &Routing, places: &[PlaceLoad]) -> (f64, bool) {
        let over: f64 = places.iter().map(PlaceLoad::over).sum();
        let room: f64 = places.iter().map(|place| excess(place.serves, place.arrives)).sum();
        let handed = if routing.spill { over.min(room) } else { 0.0 };
        let mut differs = false;
        for (group, place) in component.groups.clone().zip(places) {
            let mut place = *place;
            if handed > 0.0 {
                let gets = handed * (excess(place.serves, place.arrives) / room);
                let gives = handed * (place.over() / over);
                place.arrives += gets;
                place.carries = place.arrives - gives;
            }
            if component.apart {
                differs |= std::mem::replace(&mut self.places[group as usize], place) != place;
            }
        }
        (if handed < over { over - handed } else { 0.0 }, differs)
    }
}

/// How much the first is above the second.
fn excess(first: f64, second: f64) -> f64 {
    if first > second { first - second } else { 0.0 }
}
