//! Latin hypercube sampling of single draws over the 64 replications of a chunk.
//!
//! The unit interval is cut into 64 strata, and in every chunk each stratum is met once, in an order of its own for each
//! draw. The order is an affine map over the field of 64 elements, `x ↦ a·x + b` with `a ≠ 0`, both drawn from the draw's
//! own stream under the number of the chunk. These maps carry any pair of places to any pair of strata equally often, as
//! all permutations do, and the variance of a mean knows no more than pairs. So a replication stays a pure function of
//! seed and index, and no permutation is written down.
//!
//! # Source
//! McKay, Beckman, Conover, *Technometrics* 21 (1979); the variance is at most 64/63 of that of independent replications:
//! Owen, *SIAM J. Numer. Anal.* 34 (1997), section 3; sharply 2-transitive maps: Dixon, Mortimer, *Permutation Groups*
//! (1996), section 7.6.

use crate::checkpoints::CHUNK;
use crate::stream::{Replication, StreamId, block};

/// Strata of a draw, the replications of a chunk.
pub const STRATA: u64 = CHUNK;

/// The most by which strata can multiply the variance of a mean.
pub const WORST: f64 = STRATA as f64 / (STRATA as f64 - 1.0);

/// The low bits of x⁶ + x + 1, which is irreducible and makes the field.
const POLYNOMIAL: u8 = 0b00_0011;

/// The product in the field of 64 elements.
const fn product(a: u8, b: u8) -> u8 {
    let (mut sum, mut power, mut left) = (0, a, b);
    while left != 0 {
        if left & 1 == 1 {
            sum ^= power;
        }
        let carry = power >> 5 & 1;
        power = (power << 1 & 0b11_1111) ^ (carry * POLYNOMIAL);
        left >>= 1;
    }
    sum
}

/// The stratum of draw `number` of stream `id` in a replication, 0..64.
///
/// The order is drawn from a block at the far end of the stream, which no replication reaches.
fn of(id: StreamId, replication: Replication, number: u32) -> u8 {
    let (chunk, place) = (u64::from(replication.index()) / STRATA, u64::from(replication.index()) % STRATA);
    let [factor, shift] = block(id, Replication::new(replication.seed(), chunk as u32), u32::MAX - number);
    let factor = ((u128::from(factor) * 63) >> 64) as u8 + 1;
    product(factor, place as u8) ^ (shift >> 58) as u8
}

/// `uniform`, draw `number` of stream `id`, moved into its stratum; left alone in a replication that is not stratified.
pub fn stratified(id: StreamId, replication: Replication, (number, uniform): (u32, f64)) -> f64 {
    if !replication.is_stratified() {
        return uniform;
    }
    (f64::from(of(id, replication, number)) + uniform) / STRATA as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_product_makes_a_field() {
        for a in 1..64 {
            let mut seen: Vec<u8> = (0..64).map(|b| product(a, b)).collect();
            seen.sort_unstable();
            assert_eq!(seen, (0..64).collect::<Vec<_>>(), "{a} times everything");
            for b in 0..64 {
                assert_eq!(product(a, b), product(b, a));
                assert_eq!(product(product(a, b), 5), product(a, product(b, 5)));
                assert_eq!(product(a, b ^ 9), product(a, b) ^ product(a, 9));
            }
        }
    }

    #[test]
    fn each_stratum_is_met_once_a_chunk_and_orders_differ() {
        let id = StreamId::of(0, "time_to_failure", "web/1:crash");
        let order = |chunk: u32, number| -> Vec<u8> {
            (0..64).map(|place| of(id, Replication::new(3, chunk * 64 + place), number)).collect()
        };
        let mut seen = order(7, 0);
        assert!(order(7, 0) != order(8, 0) && order(7, 0) != order(7, 1));
        seen.sort_unstable();
        assert_eq!(seen, (0..64).collect::<Vec<_>>());
    }

    /// Two places of a chunk fall into any two strata equally often: 64 · 63 ordered pairs, 20 draws of each.
    #[test]
    fn pairs_of_strata_are_equally_likely() {
        let id = StreamId::of(0, "time_to_failure", "web/1:crash");
        let mut counts = vec![0u32; 64 * 64];
        let chunks = 20 * 64 * 63;
        for chunk in 0..chunks {
            let stratum = |place: u32| usize::from(of(id, Replication::new(1, chunk * 64 + place), 0));
            counts[stratum(5) * 64 + stratum(42)] += 1;
        }
        let cells: Vec<f64> = (0..64 * 64).filter(|i| i / 64 != i % 64).map(|i| f64::from(counts[i])).collect();
        let chi: f64 = cells.iter().map(|count| (count - 20.0) * (count - 20.0) / 20.0).sum();
        // 4031 degrees of freedom: mean 4031, standard deviation 89.8.
        assert!((chi - 4031.0).abs() < 4.0 * 89.8, "{chi}");
        assert_eq!(cells.iter().sum::<f64>(), f64::from(chunks));
    }

    #[test]
    fn a_draw_stays_in_its_stratum() {
        let id = StreamId::of(0, "repair", "x");
        for place in 0..64 {
            let at = Replication::new(1, place).stratified();
            assert_eq!(stratified(id, Replication::new(1, place), (0, 0.3)), 0.3);
            let moved = stratified(id, at, (0, 0.999_999));
            assert_eq!((moved * 64.0) as u8, of(id, at, 0));
        }
    }
}
