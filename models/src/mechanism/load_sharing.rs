//! Load sharing: the clocks of a component's units run as fast as the number of them that are up says.

use crate::mechanism::failure::Failure;
use crate::mechanism::{Moment, Out, Pending};
use crate::system::{System, UnitId};

/// How fast the clocks of a unit run with everything up.
pub(super) fn speed_at_start(system: &System, unit: UnitId) -> f64 {
    let shared = system.units.units[unit as usize].component.and_then(|component| system.load_sharing(component));
    shared.and_then(|shared| shared.hazards.last().copied()).unwrap_or(1.0)
}

impl Failure {
    /// A unit came up or went down: those it shares a load with carry another part of it.
    pub(super) fn load_shifts<P: Pending>(&mut self, unit: UnitId, at: Moment<'_>, out: &mut Out<P>) {
        let Some(component) = at.system.units.units[unit as usize].component else { return };
        let Some(shared) = at.system.load_sharing(component) else { return };
        let units = at.system.components[component as usize].units.clone();
        let up = units.clone().filter(|&unit| at.board.is_able(unit)).count();
        let speed = shared.hazards[up];
        if self.speed_of_unit(unit) != speed {
            units.for_each(|unit| self.change_speed(unit, speed, at, out));
        }
    }
}
