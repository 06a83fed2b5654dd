//! `extends`: another file laid under this one, from the scenario's folder only.

use std::path::{Component, Path, PathBuf};

use super::overlay;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::schema::ROOT;
use crate::source::{Sources, Span};
use crate::yaml::{self, FILE_BYTES_MAX, Node};

/// Longest chain of `extends`.
const CHAIN_MAX: usize = 16;

/// The folder a scenario lives in: nothing outside it is read.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    /// As the user wrote it.
    pub(crate) shown: PathBuf,
    /// With symbolic links resolved.
    pub(crate) real: PathBuf,
}

impl Folder {
    /// The real path of `relative` in this folder, or the problem.
    pub(crate) fn resolve(&self, relative: &str, span: Span) -> Result<PathBuf, Box<Diagnostic>> {
        let path = Path::new(relative);
        let outside = |message: String| {
            Diagnostic::new(Code::OutsideFolder, message, span)
                .why("a scenario reads nothing outside its own folder, so that it can be handed on whole")
                .hint("put the file beside the scenario, or in a folder below it")
        };
        if path.components().any(|part| !matches!(part, Component::Normal(_) | Component::CurDir)) {
            return Err(outside(format!("`{relative}` leaves the scenario's folder")).into());
        }
        let real = self.real.join(path).canonicalize().map_err(|error| {
            Diagnostic::new(Code::Unreadable, format!("`{relative}` cannot be read: {}", reason(&error)), span)
                .hint("the path is taken from the folder of the scenario")
        })?;
        if real.starts_with(&self.real) {
            Ok(real)
        } else {
            Err(outside(format!("`{relative}` is a link that leaves the scenario's folder")).into())
        }
    }
}

/// Reads a text file within the limits.
pub(crate) fn read_bounded(path: &Path) -> Result<String, (Code, String)> {
    use std::io::Read;
    let unreadable = |error: &std::io::Error| (Code::Unreadable, format!("the file cannot be read: {}", reason(error)));
    let file = std::fs::File::open(path).map_err(|e| unreadable(&e))?;
    if file.metadata().map_err(|e| unreadable(&e))?.is_dir() {
        return Err((Code::Unreadable, "the file cannot be read: it is a folder".to_owned()));
    }
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(|e| unreadable(&e))?;
    if bytes.len() > FILE_BYTES_MAX {
        return Err((Code::Limit, format!("the file has more than {FILE_BYTES_MAX} bytes")));
    }
    match String::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => {
            Err((Code::NotText, "the file is not text: it holds a zero byte".to_owned()))
        }
        Ok(text) => Ok(text),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            Err((Code::NotText, format!("the file is not UTF-8: byte {at} does not belong there")))
        }
    }
}

/// The system's words without its error number, which differs between systems.
fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        kind => kind.to_string(),
    }
}

/// Lays `tree` on the files it extends, and says whether all of them could be read. `chain` holds the files on the way here, the tree's own first.
pub(crate) fn with_bases(
    tree: Node,
    folder: Option<&Folder>,
    mut chain: Vec<PathBuf>,
    reading: (&mut Sources, &mut Sink),
) -> (Node, bool) {
    let (sources, sink) = reading;
    let mut complete = true;
    let mut layers = vec![tree];
    while let Some(last) = layers.last() {
        let Some(node) = last.get("extends") else { break };
        let (Some(file), span) = (node.text(), node.span) else { break };
        match base(file, span, folder, &chain) {
            Ok((real, shown, text)) => {
                chain.push(real);
                let number = sources.add(shown, text);
                match yaml::parse(sources, number, sink) {
                    Some(node) => layers.push(node),
                    None => {
                        complete = false;
                        break;
                    }
                }
            }
            Err(problem) => {
                sink.push(*problem);
                complete = false;
                break;
            }
        }
    }
    let mut merged = layers.pop().expect("bug: the file itself is always there");
    while let Some(over) = layers.pop() {
        merged = overlay(merged, over, Some(&ROOT));
    }
    (merged, complete)
}

fn base(
    file: &str,
    span: Span,
    folder: Option<&Folder>,
    chain: &[PathBuf],
) -> Result<(PathBuf, String, String), Box<Diagnostic>> {
    let Some(folder) = folder else {
        return Err(Diagnostic::new(Code::OutsideFolder, "`extends` needs a scenario that lies in a folder", span)
            .why("text from standard input has no folder to look in")
            .hint("save the scenario to a file")
            .into());
    };
    let real = folder.resolve(file, span)?;
    if chain.contains(&real) {
        let way: Vec<String> = chain.iter().chain([&real]).map(|p| name(p)).collect();
        return Err(Diagnostic::new(Code::ExtendsCycle, "`extends` comes back to where it began", span)
            .label(way.join(" → "))
            .hint("let one of them stand alone")
            .into());
    }
    if chain.len() >= CHAIN_MAX {
        return Err(Diagnostic::new(Code::ExtendsCycle, format!("`extends` goes deeper than {CHAIN_MAX} files"), span)
            .hint("merge some of the files")
            .into());
    }
    let text =
        read_bounded(&real).map_err(|(code, message)| Diagnostic::new(code, format!("`{file}`: {message}"), span))?;
    Ok((real, folder.shown.join(file).display().to_string(), text))
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
