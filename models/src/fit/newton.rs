//! Maximising a log-likelihood of two parameters by guarded Newton steps.
//!
//! A step is damped until it points uphill and halved until it climbs, so each accepted point is at least as likely
//! as the one before. It refuses to answer rather than stop short.

use super::FitError;

/// Steps before giving up.
const STEPS_MAX: usize = 500;

/// Stop when the whole climb still expected (half the Newton decrement) is below this.
const DECREMENT: f64 = 1e-14;

/// A log-likelihood at a point: value, gradient, and second derivatives `[aa, ab, bb]`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Surface {
    pub(super) value: f64,
    pub(super) gradient: [f64; 2],
    pub(super) hessian: [f64; 3],
}

impl Surface {
    fn is_finite(&self) -> bool {
        self.value.is_finite() && self.gradient.iter().chain(&self.hessian).all(|x| x.is_finite())
    }

    /// The Newton step, damped where the surface does not curve down, and the climb it promises.
    fn step(&self) -> ([f64; 2], f64) {
        let ([ga, gb], [aa, ab, bb]) = (self.gradient, self.hessian.map(|h| -h));
        // The smaller eigenvalue of the negated second derivatives must be positive.
        let centre = 0.5 * (aa + bb);
        let radius = libm::hypot(0.5 * (aa - bb), ab);
        let least = 1e-12 * (centre.abs() + radius) + f64::MIN_POSITIVE;
        let damping = libm::fmax(0.0, least - (centre - radius)) * if centre - radius < 0.0 { 2.0 } else { 1.0 };
        let (aa, bb) = (aa + damping, bb + damping);
        let determinant = aa * bb - ab * ab;
        let step = [(bb * ga - ab * gb) / determinant, (aa * gb - ab * ga) / determinant];
        (step, 0.5 * (step[0] * ga + step[1] * gb))
    }
}

/// The point where `surface` is largest, and the surface there.
///
/// # Errors
/// [`FitError::NoMaximum`] if it does not settle: the likelihood grows without bound or is flat.
pub(super) fn maximise(
    start: [f64; 2],
    surface: impl Fn([f64; 2]) -> Surface,
) -> Result<([f64; 2], Surface), FitError> {
    let mut point = start;
    let mut here = surface(point);
    for _ in 0..STEPS_MAX {
        if !here.is_finite() {
            return Err(FitError::NoMaximum);
        }
        let (step, climb) = here.step();
        if !climb.is_finite() {
            return Err(FitError::NoMaximum);
        }
        let noise = 1e-13 * here.value.abs();
        let better = (0..60).find_map(|halvings| {
            let t = libm::ldexp(1.0, -halvings);
            let next = [point[0] + t * step[0], point[1] + t * step[1]];
            let there = surface(next);
            (there.is_finite() && there.value >= here.value - noise).then_some((next, there))
        });
        match better {
            Some((next, there)) => (point, here) = (next, there),
            None if climb < 1e-9 => return Ok((point, here)),
            None => return Err(FitError::NoMaximum),
        }
        if climb < DECREMENT {
            return Ok((point, here));
        }
    }
    Err(FitError::NoMaximum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn climbs_a_hill_that_is_not_concave_at_the_start() {
        // ln of a Cauchy-shaped hill at (3, -1): convex far out.
        let hill = |[a, b]: [f64; 2]| {
            let (x, y) = (a - 3.0, b + 1.0);
            let r = 1.0 + x * x + y * y;
            let h = |d: f64, e: f64, same: bool| (if same { -2.0 / r } else { 0.0 }) + 4.0 * d * e / (r * r);
            Surface {
                value: -libm::log(r),
                gradient: [-2.0 * x / r, -2.0 * y / r],
                hessian: [h(x, x, true), h(x, y, false), h(y, y, true)],
            }
        };
        let Ok((point, _)) = maximise([40.0, 25.0], hill) else { panic!("there is a maximum") };
        assert!((point[0] - 3.0).abs() < 1e-6 && (point[1] + 1.0).abs() < 1e-6, "{point:?}");
    }

    #[test]
    fn refuses_a_slope_without_end() {
        let slope = |[a, b]: [f64; 2]| Surface { value: a + b, gradient: [1.0, 1.0], hessian: [0.0, 0.0, 0.0] };
        assert!(maximise([0.0, 0.0], slope).is_err());
    }
}
