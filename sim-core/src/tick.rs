//! Simulated time: whole nanoseconds since the start of a replication.

use crate::simd::{Kernel, dispatch};

/// Nanoseconds in an hour.
const TICKS_PER_HOUR: f64 = 3.6e12;

const TWO_32: f64 = 4_294_967_296.0;
/// `1.5 · 2⁵²`: adding it rounds to whole numbers and keeps them in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// A point in simulated time, or a span of it: nanoseconds, as `i64` (292 years).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Tick(i64);

impl Tick {
    /// The start of a replication.
    pub const ZERO: Self = Self(0);
    /// Later than anything that happens.
    pub const NEVER: Self = Self(i64::MAX);
    /// The last tick an event may have; about 292 years.
    pub const LAST: Self = Self(i64::MAX / 2 + (i64::MAX / 4));

    /// `ticks` nanoseconds.
    pub const fn new(ticks: i64) -> Self {
        Self(ticks)
    }

    /// The nearest tick to `hours`; [`Tick::NEVER`] for NaN and beyond [`Tick::LAST`], [`Tick::ZERO`] below zero.
    #[inline]
    pub fn from_hours(hours: f64) -> Self {
        let ticks = hours * TICKS_PER_HOUR;
        if ticks < Self::LAST.0 as f64 {
            // Adding a half and truncating rounds to nearest for every non-negative value that fits.
            Self((ticks.max(0.0) + 0.5) as i64)
        } else {
            Self::NEVER
        }
    }

    /// The nearest tick to each of `hours`, the bits of [`Tick::from_hours`].
    ///
    /// # Panics
    /// If the slices differ in length.
    pub fn from_hours_many(hours: &[f64], ticks: &mut [Self]) {
        assert!(hours.len() == ticks.len(), "bug: one place a duration");
        dispatch(FromHours { hours, ticks });
    }

    /// The number of nanoseconds.
    #[inline(always)]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The same time in hours.
    pub fn hours(self) -> f64 {
        self.0 as f64 / TICKS_PER_HOUR
    }

    /// This time plus a span, [`Tick::NEVER`] past [`Tick::LAST`].
    #[inline]
    pub fn after(self, span: Self) -> Self {
        match self.0.checked_add(span.0) {
            Some(sum) if sum <= Self::LAST.0 => Self(sum),
            _ => Self::NEVER,
        }
    }

    /// The span from `earlier` to this time.
    #[inline]
    pub const fn since(self, earlier: Self) -> Self {
        Self(self.0 - earlier.0)
    }

    /// Whether this is [`Tick::NEVER`].
    pub const fn is_never(self) -> bool {
        self.0 == Self::NEVER.0
    }
}

/// [`Tick::from_hours`] in lanes: x86-64 below AVX-512 has no instruction from floats to 64-bit integers.
#[inline(always)]
fn nearest(hours: f64) -> Tick {
    let ticks = hours * TICKS_PER_HOUR;
    let value = if ticks > 0.0 { ticks } else { 0.0 } + 0.5;
    // A whole number of 2³² and a rest of at most half of that, both exact where it fits.
    let upper = value * (1.0 / TWO_32) + ROUND;
    let rest = value - (upper - ROUND) * TWO_32;
    let lower = rest + ROUND;
    let rounded_up = u64::from(lower - ROUND > rest);
    let whole = lower.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_sub(rounded_up);
    let bits = (upper.to_bits() << 32).wrapping_add(whole);
    Tick(if ticks < Tick::LAST.0 as f64 { bits as i64 } else { Tick::NEVER.0 })
}

struct FromHours<'a> {
    hours: &'a [f64],
    ticks: &'a mut [Tick],
}

impl Kernel for FromHours<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (hours, tick) in self.hours.iter().zip(self.ticks) {
            *tick = nearest(*hours);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Level;

    #[test]
    fn hours_round_to_the_nearest_tick_once() {
        assert_eq!(Tick::from_hours(1.0).get(), 3_600_000_000_000);
        assert_eq!(Tick::from_hours(1e-13).get(), 0);
        assert_eq!(Tick::from_hours(2e-13).get(), 1);
        assert_eq!(Tick::from_hours(-3.0), Tick::ZERO);
        assert!(Tick::from_hours(f64::NAN).is_never());
        assert!(Tick::from_hours(1e9).is_never());
        assert!((Tick::from_hours(8760.0).hours() - 8760.0).abs() < 1e-12);
    }

    /// Over all magnitudes and at the ends.
    #[test]
    fn many_at_once_are_the_same_bits_as_one() {
        let steps = (0..4000).map(|i| libm::exp(f64::from(i) * 0.02 - 50.0) * (1.0 + f64::from(i) * 1e-5));
        let ends = [0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, 1921535.0, 1921535.9];
        let halves = (0..1000).map(|i| (f64::from(i) + 0.5) / TICKS_PER_HOUR);
        let hours: Vec<f64> = steps.chain(ends).chain(halves).collect();
        let mut ticks = vec![Tick::ZERO; hours.len()];
        for level in Level::ALL.into_iter().filter(|level| level.set().is_ok()) {
            ticks.fill(Tick::ZERO);
            Tick::from_hours_many(&hours, &mut ticks);
            for (hours, tick) in hours.iter().zip(&ticks) {
                assert_eq!(*tick, Tick::from_hours(*hours), "{hours} h at {level}");
            }
        }
    }

    #[test]
    fn sums_past_the_last_tick_are_never() {
        assert!(Tick::LAST.after(Tick::new(1)).is_never());
        assert!(Tick::NEVER.after(Tick::new(1)).is_never());
        assert_eq!(Tick::new(3).after(Tick::new(4)), Tick::new(7));
    }
}
