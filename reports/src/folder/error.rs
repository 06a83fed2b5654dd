//! Why a run folder cannot be written, or an unfinished one not be gone on with.

use std::io;
use std::path::{Path, PathBuf};

use ninefold_models::snapshot::SnapshotError;

use crate::report::ReportError;
use crate::tables::TableError;

/// A run folder could not be written or read; what was there before is there still.
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
    /// A run that would fill it is not finished, and `force` is not given.
    #[error("a run for `{0}` is not finished: `ninefold run --resume {0}` goes on with it, `--force` begins anew")]
    Unfinished(PathBuf),
    /// There is no run for it that is not finished.
    #[error("there is no unfinished run for `{0}`")]
    NothingToResume(PathBuf),
    /// Another process fills it now.
    #[error("another ninefold is at work on `{0}`")]
    Busy(PathBuf),
    /// It is no shard that is done.
    #[error("`{0}` is no shard of a run: it holds no `{name}`", name = super::TALLIES)]
    NotAShard(PathBuf),
    /// A shard that is not done.
    #[error("shard `{0}` is not finished: `ninefold run --resume {0}` goes on with it")]
    UnfinishedShard(PathBuf),
    /// Something kept cannot be used.
    #[error("`{path}` {reason}")]
    Snapshot {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: SnapshotError,
    },
    /// An input's name is not a plain file name.
    #[error("input `{0}` is not a plain file name")]
    InputName(String),
    /// The file system refused to take a file.
    #[error("`{path}` could not be written")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The reason.
        #[source]
        source: io::Error,
    },
    /// The file system refused to give a file.
    #[error("`{path}` could not be read")]
    Read {
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
    Report(#[from] ReportError),
}

/// The error of writing `path`.
pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> FolderError {
    let path = path.to_owned();
    move |source| FolderError::Io { path, source }
}

/// The error of reading `path`.
pub(super) fn reading(path: &Path) -> impl FnOnce(io::Error) -> FolderError {
    let path = path.to_owned();
    move |source| FolderError::Read { path, source }
}

/// The error of using what `path` holds.
pub(super) fn using(path: &Path) -> impl FnOnce(SnapshotError) -> FolderError {
    let path = path.to_owned();
    move |reason| FolderError::Snapshot { path, reason }
}
