//! One loop, compiled for several instruction sets: which one runs is chosen when the process runs.
//!
//! A loop is a [`Kernel`]; [`dispatch`] runs it as compiled for the [`Level`] in force. Its body is written on single
//! floats, without branches on data, so that the compiler turns it into lanes. Lanes, wide or narrow, compute the same
//! IEEE operations in the same order as the single float (nothing is contracted or reassociated), so the bits are equal
//! on every level: a level decides how fast an answer comes, never which.
//!
//! ```
//! use ninefold_sim_core::simd::{Kernel, dispatch};
//!
//! struct Halve<'a>(&'a mut [f64]);
//! impl Kernel for Halve<'_> {
//!     type Output = ();
//!     #[inline(always)]
//!     fn run(self) {
//!         for x in self.0 {
//!             *x *= 0.5;
//!         }
//!     }
//! }
//!
//! let mut values = [1.0, 3.0];
//! dispatch(Halve(&mut values));
//! assert_eq!(values, [0.5, 1.5]);
//! ```

mod call;
mod level;

pub use call::dispatch;
pub use level::{Level, UnavailableLevel, UnknownLevel};

/// A loop that is compiled once a level.
///
/// `run` and all it calls inside its loop must be `#[inline(always)]`: what is merely called is compiled for the
/// baseline only. That holds for the adapters of iterators too: a `for` loop is sure, `for_each` is not.
pub trait Kernel {
    /// What the loop hands back.
    type Output;

    /// Does the work.
    fn run(self) -> Self::Output;
}
