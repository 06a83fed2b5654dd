//! What happens to failover plans, one entry a transition: everything that is told of a failover follows from these.

use ninefold_sim_core::tick::Tick;

use crate::system::{PlanId, StepId, UnitId};

/// Why a plan was set off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The unit in the place is lost.
    True,
    /// A false alarm: the unit in the place is able.
    False,
    /// A false alarm that would give the place back to the unit which the move before took it from.
    Flap,
    /// A test that moves the place.
    Test,
    /// The place goes back to the unit that has lost it.
    Failback,
}

impl Reason {
    /// Every reason, in order.
    pub const ALL: [Self; 5] = [Self::True, Self::False, Self::Flap, Self::Test, Self::Failback];

    /// As tables name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::True => "true",
            Self::False => "false",
            Self::Flap => "flap",
            Self::Test => "test",
            Self::Failback => "failback",
        }
    }
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The plan moved the place.
    Moved,
    /// A person moved it.
    ByHand,
    /// The first unit that was able again took it.
    ByRepair,
    /// The unit in the place was able again before anything was done.
    Recovered,
    /// A false alarm was seen to be one, or there was nobody to move the place to.
    Dismissed,
    /// A step failed, and the unit that had the place took it again.
    RolledBack,
}

impl Ending {
    /// As tables name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::ByHand => "by_hand",
            Self::ByRepair => "by_repair",
            Self::Recovered => "recovered",
            Self::Dismissed => "dismissed",
            Self::RolledBack => "rolled_back",
        }
    }
}

/// How a try of a step, or the step, ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepEnding {
    /// It worked.
    Done,
    /// This try did not work, and there is another.
    Again,
    /// It did not work.
    Failed,
    /// It was given up: another step failed, a person took over, or the unit it was for was lost.
    GivenUp,
}

/// A transition of a plan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Turn {
    /// An attempt begins: the unit in the place is lost, an alarm is false, a test or a failback is due.
    Started {
        /// Why.
        reason: Reason,
        /// The unit in the place.
        from: UnitId,
    },
    /// While it is decided about a false alarm, the unit is lost indeed.
    LostIndeed,
    /// A person decides whether to move the place.
    Deciding,
    /// One of the deciding team has come.
    Approving,
    /// It is decided: the place is moved, to this unit.
    Decided(UnitId),
    /// The unit it was to be moved to is lost, and the steps begin anew with this one.
    Instead(UnitId),
    /// No unit is able to take the place: the first that is takes it.
    NobodyLeft,
    /// A defect that had come since the last test keeps the plan from working.
    Defect,
    /// A test that does not move the place was carried out.
    Tested {
        /// Whether it found a defect, which is mended.
        found: bool,
    },
    /// A step is handed over, or waits for a crew or its control plane.
    StepReady(StepId),
    /// One of the step's team is called for.
    StepCalls(StepId),
    /// A step is under way.
    StepBegins(StepId),
    /// A try of a step is over, or the step.
    StepEnds(StepId, StepEnding),
    /// A person takes over from the plan.
    TakenOver,
    /// A person decided wrongly, and decides again.
    WrongDecision,
    /// The attempt is over.
    Ended {
        /// How.
        how: Ending,
        /// The unit in the place.
        to: UnitId,
    },
    /// This unit has to catch up before it may have the place again.
    FellBehind(UnitId),
    /// The unit that lost the place is able again, and catches up from now on.
    Resyncing {
        /// Whether it ever has.
        ends: bool,
    },
    /// It has caught up and may take the place again.
    Resynced,
    /// Its data have diverged, which was found: it catches up anew.
    DivergenceFound,
    /// Its data have diverged, which was missed.
    DivergenceMissed,
}

impl Turn {
    /// Whether what begins by it lasts until the next.
    pub fn lasts(self) -> bool {
        let over = matches!(self, Self::StepEnds(_, how) if how != StepEnding::Again);
        !(over || matches!(self, Self::Ended { .. } | Self::Tested { .. } | Self::Resynced | Self::DivergenceMissed))
    }
}

/// A transition with its time and place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Happening {
    /// When.
    pub at: Tick,
    /// To which instance of a plan.
    pub instance: PlanId,
    /// What.
    pub turn: Turn,
}
