//! What is compared replication by replication: an entry of [`MEASURES`] each. Of all of them less is better, but who has
//! more of a `cost` may have bought something with it.

use std::borrow::Cow;

use ninefold_sim_core::tick::Tick;

use super::paired::began;
use crate::metric::recovery_point::keeper;
use crate::metric::up_down::MINUTES_PER_YEAR;
use crate::metric::{autoscale, overlap, purchase, service::lost_within};
use crate::replication::Trace;
use crate::system::{System, Tracked};
use crate::units::HOURS_PER_YEAR;

/// Observations of a share are in parts of this of 1.
const PARTS: f64 = 1e9;

/// What is observed of an entity: a whole number a replication.
pub(super) struct Measure {
    /// Where it stands in a system; `None` if the system has nothing of the kind for this entity, a place among those that
    /// are tracked or [`WHOLE`].
    pub(super) find: fn(&System, usize) -> Option<usize>,
    pub(super) observe: fn(&System, &Trace, usize) -> i64,
    /// In what it is shown; at least one.
    pub(super) shown: &'static [Shown],
}

/// A name and unit for what is observed.
pub(super) struct Shown {
    pub(super) name: &'static str,
    pub(super) unit: fn(&System) -> Cow<'static, str>,
    /// What is observed of one unit.
    pub(super) scale: fn(&System) -> f64,
    /// Greatest value.
    pub(super) most: f64,
}

/// The whole system, among entities.
pub(super) const WHOLE: usize = usize::MAX;

/// The first of all is the time down.
pub(super) static MEASURES: [Measure; 8] = [
    Measure {
        find: |_, id| (id != WHOLE).then_some(id),
        observe: |system, trace, id| overlap(&trace.outages[id], system.warmup, trace.end).get(),
        shown: &[
            Shown { name: "unavailability", unit: ratio, scale: measured, most: 1.0 },
            Shown {
                name: "downtime",
                unit: |_| "min/year".into(),
                scale: |system| measured(system) / MINUTES_PER_YEAR,
                most: MINUTES_PER_YEAR,
            },
        ],
    },
    Measure {
        find: journey,
        observe: |system, trace, id| {
            lost_within((system, trace, id), (system.warmup, trace.end), |loss| loss.lost).get()
        },
        shown: &[Shown { name: "unserved_ratio", unit: ratio, scale: measured, most: 1.0 }],
    },
    Measure {
        find: |_, id| (id != WHOLE).then_some(id),
        observe: |system, trace, id| began(system, trace, id).count() as i64,
        shown: &[Shown {
            name: "failure_rate",
            unit: |_| "1/year".into(),
            scale: |system| system.measured().hours() / HOURS_PER_YEAR,
            most: f64::INFINITY,
        }],
    },
    Measure {
        find: source,
        observe: unanswered,
        shown: &[Shown { name: "unanswered_ratio", unit: ratio, scale: |_| PARTS, most: 1.0 }],
    },
    Measure {
        find: scaler,
        observe: |system, trace, scaler| autoscale::of_replication(system, scaler, trace).short,
        shown: &[Shown { name: "under_capacity_ratio", unit: ratio, scale: measured, most: 1.0 }],
    },
    Measure {
        find: scaler,
        observe: |system, trace, scaler| autoscale::of_replication(system, scaler, trace).turns,
        shown: &[Shown {
            name: "scaling_turns",
            unit: |_| "1/day".into(),
            scale: |system| system.measured().hours() / 24.0,
            most: f64::INFINITY,
        }],
    },
    Measure {
        find: |system, id| (id != WHOLE).then(|| keeper(system, id as u32).map(|_| id)).flatten(),
        observe: lost_writes,
        shown: &[Shown {
            name: "lost_writes",
            unit: |_| "s/year".into(),
            scale: |system| system.measured().hours() / HOURS_PER_YEAR * Tick::from_hours(1.0).get() as f64 / 3600.0,
            most: f64::INFINITY,
        }],
    },
    Measure {
        find: prices,
        observe: cost,
        shown: &[Shown {
            name: "cost",
            unit: |system| format!("{}/year", purchase::currency(system)).into(),
            scale: |_| PARTS_OF_MONEY / HOURS_PER_YEAR,
            most: f64::INFINITY,
        }],
    },
];

/// Ticks of what was written and is lost, at takeovers and restores of a component.
fn lost_writes(system: &System, trace: &Trace, id: usize) -> i64 {
    let (_, keeper) = keeper(system, id as u32).expect("bug: it was found among those that keep data");
    keeper.lost(trace).map(|lost| lost.get()).fold(0, i64::saturating_add)
}

/// Money is counted in parts of this of its unit, an hour.
const PARTS_OF_MONEY: f64 = (1_u64 << 24) as f64;

fn ratio(_: &System) -> Cow<'static, str> {
    "1".into()
}

fn measured(system: &System) -> f64 {
    system.measured().get() as f64
}

fn journey(system: &System, id: usize) -> Option<usize> {
    (id < system.journeys.len()).then_some(id)
}

/// The component that an entity is the whole of.
fn component(system: &System, id: usize) -> Option<u32> {
    let Tracked::Gate { component, .. } = system.tracked.get(id)? else { return None };
    (id == system.journeys.len() + *component as usize).then_some(*component)
}

fn scaler(system: &System, id: usize) -> Option<usize> {
    system.autoscaler(u32::try_from(id).ok()?)
}

/// The place of a component among those with a price; after all of them that of the whole system.
fn prices(system: &System, id: usize) -> Option<usize> {
    let priced = &system.spec.prices.components;
    if id == WHOLE {
        return (!priced.is_empty()).then_some(priced.len());
    }
    let name = &system.spec.components[component(system, id)? as usize].name;
    priced.iter().position(|price| price.component == *name)
}

fn cost(system: &System, trace: &Trace, place: usize) -> i64 {
    let priced = &system.spec.prices.components;
    let which = if place < priced.len() { place..place + 1 } else { 0..priced.len() };
    let an_hour: f64 = priced[which].iter().map(|price| purchase::an_hour(system, price, trace)).sum();
    (an_hour * PARTS_OF_MONEY).round_ties_even() as i64
}

/// The place of a journey among those whose requests are simulated one by one.
fn source(system: &System, id: usize) -> Option<usize> {
    let id = journey(system, id)?;
    system.requests.sources.iter().position(|source| source.journey as usize == id)
}

/// The share of a replication's requests that had no answer; 0 where none ended.
fn unanswered(_: &System, trace: &Trace, source: usize) -> i64 {
    let of = &trace.requested.users[source];
    ((of.ended - of.answered) as f64 / of.ended.max(1) as f64 * PARTS).round() as i64
}
