//! The run folder: made in a temporary sibling and renamed when complete, so that a run that fails or is killed leaves
//! none, only what it can go on from.

mod comparison;
mod error;
mod forecast;
mod origin;
mod replay;
mod rightsizing;
mod spool;
mod unfinished;

use std::fs;
use std::path::{Component, Path};

use crate::feeds::{Feeds, failover_lines};
use crate::figures::{self, Figure};
use crate::input::{InputFile, ReportInput, RunInfo};
use crate::manifest::Manifest;
use crate::report;
use crate::story::json_lines;
use crate::summary::Summary;
use crate::tables::{Digested, Format, Spooled, Table, replications, tables};
use error::at;

pub use comparison::{Compared, ComparisonInput, write_comparison};
pub use error::FolderError;
pub use forecast::write_forecast;
pub use origin::{Origin, Typed, Wanted, read_file, scenario_file};
pub use replay::{ReplayInput, write_replay};
pub use rightsizing::write_rightsizing;
pub use spool::{ROWS, Spool, check as check_spool};
pub use unfinished::Unfinished;

/// The file that marks a folder as a run folder.
const MARK: &str = "manifest.json";

/// The file that holds what was counted, of an unfinished run or of a shard.
pub const TALLIES: &str = "tallies.ninefold";

/// The effective scenario.
const SCENARIO: &str = "scenario.yaml";

/// What to write.
#[derive(Clone, Copy, Debug)]
pub struct FolderOptions<'a> {
    /// Format of the tables.
    pub format: Format,
    /// Draw figures and write `report.html`.
    pub report: bool,
    /// What the table `replications` is made from, if it is written.
    pub replications: Option<Spooled<'a>>,
    /// What is written line by line.
    pub feeds: Feeds<'a>,
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// Number of tables.
    pub tables: usize,
    /// Number of figures.
    pub figures: usize,
    /// `report.html` is there.
    pub report: bool,
}

/// Writes the run folder that `unfinished` is to become, and puts it in place; what is in `unfinished` stays.
///
/// # Errors
/// [`FolderError`]; what was there before is there still, and no part of the folder is in its place.
pub fn write_folder(
    unfinished: &Unfinished,
    input: &ReportInput<'_>,
    info: RunInfo,
    options: FolderOptions<'_>,
) -> Result<Written, FolderError> {
    let written = fill(&unfinished.making()?, input, info, options)?;
    unfinished.put_in_place()?;
    Ok(written)
}

fn fill(
    dir: &Path,
    input: &ReportInput<'_>,
    mut info: RunInfo,
    options: FolderOptions<'_>,
) -> Result<Written, FolderError> {
    info.phases.enter("tables");
    let tables = tables(input);
    write_tables(&dir.join("tables"), &tables, options.format)?;
    let mut digests: Vec<Digested> = tables.iter().map(Digested::of).collect();
    if let Some(spooled) = options.replications {
        digests.push(write_replications(&dir.join("tables"), spooled, input)?);
    }
    write_feeds(&dir.join("feeds"), options.feeds, input)?;
    write_inputs(&dir.join("inputs"), input.inputs)?;
    put(&dir.join(SCENARIO), input.about.effective.as_bytes())?;
    put(&dir.join("summary.json"), Summary::of(input).to_json().as_bytes())?;
    info.phases.enter("figures");
    let figures = if options.report { figures::figures(input) } else { Vec::new() };
    if options.report {
        write_figures(&dir.join("figures"), &figures)?;
        info.phases.enter("report");
        put(&dir.join("report.html"), report::html(input, &figures, options.format)?.as_bytes())?;
    }
    info.wall_s = info.phases.seconds();
    let info = serde_json::to_string_pretty(&info).expect("bug: run info has only string keys") + "\n";
    put(&dir.join("run-info.json"), info.as_bytes())?;
    put(&dir.join(MARK), Manifest::of(input, &digests).to_json().as_bytes())?;
    Ok(Written { tables: digests.len(), figures: figures.len(), report: options.report })
}

fn write_tables(dir: &Path, tables: &[Table], format: Format) -> Result<(), FolderError> {
    fs::create_dir(dir).map_err(at(dir))?;
    for table in tables {
        let path = dir.join(format!("{}.{}", table.name, format.extension()));
        let mut file = fs::File::create(&path).map_err(at(&path))?;
        table.write(format, &mut file)?;
    }
    Ok(())
}

fn write_replications(dir: &Path, spooled: Spooled<'_>, input: &ReportInput<'_>) -> Result<Digested, FolderError> {
    let path = dir.join(format!("{}.{}", replications::NAME, Format::Parquet.extension()));
    let file = fs::File::create(&path).map_err(at(&path))?;
    Ok(replications::write(spooled, input.results.outcome.replications, file)?)
}

fn write_feeds(dir: &Path, feeds: Feeds<'_>, input: &ReportInput<'_>) -> Result<(), FolderError> {
    let incidents = feeds.incident_events.then(|| ("incident_events", json_lines(&input.results.incident_events)));
    let failovers = feeds.failover_status.map(|rows| ("failover_status", failover_lines(rows)));
    let written: Vec<(&str, String)> = incidents.into_iter().chain(failovers).collect();
    if !written.is_empty() {
        fs::create_dir(dir).map_err(at(dir))?;
    }
    for (name, lines) in written {
        put(&dir.join(format!("{name}.jsonl")), lines.as_bytes())?;
    }
    Ok(())
}

fn write_inputs(dir: &Path, inputs: &[InputFile]) -> Result<(), FolderError> {
    if inputs.is_empty() {
        return Ok(());
    }
    fs::create_dir(dir).map_err(at(dir))?;
    for file in inputs {
        let mut parts = Path::new(&file.name).components();
        if !matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None)) {
            return Err(FolderError::InputName(file.name.clone()));
        }
        put(&dir.join(&file.name), &file.bytes)?;
    }
    Ok(())
}

fn write_figures(dir: &Path, figures: &[Figure]) -> Result<(), FolderError> {
    fs::create_dir(dir).map_err(at(dir))?;
    for figure in figures {
        put(&dir.join(format!("{}.svg", figure.name)), figure.svg.as_bytes())?;
    }
    Ok(())
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    fs::write(path, bytes).map_err(at(path))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::input::InputFile;
    use crate::toy_shop::{ToyShop, run_info};

    /// A fresh folder of a test's own, gone when the test ends.
    struct Place(PathBuf);

    impl Drop for Place {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    impl std::ops::Deref for Place {
        type Target = Path;
        fn deref(&self) -> &Path {
            &self.0
        }
    }

    fn place(test: &str) -> Place {
        let dir = std::env::temp_dir().join(format!("ninefold-reports-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        Place(dir)
    }

    const FEEDS: Feeds<'_> = Feeds { incident_events: false, failover_status: None };
    const OPTIONS: FolderOptions<'_> =
        FolderOptions { format: Format::Parquet, report: true, replications: None, feeds: FEEDS };

    fn write(shop: &ToyShop, dir: &Path, force: bool) -> Result<Written, FolderError> {
        let unfinished = Unfinished::begin(dir, force)?;
        write_folder(&unfinished, &shop.input(), run_info(), OPTIONS)
    }

    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(dir).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_run_folder_is_complete() {
        let place = place("complete");
        let shop = ToyShop::new();
        let written = write(&shop, &place.join("run"), false).unwrap();
        assert_eq!(names(&place), ["run"]);
        let expected =
            ["figures", "manifest.json", "report.html", "run-info.json", "scenario.yaml", "summary.json", "tables"];
        assert_eq!(names(&place.join("run")), expected);
        let info: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(place.join("run/run-info.json")).unwrap()).unwrap();
        let phases = info["phases"].as_array().unwrap();
        assert!(phases.iter().map(|phase| &phase["name"]).eq(["load", "tables", "figures", "report"]), "{info}");
        let sum: f64 = phases.iter().map(|phase| phase["seconds"].as_f64().unwrap()).sum();
        let wall = info["wall_s"].as_f64().unwrap();
        assert!(sum > 0.0 && wall > 0.0 && wall <= sum, "{info}");
        assert_eq!(names(&place.join("run/tables")).len(), written.tables);
        assert_eq!(names(&place.join("run/figures")).len(), written.figures);
    }

    #[test]
    fn what_is_there_is_refused_and_force_replaces_only_run_folders() {
        let place = place("force");
        let shop = ToyShop::new();
        let run = place.join("run");
        write(&shop, &run, false).unwrap();
        fs::write(run.join("stale"), "").unwrap();
        assert!(matches!(write(&shop, &run, false), Err(FolderError::Exists(_))));
        assert!(run.join("stale").exists());
        write(&shop, &run, true).unwrap();
        assert!(!run.join("stale").exists());
        let precious = place.join("home");
        fs::create_dir(&precious).unwrap();
        fs::write(precious.join("thesis.tex"), "").unwrap();
        let refused = write(&shop, &precious, true);
        assert!(matches!(refused, Err(FolderError::NotARunFolder(_))));
        assert_eq!(names(&precious), ["thesis.tex"]);
        assert_eq!(names(&place), ["home", "run"]);
    }

    #[test]
    fn nothing_is_left_after_a_failure() {
        let place = place("failure");
        let mut shop = ToyShop::new();
        shop.inputs.push(InputFile { name: "../escape.csv".into(), bytes: vec![] });
        let failed = write(&shop, &place.join("run"), false);
        assert!(matches!(failed, Err(FolderError::InputName(_))));
        assert_eq!(names(&place), [""; 0]);
    }

    #[test]
    fn a_folder_without_a_name_is_refused() {
        let shop = ToyShop::new();
        for dir in ["/", "..", "."] {
            let refused = write(&shop, Path::new(dir), false);
            assert!(matches!(refused, Err(FolderError::NoName(_))), "{dir}");
        }
    }
}
