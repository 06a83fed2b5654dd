//! Calls: a unit that stands by may turn out to have failed when it is called.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use crate::board::FactKind;
use crate::mechanism::{Moment, Out};
use crate::system::{StandbyGroup, UnitId};

/// Units that have failed when they were called, at this tick: the board is yet to say so.
#[derive(Debug)]
pub(super) struct Calls {
    at: Tick,
    failed: Vec<UnitId>,
}

impl Calls {
    /// No call yet, among so many units.
    pub(super) fn new(units: usize) -> Self {
        Self { at: Tick::NEVER, failed: Vec::with_capacity(units.min(64)) }
    }

    /// Begins a replication.
    pub(super) fn forget(&mut self) {
        self.at = Tick::NEVER;
        self.failed.clear();
    }

    /// Whether a unit has just failed as it was called.
    pub(super) fn has_failed(&self, unit: UnitId, now: Tick) -> bool {
        self.at == now && self.failed.contains(&unit)
    }

    /// Calls a unit: whether it starts. Of the modes by which it may fail the first that takes hold is the one; the later
    /// ones are drawn for too.
    pub(super) fn starts(
        &mut self,
        unit: UnitId,
        (standby, stream): (&StandbyGroup, &mut Stream),
        at: Moment<'_>,
        out: &mut Out,
    ) -> bool {
        let first = at.system.units.units[unit as usize].modes.start;
        let mut found = None;
        for demand in &standby.on_demand {
            let fails = stream.open01(at.replication) < demand.probability;
            found = found.or(fails.then_some(first + demand.place));
        }
        let Some(mode) = found else { return true };
        if self.at != at.now {
            self.at = at.now;
            self.failed.clear();
        }
        out.note(FactKind::Struck, mode);
        self.failed.push(unit);
        false
    }
}
