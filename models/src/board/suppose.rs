//! Suppositions: the same instant, but for some units that serve or do not.
//!
//! They are made on a board of their own, which takes over the state of the one of a replication, so that nothing follows
//! from them: what mechanisms have made of the instant (who is active, where clients are sent, what waits for a crew) stays.

use crate::board::{Board, Effect, Wiring};
use crate::system::{SlotId, System, UnitId};

impl Board {
    /// As if these replicas served in full, whatever is wrong with them or keeps them from serving; or as if none of them did.
    pub(crate) fn suppose(&mut self, (system, wiring): (&System, &Wiring), replicas: &[UnitId], serving: bool) {
        for &unit in replicas {
            let state = &mut self.units[unit as usize];
            if serving {
                (state.holds, state.dormant) = (0, false);
                let modes = system.units.units[unit as usize].modes.clone();
                self.active[modes.start as usize..modes.end as usize].fill(false);
            } else {
                state.holds += 1;
            }
            self.dirty.push(unit);
        }
        self.settle(system, wiring, &mut Vec::new());
    }

    /// As if a domain was lost, or was not, given the slots by which it holds down what is inside.
    pub(crate) fn suppose_lost(&mut self, (system, wiring): (&System, &Wiring), inside: &[SlotId], lost: bool) {
        let mut effects = inside.iter().map(|&slot| Effect { slot, placed: lost }).collect();
        self.apply(system, wiring, &mut effects);
        self.settle(system, wiring, &mut Vec::new());
    }
}
