//! Spot capacity: units that run on capacity which its provider may take back, alone or many at once.
//!
//! A unit that is spot goes through a cycle: an instance serves until it is reclaimed; its replacement was asked for when
//! the notice came, a lead before that. `returns` after the notice spot capacity is to be had again; until then, where
//! there is a fallback, a unit on demand takes its place, if one is to be had. Each instance boots first, so its place is
//! empty for `max(0, boot − lead)` or for `max(0, returns + boot − lead)`.
//!
//! # Source
//! *Amazon EC2 User Guide*, spot instance interruptions; Cox, *Renewal Theory* (1962), chapter 7.

use ninefold_sim_core::stream::{StreamId, StreamRegister};
use ninefold_sim_core::tick::Tick;

use super::data_loss::keeps_data;
use super::error::SystemError;
use super::health_check::is_probed;
use super::spec::{Redundancy, SystemSpec};
use super::units::{CauseId, SlotId, UnitId, Units, unknown};
use crate::lifetime::Law;
use crate::uncertainty::InputLaw;
use crate::units::Hours;

/// Spot capacity of a component.
#[derive(Clone, Debug, PartialEq)]
pub struct SpotSpec {
    /// The component; it has at most one of these, `redundancy` none or k of n, and no queue.
    pub component: String,
    /// Which of its units are spot: their places among them from 0, ascending.
    pub units: Vec<u32>,
    /// From an instance's serving to its end, each for itself; `None`: only shocks end it.
    pub interruption: Option<Law>,
    /// What ends many at once.
    pub reclaims: Option<ReclaimSpec>,
    /// From the notice of an interruption to the end of the instance.
    pub lead: Hours,
    /// What an instance needs to finish its work.
    pub drain: Hours,
    /// From the request of an instance until it serves.
    pub boot: Law,
    /// From the notice until spot capacity is to be had again.
    pub returns: Law,
    /// Where a unit on demand takes the place until then: the probability that none is to be had, 0..=1.
    pub stockout: Option<f64>,
}

/// Shocks by which a provider takes back spot capacity.
#[derive(Clone, Debug, PartialEq)]
pub struct ReclaimSpec {
    /// Mean calendar time from one to the next, which is exponential; above 0.
    pub every: Hours,
    /// The share that one takes: each running instance is struck with that probability.
    pub share: ReclaimShare,
}

/// The share of the instances that a shock takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ReclaimShare {
    /// Always the same, above 0, at most 1.
    Certain(f64),
    /// Drawn for each shock, within 0..=1.
    Drawn(InputLaw),
}

impl ReclaimShare {
    /// Its mean.
    pub const fn mean(&self) -> f64 {
        match self {
            Self::Certain(share) => *share,
            Self::Drawn(law) => law.mean(),
        }
    }

    /// The share for a uniform number.
    pub fn quantile(&self, uniform: f64) -> f64 {
        match self {
            Self::Certain(share) => *share,
            Self::Drawn(law) => law.quantile(uniform),
        }
    }
}

/// Spot capacity, compiled.
#[derive(Clone, Debug)]
pub struct Spot {
    /// Index of the component.
    pub component: u32,
    /// What was declared.
    pub spec: SpotSpec,
    /// From the notice to the end.
    pub lead: Tick,
    /// Time to the next shock; `None` where there are none.
    pub time_to_reclaim: Option<Law>,
    /// The units, ascending.
    pub units: Vec<SpotUnit>,
    /// Streams of the times between shocks, of their shares, and of when capacity returns after them.
    pub streams: [StreamId; 3],
    /// The cause of downtime that it is.
    pub cause: CauseId,
}

/// A unit that is spot.
#[derive(Clone, Copy, Debug)]
pub struct SpotUnit {
    /// The unit.
    pub unit: UnitId,
    /// What holds it down while its place is empty.
    pub slot: SlotId,
    /// Streams of its lives, boots, stock-outs, returns, and of whether a shock takes it.
    pub streams: [StreamId; 5],
}

impl SpotSpec {
    /// Work that an interruption cuts off, as the time that it still needed.
    pub fn cut_off(&self) -> Hours {
        Hours::new((self.drain.get() - self.lead.get()).max(0.0))
    }

    /// The laws that are drawn from.
    pub(super) fn laws_mut(&mut self) -> impl Iterator<Item = &mut Law> {
        self.interruption.iter_mut().chain([&mut self.boot, &mut self.returns])
    }
}

/// The name of the cause that spot capacity of a component is.
pub(super) fn cause_name(spot: &SpotSpec) -> String {
    format!("{}/spot", spot.component)
}

/// The spot capacity of a component.
pub(super) fn spot_of<'a>(spec: &'a SystemSpec, component: &str) -> Option<&'a SpotSpec> {
    spec.spots.iter().find(|spot| spot.component == component)
}

/// Reclaims expected within the horizon, each with what follows it.
pub(super) fn expected_events(spec: &SystemSpec) -> f64 {
    let of = |spot: &SpotSpec| {
        let own = spot.interruption.as_ref().map_or(0.0, |law| spec.time.horizon.get() / law.mean().get());
        let shocks = spot.reclaims.as_ref().map_or(0.0, |shock| spec.time.horizon.get() / shock.every.get());
        3.0 * spot.units.len() as f64 * (own + shocks) + shocks
    };
    spec.spots.iter().map(of).sum()
}

pub(super) fn build(spec: &SystemSpec, units: &Units) -> Result<Vec<Spot>, SystemError> {
    let mut streams = StreamRegister::under(spec.draw);
    let compile = |(place, spot): (usize, &SpotSpec)| {
        let component = spec.components.iter().position(|component| component.name == spot.component);
        let component = component.ok_or_else(|| unknown("component", &spot.component))?;
        if spec.spots[..place].iter().any(|other| other.component == spot.component) {
            return Err(SystemError::Duplicate { what: "spot capacity of component", name: spot.component.clone() });
        }
        refuse_together(spec, spot, component)?;
        check(spot, spec.components[component].units.len())?;
        let first = Units::first_of(spec, component) as UnitId;
        let mut of_unit = |&place: &u32| {
            let unit = first + place;
            let of = &units.units[unit as usize];
            let mut take = |purpose: &str| streams.take(purpose, &of.name);
            let streams =
                [take("spot_life")?, take("spot_boot")?, take("stockout")?, take("spot_returns")?, take("reclaimed")?];
            let slot = of.lost.end.checked_sub(1).expect("bug: a unit that is spot can be reclaimed");
            Ok(SpotUnit { unit, slot, streams })
        };
        let of_units = spot.units.iter().map(&mut of_unit).collect::<Result<_, SystemError>>()?;
        let mut take = |purpose: &str| streams.take(purpose, &spot.component);
        let every = spot.reclaims.as_ref().map(|reclaims| reclaims.every);
        Ok(Spot {
            component: component as u32,
            spec: spot.clone(),
            lead: Tick::from_hours(spot.lead.get()),
            time_to_reclaim: every.map(|every| Law::exponential(every).expect("bug: the mean was checked")),
            units: of_units,
            streams: [take("reclaim")?, take("reclaim_share")?, take("reclaim_returns")?],
            cause: units.cause(&cause_name(spot)),
        })
    };
    spec.spots.iter().enumerate().map(compile).collect()
}

fn refuse_together(spec: &SystemSpec, spot: &SpotSpec, component: usize) -> Result<(), SystemError> {
    let declared = &spec.components[component];
    let other = match &declared.redundancy {
        Redundancy::Covered { .. } => "coverage",
        Redundancy::Quorum { .. } => "a quorum",
        Redundancy::Standby(_) => "a standby scheme",
        _ if is_probed(spec, &declared.name) => "a health check",
        _ if keeps_data(spec, &declared.name) => "data that may be lost",
        _ if spec.queueing.request_level.is_none() && spec.queueing.queue(&declared.name).is_some() => {
            "a queue of which requests are not simulated one by one"
        }
        _ => return Ok(()),
    };
    Err(SystemError::NotTogether { component: spot.component.clone(), one: "spot capacity", other })
}

fn check(spot: &SpotSpec, units: usize) -> Result<(), SystemError> {
    let ascending = spot.units.windows(2).all(|pair| pair[0] < pair[1]);
    let last = spot.units.last().map_or(-1.0, |&last| f64::from(last));
    let mean = spot.interruption.as_ref().map_or(f64::MAX, |law| law.mean().get());
    let every = spot.reclaims.as_ref().map_or(f64::MAX, |shock| shock.every.get());
    let share = spot.reclaims.as_ref().map_or(1.0, |shock| shock.share.mean());
    let least = f64::MIN_POSITIVE;
    let checks = [
        ("places of spot units", if ascending { last } else { f64::NAN }, (0.0, units as f64 - 1.0)),
        ("mean time to an interruption", mean, (least, f64::INFINITY)),
        ("mean time to a reclaim", every, (least, f64::MAX)),
        ("share that is reclaimed", share, (least, 1.0)),
        ("notice", spot.lead.get(), (0.0, f64::MAX)),
        ("drain", spot.drain.get(), (0.0, f64::MAX)),
        ("on_demand_stockout", spot.stockout.unwrap_or(0.0), (0.0, 1.0)),
    ];
    match checks.into_iter().find(|(_, value, (from, to))| !(from <= value && value <= to)) {
        None => Ok(()),
        Some((what, value, (from, to))) => {
            let (name, allowed) = (spot.component.clone(), format!("{from} to {to}"));
            Err(SystemError::OutOfRange { what, name, value, allowed })
        }
    }
}
