//! The values that a size may have: evenly spaced, the least first.

/// Most values of a ladder.
pub const RUNGS_MAX: u64 = 1_000_000;

/// The values `from`, `from + step`, … up to `to`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ladder {
    from: f64,
    step: f64,
    rungs: u64,
}

/// Values that are no ladder.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LadderError {
    /// A number that is none, or is out of range.
    #[error("{what} is {value}; allowed is {allowed}")]
    OutOfRange {
        /// `from`, `to` or `step`.
        what: &'static str,
        /// The offending value.
        value: f64,
        /// The range, in words.
        allowed: &'static str,
    },
    /// Too many values.
    #[error("from {from} to {to} by {step} there are more than {RUNGS_MAX} values; take a larger step")]
    TooMany {
        /// The least.
        from: f64,
        /// The largest.
        to: f64,
        /// Between two.
        step: f64,
    },
}

impl Ladder {
    /// The values from `from` ≥ 0 to at most `to` ≥ `from`, `step` > 0 apart.
    ///
    /// # Errors
    /// [`LadderError`] for other numbers, or more than [`RUNGS_MAX`] values.
    pub fn new((from, to): (f64, f64), step: f64) -> Result<Self, LadderError> {
        let refuse = |what, value, allowed| Err(LadderError::OutOfRange { what, value, allowed });
        if !(from >= 0.0 && from.is_finite()) {
            return refuse("the least value", from, "0 or more");
        }
        if !(to >= from && to.is_finite()) {
            return refuse("the largest value", to, "at least the least");
        }
        if !(step > 0.0 && step.is_finite()) {
            return refuse("the step", step, "above 0");
        }
        // A step that divides the span up to rounding reaches its end.
        let steps = ((to - from) / step + 1e-9).floor();
        if steps >= RUNGS_MAX as f64 {
            return Err(LadderError::TooMany { from, to, step });
        }
        Ok(Self { from, step, rungs: steps as u64 + 1 })
    }

    /// How many values there are, at least 1.
    pub const fn rungs(&self) -> u64 {
        self.rungs
    }

    /// The value at a place, 0 the least; without the last digits of rounding, so that 0.1 + 0.2 is written as 0.3.
    pub fn value(&self, rung: u64) -> f64 {
        let value = self.from + rung as f64 * self.step;
        if value.abs() < 1e6 { (value * 1e9).round() / 1e9 } else { value }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_they_are_meant() {
        let ladder = Ladder::new((0.1, 0.5), 0.1).unwrap();
        let values: Vec<String> = (0..ladder.rungs()).map(|rung| ladder.value(rung).to_string()).collect();
        assert_eq!(values, ["0.1", "0.2", "0.3", "0.4", "0.5"]);
        assert_eq!(Ladder::new((1.0, 40.0), 1.0).unwrap().rungs(), 40);
        assert_eq!(Ladder::new((1.0, 4.5), 2.0).unwrap().rungs(), 2);
    }

    #[test]
    fn what_is_no_ladder_is_refused() {
        for (range, step) in [((f64::NAN, 1.0), 1.0), ((-1.0, 1.0), 1.0), ((2.0, 1.0), 1.0), ((1.0, 2.0), 0.0)] {
            assert!(matches!(Ladder::new(range, step), Err(LadderError::OutOfRange { .. })), "{range:?} {step}");
        }
        assert!(matches!(Ladder::new((0.0, 1.0), 1e-9), Err(LadderError::TooMany { .. })));
    }
}
