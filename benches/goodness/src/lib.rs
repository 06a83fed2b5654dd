//! Proof, by means of its own, that what is drawn is what was asked for.
//!
//! Draws come from the product's own streams and quantiles; distribution functions, statistics and references do not:
//! they are statrs', or closed forms written from the parameters asked for, or roots in 40 digits. Nothing here is used
//! by the product.
//!
//! - [`fit`]: Kolmogorov–Smirnov and Anderson–Darling, or chi-square where a law jumps, for every case of [`grid`].
//! - [`dependence`]: correlation within a stream and between neighbouring streams.
//! - [`layout`]: the draws as bytes, for a published battery (`battery.sh`).

pub mod anderson_darling;
pub mod chi_square;
pub mod dependence;
pub mod fit;
pub mod grid;
pub mod kolmogorov;
pub mod layout;
pub mod oracle;

/// Probability that a run of all tests of one kind rejects anything although all is right. Each of `m` tests is held to
/// this by `m` (Bonferroni), so it holds whatever their dependence. Seeds are fixed: a run that passes, passes again.
pub const FALSE_ALARM: f64 = 1e-3;
