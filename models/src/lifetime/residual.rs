//! What is left of a duration at an instant that falls into it by chance: the inverse of the integrated tail.

use super::Lifetime;

/// Newton steps before only bisection is used.
const NEWTON_MAX: u32 = 50;

/// Steps in all.
const STEPS_MAX: u32 = NEWTON_MAX + 64;

/// Relative error of the integrated tails.
const SETTLED: f64 = 4.0 * f64::EPSILON;

/// The age at which `∫ S` reaches the share `p` of the mean, as exactly as the law's integrated tail.
///
/// The integral rises with slope `S`, which falls: Newton's method from below never overshoots, but for rounding, and is
/// guarded by bisection. `p · mean` is a lower bound, since `S` is at most 1; it is the answer where nothing fails before.
pub(super) fn invert(law: &(impl Lifetime + ?Sized), p: f64) -> f64 {
    let wanted = p * law.mean_hours();
    let (mut low, mut high) = (wanted, f64::INFINITY);
    let mut age = wanted;
    for step in 0..STEPS_MAX {
        let missing = wanted - law.integrated_tail_hours(age);
        // Rounding may keep the integral just below what is wanted for ever.
        if missing <= SETTLED * wanted {
            high = age;
        } else {
            low = age;
        }
        let newton = age + missing / law.survival(age);
        let inside = newton > low && newton < high && step < NEWTON_MAX;
        let next = if inside {
            newton
        } else if high.is_finite() {
            0.5 * (low + high)
        } else {
            2.0 * age
        };
        if (next - age).abs() <= f64::EPSILON * age || next >= f64::MAX {
            return next.min(high);
        }
        age = next;
    }
    age
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::lifetime::Law;
    use crate::units::Hours;

    #[test]
    fn closed_forms() {
        let h = Hours::new;
        let constant = Law::constant(h(8.0)).unwrap();
        // ∫ (1 - t/6) dt = 3 p has the root 6 (1 - √(1 - p)).
        let uniform = Law::uniform(h(0.0), h(6.0)).unwrap();
        // Shape 3, min 1: 1 + (1 - t⁻²)/2 = 3/2 p.
        let pareto = Law::pareto(3.0, h(1.0)).unwrap();
        // One step in two ends: the share 0.5 + 0.25/2 of a mean of 2 steps lies 1.5 steps in.
        let geometric = Law::geometric(h(2.0), h(1.0)).unwrap();
        let close = |law: &Law, p: f64, expected: f64| {
            let found = law.residual_quantile(p).get();
            assert!((found / expected - 1.0).abs() < 1e-13, "{} at {p}: {found}, not {expected}", law.name());
        };
        for p in [1e-9, 0.1, 0.5, 0.999] {
            close(&constant, p, 8.0 * p);
            close(&uniform, p, 6.0 * p / (1.0 + (1.0 - p).sqrt()));
        }
        close(&pareto, 0.5, 0.75);
        close(&pareto, 0.9, (1.0_f64 / 0.3).sqrt());
        close(&geometric, 0.625, 1.5);
        close(&Law::exponential(h(5.0)).unwrap(), 0.75, 5.0 * 4.0_f64.ln());
    }
}
