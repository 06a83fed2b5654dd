//! Tables as Polars frames and as files. Polars lays out and compresses; it never sorts, groups or joins here.

use std::io::{Seek, Write};

use polars::prelude::{
    Column, CsvWriter, DataFrame, IpcWriter, KeyValueMetadata, NamedFrom, ParquetCompression, ParquetWriter,
    PolarsError, SerWriter, Series as PolarsSeries,
};

use serde::{Deserialize, Serialize};

use super::schema::{Series, Table, Values};

/// A file format for tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// Parquet, compressed by zstd.
    #[default]
    Parquet,
    /// Comma-separated values with a header line.
    Csv,
    /// Arrow IPC file (Feather 2).
    Ipc,
}

impl Format {
    /// The file name's extension.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::Ipc => "arrow",
        }
    }
}

/// A table could not be laid out or written.
#[derive(Debug, thiserror::Error)]
#[error("table `{table}` could not be written")]
pub struct TableError {
    /// The table.
    pub table: &'static str,
    /// What Polars says.
    #[source]
    pub source: Box<PolarsError>,
}

impl Table {
    /// The table as a Polars frame.
    ///
    /// # Errors
    /// [`TableError`] if Polars refuses it, which would be a fault of the schema.
    pub fn frame(&self) -> Result<DataFrame, TableError> {
        let columns = self.columns.iter().map(polars_column).collect();
        DataFrame::new(self.rows(), columns).map_err(|source| self.error(source))
    }

    /// Writes the table in `format`.
    ///
    /// # Errors
    /// [`TableError`] if the file cannot be written.
    pub fn write(&self, format: Format, file: &mut (impl Write + Seek)) -> Result<(), TableError> {
        let mut frame = self.frame()?;
        match format {
            Format::Parquet => self.parquet(file).finish(&mut frame).map(|_| ()),
            Format::Csv => CsvWriter::new(file).finish(&mut frame),
            Format::Ipc => IpcWriter::new(file).finish(&mut frame),
        }
        .map_err(|source| self.error(source))
    }

    /// A writer of Parquet that carries what is said about the columns.
    pub(super) fn parquet<W: Write>(&self, file: W) -> ParquetWriter<W> {
        ParquetWriter::new(file)
            .with_compression(ParquetCompression::Zstd(None))
            .set_parallel(false)
            .with_key_value_metadata(Some(KeyValueMetadata::from_static(vec![self.described()])))
    }

    /// What a Parquet file carries about its columns, under `ninefold.columns`: name, unit and meaning as JSON.
    fn described(&self) -> (String, String) {
        let described = |c: &Series| {
            let schema = &c.schema;
            serde_json::json!({"name": schema.name, "unit": schema.unit, "meaning": schema.meaning})
        };
        let columns: Vec<_> = self.columns.iter().map(described).collect();
        ("ninefold.columns".to_owned(), serde_json::Value::Array(columns).to_string())
    }

    pub(super) fn error(&self, source: PolarsError) -> TableError {
        TableError { table: self.name, source: Box::new(source) }
    }
}

fn polars_column(series: &Series) -> Column {
    let name = series.schema.name.into();
    let built = match &series.values {
        Values::Text(v) => PolarsSeries::new(name, v),
        Values::Float(v) => PolarsSeries::new(name, v),
        Values::Count(v) => PolarsSeries::new(name, v),
        Values::Flag(v) => PolarsSeries::new(name, v),
    };
    built.into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Cursor;

    use polars::prelude::{ParquetReader, SerReader};

    use super::super::tables;
    use super::*;
    use crate::toy_shop::ToyShop;

    #[test]
    fn parquet_reads_back_as_it_was_and_is_equal_byte_for_byte() {
        let shop = ToyShop::new();
        for table in tables(&shop.input()) {
            let mut once = Cursor::new(Vec::new());
            let mut twice = Cursor::new(Vec::new());
            table.write(Format::Parquet, &mut once).unwrap();
            table.write(Format::Parquet, &mut twice).unwrap();
            assert_eq!(once.get_ref(), twice.get_ref());
            let carries_units = String::from_utf8_lossy(once.get_ref()).contains("ninefold.columns");
            assert!(carries_units, "{}", table.name);
            once.set_position(0);
            let back = ParquetReader::new(once).finish().unwrap();
            assert!(back.equals_missing(&table.frame().unwrap()), "{}", table.name);
        }
    }

    #[test]
    fn csv_and_ipc_hold_the_same_rows() {
        let shop = ToyShop::new();
        for table in tables(&shop.input()) {
            let mut csv = Cursor::new(Vec::new());
            table.write(Format::Csv, &mut csv).unwrap();
            let text = String::from_utf8(csv.into_inner()).unwrap();
            assert_eq!(text.lines().count(), table.rows() + 1, "{}", table.name);
            let mut ipc = Cursor::new(Vec::new());
            table.write(Format::Ipc, &mut ipc).unwrap();
            assert!(ipc.get_ref().starts_with(b"ARROW1"));
        }
    }
}
