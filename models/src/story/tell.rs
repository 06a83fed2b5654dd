//! From transitions to the story of one incident: the rows of the table `incident_events`.

use ninefold_sim_core::tick::Tick;

use super::cone::Cone;
use super::incident::{Incident, seconds};
use super::names::Names;
use super::transition::{Change, Subject, Transition};
use crate::replication::Restored;
use crate::results::IncidentEventRow;
use crate::system::{Clock, GateId, Group, SlotEffect, System, UnitId};

/// What a story is told from.
#[derive(Clone, Copy)]
pub(super) struct Telling<'a> {
    pub(super) system: &'a System,
    pub(super) names: &'a Names,
    pub(super) rep: u64,
}

impl Telling<'_> {
    /// The story of an incident: what was wrong in its journey's cone when it began, and what happened there until it ended.
    pub(super) fn story(self, incident: &Incident, cone: &Cone, all: &[Transition]) -> Vec<IncidentEventRow> {
        let (start, end) = (incident.outage.start, incident.outage.end);
        let during = |one: &&Transition| one.at <= end && one.until >= start && cone.holds(self.system, one.subject);
        let told: Vec<&Transition> = all.iter().filter(during).collect();
        let place = |id| told.binary_search_by_key(&id, |one| one.id).ok().map(|place| place as u64);
        (0..)
            .zip(&told)
            .map(|(seq, one)| IncidentEventRow {
                rep: self.rep,
                journey: self.system.tracked[incident.journey as usize].entity().to_owned(),
                incident: incident.seq,
                seq,
                t_s: seconds(one.at),
                after_s: seconds(one.at) - seconds(start),
                parent: one.parent.and_then(place),
                ..self.what(incident, one)
            })
            .collect()
    }

    /// Kind, actor, component and detail.
    fn what(self, incident: &Incident, one: &Transition) -> IncidentEventRow {
        let (kind, actor, component, detail) = match (one.subject, &one.change) {
            (Subject::Slot(slot), Change::Restores(restored)) => self.restores(slot, restored),
            (Subject::Slot(slot), change) => self.effect(slot, *change == Change::Placed),
            (Subject::Place(place), change) => self.switch(place, change),
            (Subject::Plan(plan) | Subject::Step(plan, _), change) => self.plan(plan, change),
            (Subject::Gate(gate), change) => self.gate(gate, change),
            (Subject::Journey(journey), change) => self.journey((journey, one), incident, change),
        };
        IncidentEventRow {
            rep: 0,
            journey: String::new(),
            incident: 0,
            seq: 0,
            t_s: 0.0,
            after_s: 0.0,
            kind,
            actor,
            component,
            parent: None,
            detail,
        }
    }

    fn effect(self, slot: u32, placed: bool) -> What {
        let units = &self.system.units;
        let of = units.slots[slot as usize];
        let cause = || units.causes[units.modes[slot as usize].cause as usize].clone();
        let component = self.unit(of.unit);
        match of.effect {
            SlotEffect::Failed if !placed && units.modes[slot as usize].is_restored => {
                ("restored", cause(), component, String::new())
            }
            SlotEffect::Failed if placed && units.modes[slot as usize].clock == Clock::Struck => {
                ("struck", cause(), component, String::new())
            }
            SlotEffect::Failed => {
                let hidden = placed && units.modes[slot as usize].tests.is_some();
                let called = placed && units.modes[slot as usize].clock == Clock::Called;
                let detail = match (hidden, called) {
                    (true, _) => "hidden until a test finds it",
                    (_, true) => "called, and did not start",
                    _ => "",
                };
                let detail = detail.to_owned();
                (if placed { "failed" } else { "repaired" }, cause(), component, detail)
            }
            SlotEffect::Degraded { capacity, .. }
                if units.modes[slot as usize].clock == Clock::Struck && !self.system.is_injected(slot) =>
            {
                let detail = format!("capacity × {capacity}");
                (if placed { "warms_up" } else { "warm" }, cause(), component, detail)
            }
            SlotEffect::Degraded { capacity, errors } => {
                let detail = format!("capacity × {capacity}, {errors} of requests fail");
                let ends = if units.modes[slot as usize].is_cleared { "cleared" } else { "repaired" };
                let begins = if self.system.is_injected(slot) { "struck" } else { "degraded" };
                (if placed { begins } else { ends }, cause(), component, detail)
            }
            SlotEffect::Lost(domain) => {
                (if placed { "lost" } else { "returned" }, self.unit(domain), component, String::new())
            }
            SlotEffect::Waiting(mode) => {
                let team = units.modes[mode as usize].crew.expect("bug: only who has a crew waits for it").team;
                let actor = format!("teams.{}", self.system.spec.teams[team as usize].name);
                let detail = format!("to mend {}", units.causes[units.modes[mode as usize].cause as usize]);
                (if placed { "waits" } else { "repair_begins" }, actor, component, detail)
            }
            SlotEffect::Awaiting(mode, cause) => {
                let mode = &units.modes[mode as usize];
                let team = mode.crew.expect("bug: only repairs by crews need anything").team;
                let detail = format!("to mend {}", units.causes[mode.cause as usize]);
                let kind = match (cause == units.logistics_causes[team as usize], placed) {
                    (true, true) => "repair_delayed",
                    (true, false) => "repair_asked_for",
                    (false, true) => "waits_for_part",
                    (false, false) => "part_comes",
                };
                (kind, units.causes[cause as usize].clone(), component, detail)
            }
            SlotEffect::Reconfiguring(cause) => {
                let group = &self.system.groups[self.system.group_of[of.unit as usize] as usize];
                let actor = units.causes[cause as usize].clone();
                (if placed { "reconfigures" } else { "reconfigured" }, actor, self.group(group), String::new())
            }
            SlotEffect::Withdrawn(_) => {
                let group = &self.system.groups[self.system.group_of[of.unit as usize] as usize];
                let router = self.system.components[group.component as usize].routed;
                let router =
                    &self.system.spec.routings[router.expect("bug: only routed places are withdrawn") as usize];
                let actor = format!("components.{}", router.router);
                (if placed { "withdrawn" } else { "announced" }, actor, self.group(group), String::new())
            }
            SlotEffect::Ejected(cause) => {
                let actor = units.causes[cause as usize].clone();
                (if placed { "ejected" } else { "readmitted" }, actor, component, String::new())
            }
            SlotEffect::Away(cause) => {
                let actor = units.causes[cause as usize].clone();
                (if placed { "removed" } else { "started" }, actor, component, String::new())
            }
            SlotEffect::Reclaimed(cause) => {
                let actor = units.causes[cause as usize].clone();
                (if placed { "reclaimed" } else { "replaced" }, actor, component, String::new())
            }
            SlotEffect::Electing(cause) => {
                let actor = units.causes[cause as usize].clone();
                (if placed { "election_begins" } else { "election_ends" }, actor, component, String::new())
            }
            SlotEffect::TwoWriters(cause) => {
                let actor = units.causes[cause as usize].clone();
                (if placed { "two_writers" } else { "one_writer" }, actor, component, String::new())
            }
            SlotEffect::Dormant | SlotEffect::Plan { .. } => unreachable!("bug: it is told of its place"),
        }
    }

    /// The data of a component come back from a backup.
    fn restores(self, slot: u32, restored: &Restored) -> What {
        let units = &self.system.units;
        let mode = &units.modes[slot as usize];
        let mut detail = format!("from {:.2} h before", restored.lost.hours());
        if restored.unseen > Tick::ZERO {
            detail += &format!(", wrong for {:.2} h", restored.unseen.hours());
        }
        if restored.tries > 1 {
            detail +=
                &format!(", {} corrupt {} first", restored.tries - 1, if restored.tries == 2 { "one" } else { "ones" });
        }
        ("restores", units.causes[mode.cause as usize].clone(), self.unit(mode.unit), detail)
    }

    fn switch(self, place: u32, change: &Change) -> What {
        let group = &self.system.groups[self.names.group_of(place) as usize];
        let units = &self.system.units;
        let actor = units.causes[units.switch_causes[group.component as usize] as usize].clone();
        let component = self.group(group);
        let (kind, detail) = match change {
            Change::SwitchStarted(unit) => ("switch_started", format!("to {}", self.unit(*unit))),
            Change::SwitchFailed => ("switch_failed", String::new()),
            Change::NobodyLeft => ("no_standby", String::new()),
            Change::Filled { unit, by_hand: true } => ("switched", format!("to {}, by hand", self.unit(*unit))),
            Change::Filled { unit, .. } => ("switched", format!("to {}", self.unit(*unit))),
            other => unreachable!("bug: no change of a place: {other:?}"),
        };
        (kind, actor, component, detail)
    }

    fn gate(self, gate: GateId, change: &Change) -> What {
        let Change::Gate { up, children_up } = *change else { unreachable!("bug: no change of a gate: {change:?}") };
        let structure = &self.system.structure;
        let detail = if structure.is_leaf(gate) {
            String::new()
        } else {
            format!("{children_up} of {} up, {} needed", structure.children(gate).len(), structure.need(gate))
        };
        (if up { "up" } else { "down" }, String::new(), self.name(gate), detail)
    }

    fn journey(self, (journey, one): (u32, &Transition), incident: &Incident, change: &Change) -> What {
        let Change::Serves { now, down } = change else { unreachable!("bug: no change of a journey: {change:?}") };
        let component = self.system.tracked[journey as usize].entity().to_owned();
        let (start, end) = (incident.outage.start, incident.outage.end);
        let kind = match now.up {
            false if one.at == start => "journey_down",
            true if one.at == end => "journey_up",
            _ => "journey_serves",
        };
        let cause = || self.system.units.causes[incident.outage.cause as usize].clone();
        let actor = if kind == "journey_down" { cause() } else { String::new() };
        let mut detail = match down[..] {
            [] => format!("serves {} of its demand", now.served),
            _ => {
                let names: Vec<String> = down.iter().map(|&gate| self.name(gate)).collect();
                format!("{} down", names.join(", "))
            }
        };
        if !now.up && down.is_empty() {
            let rule = &self.system.journeys[journey as usize].rule;
            detail += &format!(", up from {}", rule.success);
            if let Some(least) = rule.capacity_at_least {
                detail += &format!(" and a capacity of {least}/s");
            }
        }
        (kind, actor, component, detail)
    }

    fn group(self, group: &Group) -> String {
        let name = &self.system.spec.components[group.component as usize].name;
        group.domain.as_ref().map_or_else(|| format!("components.{name}"), |d| format!("components.{name}@{d}"))
    }

    pub(super) fn unit(self, unit: UnitId) -> String {
        let units = &self.system.units;
        let name = &units.units[unit as usize].name;
        if units.is_domain(unit) { format!("domains.{name}") } else { name.clone() }
    }

    fn name(self, gate: GateId) -> String {
        self.names.get(gate).expect("bug: only gates with a name are told").to_owned()
    }
}

/// Kind, actor, component, detail.
pub(super) type What = (&'static str, String, String, String);
