//! Experiments: modes that are brought about on purpose, and taken back when they hurt more than they may.
//!
//! Whom an experiment strikes is drawn here among those that are up; that its mode takes hold, and ends, is the affair of
//! failure and repair. Whether its hypothesis held is read from the trace.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use crate::board::{Fact, FactKind, FactSet};
use crate::mechanism::{Kind, Mechanism, Moment, Out};
use crate::replication::Experimented;
use crate::system::{Due, Experiment, ModeId, System};

/// The experiments of one world.
#[derive(Debug)]
pub(super) struct Experiments {
    all: Vec<Stand>,
    done: Vec<Experimented>,
    can_abort: bool,
}

/// Where an experiment stands.
#[derive(Debug)]
struct Stand {
    times: Stream,
    choices: Stream,
    /// The next of its fixed times.
    next: usize,
    /// Its place among those done, if it is under way.
    under_way: Option<usize>,
    /// The modes of it that are present, the first so many of these.
    struck: Vec<ModeId>,
}

impl Experiments {
    /// Those that were due so far, in order.
    pub(super) fn done(&self) -> &[Experimented] {
        &self.done
    }

    fn schedule_next(&mut self, of: u32, at: Moment<'_>, out: &mut Out) {
        let stand = &mut self.all[of as usize];
        let due = match &at.system.spec.experiments[of as usize].when {
            Due::At(_) => {
                stand.next += 1;
                at.system.experiments[of as usize].at.get(stand.next - 1).copied().unwrap_or(Tick::NEVER)
            }
            Due::Every(law) => {
                let time = law.quantile(stand.times.open01(at.replication)).get();
                at.now.after(Tick::from_hours(time).max(Tick::new(1)))
            }
        };
        if due <= at.system.end {
            out.schedule(due, Kind::ExperimentDue, of);
        }
    }

    /// Begins an experiment, if the system is as it should be before.
    fn begin(&mut self, of: u32, at: Moment<'_>, out: &mut Out) {
        let declared = &at.system.experiments[of as usize];
        let stand = &mut self.all[of as usize];
        let mut due = Experimented { of, began: at.now, ended: at.now, struck: 0, aborted: false };
        let is_steady = holds(declared.abort_below, at) && holds(declared.hypothesis, at);
        if stand.under_way.is_none() && is_steady {
            stand.struck.clear();
            stand.struck.extend(declared.modes.iter().filter(|&&mode| is_serving(mode, at)));
            let most = at.system.spec.experiments[of as usize].units as usize;
            for place in 0..stand.struck.len().min(most) {
                let left = stand.struck.len() - place;
                let uniform = stand.choices.open01(at.replication);
                stand.struck.swap(place, place + ((uniform * left as f64) as usize).min(left - 1));
            }
            stand.struck.truncate(most);
            stand.struck.iter().for_each(|&mode| out.note(FactKind::Struck, mode));
            if !stand.struck.is_empty() {
                (due.struck, due.ended) = (stand.struck.len() as u32, Tick::NEVER);
                stand.under_way = Some(self.done.len());
            }
        }
        self.done.push(due);
    }

    /// Gives an experiment up if what it must not harm is harmed still.
    fn abort(&mut self, of: u32, at: Moment<'_>, out: &mut Out) {
        let stand = &mut self.all[of as usize];
        let Some(place) = stand.under_way else { return };
        if !holds(at.system.experiments[of as usize].abort_below, at) {
            self.done[place].aborted = true;
            stand.struck.iter().for_each(|&mode| out.note(FactKind::InjectionLifted, mode));
        }
    }

    /// A mode that was brought about is over.
    fn over(&mut self, mode: ModeId, now: Tick) {
        for stand in &mut self.all {
            let Some(place) = stand.under_way else { continue };
            if let Some(found) = stand.struck.iter().position(|&struck| struck == mode) {
                stand.struck.swap_remove(found);
                if stand.struck.is_empty() {
                    self.done[place].ended = now;
                    stand.under_way = None;
                }
                return;
            }
        }
    }
}

/// Whether a journey serves the share that a condition asks for.
fn holds(condition: Option<(u32, f64)>, at: Moment<'_>) -> bool {
    condition.is_none_or(|(journey, success)| at.board.service(journey).served >= success)
}

/// Whether the unit of a mode is up; of a component that is scaled, whether it has been started, too.
fn is_serving(mode: ModeId, at: Moment<'_>) -> bool {
    let unit = at.system.units.modes[mode as usize].unit;
    let component = at.system.units.units[unit as usize].component;
    let is_scaled = component.is_some_and(|component| at.system.components[component as usize].scaled);
    at.board.is_able(unit) && !(is_scaled && at.board.is_dormant(unit))
}

impl Mechanism for Experiments {
    const LISTENS: FactSet = FactSet::of(&[FactKind::ServiceChanged, FactKind::InjectionOver]);

    fn new(system: &System) -> Self {
        let stand = |of: &Experiment| Stand {
            times: Stream::new(of.time_stream),
            choices: Stream::new(of.choice_stream),
            next: 0,
            under_way: None,
            struck: Vec::with_capacity(of.modes.len()),
        };
        Self {
            all: system.experiments.iter().map(stand).collect(),
            done: Vec::new(),
            can_abort: system.experiments.iter().any(|of| of.abort_below.is_some()),
        }
    }

    fn listens(&self) -> FactSet {
        match (self.all.is_empty(), self.can_abort) {
            (true, _) => FactSet::NONE,
            (_, true) => Self::LISTENS,
            (_, false) => FactSet::of(&[FactKind::InjectionOver]),
        }
    }

    fn start(&mut self, at: Moment<'_>, out: &mut Out) {
        self.done.clear();
        for of in 0..self.all.len() {
            let stand = &mut self.all[of];
            stand.times.rewind();
            stand.choices.rewind();
            (stand.next, stand.under_way) = (0, None);
            self.schedule_next(of as u32, at, out);
        }
    }

    fn event(&mut self, kind: Kind, of: u32, at: Moment<'_>, out: &mut Out) {
        if kind == Kind::ExperimentDue {
            self.begin(of, at, out);
            self.schedule_next(of, at, out);
        } else {
            self.abort(of, at, out);
        }
    }

    fn fact(&mut self, fact: Fact, at: Moment<'_>, out: &mut Out) {
        if fact.kind == FactKind::InjectionOver {
            return self.over(fact.subject, at.now);
        }
        for (of, declared) in (0..).zip(&at.system.experiments) {
            let is_watched = declared.abort_below.is_some_and(|(journey, _)| journey == fact.subject);
            if is_watched && self.all[of as usize].under_way.is_some() && !holds(declared.abort_below, at) {
                // An instant may pass through states that last no time: whoever takes over at once must have done so.
                out.schedule(at.now.after(Tick::new(1)), Kind::ExperimentAborts, of);
            }
        }
    }
}
