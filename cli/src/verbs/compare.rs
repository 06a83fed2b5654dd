//! `ninefold compare A B`: paired differences under common random numbers.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context;
use ninefold_models::compare::{ComparedRow, ComparedVerdict, Comparison, Less, compare as compare_systems};
use ninefold_models::results::{Estimated, Stopped};
use ninefold_models::system::SystemSpec;
use ninefold_reports::folder::{Compared, ComparisonInput, write_comparison};
use ninefold_reports::tables::Format;
use ninefold_reports::{InputFile, RunInfo, Unfinished, format};
use ninefold_scenarios::Loaded;
use serde_json::{Value, json};

use crate::args::CompareArgs;
use crate::exit::Exit;
use crate::host::Clock;
use crate::interrupt::Interrupt;
use crate::message::Messages;
use crate::progress::Watcher;
use crate::verbs::options;
use crate::verbs::run::{ended_early, pool};
use crate::{output, scenario};

/// Compares two scenarios, or two variants of one; of a scenario alone its options.
pub(crate) fn compare(args: &CompareArgs, messages: &Messages) -> anyhow::Result<Exit> {
    if args.plan.asks_for_a_method() {
        anyhow::bail!("a comparison has its own pairing: leave `--antithetic`, `--control` and `--stratified` out");
    }
    if args.b.is_none() && args.set_b.is_empty() {
        return options::compare(args, messages);
    }
    let (a_file, a_option) = scenario::file_and_option(&args.a);
    let (b_file, b_option) = scenario::file_and_option(args.b.as_ref().unwrap_or(&args.a));
    if [&a_file, &b_file].iter().all(|file| *file == Path::new("-")) {
        anyhow::bail!("standard input can be read only once: name at least one file");
    }
    let b_set: Vec<String> = args.set.iter().chain(&args.set_b).cloned().collect();
    let a = scenario::load_option_or_show((&a_file, a_option.as_deref()), &args.set, messages)?;
    let b = scenario::load_option_or_show((&b_file, b_option.as_deref()), &b_set, messages)?;
    let (Some(a), Some(b)) = (a, b) else {
        return Ok(Exit::Usage);
    };
    if !share_an_entity(&a.spec, &b.spec) {
        anyhow::bail!("A and B have no journey and no component in common: there is nothing to compare");
    }
    let plan = args.plan.over_compared(&a.plan);
    if args.plan.over_compared(&b.plan) != plan {
        messages.note("A and B ask for different runs; both run as A asks");
    }
    if a.draws.count() > 0 || b.draws.count() > 0 {
        messages.note("a comparison takes uncertain inputs at their point values; `parameter_draws` counts for `run`");
    }
    let systems = (scenario::compile(&a).context("A")?, scenario::compile(&b).context("B")?);
    let clock = Clock::start();
    let unfinished = args.out.as_deref().map(|dir| Unfinished::begin(dir, args.force)).transpose()?;
    let watcher = Watcher::start(!args.plan.no_progress, args.plan.max_time, Interrupt::listen()?);
    let comparison = pool(args.plan.threads())?.install(|| compare_systems(&systems.0, &systems.1, &plan, &watcher));
    watcher.finish();
    let comparison = match comparison {
        Ok(comparison) => comparison,
        Err(error) => {
            unfinished.map_or(Ok(()), Unfinished::discard)?;
            return ended_early(error, &watcher, messages);
        }
    };
    for (side, alone) in ["A", "B"].iter().zip(&comparison.alone) {
        if !alone.is_empty() {
            messages.note(&format!("only {side} has {}: left out", alone.join(", ")));
        }
    }
    let b_named = args.b.as_ref().unwrap_or(&args.a);
    let names = (named(&a, &args.a, &[]), named(&b, b_named, &args.set_b));
    let json = object(&comparison, (&names.0, &names.1), plan.seed);
    let wrote = match unfinished {
        Some(unfinished) => {
            let written = Written { unfinished, comparison: &comparison, object: &json, seed: plan.seed };
            written.write([(&names.0, &a), (&names.1, &b)], clock.info(args.plan.threads()), args.format.into())?
        }
        None => String::new(),
    };
    if args.json {
        output::print_json(&json)?;
    } else {
        output::print(&(text(&comparison, (&names.0, &names.1), plan.seed) + &wrote))?;
    }
    Ok(ended(&watcher))
}

/// How a comparison ends that has an answer.
pub(super) fn ended(watcher: &Watcher) -> Exit {
    match watcher.stopped() {
        Some(Stopped::Interrupted) => Exit::Interrupted,
        Some(_) => Exit::Unproven,
        None if watcher.short_of_precision() => Exit::Unproven,
        None => Exit::Done,
    }
}

/// A comparison that goes to a folder.
struct Written<'a> {
    unfinished: Unfinished,
    comparison: &'a Comparison,
    object: &'a Value,
    seed: u64,
}

impl Written<'_> {
    /// Writes the folder and returns the line that says so.
    fn write(self, options: [(&str, &Loaded); 2], info: RunInfo, format: Format) -> anyhow::Result<String> {
        let Self { unfinished, comparison, object, seed } = self;
        let inputs = options.map(|(_, loaded)| scenario::inputs(loaded));
        let [(name_a, a), (name_b, b)] = options;
        let options = vec![option((name_a, "a"), a, &inputs[0]), option((name_b, "b"), b, &inputs[1])];
        let comparisons = std::slice::from_ref(comparison);
        let input = ComparisonInput { options, comparisons, decision: None, object, seed };
        write_comparison(&unfinished, &input, info, format)?;
        let dir = unfinished.dir().display().to_string();
        unfinished.discard()?;
        Ok(format!("wrote {}/  (comparison.json, tables, figures)\n", dir.trim_end_matches('/')))
    }
}

fn option<'a>((name, folder): (&'a str, &str), loaded: &'a Loaded, inputs: &'a [InputFile]) -> Compared<'a> {
    Compared { name, folder: folder.to_owned(), about: &loaded.about, inputs }
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
    let head = ["", "unit", "A", "B", "B − A", "P(B better)", "B less in"].map(str::to_owned);
    let mut lines = vec![head];
    let mut entity = "";
    for row in &comparison.rows {
        if row.entity != entity {
            entity = &row.entity;
            let mut line: [String; 7] = Default::default();
            line[0].clone_from(&row.entity);
            lines.push(line);
        }
        lines.push(cells(row));
    }
    let width = |column: usize| lines.iter().map(|line| cell_width(line, column)).max();
    let widths: Vec<usize> = (0..7).map(|column| width(column).unwrap_or(0)).collect();
    for line in &lines {
        let mut padded = String::new();
        for (cell, width) in line.iter().zip(&widths) {
            let _ = write!(padded, "{cell:<width$}  ");
        }
        let _ = writeln!(out, "{}", padded.trim_end());
    }
    for verdict in &comparison.verdicts {
        let _ = writeln!(out, "{}", verdict_line(verdict));
    }
    out
}

/// `decided    journeys.visit: B has less downtime (wrong with a probability of at most 1 %)`
fn verdict_line(verdict: &ComparedVerdict) -> String {
    let entity = &verdict.entity;
    let doubt = match verdict.doubt {
        doubt if doubt < 1e-4 => "0.01".to_owned(),
        doubt => format::significant(100.0 * doubt, 2),
    };
    match verdict.less {
        Less::Neither => format!("decided    {entity}: no replication differs"),
        Less::Undecided => format!("undecided  {entity}: who has less downtime (could be wrong with {doubt} %)"),
        less => {
            let name = if less == Less::A { "A" } else { "B" };
            format!("decided    {entity}: {name} has less downtime (wrong with a probability of at most {doubt} %)")
        }
    }
}

/// An entity's line has one cell, which may run over the columns behind it.
fn cell_width(line: &[String; 7], column: usize) -> usize {
    let entity_line = line[1].is_empty() && !line[0].is_empty();
    if entity_line { 0 } else { line[column].chars().count() }
}

fn cells(row: &ComparedRow) -> [String; 7] {
    let value = |e: &Estimated| if row.unit == "1" { format::ratio(e) } else { format::rate_with_error(e) };
    let quantile = row.quantile.map_or_else(String::new, |p| format!(" p{:.0}", 100.0 * p));
    [
        format!("  {}{quantile}", row.measure),
        row.unit.to_string(),
        value(&row.a),
        value(&row.b),
        format::difference(&row.delta),
        format::confidence(row.p_b_better),
        row.b_less.as_ref().map_or_else(String::new, format::percent_with_error),
    ]
}

fn object(comparison: &Comparison, names: (&str, &str), seed: u64) -> Value {
    let estimate =
        |e: &Estimated| json!({"value": e.value, "standard_error": e.standard_error, "lo": e.lo, "hi": e.hi});
    let row = |row: &ComparedRow| {
        json!({
            "entity": row.entity,
            "measure": row.measure,
            "unit": row.unit,
            "quantile": row.quantile,
            "a": estimate(&row.a),
            "b": estimate(&row.b),
            "delta": estimate(&row.delta),
            "p_b_better": row.p_b_better,
            "b_less": row.b_less.as_ref().map(estimate),
            "b_more": row.b_more.as_ref().map(estimate),
        })
    };
    let verdict = |verdict: &ComparedVerdict| {
        let less = match verdict.less {
            Less::A => "a",
            Less::B => "b",
            Less::Neither => "neither",
            Less::Undecided => "undecided",
        };
        json!({"entity": verdict.entity, "less_downtime": less, "doubt": verdict.doubt})
    };
    json!({
        "schema": 1,
        "a": names.0,
        "b": names.1,
        "seed": seed,
        "replications": comparison.replications,
        "rows": comparison.rows.iter().map(row).collect::<Vec<_>>(),
        "verdicts": comparison.verdicts.iter().map(verdict).collect::<Vec<_>>(),
        "only_a": comparison.alone[0],
        "only_b": comparison.alone[1],
    })
}
