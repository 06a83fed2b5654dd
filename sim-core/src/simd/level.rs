//! Instruction sets that kernels are compiled for, and the one in force.

use std::sync::atomic::{AtomicU8, Ordering};

/// An instruction set; the order is from narrow to wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What every machine of the architecture has; on x86-64 two lanes.
    Baseline,
    /// x86-64 with AVX2: four lanes.
    Avx2,
    /// x86-64 with AVX-512 F, DQ, VL and BW: eight lanes.
    Avx512,
}

/// A name that is no level's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no instruction set; known are `baseline`, `avx2` and `avx512`")]
pub struct UnknownLevel(pub String);

/// A level that this machine does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this machine has no `{0}`; the best it has is `{best}`", best = Level::detect())]
pub struct UnavailableLevel(pub Level);

/// The level in force as an index into [`Level::ALL`]; [`UNSET`] until it is asked for or set.
static CURRENT: AtomicU8 = AtomicU8::new(UNSET);
const UNSET: u8 = u8::MAX;

impl Level {
    /// All levels, from narrow to wide.
    pub const ALL: [Self; 3] = [Self::Baseline, Self::Avx2, Self::Avx512];

    /// `baseline`, `avx2` or `avx512`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }

    /// The level of this name.
    ///
    /// # Errors
    /// [`UnknownLevel`] for any other name.
    pub fn from_name(name: &str) -> Result<Self, UnknownLevel> {
        Self::ALL.into_iter().find(|level| level.name() == name).ok_or_else(|| UnknownLevel(name.to_owned()))
    }

    /// Whether this machine, and its operating system, can run it.
    pub fn available(self) -> bool {
        match self {
            Self::Baseline => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => std::arch::is_x86_feature_detected!("avx2"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                std::arch::is_x86_feature_detected!("avx512f")
                    && std::arch::is_x86_feature_detected!("avx512dq")
                    && std::arch::is_x86_feature_detected!("avx512vl")
                    && std::arch::is_x86_feature_detected!("avx512bw")
            }
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx2 | Self::Avx512 => false,
        }
    }

    /// The widest level that is available.
    pub fn detect() -> Self {
        Self::ALL.into_iter().rev().find(|level| level.available()).unwrap_or(Self::Baseline)
    }

    /// The level that kernels run at: the one [set](Self::set), else the widest available.
    #[inline]
    pub fn current() -> Self {
        match CURRENT.load(Ordering::Relaxed) {
            0 => Self::Baseline,
            1 => Self::Avx2,
            2 => Self::Avx512,
            _ => Self::choose(),
        }
    }

    /// Puts this level in force for the whole process. Answers do not depend on it, so it may change at any time.
    ///
    /// # Errors
    /// [`UnavailableLevel`] if this machine cannot run it; then nothing changes.
    pub fn set(self) -> Result<(), UnavailableLevel> {
        if !self.available() {
            return Err(UnavailableLevel(self));
        }
        CURRENT.store(self as u8, Ordering::Relaxed);
        Ok(())
    }

    #[cold]
    fn choose() -> Self {
        let widest = Self::detect();
        // Threads that come here at once store the same; a level that was set meanwhile stays.
        let _ = CURRENT.compare_exchange(UNSET, widest as u8, Ordering::Relaxed, Ordering::Relaxed);
        widest
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for level in Level::ALL {
            assert_eq!(Level::from_name(level.name()), Ok(level));
        }
        let error = Level::from_name("AVX2").map_err(|error| error.to_string());
        assert_eq!(error, Err("`AVX2` is no instruction set; known are `baseline`, `avx2` and `avx512`".to_owned()));
    }

    #[test]
    fn the_widest_available_is_detected() {
        assert!(Level::Baseline.available() && Level::detect().available());
        assert!(Level::ALL.into_iter().all(|level| level <= Level::detect() || !level.available()));
    }

    #[test]
    fn only_what_is_available_can_be_set() {
        for level in Level::ALL {
            assert_eq!(level.set().is_ok(), level.available());
            if level.available() {
                assert_eq!(Level::current(), level);
            }
        }
    }
}
