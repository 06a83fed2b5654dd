//! Philox4x32-10: a counter-based generator. The same key and counter give the same bits on every machine.
//!
//! # Source
//! Salmon, Moraes, Dror, Shaw, *Parallel random numbers: as easy as 1, 2, 3*, SC'11. Oracle: the known answers of the
//! authors' Random123 library.

const MULTIPLIERS: [u64; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];
const ROUNDS: usize = 10;
const LOWER: u64 = 0xFFFF_FFFF;

/// Four 32-bit words for a counter under a key.
///
/// A word is carried in the lower half of a `u64`: the products of 32 by 32 bits then stay in their lane. What is in the
/// upper half does not matter: the multiplication of a lane looks at lower halves alone.
#[inline(always)]
pub const fn philox4x32(counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    let mut words = [counter[0] as u64, counter[1] as u64, counter[2] as u64, counter[3] as u64];
    let mut round = 0;
    while round < ROUNDS {
        let a = MULTIPLIERS[0] * (words[0] & LOWER);
        let b = MULTIPLIERS[1] * (words[2] & LOWER);
        words = [(b >> 32) ^ words[1] ^ key[0] as u64, b, (a >> 32) ^ words[3] ^ key[1] as u64, a];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
        round += 1;
    }
    [words[0] as u32, words[1] as u32, words[2] as u32, words[3] as u32]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answers_of_random123() {
        assert_eq!(philox4x32([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox4x32([u32::MAX; 4], [u32::MAX; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        assert_eq!(
            philox4x32([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }
}
