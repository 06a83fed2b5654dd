//! Lanes give the bits of the single quantile, at every level this machine has.

use ninefold_sim_core::simd::Level;

use crate::cases::grid;
use crate::identities::uniforms;

#[test]
fn every_level_gives_the_bits_of_one_lane() {
    let ends = [0.0, 1e-320, 1e-300, 1e-20, 1e-11, 0.5, 1.0 - 1e-11, 1.0 - 0.5 * f64::EPSILON, 1.0];
    let tails = (1..54).flat_map(|octave| {
        let m = 0.5_f64.powi(octave);
        [m * (1.0 - 0.5 * f64::EPSILON), m, 1.0 - m]
    });
    let probabilities: Vec<f64> = uniforms(3).take(1500).chain(ends).chain(tails).collect();
    for case in grid() {
        let one: Vec<u64> = probabilities.iter().map(|p| case.law.quantile(*p).get().to_bits()).collect();
        for level in Level::ALL.into_iter().filter(|level| level.set().is_ok()) {
            let mut many = probabilities.clone();
            case.law.quantiles(&mut many);
            for ((p, one), many) in probabilities.iter().zip(&one).zip(&many) {
                assert_eq!(*one, many.to_bits(), "{:?} at {p:e} on {level}", case.law);
            }
        }
    }
}
