//! A table as read: named columns of equal length, cells still as they were in the file.

use std::borrow::Cow;

use super::{RecordError, timestamp};
use crate::nearest::nearest;

/// Columns of one file.
#[derive(Clone, Debug)]
pub struct Table {
    names: Vec<String>,
    cells: Vec<Cells>,
    rows: usize,
}

/// A column, in the type the file gives it.
#[derive(Clone, Debug)]
pub(super) enum Cells {
    Text(TextColumn),
    #[cfg_attr(not(feature = "records"), expect(dead_code, reason = "CSV is text"))]
    Number(Vec<Option<f64>>),
    /// Of a type that is not read; the type.
    #[cfg_attr(not(feature = "records"), expect(dead_code, reason = "CSV is text"))]
    NotRead(String),
}

/// Cells of text in one piece of memory.
#[derive(Clone, Debug, Default)]
pub(super) struct TextColumn {
    text: String,
    ends: Vec<usize>,
}

impl TextColumn {
    pub(super) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    fn get(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.text[start..self.ends[row]]
    }
}

/// What a cell holds when it is read as a number or an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Reading {
    Value(f64),
    Missing,
    Unreadable,
}

impl Reading {
    fn of(value: Option<f64>) -> Self {
        match value {
            None => Self::Missing,
            Some(x) if x.is_finite() => Self::Value(x),
            Some(_) => Self::Unreadable,
        }
    }
}

/// Words that mean that there is no value.
const MISSING: [&str; 7] = ["", "na", "n/a", "nan", "null", "none", "-"];

fn is_missing(text: &str) -> bool {
    MISSING.iter().any(|word| text.eq_ignore_ascii_case(word))
}

impl Table {
    pub(super) fn new(columns: Vec<(String, Cells)>, rows: usize) -> Result<Self, RecordError> {
        if rows == 0 {
            return Err(RecordError::Empty("a header but no rows"));
        }
        let (names, cells): (Vec<String>, Vec<Cells>) = columns.into_iter().unzip();
        for (i, name) in names.iter().enumerate() {
            if !name.is_empty() && names[..i].contains(name) {
                return Err(RecordError::TwinColumn(name.clone()));
            }
        }
        Ok(Self { names, cells, rows })
    }

    /// Names of the columns, in the order of the file.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The cell as text, trimmed; empty where there is none.
    ///
    /// # Errors
    /// [`RecordError::NoColumn`].
    ///
    /// # Panics
    /// If `row` is not below [`Table::rows`].
    pub fn text(&self, column: &str, row: usize) -> Result<Cow<'_, str>, RecordError> {
        Ok(match self.column(column)? {
            Cells::NotRead(dtype) => return Err(not_read(column, dtype)),
            Cells::Text(text) => Cow::Borrowed(text.get(row).trim()),
            Cells::Number(values) => values[row].map_or(Cow::Borrowed(""), |x| Cow::Owned(x.to_string())),
        })
    }

    pub(super) fn require(&self, column: &str) -> Result<(), RecordError> {
        self.column(column).map(|_| ())
    }

    pub(crate) fn number(&self, column: &str, row: usize) -> Result<Reading, RecordError> {
        Ok(match self.column(column)? {
            Cells::NotRead(dtype) => return Err(not_read(column, dtype)),
            Cells::Number(values) => Reading::of(values[row]),
            Cells::Text(text) => match text.get(row).trim() {
                cell if is_missing(cell) => Reading::Missing,
                cell => cell.parse().map_or(Reading::Unreadable, |x| Reading::of(Some(x))),
            },
        })
    }

    /// Seconds since 1970-01-01T00:00Z; a column of numbers is taken as such seconds.
    pub(crate) fn instant(&self, column: &str, row: usize) -> Result<Reading, RecordError> {
        Ok(match self.column(column)? {
            Cells::NotRead(dtype) => return Err(not_read(column, dtype)),
            Cells::Number(values) => Reading::of(values[row]),
            Cells::Text(text) => match text.get(row).trim() {
                cell if is_missing(cell) => Reading::Missing,
                cell => timestamp::parse(cell).map_or(Reading::Unreadable, Reading::Value),
            },
        })
    }

    fn column(&self, name: &str) -> Result<&Cells, RecordError> {
        let found = self.names.iter().position(|n| n == name);
        found.map(|i| &self.cells[i]).ok_or_else(|| RecordError::NoColumn {
            column: name.to_owned(),
            nearest: nearest(name, self.columns()).map(str::to_owned),
            known: self.names.iter().take(40).map(|n| format!("`{n}`")).collect(),
        })
    }
}

fn not_read(column: &str, dtype: &str) -> RecordError {
    RecordError::Parquet(format!(
        "the column `{column}` is of type {dtype}; read are text, numbers and truth values (write instants as RFC 3339 text or as seconds since 1970)"
    ))
}
