//! Judging: whether what an engine got is the known value.

use super::outcome::{Distance, Engine, Row, Verdict};
use super::study::{Precision, Reading};

/// Relative error allowed to an exact engine where the value itself is not coarser.
pub(super) const EXACT_RELATIVE: f64 = 1e-9;

/// Standard errors that an estimate may be away from the value.
const STANDARD_ERRORS: f64 = 4.0;

/// Largest relative standard error with which an estimate can pass: a wide interval proves nothing.
pub(super) const RELATIVE_STANDARD_ERROR: f64 = 0.05;

/// Rounding of an estimate without scatter, relative: ticks of a nanosecond and sums of fractions.
const ROUNDING: f64 = 1e-12;

/// What an engine got.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Got {
    pub(super) value: f64,
    /// 0 where nothing scatters, NaN where nothing was seen.
    pub(super) standard_error: f64,
    /// Ends of the confidence interval.
    pub(super) lo: f64,
    pub(super) hi: f64,
    /// Replications it is the mean over.
    pub(super) replications: u64,
}

/// A known number, and how well it is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) value: f64,
    /// Relative error that the value itself may have.
    pub(super) accuracy: f64,
}

/// Judges an exact value.
pub(super) fn exact(row: Row, known: Known, got: f64) -> Row {
    let error = relative_error(known.value, got);
    // A NaN must not pass.
    let passed = error <= known.accuracy;
    let note = if passed { String::new() } else { format!("allowed is {:.0e}", known.accuracy) };
    let verdict = if passed { Verdict::Passed } else { Verdict::Failed };
    Row { engine: Some(Engine::Exact), got: Some(got), distance: Some(Distance::Relative(error)), verdict, note, ..row }
}

/// Judges an estimate: within four standard errors, which must be small enough to tell anything.
pub(super) fn simulated(row: Row, known: Known, (got, reading, precision): (&Got, &Reading, Precision)) -> Row {
    let distance = (got.value - known.value).abs();
    let rounding = known.accuracy.max(ROUNDING) * known.value.abs().max(offset(reading).abs());
    let beyond = (distance - rounding).max(0.0);
    let z = if beyond == 0.0 { 0.0 } else { beyond / got.standard_error };
    let vague = vagueness(known.value, got.standard_error, reading, precision);
    let near = match (precision, &vague) {
        (Precision::Within(allowed), _) => distance <= allowed,
        (Precision::OfSeeds(allowed, seeds), _) => distance <= allowed.max(got.apart_from(seeds)),
        (Precision::Relative, Some(_)) => got.is_compatible_with(known.value),
        _ => z <= STANDARD_ERRORS,
    };
    let (verdict, note) = match (near, vague) {
        // A NaN is not near.
        (false, _) => (Verdict::Failed, "too far".to_owned()),
        (true, None) => (Verdict::Passed, String::new()),
        (true, Some(note)) => match precision {
            Precision::Relative => (Verdict::NotSupported, format!("too rare for plain simulation: {note}")),
            _ => (Verdict::Failed, note),
        },
    };
    Row {
        engine: Some(Engine::Simulation),
        got: Some(got.value),
        standard_error: Some(got.standard_error),
        distance: Some(match precision {
            Precision::Within(_) | Precision::OfSeeds(..) => Distance::Relative(relative_error(known.value, got.value)),
            _ => Distance::StandardErrors(z),
        }),
        verdict,
        note,
        ..row
    }
}

impl Got {
    /// Four standard errors of the difference from the mean over so many other replications; 0 where none is known.
    fn apart_from(&self, seeds: u32) -> f64 {
        let share = self.replications as f64 / f64::from(seeds);
        (STANDARD_ERRORS * self.standard_error * (1.0 + share).sqrt()).max(0.0)
    }

    /// Whether a value is not ruled out where too little was seen for a standard error to be believed: it is within the
    /// interval widened by its own width on both sides.
    fn is_compatible_with(&self, value: f64) -> bool {
        let width = self.hi - self.lo;
        self.hi == f64::INFINITY && value >= self.lo || (self.lo - width..=self.hi + width).contains(&value)
    }
}

/// What is wrong with a standard error that is too large, or is none.
fn vagueness(expected: f64, standard_error: f64, reading: &Reading, precision: Precision) -> Option<String> {
    let (size, most) = match precision {
        Precision::Relative => (relative_standard_error(expected, standard_error, reading), RELATIVE_STANDARD_ERROR),
        Precision::StandardErrorAtMost(most) => (standard_error, most),
        Precision::Within(_) | Precision::OfSeeds(..) => return None,
    };
    // A NaN is too large.
    if size <= most { None } else { Some(format!("standard error {size:.1e}, allowed {most:.1e}")) }
}

/// Standard error ÷ value; for a ratio ÷ its distance from 0 or 1, whichever is nearer.
pub(super) fn relative_standard_error(expected: f64, standard_error: f64, reading: &Reading) -> f64 {
    if standard_error == 0.0 {
        return 0.0;
    }
    let Reading::Measure { measure, scale, offset, .. } = reading else { return standard_error / expected.abs() };
    let underlying = (expected - offset) / scale;
    let room = if is_ratio(measure) { underlying.min(1.0 - underlying) } else { underlying.abs() };
    standard_error / scale.abs() / room
}

fn is_ratio(measure: &str) -> bool {
    ["unavailability", "served_ratio", "breach_probability"].contains(&measure)
        || ["availability_at", "interval_availability_at", "reliability_at"].contains(&measure)
}

/// The number that a value is taken from, whose rounding it inherits.
fn offset(reading: &Reading) -> f64 {
    match reading {
        Reading::Measure { offset, .. } => *offset,
        _ => 0.0,
    }
}

fn relative_error(expected: f64, got: f64) -> f64 {
    match expected {
        0.0 => got.abs(),
        _ => ((got - expected) / expected).abs(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(name: &str) -> Reading {
        Reading::Measure { measure: name.to_owned(), at_h: None, scale: 1.0, offset: 0.0 }
    }

    fn verdict(expected: f64, (value, standard_error): (f64, f64), name: &str) -> Verdict {
        let known = Known { value: expected, accuracy: 1e-9 };
        let got = Got {
            value,
            standard_error,
            lo: value - 2.0 * standard_error,
            hi: value + 2.0 * standard_error,
            replications: 100,
        };
        simulated(Row::default(), known, (&got, &measure(name), Precision::Relative)).verdict
    }

    #[test]
    fn an_estimate_is_near_and_sharp_or_does_not_pass() {
        assert_eq!(verdict(0.01, (0.0103, 1e-4), "unavailability"), Verdict::Passed);
        assert_eq!(verdict(0.01, (0.0106, 1e-4), "unavailability"), Verdict::Failed);
        assert_eq!(verdict(0.01, (0.0103, 6e-4), "unavailability"), Verdict::NotSupported);
        assert_eq!(verdict(0.01, (0.05, 6e-4), "unavailability"), Verdict::Failed);
        assert_eq!(verdict(0.01, (f64::NAN, f64::NAN), "unavailability"), Verdict::Failed);
        // Of an availability it is the distance from 1 that has to be known.
        assert_eq!(verdict(0.999, (0.999, 1e-4), "availability_at"), Verdict::NotSupported);
        assert_eq!(verdict(0.999, (0.999, 1e-5), "availability_at"), Verdict::Passed);
        assert_eq!(verdict(40.0, (40.0, 0.0), "downtime"), Verdict::Passed);
        assert_eq!(verdict(40.0, (40.001, 0.0), "downtime"), Verdict::Failed);
    }

    #[test]
    fn where_too_little_was_seen_only_what_is_ruled_out_fails() {
        // Nothing in 1000 replications: the bound is 3.7 in a thousand.
        let nothing = Got { value: 0.0, standard_error: f64::NAN, lo: 0.0, hi: 3.7e-3, replications: 1000 };
        let judged = |value| {
            let what = (&nothing, &measure("unavailability"), Precision::Relative);
            simulated(Row::default(), Known { value, accuracy: 1e-9 }, what).verdict
        };
        assert_eq!((judged(1e-4), judged(1e-2)), (Verdict::NotSupported, Verdict::Failed));
    }

    #[test]
    fn a_value_from_a_few_seeds_is_as_uncertain_as_they_are() {
        let got = Got { value: 1.3, standard_error: 0.01, lo: 1.28, hi: 1.32, replications: 48 };
        let judged = |value, precision| {
            let known = Known { value, accuracy: 1e-9 };
            simulated(Row::default(), known, (&got, &measure("attempts_per_call"), precision)).verdict
        };
        // Six seeds: 4 × 0.01 × √(1 + 48 ÷ 6) = 0.12.
        assert_eq!(judged(1.41, Precision::OfSeeds(0.03, 6)), Verdict::Passed);
        assert_eq!(judged(1.43, Precision::OfSeeds(0.03, 6)), Verdict::Failed);
        assert_eq!(judged(1.41, Precision::OfSeeds(0.03, 4800)), Verdict::Failed);
        assert_eq!(judged(f64::NAN, Precision::OfSeeds(0.03, 6)), Verdict::Failed);
    }

    #[test]
    fn an_exact_value_agrees_or_fails() {
        let known = Known { value: 0.25, accuracy: 1e-9 };
        let judged = |got| exact(Row::default(), known, got).verdict;
        assert_eq!(judged(0.25 * (1.0 + 0.9e-9)), Verdict::Passed);
        assert_eq!(judged(0.25 * (1.0 + 1.1e-9)), Verdict::Failed);
        assert_eq!(judged(f64::NAN), Verdict::Failed);
    }
}
