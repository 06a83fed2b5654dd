//! Visibility: what a probe of a unit can see of what is wrong with it.

use crate::mechanism::Moment;
use crate::system::{HealthCheck, UnitId};

/// What is wrong with a unit, to its health check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    /// A probe finds it bad, but for error.
    pub(super) bad: bool,
    /// Something is wrong that no probe of it sees.
    pub(super) unseen: bool,
}

/// Looks at a unit through a health check.
pub(super) fn look(check: &HealthCheck, unit: UnitId, at: Moment<'_>) -> Look {
    let Some(seen) = &check.seen else { return Look { bad: !at.board.is_able(unit), unseen: false } };
    let of = &at.system.units.units[unit as usize];
    let mut look = Look { bad: of.lost.clone().any(|slot| at.board.is_active(slot)), unseen: false };
    for (mode, &is_seen) in of.modes.clone().zip(seen).filter(|(mode, _)| at.board.is_active(*mode)) {
        debug_assert_eq!(at.system.units.modes[mode as usize].unit, unit);
        look.bad |= is_seen;
        look.unseen |= !is_seen;
    }
    look
}
