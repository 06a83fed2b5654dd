//! Reading a record file, within limits, from where it is allowed to lie.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::table::Table;
use super::{RecordError, csv};

/// Largest file, in bytes.
pub const FILE_BYTES_MAX: u64 = 256 << 20;

/// The bytes every Parquet file starts and ends with.
pub(super) const PARQUET_MAGIC: &[u8] = b"PAR1";

/// Most rows.
pub const ROWS_MAX: usize = 10_000_000;

/// Most columns.
pub const COLUMNS_MAX: usize = 2_000;

/// Reads a CSV or Parquet file; which of the two it is, its first bytes tell, not its name.
///
/// # Errors
/// [`RecordError`].
pub fn read_table(path: &Path) -> Result<Table, RecordError> {
    table_of(&read_bytes(path)?)
}

/// As [`read_table`], with the BLAKE3 digest of the file.
pub(crate) fn read_with_digest(path: &Path) -> Result<(Table, String), RecordError> {
    let bytes = read_bytes(path)?;
    Ok((table_of(&bytes)?, blake3::hash(&bytes).to_hex().to_string()))
}

pub(super) fn check_columns(found: usize) -> Result<(), RecordError> {
    if found > COLUMNS_MAX { Err(RecordError::TooManyColumns { found, limit: COLUMNS_MAX }) } else { Ok(()) }
}

pub(super) fn table_of(bytes: &[u8]) -> Result<Table, RecordError> {
    if bytes.starts_with(PARQUET_MAGIC) { parquet_of(bytes) } else { csv::read(bytes, ROWS_MAX) }
}

#[cfg(feature = "records")]
fn parquet_of(bytes: &[u8]) -> Result<Table, RecordError> {
    super::parquet::read(bytes, ROWS_MAX)
}

#[cfg(not(feature = "records"))]
fn parquet_of(_: &[u8]) -> Result<Table, RecordError> {
    Err(RecordError::Parquet("this build reads CSV alone".to_owned()))
}

pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>, RecordError> {
    let refused = |reason: String| RecordError::Unreadable { path: path.to_owned(), reason };
    let meta = fs::metadata(path).map_err(|e| refused(e.to_string()))?;
    if !meta.is_file() {
        return Err(refused("it is not a file".to_owned()));
    }
    if meta.len() > FILE_BYTES_MAX {
        return Err(RecordError::TooLarge { path: path.to_owned(), bytes: meta.len(), limit: FILE_BYTES_MAX });
    }
    fs::read(path).map_err(|e| refused(e.to_string()))
}

/// The path of a scenario's record file: relative, inside `folder`, also after following symbolic links.
///
/// # Errors
/// [`RecordError::Outside`], [`RecordError::Unreadable`].
pub fn inside(folder: &Path, file: &str) -> Result<PathBuf, RecordError> {
    let outside = |reason: &'static str| RecordError::Outside { file: file.to_owned(), reason };
    for part in Path::new(file).components() {
        match part {
            Component::Normal(_) | Component::CurDir => {}
            Component::ParentDir => return Err(outside("it goes up by `..`")),
            Component::RootDir | Component::Prefix(_) => return Err(outside("the path is absolute")),
        }
    }
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let path = folder.join(file);
    let real = |p: &Path| {
        fs::canonicalize(p).map_err(|e| RecordError::Unreadable { path: p.to_owned(), reason: e.to_string() })
    };
    if real(&path)?.starts_with(real(folder)?) { Ok(path) } else { Err(outside("a symbolic link leads out of it")) }
}
