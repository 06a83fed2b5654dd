//! Special functions: normal, gamma, beta and Student, with tails and inverses; roots and integrals.
//!
//! `ln`, `exp` and the normal quantile are our own and run in lanes (see [`simd`](crate::simd)); the others use `libm`.
//! So results are the same on every platform. Tails are computed as tails, never as one minus the rest. Each function
//! names its source; the tests hold them against values of 50 digits and more, and against `statrs`.

pub mod beta;
pub mod exp;
pub mod gamma;
pub mod ln;
pub mod normal;
mod normal_quantile;
pub mod quadrature;
#[cfg(test)]
mod reference;
pub mod root;
mod saddle_point;
pub mod student;
