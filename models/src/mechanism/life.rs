//! The clock of a failure mode: how much of its life is left, and whether it runs down.

use std::ops::Range;

use ninefold_sim_core::tick::Tick;

use crate::mechanism::spread::is_bound;
use crate::system::{Clock, Effect, Mode, ModeId, System, UnitId};

/// The clock of one mode: how much of its life is left, and whether it is running down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Life {
    pub(super) left: Tick,
    pub(super) since: Tick,
    pub(super) unit: UnitId,
    /// Law of the time to failure.
    pub(super) failure: u32,
    /// Law of the repair; [`NEVER`] if there is none.
    pub(super) repair: u32,
    pub(super) clock: Clock,
    pub(super) takes_down: bool,
    /// Its unit has no other mode, is never dormant and shares no load: its clock runs at speed 1 whenever it is absent.
    pub(super) alone: bool,
    /// Its failures reach beyond its unit, or its repair waits for something.
    pub(super) bound: bool,
    pub(super) running: bool,
    pub(super) present: bool,
}

/// No law.
pub(super) const NEVER: u32 = u32::MAX;

/// A unit as its modes see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Host {
    /// Its modes.
    pub(super) first: ModeId,
    pub(super) after: ModeId,
    /// Modes that hold it down.
    pub(super) down_modes: u32,
    /// Speed of its operating time.
    pub(super) speed: f64,
}

impl Life {
    pub(super) fn of(system: &System, mode: &Mode) -> Self {
        let unit = &system.units.units[mode.unit as usize];
        Self {
            left: Tick::NEVER,
            since: Tick::ZERO,
            unit: mode.unit,
            failure: mode.time_to_failure,
            repair: mode.repair.unwrap_or(NEVER),
            clock: mode.clock,
            takes_down: mode.effect == Effect::Down,
            bound: is_bound(system, mode),
            alone: unit.modes.len() == 1
                && unit.dormant.is_none()
                && unit.component.is_none_or(|component| system.load_sharing(component).is_none())
                && !matches!(mode.clock, Clock::Service | Clock::Struck | Clock::Called),
            running: false,
            present: false,
        }
    }
}

impl Host {
    pub(super) const fn of(modes: Range<ModeId>) -> Self {
        Self { first: modes.start, after: modes.end, down_modes: 0, speed: 1.0 }
    }
}

/// A span of one clock on another that runs at `speed` of it, rounded up so that a clock never runs out early.
pub(super) fn at_speed(span: Tick, speed: f64) -> Tick {
    if speed == 1.0 || span.is_never() {
        return span;
    }
    let scaled = (span.get() as f64 * speed).ceil();
    if scaled < Tick::LAST.get() as f64 { Tick::new(scaled as i64) } else { Tick::NEVER }
}
