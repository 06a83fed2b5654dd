//! Writes that conflict: what is written while several sides of a partition take writes.

use crate::metric::Reading;
use crate::metric::up_down::UpDown;
use crate::results::Measured;
use crate::system::{PartitionSide, Side, System, Tracked, TrackedId, single_writer_name};
use crate::units::HOURS_PER_YEAR;

/// Adds the measures of an entity that is down while several sides of a partition write: the time a year for which the data
/// of all sides but one are given up, and the writes that are made on them.
pub(crate) fn measures(up_down: &UpDown, id: TrackedId, reading: Reading<'_>, into: &mut Vec<Measured>) {
    let system = reading.system;
    let Tracked::Gate { component: seat, entity, .. } = &system.tracked[id as usize] else { return };
    let name = &system.spec.components[*seat as usize].name;
    let Some(owner) = name.strip_suffix("/single-writer").filter(|owner| single_writer_name(owner) == *name) else {
        return;
    };
    let Some(component) = system.spec.components.iter().position(|component| component.name == owner) else { return };
    let seconds = up_down.unavailability(id, reading).0.scaled(HOURS_PER_YEAR * 3600.0);
    into.push(reading.measured(entity, ("lost_updates", "s/year"), seconds));
    if let Some(rate) = rate_in_doubt(system, component as u32) {
        into.push(reading.measured(entity, ("conflicting_writes", "1/year"), seconds.scaled(rate)));
    }
}

/// Writes a second on all sides but the busiest while all of them write: those of a journey that says where its users are are
/// made on their side, others on each side alike. `None` where a rate is not known or changes over time.
fn rate_in_doubt(system: &System, component: u32) -> Option<f64> {
    let sides = &system.components[component as usize].partition.as_ref()?.sides;
    let name = &system.spec.components[component as usize].name;
    let mut rates = vec![0.0; sides.len()];
    let mut known = false;
    for &(journey, visits) in &system.loaded_by[component as usize] {
        let declared = &system.spec.journeys[journey as usize];
        if declared.path.names_only(name, Side::Read) {
            continue;
        }
        let demand = declared.demand.as_ref()?;
        if demand.course.is_some() {
            return None;
        }
        known = true;
        match side_of(system, (&declared.name, sides)) {
            Some(side) => rates[side] += demand.rate * visits,
            None => {
                let each = demand.rate * visits / sides.len() as f64;
                rates.iter_mut().for_each(|rate| *rate += each);
            }
        }
    }
    let most = rates.iter().copied().fold(0.0, f64::max);
    known.then(|| rates.iter().sum::<f64>() - most)
}

/// The side that the users of a journey are on.
fn side_of(system: &System, (journey, sides): (&str, &[PartitionSide])) -> Option<usize> {
    let mut at = system.spec.quorums.views.iter().find(|view| view.journey == journey).map(|view| view.domain.as_str());
    while let Some(name) = at {
        let is = |side: &PartitionSide| system.units.units[side.domain as usize].name == name;
        if let Some(place) = sides.iter().position(is) {
            return Some(place);
        }
        at = system.spec.domains.iter().find(|domain| domain.name == name)?.parent.as_deref();
    }
    None
}
