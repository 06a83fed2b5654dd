//! The reference page of the tables, generated from the schemas.

use std::fmt::Write;

use super::definitions;

const HEAD: &str = "# Output tables

Generated from the schemas in `reports/src/tables/`; a test fails when this page and they differ.

`ninefold run --out DIR` writes each table to `DIR/tables/NAME.parquet` (zstd; `--format csv` and `--format ipc` on
request). Rows are in their final order. The digest of a table in `manifest.json` is BLAKE3 over its schema and values
in row order. `_lo` and `_hi` are the ends of the confidence interval, `_se` is the standard error. With no event seen,
the value is 0 and `_hi` is the upper bound. A Parquet file carries names, units and meanings of its columns in its
metadata, under `ninefold.columns`.
";

/// The page as Markdown.
pub fn reference() -> String {
    let mut page = HEAD.to_owned();
    for definition in definitions() {
        let _ = write!(page, "\n## {}\n\n{} One row: {}.\n\n", definition.name, definition.meaning, definition.grain);
        page.push_str("| column | type | unit | meaning |\n|---|---|---|---|\n");
        for c in definition.schema() {
            let _ = writeln!(page, "| `{}` | {} | {} | {} |", c.name, c.dtype, c.unit, c.meaning.replace('|', "\\|"));
        }
    }
    page
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// `UPDATE_REFERENCE=1 cargo test -p ninefold-reports` writes the page anew.
    #[test]
    fn the_page_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference/tables.md");
        if std::env::var_os("UPDATE_REFERENCE").is_some() {
            std::fs::create_dir_all(std::path::Path::new(path).parent().unwrap()).unwrap();
            std::fs::write(path, reference()).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap();
        assert_eq!(committed, reference(), "run `UPDATE_REFERENCE=1 cargo test -p ninefold-reports reference`");
    }
}
