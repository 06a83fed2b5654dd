//! What capacity leaves of demand in the long run: the capacity outage probability table against the course of demand.
//!
//! The capacity along a flow is the sum and the least of capacities of independent components, each with a distribution
//! over the number of its units that serve; domains that can fail are conditioned on. Demand and capacity take their
//! courses: between two changes the table is compared with one demand.
//!
//! # Source
//! Billinton, Allan, *Reliability Evaluation of Power Systems*, 2nd ed. (1996), sections 2.2–2.6.

use std::collections::BTreeMap;

use ninefold_sim_core::tick::Tick;

use super::capacity_flow::gather;
use super::capacity_table::Table;
use super::error::NotExact;
use super::model::Model;
use super::solutions::{Measure, Solutions};
use crate::system::{Journey, LevelOf, Redundancy, System};
use crate::units::HOURS_PER_YEAR;

/// Domains that can fail and are conditioned on, at most: each doubles the work.
const DOMAINS_MAX: usize = 10;

/// Different tables that may be needed over time.
const TABLES_MAX: usize = 20_000;

/// What falls short by less of its demand is rounding: the simulation's shares have 2⁻³².
const ROUNDING: f64 = 1.0 / (1u64 << 33) as f64;

const METHOD: &str = "capacity outage probability table";

/// The sums over the measured time, weighted by hours.
#[derive(Debug, Default)]
struct Sums {
    /// Hours in which the journey is down.
    down: f64,
    /// Hours in which some demand is not served.
    short: f64,
    /// Demand × hours.
    offered: f64,
    /// Demand not served × hours.
    unserved: f64,
}

/// Answers for a journey that is limited by capacity and by nothing else.
///
/// # Errors
/// Why there is no such answer.
pub(super) fn solve(
    (system, model): (&System, &Model),
    journey: u32,
    entity: &str,
    solutions: &mut Solutions,
) -> Result<(), NotExact> {
    let of = &system.journeys[journey as usize];
    let cone = Cone::of((system, model), of)?;
    let sums = cone.sums()?;
    let measured = system.measured().hours();
    let by_structure = solutions.has(entity, Measure::Unavailability);
    let mut add = |measure, value| solutions.add(entity, measure, None, (value, METHOD));
    if !by_structure {
        add(Measure::Unavailability, sums.down / measured);
        add(Measure::Downtime, sums.down / measured * HOURS_PER_YEAR * 60.0);
    }
    if of.demand.is_some() {
        add(Measure::ShortfallHours, sums.short);
        let unserved = if sums.offered > 0.0 { sums.unserved / sums.offered } else { 0.0 };
        if of.soft.is_empty() {
            add(Measure::UnservedRatio, unserved);
        }
        add(Measure::ServedRatio, 1.0 - unserved);
        let (measure, per_hour) = match system.spec.flow_unit {
            Some(_) => (Measure::UnservedEnergy, 1.0),
            None => (Measure::UnservedRequests, 3600.0),
        };
        add(measure, sums.unserved * per_hour);
    }
    Ok(())
}

/// A journey, and the long run of what it needs.
pub(super) struct Cone<'a> {
    pub(super) system: &'a System,
    pub(super) journey: &'a Journey,
    /// P(up) of each replica of a component, alike for all of it.
    pub(super) up: BTreeMap<u32, f64>,
    /// P(anything runs there) of each place of spot capacity of a component.
    pub(super) spot: BTreeMap<u32, f64>,
    /// Domains that can fail, and P(up).
    pub(super) domains: Vec<(u32, f64)>,
}

impl<'a> Cone<'a> {
    fn of((system, model): (&'a System, &Model), journey: &'a Journey) -> Result<Self, NotExact> {
        let drawn = |course: &crate::system::CourseOf| match course.of {
            LevelOf::Demand(other) => {
                course.variation.is_some()
                    && system.journeys[other as usize].loads.iter().any(|c| journey.reads.binary_search(c).is_ok())
            }
            LevelOf::Capacity(component) => {
                course.variation.is_some() && journey.reads.binary_search(&component).is_ok()
            }
            LevelOf::Sent(_) => false,
        };
        if system.courses.iter().any(drawn) {
            return Err(NotExact::Drawn);
        }
        if journey.rule.success <= 0.0 {
            return Err(NotExact::NotStructural);
        }
        let mut components = Vec::new();
        gather(&journey.served.flow, &mut components, &mut Vec::new())?;
        let mut cone = Self { system, journey, up: BTreeMap::new(), spot: BTreeMap::new(), domains: Vec::new() };
        for &component in &components {
            cone.add_component(model, component)?;
        }
        cone.domains.sort_unstable_by_key(|domain| domain.0);
        cone.domains.dedup_by_key(|domain| domain.0);
        if cone.domains.len() > DOMAINS_MAX {
            return Err(NotExact::TooManyVariables { variables: cone.domains.len(), limit: DOMAINS_MAX });
        }
        Ok(cone)
    }

    fn add_component(&mut self, model: &Model, component: u32) -> Result<(), NotExact> {
        let (declared, compiled) =
            (&self.system.spec.components[component as usize], &self.system.components[component as usize]);
        if compiled.routed.is_some() {
            return Err(NotExact::Routing(declared.name.clone()));
        }
        if declared.modes.iter().any(crate::system::ModeSpec::is_warm_up) {
            return Err(NotExact::WarmUp(declared.name.clone()));
        }
        if self.system.tenant(component).is_some() {
            return Err(NotExact::SharedHosts(declared.name.clone()));
        }
        let simple = matches!(declared.redundancy, Redundancy::None | Redundancy::KOfN { .. });
        let whole = declared.modes.iter().all(|mode| mode.effect == crate::system::Effect::Down);
        if !simple || !whole || compiled.scaling.is_some() {
            return Err(NotExact::NotStructural);
        }
        if let Some(why) = NotExact::rotates(self.system, component) {
            return Err(why);
        }
        let mut variables: Vec<usize> = compiled.units.clone().map(|unit| unit as usize).collect();
        let Some(&first) = variables.first() else { return Err(NotExact::NotStructural) };
        let replicas = variables.len();
        let inside = compiled.units.clone().flat_map(|unit| self.system.units.ancestors[unit as usize].iter().copied());
        let mut domains: Vec<u32> = inside
            .filter(|&domain| {
                let place = domain as usize - self.system.units.replicas;
                !self.system.spec.domains[place].modes.is_empty()
            })
            .collect();
        domains.sort_unstable();
        domains.dedup();
        variables.extend(domains.iter().map(|&domain| domain as usize));
        variables.extend(compiled.units.clone().filter_map(|unit| model.spots.get(&(unit as usize))));
        if !model.tests(&variables).is_empty() {
            // Tests keep in step with one another over components, and with the course of demand.
            return Err(NotExact::Hidden(declared.name.clone()));
        }
        let steady = model.steady(&variables)?;
        debug_assert_eq!(model.part_of(first), model.part_of(first + replicas - 1), "units of one component are alike");
        self.up.insert(component, steady[0].chance.up);
        let places = &steady[replicas + domains.len()..];
        self.spot.extend(places.first().map(|place| (component, place.chance.up)));
        self.domains
            .extend(domains.iter().zip(&steady[replicas..]).map(|(&domain, steady)| (domain, steady.chance.up)));
        Ok(())
    }

    /// Adds up over the measured time, from one change of anything to the next.
    fn sums(&self) -> Result<Sums, NotExact> {
        let (from, to) = (self.system.warmup, self.system.end);
        let mut cuts: Vec<Tick> =
            self.system.courses.iter().flat_map(|course| &course.steps).map(|step| step.0).collect();
        cuts.retain(|&cut| cut > from && cut < to);
        cuts.extend([from, to]);
        cuts.sort_unstable();
        cuts.dedup();
        let mut tables: BTreeMap<Vec<u64>, Table> = BTreeMap::new();
        let mut sums = Sums::default();
        for span in cuts.windows(2) {
            let (demand, scales) = self.scales(span[0]);
            let key: Vec<u64> = scales.values().map(|scale| scale.to_bits()).collect();
            if !tables.contains_key(&key) {
                if tables.len() == TABLES_MAX {
                    return Err(NotExact::TooLarge { nodes: TABLES_MAX });
                }
                tables.insert(key.clone(), self.table(&scales)?);
            }
            sums.add(&tables[&key], (span[1].since(span[0]).hours(), demand), self.journey)?;
        }
        Ok(sums)
    }

    /// Demand at an instant, and what one unit of each component gives this journey then.
    fn scales(&self, at: Tick) -> (f64, BTreeMap<u32, f64>) {
        let factor = |of: LevelOf| {
            let course = self.system.courses.iter().find(|course| course.of == of);
            course.map_or(1.0, |course| course.steps[course.steps.partition_point(|step| step.0 <= at) - 1].1)
        };
        let demand_of = |journey: u32| {
            let level = self.system.journeys[journey as usize].demand;
            level.map_or(0.0, |level| level * factor(LevelOf::Demand(journey)))
        };
        let own = self.system.journeys.iter().position(|journey| std::ptr::eq(journey, self.journey));
        let demand = own.map_or(0.0, |journey| demand_of(journey as u32));
        let scale = |&component: &u32| {
            let per_unit = self.system.components[component as usize].capacity_per_unit;
            let per_unit = per_unit.map_or(f64::INFINITY, |level| level * factor(LevelOf::Capacity(component)));
            let load: f64 = self.system.loaded_by[component as usize]
                .iter()
                .map(|&(other, visits)| demand_of(other) * visits)
                .sum();
            let share = if demand > 0.0 && load > 0.0 { demand / load } else { 1.0 };
            (component, per_unit * share)
        };
        (demand, self.up.keys().map(scale).collect())
    }
}

impl Sums {
    fn add(&mut self, table: &Table, (hours, demand): (f64, f64), journey: &Journey) -> Result<(), NotExact> {
        if journey.demand.is_some() && demand <= 0.0 {
            // Whether its structure is up is not told by what it can serve.
            return Err(NotExact::NotStructural);
        }
        self.offered += hours * demand;
        for (capacity, chance) in table.atoms() {
            let served = if demand > 0.0 { (capacity / demand).min(1.0) } else { f64::from(u8::from(capacity > 0.0)) };
            let enough = journey.rule.capacity_at_least.is_none_or(|least| capacity >= least * (1.0 - ROUNDING));
            if served + ROUNDING < journey.rule.success || !enough || served <= 0.0 {
                self.down += hours * chance;
            }
            if served < 1.0 - ROUNDING {
                self.short += hours * chance;
                self.unserved += hours * chance * (demand - capacity).max(0.0);
            }
        }
        Ok(())
    }
}
