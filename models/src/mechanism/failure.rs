//! Failure and repair of units: competing modes, each with its own clock, each renewed by its own repair.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use crate::board::{Fact, FactKind, FactSet};
use crate::mechanism::beginning::{self, Beginning};
use crate::mechanism::{Kind, Mechanism, Moment, Out};
use crate::system::{Clock, Effect, ModeId, Redundancy, StandbyMode, System, UnitId};

/// The clock of one mode: how much of its life is left, and whether it is running down.
#[derive(Clone, Copy, Debug)]
struct Life {
    left: Tick,
    since: Tick,
    running: bool,
    present: bool,
}

impl Life {
    const NEW: Self = Self { left: Tick::NEVER, since: Tick::ZERO, running: false, present: false };
}

/// Failure and repair of every mode of every unit.
///
/// A clock with `operating` time stands still while its unit is down by any of its modes, and runs at the speed its
/// standby scheme gives a dormant unit. `calendar` always runs but for the time the mode itself is present. `service`
/// also stands still while every journey through the component is down.
#[derive(Debug)]
pub(super) struct Failure {
    life: Vec<Life>,
    failures: Vec<Stream>,
    repairs: Vec<Stream>,
    down_modes: Vec<u32>,
    speed: Vec<f64>,
    service: Option<ServiceClocks>,
    has_standby: bool,
}

/// Journeys through the components that have a mode with a service clock.
#[derive(Debug)]
struct ServiceClocks {
    components_of: Vec<Vec<u32>>,
    journeys: Vec<u32>,
    journeys_up: Vec<u32>,
}

impl Failure {
    fn may_run(&self, mode: ModeId, system: &System) -> bool {
        let declared = &system.units.modes[mode as usize];
        let unit = declared.unit as usize;
        let operating = self.down_modes[unit] == 0 && self.speed[unit] > 0.0;
        !self.life[mode as usize].present
            && match declared.clock {
                Clock::Calendar => true,
                Clock::Operating => operating,
                Clock::Service => operating && self.in_service(system.units.units[unit].component),
            }
    }

    fn in_service(&self, component: Option<u32>) -> bool {
        match (&self.service, component) {
            (Some(service), Some(component)) => {
                service.journeys[component as usize] == 0 || service.journeys_up[component as usize] > 0
            }
            _ => true,
        }
    }

    fn speed_of(&self, mode: ModeId, system: &System) -> f64 {
        let declared = &system.units.modes[mode as usize];
        if declared.clock == Clock::Calendar { 1.0 } else { self.speed[declared.unit as usize] }
    }

    /// Starts or stops a mode's clock as the state of its unit says.
    fn refresh(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out) {
        let may_run = self.may_run(mode, at.system);
        let running = self.life[mode as usize].running;
        if running && !may_run {
            self.stop(mode, at);
            out.cancel(Kind::Fails, mode);
        } else if may_run && !running {
            let speed = self.speed_of(mode, at.system);
            let life = &mut self.life[mode as usize];
            life.running = true;
            life.since = at.now;
            let due = at.now.after(at_speed(life.left, speed.recip()));
            if due <= at.system.end {
                out.schedule(due, Kind::Fails, mode);
            }
        }
    }

    fn stop(&mut self, mode: ModeId, at: Moment<'_>) {
        let speed = self.speed_of(mode, at.system);
        let life = &mut self.life[mode as usize];
        life.running = false;
        if !life.left.is_never() {
            let used = at_speed(at.now.since(life.since), speed);
            life.left = Tick::new((life.left.get() - used.get()).max(0));
        }
    }

    fn refresh_unit(&mut self, unit: UnitId, at: Moment<'_>, out: &mut Out) {
        for mode in at.system.units.units[unit as usize].modes.clone() {
            self.refresh(mode, at, out);
        }
    }

    /// Puts a mode into the state it begins with; its clock is yet to be started.
    fn begin(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out) {
        let i = mode as usize;
        self.life[i] = Life::NEW;
        match beginning::of(mode, at, (&mut self.failures[i], &mut self.repairs[i])) {
            Beginning::Absent { life_left } => self.life[i].left = life_left,
            Beginning::Present { repair_left } => {
                let declared = &at.system.units.modes[i];
                self.life[i].present = true;
                out.place(mode);
                self.down_modes[declared.unit as usize] += u32::from(declared.effect == Effect::Down);
                if repair_left <= at.system.end {
                    out.schedule(repair_left, Kind::Repaired, mode);
                }
            }
        }
    }

    fn renew(&mut self, mode: ModeId, at: Moment<'_>) {
        let law = &at.system.units.laws[at.system.units.modes[mode as usize].time_to_failure as usize];
        let drawn = law.quantile(self.failures[mode as usize].open01(at.replication));
        // A life of no time at all would let a unit fail without end in one instant.
        self.life[mode as usize].left = Tick::from_hours(drawn.get()).max(Tick::new(1));
    }

    fn fails(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out) {
        let declared = &at.system.units.modes[mode as usize];
        let life = &mut self.life[mode as usize];
        (life.present, life.running) = (true, false);
        out.place(mode);
        if let Some(repair) = declared.repair {
            let uniform = self.repairs[mode as usize].open01(at.replication);
            let done = at.now.after(Tick::from_hours(at.system.units.laws[repair as usize].quantile(uniform).get()));
            if done <= at.system.end {
                out.schedule(done, Kind::Repaired, mode);
            }
        }
        if declared.effect == Effect::Down {
            self.down_modes[declared.unit as usize] += 1;
            self.refresh_unit(declared.unit, at, out);
        }
    }

    fn repaired(&mut self, mode: ModeId, at: Moment<'_>, out: &mut Out) {
        let declared = &at.system.units.modes[mode as usize];
        self.life[mode as usize].present = false;
        out.lift(mode);
        self.renew(mode, at);
        if declared.effect == Effect::Down {
            self.down_modes[declared.unit as usize] -= 1;
            self.refresh_unit(declared.unit, at, out);
        } else {
            self.refresh(mode, at, out);
        }
    }

    /// A dormant unit's clocks run at another speed.
    fn change_speed(&mut self, unit: UnitId, speed: f64, at: Moment<'_>, out: &mut Out) {
        for mode in at.system.units.units[unit as usize].modes.clone() {
            let calendar = at.system.units.modes[mode as usize].clock == Clock::Calendar;
            if self.life[mode as usize].running && !calendar {
                self.stop(mode, at);
                out.cancel(Kind::Fails, mode);
            }
        }
        self.speed[unit as usize] = speed;
        self.refresh_unit(unit, at, out);
    }

    fn journey_changed(&mut self, journey: u32, up: bool, at: Moment<'_>, out: &mut Out) {
        let Some(service) = &mut self.service else { return };
        let components = std::mem::take(&mut service.components_of[journey as usize]);
        for &component in &components {
            let Some(service) = &mut self.service else { return };
            let count = &mut service.journeys_up[component as usize];
            *count = if up { *count + 1 } else { *count - 1 };
            for unit in at.system.components[component as usize].units.clone() {
                self.refresh_unit(unit, at, out);
            }
        }
        if let Some(service) = &mut self.service {
            service.components_of[journey as usize] = components;
        }
    }
}

/// A span of one clock on another that runs at `speed` of it, rounded up so that a clock never runs out early.
fn at_speed(span: Tick, speed: f64) -> Tick {
    if speed == 1.0 || span.is_never() {
        return span;
    }
    let scaled = (span.get() as f64 * speed).ceil();
    if scaled < Tick::LAST.get() as f64 { Tick::new(scaled as i64) } else { Tick::NEVER }
}

fn dormant_speed(system: &System, unit: UnitId) -> f64 {
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

fn service_clocks(system: &System) -> Option<ServiceClocks> {
    let units = &system.units;
    let mut serviced = vec![false; system.components.len()];
    for mode in units.modes.iter().filter(|mode| mode.clock == Clock::Service) {
        if let Some(component) = units.units[mode.unit as usize].component {
            serviced[component as usize] = true;
        }
    }
    if !serviced.contains(&true) {
        return None;
    }
    let through = |journey: &crate::system::Journey| -> Vec<u32> {
        journey.reads.iter().copied().filter(|&component| serviced[component as usize]).collect()
    };
    let components_of: Vec<Vec<u32>> = system.journeys.iter().map(through).collect();
    let mut journeys = vec![0; system.components.len()];
    components_of.iter().flatten().for_each(|&component| journeys[component as usize] += 1);
    Some(ServiceClocks { components_of, journeys_up: journeys.clone(), journeys })
}

impl Mechanism for Failure {
    const LISTENS: FactSet =
        FactSet::of(&[FactKind::Activated, FactKind::StoodDown, FactKind::JourneyDown, FactKind::JourneyUp]);

    fn new(system: &System) -> Self {
        let modes = &system.units.modes;
        Self {
            life: vec![Life::NEW; modes.len()],
            failures: modes.iter().map(|mode| Stream::new(mode.failure_stream)).collect(),
            repairs: modes.iter().map(|mode| Stream::new(mode.repair_stream)).collect(),
            down_modes: vec![0; system.units.units.len()],
            speed: vec![1.0; system.units.units.len()],
            service: service_clocks(system),
            has_standby: system.places > 0,
        }
    }

    fn listens(&self) -> FactSet {
        match (self.has_standby, self.service.is_some()) {
            (false, false) => FactSet::NONE,
            (true, false) => FactSet::of(&[FactKind::Activated, FactKind::StoodDown]),
            (false, true) => FactSet::of(&[FactKind::JourneyDown, FactKind::JourneyUp]),
            (true, true) => Self::LISTENS,
        }
    }

    fn start(&mut self, at: Moment<'_>, out: &mut Out) {
        self.down_modes.fill(0);
        self.speed.fill(1.0);
        if let Some(service) = &mut self.service {
            service.journeys_up.fill(0);
            for (journey, components) in service.components_of.iter().enumerate() {
                let up = u32::from(at.board.service(journey as u32).up);
                components.iter().for_each(|&component| service.journeys_up[component as usize] += up);
            }
        }
        for mode in 0..self.life.len() as ModeId {
            self.failures[mode as usize].rewind();
            self.repairs[mode as usize].rewind();
            self.begin(mode, at, out);
        }
        // Only now it is known which units are down.
        for mode in 0..self.life.len() as ModeId {
            self.refresh(mode, at, out);
        }
    }

    fn event(&mut self, kind: Kind, mode: u32, at: Moment<'_>, out: &mut Out) {
        match kind {
            Kind::Fails => self.fails(mode, at, out),
            _ => self.repaired(mode, at, out),
        }
    }

    fn fact(&mut self, fact: Fact, at: Moment<'_>, out: &mut Out) {
        match fact.kind {
            FactKind::Activated => self.change_speed(fact.subject, 1.0, at, out),
            FactKind::StoodDown => self.change_speed(fact.subject, dormant_speed(at.system, fact.subject), at, out),
            FactKind::JourneyDown => self.journey_changed(fact.subject, false, at, out),
            _ => self.journey_changed(fact.subject, true, at, out),
        }
    }
}
