//! The calls into code compiled for more than the baseline: the only `unsafe` of the project. `.ci/nightly` has Miri
//! interpret them, compiled for each instruction set.
#![allow(unsafe_code)]

use super::{Kernel, Level};

/// Runs `kernel` as compiled for the [level in force](Level::current).
#[inline]
pub fn dispatch<K: Kernel>(kernel: K) -> K::Output {
    match Level::current() {
        Level::Baseline => kernel.run(),
        // SAFETY: a level is in force only if `Level::available` found what its function is compiled for.
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe { avx2(kernel) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { avx512(kernel) },
        #[cfg(not(target_arch = "x86_64"))]
        Level::Avx2 | Level::Avx512 => kernel.run(),
    }
}

// FMA is left out on purpose: no lane may round once where the single float rounds twice.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw")]
fn avx512<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}
