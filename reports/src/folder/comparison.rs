//! The folder of a comparison: all scenarios, the table, the figures, and what makes it reproducible.

use std::fs;
use std::path::Path;

use ninefold_models::about::About;
use ninefold_models::compare::{Comparison, Decision};
use serde_json::{Value, json};

use super::error::FolderError;
use super::{MARK, SCENARIO, Unfinished, at, put, write_figures, write_inputs, write_tables};
use crate::figures::{cost_vs_downtime, paired_differences};
use crate::input::{InputFile, RunInfo};
use crate::tables::{Digested, Format, options_compare};

/// One of those that are compared.
#[derive(Clone, Debug)]
pub struct Compared<'a> {
    /// Its name: that of the option, or scenario, file and patches.
    pub name: &'a str,
    /// Its folder below that of the comparison.
    pub folder: String,
    /// What is known of its inputs.
    pub about: &'a About,
    /// Files its effective scenario refers to.
    pub inputs: &'a [InputFile],
}

/// A comparison, and what it is of.
#[derive(Clone, Debug)]
pub struct ComparisonInput<'a> {
    /// The baseline, then the others.
    pub options: Vec<Compared<'a>>,
    /// What came out, for each of the others.
    pub comparisons: &'a [Comparison],
    /// How the options are weighed, and in what money.
    pub decision: Option<(&'a Decision, &'a str)>,
    /// The same as an object, for `comparison.json`.
    pub object: &'a Value,
    /// The seed.
    pub seed: u64,
}

/// Writes the folder that `unfinished` is to become, and puts it in place: a folder with scenario and inputs for each,
/// `comparison.json`, `tables/options_compare`, `figures/`, `manifest.json`, `run-info.json`.
///
/// # Errors
/// [`FolderError`]; what was there before is there still, and no part of the folder is in its place.
pub fn write_comparison(
    unfinished: &Unfinished,
    input: &ComparisonInput<'_>,
    mut info: RunInfo,
    format: Format,
) -> Result<(), FolderError> {
    let dir = unfinished.making()?;
    info.phases.enter("tables");
    let names: Vec<&str> = input.options.iter().map(|option| option.name).collect();
    let table = options_compare(input.comparisons, &names, input.decision.map(|(decision, _)| decision));
    let digest = Digested::of(&table);
    write_tables(&dir.join("tables"), &[table], format)?;
    for option in &input.options {
        write_option(&dir.join(&option.folder), option)?;
    }
    put(&dir.join("comparison.json"), pretty(input.object).as_bytes())?;
    let mut figures: Vec<_> = input.decision.and_then(|of| cost_vs_downtime(of.0, of.1)).into_iter().collect();
    if let [only] = input.comparisons {
        figures.extend(paired_differences(only));
    }
    write_figures(&dir.join("figures"), &figures)?;
    let run_info = serde_json::to_value(&info).expect("bug: run info has only string keys");
    put(&dir.join("run-info.json"), pretty(&run_info).as_bytes())?;
    put(&dir.join(MARK), pretty(&manifest(input, &digest)).as_bytes())?;
    unfinished.put_in_place()
}

fn write_option(dir: &Path, option: &Compared<'_>) -> Result<(), FolderError> {
    fs::create_dir_all(dir).map_err(at(dir))?;
    write_inputs(&dir.join("inputs"), option.inputs)?;
    put(&dir.join(SCENARIO), option.about.effective.as_bytes())
}

fn manifest(input: &ComparisonInput<'_>, table: &Digested) -> Value {
    let option = |option: &Compared<'_>| {
        json!({
            "name": option.name,
            "folder": option.folder,
            "scenario": option.about.scenario,
            "scenario_digest": blake3::hash(option.about.effective.as_bytes()).to_hex().to_string(),
        })
    };
    json!({
        "tool": "ninefold",
        "tool_version": env!("CARGO_PKG_VERSION"),
        "format_version": crate::manifest::FORMAT_VERSION,
        "comparison": input.options.iter().map(option).collect::<Vec<_>>(),
        "seed": input.seed,
        "replications": input.comparisons.first().map_or(0, |comparison| comparison.replications),
        "tables": {table.name: {"rows": table.rows, "blake3": table.blake3}},
    })
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
