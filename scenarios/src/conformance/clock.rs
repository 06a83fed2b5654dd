//! What an hour of a case is written as.
//!
//! A system knows no absolute time: all its durations may be written in another unit. The clock of a replication
//! reaches 219 years, and some systems live longer.

/// The unit that an hour of the case becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    /// As it is.
    Hour,
    /// Systems that live up to some ten thousand years.
    Second,
    /// Systems that live longer still.
    Millisecond,
}

impl Clock {
    pub(super) const ALL: [Self; 3] = [Self::Hour, Self::Second, Self::Millisecond];

    /// `hours` of the case as the scenario says it.
    pub(super) fn text(self, hours: f64) -> String {
        let unit = match self {
            Self::Hour => "h",
            Self::Second => "s",
            Self::Millisecond => "ms",
        };
        format!("{hours}{unit}")
    }

    /// `hours` of the case in hours of the scenario, rounded as the loader reads [`Clock::text`].
    pub(super) fn scenario_hours(self, hours: f64) -> f64 {
        match self {
            Self::Hour => hours,
            Self::Second => hours * 1.0 / 3600.0,
            Self::Millisecond => hours * 0.001 / 3600.0,
        }
    }

    /// Hours of the case in an hour of the scenario.
    pub(super) const fn case_hours(self) -> f64 {
        match self {
            Self::Hour => 1.0,
            Self::Second => 3600.0,
            Self::Millisecond => 3_600_000.0,
        }
    }

    /// A comment for the scenario where an hour is not an hour.
    pub(super) const fn remark(self) -> &'static str {
        match self {
            Self::Hour => "",
            Self::Second => "# An hour of the case is written as a second: a replication reaches 219 years.\n",
            Self::Millisecond => {
                "# An hour of the case is written as a millisecond: a replication reaches 219 years.\n"
            }
        }
    }
}
