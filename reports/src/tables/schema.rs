//! Columns as data: name, unit, meaning, and how a row fills it. The type of a column follows from its filler.

use std::borrow::Cow;

use ninefold_models::results::Estimated;

use crate::input::ReportInput;

/// A column of rows `R`.
pub(crate) struct Column<R> {
    name: &'static str,
    unit: &'static str,
    meaning: &'static str,
    fill: Fill<R>,
}

/// Where an estimate is in a row, and which of its numbers is meant.
pub(crate) type Part<R> = (fn(&R) -> Option<&Estimated>, fn(&Estimated) -> f64);

/// How a row fills a column.
enum Fill<R> {
    Text(fn(&R) -> String),
    Float(fn(&R) -> Option<f64>),
    Part(Part<R>),
    Count(fn(&R) -> Option<u64>),
    Flag(fn(&R) -> bool),
}

impl<R> Column<R> {
    /// A text column; the unit is `-`.
    pub(crate) const fn text(name: &'static str, meaning: &'static str, fill: fn(&R) -> String) -> Self {
        Self { name, unit: "-", meaning, fill: Fill::Text(fill) }
    }

    /// A floating-point column; `None` becomes null.
    pub(crate) const fn float(
        name: &'static str,
        unit: &'static str,
        meaning: &'static str,
        fill: fn(&R) -> Option<f64>,
    ) -> Self {
        Self { name, unit, meaning, fill: Fill::Float(fill) }
    }

    /// A floating-point column with one number of an estimate.
    pub(crate) const fn part(name: &'static str, unit: &'static str, meaning: &'static str, part: Part<R>) -> Self {
        Self { name, unit, meaning, fill: Fill::Part(part) }
    }

    /// A column of whole numbers; `None` becomes null.
    pub(crate) const fn count(
        name: &'static str,
        unit: &'static str,
        meaning: &'static str,
        fill: fn(&R) -> Option<u64>,
    ) -> Self {
        Self { name, unit, meaning, fill: Fill::Count(fill) }
    }

    /// A column of yes and no; the unit is `-`.
    pub(crate) const fn flag(name: &'static str, meaning: &'static str, fill: fn(&R) -> bool) -> Self {
        Self { name, unit: "-", meaning, fill: Fill::Flag(fill) }
    }

    pub(super) fn schema(&self) -> ColumnSchema {
        let dtype = match self.fill {
            Fill::Text(_) => "str",
            Fill::Float(_) | Fill::Part(_) => "f64",
            Fill::Count(_) => "u64",
            Fill::Flag(_) => "bool",
        };
        ColumnSchema { name: self.name, dtype, unit: self.unit, meaning: self.meaning }
    }

    pub(super) fn series(&self, rows: &[R]) -> Series {
        let values = match self.fill {
            Fill::Text(fill) => Values::Text(rows.iter().map(fill).collect()),
            Fill::Float(fill) => Values::Float(rows.iter().map(fill).collect()),
            Fill::Part((estimate, number)) => Values::Float(rows.iter().map(|r| estimate(r).map(number)).collect()),
            Fill::Count(fill) => Values::Count(rows.iter().map(fill).collect()),
            Fill::Flag(fill) => Values::Flag(rows.iter().map(fill).collect()),
        };
        Series { schema: self.schema(), values }
    }
}

/// A table's one declaration.
pub(crate) trait TableSource {
    /// What one row holds.
    type Row: Clone + 'static;
    /// File name without extension.
    const NAME: &'static str;
    /// What one row stands for.
    const GRAIN: &'static str;
    /// What the table is for, in a sentence.
    const MEANING: &'static str;

    /// The columns, in order.
    fn columns() -> Vec<Column<Self::Row>>;

    /// The rows in their final order.
    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [Self::Row]>;
}

/// Name, type, unit and meaning of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnSchema {
    /// Name, unique in its table.
    pub name: &'static str,
    /// `str`, `f64`, `u64` or `bool`.
    pub dtype: &'static str,
    /// The unit; `1` for ratios and counts of things named by the column, `-` for text and flags.
    pub unit: &'static str,
    /// What it means, in sentences.
    pub meaning: &'static str,
}

/// One table.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// File name without extension.
    pub name: &'static str,
    /// What one row stands for.
    pub grain: &'static str,
    /// What the table is for.
    pub meaning: &'static str,
    schema: fn() -> Vec<ColumnSchema>,
    fill: Option<fn(&ReportInput<'_>) -> Table>,
}

impl Definition {
    pub(crate) fn of<T: TableSource>() -> Self {
        Self { name: T::NAME, grain: T::GRAIN, meaning: T::MEANING, schema: schema_of::<T>, fill: Some(fill_of::<T>) }
    }

    /// A table whose rows go by, too many to be held.
    pub(super) const fn streamed(
        (name, grain, meaning): (&'static str, &'static str, &'static str),
        schema: fn() -> Vec<ColumnSchema>,
    ) -> Self {
        Self { name, grain, meaning, schema, fill: None }
    }

    /// The columns, in order.
    pub fn schema(&self) -> Vec<ColumnSchema> {
        (self.schema)()
    }

    /// The table of a run; `None` if it is not filled at once.
    pub fn fill(&self, input: &ReportInput<'_>) -> Option<Table> {
        self.fill.map(|fill| fill(input))
    }
}

fn schema_of<T: TableSource>() -> Vec<ColumnSchema> {
    T::columns().iter().map(Column::schema).collect()
}

fn fill_of<T: TableSource>(input: &ReportInput<'_>) -> Table {
    let rows = T::rows(input);
    Table { name: T::NAME, columns: T::columns().iter().map(|c| c.series(&rows)).collect() }
}

/// A filled table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// File name without extension.
    pub name: &'static str,
    /// The columns, all of one length.
    pub columns: Vec<Series>,
}

impl Table {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |c| c.values.len())
    }
}

/// A filled column.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Name, type, unit, meaning.
    pub schema: ColumnSchema,
    /// One value a row.
    pub values: Values,
}

/// The values of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Texts.
    Text(Vec<String>),
    /// Floating-point numbers.
    Float(Vec<Option<f64>>),
    /// Whole numbers.
    Count(Vec<Option<u64>>),
    /// Yes or no.
    Flag(Vec<bool>),
}

impl Values {
    /// Number of values.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(v) => v.len(),
            Self::Float(v) => v.len(),
            Self::Count(v) => v.len(),
            Self::Flag(v) => v.len(),
        }
    }

    /// No values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
