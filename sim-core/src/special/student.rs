//! Student's law, as intervals of estimates need it.

use super::{beta, normal, root};

/// Degrees of freedom from which the tail is that of an equivalent normal score; below, the fraction is as good.
const SCORE_FROM: f64 = 2000.0;

/// Degrees of freedom from which the normal law itself is used.
const NORMAL_FROM: f64 = 1e16;

/// P(T ≤ `t`) with `df` degrees of freedom, real and > 0; relative error about 1e-13 down to 1e-15.
///
/// # Source
/// Abramowitz & Stegun (1964), 26.7.1, through the incomplete beta function; for many degrees of freedom Hill,
/// *Communications of the ACM* 13 (1970), algorithm 395.
pub fn cdf(df: f64, t: f64) -> f64 {
    if t < 0.0 { both(df, -t).1 } else { 1.0 - both(df, t).1 }
}

/// P(T > `t`); as [`cdf`].
pub fn survival(df: f64, t: f64) -> f64 {
    cdf(df, -t)
}

/// The `t` with P(T ≤ `t`) = `p`, `p` in (0, 1); relative error about 1e-13, ±∞ at 0 and 1, NaN beyond.
pub fn quantile(df: f64, p: f64) -> f64 {
    if p > 0.5 { quantile_upper(df, 1.0 - p) } else { -quantile_upper(df, p) }
}

/// The `t` with P(T > `t`) = `q`; exact also where `1 - q` rounds to 1.
pub fn quantile_upper(df: f64, q: f64) -> f64 {
    if q > 0.5 {
        return -quantile_upper(df, 1.0 - q);
    }
    if df >= NORMAL_FROM || !(q > 0.0) {
        return normal::quantile_upper(q);
    }
    if q == 0.5 {
        return 0.0;
    }
    let start = normal::quantile_upper(q);
    if q < 0.25 {
        root::positive(start, |t| {
            let tail = both(df, t).1;
            (libm::log(q / tail), slope(df, t) / tail)
        })
    } else {
        let wanted = 1.0 - 2.0 * q;
        root::positive(start, |t| {
            let middle = both(df, t).0;
            (libm::log(middle / wanted), 2.0 * slope(df, t) / middle)
        })
    }
}

/// P(|T| ≤ `t`) and P(T > `t`) for `t` ≥ 0.
fn both(df: f64, t: f64) -> (f64, f64) {
    if df >= SCORE_FROM {
        let z = if df >= NORMAL_FROM { t } else { score(df, t) };
        return (normal::interval(-z, 2.0 * z), normal::survival(z));
    }
    let (x, y) = shares(df, t);
    let (inside, outside) = beta::split(0.5, 0.5 * df, y, x);
    (inside, 0.5 * outside)
}

/// The normal score with the same tail as `t`.
fn score(df: f64, t: f64) -> f64 {
    let a = df - 0.5;
    let b = 48.0 * a * a;
    let square = a * libm::log1p(t / df * t);
    let y = square.sqrt();
    let first = (square + 3.0) * y / b;
    let second = (((4.0 * square + 33.0) * square + 240.0) * square + 855.0) * y;
    y + first - second / (10.0 * b * (b + 0.8 * square * square + 100.0))
}

/// `df/(df+t²)` and `t²/(df+t²)`.
fn shares(df: f64, t: f64) -> (f64, f64) {
    let ratio = (t / df.sqrt()) * (t / df.sqrt());
    if ratio.is_infinite() { (0.0, 1.0) } else { (1.0 / (1.0 + ratio), ratio / (1.0 + ratio)) }
}

/// `t` times the density at `t`.
fn slope(df: f64, t: f64) -> f64 {
    let (x, y) = shares(df, t);
    if x > 0.0 && y > 0.0 { beta::slope_in_log_odds(0.5, 0.5 * df, y, x) } else { 0.0 }
}
