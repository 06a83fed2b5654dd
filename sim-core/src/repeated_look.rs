//! Is a mean above or below 0? Student's test, looked at again and again: each look spends a part of the error.
//!
//! Look k = 1, 2, … may err with probability α/(k(k + 1)), which adds up to α over all looks, however many there are and
//! however they depend on one another. It holds as far as Student's law does: what has not been seen yet, a rare large
//! observation, is not allowed for. Who needs that takes the [test by bets](crate::sequential_test), which takes longer the
//! smaller the mean is beside the largest possible observation.
//!
//! # Source
//! Lan, DeMets, *Biometrika* 70 (1983), with a spending that needs no last look.

use crate::moments::Moments;
use crate::special::student;

/// Bound of the probability that a run whose mean is 0, or has the other sign, ever finds so little doubt; in [0, 1].
///
/// `n` observations, at look `look` ≥ 1. 1 below two observations; 0 where all are alike and not 0.
pub fn doubt(moments: &Moments, n: u64, look: u64) -> f64 {
    if n < 2 || moments.sum() == 0 {
        return 1.0;
    }
    let t = moments.mean(n).abs() / moments.standard_error(n);
    let looks = look as f64 * (look as f64 + 1.0);
    (2.0 * student::survival(n as f64 - 1.0, t) * looks).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoints::Checkpoints;
    use crate::stream::{Replication, Stream, StreamId};

    #[test]
    fn a_first_look_is_students_test_and_later_ones_pay_for_it() {
        let mut moments = Moments::default();
        [10, 12, 9, 11, 13].iter().for_each(|&value| moments.push(value));
        // t = 11 / √(2.5 / 5) = 15.556 at 4 degrees of freedom: p = 9.98e-5 on both sides.
        let first = doubt(&moments, 5, 1);
        assert!((first / 2.0 / 9.984e-5 - 1.0).abs() < 1e-2, "{first}");
        assert!((doubt(&moments, 5, 3) / first - 6.0).abs() < 1e-12);
        assert_eq!(doubt(&Moments::default(), 5, 1), 1.0);
    }

    /// Differences of mean 0, as skewed as the law with a cubed uniform, looked at as a run does: at most 10 % of the runs may
    /// ever find a difference; and nearly all find one of a quarter of the spread, with its sign.
    #[test]
    fn looking_again_and_again_does_not_hurt() {
        const RUNS: u64 = 300;
        let decided = |run: u64, shift: f64| {
            let replication = Replication::new(run, 0);
            let mut stream = Stream::new(StreamId::of(0, "test", "difference"));
            let (mut moments, mut done) = (Moments::default(), 0);
            for (look, checkpoint) in (1..).zip(Checkpoints::new(200, 4000)) {
                for _ in done..checkpoint {
                    let u = stream.open01(replication);
                    moments.push(((u * u * u - 0.25 + shift) * 1e9) as i64);
                }
                done = checkpoint;
                if doubt(&moments, done, look) <= 0.1 {
                    return Some(moments.sum() > 0);
                }
            }
            None
        };
        let wrong = (0..RUNS).filter(|&run| decided(run, 0.0).is_some()).count();
        // 10 % of 300 and three standard errors of 5.2.
        assert!(wrong <= 45, "{wrong}");
        // The spread is √(1/7 − 1/16) = 0.28.
        assert!((0..RUNS).all(|run| decided(run, -0.07) == Some(false)));
    }
}
