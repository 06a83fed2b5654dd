//! How a failure mode begins a replication: new, or found somewhere in its course.

use ninefold_sim_core::stratum;
use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use crate::mechanism::Moment;
use crate::system::ModeId;

/// A mode at tick 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beginning {
    /// It is absent and has so much of its life left, at least one tick.
    Absent {
        /// Time to its next failure, in the time of its clock.
        life_left: Tick,
    },
    /// It is present, and its repair has so long to go.
    Present {
        /// Calendar time to the end of its repair, at least one tick.
        repair_left: Tick,
    },
}

/// The beginning of `mode`, by the first draw of its stream of times to failure or of repairs.
///
/// The draw is the one a new life or repair would take, so that a scenario keeps its random numbers whatever it starts
/// from.
pub(crate) fn of(mode: ModeId, at: Moment<'_>, (failures, repairs): (&mut Stream, &mut Stream)) -> Beginning {
    let (units, equilibrium) = (&at.system.units, &at.system.equilibrium);
    let declared = &units.modes[mode as usize];
    let life = &units.laws[declared.time_to_failure as usize];
    let ticks = |hours: crate::units::Hours| Tick::from_hours(hours.get()).max(Tick::new(1));
    match declared.repair {
        Some(repair) if equilibrium.is_present(mode, at.replication) => {
            let uniform = repairs.open01(at.replication);
            Beginning::Present { repair_left: ticks(units.laws[repair as usize].residual_quantile(uniform)) }
        }
        _ => {
            let drawn = (0, failures.open01(at.replication));
            let uniform = stratum::stratified(declared.failure_stream, at.replication, drawn);
            let left =
                if equilibrium.is_stationary() { life.residual_quantile(uniform) } else { life.quantile(uniform) };
            Beginning::Absent { life_left: ticks(left) }
        }
    }
}
