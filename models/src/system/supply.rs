//! What a repair by a crew needs beside the crew: a part from its team's store, and time to get there; and when the crew
//! works.
//!
//! A store holds parts of a kind and is filled up by orders: as soon as `batch` parts have been asked for since the last
//! order, as many are ordered, and come after a lead time of their own. With a batch of one this is the base-stock, or
//! one-for-one, policy. Source: Sherbrooke, *Oper. Res.* 16 (1968) (METRIC); Palm, *Ericsson Technics* 44 (1938).

use ninefold_sim_core::stream::{StreamId, StreamRegister};
use ninefold_sim_core::tick::Tick;

use super::error::SystemError;
use super::spec::{CrewRepair, Order, SystemSpec, TeamSpec};
use super::units::{CauseId, ModeId, SlotId, unknown};
use crate::lifetime::Law;
use crate::units::Hours;

/// Most parts of a kind that a store holds, or that an order brings.
pub const PARTS_MAX: u32 = 1_000_000;

/// Parts of one kind in a team's store.
#[derive(Clone, Debug, PartialEq)]
pub struct SparesSpec {
    /// Unique within its team.
    pub name: String,
    /// Parts that are there at the start, at most [`PARTS_MAX`].
    pub stock: u32,
    /// Parts of an order, 1 to the stock (1 where that is 0).
    pub batch: u32,
    /// From an order to its coming; `None`: nothing is ever ordered.
    pub lead_time: Option<Law>,
}

/// What a repair needs beside a crew, in the order in which it needs it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SupplySpec {
    /// From the failure until a part and a crew are asked for.
    pub logistics: Option<Law>,
    /// A part of its team's store.
    pub part: Option<String>,
    /// The way of the crew, which it is busy with before its work.
    pub travel: Option<Law>,
}

/// Parts of one kind, compiled.
#[derive(Clone, Debug)]
pub struct Part {
    /// Index of the team that keeps them.
    pub team: u32,
    /// As declared.
    pub spec: SparesSpec,
    /// The cause "a repair waits for one".
    pub cause: CauseId,
    /// Stream of the lead times, an order after the other.
    pub stream: StreamId,
}

/// What a mode's repair needs beside a crew, compiled.
#[derive(Clone, Debug)]
pub struct ModeSupply {
    /// Whose repair it is.
    pub mode: ModeId,
    /// The part: an index into [`Units::parts`](super::Units).
    pub part: Option<u32>,
    /// Time until it is asked for, and its stream.
    pub logistics: Option<(Law, StreamId)>,
    /// The way of the crew, and its stream.
    pub travel: Option<(Law, StreamId)>,
    /// The slot that says that the time before has not passed.
    pub delayed: SlotId,
    /// The slot that says that it waits for a part.
    pub no_part: SlotId,
}

/// When a team works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrewHours {
    /// Whether it works at the start.
    pub open_at_start: bool,
    /// When it begins and stops, in turn, ascending, above 0.
    pub turns: Vec<Tick>,
}

impl SparesSpec {
    /// The cause "a repair waits for one" of a team's parts.
    pub(super) fn cause_name(&self, team: &str) -> String {
        format!("{team}/spares-{}", self.name)
    }
}

/// The cause "a repair has not been asked for yet" of a team.
pub(super) fn logistics_cause(team: &str) -> String {
    format!("{team}/logistics")
}

impl TeamSpec {
    /// Crews that always work and keep no parts.
    pub fn new(name: impl Into<String>, crews: u32, order: Order) -> Self {
        Self { name: name.into(), crews, order, hours: None, spares: Vec::new() }
    }
}

impl CrewRepair {
    /// A repair that needs nothing but a crew.
    pub fn new(team: impl Into<String>, takes: Law, priority: u32) -> Self {
        Self { team: team.into(), takes, priority, supply: None }
    }
}

impl SupplySpec {
    /// Compiled for a mode, its slots yet to be numbered; `stream` names the mode.
    pub(super) fn compile(
        &self,
        (mode, stream): (ModeId, &str),
        (team, parts): (u32, &[Part]),
        streams: &mut StreamRegister,
    ) -> Result<ModeSupply, SystemError> {
        let place = |name: &String| {
            let found = parts.iter().position(|part| part.team == team && part.spec.name == *name);
            found.map(|place| place as u32).ok_or_else(|| unknown("spare part", name))
        };
        let mut keyed = |law: &Option<Law>, purpose: &str| -> Result<_, SystemError> {
            law.clone().map(|law| Ok((law, streams.take(purpose, stream)?))).transpose()
        };
        Ok(ModeSupply {
            mode,
            part: self.part.as_ref().map(place).transpose()?,
            logistics: keyed(&self.logistics, "logistics")?,
            travel: keyed(&self.travel, "travel")?,
            delayed: SlotId::MAX,
            no_part: SlotId::MAX,
        })
    }

    /// The laws it draws from.
    pub(super) fn laws_mut(&mut self) -> impl Iterator<Item = &mut Law> {
        self.logistics.iter_mut().chain(&mut self.travel)
    }
}

impl ModeSupply {
    /// Mean time that it adds to a repair which finds a part and a crew.
    pub(crate) fn mean(&self) -> f64 {
        self.logistics.iter().chain(&self.travel).map(|(law, _)| law.mean().get()).sum()
    }
}

/// The parts of all teams, in order of teams.
pub(super) fn parts(
    spec: &SystemSpec,
    cause: impl Fn(&str) -> CauseId,
    streams: &mut StreamRegister,
) -> Result<Vec<Part>, SystemError> {
    let mut all = Vec::new();
    for (team, declared) in (0..).zip(&spec.teams) {
        for spares in &declared.spares {
            all.push(Part {
                team,
                spec: spares.clone(),
                cause: cause(&spares.cause_name(&declared.name)),
                stream: streams.take("lead_time", &format!("{}/{}", declared.name, spares.name))?,
            });
        }
    }
    Ok(all)
}

/// When each team works; `None` for those that always do.
pub(super) fn hours(spec: &SystemSpec) -> Vec<Option<CrewHours>> {
    let of = |spans: &Vec<(Hours, Hours)>| {
        let ticks = spans.iter().map(|&(from, to)| (Tick::from_hours(from.get()), Tick::from_hours(to.get())));
        let turns: Vec<Tick> = ticks.flat_map(|(from, to)| [from, to]).collect();
        let open_at_start = turns.first() == Some(&Tick::ZERO);
        CrewHours { open_at_start, turns: turns.into_iter().filter(|&at| at > Tick::ZERO).collect() }
    };
    spec.teams.iter().map(|team| team.hours.as_ref().map(of)).collect()
}

/// Refuses a store that cannot be filled, and hours that nobody works.
pub(super) fn check(spec: &SystemSpec) -> Result<(), SystemError> {
    for team in &spec.teams {
        for (place, spares) in team.spares.iter().enumerate() {
            let name = || format!("{}/{}", team.name, spares.name);
            if team.spares[..place].iter().any(|other| other.name == spares.name) {
                return Err(SystemError::Duplicate { what: "spare part", name: name() });
            }
            let most = spares.stock.max(1);
            if spares.batch == 0 || spares.batch > most || spares.stock > PARTS_MAX {
                let allowed = format!("an order of 1 to the stock, and a stock of at most {PARTS_MAX}");
                let value = f64::from(spares.batch);
                return Err(SystemError::OutOfRange { what: "parts of an order", name: name(), value, allowed });
            }
        }
        let Some(hours) = &team.hours else { continue };
        let apart = |pair: &[(Hours, Hours)]| pair[0].1 < pair[1].0;
        let forward = hours.iter().all(|(from, to)| from.get() >= 0.0 && from < to);
        if hours.is_empty() || !forward || !hours.windows(2).all(apart) {
            let (name, allowed) = (team.name.clone(), "spans of time, ascending and apart".to_owned());
            return Err(SystemError::OutOfRange { what: "hours of a team", name, value: hours.len() as f64, allowed });
        }
        let other = match team.order {
            Order::Shared => Some("the order `shared`"),
            _ if spec.time.until_first_failure => Some("a run to the first failure"),
            _ => None,
        };
        if let Some(other) = other {
            let component = team.name.clone();
            return Err(SystemError::NotTogether { component, one: "working hours", other });
        }
    }
    Ok(())
}
