//! Laws that only take separate values, and what they spoil.
//!
//! A unit's point availability converges to its long-run availability unless its failures and repairs keep to a
//! schedule: constant life 100 h and constant repair 10 h repeat every 110 h for ever. Two units on schedules stay in
//! step, and the long-run share of time both are down is not the product of their shares.
//!
//! With values on a lattice of span `d` and cycles (life + repair) on one of span `c`, the availability settles to a
//! period of `c`; it is constant over each `d`, so it settles to a constant if `c = d`. Source: Feller, *An
//! Introduction to Probability Theory and Its Applications* II, 2nd ed. (1971), XI.1 (the lattice case of the renewal
//! theorem).

use ninefold_sim_core::tick::Tick;

use crate::lifetime::Law;
use crate::units::Hours;

/// Values of a discrete law that are looked at. A law with more is taken to have no coarser span than its first ones.
const VALUES_MAX: usize = 1024;

/// Places at which a mixture is probed for atoms.
const PROBES: u32 = 63;

/// The first values of a law that takes separate values only, in ticks; `None` for every other law.
pub(super) fn values(law: &Law) -> Option<Vec<i64>> {
    let discrete = match law {
        Law::Constant(_) | Law::Geometric(_) | Law::Empirical(_) => true,
        Law::Mixture(_) => (1..=PROBES).all(|i| has_atom(law, law.quantile(f64::from(i) / f64::from(PROBES + 1)))),
        _ => false,
    };
    discrete.then(|| walk(law))
}

fn has_atom(law: &Law, at: Hours) -> bool {
    law.cdf(at) - law.cdf(at * (1.0 - 1e-12)) > 1e-9
}

fn walk(law: &Law) -> Vec<i64> {
    let mut values: Vec<i64> = Vec::new();
    let mut below = f64::MIN_POSITIVE;
    while values.len() < VALUES_MAX && below < 1.0 {
        let value = law.quantile(below);
        values.push(Tick::from_hours(value.get()).get());
        let at_most = law.cdf(value);
        below = at_most + (1e-12 * at_most).max(f64::MIN_POSITIVE);
    }
    values.dedup();
    values
}

/// Whether availability settles to a constant, given the values of life and repair.
pub(super) fn settles(life: &[i64], repair: &[i64]) -> bool {
    let (Some(first_life), Some(first_repair)) = (life.first(), repair.first()) else { return false };
    let span = life.iter().chain(repair).fold(0, |span, &value| gcd(span, value));
    let steps = life.iter().map(|value| value - first_life).chain(repair.iter().map(|value| value - first_repair));
    let cycle = steps.fold(first_life + first_repair, gcd);
    cycle == span
}

const fn gcd(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(law: &Law) -> Vec<i64> {
        values(law).unwrap()
    }

    #[test]
    fn schedules_never_settle_and_random_steps_do() {
        let h = Hours::new;
        let constant = |hours| of(&Law::constant(h(hours)).unwrap());
        let steps = of(&Law::geometric(h(2940.0), h(1.0)).unwrap());
        assert!(!settles(&constant(100.0), &constant(10.0)));
        assert!(settles(&steps, &constant(3.0)));
        assert!(settles(&steps, &constant(0.5)));
        let recorded = of(&Law::empirical(vec![h(3.0), h(1.0), h(1.0)]).unwrap());
        assert_eq!(recorded, constant(1.0).into_iter().chain(constant(3.0)).collect::<Vec<_>>());
        assert!(!settles(&recorded, &constant(1.0)));
        assert!(settles(&recorded, &constant(2.0)) == (gcd(1 + 2, 2) == 1));
    }

    #[test]
    fn a_mixture_is_discrete_if_all_its_parts_are() {
        let part = |hours| Law::constant(Hours::new(hours)).unwrap();
        let atoms = Law::mixture(vec![(0.5, part(1.0)), (0.5, part(2.0))]).unwrap();
        assert_eq!(of(&atoms).len(), 2);
        let smooth = Law::exponential(Hours::new(3.0)).unwrap();
        assert_eq!(values(&Law::mixture(vec![(0.5, part(1.0)), (0.5, smooth.clone())]).unwrap()), None);
        assert_eq!(values(&smooth), None);
    }
}
