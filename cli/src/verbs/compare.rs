//! `ninefold compare A B`: paired differences under common random numbers.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context;
use ninefold_models::compare::{ComparedRow, Comparison, compare as compare_systems};
use ninefold_models::results::{Estimated, Stopped};
use ninefold_models::system::SystemSpec;
use ninefold_reports::format;
use ninefold_scenarios::Loaded;
use serde_json::{Value, json};

use crate::args::CompareArgs;
use crate::exit::Exit;
use crate::interrupt::Interrupt;
use crate::message::Messages;
use crate::progress::Watcher;
use crate::verbs::run::{ended_early, pool};
use crate::{output, scenario};

/// Compares two scenarios, or two variants of one.
pub(crate) fn compare(args: &CompareArgs, messages: &Messages) -> anyhow::Result<Exit> {
    let b_file = args.b.as_ref().unwrap_or(&args.a);
    if [&args.a, b_file].iter().all(|file| *file == Path::new("-")) {
        anyhow::bail!("standard input can be read only once: name at least one file");
    }
    let b_set: Vec<String> = args.set.iter().chain(&args.set_b).cloned().collect();
    let a = scenario::load_or_show(&args.a, &args.set, messages)?;
    let b = scenario::load_or_show(b_file, &b_set, messages)?;
    let (Some(a), Some(b)) = (a, b) else {
        return Ok(Exit::Usage);
    };
    if !share_an_entity(&a.spec, &b.spec) {
        anyhow::bail!("A and B have no journey and no component in common: there is nothing to compare");
    }
    if args.plan.asks_for_a_method() {
        anyhow::bail!("a comparison has its own pairing: leave `--antithetic`, `--control` and `--stratified` out");
    }
    let plan = args.plan.over(&a.plan);
    if args.plan.over(&b.plan) != plan {
        messages.note("A and B ask for different runs; both run as A asks");
    }
    if a.draws.count() > 0 || b.draws.count() > 0 {
        messages.note("a comparison takes uncertain inputs at their point values; `parameter_draws` counts for `run`");
    }
    let systems = (scenario::compile(&a).context("A")?, scenario::compile(&b).context("B")?);
    let watcher = Watcher::start(!args.plan.no_progress, args.plan.max_time, Interrupt::listen()?);
    let comparison = pool(args.plan.threads())?.install(|| compare_systems(&systems.0, &systems.1, &plan, &watcher));
    watcher.finish();
    let comparison = match comparison {
        Ok(comparison) => comparison,
        Err(error) => return ended_early(error, &watcher, messages),
    };
    let names = (named(&a, &args.a, &[]), named(&b, b_file, &args.set_b));
    if args.json {
        output::print_json(&object(&comparison, (&names.0, &names.1), plan.seed))?;
    } else {
        output::print(&text(&comparison, (&names.0, &names.1), plan.seed))?;
    }
    Ok(match watcher.stopped() {
        Some(Stopped::Interrupted) => Exit::Interrupted,
        Some(_) => Exit::Unproven,
        None if watcher.short_of_precision() => Exit::Unproven,
        None => Exit::Done,
    })
}

fn share_an_entity(a: &SystemSpec, b: &SystemSpec) -> bool {
    a.journeys.iter().any(|journey| b.journeys.iter().any(|other| other.name == journey.name))
        || a.components.iter().any(|component| b.components.iter().any(|other| other.name == component.name))
}

/// `two-tier shop (shop.yaml, components.db.replicas=3)`
fn named(loaded: &Loaded, file: &Path, set: &[String]) -> String {
    let mut inside = vec![file.display().to_string()];
    inside.extend(set.iter().cloned());
    format!("{} ({})", loaded.about.scenario, inside.join(", "))
}

fn text(comparison: &Comparison, names: (&str, &str), seed: u64) -> String {
    let mut out = format!("A  {}\nB  {}\n", names.0, names.1);
    let replications = format::grouped(comparison.replications);
    let _ = writeln!(out, "paired, {replications} replications, seed {seed}; ± is half of the interval\n");
    let head = ["", "unit", "A", "B", "B − A", "P(B better)"].map(str::to_owned);
    let mut lines = vec![head];
    let mut entity = "";
    for row in &comparison.rows {
        if row.entity != entity {
            entity = &row.entity;
            lines.push([row.entity.clone(), String::new(), String::new(), String::new(), String::new(), String::new()]);
        }
        lines.push(cells(row));
    }
    let width = |column: usize| lines.iter().map(|line| cell_width(line, column)).max();
    let widths: Vec<usize> = (0..6).map(|column| width(column).unwrap_or(0)).collect();
    for line in &lines {
        let mut padded = String::new();
        for (cell, width) in line.iter().zip(&widths) {
            let _ = write!(padded, "{cell:<width$}  ");
        }
        let _ = writeln!(out, "{}", padded.trim_end());
    }
    out
}

/// An entity's line has one cell, which may run over the columns behind it.
fn cell_width(line: &[String; 6], column: usize) -> usize {
    let entity_line = line[1].is_empty() && !line[0].is_empty();
    if entity_line { 0 } else { line[column].chars().count() }
}

fn cells(row: &ComparedRow) -> [String; 6] {
    let value = |e: &Estimated| if row.unit == "1" { format::ratio(e) } else { format::rate_with_error(e) };
    [
        format!("  {}", row.measure),
        row.unit.to_owned(),
        value(&row.a),
        value(&row.b),
        format::difference(&row.delta),
        probability(row.p_b_better),
    ]
}

/// A probability that was estimated never reads as certain.
fn probability(p: f64) -> String {
    match p {
        p if p > 0.999 => "> 99.9 %".to_owned(),
        p if p > 0.99 => format!("{:.1} %", 100.0 * p),
        p => format::percent(p),
    }
}

fn object(comparison: &Comparison, names: (&str, &str), seed: u64) -> Value {
    let estimate =
        |e: &Estimated| json!({"value": e.value, "standard_error": e.standard_error, "lo": e.lo, "hi": e.hi});
    let row = |row: &ComparedRow| {
        json!({
            "entity": row.entity,
            "measure": row.measure,
            "unit": row.unit,
            "a": estimate(&row.a),
            "b": estimate(&row.b),
            "delta": estimate(&row.delta),
            "p_b_better": row.p_b_better,
        })
    };
    json!({
        "schema": 1,
        "a": names.0,
        "b": names.1,
        "seed": seed,
        "replications": comparison.replications,
        "rows": comparison.rows.iter().map(row).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::probability;

    #[test]
    fn no_probability_reads_as_certain() {
        let cases = [(1.0, "> 99.9 %"), (0.997, "99.7 %"), (0.5, "50 %"), (0.0001, "< 0.1 %"), (0.0, "< 0.1 %")];
        for (p, text) in cases {
            assert_eq!(probability(p), text);
        }
    }
}
