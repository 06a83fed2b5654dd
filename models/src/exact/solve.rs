//! Every exact answer of a system.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::averages;
use super::capacity;
use super::cone::Cone;
use super::cost;
use super::error::NotExact;
use super::frequency::failure_frequency;
use super::importance::{Candidate, importance};
use super::markov::{self, Chain};
use super::model::Model;
use super::probability::{Chance, Diagram};
use super::process::Steady;
use super::quadrature;
use super::queues::{self, metastability::Maps};
use super::rule::is_structural;
use super::solutions::{DATA, FIRST_FAILURE, LONG_RUN, Measure, POINTS, RATES, SERVED, Solutions};
use super::spot;
use super::structure::GateId;
use crate::system::{self, DataLoss, System, Tracked};
use crate::units::{HOURS_PER_YEAR, Hours};

/// Decisions a diagram may have to be integrated over time: an integral evaluates it some thousand times.
const INTEGRATED_MAX: usize = 20_000;

/// Reads the exact answers out of a system, and for what has none the reason.
///
/// Never fails: what cannot be had exactly is left to the simulation, see [`Solutions::reason`].
pub fn solve(system: &System) -> Solutions {
    let model = Model::of(system);
    let mut solutions = Solutions::default();
    let (journeys, components) = system.tracked.split_at(system.journeys.len());
    components.iter().for_each(|tracked| solve_entity(system, &model, tracked, &[], &mut solutions));
    spot::solve(system, &mut solutions);
    cost::solve(system, &mut solutions);
    system.data.iter().for_each(|data| solve_data(system, &model, data, &mut solutions));
    // Importance reads the components' unavailability.
    let candidates = candidates(system, &model, &solutions);
    journeys.iter().for_each(|tracked| solve_entity(system, &model, tracked, &candidates, &mut solutions));
    solutions.queues = queues::solve(system, &model);
    solutions
}

/// Every map of metastability that is asked for: at the point values of the inputs, with all units up.
pub fn metastability(system: &System) -> Maps {
    queues::maps(system)
}

fn solve_entity(
    system: &System,
    model: &Model,
    tracked: &Tracked,
    candidates: &[Candidate],
    solutions: &mut Solutions,
) {
    let (entity, report_at) = (tracked.entity(), &system.spec.time.report_at);
    let gate = gate_of(system, tracked);
    let compile = |gate| Cone::compile(&model.structure, gate).map(|cone| Entity { entity, model, cone, report_at });
    let whole = gate.ok_or(NotExact::NotStructural).and_then(|gate| compile(model.gate(gate)));
    let first = match (&whole, gate) {
        (_, Some(gate)) if model.gate(gate) != model.first_gate(gate) => {
            compile(model.first_gate(gate)).and_then(|first| first.reliability(solutions))
        }
        (Ok(whole), _) => whole.reliability(solutions),
        (Err(reason), _) => Err(reason.clone()),
    };
    let mut chain = Chained { system, model, gate, known: None };
    if let Err(reason) = first
        && let Err(reason) = chain.or(reason, |chain| chain.add_first_failure(entity, report_at, solutions))
    {
        solutions.refuse(entity, &FIRST_FAILURE, &reason);
    }
    let (steady, points) = match whole {
        Ok(whole) => whole.solve(candidates, solutions),
        Err(reason) => (Err(reason.clone()), Err(reason)),
    };
    // What the structure does not tell, capacity and demand may.
    let served = match tracked {
        Tracked::Journey { journey, .. } if system.journeys[*journey as usize].partial => {
            capacity::solve((system, model), *journey, entity, solutions)
        }
        _ => Ok(()),
    };
    if let Err(reason) = &served {
        solutions.refuse(entity, &SERVED, reason);
    }
    let steady = match (steady, served) {
        (Err(NotExact::NotStructural), Err(reason)) => Err(reason),
        (steady, _) => steady,
    };
    if let Err(reason) = steady {
        let answered = chain.or(reason.clone(), |chain| chain.add_long_run(entity, solutions));
        // Importance asks for variables that are independent; a chain has none.
        solutions.refuse(entity, &LONG_RUN, &answered.err().unwrap_or(reason));
    }
    if let Err(reason) = points
        && let Err(reason) = chain.or(reason, |chain| chain.add_points(entity, report_at, solutions))
    {
        solutions.refuse(entity, &POINTS, &reason);
    }
}

/// The loss of a component's data, always by a chain.
fn solve_data(system: &System, model: &Model, data: &DataLoss, solutions: &mut Solutions) {
    let component = data.component as usize;
    let entity = format!("components.{}", system.spec.components[component].name);
    let root = (&model.structure, model.gate(system.components[component].gate));
    let chain = if model.is_stationary() {
        Err(NotExact::Stationary)
    } else {
        markov::Model::keeping(system, root, (data, &model.schemes)).and_then(|model| Chain::explore(&model))
    };
    let answered = chain.and_then(|chain| chain.add_data_loss(&entity, system.spec.time.horizon, solutions));
    if let Err(reason) = answered {
        solutions.refuse(&entity, &DATA, &reason);
    }
}

/// The Markov chain of an entity, made when it is first asked for.
struct Chained<'a> {
    system: &'a System,
    model: &'a Model,
    gate: Option<system::GateId>,
    known: Option<Result<Chain, NotExact>>,
}

impl Chained<'_> {
    /// Asks the chain where there is no other answer, for a reason that a chain may overcome.
    fn or(&mut self, reason: NotExact, ask: impl FnOnce(&Chain) -> Result<(), NotExact>) -> Result<(), NotExact> {
        let Some(gate) = self.gate.filter(|_| reason.is_for_a_chain() && !self.model.is_stationary()) else {
            return Err(reason);
        };
        if let Some(owner) = self.model.spot_under(self.model.counted_gate(gate)) {
            return Err(NotExact::Spot(owner));
        }
        let chain = self.known.get_or_insert_with(|| {
            let root = (&self.model.structure, self.model.counted_gate(gate));
            markov::Model::of(self.system, root, &self.model.schemes).and_then(|model| Chain::explore(&model))
        });
        match chain {
            Ok(chain) => ask(chain),
            // A chain that does not fit says more of what is coupled; of the rest the first reason does.
            Err(why) if matches!(reason, NotExact::Coupled(_) | NotExact::Coverage(_)) => Err(why.clone()),
            Err(_) => Err(reason),
        }
    }
}

/// The gate whose state is the entity's, if there is one.
fn gate_of(system: &System, tracked: &Tracked) -> Option<system::GateId> {
    match tracked {
        Tracked::Gate { gate, .. } => Some(*gate),
        Tracked::Journey { journey, .. } => {
            let journey = &system.journeys[*journey as usize];
            is_structural(system, journey).then_some(journey.served.gate)
        }
    }
}

struct Entity<'a> {
    entity: &'a str,
    model: &'a Model,
    cone: Cone,
    report_at: &'a [Hours],
}

impl Entity<'_> {
    /// The long run and the points.
    fn solve(
        mut self,
        candidates: &[Candidate],
        solutions: &mut Solutions,
    ) -> (Result<(), NotExact>, Result<(), NotExact>) {
        let diagram = self.cone.diagram(self.cone.top());
        (self.steady(&diagram, candidates, solutions), self.points(&diagram, solutions))
    }

    const fn method(diagram: &Diagram) -> &'static str {
        if diagram.len() <= 1 { "closed form" } else { "binary decision diagram" }
    }

    /// The long run: unavailability, frequency, mean times, importance.
    fn steady(
        &mut self,
        diagram: &Diagram,
        candidates: &[Candidate],
        solutions: &mut Solutions,
    ) -> Result<(), NotExact> {
        let variables = self.cone.variables().to_vec();
        let steady = match self.model.steady(&variables) {
            Err(NotExact::InStep(..)) if self.add_between_tests(diagram, solutions)? => return Ok(()),
            steady => steady?,
        };
        let of = |variable: usize| -> Steady {
            steady[variables.binary_search(&variable).expect("bug: a variable of the cone")]
        };
        let chance = |variable: usize| of(variable).chance;
        let Chance { up, down } = diagram.chance(chance);
        let method = Self::method(diagram);
        let mut add = |measure, value| solutions.add(self.entity, measure, None, (value, method));
        add(Measure::Unavailability, down);
        add(Measure::Downtime, down * HOURS_PER_YEAR * 60.0);
        let apart = self.model.refuse_coincidence(&variables, &steady);
        match apart.and_then(|()| failure_frequency(&mut self.cone, chance, |variable| of(variable).per_hour)) {
            Ok(per_hour) => {
                add(Measure::FailureRate, per_hour * HOURS_PER_YEAR);
                if per_hour > 0.0 {
                    add(Measure::Mtbf, 1.0 / per_hour);
                    add(Measure::Mut, up / per_hour);
                    add(Measure::Mttr, down / per_hour);
                }
            }
            Err(reason) => solutions.refuse(self.entity, &RATES, &reason),
        }
        if !candidates.is_empty() {
            match importance(self.entity, &mut self.cone, chance, candidates) {
                Ok(rows) => solutions.add_importance(rows),
                Err(reason) => solutions.refuse(self.entity, &[Measure::Importance], &reason),
            }
        }
        Ok(())
    }

    /// The long-run unavailability where all that keeps in step is tested at the same times; whether it is so.
    fn add_between_tests(&self, diagram: &Diagram, solutions: &mut Solutions) -> Result<bool, NotExact> {
        let variables = self.cone.variables();
        if diagram.len() > INTEGRATED_MAX || !self.model.are_all_tested(variables) {
            return Ok(false);
        }
        let at = |at: Hours| self.chance(diagram, |variable| self.model.at(variable, at));
        at(Hours::ZERO)?;
        let down = |t: f64| at(Hours::new(t)).map_or(f64::NAN, |chance| chance.down);
        let Some(mean) = averages::long_run_mean(&down, &self.model.tests(variables)) else { return Ok(false) };
        let down = mean?;
        let mut add = |measure, value| solutions.add(self.entity, measure, None, (value, "numerical integration"));
        add(Measure::Unavailability, down);
        add(Measure::Downtime, down * HOURS_PER_YEAR * 60.0);
        let (first, second) = (self.model.owner(variables[0]), self.model.owner(variables[variables.len() - 1]));
        let reason = NotExact::InStep(first, second);
        solutions.refuse(self.entity, &RATES, &reason);
        solutions.refuse(self.entity, &[Measure::Importance], &reason);
        Ok(true)
    }

    /// Availability at each moment and over the time before it.
    fn points(&self, diagram: &Diagram, solutions: &mut Solutions) -> Result<(), NotExact> {
        let at = |at: Hours| self.chance(diagram, |variable| self.model.at(variable, at));
        let tests = self.model.tests(self.cone.variables());
        for &moment in self.report_at {
            let add = (at(moment)?.up, Self::method(diagram));
            solutions.add(self.entity, Measure::AvailabilityAt, Some(moment), add);
            if moment.get() > 0.0 && diagram.len() <= INTEGRATED_MAX {
                // Whether there is a formula does not depend on the moment.
                let down = |t: f64| at(Hours::new(t)).map_or(f64::NAN, |chance| chance.down);
                let mean = 1.0 - averages::mean(&down, &tests, (moment, diagram.len()))?;
                let add = (mean, "numerical integration");
                solutions.add(self.entity, Measure::IntervalAvailabilityAt, Some(moment), add);
            }
        }
        Ok(())
    }

    /// Reliability at each moment and the mean time to the first failure. Exact if everything that is repaired is
    /// essential: then no failure of it is survived, and the entity is up at `t` without a failure before exactly
    /// while nothing essential has failed and the rest, which stays as it is once failed, still works.
    fn reliability(&self, solutions: &mut Solutions) -> Result<(), NotExact> {
        let diagram = &self.cone.diagram(self.cone.top());
        let variables = self.cone.variables();
        let essential = diagram.essential();
        let survived = |v: &&usize| !self.model.is_final(**v) && essential.binary_search(v).is_err();
        let survived = variables.iter().find(survived);
        if let Some(&variable) = survived {
            return Err(match self.model.survives(variable, Hours::ZERO) {
                Err(reason) => reason,
                Ok(_) => NotExact::NoFormula(self.model.owner(variable)),
            });
        }
        let at = |at: Hours| self.chance(diagram, |variable| self.model.survives(variable, at));
        for &moment in self.report_at {
            let add = (at(moment)?.up, Self::method(diagram));
            solutions.add(self.entity, Measure::ReliabilityAt, Some(moment), add);
        }
        at(Hours::ZERO)?;
        if diagram.len() > INTEGRATED_MAX {
            return Err(NotExact::TooLarge { nodes: INTEGRATED_MAX });
        }
        let medians = variables.iter().filter_map(|&variable| self.model.life_quantile(variable, 0.5));
        let scale = medians.map(Hours::get).filter(|&median| median > 0.0).fold(f64::INFINITY, f64::min);
        if scale.is_finite() {
            let up = |t: f64| at(Hours::new(t)).map_or(f64::NAN, |chance| chance.up);
            let mean = quadrature::integral_to_infinity(&up, scale)?;
            solutions.add(self.entity, Measure::Mttf, None, (mean, "numerical integration"));
        }
        Ok(())
    }

    /// The entity's chance, given those of its variables.
    fn chance(&self, diagram: &Diagram, of: impl Fn(usize) -> Result<Chance, NotExact>) -> Result<Chance, NotExact> {
        // Units of one component behave alike: each law is evaluated once.
        let mut by_part = BTreeMap::new();
        for &variable in self.cone.variables() {
            if let Entry::Vacant(part) = by_part.entry(self.model.part_of(variable)) {
                part.insert(of(variable)?);
            }
        }
        Ok(diagram.chance(|variable| by_part[&self.model.part_of(variable)]))
    }
}

/// Every component with an exact unavailability, and every domain.
fn candidates(system: &System, model: &Model, solutions: &Solutions) -> Vec<Candidate> {
    let components = system.spec.components.iter().zip(&system.components).filter_map(|(declared, component)| {
        let entity = format!("components.{}", declared.name);
        let (unavailability, _) = solutions.get(&entity, "unavailability", None)?;
        let mut gates: Vec<GateId> =
            [component.gate, component.read, component.write].iter().map(|&gate| model.gate(gate)).collect();
        gates.sort_unstable();
        gates.dedup();
        Some(Candidate {
            entity,
            gates,
            variables: component.units.clone().flat_map(|u| model.of_unit(u as usize)).collect(),
            unavailability,
        })
    });
    let domains = system.spec.domains.iter().enumerate().filter_map(|(i, declared)| {
        let variable = system.units.replicas + i;
        let gates = vec![model.structure.leaf_of(variable)?];
        let unavailability = model.steady(&[variable]).ok()?[0].chance.down;
        Some(Candidate {
            entity: format!("domains.{}", declared.name),
            gates,
            variables: vec![variable],
            unavailability,
        })
    });
    components.chain(domains).collect()
}
