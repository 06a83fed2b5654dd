//! Integration: adaptive Gauss–Kronrod over panels that double in length.
//!
//! What is integrated here changes on scales that differ by many orders (a repair of minutes in a horizon of years),
//! so the first panels are short and each next one ends at twice the time. Source: Kronrod (1965); Piessens et al.,
//! *QUADPACK* (1983), the 7-15 point rule.

use super::error::NotExact;

/// Relative error at which a panel is not divided further.
const TOLERANCE: f64 = 1e-13;

/// Applications of the rule to one panel and its parts before it counts as too ragged.
const APPLICATIONS_MAX: u32 = 4096;

/// Times a panel may be halved: a jump is then located to 1e-12 of its panel.
const HALVINGS_MAX: u32 = 40;

/// Doublings from the shortest panel to `end`, and beyond a scale for a tail.
const DOUBLINGS: i32 = 40;

/// Doublings of a tail before it counts as divergent.
const TAIL_DOUBLINGS: i32 = 200;

/// Nodes of the 15-point rule on [0, 1] of the half-panel, its weights, and the weights of the 7 points among them.
const RULE: [(f64, f64, f64); 8] = [
    (0.991_455_371_120_812_6, 0.022_935_322_010_529_224, 0.0),
    (0.949_107_912_342_758_5, 0.063_092_092_629_978_56, 0.129_484_966_168_869_7),
    (0.864_864_423_359_769_1, 0.104_790_010_322_250_19, 0.0),
    (0.741_531_185_599_394_4, 0.140_653_259_715_525_92, 0.279_705_391_489_276_64),
    (0.586_087_235_467_691_1, 0.169_004_726_639_267_9, 0.0),
    (0.405_845_151_377_397_2, 0.190_350_578_064_785_4, 0.381_830_050_505_118_9),
    (0.207_784_955_007_898_47, 0.204_432_940_075_298_89, 0.0),
    (0.0, 0.209_482_141_084_727_82, 0.417_959_183_673_469_4),
];

/// ∫ f over [0, `end`].
///
/// # Errors
/// [`NotExact::NoConvergence`] for a function with too many jumps.
pub(super) fn integral(f: &impl Fn(f64) -> f64, end: f64) -> Result<f64, NotExact> {
    let first = end * 0.5_f64.powi(DOUBLINGS);
    let doublings = (0..DOUBLINGS).map(|i| (first * 2.0_f64.powi(i), first * 2.0_f64.powi(i + 1)));
    let panels = std::iter::once((0.0, first)).chain(doublings);
    let first_values: Vec<Part> = panels.map(|(from, to)| Part::new(f, from, to, HALVINGS_MAX)).collect();
    let scale = first_values.iter().map(|part| part.value.abs()).sum();
    first_values.into_iter().map(|part| part.refined(f, scale)).sum()
}

/// ∫ f over [0, ∞) for a function that falls to zero, where `scale` is a time at which it has not yet.
///
/// # Errors
/// [`NotExact::NoConvergence`] if the tail does not die away, or for a function with too many jumps.
pub(super) fn integral_to_infinity(f: &impl Fn(f64) -> f64, scale: f64) -> Result<f64, NotExact> {
    let mut total = integral(f, scale)?;
    for i in 0..TAIL_DOUBLINGS {
        let (from, to) = (scale * 2.0_f64.powi(i), scale * 2.0_f64.powi(i + 1));
        let part = Part::new(f, from, to, HALVINGS_MAX).refined(f, total)?;
        total += part;
        // A power tail t^-a loses a factor 2^(1-a) a panel, so what is left is about this panel ÷ (2^(a-1) - 1).
        if part <= 1e-14 * total {
            return Ok(total);
        }
    }
    Err(NotExact::NoConvergence)
}

/// A stretch with its value by one application of the rule.
struct Part {
    from: f64,
    to: f64,
    value: f64,
    error: f64,
    halvings: u32,
}

impl Part {
    fn new(f: &impl Fn(f64) -> f64, from: f64, to: f64, halvings: u32) -> Self {
        let (value, error) = rule(f, from, to);
        Self { from, to, value, error, halvings }
    }

    /// The integral, by halving until both rules agree to [`TOLERANCE`] of `scale`.
    fn refined(self, f: &impl Fn(f64) -> f64, scale: f64) -> Result<f64, NotExact> {
        let mut open = vec![self];
        let (mut total, mut applications) = (0.0, 0);
        while let Some(part) = open.pop() {
            if part.halvings == 0 || part.error <= TOLERANCE * scale {
                total += part.value;
                continue;
            }
            applications += 2;
            if applications > APPLICATIONS_MAX {
                return Err(NotExact::NoConvergence);
            }
            let middle = 0.5 * (part.from + part.to);
            open.push(Self::new(f, middle, part.to, part.halvings - 1));
            open.push(Self::new(f, part.from, middle, part.halvings - 1));
        }
        Ok(total)
    }
}

/// The 15-point value and its difference to the 7-point one.
fn rule(f: &impl Fn(f64) -> f64, from: f64, to: f64) -> (f64, f64) {
    let (middle, half) = (0.5 * (from + to), 0.5 * (to - from));
    let (mut fine, mut coarse) = (0.0, 0.0);
    for (x, weight, coarse_weight) in RULE {
        let value = if x == 0.0 { f(middle) } else { f(middle - half * x) + f(middle + half * x) };
        fine += weight * value;
        coarse += coarse_weight * value;
    }
    (half * fine, half * (fine - coarse).abs())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64, relative: f64) {
        assert!((a / b - 1.0).abs() < relative, "{a} is not {b}");
    }

    #[test]
    fn known_integrals() {
        close(integral(&|t| t * t, 3.0).unwrap(), 9.0, 1e-14);
        close(integral(&|t| libm::exp(-1e6 * t), 8760.0).unwrap(), 1e-6, 1e-11);
        close(integral(&|t| f64::from(u8::from(t < 0.3)), 1.0).unwrap(), 0.3, 1e-11);
        close(integral_to_infinity(&|t| libm::exp(-t / 7.0), 7.0).unwrap(), 7.0, 1e-12);
        close(
            integral_to_infinity(&|t| libm::exp(-t * t), 1.0).unwrap(),
            libm::sqrt(std::f64::consts::PI) / 2.0,
            1e-12,
        );
    }

    #[test]
    fn heavy_tails_converge_and_too_heavy_ones_are_refused() {
        let pareto = |shape: f64| move |t: f64| if t < 1.0 { 1.0 } else { libm::pow(t, -shape) };
        close(integral_to_infinity(&pareto(1.5), 2.0).unwrap(), 3.0, 1e-9);
        assert_eq!(integral_to_infinity(&pareto(0.9), 2.0), Err(NotExact::NoConvergence));
    }
}
