//! Writes the list of the library's files, so that a scenario added to the folder is in the binary without further ado.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let library = here.join("../scenarios/library");
    let mut list = String::from("&[\n");
    for folder in ["", "records"] {
        let folder_path = library.join(folder);
        println!("cargo::rerun-if-changed={}", folder_path.display());
        for path in files(&folder_path)? {
            println!("cargo::rerun-if-changed={}", path.display());
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let relative = if folder.is_empty() { name.into_owned() } else { format!("{folder}/{name}") };
            let _ = writeln!(list, "    ({relative:?}, include_bytes!({:?})),", path.display().to_string());
        }
    }
    list.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("library.rs"), list)
}

/// Scenarios and records of a folder, by name.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let known = ["yaml", "csv", "parquet"];
        if path.extension().and_then(|e| e.to_str()).is_some_and(|e| known.contains(&e)) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
