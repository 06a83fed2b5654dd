//! Finding and reading case files.

use std::path::{Path, PathBuf};

use super::case::Case;
use super::{json_case, toml_case};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Sink};
use crate::merge::read_bounded;
use crate::source::{Sources, Span};
use crate::yaml;

/// Most files of one call.
const FILES_MAX: usize = 10_000;

/// Folders within folders.
const DEPTH_MAX: usize = 16;

/// Cases that were found.
#[derive(Clone, Debug, Default)]
pub struct Suite {
    /// The cases, by file and place.
    pub cases: Vec<Case>,
    /// Files of the folders that end like case files and hold no case.
    pub without_cases: Vec<PathBuf>,
}

/// Reads the cases of files and folders; of a folder, those in its `.json` and `.toml` files and in the folders below it.
///
/// # Errors
/// Every problem found in them.
pub fn read(paths: &[PathBuf]) -> Result<Suite, Diagnostics> {
    let mut reading = Reading::default();
    for path in paths {
        reading.path(path);
    }
    reading.finish()
}

/// Reads the cases in the text of a case file; `name` is what messages call it.
///
/// # Errors
/// Every problem found in it.
pub fn read_text(name: &str, text: &str) -> Result<Suite, Diagnostics> {
    let mut reading = Reading::default();
    reading.text(Path::new(name), text.to_owned(), true);
    reading.finish()
}

#[derive(Default)]
struct Reading {
    suite: Suite,
    sources: Sources,
    sink: Sink,
    files: usize,
}

impl Reading {
    fn finish(self) -> Result<Suite, Diagnostics> {
        let (errors, _) = self.sink.finish(&self.sources);
        if errors.is_empty() { Ok(self.suite) } else { Err(errors) }
    }

    fn refuse(&mut self, path: &Path, code: Code, message: &str, hint: &str) {
        let file = self.sources.add(path.display().to_string(), "");
        self.sink.push(Diagnostic::new(code, message, Span::top(file)).hint(hint));
    }

    /// One path of the call.
    fn path(&mut self, path: &Path) {
        if !path.is_dir() {
            return self.file(path, true);
        }
        let (cases, without) = (self.suite.cases.len(), self.suite.without_cases.len());
        self.folder(path, 0);
        if self.suite.cases.len() == cases && self.suite.without_cases.len() == without && self.sink.len() == 0 {
            self.refuse(path, Code::Empty, "the folder holds no case file", "case files end in `.json` or `.toml`");
        }
    }

    fn folder(&mut self, folder: &Path, depth: usize) {
        if depth == DEPTH_MAX {
            return self.refuse(
                folder,
                Code::Limit,
                "folders are nested too deep",
                "name the folder of the cases itself",
            );
        }
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(_) => {
                return self.refuse(
                    folder,
                    Code::Unreadable,
                    "the folder cannot be read",
                    "check the path and its permissions",
                );
            }
        };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                self.folder(&path, depth + 1);
            } else if path.extension().is_some_and(|end| end == "json" || end == "toml") {
                self.file(&path, false);
            }
        }
    }

    /// One file; one that was named has to hold a case.
    fn file(&mut self, path: &Path, named: bool) {
        self.files += 1;
        if self.files > FILES_MAX {
            if self.files == FILES_MAX + 1 {
                let message = format!("more than {FILES_MAX} case files");
                self.refuse(path, Code::Limit, &message, "run them in several calls");
            }
            return;
        }
        match read_bounded(path) {
            Ok(text) => self.text(path, text, named),
            Err((code, message)) => self.refuse(path, code, &message, "check the path"),
        }
    }

    fn text(&mut self, path: &Path, text: String, named: bool) {
        let file = self.sources.add(path.display().to_string(), text.clone());
        if path.extension().is_some_and(|end| end == "toml") {
            match toml_case::case(path, &text, file) {
                Ok(case) => self.suite.cases.push(case),
                Err(problem) => self.sink.push(*problem),
            }
            return;
        }
        let Some(root) = yaml::parse(&self.sources, file, &mut self.sink) else {
            if self.sink.len() == 0 {
                self.refuse(path, Code::Missing, "the file is empty", "a case has `id`, `params` and `expected`");
            }
            return;
        };
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        match json_case::cases(
            &root,
            &json_case::About { stem: &stem, folder: path.parent().unwrap_or(path) },
            &mut self.sink,
        ) {
            Some(cases) => self.suite.cases.extend(cases),
            None if named => {
                let hint = "a case has `id`, `params` and `expected`";
                self.sink.push(Diagnostic::new(Code::Missing, "the file holds no case", Span::top(file)).hint(hint));
            }
            None => self.suite.without_cases.push(path.to_owned()),
        }
    }
}
