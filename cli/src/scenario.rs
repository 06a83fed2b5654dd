//! Reading scenarios: from a file or from standard input, with their problems shown.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::Context;
use ninefold_models::assess::refuse;
use ninefold_models::plan::Plan;
use ninefold_models::system::System;
use ninefold_reports::InputFile;
use ninefold_reports::tables::{FitRow, fit_rows};
use ninefold_scenarios::options::BASELINE;
use ninefold_scenarios::{Diagnostics, LoadOptions, Loaded, load_file, load_text};

use crate::message::Messages;

/// Most bytes taken from standard input; the loader's own limit is far below.
const INPUT_BYTES_MAX: u64 = 64 << 20;

/// Loads a scenario; `-` is standard input.
pub(crate) fn load(file: &Path, set: &[String]) -> anyhow::Result<Result<Loaded, Diagnostics>> {
    let options = LoadOptions { set: set.to_vec() };
    if file != Path::new("-") {
        return Ok(load_file(file, &options));
    }
    Ok(load_text("<stdin>", &standard_input()?, &options))
}

/// All of standard input.
pub(crate) fn standard_input() -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    let input = std::io::stdin().lock();
    input.take(INPUT_BYTES_MAX).read_to_end(&mut bytes).context("standard input cannot be read")?;
    String::from_utf8(bytes).context("standard input is not UTF-8 text")
}

/// Loads a scenario and shows its warnings, or its problems: then there is none.
pub(crate) fn load_or_show(file: &Path, set: &[String], messages: &Messages) -> anyhow::Result<Option<Loaded>> {
    match load(file, set)? {
        Ok(loaded) => {
            messages.show(&loaded.warnings);
            Ok(Some(loaded))
        }
        Err(errors) => {
            messages.refuse(&errors);
            Ok(None)
        }
    }
}

/// Loads a scenario with one of its options, if one is named, as [`load_or_show`] does.
pub(crate) fn load_option_or_show(
    (file, option): (&Path, Option<&str>),
    set: &[String],
    messages: &Messages,
) -> anyhow::Result<Option<Loaded>> {
    let Some(name) = option.filter(|name| *name != BASELINE) else { return load_or_show(file, set, messages) };
    // What is wrong without the option is no problem of it.
    let baseline = match load(file, set)? {
        Ok(baseline) => baseline,
        Err(errors) => {
            messages.refuse(&errors);
            return Ok(None);
        }
    };
    match with_option(&baseline, (file, name))? {
        Ok(loaded) => {
            messages.show(&loaded.warnings);
            Ok(Some(loaded))
        }
        Err(errors) => {
            messages.refuse(&errors);
            Ok(None)
        }
    }
}

/// A scenario with the option `name`.
pub(crate) fn with_option(
    baseline: &Loaded,
    (file, name): (&Path, &str),
) -> anyhow::Result<Result<Loaded, Diagnostics>> {
    baseline
        .options
        .load(name)
        .with_context(|| format!("`{}` has no option `{name}`; {}", file.display(), baseline.options.suggestion(name)))
}

/// `FILE#OPTION` taken apart, unless there is a file of that very name.
pub(crate) fn file_and_option(named: &Path) -> (PathBuf, Option<String>) {
    match named.to_str().and_then(|text| text.rsplit_once('#')) {
        Some((file, option)) if !named.exists() && !option.is_empty() => (PathBuf::from(file), Some(option.to_owned())),
        _ => (named.to_owned(), None),
    }
}

/// The system of a scenario.
pub(crate) fn compile(loaded: &Loaded) -> anyhow::Result<System> {
    System::build(loaded.spec.clone()).with_context(|| format!("`{}` cannot be built", loaded.about.scenario))
}

/// The system with the parameter draws that the scenario asks for, under the seed of the run, or the problems of a draw.
pub(crate) fn compile_drawn(loaded: &Loaded, seed: u64) -> anyhow::Result<Result<System, Diagnostics>> {
    let system = compile(loaded)?;
    let unbuilt = || format!("the draws of `{}` cannot be built", loaded.about.scenario);
    system.refuse_draws(loaded.draws.count() as usize).with_context(unbuilt)?;
    let draws = match loaded.draws.specs(seed) {
        Ok(draws) => draws,
        Err(errors) => return Ok(Err(errors)),
    };
    Ok(Ok(system.with_draws(draws).with_context(unbuilt)?))
}

/// The system that a run as `plan` says is of, or the problems of a draw. What the run would refuse before its first
/// replication is refused here, for `run` and `check` alike.
pub(crate) fn ready(loaded: &Loaded, plan: &Plan) -> anyhow::Result<Result<System, Diagnostics>> {
    let compiled = compile_drawn(loaded, plan.seed)?;
    if let Ok(system) = &compiled {
        refuse(system, plan)?;
    }
    Ok(compiled)
}

/// The files that the effective scenario finds in `inputs/`.
pub(crate) fn inputs(loaded: &Loaded) -> Vec<InputFile> {
    let file = |(path, bytes): &(String, Vec<u8>)| InputFile {
        name: path.strip_prefix("inputs/").unwrap_or(path).to_owned(),
        bytes: bytes.clone(),
    };
    loaded.inputs.iter().map(file).collect()
}

/// The rows of the table `fits`.
pub(crate) fn fits(loaded: &Loaded) -> Vec<FitRow> {
    let mut rows = Vec::new();
    for fitted in &loaded.fits {
        for mut row in fit_rows(&fitted.record, &fitted.column, "h", &fitted.ranking) {
            row.chosen = row.family == fitted.chosen.name();
            rows.push(row);
        }
    }
    rows
}
