//! Writing the answer to stdout, and files of our own making.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;

/// Writes text to stdout. A reader that has gone away (`| head`) has what it wanted: no error.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("the answer could not be written"),
    }
}

/// Writes one JSON object, indented, to stdout.
pub(crate) fn print_json(value: &serde_json::Value) -> anyhow::Result<()> {
    print(&format!("{value:#}\n"))
}

/// Refuses to replace a file that is there and differs, unless `force`.
pub(crate) fn refuse_replacing(path: &Path, text: &str, force: bool) -> anyhow::Result<()> {
    let there = fs::symlink_metadata(path).is_ok();
    if force || !there || fs::read(path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(());
    }
    anyhow::bail!("`{}` exists; `--force` replaces it", path.display())
}

/// Writes a file, and the folders it is in.
pub(crate) fn put(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(parent) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        fs::create_dir_all(parent).with_context(|| format!("`{}` could not be made", parent.display()))?;
    }
    fs::write(path, text).with_context(|| format!("`{}` could not be written", path.display()))
}
