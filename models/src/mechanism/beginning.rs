//! How a failure mode begins a replication where it is not simply new.

use ninefold_sim_core::stratum;
use ninefold_sim_core::stream::{Replication, block, open01};
use ninefold_sim_core::tick::Tick;

use crate::system::{ModeId, System};

/// A mode at tick 0. Its first life and its first repair are used up by it, whichever of the two is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beginning {
    /// It is absent and has so much of its first life left, at least one tick.
    Absent {
        /// Time to its next failure, in the time of its clock.
        life_left: Tick,
    },
    /// It is present, and its first repair has so long to go.
    Present {
        /// Calendar time to the end of its repair, at least one tick.
        repair_left: Tick,
    },
}

/// Whether every mode begins as new, its first life a draw like any other.
#[inline]
pub(crate) fn are_plain(system: &System, replication: Replication) -> bool {
    !system.equilibrium.is_stationary() && !replication.is_stratified()
}

/// The beginning of `mode` in a replication, by the first draw of its stream of times to failure or of repairs; `None` if
/// it is new and its first life a draw like any other.
///
/// The draw is the one a new life or repair would take, so that a scenario keeps its random numbers whatever it starts
/// from. A present mode passes over the first draw of its lives: the k-th repair always follows the k-th life.
#[inline]
pub(crate) fn of(mode: ModeId, system: &System, replication: Replication) -> Option<Beginning> {
    if are_plain(system, replication) {
        return None;
    }
    let units = &system.units;
    let declared = &units.modes[mode as usize];
    let ticks = |hours: crate::units::Hours| Tick::from_hours(hours.get()).max(Tick::new(1));
    let first = |stream| open01(block(stream, replication, 0)[0]);
    if let Some(repair) = declared.repair.filter(|_| system.equilibrium.is_present(mode, replication)) {
        let law = &units.laws[repair as usize];
        return Some(Beginning::Present { repair_left: ticks(law.residual_quantile(first(declared.repair_stream))) });
    }
    let drawn = first(declared.failure_stream);
    let uniform = stratum::stratified(declared.failure_stream, replication, (0, drawn));
    let law = &units.laws[declared.time_to_failure as usize];
    let left = if system.equilibrium.is_stationary() { law.residual_quantile(uniform) } else { law.quantile(uniform) };
    Some(Beginning::Absent { life_left: ticks(left) })
}
