//! Loss of data: counts the failed units of a component at each failure of one of them.
//!
//! A unit is failed while one of its own modes holds it down; what a lost domain takes out of reach is not lost. Failures
//! of one instant are one. Where lost data come back from a backup, the mode is struck that is their loss.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use crate::board::{Fact, FactKind, FactSet};
use crate::mechanism::{Kind, Mechanism, Moment, Out};
use crate::system::{Effect, System, UnitId};

/// The data of one component in one replication.
#[derive(Debug)]
struct Data {
    unreadable: Stream,
    /// The instant of the last failure that used up what is tolerated.
    drawn: Tick,
    /// When they were first lost; [`Tick::NEVER`] while they are not.
    lost: Tick,
}

/// The data of every component that may lose some.
#[derive(Debug)]
pub(super) struct DataLoss {
    data: Vec<Data>,
    /// For each component, its place among them; empty where there are none.
    place: Vec<Option<u32>>,
}

impl DataLoss {
    /// When the data of each were lost; [`Tick::NEVER`] for those that were not.
    pub(super) fn lost(&self) -> impl Iterator<Item = Tick> + '_ {
        self.data.iter().map(|data| data.lost)
    }
}

fn is_failed(unit: UnitId, at: Moment<'_>) -> bool {
    let units = &at.system.units;
    let mut modes = units.units[unit as usize].modes.clone();
    modes.any(|mode| at.board.is_active(mode) && units.modes[mode as usize].effect == Effect::Down)
}

impl Mechanism for DataLoss {
    const LISTENS: FactSet = FactSet::of(&[FactKind::UnitFailed]);

    fn new(system: &System) -> Self {
        let data = |data: &crate::system::DataLoss| Data {
            unreadable: Stream::new(data.stream),
            drawn: Tick::NEVER,
            lost: Tick::NEVER,
        };
        let components = if system.data.is_empty() { 0 } else { system.components.len() };
        let mut place = vec![None; components];
        (0..).zip(&system.data).for_each(|(i, data)| place[data.component as usize] = Some(i));
        Self { data: system.data.iter().map(data).collect(), place }
    }

    fn listens(&self) -> FactSet {
        if self.data.is_empty() { FactSet::NONE } else { Self::LISTENS }
    }

    fn start(&mut self, _: Moment<'_>, _: &mut Out) {
        for data in &mut self.data {
            data.unreadable.rewind();
            (data.drawn, data.lost) = (Tick::NEVER, Tick::NEVER);
        }
    }

    fn event(&mut self, kind: Kind, _: u32, _: Moment<'_>, _: &mut Out) {
        unreachable!("bug: loss of data owns no events, got {kind:?}");
    }

    fn fact(&mut self, fact: Fact, at: Moment<'_>, out: &mut Out) {
        let component = at.system.units.units[fact.subject as usize].component;
        let Some(place) = component.and_then(|component| self.place[component as usize]) else { return };
        let (data, declared) = (&mut self.data[place as usize], &at.system.data[place as usize]);
        if !data.lost.is_never() && declared.restores.is_none() {
            return;
        }
        let units = at.system.components[declared.component as usize].units.clone();
        let failed = units.filter(|&unit| is_failed(unit, at)).count() as u32;
        let mut lost = failed > declared.tolerates;
        if failed == declared.tolerates && data.drawn != at.now {
            data.drawn = at.now;
            lost = data.unreadable.open01(at.replication) < declared.unreadable;
        }
        if lost {
            data.lost = data.lost.min(at.now);
            declared.restores.into_iter().for_each(|mode| out.note(FactKind::Struck, mode));
        }
    }
}
