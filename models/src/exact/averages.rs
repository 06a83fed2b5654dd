//! Means over time, where the state jumps at tests: each span between two tests is integrated for itself.

use super::error::NotExact;
use super::model::{Model, Part};
use super::quadrature;
use crate::system::Tests;
use crate::units::Hours;

/// Spans between tests that are integrated.
const SPANS_MAX: usize = 500;

/// Spans × decisions of a diagram up to which they are integrated: each span takes some hundred evaluations.
const WORK_MAX: usize = 100_000;

/// The mean of `down` over 0..`until`; `decisions` is how long one evaluation takes.
pub(super) fn mean(
    down: &impl Fn(f64) -> f64,
    tests: &[Tests],
    (until, decisions): (Hours, usize),
) -> Result<f64, NotExact> {
    let jumps = jumps(tests, until)?;
    if jumps.len() * decisions > WORK_MAX && jumps.len() > 1 {
        return Err(NotExact::TooLarge { nodes: WORK_MAX / jumps.len() });
    }
    let ends = jumps[1..].iter().copied().chain([until.get()]);
    let spans = jumps.iter().zip(ends).filter(|(from, to)| to > from);
    let integrals = spans.map(|(&from, to)| quadrature::integral(&|t| down(from + t), to - from));
    Ok(integrals.sum::<Result<f64, _>>()? / until.get())
}

/// The mean of `down` in the long run, if all that is tested is tested at the same times and forgets all at a test: then
/// over the span between any two.
pub(super) fn long_run_mean(down: &impl Fn(f64) -> f64, tests: &[Tests]) -> Option<Result<f64, NotExact>> {
    let first = tests.first()?;
    let alike = tests.iter().all(|tests| tests == first && tests.coverage == 1.0);
    let (from, every) = (first.first_at.get(), first.every.get());
    alike.then(|| Ok(quadrature::integral(&|t| down(from + t), every)? / every))
}

impl Model {
    /// Whether all of some variables are hidden failures.
    pub(super) fn are_all_tested(&self, variables: &[usize]) -> bool {
        let tested = |part: &Part| matches!(part, Part::Process(process) if process.tests().next().is_some());
        variables.iter().all(|&variable| tested(self.part(variable)))
    }

    /// The tests of some variables, each once.
    pub(super) fn tests(&self, variables: &[usize]) -> Vec<Tests> {
        let mut found = Vec::new();
        for &variable in variables {
            if let Part::Process(process) = self.part(variable) {
                process.tests().for_each(|tests| {
                    if !found.contains(&tests) {
                        found.push(tests);
                    }
                });
            }
        }
        found
    }
}

/// 0 and every test before `until`, ascending.
fn jumps(tests: &[Tests], until: Hours) -> Result<Vec<f64>, NotExact> {
    let mut jumps = vec![0.0];
    for Tests { every, first_at, .. } in tests {
        let count = ((until.get() - first_at.get()) / every.get()).max(0.0);
        if jumps.len() as f64 + count > SPANS_MAX as f64 {
            return Err(NotExact::NoConvergence);
        }
        let at = (0..).map(|k| first_at.get() + f64::from(k) * every.get());
        jumps.extend(at.take_while(|at| *at < until.get()));
    }
    jumps.sort_by(f64::total_cmp);
    jumps.dedup();
    Ok(jumps)
}
