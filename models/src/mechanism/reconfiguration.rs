//! Coverage: a failure that leaves a group enough able units is covered or not, and either way the group does not serve
//! until it is dealt with.
//!
//! Failures of one instant are one: they are drawn for together. A failure while another is being dealt with (by a
//! calendar clock, a lost domain, or where clocks run on) is drawn for as well, and the group serves again once all are.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use crate::board::{Fact, FactKind, FactSet};
use crate::mechanism::{Kind, Mechanism, Moment, Out};
use crate::system::{CoverageGroup, Group, Meanwhile, System};

/// The reconfiguration of one group.
#[derive(Clone, Debug)]
struct Window {
    group: u32,
    success: Stream,
    takes: [Stream; 2],
    /// The instant of the last failure that was drawn for.
    drawn: Tick,
    /// While it is open: whether its last failure to be dealt with is uncovered, and when that is done.
    open: Option<(usize, Tick)>,
}

/// The reconfigurations of every group with coverage.
#[derive(Debug)]
pub(super) struct Reconfiguration {
    windows: Vec<Window>,
}

fn group<'a>(window: &Window, system: &'a System) -> (&'a Group, &'a CoverageGroup) {
    let group = &system.groups[window.group as usize];
    (group, group.coverage.as_ref().expect("bug: only groups with coverage have a window"))
}

impl Window {
    fn of(group: u32, coverage: &CoverageGroup) -> Self {
        let takes = coverage.takes_streams.map(Stream::new);
        Self { group, success: Stream::new(coverage.success_stream), takes, drawn: Tick::NEVER, open: None }
    }

    /// Whether a failure is uncovered (0 or 1), and when it is dealt with.
    fn draw(&mut self, coverage: &CoverageGroup, at: Moment<'_>) -> (usize, Tick) {
        let uncovered = usize::from(self.success.open01(at.replication) >= coverage.coverage.success);
        let law = [&coverage.coverage.covered, &coverage.coverage.uncovered][uncovered];
        let takes = law.quantile(self.takes[uncovered].open01(at.replication));
        (uncovered, at.now.after(Tick::from_hours(takes.get())))
    }

    fn failed(&mut self, at: Moment<'_>, out: &mut Out) {
        let (group, coverage) = group(self, at.system);
        let able = group.units.iter().filter(|&&unit| at.board.is_able(unit)).count();
        if able < coverage.need as usize || self.drawn == at.now {
            return;
        }
        self.drawn = at.now;
        let (uncovered, ends) = self.draw(coverage, at);
        let until = self.open.map_or(at.now, |(_, until)| until);
        if ends <= until {
            return;
        }
        match self.open.replace((uncovered, ends)) {
            Some((before, _)) if before != uncovered => out.lift(coverage.slots[before]),
            Some(_) => {}
            None => self.hold(at, out),
        }
        out.place(coverage.slots[uncovered]);
        out.schedule(
            if ends <= at.system.end { ends } else { Tick::NEVER },
            Kind::ReconfigurationEnds,
            coverage.window,
        );
    }

    /// No unit of the group serves; where all is frozen, no clock and no repair runs.
    fn hold(&self, at: Moment<'_>, out: &mut Out) {
        let (group, coverage) = group(self, at.system);
        for &unit in &group.units {
            out.place(at.system.units.units[unit as usize].dormant.expect("bug: its group has coverage"));
            if coverage.coverage.meanwhile == Meanwhile::Frozen {
                out.note(FactKind::StoodDown, unit);
            }
        }
    }

    fn ends(&mut self, at: Moment<'_>, out: &mut Out) {
        let (group, coverage) = group(self, at.system);
        let Some((uncovered, _)) = self.open.take() else { return };
        out.lift(coverage.slots[uncovered]);
        for &unit in &group.units {
            out.lift(at.system.units.units[unit as usize].dormant.expect("bug: its group has coverage"));
            if coverage.coverage.meanwhile == Meanwhile::Frozen {
                out.note(FactKind::Activated, unit);
            }
        }
    }
}

impl Mechanism for Reconfiguration {
    const LISTENS: FactSet = FactSet::of(&[FactKind::UnitDown]);

    fn new(system: &System) -> Self {
        let groups = (0..).zip(&system.groups);
        let windows = groups.filter_map(|(id, group)| group.coverage.as_ref().map(|coverage| Window::of(id, coverage)));
        Self { windows: windows.collect() }
    }

    fn listens(&self) -> FactSet {
        if self.windows.is_empty() { FactSet::NONE } else { Self::LISTENS }
    }

    fn start(&mut self, _: Moment<'_>, _: &mut Out) {
        for window in &mut self.windows {
            window.success.rewind();
            window.takes.iter_mut().for_each(Stream::rewind);
            (window.drawn, window.open) = (Tick::NEVER, None);
        }
    }

    fn event(&mut self, _: Kind, window: u32, at: Moment<'_>, out: &mut Out) {
        self.windows[window as usize].ends(at, out);
    }

    fn fact(&mut self, fact: Fact, at: Moment<'_>, out: &mut Out) {
        if at.system.units.is_domain(fact.subject) {
            return;
        }
        let group = &at.system.groups[at.system.group_of[fact.subject as usize] as usize];
        if let Some(coverage) = &group.coverage {
            self.windows[coverage.window as usize].failed(at, out);
        }
    }
}
