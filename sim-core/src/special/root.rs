//! Inversion of monotone functions inside a bracket. Both methods terminate and are deterministic.

/// Newton steps before only bisection is used.
const NEWTON_MAX: u32 = 60;

/// Steps in all: a geometric bisection of all positive doubles needs about 65.
const STEPS_MAX: u32 = NEWTON_MAX + 80;

/// Relative size of a Newton step after which the root is known to the last bits.
const SETTLED: f64 = 1e-9;

/// The root of an increasing function on the positive numbers: Newton's method in `ln x`, guarded by bisection.
///
/// `g(x)` returns the value and its derivative with respect to `ln x`; where that is 0, infinite or NaN the interval is
/// halved instead. The root is sought between the smallest
/// normal and the largest double; if there is none, the nearer end is approached. The answer is good to a few units
/// in the last place where `g` is.
///
/// # Source
/// Press et al., *Numerical Recipes*, 3rd ed. (2007), section 9.4 (`rtsafe`), in the logarithm.
pub fn positive(start: f64, g: impl Fn(f64) -> (f64, f64)) -> f64 {
    let (mut low, mut high) = (f64::MIN_POSITIVE, f64::MAX);
    let mut x = if start > low && start < high { start } else { start.clamp(low, high) };
    if x.is_nan() {
        x = 1.0;
    }
    for step in 0..STEPS_MAX {
        let (value, slope) = g(x);
        if value == 0.0 {
            return x;
        }
        if value < 0.0 {
            low = x;
        } else {
            high = x;
        }
        let newton = x * libm::exp(-value / slope);
        // A NaN fails both comparisons, so it leads to bisection.
        let inside = newton > low && newton < high && step < NEWTON_MAX;
        let next = if inside { newton } else { low.sqrt() * high.sqrt() };
        // The error squares with each step, so after a step this small nothing is left to correct.
        if inside && (next - x).abs() <= SETTLED * x {
            return next;
        }
        if (next - x).abs() <= 2.0 * f64::EPSILON * x || next <= low && high <= low * (1.0 + 2.0 * f64::EPSILON) {
            return next;
        }
        x = next;
    }
    x
}

/// The smallest double in `low..=high` at which `reached` is true, if it is false below and true above;
/// `high` if it is never true before. Both ends are at least 0.
///
/// Bisection over the bit patterns, which order like the numbers: at most 64 calls, exact also at jumps.
pub fn first(low: f64, high: f64, reached: impl Fn(f64) -> bool) -> f64 {
    // `+ 0.0` turns a negative zero, whose bits would sort last, into zero.
    let (mut below, mut above) = ((low + 0.0).to_bits(), (high + 0.0).to_bits());
    if below >= above || reached(low) {
        return low;
    }
    while above - below > 1 {
        let middle = below + (above - below) / 2;
        if reached(f64::from_bits(middle)) {
            above = middle;
        } else {
            below = middle;
        }
    }
    f64::from_bits(above)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newton_finds_roots_far_apart() {
        for target in [1e-200, 1e-3, 1.0, 7.0, 1e150] {
            for start in [1e-300, 1.0, 1e300, f64::NAN, 0.0, f64::INFINITY] {
                let x = positive(start, |x| (libm::log(x / target), 1.0));
                assert!((x / target - 1.0).abs() < 1e-15, "{target} from {start}: {x}");
            }
        }
    }

    #[test]
    fn without_a_slope_it_bisects() {
        for slope in [0.0, f64::NAN, -1e-300] {
            let x = positive(1e-5, |x| (x * x - 2.0, slope));
            assert!((x - 2.0_f64.sqrt()).abs() < 1e-14, "{x}");
        }
    }

    #[test]
    fn bisection_finds_a_jump_exactly() {
        assert_eq!(first(0.0, 10.0, |x| x >= 2.5), 2.5);
        assert_eq!(first(-0.0, 10.0, |x| x > 0.0), f64::from_bits(1));
        assert_eq!(first(3.0, 10.0, |_| true), 3.0);
        assert_eq!(first(3.0, 10.0, |_| false), 10.0);
        assert_eq!(first(4.0, 4.0, |_| false), 4.0);
    }
}
