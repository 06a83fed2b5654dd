//! A floor under the variance of downtime, from laws that are known: rare long repairs count before they are seen.
//!
//! The sample variance of a heavy-tailed law is too small until its rare long repairs have been met, and just then the
//! mean is too small as well. Where a unit alone can take an entity down, its repairs are the entity's outages, and their
//! law is given: the variance they bring to a replication's downtime is at least rate × Var(min(repair, measured time))
//! × measured time × (share up)². Outages of redundant units overlap and are left to the sample. In antithetic pairs a
//! repair and its partner balance one another as far as their law lets them: Var(r(u)) + Cov(r(u), r(1 − u)) takes the place
//! of the variance, which of a heavy tail is nearly all of it.

use std::collections::{BTreeMap, BTreeSet};

use ninefold_sim_core::special::quadrature::gauss_legendre;
use ninefold_sim_core::tick::Tick;

use crate::lifetime::Law;
use crate::replication::Blocks;
use crate::system::{Clock, Effect, GateId, System, Tracked, UnitId};
use crate::units::Hours;

/// Gauss–Legendre panels over a logarithmic scale of repair times.
const PANELS: u32 = 24;

/// The least probability of a draw that is looked at.
const LEAST: f64 = 1e-13;

/// The floor of each tracked entity, in ticks squared; 0 where nothing is known.
pub(super) fn floors(system: &System, blocks: Blocks) -> Vec<f64> {
    // Units of one component are alike: each component is looked at once, and only if a unit of it is critical.
    let mut known = BTreeMap::new();
    let mut per_unit = |unit: UnitId| {
        let alike = system.units.units[unit as usize].component.ok_or(unit);
        *known.entry(alike).or_insert_with(|| of_unit(system, unit, blocks))
    };
    let hour = Tick::from_hours(1.0).get() as f64;
    let floor = |tracked: &Tracked| -> f64 {
        let gate = match tracked {
            Tracked::Journey { journey, .. } => system.journeys[*journey as usize].served.gate,
            Tracked::Gate { gate, .. } => *gate,
        };
        critical_units(system, gate).into_iter().map(&mut per_unit).sum::<f64>() * hour * hour
    };
    system.tracked.iter().map(floor).collect()
}

/// Replicas and domains whose loss alone takes a gate down: reached through gates that need all their children.
fn critical_units(system: &System, gate: GateId) -> BTreeSet<UnitId> {
    let (mut units, mut seen, mut left) = (BTreeSet::new(), BTreeSet::new(), vec![gate]);
    while let Some(gate) = left.pop() {
        if !seen.insert(gate) {
            continue;
        }
        if system.structure.is_leaf(gate) {
            units.insert(gate);
            units.extend(&system.units.ancestors[gate as usize]);
        } else if system.structure.need(gate) as usize == system.structure.children(gate).len() {
            left.extend(system.structure.children(gate));
        }
    }
    units
}

/// Variance in hours squared that a unit's repairs bring to its downtime in the measured time.
fn of_unit(system: &System, unit: UnitId, blocks: Blocks) -> f64 {
    let measured = system.measured().hours();
    let of = &system.units.units[unit as usize];
    let modes = || {
        let modes = &system.units.modes[of.modes.start as usize..of.modes.end as usize];
        modes.iter().filter(|mode| mode.effect == Effect::Down)
    };
    let law = |index: u32| &system.units.laws[index as usize];
    // Where repairs wait, failures are rarer than their law says; where they leave a unit old, it does not say.
    let waits = |mode: &crate::system::Mode| mode.crew.is_some() || mode.tests.is_some();
    if modes().any(|mode| mode.clock != Clock::Operating || waits(mode) || mode.worn.is_some()) {
        return 0.0;
    }
    let ratio = |mode: &crate::system::Mode| {
        mode.repair.map_or(0.0, |repair| law(repair).mean() / law(mode.time_to_failure).mean())
    };
    let down: f64 = modes().map(ratio).sum();
    let repairs = modes().filter_map(|mode| {
        let rate = 1.0 / (law(mode.time_to_failure).mean().get() * (1.0 + down));
        mode.repair.map(|repair| rate * measured * left_of_variance(law(repair), measured, blocks))
    });
    let sum: f64 = repairs.sum();
    let up = 1.0 / (1.0 + down);
    if sum.is_finite() && up > 0.0 { sum * up * up } else { 0.0 }
}

/// The variance that truncated draws of a law leave in the mean over blocks, per replication.
fn left_of_variance(law: &Law, limit_h: f64, blocks: Blocks) -> f64 {
    let variance = truncated_variance(law, limit_h);
    if blocks == Blocks::Antithetic { (variance + mirrored_covariance(law, limit_h)).max(0.0) } else { variance }
}

/// Cov(min(X(u), `limit_h`), min(X(1 − u), `limit_h`)), at most 0: the product is integrated over u up to 1/2, on a
/// logarithmic scale.
fn mirrored_covariance(law: &Law, limit_h: f64) -> f64 {
    let draw = |u: f64| law.quantile(u).get().min(limit_h);
    let half = |f: &dyn Fn(f64) -> f64| {
        gauss_legendre(libm::log(LEAST), libm::log(0.5), PANELS, |ln| {
            let u = libm::exp(ln);
            u * f(u)
        })
    };
    let product = 2.0 * half(&|u| draw(u) * draw(1.0 - u));
    let mean = half(&|u| draw(u) + draw(1.0 - u));
    (product - mean * mean).min(0.0)
}

/// Var(min(X, `limit_h`)): E = ∫ S, E of the square = ∫ 2x S, both over 0..limit, on a logarithmic scale.
fn truncated_variance(law: &Law, limit_h: f64) -> f64 {
    let low = law.quantile(1e-6).get().min(limit_h).max(limit_h * 1e-12);
    let survival = |x: f64| law.survival(Hours::new(x));
    let over = |power: i32| {
        let f = |t: f64| {
            let x = libm::exp(t);
            survival(x) * x.powi(power + 1)
        };
        gauss_legendre(libm::log(low), libm::log(limit_h), PANELS, f)
    };
    let mean = low + over(0);
    let square = low * low + 2.0 * over(1);
    (square - mean * mean).max(0.0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn truncation_far_out_leaves_the_variance() {
        let lognormal = Law::lognormal_mean_sigma(Hours::new(10.0), 1.0).unwrap();
        for law in [
            lognormal,
            Law::exponential(Hours::new(3.0)).unwrap(),
            Law::uniform(Hours::new(1.0), Hours::new(2.0)).unwrap(),
        ] {
            let (found, expected) = (truncated_variance(&law, 1e5), law.variance_h2());
            assert!((found / expected - 1.0).abs() < 1e-3, "{}: {found} for {expected}", law.name());
        }
    }

    #[test]
    fn partners_balance_light_tails_and_leave_heavy_ones() {
        // Exponential: 1 − π²/6. Uniform: all of it. Lognormal: (e^(−σ²) − 1)/(e^(σ²) − 1).
        let correlation = |law: &Law| mirrored_covariance(law, 1e9) / law.variance_h2();
        let exponential = Law::exponential(Hours::new(3.0)).unwrap();
        let uniform = Law::uniform(Hours::new(1.0), Hours::new(2.0)).unwrap();
        let heavy = Law::lognormal_mean_sigma(Hours::new(10.0), 2.0).unwrap();
        assert!((correlation(&exponential) - (1.0 - std::f64::consts::PI.powi(2) / 6.0)).abs() < 1e-6);
        assert!((correlation(&uniform) + 1.0).abs() < 1e-6);
        assert!((correlation(&heavy) + 0.018_315_6).abs() < 1e-4, "{}", correlation(&heavy));
    }

    #[test]
    fn a_repair_beyond_the_measured_time_varies_no_more() {
        let law = Law::constant(Hours::new(50.0)).unwrap();
        assert!(truncated_variance(&law, 10.0) < 1e-9);
    }
}
