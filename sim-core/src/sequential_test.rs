//! Is a mean above a limit? A test that may be looked at as often as one likes, for observations in [0, 1] of any law.
//!
//! Whoever bets against a true hypothesis at fair odds will hardly ever get rich: the probability that his capital ever
//! reaches 1/α is at most α (Ville). So the capital is the evidence, however often it is looked at and whenever the run
//! stops. Nothing is assumed of the law but its range; a rare outage that has not been seen yet is allowed for.

use crate::moments::Moments;

/// Bets that the capital is spread over.
const BETS: u32 = 24;

/// The largest bet, as a share of the stake that would lose all if the worst happened.
const LARGEST: f64 = 0.99;

/// On which side of its limit a mean is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// At most the limit.
    AtMost,
    /// Above the limit.
    Above,
}

/// The evidence that a mean is on one side of a limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// The side it speaks for; `None` where it speaks for neither.
    pub side: Option<Side>,
    /// Bound of the probability that a run ever finds such evidence for the wrong side, in [0, 1].
    pub doubt: f64,
}

impl Evidence {
    const NONE: Self = Self { side: None, doubt: 1.0 };

    /// The evidence of `n` independent observations about their mean and `limit`; `unit` is the observation that counts
    /// as 1, the largest possible.
    ///
    /// A bet of c on "above" multiplies the capital by 1 + c (x − limit) at each observation x. Its logarithm is bounded
    /// from below by c Σ(x − limit) − c² Σ(x − limit)² ψ(b), where b = c · limit is the largest share that can be lost and
    /// ψ(b) = (−ln(1 − b) − b) / b². Power sums are all it needs. The capital is spread over bets b = 0.99 · 2⁻ʲ with
    /// shares 1/((j + 1)(j + 2)); bets on "at most" are the mirror image, b = c (1 − limit).
    ///
    /// # Source
    /// Bets: Waudby-Smith, Ramdas, *J. R. Stat. Soc. B* 86 (2024). Bound: Fan, Grama, Liu, *Electron. J. Probab.* 20
    /// (2015), lemma 4.1. Mixture and use at any time: Howard, Ramdas, McAuliffe, Sekhon, *Ann. Stat.* 49 (2021); Ville,
    /// *Étude critique de la notion de collectif* (1939).
    pub fn of(moments: &Moments, n: u64, unit: f64, limit: f64) -> Self {
        if n == 0 || !(0.0..1.0).contains(&limit) {
            // No observation can be above 1.
            return if limit >= 1.0 { Self { side: Some(Side::AtMost), doubt: 0.0 } } else { Self::NONE };
        }
        if limit == 0.0 {
            let above = moments.sum() > 0;
            return if above { Self { side: Some(Side::Above), doubt: 0.0 } } else { Self::NONE };
        }
        let (count, above) = (n as f64, moments.mean(n) / unit - limit);
        let around_mean = if n < 2 { 0.0 } else { moments.variance(n) * (count - 1.0) / (unit * unit) };
        let squares = around_mean + count * above * above;
        let (side, most_lost) = if above > 0.0 { (Side::Above, limit) } else { (Side::AtMost, 1.0 - limit) };
        let capital_ln = capital_ln(count * above.abs(), squares, most_lost);
        if capital_ln > 0.0 { Self { side: Some(side), doubt: libm::exp(-capital_ln) } } else { Self::NONE }
    }

    /// The side, if the evidence for it is as strong as `confidence` asks: the probability that a run ever decides wrongly
    /// is at most 1 − confidence.
    pub fn decided(self, confidence: f64) -> Option<Side> {
        self.side.filter(|_| self.doubt <= 1.0 - confidence)
    }
}

/// Least number of observations after which "at most `limit`" can be decided: those that see nothing but zeros. No test
/// that holds for every law in [0, 1] can do with many fewer. `u64::MAX` if none can.
pub fn least_observations(limit: f64, confidence: f64) -> u64 {
    let decides = |n: u64| Evidence::of(&Moments::default(), n, 1.0, limit).decided(confidence).is_some();
    let (mut low, mut high) = (0, 1u64 << 62);
    if !decides(high) {
        return u64::MAX;
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if decides(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

/// Logarithm of the capital made from 1 by all bets; `gain` is what a bet of 1 gains in all, `squares` the sum of squares
/// of what it gains at each, `most_lost` the most it can lose at one.
fn capital_ln(gain: f64, squares: f64, most_lost: f64) -> f64 {
    let of_bet = |j: u32| {
        let share = LARGEST / f64::from(1 << j);
        let (stake, weight) = (share / most_lost, f64::from((j + 1) * (j + 2)));
        stake * gain - stake * stake * squares * curvature(share) - libm::log(weight)
    };
    let largest = (0..BETS).map(of_bet).fold(f64::NEG_INFINITY, f64::max);
    largest + libm::log((0..BETS).map(|j| libm::exp(of_bet(j) - largest)).sum())
}

/// ψ(b) = (−ln(1 − b) − b) / b²; 1/2 at 0.
fn curvature(b: f64) -> f64 {
    if b < 1e-4 { 0.5 + b / 3.0 } else { (-libm::log1p(-b) - b) / (b * b) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stream::{Replication, Stream, StreamId};

    const UNIT: f64 = (1u64 << 40) as f64;

    fn filled(observations: &[f64]) -> Moments {
        let mut moments = Moments::default();
        observations.iter().for_each(|x| moments.push((x * UNIT) as i64));
        moments
    }

    proptest! {
        /// What is computed from power sums never says more than the capital of the bets themselves.
        #[test]
        fn the_capital_is_never_overstated(
            observations in prop::collection::vec(prop_oneof![3 => Just(0.0), 2 => 0.0..0.01f64, 1 => 0.0..=1.0f64], 1..80),
            limit in 0.0001..0.9f64,
        ) {
            let evidence = Evidence::of(&filled(&observations), observations.len() as u64, UNIT, limit);
            let Some(side) = evidence.side else { return Ok(()) };
            let (sign, most_lost) = match side { Side::Above => (1.0, limit), Side::AtMost => (-1.0, 1.0 - limit) };
            let capital: f64 = (0..BETS).map(|j| {
                let stake = sign * LARGEST / f64::from(1 << j) / most_lost;
                observations.iter().map(|x| 1.0 + stake * (x - limit)).product::<f64>() / f64::from((j + 1) * (j + 2))
            }).sum();
            prop_assert!(evidence.doubt >= (1.0 / capital) * (1.0 - 1e-6), "{} {}", evidence.doubt, capital);
        }

        #[test]
        fn the_bound_of_the_logarithm_holds(b in 1e-9..0.999f64, up in 0.0..1.0f64, scale in 0.001..1000.0f64) {
            let y = -b + up * scale;
            prop_assert!(libm::log1p(y) >= y - y * y * curvature(b) - 1e-9 * (1.0 + y * y));
        }
    }

    #[test]
    fn zeros_decide_as_soon_as_no_rarer_outage_could_break_the_limit() {
        // ln(200) / 0.99e-3 by the largest bet alone, a little less with the others.
        let least = least_observations(1e-3, 0.99);
        assert!((5200..5360).contains(&least), "{least}");
        // A law with an outage of everything once in 1000 shows nothing in that many with probability 0.99^…: at least α.
        assert!(libm::pow(0.999, least as f64) <= 0.01);
        let empty = Moments::default();
        assert_eq!(Evidence::of(&empty, least, 1.0, 1e-3).decided(0.99), Some(Side::AtMost));
        assert_eq!(Evidence::of(&empty, least - 1, 1.0, 1e-3).decided(0.99), None);
        assert_eq!(least_observations(0.0, 0.99), u64::MAX);
    }

    #[test]
    fn limits_at_the_ends_need_no_bets() {
        let seen = filled(&[0.0, 0.5]);
        assert_eq!(Evidence::of(&seen, 2, UNIT, 0.0).decided(0.999), Some(Side::Above));
        assert_eq!(Evidence::of(&Moments::default(), 1000, UNIT, 0.0), Evidence::NONE);
        assert_eq!(Evidence::of(&seen, 2, UNIT, 1.0).decided(0.999), Some(Side::AtMost));
        assert_eq!(Evidence::of(&seen, 0, UNIT, 0.5), Evidence::NONE);
    }

    /// Looked at after every single observation, for a mean exactly at the limit: both sides are wrong, and each may be
    /// found in 10 % of runs at most. Seeds fixed; the laws have few large, many small, and only extreme values.
    #[test]
    fn looking_all_the_time_does_not_hurt() {
        const RUNS: u64 = 200;
        const LENGTH: u64 = 800;
        const LIMIT: f64 = 0.1;
        let laws: [fn(f64) -> f64; 3] = [|u| if u < 0.1 { 1.0 } else { 0.0 }, |u| 0.2 * u, |u| libm::pow(u, 9.0)];
        for (number, law) in laws.into_iter().enumerate() {
            let mut found = [0u32; 2];
            for run in 0..RUNS {
                let mut stream = Stream::new(StreamId::of(0, "test", "law"));
                let replication = Replication::new(run, number as u32);
                let mut moments = Moments::default();
                let decided = (1..=LENGTH).find_map(|n| {
                    moments.push((law(stream.open01(replication)) * UNIT) as i64);
                    Evidence::of(&moments, n, UNIT, LIMIT).decided(0.9)
                });
                found[0] += u32::from(decided == Some(Side::AtMost));
                found[1] += u32::from(decided == Some(Side::Above));
            }
            // 10 % of 200 and three standard errors of 4.2.
            assert!(found.iter().all(|&wrong| wrong <= 32), "law {number}: {found:?}");
        }
    }
}
