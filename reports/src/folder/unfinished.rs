//! The folder beside a run folder while the run is not finished: `.NAME.unfinished`.
//!
//! It holds what the run needs to go on (its checkpoint) and, at the end, the run folder in the making, which is then
//! renamed into its place. So a process that is killed, at whatever moment, leaves no half run folder. Files that are
//! written over again are written beside, synced and renamed: there is always a whole one.

use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

use super::error::{FolderError, at, reading};
use super::{MARK, TALLIES, origin};

/// Locked by the process that is at work.
const LOCK: &str = "lock";

/// The run folder in the making.
const FOLDER: &str = "folder";

/// What was in the place of the run folder, while they change places.
const REPLACED: &str = "replaced";

/// A run folder, or a shard, that is not finished. Dropped, it goes away unless something was counted.
#[derive(Debug)]
pub struct Unfinished {
    /// What it will be.
    dir: PathBuf,
    path: PathBuf,
    lock: File,
}

impl Unfinished {
    /// Begins one for `dir`; `force` gives up what is there: a run folder, or a run that is not finished.
    ///
    /// # Errors
    /// [`FolderError`] if `dir` cannot be written or must not be replaced. Missing parents of it are made.
    pub fn begin(dir: &Path, force: bool) -> Result<Self, FolderError> {
        let path = beside(dir)?;
        refuse_existing(dir, force)?;
        let parent = dir.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(at(parent))?;
        fs::create_dir_all(&path).map_err(at(&path))?;
        let unfinished = Self { lock: lock(dir, &path)?, dir: dir.to_owned(), path };
        if unfinished.has_tallies() {
            if !force {
                return Err(FolderError::Unfinished(dir.to_owned()));
            }
            remove(&unfinished.path(TALLIES))?;
        }
        for entry in fs::read_dir(&unfinished.path).map_err(reading(&unfinished.path))? {
            let entry = entry.map_err(reading(&unfinished.path))?;
            if entry.file_name() != LOCK {
                remove(&entry.path())?;
            }
        }
        Ok(unfinished)
    }

    /// Takes up the one that was left for `dir`.
    ///
    /// # Errors
    /// [`FolderError::NothingToResume`] if there is none, [`FolderError::Busy`] if somebody is at it.
    pub fn take_up(dir: &Path) -> Result<Self, FolderError> {
        let path = beside(dir)?;
        if !path.join(origin::FILE).exists() {
            return Err(FolderError::NothingToResume(dir.to_owned()));
        }
        refuse_existing(dir, true)?;
        Ok(Self { lock: lock(dir, &path)?, dir: dir.to_owned(), path })
    }

    /// The folder it will be.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Whether something was counted.
    pub fn has_tallies(&self) -> bool {
        self.path(TALLIES).exists()
    }

    /// A file in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Puts `bytes` into a file of it, whole or not at all.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
        let path = self.path(name);
        let new = self.path(&format!("{name}.new"));
        let mut file = File::create(&new).map_err(at(&new))?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(at(&new))?;
        fs::rename(&new, &path).map_err(at(&path))?;
        sync(&self.path)
    }

    /// An empty folder for the run folder in the making.
    pub(super) fn making(&self) -> Result<PathBuf, FolderError> {
        let path = self.path(FOLDER);
        remove(&path)?;
        fs::create_dir(&path).map_err(at(&path))?;
        Ok(path)
    }

    /// Puts the run folder in the making into its place.
    pub(super) fn put_in_place(&self) -> Result<(), FolderError> {
        let (dir, old) = (&self.dir, self.path(REPLACED));
        remove(&old)?;
        let replaces = fs::symlink_metadata(dir).is_ok();
        if replaces {
            fs::rename(dir, &old).map_err(at(dir))?;
        }
        if let Err(source) = fs::rename(self.path(FOLDER), dir) {
            if replaces {
                let _ = fs::rename(&old, dir);
            }
            return Err(FolderError::Io { path: dir.clone(), source });
        }
        remove(&old)?;
        sync(dir.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")))
    }

    /// Makes it the folder itself: a shard is the checkpoint of a run of which all is counted.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn become_shard(self) -> Result<(), FolderError> {
        let (dir, old) = (&self.dir, self.path(REPLACED));
        if fs::symlink_metadata(dir).is_ok() {
            fs::rename(dir, &old).map_err(at(dir))?;
        }
        remove(&old)?;
        remove(&self.path(LOCK))?;
        fs::rename(&self.path, dir).map_err(at(dir))
    }

    /// Takes it away: the run is finished, or cannot be.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn discard(self) -> Result<(), FolderError> {
        remove(&self.path)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        // A failure to clean up must not hide the failure that led here.
        if !self.has_tallies() && !self.path(REPLACED).exists() {
            let _ = fs::remove_dir_all(&self.path);
        }
        let _ = self.lock.unlock();
    }
}

/// `.NAME.unfinished`, on the same file system.
pub(super) fn beside(dir: &Path) -> Result<PathBuf, FolderError> {
    let named = matches!(dir.components().next_back(), Some(Component::Normal(_)));
    let name = dir.file_name().filter(|_| named).ok_or_else(|| FolderError::NoName(dir.to_owned()))?;
    Ok(dir.with_file_name(format!(".{}.unfinished", name.to_string_lossy())))
}

fn refuse_existing(dir: &Path, force: bool) -> Result<(), FolderError> {
    if fs::symlink_metadata(dir).is_err() {
        return Ok(());
    }
    if !force {
        return Err(FolderError::Exists(dir.to_owned()));
    }
    let empty = fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_none());
    let ours = || [MARK, TALLIES].iter().any(|mark| dir.join(mark).is_file());
    if empty || ours() { Ok(()) } else { Err(FolderError::NotARunFolder(dir.to_owned())) }
}

fn lock(dir: &Path, path: &Path) -> Result<File, FolderError> {
    let path = path.join(LOCK);
    let file = File::create(&path).map_err(at(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(FolderError::Busy(dir.to_owned())),
        // A file system without locks cannot tell.
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(file),
        Err(TryLockError::Error(source)) => Err(FolderError::Io { path, source }),
    }
}

/// Removes a file or a folder, if it is there.
fn remove(path: &Path) -> Result<(), FolderError> {
    let Ok(found) = fs::symlink_metadata(path) else { return Ok(()) };
    let removed = if found.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    removed.map_err(at(path))
}

/// Renames in a folder last once the folder is synced, where a folder can be.
fn sync(folder: &Path) -> Result<(), FolderError> {
    if cfg!(unix) {
        let opened = File::open(folder).and_then(|folder| folder.sync_all());
        opened.map_err(at(folder))?;
    }
    Ok(())
}
