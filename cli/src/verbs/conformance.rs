//! `ninefold conformance PATH…`: cases with known answers, a line for each known value and engine, and counts.

use std::path::{Path, PathBuf};

use ninefold_scenarios::conformance::{Case, Counts, Judged, Row, Suite, judge, read};
use serde_json::{Value, json};

use crate::args::ConformanceArgs;
use crate::exit::Exit;
use crate::message::Messages;
use crate::output;

/// The suite that is meant where no path is given, in the source tree.
const OWN_SUITE: &str = "scenarios/validation";

/// Judges cases and prints what came out.
pub(crate) fn conformance(args: &ConformanceArgs, messages: &Messages) -> anyhow::Result<Exit> {
    let suite = match read(&paths(args)?) {
        Ok(suite) => suite,
        Err(errors) => {
            if args.json {
                output::print_json(&json!({"schema": 1, "ok": false, "errors": errors.to_json()}))?;
            } else {
                messages.refuse(&errors);
            }
            return Ok(Exit::Usage);
        }
    };
    let (mut rows, mut objects) = (Vec::new(), Vec::new());
    if !args.json {
        output::print(&header())?;
    }
    for case in &suite.cases {
        let judged = judge(case);
        keep(args, &judged)?;
        if args.json {
            objects.extend(judged.rows.iter().map(Row::to_json));
        } else {
            output::print(&judged.rows.iter().map(line).collect::<String>())?;
        }
        rows.extend(judged.rows);
    }
    let counts = Counts::of(&rows);
    if args.json {
        output::print_json(&object(&suite, counts, objects))?;
    } else {
        output::print(&summary(&suite, counts))?;
    }
    Ok(match (counts.failed, counts.not_supported) {
        (0, 0) => Exit::Done,
        (0, _) if args.strict => Exit::Unproven,
        (0, _) => Exit::Done,
        _ => Exit::NotMet,
    })
}

/// What is to be read.
fn paths(args: &ConformanceArgs) -> anyhow::Result<Vec<PathBuf>> {
    if !args.paths.is_empty() {
        return Ok(args.paths.clone());
    }
    if Path::new(OWN_SUITE).is_dir() {
        return Ok(vec![OWN_SUITE.into()]);
    }
    anyhow::bail!("there is no `{OWN_SUITE}` here: name case files, or folders of them")
}

fn keep(args: &ConformanceArgs, judged: &Judged) -> anyhow::Result<()> {
    let Some(folder) = &args.keep else { return Ok(()) };
    for (name, text) in &judged.scenarios {
        let path = folder.join(name);
        output::refuse_replacing(&path, text, args.force)?;
        output::put(&path, text)?;
    }
    Ok(())
}

/// The columns of a line; what is longer runs over.
fn columns(parts: [&str; 8]) -> String {
    let [case, family, measure, engine, expected, got, error, verdict] = parts;
    let line =
        format!("{case:<32} {family:<8} {measure:<36} {engine:<10} {expected:>16} {got:>16} {error:>8}  {verdict}");
    format!("{}\n", line.trim_end())
}

fn header() -> String {
    columns(["case", "family", "measure", "engine", "expected", "got", "error", "verdict"])
}

fn line(row: &Row) -> String {
    let engine = row.engine.map_or("-", ninefold_scenarios::conformance::Engine::name);
    let note = if row.note.is_empty() { String::new() } else { format!(": {}", row.note) };
    let verdict = format!("{}{note}", row.verdict.name());
    let (expected, got, distance) = (row.expected_text(), row.got_shown(), row.distance_text());
    columns([&row.case, &row.family, &row.measure, engine, &expected, &got, &distance, &verdict])
}

fn summary(suite: &Suite, counts: Counts) -> String {
    let Counts { passed, failed, not_supported } = counts;
    let answers: usize = suite.cases.iter().map(Case::answers).sum();
    let without = match suite.without_cases.len() {
        0 => String::new(),
        _ => format!("; without cases: {}", names(&suite.without_cases).join(", ")),
    };
    format!(
        "{} cases with {answers} known values; by engine: {passed} passed, {failed} failed, {not_supported} not supported{without}\n",
        suite.cases.len()
    )
}

fn names(paths: &[PathBuf]) -> Vec<String> {
    paths.iter().map(|path| path.display().to_string()).collect()
}

fn object(suite: &Suite, counts: Counts, rows: Vec<Value>) -> Value {
    json!({
        "schema": 1,
        "ok": counts.failed == 0,
        "cases": suite.cases.len(),
        "counts": counts.to_json(),
        "without_cases": names(&suite.without_cases),
        "rows": rows,
    })
}
