//! Simulated time: whole nanoseconds since the start of a replication.

/// Nanoseconds in an hour.
const TICKS_PER_HOUR: f64 = 3.6e12;

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

    /// The number of nanoseconds.
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

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn sums_past_the_last_tick_are_never() {
        assert!(Tick::LAST.after(Tick::new(1)).is_never());
        assert!(Tick::NEVER.after(Tick::new(1)).is_never());
        assert_eq!(Tick::new(3).after(Tick::new(4)), Tick::new(7));
    }
}
