//! The rows of a comparison.

use ninefold_sim_core::interval::{self, Estimate};
use ninefold_sim_core::special::student;
use ninefold_sim_core::tick::Tick;

use super::ComparedRow;
use super::measure::Shown;
use super::paired::{MET, Pair, Paired, Tally};
use super::recovery::{GROUPS, QUANTILE, Recovery};
use crate::metric::objective::MEASURES;
use crate::system::{System, Tracked};

pub(super) fn rows(pair: &Pair<'_>, tallies: &[Tally], n: u64, confidence: f64) -> Vec<ComparedRow> {
    let system = pair.systems[0];
    let mut rows = Vec::new();
    for ((tally, compared), &[id, _]) in tallies.iter().zip(&pair.compared).zip(&pair.shared) {
        let entity = system.tracked.get(id).map_or("system", Tracked::entity);
        for (paired, compared) in tally.measures.iter().zip(compared) {
            let row = |shown| row((entity, system, shown), paired, (n, confidence));
            rows.extend(compared.measure.shown.iter().map(row));
        }
        if let Some(recovery) = &tally.recovery {
            rows.extend(recovery_rows((entity, "recovery_time", "h"), (recovery, 1.0), confidence));
        }
        if let Some(points) = &tally.points {
            rows.extend(recovery_rows((entity, "recovery_point", "s"), (points, 3600.0), confidence));
        }
        for (measure, met) in MEASURES.into_iter().zip(&tally.met) {
            rows.extend(met.as_ref().and_then(|met| met_row((entity, measure), met, confidence)));
        }
    }
    rows
}

fn row(
    (entity, system, shown): (&str, &System, &'static Shown),
    paired: &Paired,
    (n, confidence): (u64, f64),
) -> ComparedRow {
    let (scale, largest) = ((shown.scale)(system), shown.most);
    let delta = interval::signed_mean(&paired.delta, n, scale, confidence);
    ComparedRow {
        entity: entity.to_owned(),
        measure: shown.name,
        unit: (shown.unit)(system),
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
            unit: unit.into(),
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

/// The share that meets a recovery objective, where both have enough that could; of it more is better.
fn met_row((entity, measure): (&str, &'static str), met: &Recovery, confidence: f64) -> Option<ComparedRow> {
    let [a, b, delta] = met.estimates(None, confidence)?.map(|estimate| estimate.scaled(1.0 / MET.get() as f64));
    let share = |of: Estimate| Estimate { lo: of.lo.max(0.0), hi: of.hi.min(1.0), ..of };
    Some(ComparedRow {
        entity: entity.to_owned(),
        measure,
        unit: "1".into(),
        quantile: None,
        a: share(a).into(),
        b: share(b).into(),
        delta: delta.into(),
        p_b_better: 1.0 - probability_below_zero(delta, GROUPS as u64),
        b_less: None,
        b_more: None,
    })
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
