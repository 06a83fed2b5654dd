//! Parquet to a table, by Polars. Text, numbers and truth values are read; columns of other types (timestamps among
//! them) are known by name and refused when they are asked for: store instants as RFC 3339 text or as seconds since
//! 1970.

use std::io::Cursor;
use std::panic::UnwindSafe;
use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use polars::prelude::{ArrowDataType, Column, DataType, ParquetReader, SerReader};

use super::RecordError;
use super::file::{PARQUET_MAGIC, check_columns};
use super::table::{Cells, Table, TextColumn};

/// Reads a whole file; `limit` is the largest number of rows.
pub(super) fn read(bytes: &[u8], limit: usize) -> Result<Table, RecordError> {
    if bytes.len() < 12 || !bytes.ends_with(PARQUET_MAGIC) {
        return Err(RecordError::Parquet("it is cut off: the closing mark `PAR1` is missing".to_owned()));
    }
    // Polars and its decoders assert on some broken bytes; a broken file is the user's problem, not a crash.
    quietly(|| decode(bytes, limit))
        .unwrap_or_else(|| Err(RecordError::Parquet("its contents contradict themselves".to_owned())))
}

/// Decoders at work; while there are any, a panic is theirs and is told as an error instead.
static DECODING: AtomicUsize = AtomicUsize::new(0);

/// Runs `decode`; nothing, and no message, if it panics (it may do so on threads of Polars).
fn quietly<T>(decode: impl FnOnce() -> T + UnwindSafe) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if DECODING.load(Ordering::SeqCst) == 0 {
                usual(info);
            }
        }));
    });
    DECODING.fetch_add(1, Ordering::SeqCst);
    let outcome = std::panic::catch_unwind(decode);
    DECODING.fetch_sub(1, Ordering::SeqCst);
    outcome.ok()
}

fn decode(bytes: &[u8], limit: usize) -> Result<Table, RecordError> {
    let mut reader = ParquetReader::new(Cursor::new(bytes));
    let rows = reader.num_rows().map_err(broken)?;
    if rows > limit {
        return Err(RecordError::TooManyRows { limit });
    }
    let schema = reader.schema().map_err(broken)?;
    check_columns(schema.len())?;
    let (mut readable, mut columns) = (Vec::new(), Vec::new());
    for (index, field) in schema.iter_values().enumerate() {
        if is_read(field.dtype()) {
            readable.push(index);
        }
        columns.push((field.name.to_string(), Cells::NotRead(format!("{:?}", field.dtype()))));
    }
    let frame = reader.with_projection(Some(readable.clone())).finish().map_err(broken)?;
    for (index, column) in readable.into_iter().zip(frame.columns()) {
        columns[index].1 = cells(column)?;
    }
    Table::new(columns, rows)
}

fn is_read(dtype: &ArrowDataType) -> bool {
    use ArrowDataType::{
        Boolean, Float32, Float64, Int8, Int16, Int32, Int64, LargeUtf8, UInt8, UInt16, UInt32, UInt64, Utf8, Utf8View,
    };
    matches!(
        dtype,
        Boolean
            | Float32
            | Float64
            | Int8
            | Int16
            | Int32
            | Int64
            | UInt8
            | UInt16
            | UInt32
            | UInt64
            | Utf8
            | LargeUtf8
            | Utf8View
    )
}

fn cells(column: &Column) -> Result<Cells, RecordError> {
    if column.dtype() == &DataType::String {
        let mut text = TextColumn::default();
        for cell in column.str().map_err(broken)?.iter() {
            text.push(cell.unwrap_or_default());
        }
        return Ok(Cells::Text(text));
    }
    if column.dtype() == &DataType::Boolean {
        let mut text = TextColumn::default();
        for cell in column.bool().map_err(broken)?.iter() {
            text.push(cell.map_or("", |truth| if truth { "true" } else { "false" }));
        }
        return Ok(Cells::Text(text));
    }
    let numbers = column.cast(&DataType::Float64).map_err(broken)?;
    Ok(Cells::Number(numbers.f64().map_err(broken)?.iter().collect()))
}

fn broken(error: polars::prelude::PolarsError) -> RecordError {
    RecordError::Parquet(error.to_string())
}
