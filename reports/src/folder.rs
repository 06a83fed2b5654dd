//! The run folder: written to a temporary sibling and renamed when complete, so that a run that fails leaves nothing.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::figures::{self, Figure};
use crate::input::{ReportInput, RunInfo};
use crate::manifest::Manifest;
use crate::report;
use crate::summary::Summary;
use crate::tables::{Format, Table, TableError, tables};

/// The file that marks a folder as a run folder.
const MARK: &str = "manifest.json";

/// Where and how to write.
#[derive(Clone, Copy, Debug)]
pub struct FolderOptions<'a> {
    /// The folder to make.
    pub dir: &'a Path,
    /// Format of the tables.
    pub format: Format,
    /// Replace a run folder that is there.
    pub force: bool,
    /// Draw figures and write `report.html`.
    pub report: bool,
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

/// A run folder could not be written; nothing was left behind.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// It exists, and `force` is not given.
    #[error("`{0}` exists; `--force` replaces a run folder")]
    Exists(PathBuf),
    /// It exists and is not a run folder, so that `force` does not replace it.
    #[error("`{0}` exists and holds no `manifest.json`: it is not a run folder and is not replaced")]
    NotARunFolder(PathBuf),
    /// It has no name of its own (`/`, `..`).
    #[error("`{0}` does not name a folder")]
    NoName(PathBuf),
    /// An input's name is not a plain file name.
    #[error("input `{0}` is not a plain file name")]
    InputName(String),
    /// The file system refused.
    #[error("`{path}` could not be written")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The reason.
        #[source]
        source: io::Error,
    },
    /// A table could not be written.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The report could not be written.
    #[error(transparent)]
    Report(#[from] report::ReportError),
}

/// Writes the run folder.
///
/// # Errors
/// [`FolderError`]; what was there before is there still, and no part of the folder is left (missing parents of it may
/// have been made).
pub fn write_folder(
    input: &ReportInput<'_>,
    info: &RunInfo,
    options: FolderOptions<'_>,
) -> Result<Written, FolderError> {
    let dir = options.dir;
    let sibling = Sibling::of(dir)?;
    refuse_existing(dir, options.force)?;
    make_parent(&sibling.new)?;
    let partial = Partial::create(&sibling.new)?;
    let written = fill(&partial.path, input, info, options)?;
    put_in_place(dir, &sibling, partial)?;
    Ok(written)
}

/// Whether [`write_folder`] could write `dir`: to be asked before the work that fills it.
///
/// # Errors
/// As [`write_folder`]; nothing is left behind but missing parents of it.
pub fn check_folder(dir: &Path, force: bool) -> Result<(), FolderError> {
    let sibling = Sibling::of(dir)?;
    refuse_existing(dir, force)?;
    make_parent(&sibling.new)?;
    Partial::create(&sibling.new).map(drop)
}

fn make_parent(dir: &Path) -> Result<(), FolderError> {
    let parent = dir.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(at(parent))
}

fn refuse_existing(dir: &Path, force: bool) -> Result<(), FolderError> {
    if fs::symlink_metadata(dir).is_err() {
        return Ok(());
    }
    if !force {
        return Err(FolderError::Exists(dir.to_owned()));
    }
    let empty = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_none());
    if empty || dir.join(MARK).is_file() { Ok(()) } else { Err(FolderError::NotARunFolder(dir.to_owned())) }
}

/// Names beside the folder, on the same file system, for the new content and for the old one while they change places.
struct Sibling {
    new: PathBuf,
    old: PathBuf,
}

impl Sibling {
    fn of(dir: &Path) -> Result<Self, FolderError> {
        let named = matches!(dir.components().next_back(), Some(Component::Normal(_)));
        let name = dir.file_name().filter(|_| named).ok_or_else(|| FolderError::NoName(dir.to_owned()))?;
        let beside = |word: &str| {
            let process = std::process::id();
            dir.with_file_name(format!(".{}.{word}-{process}", name.to_string_lossy()))
        };
        Ok(Self { new: beside("partial"), old: beside("replaced") })
    }
}

/// A folder that is removed unless it is put in place.
struct Partial {
    path: PathBuf,
}

impl Partial {
    fn create(path: &Path) -> Result<Self, FolderError> {
        if path.exists() {
            fs::remove_dir_all(path).map_err(at(path))?;
        }
        fs::create_dir(path).map_err(at(path))?;
        Ok(Self { path: path.to_owned() })
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Once renamed there is nothing to remove; a failure to clean up must not hide the failure that led here.
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn put_in_place(dir: &Path, sibling: &Sibling, partial: Partial) -> Result<(), FolderError> {
    let replaces = fs::symlink_metadata(dir).is_ok();
    if replaces {
        fs::rename(dir, &sibling.old).map_err(at(dir))?;
    }
    if let Err(source) = fs::rename(&partial.path, dir) {
        if replaces {
            let _ = fs::rename(&sibling.old, dir);
        }
        return Err(FolderError::Io { path: dir.to_owned(), source });
    }
    if replaces {
        fs::remove_dir_all(&sibling.old).map_err(at(&sibling.old))?;
    }
    Ok(())
}

fn fill(
    dir: &Path,
    input: &ReportInput<'_>,
    info: &RunInfo,
    options: FolderOptions<'_>,
) -> Result<Written, FolderError> {
    let tables = tables(input);
    write_tables(&dir.join("tables"), &tables, options.format)?;
    write_inputs(&dir.join("inputs"), input)?;
    put(&dir.join("scenario.yaml"), input.about.effective.as_bytes())?;
    put(&dir.join("summary.json"), Summary::of(input).to_json().as_bytes())?;
    let info = serde_json::to_string_pretty(info).expect("bug: run info has only string keys") + "\n";
    put(&dir.join("run-info.json"), info.as_bytes())?;
    let figures = if options.report { figures::figures(input) } else { Vec::new() };
    if options.report {
        write_figures(&dir.join("figures"), &figures)?;
        put(&dir.join("report.html"), report::html(input, &figures, options.format)?.as_bytes())?;
    }
    put(&dir.join(MARK), Manifest::of(input, &tables).to_json().as_bytes())?;
    Ok(Written { tables: tables.len(), figures: figures.len(), report: options.report })
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

fn write_inputs(dir: &Path, input: &ReportInput<'_>) -> Result<(), FolderError> {
    if input.inputs.is_empty() {
        return Ok(());
    }
    fs::create_dir(dir).map_err(at(dir))?;
    for file in input.inputs {
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

fn at(path: &Path) -> impl FnOnce(io::Error) -> FolderError {
    let path = path.to_owned();
    move |source| FolderError::Io { path, source }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
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

    fn options(dir: &Path) -> FolderOptions<'_> {
        FolderOptions { dir, format: Format::Parquet, force: false, report: true }
    }

    /// `GALLERY=DIR cargo test -p ninefold-reports gallery -- --ignored` writes the toy shop's folder to look at.
    #[test]
    #[ignore = "for eyes"]
    fn gallery() {
        let dir = PathBuf::from(std::env::var_os("GALLERY").unwrap()).join("shop");
        write_folder(&ToyShop::new().input(), &run_info(), FolderOptions { force: true, ..options(&dir) }).unwrap();
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
        let written = write_folder(&shop.input(), &run_info(), options(&place.join("run"))).unwrap();
        assert_eq!(names(&place), ["run"]);
        let expected =
            ["figures", "manifest.json", "report.html", "run-info.json", "scenario.yaml", "summary.json", "tables"];
        assert_eq!(names(&place.join("run")), expected);
        assert_eq!(names(&place.join("run/tables")).len(), written.tables);
        assert_eq!(names(&place.join("run/figures")).len(), written.figures);
    }

    #[test]
    fn what_is_there_is_refused_and_force_replaces_only_run_folders() {
        let place = place("force");
        let shop = ToyShop::new();
        let run = place.join("run");
        write_folder(&shop.input(), &run_info(), options(&run)).unwrap();
        fs::write(run.join("stale"), "").unwrap();
        assert!(matches!(write_folder(&shop.input(), &run_info(), options(&run)), Err(FolderError::Exists(_))));
        assert!(run.join("stale").exists());
        write_folder(&shop.input(), &run_info(), FolderOptions { force: true, ..options(&run) }).unwrap();
        assert!(!run.join("stale").exists());
        let precious = place.join("home");
        fs::create_dir(&precious).unwrap();
        fs::write(precious.join("thesis.tex"), "").unwrap();
        let refused = write_folder(&shop.input(), &run_info(), FolderOptions { force: true, ..options(&precious) });
        assert!(matches!(refused, Err(FolderError::NotARunFolder(_))));
        assert_eq!(names(&precious), ["thesis.tex"]);
        assert_eq!(names(&place), ["home", "run"]);
    }

    #[test]
    fn nothing_is_left_after_a_failure() {
        let place = place("failure");
        let mut shop = ToyShop::new();
        shop.inputs.push(InputFile { name: "../escape.csv".into(), bytes: vec![] });
        let failed = write_folder(&shop.input(), &run_info(), options(&place.join("run")));
        assert!(matches!(failed, Err(FolderError::InputName(_))));
        assert_eq!(names(&place), [""; 0]);
    }

    #[test]
    fn a_folder_without_a_name_is_refused() {
        let shop = ToyShop::new();
        for dir in ["/", "..", "."] {
            let refused = write_folder(&shop.input(), &run_info(), options(Path::new(dir)));
            assert!(matches!(refused, Err(FolderError::NoName(_))), "{dir}");
        }
    }
}
