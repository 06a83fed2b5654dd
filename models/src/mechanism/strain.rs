//! What the places of a router that are left carry while clients of others are sent to them.
//!
//! A failover lasts from when the first client is sent elsewhere than to its own place until none is. What a place carries is
//! counted against its own peak.

use ninefold_sim_core::tick::Tick;

use crate::mechanism::Moment;
use crate::replication::{Strained, Survived};
use crate::scaling::MILLIONTHS;
use crate::system::{ROUTED_PLACES_MAX, Routing};

/// The places of one router.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strain {
    /// When the failover under way began.
    began: Option<Tick>,
    /// Places that have been up all the while.
    survivors: u16,
    /// Since when each carries what it carries, in millionths of its own peak, and the most it has carried.
    since: Tick,
    carries: [u64; ROUTED_PLACES_MAX],
    most: [u64; ROUTED_PLACES_MAX],
}

/// What a place carries against its own peak, per second. Where its replicas follow the load they stand in the place of the
/// peak: it carries as much beyond its own peak as comes to it beyond what they serve.
fn carried(of: &Routing, (place, sent): (usize, f64), at: Moment<'_>) -> f64 {
    if !of.apart {
        return sent * at.board.load(of.to);
    }
    let load = at.board.place(of.first_group + place as u32);
    if of.scaled { load.carries - load.units_serve + of.own_peaks[place] } else { load.carries }
}

impl Strain {
    pub(super) const NONE: Self = Self {
        began: None,
        survivors: 0,
        since: Tick::ZERO,
        carries: [0; ROUTED_PLACES_MAX],
        most: [0; ROUTED_PLACES_MAX],
    };

    /// Takes down what is carried from now on: by places that are up, of clients as they are sent.
    pub(super) fn note(
        &mut self,
        of: &Routing,
        (up, sent): (u16, &[f64]),
        at: Moment<'_>,
        into: (&mut Vec<Strained>, &mut Vec<Survived>),
    ) {
        let is_failover = sent != of.weights;
        if self.began.is_some() {
            self.pass(of, at.now, into.0);
        }
        if let (Some(began), false) = (self.began, is_failover) {
            self.ends(of, began, into.1);
        }
        if !is_failover {
            return;
        }
        if self.began.is_none() {
            (self.began, self.survivors, self.most) = (Some(at.now), of.all(), [0; ROUTED_PLACES_MAX]);
        }
        (self.since, self.survivors) = (at.now, self.survivors & up);
        for (place, &sent) in sent.iter().enumerate() {
            let share = carried(of, (place, sent), at) / of.own_peaks[place];
            let is_up = up >> place & 1 == 1;
            self.carries[place] = if is_up { (share * MILLIONTHS as f64 + 0.5).max(0.0) as u64 } else { 0 };
            self.most[place] = self.most[place].max(self.carries[place]);
        }
    }

    /// What was carried until now.
    fn pass(&self, of: &Routing, now: Tick, into: &mut Vec<Strained>) {
        for (place, &carries) in self.carries[..of.weights.len()].iter().enumerate() {
            if carries > MILLIONTHS && self.since < now {
                let place = of.places.start + place as u32;
                into.push(Strained { place, from: self.since, to: now, carries });
            }
        }
    }

    fn ends(&mut self, of: &Routing, began: Tick, into: &mut Vec<Survived>) {
        for place in (0..of.weights.len()).filter(|place| self.survivors >> place & 1 == 1) {
            into.push(Survived { place: of.places.start + place as u32, began, most: self.most[place] });
        }
        self.began = None;
    }

    /// The replication is over.
    pub(super) fn finish(
        &mut self,
        of: &Routing,
        end: Tick,
        (strained, survived): (&mut Vec<Strained>, &mut Vec<Survived>),
    ) {
        if let Some(began) = self.began {
            self.pass(of, end, strained);
            self.ends(of, began, survived);
        }
    }
}
