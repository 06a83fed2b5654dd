//! The rows of a comparison.

use ninefold_sim_core::interval::{self, Estimate};
use ninefold_sim_core::special::student;
use ninefold_sim_core::tick::Tick;

use super::ComparedRow;
use super::paired::{Pair, Paired, SHARE, Tally};
use super::recovery::{GROUPS, QUANTILE, Recovery};
use crate::metric::up_down::MINUTES_PER_YEAR;
use crate::system::Tracked;
use crate::units::HOURS_PER_YEAR;

/// The measures that are compared replication by replication, with unit.
const MEASURES: [(&str, &str); 4] =
    [("unavailability", "1"), ("unserved_ratio", "1"), ("downtime", "min/year"), ("failure_rate", "1/year")];

pub(super) fn rows(pair: &Pair<'_>, tallies: &[Tally], n: u64, confidence: f64) -> Vec<ComparedRow> {
    let system = pair.systems[0];
    let span = system.measured().get() as f64;
    let years = system.measured().hours() / HOURS_PER_YEAR;
    let mut rows = Vec::new();
    for (tally, &[id, _]) in tallies.iter().zip(&pair.shared) {
        let entity = system.tracked[id].entity();
        let is_journey = matches!(system.tracked[id], Tracked::Journey { .. });
        for named in MEASURES {
            let (paired, scale, largest) = match named.0 {
                "unavailability" => (&tally.down, span, 1.0),
                "downtime" => (&tally.down, span / MINUTES_PER_YEAR, MINUTES_PER_YEAR),
                "failure_rate" => (&tally.failures, years, f64::INFINITY),
                _ if is_journey => (&tally.lost, span, 1.0),
                _ => continue,
            };
            rows.push(row((entity, named), paired, (scale, largest), (n, confidence)));
        }
        if let Some(unanswered) = &tally.unanswered {
            rows.push(row((entity, ("unanswered_ratio", "1")), unanswered, (SHARE, 1.0), (n, confidence)));
        }
        if let Some(recovery) = &tally.recovery {
            rows.extend(recovery_rows((entity, "recovery_time", "h"), (recovery, 1.0), confidence));
        }
        if let Some(points) = &tally.points {
            rows.extend(recovery_rows((entity, "recovery_point", "s"), (points, 3600.0), confidence));
        }
    }
    rows
}

fn row(
    (entity, (measure, unit)): (&str, (&'static str, &'static str)),
    paired: &Paired,
    (scale, largest): (f64, f64),
    (n, confidence): (u64, f64),
) -> ComparedRow {
    let delta = interval::signed_mean(&paired.delta, n, scale, confidence);
    ComparedRow {
        entity: entity.to_owned(),
        measure,
        unit,
        quantile: None,
        a: interval::mean(&paired.a, n, (scale, largest), confidence).into(),
        b: interval::mean(&paired.b, n, (scale, largest), confidence).into(),
        delta: delta.into(),
        p_b_better: probability_below_zero(delta, n),
        b_less: Some(interval::share(paired.less, n, confidence).into()),
        b_more: Some(interval::share(paired.more, n, confidence).into()),
    }
}

/// Mean and a high quantile of how long an outage lasts, or of what a takeover loses, where both have enough of them; so
/// many units are an hour.
fn recovery_rows(
    (entity, measure, unit): (&str, &'static str, &'static str),
    (recovery, an_hour): (&Recovery, f64),
    confidence: f64,
) -> Vec<ComparedRow> {
    let hour = Tick::from_hours(1.0).get() as f64;
    let read = |quantile: Option<f64>| {
        let [a, b, delta] = recovery.estimates(quantile, confidence)?.map(|estimate| estimate.scaled(an_hour / hour));
        Some(ComparedRow {
            entity: entity.to_owned(),
            measure,
            unit,
            quantile,
            a: a.into(),
            b: b.into(),
            delta: delta.into(),
            p_b_better: probability_below_zero(delta, GROUPS as u64),
            b_less: None,
            b_more: None,
        })
    };
    [None, Some(QUANTILE)].into_iter().filter_map(read).collect()
}

fn probability_below_zero(delta: Estimate, n: u64) -> f64 {
    if delta.standard_error > 0.0 {
        student::cdf((n as f64 - 1.0).max(1.0), -delta.value / delta.standard_error)
    } else if delta.value == 0.0 || n < 2 {
        0.5
    } else {
        f64::from(u8::from(delta.value < 0.0))
    }
}
