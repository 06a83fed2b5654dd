//! Rows that are per replication, put aside on disk while the run goes on: they become a table at its end, and memory
//! does not grow with them. The bytes are those of `ninefold_models::metric::per_replication`.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use ninefold_models::snapshot::SnapshotError;

use super::error::{FolderError, at, reading, using};

/// The file of a spool.
pub const ROWS: &str = "rows.ninefold";

/// Bytes of a mark: length and checksum.
const MARK_BYTES: usize = 8 + blake3::OUT_LEN;

/// Bytes held before they are written.
const BUFFER: usize = 1 << 16;

/// A spool that is written.
#[derive(Debug)]
pub struct Spool {
    path: PathBuf,
    file: BufWriter<File>,
    hasher: blake3::Hasher,
    length: u64,
}

impl Spool {
    /// An empty one.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn create(path: &Path) -> Result<Self, FolderError> {
        let file = BufWriter::with_capacity(BUFFER, File::create(path).map_err(at(path))?);
        Ok(Self { path: path.to_owned(), file, hasher: blake3::Hasher::new(), length: 0 })
    }

    /// The one in `path` as it was when it was marked so; what came later is cut off.
    ///
    /// # Errors
    /// [`FolderError::Snapshot`] if what was there then is not there still.
    pub fn take_up(path: &Path, mark: &[u8]) -> Result<Self, FolderError> {
        let (length, hasher) = check(path, mark)?;
        let mut file = OpenOptions::new().write(true).open(path).map_err(at(path))?;
        file.set_len(length).and_then(|()| file.seek(SeekFrom::End(0)).map(|_| ())).map_err(at(path))?;
        Ok(Self { path: path.to_owned(), file: BufWriter::with_capacity(BUFFER, file), hasher, length })
    }

    /// Adds rows.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn append(&mut self, rows: &[u8]) -> Result<(), FolderError> {
        self.file.write_all(rows).map_err(at(&self.path))?;
        self.hasher.update(rows);
        self.length += rows.len() as u64;
        Ok(())
    }

    /// Makes sure that all rows are on disk; the mark tells how many there were, and which.
    ///
    /// # Errors
    /// [`FolderError::Io`].
    pub fn mark(&mut self) -> Result<Vec<u8>, FolderError> {
        self.file.flush().and_then(|()| self.file.get_ref().sync_data()).map_err(at(&self.path))?;
        Ok([&self.length.to_le_bytes()[..], self.hasher.finalize().as_bytes()].concat())
    }
}

/// Whether the spool in `path` holds what it held when it was marked; returns the length then, and its hasher.
///
/// # Errors
/// [`FolderError::Snapshot`] if it does not.
pub fn check(path: &Path, mark: &[u8]) -> Result<(u64, blake3::Hasher), FolderError> {
    let no_mark = || using(path)(SnapshotError::Undecodable("nothing says how many rows were kept"));
    let mark = <&[u8; MARK_BYTES]>::try_from(mark).map_err(|_| no_mark())?;
    let (length, checksum) = mark.split_at(8);
    let expected = u64::from_le_bytes(length.try_into().expect("bug: split there"));
    let file = File::open(path).map_err(reading(path))?;
    let found = file.metadata().map_err(reading(path))?.len();
    if found < expected {
        return Err(using(path)(SnapshotError::Truncated { expected, found }));
    }
    let mut hasher = blake3::Hasher::new();
    let mut marked = BufReader::with_capacity(BUFFER, file).take(expected);
    std::io::copy(&mut marked, &mut hasher).map_err(reading(path))?;
    if hasher.finalize().as_bytes() != checksum {
        return Err(using(path)(SnapshotError::Damaged));
    }
    Ok((expected, hasher))
}
