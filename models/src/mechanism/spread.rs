//! Failures that bring others with them, and repairs that wait: for a crew, for a test, or until a place is filled.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use crate::board::FactKind;
use crate::mechanism::crews::Crews;
use crate::mechanism::failure::Failure;
use crate::mechanism::freeze::can_freeze;
use crate::mechanism::restore::Restores;
use crate::mechanism::supply::Supplies;
use crate::mechanism::virtual_age::{VirtualAges, restarts};
use crate::mechanism::{Kind, Moment, Out, Pending};
use crate::system::{Clock, Effect, JobId, Mode, ModeId, RepairStarts, Standby, System, UnitId};

/// What binds units to one another.
#[derive(Debug)]
pub(super) struct Bonds {
    pub(super) crews: Crews,
    /// What repairs need beside them.
    pub(super) supplies: Supplies,
    /// Whether and whom each propagation hits.
    hits: Vec<Stream>,
    /// Which test finds a hidden failure.
    found: Vec<Stream>,
    /// For each mode, the work of its repair while it waits for a place to be filled.
    held: Vec<Option<Tick>>,
    /// For each mode that has a crew of its own and may be frozen, when its repair ends; while it is, what is left of it.
    pub(super) ends: Vec<Tick>,
    /// Data that come back from backups.
    pub(super) restores: Restores,
    /// How old modes are whose repairs do not make them as good as new.
    pub(super) ages: VirtualAges,
}

impl Bonds {
    pub(super) fn of(system: &System) -> Option<Box<Self>> {
        let units = &system.units;
        let bonds = || Self {
            crews: Crews::of(system),
            supplies: Supplies::of(system),
            hits: units.propagations.iter().map(|propagation| Stream::new(propagation.stream)).collect(),
            found: units.tests.iter().map(|tests| Stream::new(tests.stream)).collect(),
            held: vec![None; units.modes.len()],
            ends: vec![Tick::NEVER; units.modes.len()],
            restores: Restores::of(system),
            ages: VirtualAges::of(system),
        };
        let calls = !system.plans.jobs.is_empty();
        (calls || units.modes.iter().any(|mode| is_bound(system, mode))).then(|| Box::new(bonds()))
    }

    /// Begins a replication.
    pub(super) fn clear(&mut self, system: &System) {
        self.crews.clear(system);
        self.supplies.start(system);
        self.hits.iter_mut().chain(&mut self.found).for_each(Stream::rewind);
        self.held.fill(None);
        self.restores.clear();
    }
}

/// Whether a mode's failures reach beyond its unit, or its repair waits for something.
pub(super) fn is_bound(system: &System, mode: &Mode) -> bool {
    mode.crew.is_some()
        || mode.tests.is_some()
        || !mode.propagates.is_empty()
        || waits_for_switch(system, mode.unit)
        || can_freeze(system, mode.unit)
        || keeps_data(system, mode)
        || mode.worn.is_some()
        || mode.is_restored
        || mode.is_told
        || restarts(system, mode)
}

/// Whether a failure of a mode counts against the data of its component.
fn keeps_data(system: &System, mode: &Mode) -> bool {
    let component = system.units.units[mode.unit as usize].component;
    mode.effect == Effect::Down && system.data.iter().any(|data| Some(data.component) == component)
}

/// Whether repairs of a unit may wait until its place is filled: not where every unit has a place.
fn waits_for_switch(system: &System, unit: UnitId) -> bool {
    let Some(&group) = system.group_of.get(unit as usize) else { return false };
    let group = &system.groups[group as usize];
    group.standby.as_ref().is_some_and(|standby| {
        let Standby { repair_starts, active, .. } = standby.scheme;
        repair_starts == RepairStarts::AfterSwitch && (active as usize) < group.units.len()
    })
}

impl Failure {
    /// The repair of a bound mode that has failed.
    #[cold]
    #[inline(never)]
    pub(super) fn call_repair<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        let of = &at.system.units.modes[mode as usize];
        if keeps_data(at.system, of) && self.is_healthy(of.unit) {
            out.note(FactKind::UnitFailed, of.unit);
        }
        if of.is_told {
            out.note(FactKind::ModeTurned, mode);
        }
        if of.is_restored {
            return self.restore((mode, at.now), at, out);
        }
        let Some(law) = of.repair else { return };
        let work = self.repairs.next(mode, &at.system.units.laws[law as usize], at.replication);
        // Who has no place waits for none to be filled.
        let in_place =
            of.effect == Effect::Down && waits_for_switch(at.system, of.unit) && !at.board.is_dormant(of.unit);
        if in_place {
            self.bonds().held[mode as usize] = Some(work);
            return;
        }
        self.begin_repair((mode, work), at, out);
    }

    pub(super) fn bonds(&mut self) -> &mut Bonds {
        self.bonds.as_mut().expect("bug: a system with bound modes has bonds")
    }

    fn begin_repair<P: Pending>(&mut self, (mode, work): (ModeId, Tick), at: Moment<'_>, out: &mut Out<P>) {
        if at.system.units.modes[mode as usize].crew.is_none() {
            let done = self.found(mode, at).after(work);
            self.bonds().ends[mode as usize] = done;
            if done <= at.system.end {
                out.schedule(done, Kind::Repaired, mode);
            }
            if self.is_frozen(mode, at.system) {
                self.halt(mode, at, out);
            }
            return;
        }
        self.supply((mode, work), at, out);
    }

    /// A repair calls for a crew, which has its way to go before the work.
    pub(super) fn call_crew<P: Pending>(&mut self, (mode, work): (ModeId, Tick), at: Moment<'_>, out: &mut Out<P>) {
        let Self { bonds, repairs, .. } = self;
        let Bonds { crews, supplies, .. } = &mut **bonds.as_mut().expect("bug: a system with crews has bonds");
        let work = supplies.travel(mode, at).after(work);
        let draw = |of: ModeId| {
            let law = at.system.units.modes[of as usize].repair.expect("bug: what is under way has a repair");
            let work = repairs.next(of, &at.system.units.laws[law as usize], at.replication);
            supplies.travel(of, at).after(work)
        };
        crews.call((mode, work), draw, at, out);
        if self.is_frozen(mode, at.system) {
            self.halt(mode, at, out);
        }
    }

    /// When a failure is found: at once, or by a test.
    pub(super) fn found(&mut self, mode: ModeId, at: Moment<'_>) -> Tick {
        let Some(tests) = at.system.units.modes[mode as usize].tests else { return at.now };
        let declared = at.system.units.tests[tests as usize];
        if declared.coverage == 1.0 {
            return declared.found(at.now, 0.0);
        }
        let uniform = self.bonds().found[tests as usize].open01(at.replication);
        declared.found(at.now, libm::floor(libm::log(uniform) / libm::log1p(-declared.coverage)))
    }

    /// The repair of a bound mode has ended.
    #[cold]
    #[inline(never)]
    pub(super) fn dismiss_repair<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        let of = &at.system.units.modes[mode as usize];
        if of.is_told {
            out.note(FactKind::ModeTurned, mode);
        }
        if of.crew.is_some() {
            self.bonds().crews.dismiss(mode, at, out);
        }
    }

    /// A plan needs one of a team's crews, or needs it no longer.
    pub(super) fn job<P: Pending>(&mut self, (job, wanted): (JobId, bool), at: Moment<'_>, out: &mut Out<P>) {
        let crews = &mut self.bonds().crews;
        if wanted { crews.call_job(job, at, out) } else { crews.dismiss_job(job, at, out) }
    }

    /// The place of a unit is filled, or nobody is left to fill it.
    pub(super) fn release_repairs<P: Pending>(&mut self, unit: UnitId, at: Moment<'_>, out: &mut Out<P>) {
        // A group that has a place for every unit holds none back, and may have no bonds.
        if !waits_for_switch(at.system, unit) {
            return;
        }
        for mode in at.system.units.units[unit as usize].modes.clone() {
            if let Some(work) = self.bonds().held[mode as usize].take() {
                self.begin_repair((mode, work), at, out);
            }
        }
    }

    /// What a failure brings with it at the same instant.
    #[cold]
    #[inline(never)]
    pub(super) fn propagate<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        for propagation in at.system.units.modes[mode as usize].propagates.clone() {
            let declared = at.system.units.propagations[propagation as usize];
            let happens = self.bonds().hits[propagation as usize].open01(at.replication) < declared.probability;
            for _ in 0..if happens { declared.units } else { 0 } {
                let Some(victim) = self.choose(propagation, declared.to, at) else { break };
                self.cut_short(victim, at);
                out.cancel(Kind::Fails, victim);
                self.takes_hold(victim, at, out);
            }
        }
    }

    /// An operating unit of a component, chosen evenly, and one of its modes in proportion to their rates.
    fn choose(&mut self, propagation: u32, component: u32, at: Moment<'_>) -> Option<ModeId> {
        let units = at.system.components[component as usize].units.clone();
        let operating = units.clone().filter(|&unit| self.is_operating(unit, at.system)).count();
        if operating == 0 {
            return None;
        }
        let stream = &mut self.bonds().hits[propagation as usize];
        let (which, how) = (stream.open01(at.replication), stream.open01(at.replication));
        let place = ((which * operating as f64) as usize).min(operating - 1);
        let unit = units.filter(|&unit| self.is_operating(unit, at.system)).nth(place)?;
        let of = &at.system.units;
        let rate = |mode: ModeId| 1.0 / of.laws[of.modes[mode as usize].time_to_failure as usize].mean().get();
        let modes = || {
            let modes = of.units[unit as usize].modes.clone();
            modes.filter(|&mode| {
                let Mode { effect, clock, .. } = &of.modes[mode as usize];
                *effect == Effect::Down && !matches!(clock, Clock::Struck | Clock::Called)
            })
        };
        let mut left = how * modes().map(rate).sum::<f64>();
        let chosen = modes().find(|&mode| {
            left -= rate(mode);
            left < 0.0
        });
        chosen.or_else(|| modes().next_back())
    }

    /// Whether a unit's operating clock runs, as far as its own modes and its standby scheme are concerned.
    fn is_operating(&self, unit: UnitId, system: &System) -> bool {
        let mut modes = system.units.units[unit as usize].modes.clone();
        let holds = |mode: ModeId| self.is_present(mode) && system.units.modes[mode as usize].effect == Effect::Down;
        self.speed_of_unit(unit) > 0.0 && !modes.any(holds)
    }
}
