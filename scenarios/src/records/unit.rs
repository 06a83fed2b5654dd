//! Units of time that a column of numbers may be in.

use ninefold_models::units::Hours;

use super::RecordError;

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Milliseconds.
    Ms,
    /// Seconds.
    S,
    /// Minutes.
    Min,
    /// Hours.
    H,
    /// Days of 24 h.
    D,
    /// Weeks of 7 d.
    W,
    /// Years of 8760 h.
    Y,
}

impl Unit {
    const ALL: [(Self, &'static str, f64); 7] = [
        (Self::Ms, "ms", 0.001),
        (Self::S, "s", 1.0),
        (Self::Min, "min", 60.0),
        (Self::H, "h", 3600.0),
        (Self::D, "d", 86_400.0),
        (Self::W, "w", 604_800.0),
        (Self::Y, "y", 31_536_000.0),
    ];

    /// The unit of that name.
    ///
    /// # Errors
    /// [`RecordError::Unit`] for any other word.
    pub fn named(name: &str) -> Result<Self, RecordError> {
        let found = Self::ALL.into_iter().find(|(_, known, _)| *known == name);
        found.map(|(unit, ..)| unit).ok_or_else(|| RecordError::Unit(name.to_owned()))
    }

    /// As written in scenarios.
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    /// Its length in seconds.
    pub fn seconds(self) -> f64 {
        self.entry().2
    }

    /// Its length.
    pub fn length(self) -> Hours {
        Hours::from_seconds(self.seconds())
    }

    fn entry(self) -> (Self, &'static str, f64) {
        Self::ALL[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_is_found_by_its_name_and_at_its_place() {
        for (unit, name, seconds) in Unit::ALL {
            assert!(matches!(Unit::named(name), Ok(found) if found == unit));
            assert_eq!((unit.name(), unit.seconds()), (name, seconds));
        }
        assert!(Unit::named("month").is_err());
    }
}
