//! What uncertain inputs do to the results: the second interval of every estimate, and whose share it is.

use ninefold_sim_core::interval::EXACT_COUNT_BELOW;

use super::readout;
use crate::exact;
use crate::metric::agreement::verdict;
use crate::metric::{Reading, Tallies};
use crate::plan::Plan;
use crate::replication::Blocks;
use crate::results::{Estimated, InputShareRow, Measured, Requirement, Results, WithInputs};

use crate::system::System;
use crate::uncertainty::{Drawn, Nested, Share, shares};

/// Adds what the parameter draws say to results made from all replications together.
pub(super) fn add(system: &System, plan: &Plan, tallies: &Tallies, results: &mut Results) {
    if system.drawn.is_empty() {
        return;
    }
    let draws: Vec<(Vec<Measured>, Vec<Requirement>)> = system
        .drawn
        .iter()
        .zip(tallies.by_draw.draws())
        .map(|(drawn, tallies)| of_draw(drawn, plan, tallies))
        .collect();
    let replications = results.outcome.replications / draws.len() as u64;
    let inputs = columns(system);
    let mut rows = Vec::new();
    for (place, measured) in results.measures.iter_mut().enumerate() {
        let of_draws: Vec<&Measured> = draws.iter().map(|(measures, _)| &measures[place]).collect();
        measured.exact = mean_exact(&of_draws);
        measured.exact_method = measured.exact_method.filter(|_| measured.exact.is_some());
        let (values, errors) = apart(of_draws.iter().map(|measured| &measured.estimate));
        let Some(nested) = Nested::of(&values, &errors, replications) else { continue };
        let scale = (plan.confidence, measured.unit == "1");
        let by_chance = if measured.seen < EXACT_COUNT_BELOW { 1.0 } else { nested.share_of_error() };
        measured.inputs = Some(widen(&mut measured.estimate, &nested, scale, by_chance));
        let drawn = Drawn { values: &values, errors: &errors, inputs: &inputs, replications };
        if is_shared(system, measured)
            && let Some(shares) = shares(drawn, plan.confidence)
        {
            let names = system.spec.inputs.iter().map(|input| input.path.as_str()).chain(["chance", "rest"]);
            let parts = shares.inputs.iter().chain([&shares.chance, &shares.rest]);
            rows.extend(names.zip(parts).map(|(input, share)| row(measured, input, share)));
        }
    }
    results.input_shares = rows;
    for (place, requirement) in results.requirements.iter_mut().enumerate() {
        let (values, errors) = apart(draws.iter().map(|(_, requirements)| &requirements[place].shortfall));
        let Some(nested) = Nested::of(&values, &errors, replications) else { continue };
        let with = widen(&mut requirement.shortfall, &nested, (plan.confidence, true), 1.0);
        requirement.by_interval = verdict((with.lo, with.hi), 1.0 - requirement.target);
        requirement.verdict = requirement.by_interval;
        requirement.shortfall_inputs = Some(with);
    }
}

/// The estimates of one draw, without floors under the variance: what is taken off as chance must have been seen.
fn of_draw(drawn: &System, plan: &Plan, tallies: &Tallies) -> (Vec<Measured>, Vec<Requirement>) {
    let (exact, floors) = (exact::solve(drawn), vec![0.0; drawn.tracked.len()]);
    let (replications, confidence) = (tallies.replications, plan.confidence);
    let blocks = Blocks::Independent;
    let reading =
        Reading { system: drawn, replications, blocks, confidence, floors: &floors, exact: &exact, controlled: &[] };
    readout::estimates(reading, tallies)
}

/// For each uncertain input, its value in each draw.
fn columns(system: &System) -> Vec<Vec<f64>> {
    let of = |place: usize| system.drawn.iter().map(|drawn| drawn.spec.inputs[place].value).collect();
    (0..system.spec.inputs.len()).map(of).collect()
}

fn apart<'a>(estimates: impl Iterator<Item = &'a Estimated>) -> (Vec<f64>, Vec<f64>) {
    estimates.map(|estimate| (estimate.value, estimate.standard_error)).unzip()
}

/// The exact value beside a mean over draws is the mean of the draws' exact values.
fn mean_exact(draws: &[&Measured]) -> Option<f64> {
    let exact: Option<Vec<f64>> = draws.iter().map(|measured| measured.exact).collect();
    exact.map(|values| values.iter().sum::<f64>() / values.len() as f64)
}

/// Narrows the interval by chance to `by_chance` of its width, and makes the one by inputs and chance, which holds it.
fn widen(estimate: &mut Estimated, nested: &Nested, scale: (f64, bool), by_chance: f64) -> WithInputs {
    let value = estimate.value;
    estimate.standard_error *= by_chance;
    estimate.lo = value - (value - estimate.lo) * by_chance;
    estimate.hi = value + (estimate.hi - value) * by_chance;
    let (lo, hi) = nested.interval(value, scale.0, scale.1);
    let standard_deviation = nested.total().sqrt().max(if value > 0.0 { estimate.standard_error } else { 0.0 });
    WithInputs { standard_deviation, lo: lo.min(estimate.lo), hi: hi.max(estimate.hi) }
}

/// Shares are told of the measures of journeys (components where there is none) and agreements.
fn is_shared(system: &System, measured: &Measured) -> bool {
    let kind = if system.journeys.is_empty() { "components." } else { "journeys." };
    let single = measured.at_h.is_none() && measured.quantile.is_none();
    single && (measured.entity.starts_with(kind) || measured.entity.starts_with("agreements."))
}

fn row(measured: &Measured, input: &str, share: &Share) -> InputShareRow {
    let Share { value, standard_error, lo, hi } = *share;
    let share = Estimated { value, standard_error, lo, hi };
    InputShareRow { entity: measured.entity.clone(), measure: measured.measure, input: input.to_owned(), share }
}
