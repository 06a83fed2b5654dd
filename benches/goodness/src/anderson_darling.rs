//! The test of Anderson and Darling: squared distance, weighted so that both tails count.

use statrs::function::erf::erfc;

/// `A²` of a sample, given as distribution function and survival at the draws in ascending order.
/// Infinite if a draw lies where none can.
///
/// # Panics
/// If the slices differ in length.
pub fn statistic(below: &[f64], above: &[f64]) -> f64 {
    assert_eq!(below.len(), above.len(), "bug: two tails a draw");
    let n = below.len();
    let logs = below.iter().zip(above.iter().rev()).map(|(f, s)| libm::log(*f) + libm::log(*s));
    let sum: f64 = logs.enumerate().map(|(i, ln)| (2 * i + 1) as f64 * ln).sum();
    -(n as f64) - sum / n as f64
}

/// P(`A²` ≥ `statistic`) in the limit of many draws, if the distribution is right.
///
/// Anderson and Darling's series as Marsaglia & Marsaglia compute it, to about 1e-14 absolute. For n draws their
/// correction is below `2.5 / n` everywhere and below `0.1 / n` where the value is under 0.1; it is left out.
/// Source: Anderson & Darling, *J. Amer. Stat. Ass.* 49 (1954); Marsaglia & Marsaglia, *J. Stat. Software* 9 (2004).
pub fn p_value(statistic: f64) -> f64 {
    if !(statistic < 60.0) {
        return 0.0;
    }
    if statistic < 0.01 {
        return 1.0;
    }
    let mut ratio = 1.0 / statistic;
    let mut below = ratio * term(statistic, 0);
    for j in 1..100 {
        ratio *= (0.5 - f64::from(j)) / f64::from(j);
        let next = below + f64::from(4 * j + 1) * ratio * term(statistic, j);
        if next == below {
            break;
        }
        below = next;
    }
    (1.0 - below).clamp(0.0, 1.0)
}

/// Term `j` of the series: an integral over `exp(z/(8(1+w²)) - (4j+1)²π²(1+w²)/(8z))`, itself by a series.
fn term(z: f64, j: i32) -> f64 {
    let odd = f64::from(4 * j + 1);
    let pi = std::f64::consts::PI;
    let t = odd * odd * pi * pi / (8.0 * z);
    if t > 150.0 {
        return 0.0;
    }
    let mut a = pi / 2.0_f64.sqrt() * libm::exp(-t) / t.sqrt();
    let mut b = pi * (pi / 2.0).sqrt() * erfc(t.sqrt());
    let mut power = z / 8.0;
    let mut sum = a + b * power;
    for i in 1..200 {
        let i = f64::from(i);
        let c = ((i - 0.5 - t) * b + t * a) / i;
        (a, b) = (b, c);
        power *= z / (8.0 * i + 8.0);
        let next = sum + c * power;
        if next == sum || (power.abs() < 1e-40 || c.abs() < 1e-40) {
            break;
        }
        sum = next;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The limit law by another way: its characteristic function `√(-2πit / cos(π/2 √(1+8it)))` inverted by quadrature
    /// to about 3e-7 (Gil-Pelaez, *Biometrika* 38 (1951)).
    #[test]
    fn p_values_are_those_of_the_limit_law() {
        let exact = [
            (2.492, 0.050_021_978_595_5),
            (3.857, 0.010_241_043_423_8),
            (5.0, 0.002_874_518_049_9),
            (8.0, 0.000_113_765_164_2),
        ];
        for (point, p) in exact {
            assert!((p_value(point) - p).abs() < 1e-6, "{point}: {}", p_value(point));
        }
        assert!((p_value(1.933) - 0.1).abs() < 1e-3, "a published point: Anderson & Darling (1954), table 1");
    }

    #[test]
    fn the_statistic_of_one_draw_is_known() {
        // -1 - (ln u + ln(1 - u)) at u = 1/2.
        assert!((statistic(&[0.5], &[0.5]) - (2.0 * std::f64::consts::LN_2 - 1.0)).abs() < 1e-15);
        assert_eq!(statistic(&[0.0], &[1.0]), f64::INFINITY);
        assert_eq!(p_value(f64::INFINITY), 0.0);
    }
}
