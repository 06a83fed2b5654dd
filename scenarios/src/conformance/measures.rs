//! What cases ask of a system as a whole, by the names that they use.

use super::study::HORIZON_MAX_H;

/// A measure of a whole system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Asked {
    /// Long-run share of time down, or up.
    Steady(Side),
    /// Up-to-down transitions an hour in the long run.
    Frequency,
    /// Mean down time, h.
    MeanDown,
    /// Mean up time in the long run, h.
    MeanUp,
    /// Mean time between up-to-down transitions, h.
    MeanBetween,
    /// Mean time to the first failure from new, h.
    MeanToFirst,
    /// Probability of being down, or up, at an instant.
    Point(Side, f64),
    /// Share of the time between two instants.
    Interval(Side, f64, f64),
    /// Probability that it has been down by an instant, or not yet.
    FirstBy(Side, f64),
    /// Up-to-down transitions between two instants.
    Failures(f64, f64),
    /// Time down between two instants, h.
    Downtime(f64, f64),
    /// Probability that the time down within the horizon is above a limit (down), or not (up).
    DowntimeAbove(Side, f64),
    /// Probability of no failure within the horizon.
    NoFailure,
    /// Mean time down within the horizon, h.
    DowntimeInHorizon,
}

/// Which of two complementary probabilities is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Down,
    Up,
}

/// Names without a number.
const PLAIN: [(&[&str], Asked); 8] = [
    (&["steady_unavailability", "unavailability", "steady_state_unavailability"], Asked::Steady(Side::Down)),
    (&["steady_availability", "availability", "steady_state_availability"], Asked::Steady(Side::Up)),
    (&["system_failure_frequency", "failure_frequency"], Asked::Frequency),
    (&["mean_down_duration", "mean_down_time", "mdt", "mttr_system"], Asked::MeanDown),
    (&["mean_up_duration", "mean_up_time", "mut"], Asked::MeanUp),
    (&["mtbf", "mean_time_between_failures"], Asked::MeanBetween),
    (&["mttf", "mttf_from_all_up", "mttf_system", "system_mttf", "mttff", "mttdl"], Asked::MeanToFirst),
    (&["expected_downtime"], Asked::DowntimeInHorizon),
];

/// Makes a measure of one instant.
type AtInstant = fn(f64) -> Asked;
/// Makes a measure of the time between two instants.
type Between = fn(f64, f64) -> Asked;

const AT_INSTANT: [(&str, AtInstant); 6] = [
    ("point_availability_t", |t| Asked::Point(Side::Up, t)),
    ("point_unavailability_t", |t| Asked::Point(Side::Down, t)),
    ("availability_t", |t| Asked::Point(Side::Up, t)),
    ("unavailability_t", |t| Asked::Point(Side::Down, t)),
    ("reliability_t", |t| Asked::FirstBy(Side::Up, t)),
    ("unreliability_t", |t| Asked::FirstBy(Side::Down, t)),
];

const BETWEEN: [(&str, Between); 4] = [
    ("interval_availability_", |a, b| Asked::Interval(Side::Up, a, b)),
    ("interval_unavailability_", |a, b| Asked::Interval(Side::Down, a, b)),
    ("expected_failures_", Asked::Failures),
    ("expected_downtime_", Asked::Downtime),
];

impl Asked {
    /// The measure that a case names; `None` if the name is not known.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let plain = PLAIN.iter().find(|(names, _)| names.contains(&name)).map(|(_, asked)| *asked);
        plain.or_else(|| at_instant(name)).or_else(|| between(name)).or_else(|| probability(name))
    }
}

fn at_instant(name: &str) -> Option<Asked> {
    AT_INSTANT.iter().find_map(|(prefix, asked)| Some(asked(instant(name.strip_prefix(prefix)?)?)))
}

fn between(name: &str) -> Option<Asked> {
    BETWEEN.iter().find_map(|(prefix, asked)| {
        let (from, to) = name.strip_prefix(prefix)?.split_once('_')?;
        let (from, to) = (if from == "0" { 0.0 } else { instant(from)? }, instant(to)?);
        (from < to).then(|| asked(from, to))
    })
}

/// `P(D<=8.76)`, `P(D>4)`, `P(no failure in year)`, `P(loss in 10y)`.
fn probability(name: &str) -> Option<Asked> {
    let inner = name.strip_prefix("P(")?.strip_suffix(')')?;
    let limit = |text: &str| text.trim().parse().ok().filter(|x| (0.0..=HORIZON_MAX_H).contains(x));
    if let Some(text) = inner.strip_prefix("D<=") {
        return limit(text).map(|x| Asked::DowntimeAbove(Side::Up, x));
    }
    if let Some(text) = inner.strip_prefix("D>") {
        return limit(text).map(|x| Asked::DowntimeAbove(Side::Down, x));
    }
    if matches!(inner, "no failure" | "no failure in year" | "no failure in horizon") {
        return Some(Asked::NoFailure);
    }
    let span = inner.strip_prefix("loss in ").or_else(|| inner.strip_prefix("failure in "))?;
    let hours = match (span.strip_suffix('y'), span.strip_suffix('h')) {
        (Some(years), _) => years.trim().parse::<f64>().ok()? * 8760.0,
        (_, Some(hours)) => hours.trim().parse().ok()?,
        _ => return None,
    };
    (hours > 0.0 && hours <= HORIZON_MAX_H).then_some(Asked::FirstBy(Side::Down, hours))
}

/// An instant after the start, within reach.
fn instant(text: &str) -> Option<f64> {
    let digits = text.strip_suffix('h').unwrap_or(text);
    digits.parse().ok().filter(|&hours: &f64| hours > 0.0 && hours <= HORIZON_MAX_H)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_with_any_number() {
        let table = [
            ("steady_unavailability", Asked::Steady(Side::Down)),
            ("point_availability_t7.5", Asked::Point(Side::Up, 7.5)),
            ("interval_availability_0_8760", Asked::Interval(Side::Up, 0.0, 8760.0)),
            ("interval_unavailability_10_20", Asked::Interval(Side::Down, 10.0, 20.0)),
            ("reliability_t1e3", Asked::FirstBy(Side::Up, 1000.0)),
            ("expected_failures_0_100", Asked::Failures(0.0, 100.0)),
            ("P(D<=8.76)", Asked::DowntimeAbove(Side::Up, 8.76)),
            ("P(D<=0)", Asked::DowntimeAbove(Side::Up, 0.0)),
            ("P(no failure in year)", Asked::NoFailure),
            ("P(loss in 10y)", Asked::FirstBy(Side::Down, 87_600.0)),
            ("mttf_from_all_up", Asked::MeanToFirst),
        ];
        for (name, asked) in table {
            assert_eq!(Asked::parse(name), Some(asked), "{name}");
        }
        for name in [
            "",
            "point_availability_t",
            "point_availability_t-1",
            "reliability_tinf",
            "P(D<=x)",
            "P(D",
            "happiness",
            "interval_availability_5_5",
            "reliability_t1e300",
            "P(loss in y)",
        ] {
            assert_eq!(Asked::parse(name), None, "{name}");
        }
    }
}
