//! The sections of the report as tables and cards.

use ninefold_models::results::{CauseRow, Estimated, Measured, VarianceRow, Verdict};
use serde::Serialize;

use super::grid::{Cell, Grid};
use crate::figures::{largest_shares, share_label};
use crate::input::ReportInput;
use crate::terminal::{cause_name, largest_causes, short, window_words, with_inputs};
use crate::{format, stopping};

/// Cards before the rest is left to the table of entities.
const CARDS_MAX: usize = 6;

/// A headline entity with its numbers.
#[derive(Serialize)]
pub(super) struct Headline {
    name: String,
    unavailability: String,
    exact: Option<String>,
    nines: String,
    downtime: String,
    /// Name and value of the further measures.
    more: Vec<(&'static str, String)>,
}

pub(super) fn headlines(input: &ReportInput<'_>) -> Vec<Headline> {
    input.headline_entities().iter().filter_map(|e| headline(input, e)).take(CARDS_MAX).collect()
}

fn headline(input: &ReportInput<'_>, entity: &str) -> Option<Headline> {
    let unavailability = input.measure(entity, "unavailability")?;
    let downtime =
        input.measure(entity, "downtime").map_or(format::downtime_of(&unavailability.estimate), |m| m.estimate);
    let exact_of = |m: &Measured| {
        m.exact.map(|x| format!("{} ({})", format::significant(x, 3), m.exact_method.unwrap_or("exact")))
    };
    let mut more = Vec::new();
    if let Some(range) = with_inputs(unavailability) {
        more.push(("unavailability with doubt about the inputs", range));
    }
    let mut add = |label, measure, show: fn(&Estimated) -> String| {
        if let Some(m) = input.measure(entity, measure) {
            more.push((label, show(&m.estimate)));
        }
    };
    add("failures a year", "failure_rate", format::rate_with_error);
    add("mean down time", "mttr", format::duration_with_error);
    add("mean up time", "mut", format::duration_with_error);
    add("mean time to first failure", "mttf", format::duration_with_error);
    add("demand not served in full quality", "unserved_ratio", format::ratio);
    Some(Headline {
        name: short(entity).to_owned(),
        unavailability: format::ratio(&unavailability.estimate),
        exact: exact_of(unavailability),
        nines: format::nines(&unavailability.estimate),
        downtime: format::downtime_with_error(&downtime),
        more,
    })
}

pub(super) fn causes(input: &ReportInput<'_>) -> Option<Grid> {
    let mut rows = Vec::new();
    for entity in input.headline_entities() {
        for c in largest_causes(&input.results.causes, &entity) {
            rows.push(vec![
                Cell::text(short(&entity)),
                Cell::text(cause_name(&c.cause)),
                Cell::number(format::percent_with_error(&share(c)), c.share),
                Cell::number(format::downtime_with_error(&c.minutes_per_year), c.minutes_per_year.value),
            ]);
        }
    }
    Grid::of("Downtime by cause", Some("downtime_by_cause"), &["journey", "cause", "share", "downtime"], rows)
}

/// The share of a cause with the relative error of its minutes: the error of the sum is not in it.
fn share(c: &CauseRow) -> Estimated {
    scaled(&c.minutes_per_year, c.share / c.minutes_per_year.value)
}

fn scaled(e: &Estimated, by: f64) -> Estimated {
    Estimated { value: e.value * by, standard_error: e.standard_error * by, lo: e.lo * by, hi: e.hi * by }
}

pub(super) fn importance(input: &ReportInput<'_>) -> Option<Grid> {
    let number = |x: f64| Cell::number(format::significant(x, 3), x);
    let row = |i: &ninefold_models::results::ImportanceRow| {
        let at_stake = format!("{}/y", format::duration(i.minutes_at_stake / 60.0));
        vec![
            Cell::text(short(&i.journey)),
            Cell::text(short(&i.component)),
            Cell::number(at_stake, i.minutes_at_stake),
            number(i.birnbaum),
            number(i.criticality),
            number(i.fussell_vesely),
            number(i.raw),
            number(i.rrw),
        ]
    };
    let heads = ["journey", "component", "saved if perfect", "Birnbaum", "criticality", "Fussell–Vesely", "RAW", "RRW"];
    let rows = input.results.importance.iter().map(row).collect();
    Grid::of("Importance, exact at steady state", Some("importance"), &heads, rows)
}

/// The second interval and the shares of the inputs, of every measure that has them.
pub(super) fn shares(input: &ReportInput<'_>) -> Option<Grid> {
    let entities = input.headline_entities();
    let mut rows = Vec::new();
    for measured in input.results.measures.iter().filter(|m| entities.contains(&m.entity)) {
        for share in largest_shares(&input.results.input_shares, measured) {
            let e = &share.share;
            rows.push(vec![
                Cell::text(short(&measured.entity)),
                Cell::text(measured.measure.replace('_', " ")),
                Cell::text(with_inputs(measured).unwrap_or_default()),
                Cell::text(share_label(share)),
                Cell::number(format::percent(e.value), e.value),
                Cell::text(format!("{} to {}", format::percent(e.lo), format::percent(e.hi))),
            ]);
        }
    }
    let heads = ["entity", "measure", "with doubt about the inputs", "input", "share of the variance", "its interval"];
    Grid::of("What is uncertain, and whose share it is", Some("input_shares"), &heads, rows)
}

pub(super) fn agreements(input: &ReportInput<'_>) -> Option<Grid> {
    let class = |verdict| match verdict {
        Verdict::Met => "met",
        Verdict::NotMet => "not-met",
        Verdict::Undecided => "undecided",
    };
    let row = |r: &ninefold_models::results::Requirement| {
        vec![
            Cell::text(r.agreement.as_str()).class("w"),
            Cell::text(stopping::verdict(r)).class(class(r.verdict)),
            Cell::text(r.journey.as_str()),
            Cell::text(format!("{} of {}", format::target(r.target), r.indicator.replace('_', " "))),
            Cell::text(format!("{} ({} a run)", window_words(&r.window_kind).0, format::grouped(r.windows))),
            Cell::number(format::ratio(&r.shortfall), r.shortfall.value),
            Cell::number(format::percent_with_error(&r.breach_probability), r.breach_probability.value),
            Cell::number(format::percent_with_error(&r.breach_probability_horizon), r.breach_probability_horizon.value),
        ]
    };
    let heads = [
        "agreement",
        "verdict",
        "journey",
        "target",
        "window",
        "mean shortfall",
        "windows in breach",
        "runs with a breach",
    ];
    let rows = input.results.requirements.iter().map(row).collect();
    Grid::of("Agreements", Some("requirements"), &heads, rows)
}

pub(super) fn windows(input: &ReportInput<'_>) -> Option<Grid> {
    let entities = input.headline_entities();
    let wanted = input.results.availability.iter().filter(|r| entities.contains(&r.entity));
    let rows = wanted
        .map(|r| {
            let event_based = r.definition == "success_ratio";
            let estimate = if event_based { &r.unserved_ratio } else { &r.unavailability };
            let downtime = scaled(&r.unavailability, r.total_min / 60.0);
            vec![
                Cell::text(short(&r.entity)),
                Cell::text(r.definition.replace('_', " ")).class("w"),
                Cell::text(r.window_kind.replace('_', " ")).class("w"),
                Cell::text(r.window.as_str()),
                Cell::number(format::ratio(estimate), estimate.value),
                Cell::number(format::nines(estimate).trim_end_matches(" nines"), -estimate.value),
                if event_based {
                    Cell::text("")
                } else {
                    Cell::number(format::duration_with_error(&downtime), downtime.value)
                },
            ]
        })
        .collect();
    let heads = ["journey", "definition", "window kind", "window", "unavailable or unserved", "nines", "mean downtime"];
    Grid::of("Availability by window, both readings", Some("availability"), &heads, rows)
}

pub(super) fn entities(input: &ReportInput<'_>) -> Option<Grid> {
    let row = |r: &ninefold_models::results::ReliabilityRow| {
        let unavailability = input.measure(&r.entity, "unavailability");
        let u = unavailability
            .map_or_else(|| Cell::text(""), |m| Cell::number(format::ratio(&m.estimate), m.estimate.value));
        let exact = unavailability.and_then(|m| m.exact);
        let exact = exact.map_or_else(|| Cell::text(""), |x| Cell::number(format::significant(x, 3), x));
        let span = |e: &Estimated| Cell::number(format::duration_with_error(e), e.value);
        vec![
            Cell::text(r.entity.as_str()),
            u,
            exact,
            Cell::number(format::rate_with_error(&r.failures_per_year), r.failures_per_year.value),
            span(&r.mtbf_h),
            span(&r.mut_h),
            span(&r.mttr_h),
            Cell::number(format::grouped(r.failures_seen), r.failures_seen as f64),
        ]
    };
    let heads = [
        "entity",
        "unavailability",
        "exact",
        "failures a year",
        "MTBF",
        "mean up time",
        "mean down time",
        "failures seen",
    ];
    let rows = input.results.reliability.iter().map(row).collect();
    Grid::of("Every journey and component", Some("reliability_metrics"), &heads, rows)
}

pub(super) fn measures(input: &ReportInput<'_>) -> Option<Grid> {
    let shown = |m: &&Measured| m.at_h.is_some() || m.quantile.is_some();
    let row = |m: &Measured| {
        let at = match (m.at_h, m.quantile) {
            (Some(h), _) => Cell::number(format!("at {}", format::duration(h)), h),
            (None, Some(q)) => Cell::number(format!("{} of the runs are below", format::target(q)), q),
            (None, None) => Cell::text(""),
        };
        let value = match &*m.unit {
            "1" => format::ratio(&m.estimate),
            "min" => format::duration_with_error(&scaled(&m.estimate, 1.0 / 60.0)),
            unit => format!("{} {unit}", format::rate_with_error(&m.estimate)),
        };
        let exact = m.exact.map_or_else(|| Cell::text(""), |x| Cell::number(format::significant(x, 4), x));
        vec![
            Cell::text(m.entity.as_str()),
            Cell::text(m.measure.replace('_', " ")),
            at,
            Cell::number(value, m.estimate.value),
            exact,
        ]
    };
    let rows = input.results.measures.iter().filter(shown).map(row).collect();
    Grid::of("Points in time and quantiles", Some("measures"), &["entity", "measure", "where", "value", "exact"], rows)
}

/// Demand above what can be served, for every journey that has capacity to fall short of.
pub(super) fn shortfall(input: &ReportInput<'_>) -> Option<Grid> {
    let names = ["shortfall_probability", "shortfall_hours", "shortfall_days", "unserved_requests", "unserved_energy"];
    let shown = |m: &&Measured| names.contains(&m.measure) && m.at_h.is_none() && m.quantile.is_none();
    let row = |m: &Measured| {
        let (words, value): (&str, String) = match m.measure {
            "shortfall_probability" => ("runs with any shortfall", format::percent_with_error(&m.estimate)),
            "shortfall_hours" => ("time short", format::duration_with_error(&m.estimate)),
            "shortfall_days" => ("days with any shortfall", format::rate_with_error(&m.estimate)),
            "unserved_requests" => ("requests not served", format::rate_with_error(&m.estimate)),
            _ => ("not served", format!("{} {}", format::rate_with_error(&m.estimate), m.unit)),
        };
        let exact = m.exact.map_or_else(|| Cell::text(""), |x| Cell::number(format::significant(x, 4), x));
        vec![Cell::text(short(&m.entity)), Cell::text(words), Cell::number(value, m.estimate.value), exact]
    };
    let rows = input.results.measures.iter().filter(shown).map(row).collect();
    Grid::of("Shortfall", Some("measures"), &["journey", "what", "a run", "exact"], rows)
}

/// What methods of variance reduction gained, or why they were not used.
pub(super) fn variance(input: &ReportInput<'_>) -> Option<Grid> {
    let row = |row: &VarianceRow| {
        let gained = row.ratio.map_or_else(|| "–".to_owned(), |ratio| format::significant(ratio, 3));
        vec![
            Cell::text(row.method),
            Cell::text(row.asked),
            Cell::text(if row.used { "yes" } else { "no" }),
            Cell::text(short(&row.entity)),
            Cell::number(gained, row.ratio.unwrap_or(f64::NAN)),
            Cell::text(row.how.clone()),
        ]
    };
    let heads = ["method", "asked", "used", "entity", "variance ratio", "how measured, or why not used"];
    Grid::of("Variance reduction", None, &heads, input.results.variance.iter().map(row).collect())
}

pub(super) fn assumptions(input: &ReportInput<'_>) -> Option<Grid> {
    let row = |a: &ninefold_models::about::Assumption| {
        vec![Cell::text(a.path.as_str()).class("code"), Cell::text(a.value.as_str()), Cell::text(a.reason.as_str())]
    };
    let rows = input.about.assumptions.iter().map(row).collect();
    Grid::of("Defaults that applied", None, &["what", "value", "source"], rows)
}

pub(super) fn provenance(input: &ReportInput<'_>) -> Option<Grid> {
    let row = |p: &ninefold_models::about::Provenance| {
        vec![
            Cell::text(p.path.as_str()).class("code"),
            Cell::text(p.value.as_str()).class("n"),
            Cell::text(p.source.as_str()),
            Cell::text(if p.fit_id.is_empty() { p.record.as_str() } else { p.fit_id.as_str() }),
        ]
    };
    let rows = input.about.provenance.iter().map(row).collect();
    Grid::of(
        "Every number that entered",
        Some("inputs_provenance"),
        &["path", "value", "source", "record or fit"],
        rows,
    )
}

pub(super) fn records(input: &ReportInput<'_>) -> Option<Grid> {
    let row = |r: &ninefold_models::about::RecordDigest| {
        let rejected: Vec<_> = r.rejected.iter().map(|(rule, n)| format!("{n} by {rule}")).collect();
        let rejected = if rejected.is_empty() { String::from("none") } else { rejected.join(", ") };
        vec![
            Cell::text(r.id.as_str()),
            Cell::text(r.file.as_str()).class("code"),
            Cell::number(format::grouped(r.rows), r.rows as f64),
            Cell::text(rejected),
            Cell::text(r.blake3.chars().take(16).collect::<String>()).class("code"),
        ]
    };
    let rows = input.about.records.iter().map(row).collect();
    Grid::of("Records", None, &["record", "file", "rows read", "rows rejected", "BLAKE3 (first 16)"], rows)
}

pub(super) fn fits(input: &ReportInput<'_>) -> Option<Grid> {
    let row = |f: &crate::tables::FitRow| {
        let parameter = |p: &(String, f64, f64)| {
            format!("{} {} (se {})", p.0, format::significant(p.1, 4), format::significant(p.2, 2))
        };
        let parameters: Vec<_> = f.parameters.iter().map(parameter).collect();
        vec![
            Cell::text(format!("{}.{} ({})", f.record, f.column, f.unit)).class("code"),
            Cell::text(if f.chosen { format!("{} (chosen)", f.family) } else { f.family.clone() }),
            Cell::number(format::grouped(f.n), f.n as f64),
            Cell::number(format::grouped(f.censored), f.censored as f64),
            Cell::text(parameters.join(", ")),
            Cell::number(format!("{:.1}", f.log_likelihood), f.log_likelihood),
            Cell::number(format!("{:.1}", f.aic), f.aic),
            Cell::number(format::significant(f.ks, 3), f.ks),
            f.ad.map_or_else(|| Cell::text(""), |ad| Cell::number(format::significant(ad, 3), ad)),
        ]
    };
    let heads = [
        "record column",
        "family",
        "values",
        "censored",
        "parameters",
        "log-likelihood",
        "AIC",
        "KS distance",
        "Anderson–Darling",
    ];
    Grid::of("Fitted laws", Some("fits"), &heads, input.fits.iter().map(row).collect())
}
