//! Capacity buffers: what a place can take over at once of the traffic of others, as a share of its own peak.
//!
//! The own peak of a place is the largest load that its own clients bring, by the course of demand without its noise.

use super::error::SystemError;
use super::level::CourseOf;
use super::routing::Routing;
use super::spec::SystemSpec;
use super::units::unknown;
use super::{Journey, LevelOf};

/// What the places of a router can take over.
#[derive(Clone, Debug, PartialEq)]
pub struct CapacityBufferSpec {
    /// The plan that says so.
    pub plan: String,
    /// The component that directs traffic to the places.
    pub router: String,
    /// By domain, the share of its own peak that a place serves beyond it, at least 0; beyond what its replicas serve where
    /// they follow the load.
    pub shares: Vec<(String, f64)>,
}

/// The journeys that load a component, each with its visits a request.
type Loads = Vec<(u32, f64)>;

/// Peaks and limits of every place, once it is known what loads the components.
pub(super) fn lay(
    spec: &SystemSpec,
    routings: &mut [Routing],
    (journeys, courses, loaded_by): (&[Journey], &[CourseOf], &[Loads]),
) -> Result<(), SystemError> {
    for routing in routings.iter_mut() {
        let peak = peak(&loaded_by[routing.to as usize], journeys, courses);
        routing.own_peaks = routing.weights.iter().map(|weight| weight * peak).collect();
        routing.buffers = vec![None; routing.weights.len()];
    }
    for buffer in &spec.capacity_buffers {
        let of = spec.routings.iter().position(|routing| routing.router == buffer.router);
        let of = of.ok_or_else(|| unknown("router", &buffer.router))?;
        for (place, share) in &buffer.shares {
            let found = routings[of].names.iter().position(|name| name == place);
            let found = found.ok_or_else(|| unknown("place", place))?;
            if !(0.0..=1e6).contains(share) {
                let (name, allowed) = (buffer.plan.clone(), "0 to 1e6".to_owned());
                return Err(SystemError::OutOfRange { what: "capacity buffer", name, value: *share, allowed });
            }
            if routings[of].buffers[found].replace(*share).is_some() {
                return Err(SystemError::Duplicate { what: "capacity buffer of place", name: place.clone() });
            }
        }
    }
    Ok(())
}

/// The largest sum of demands on a component, each as often as it comes by.
fn peak(loaded_by: &[(u32, f64)], journeys: &[Journey], courses: &[CourseOf]) -> f64 {
    let steps = |journey: u32| {
        let course = courses.iter().find(|course| course.of == LevelOf::Demand(journey));
        course.map_or(&[][..], |course| &course.steps)
    };
    let mut instants: Vec<_> = loaded_by.iter().flat_map(|&(journey, _)| steps(journey)).map(|step| step.0).collect();
    instants.push(ninefold_sim_core::tick::Tick::ZERO);
    instants.sort_unstable();
    instants.dedup();
    let load = |at| {
        let of = |&(journey, visits): &(u32, f64)| {
            let steps = steps(journey);
            let factor = match steps.partition_point(|step| step.0 <= at) {
                0 => 1.0,
                next => steps[next - 1].1,
            };
            journeys[journey as usize].demand.unwrap_or(0.0) * factor * visits
        };
        loaded_by.iter().map(of).sum::<f64>()
    };
    instants.into_iter().map(load).fold(0.0, f64::max)
}

impl Routing {
    /// What a place serves at most where it has a buffer and its units do not follow the load; any load where it has none.
    pub fn limit(&self, place: usize) -> f64 {
        self.buffers[place].map_or(f64::INFINITY, |share| (1.0 + share) * self.own_peaks[place])
    }

    /// What a place whose units follow the load serves beside them; nothing where it has no buffer.
    pub fn reserve(&self, place: usize) -> f64 {
        self.buffers[place].map_or(0.0, |share| share * self.own_peaks[place])
    }

    /// The share of its own peak that a place needs to take over what is sent to it when the largest other is lost.
    pub fn needed(&self, place: usize) -> f64 {
        let others = self.weights.iter().enumerate().filter(|(other, _)| *other != place);
        others.map(|(_, weight)| weight / (1.0 - weight)).fold(0.0, f64::max)
    }
}
