//! A transition of a replication: a state that began or ended, and what it follows from.

use ninefold_sim_core::tick::Tick;

use crate::board::Service;
use crate::mechanism::Turn;
use crate::replication::Restored;
use crate::system::{GateId, PlanId, SlotId, StepId, UnitId};

/// Number of a transition, in the order in which they happen.
pub(super) type TransitionId = u64;

/// Whose state changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    /// An effect on a unit.
    Slot(SlotId),
    /// A place of a standby group.
    Place(u32),
    /// An instance of a failover plan.
    Plan(PlanId),
    /// A step of such an instance.
    Step(PlanId, StepId),
    /// A gate.
    Gate(GateId),
    /// A journey.
    Journey(u32),
}

/// What it changes to.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Change {
    /// The effect is in place.
    Placed,
    /// The effect is gone.
    Lifted,
    /// This unit is being switched in.
    SwitchStarted(UnitId),
    /// The switch failed: the place waits for a person or a unit that comes back.
    SwitchFailed,
    /// No able unit is left to fill the place.
    NobodyLeft,
    /// The place is filled.
    Filled {
        /// By this unit.
        unit: UnitId,
        /// A person did it.
        by_hand: bool,
    },
    /// The data come back from a backup.
    Restores(Restored),
    /// What happened to the plan.
    Turned(Turn),
    /// The gate is up or down, with so many children up.
    Gate {
        /// Up.
        up: bool,
        /// Children that are up.
        children_up: u32,
    },
    /// What the journey serves.
    Serves {
        /// From now on.
        now: Service,
        /// What of its path is down.
        down: Vec<GateId>,
    },
}

/// A transition.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Transition {
    pub(super) id: TransitionId,
    pub(super) at: Tick,
    /// The state that began is over; the tick itself where one ended, [`Tick::NEVER`] while it is not over.
    pub(super) until: Tick,
    pub(super) subject: Subject,
    pub(super) change: Change,
    /// What it follows from.
    pub(super) parent: Option<TransitionId>,
}
