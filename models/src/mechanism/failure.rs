//! Failure and repair of units: competing modes, each with its own clock, each renewed by its own repair.

use ninefold_sim_core::tick::Tick;

use crate::board::{Fact, FactKind, FactSet};
use crate::mechanism::ahead::Ahead;
use crate::mechanism::beginning::{self, Beginning};
use crate::mechanism::freeze::can_freeze;
use crate::mechanism::life::{Host, Life, NEVER, at_speed};
use crate::mechanism::load_sharing::speed_at_start;
use crate::mechanism::service_clock::ServiceClocks;
use crate::mechanism::spread::Bonds;
use crate::mechanism::{Kind, Mechanism, Moment, Out, Pending};
use crate::system::{Clock, Mode, ModeId, Redundancy, StandbyMode, System, UnitId};

/// Failure and repair of every mode of every unit.
///
/// A clock with `operating` time stands still while its unit is down by any of its modes, and runs at the speed its
/// standby scheme gives a dormant unit. `calendar` always runs but for the time the mode itself is present. `service`
/// also stands still while every journey through the component is down. Units that share a load age by how many of them are
/// up. `struck` and `called` never run: a shock, or a switch that
/// calls the unit, brings their modes about.
///
/// The modes of units that go by a [timeline](crate::timeline) are not among its own.
#[derive(Debug)]
pub(crate) struct Failure {
    own: Vec<ModeId>,
    pub(super) life: Vec<Life>,
    pub(super) hosts: Vec<Host>,
    pub(super) failures: Ahead,
    pub(super) repairs: Ahead,
    service: Option<ServiceClocks>,
    pub(super) bonds: Option<Box<Bonds>>,
    has_standby: bool,
    /// Plans call for crews.
    calls: bool,
    has_struck: bool,
    shares_load: bool,
    /// Experiments bring modes about, and are told when they are over.
    has_injected: bool,
    /// A team chooses what it takes up next.
    chooses: bool,
}

impl Failure {
    /// The clocks of these modes, all of a unit or none.
    pub(crate) fn of(system: &System, own: Vec<ModeId>) -> Self {
        let units = &system.units;
        let calls = !system.plans.jobs.is_empty();
        let dormant = |mode: &ModeId| units.units[units.modes[*mode as usize].unit as usize].dormant.is_some();
        // Nobody asks for a mode where there is none.
        let (modes, hosts) = if own.is_empty() { (&[][..], &[][..]) } else { (&units.modes[..], &units.units[..]) };
        let (mut failures, mut repairs) = (Ahead::default(), Ahead::default());
        for mode in modes {
            let expected = expected_failures(system, mode);
            failures.add(mode.failure_stream, expected);
            repairs.add(mode.repair_stream, expected);
        }
        Self {
            life: modes.iter().map(|mode| Life::of(system, mode)).collect(),
            hosts: hosts.iter().map(|unit| Host::of(unit.modes.clone())).collect(),
            failures,
            repairs,
            service: ServiceClocks::of(system),
            bonds: Bonds::of(system).filter(|_| !own.is_empty() || calls),
            calls,
            has_standby: own.iter().any(dormant),
            has_struck: own
                .iter()
                .any(|&mode| matches!(units.modes[mode as usize].clock, Clock::Struck | Clock::Called)),
            shares_load: !system.load_sharings.is_empty() && !own.is_empty(),
            has_injected: !system.experiments.is_empty(),
            chooses: system.spec.teams.iter().any(|team| team.order.chooses()),
            own,
        }
    }

    fn may_run(&self, mode: ModeId, system: &System) -> bool {
        let life = &self.life[mode as usize];
        if life.present {
            return false;
        }
        let host = &self.hosts[life.unit as usize];
        let operating = host.down_modes == 0 && host.speed > 0.0;
        match life.clock {
            Clock::Calendar => true,
            Clock::Operating => operating,
            Clock::Struck | Clock::Called => false,
            Clock::Service => operating && self.in_service(system.units.units[life.unit as usize].component),
        }
    }

    fn in_service(&self, component: Option<u32>) -> bool {
        self.service.as_ref().zip(component).is_none_or(|(service, component)| service.runs(component))
    }

    fn speed_of(&self, mode: ModeId) -> f64 {
        let life = &self.life[mode as usize];
        if life.clock == Clock::Calendar { 1.0 } else { self.hosts[life.unit as usize].speed }
    }

    /// Starts or stops a mode's clock as the state of its unit says.
    #[inline]
    fn refresh<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        let may_run = self.may_run(mode, at.system);
        let running = self.life[mode as usize].running;
        if running && !may_run {
            self.stop(mode, at);
            out.cancel(Kind::Fails, mode);
        } else if may_run && !running {
            self.run(mode, self.speed_of(mode), at, out);
        }
    }

    /// Starts the clock of a mode.
    #[inline]
    fn run<P: Pending>(&mut self, mode: ModeId, speed: f64, at: Moment<'_>, out: &mut Out<P>) {
        let life = &mut self.life[mode as usize];
        life.running = true;
        life.since = at.now;
        let due = at.now.after(at_speed(life.left, speed.recip()));
        if due <= at.system.end {
            out.schedule(due, Kind::Fails, mode);
        }
    }

    pub(super) fn stop(&mut self, mode: ModeId, at: Moment<'_>) {
        let speed = self.speed_of(mode);
        let life = &mut self.life[mode as usize];
        life.running = false;
        if !life.left.is_never() {
            let used = at_speed(at.now.since(life.since), speed);
            life.left = Tick::new((life.left.get() - used.get()).max(0));
        }
    }

    #[inline]
    pub(super) fn refresh_unit<P: Pending>(&mut self, unit: UnitId, at: Moment<'_>, out: &mut Out<P>) {
        let Host { first, after, .. } = self.hosts[unit as usize];
        (first..after).for_each(|mode| self.refresh(mode, at, out));
    }

    /// Draws the first lives of all modes, and their first repairs if each will have some, side by side.
    fn draw_ahead(&mut self, at: Moment<'_>) {
        let laws = &at.system.units.laws;
        let life = &self.life;
        let alike = |a: &ModeId, b: &ModeId| {
            let (one, other) = (&life[*a as usize], &life[*b as usize]);
            *b == *a + 1 && (one.failure, one.repair) == (other.failure, other.repair)
        };
        for modes in self.own.chunk_by(alike) {
            let (first, after) = (modes[0], modes[0] + modes.len() as u32);
            let Life { failure, repair, .. } = self.life[first as usize];
            self.failures.start(first..after, &laws[failure as usize], at.replication);
            if repair != NEVER && modes.iter().all(|&mode| self.repairs.is_busy(mode)) {
                self.repairs.start(first..after, &laws[repair as usize], at.replication);
            } else {
                modes.iter().for_each(|&mode| self.repairs.rewind(mode));
            }
        }
    }

    /// Puts a mode into the state it begins with; its clock is yet to be started.
    fn begin<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        let life = &mut self.life[mode as usize];
        (life.left, life.since, life.running, life.present) = (Tick::NEVER, Tick::ZERO, false, false);
        let Some(beginning) = beginning::of(mode, at.system, at.replication) else { return self.renew(mode, at) };
        self.failures.pass_over(mode);
        match beginning {
            Beginning::Absent { life_left } => life.left = life_left,
            Beginning::Present { repair_left } => {
                self.repairs.pass_over(mode);
                life.present = true;
                self.hosts[life.unit as usize].down_modes += u32::from(life.takes_down);
                out.place(mode);
                if repair_left <= at.system.end {
                    out.schedule(repair_left, Kind::Repaired, mode);
                }
            }
        }
    }

    #[inline]
    pub(super) fn renew(&mut self, mode: ModeId, at: Moment<'_>) {
        let life = &mut self.life[mode as usize];
        let law = &at.system.units.laws[life.failure as usize];
        // A life of no time at all would let a unit fail without end in one instant.
        life.left = self.failures.next(mode, law, at.replication).max(Tick::new(1));
    }

    fn fails<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        self.takes_hold(mode, at, out);
        if self.life[mode as usize].bound {
            self.propagate(mode, at, out);
        }
    }

    /// A mode is present from now on.
    #[inline]
    pub(super) fn takes_hold<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        let life = &mut self.life[mode as usize];
        (life.present, life.running) = (true, false);
        let Life { unit, repair, takes_down, alone, bound, .. } = *life;
        if bound && self.is_unseen(mode, at, out) {
            return;
        }
        out.place(mode);
        if bound {
            self.call_repair(mode, at, out);
        } else if repair != NEVER {
            let law = &at.system.units.laws[repair as usize];
            let done = at.now.after(self.repairs.next(mode, law, at.replication));
            if done <= at.system.end {
                out.schedule(done, Kind::Repaired, mode);
            }
        }
        if takes_down && !alone {
            self.hosts[unit as usize].down_modes += 1;
            self.refresh_unit(unit, at, out);
        }
    }

    /// A shock strikes the unit of a mode, or a call finds it so: it fails if it is up.
    fn struck<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        if self.hosts[self.life[mode as usize].unit as usize].down_modes == 0 {
            self.takes_hold(mode, at, out);
        } else if self.has_injected {
            out.note(FactKind::InjectionOver, mode);
        }
    }

    /// An experiment takes back a mode that it brought about, before its end.
    fn injection_lifted<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        if self.is_present(mode) {
            out.cancel(Kind::Repaired, mode);
            self.repaired(mode, at, out);
        }
    }

    fn repaired<P: Pending>(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out<P>) {
        if self.life[mode as usize].bound && self.comes_to_light(mode, at, out) {
            return;
        }
        let life = &mut self.life[mode as usize];
        life.present = false;
        let Life { unit, takes_down, alone, bound, clock, .. } = *life;
        out.lift(mode);
        if self.has_injected && clock == Clock::Struck {
            out.note(FactKind::InjectionOver, mode);
        }
        if bound {
            self.dismiss_repair(mode, at, out);
            self.renew_bound(mode, at, out);
        } else {
            self.renew(mode, at);
        }
        if alone {
            self.run(mode, 1.0, at, out);
        } else if takes_down {
            self.hosts[unit as usize].down_modes -= 1;
            self.refresh_unit(unit, at, out);
        } else {
            self.refresh(mode, at, out);
        }
    }

    /// Begins a replication.
    pub(crate) fn begins<P: Pending>(&mut self, at: Moment<'_>, out: &mut Out<P>) {
        for host in &mut self.hosts {
            (host.down_modes, host.speed) = (0, 1.0);
        }
        if self.shares_load {
            (0..).zip(&mut self.hosts).for_each(|(unit, host)| host.speed = speed_at_start(at.system, unit));
        }
        if let Some(bonds) = &mut self.bonds {
            bonds.clear(at.system);
        }
        if let Some(service) = &mut self.service {
            service.start(at.board);
        }
        self.draw_ahead(at);
        for i in 0..self.own.len() {
            self.begin(self.own[i], at, out);
        }
        if let Some(bonds) = &mut self.bonds {
            bonds.ages.first_lives(&self.life);
        }
        // Only now it is known which units are down.
        for i in 0..self.own.len() {
            let mode = self.own[i];
            self.refresh(mode, at, out);
        }
    }

    /// A failure or the end of a repair.
    #[inline]
    pub(crate) fn happens<P: Pending>(&mut self, kind: Kind, mode: u32, at: Moment<'_>, out: &mut Out<P>) {
        match kind {
            Kind::Fails => self.fails(mode, at, out),
            _ => self.repaired(mode, at, out),
        }
    }

    /// A dormant unit's clocks run at another speed.
    pub(super) fn change_speed<P: Pending>(&mut self, unit: UnitId, speed: f64, at: Moment<'_>, out: &mut Out<P>) {
        if at.system.paths.is_on_timeline(&at.system.units, unit) {
            return;
        }
        let Host { first, after, .. } = self.hosts[unit as usize];
        for mode in first..after {
            let Life { running, clock, .. } = self.life[mode as usize];
            if running && clock != Clock::Calendar {
                self.stop(mode, at);
                out.cancel(Kind::Fails, mode);
            }
        }
        self.hosts[unit as usize].speed = speed;
        self.refresh_unit(unit, at, out);
    }

    /// A started unit is as new, but for what is still being repaired.
    fn begins_anew<P: Pending>(&mut self, unit: UnitId, at: Moment<'_>, out: &mut Out<P>) {
        for mode in at.system.units.units[unit as usize].modes.clone() {
            let Life { present, clock, .. } = self.life[mode as usize];
            if !present && !matches!(clock, Clock::Struck | Clock::Called) {
                self.renew(mode, at);
            }
        }
        self.change_speed(unit, 1.0, at, out);
    }

    /// Whether a mode is present.
    pub(super) fn is_present(&self, mode: ModeId) -> bool {
        self.life[mode as usize].present
    }

    /// Whether no mode held a unit down before this one.
    pub(super) fn is_healthy(&self, unit: UnitId) -> bool {
        self.hosts[unit as usize].down_modes == 0
    }

    /// Speed of a unit's operating time, as its standby scheme sets it.
    pub(super) fn speed_of_unit(&self, unit: UnitId) -> f64 {
        self.hosts[unit as usize].speed
    }

    fn journey_changed<P: Pending>(&mut self, journey: u32, at: Moment<'_>, out: &mut Out<P>) {
        let is_up = at.board.service(journey).up;
        if !self.service.as_mut().is_some_and(|service| service.turns(journey, is_up)) {
            return;
        }
        for place in 0.. {
            let Some(service) = &self.service else { return };
            let Some(component) = service.component(journey, place) else { return };
            for unit in at.system.components[component as usize].units.clone() {
                self.refresh_unit(unit, at, out);
            }
        }
    }
}

/// About how often a mode fails in a replication.
fn expected_failures(system: &System, mode: &Mode) -> f64 {
    if system.spec.time.until_first_failure {
        return 1.0;
    }
    let mean = |law: u32| system.units.laws[law as usize].mean().get();
    system.spec.time.horizon.get() / (mean(mode.time_to_failure) + mode.repair.map_or(0.0, mean))
}

/// Whether an autoscaler starts and removes a unit.
fn is_scaled(system: &System, unit: UnitId) -> bool {
    let component = system.units.units[unit as usize].component;
    component.is_some_and(|component| system.components[component as usize].scaled)
}

fn dormant_speed(system: &System, unit: UnitId) -> f64 {
    if is_scaled(system, unit) {
        return 0.0;
    }
    let component = system.units.units[unit as usize].component.expect("bug: only replicas stand by");
    match &system.spec.components[component as usize].redundancy {
        Redundancy::Standby(standby) => match standby.mode {
            StandbyMode::Hot => 1.0,
            StandbyMode::Warm { dormancy } => dormancy,
            StandbyMode::Cold => 0.0,
        },
        _ => 1.0,
    }
}

impl Mechanism for Failure {
    const LISTENS: FactSet = FactSet::of(&[
        FactKind::UnitDown,
        FactKind::UnitUp,
        FactKind::Activated,
        FactKind::StoodDown,
        FactKind::RepairMayBegin,
        FactKind::CrewFree,
        FactKind::CrewWanted,
        FactKind::CrewChooses,
        FactKind::JourneyDown,
        FactKind::JourneyUp,
        FactKind::Struck,
        FactKind::InjectionLifted,
    ]);

    fn new(system: &System) -> Self {
        Self::of(system, system.paths.modes_by_events(&system.units))
    }
    fn listens(&self) -> FactSet {
        const STANDBY: FactSet = FactSet::of(&[FactKind::Activated, FactKind::StoodDown, FactKind::RepairMayBegin]);
        const SERVICE: FactSet = FactSet::of(&[FactKind::JourneyDown, FactKind::JourneyUp]);
        const STRUCK: FactSet = FactSet::of(&[FactKind::Struck]);
        const LOADS: FactSet = FactSet::of(&[FactKind::UnitDown, FactKind::UnitUp]);
        const INJECTED: FactSet = FactSet::of(&[FactKind::InjectionLifted]);
        const CREWS: FactSet = FactSet::of(&[FactKind::CrewFree, FactKind::CrewWanted]);
        let sets = [
            (self.has_standby, STANDBY),
            (self.service.is_some(), SERVICE),
            (self.has_struck, STRUCK),
            (self.has_injected, INJECTED),
            (self.calls, CREWS),
            (self.chooses, FactSet::of(&[FactKind::CrewChooses])),
            (self.shares_load, LOADS),
        ];
        sets.into_iter().filter(|(hears, _)| *hears).fold(FactSet::NONE, |all, (_, set)| all.and(set))
    }

    fn start(&mut self, at: Moment<'_>, out: &mut Out) {
        self.begins(at, out);
        if let Some(bonds) = &self.bonds {
            bonds.crews.start(at, out);
        }
    }

    #[inline]
    fn event(&mut self, kind: Kind, entity: u32, at: Moment<'_>, out: &mut Out) {
        match kind {
            Kind::RepairAskedFor => self.asked_for(entity, at, out),
            Kind::PartsCome => self.parts_come(entity, at, out),
            Kind::CrewsTurn => self.bonds().crews.turn(entity, at, out),
            _ => self.happens(kind, entity, at, out),
        }
    }

    fn fact(&mut self, fact: Fact, at: Moment<'_>, out: &mut Out) {
        match fact.kind {
            FactKind::Activated if can_freeze(at.system, fact.subject) => self.thaw(fact.subject, at, out),
            FactKind::StoodDown if can_freeze(at.system, fact.subject) => self.freeze(fact.subject, at, out),
            FactKind::Activated if is_scaled(at.system, fact.subject) => self.begins_anew(fact.subject, at, out),
            FactKind::Activated => self.change_speed(fact.subject, 1.0, at, out),
            FactKind::StoodDown => self.change_speed(fact.subject, dormant_speed(at.system, fact.subject), at, out),
            FactKind::RepairMayBegin => self.release_repairs(fact.subject, at, out),
            FactKind::CrewFree => self.job((fact.subject, false), at, out),
            FactKind::CrewWanted => self.job((fact.subject, true), at, out),
            FactKind::CrewChooses => self.bonds().crews.choose(fact.subject, at, out),
            FactKind::Struck => self.struck(fact.subject, at, out),
            FactKind::UnitDown | FactKind::UnitUp => self.load_shifts(fact.subject, at, out),
            FactKind::InjectionLifted => self.injection_lifted(fact.subject, at, out),
            _ => self.journey_changed(fact.subject, at, out),
        }
    }
}
