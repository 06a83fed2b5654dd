//! Repairs that stand still while their group is being reconfigured: what is left of them is kept, and a crew stays.

use ninefold_sim_core::tick::Tick;

use crate::mechanism::failure::Failure;
use crate::mechanism::{Kind, Moment, Out, Pending};
use crate::system::{Meanwhile, ModeId, System, UnitId};

/// Whether a unit's group freezes while a failure is being dealt with.
pub(super) fn can_freeze(system: &System, unit: UnitId) -> bool {
    let group = system.group_of.get(unit as usize).map(|&group| &system.groups[group as usize]);
    let coverage = group.and_then(|group| group.coverage.as_ref());
    coverage.is_some_and(|coverage| coverage.coverage.meanwhile == Meanwhile::Frozen)
}

impl Failure {
    /// The clocks and repairs of a unit stand still from now on.
    pub(super) fn freeze<P: Pending>(&mut self, unit: UnitId, at: Moment<'_>, out: &mut Out<P>) {
        self.change_speed(unit, 0.0, at, out);
        for mode in at.system.units.units[unit as usize].modes.clone() {
            if self.is_present(mode) {
                self.halt(mode, at, out);
            }
        }
    }

    /// They go on.
    pub(super) fn thaw<P: Pending>(&mut self, unit: UnitId, at: Moment<'_>, out: &mut Out<P>) {
        self.change_speed(unit, 1.0, at, out);
        for mode in at.system.units.units[unit as usize].modes.clone() {
            if self.is_present(mode) {
                self.go_on(mode, at, out);
            }
        }
    }

    /// Whether the group of a mode's unit is frozen now.
    pub(super) fn is_frozen(&self, mode: ModeId, system: &System) -> bool {
        let unit = system.units.modes[mode as usize].unit;
        self.speed_of_unit(unit) == 0.0 && can_freeze(system, unit)
    }

    /// A repair stands still.
    pub(super) fn halt<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        let of = &at.system.units.modes[mode as usize];
        let bonds = self.bonds();
        match (of.repair, of.crew) {
            (None, _) => {}
            (_, Some(_)) => bonds.crews.halt(mode, at, out),
            (Some(_), None) => {
                let end = &mut bonds.ends[mode as usize];
                *end = if end.is_never() { *end } else { end.since(at.now) };
                out.cancel(Kind::Repaired, mode);
            }
        }
    }

    fn go_on<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        let of = &at.system.units.modes[mode as usize];
        let bonds = self.bonds();
        match (of.repair, of.crew) {
            (None, _) => {}
            (_, Some(_)) => bonds.crews.go_on(mode, at, out),
            (Some(_), None) => {
                let end = at.now.after(bonds.ends[mode as usize]);
                bonds.ends[mode as usize] = end;
                out.schedule(if end <= at.system.end { end } else { Tick::NEVER }, Kind::Repaired, mode);
            }
        }
    }
}
