//! A column of durations, taken from a table or derived from its timestamps.

use std::collections::BTreeMap;

use ninefold_models::fit::Observation;
use ninefold_models::units::Hours;

use super::quality::{Missing, Quality};
use super::spans::Spans;
use super::table::{Reading, Table};
use super::{RecordError, Unit};

/// Where the values come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A column of numbers in this unit; the second column, if given, says which are censored (`true`, `yes`, `1`).
    Value(String, Unit, Option<String>),
    /// From the instant in one column to the instant in another.
    Duration(String, String),
    /// From each start to the next one of its group (of the whole record without a group). Exact ties are left out.
    Gaps(String, Option<String>),
    /// From the end of a span to the next start of its group: the time to failure of what was repaired.
    UpTimes(String, String, Option<String>),
}

/// Keeps the rows whose cell is, or is not, this text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The column.
    pub column: String,
    /// The text, compared after trimming.
    pub value: String,
    /// Keep the rows that differ instead.
    pub negated: bool,
}

impl Filter {
    /// `COLUMN=VALUE` or `COLUMN!=VALUE`; an empty value stands for an empty cell.
    ///
    /// # Errors
    /// [`RecordError::Setting`].
    pub fn parse(text: &str) -> Result<Self, RecordError> {
        let setting = || RecordError::Setting {
            key: "where",
            value: text.to_owned(),
            allowed: "`COLUMN=VALUE` or `COLUMN!=VALUE`",
        };
        let (column, value) = text.split_once('=').ok_or_else(setting)?;
        let (column, negated) = column.strip_suffix('!').map_or((column, false), |c| (c, true));
        Ok(Self { column: column.trim().to_owned(), value: value.trim().to_owned(), negated })
    }
}

/// What is asked of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Where the values come from.
    pub source: Source,
    /// Rows to keep; all must hold.
    pub filters: Vec<Filter>,
    /// Quality rules.
    pub quality: Quality,
}

/// Durations, and what was left out on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// What it is, for people and provenance.
    pub name: String,
    /// The values, all above 0, in `unit`.
    pub values: Vec<Observation>,
    /// The unit of the values.
    pub unit: Unit,
    /// Rows that passed the filters.
    pub rows: u64,
    /// What was left out, by rule.
    pub rejected: BTreeMap<&'static str, u64>,
    /// For gaps: the number of them before ties were dropped.
    pub gaps: Option<u64>,
}

impl Column {
    /// The complete values in hours.
    pub fn hours(&self) -> Vec<Hours> {
        self.values.iter().filter(|o| !o.censored).map(|o| self.unit.length() * o.value).collect()
    }

    pub(super) fn reject(&mut self, rule: &'static str) {
        *self.rejected.entry(rule).or_default() += 1;
    }

    pub(super) fn rejected_text(&self) -> String {
        if self.rejected.is_empty() {
            return "none".to_owned();
        }
        let parts: Vec<String> = self.rejected.iter().map(|(rule, rows)| format!("{rule} {rows}")).collect();
        parts.join(", ")
    }

    /// A censored value; one of no length says nothing.
    pub(super) fn push_open(&mut self, seconds: f64) {
        if seconds > 0.0 {
            self.push(seconds, true);
        }
    }

    pub(super) fn push(&mut self, seconds: f64, censored: bool) {
        let value = seconds / self.unit.seconds();
        if value < 0.0 {
            self.reject("negative");
        } else if value == 0.0 {
            self.reject("zero");
        } else {
            self.values.push(Observation { value, censored });
        }
    }
}

/// Takes the values of `query` from `table`, in `unit`.
///
/// # Errors
/// [`RecordError`]; a column without a single complete value is refused.
pub fn column(table: &Table, query: &Query, unit: Unit) -> Result<Column, RecordError> {
    for filter in &query.filters {
        table.require(&filter.column)?;
    }
    let rows = selected(table, &query.filters)?;
    let mut column = Column {
        name: query.source.name(),
        values: Vec::new(),
        unit,
        rows: rows.len() as u64,
        rejected: BTreeMap::new(),
        gaps: None,
    };
    match &query.source {
        Source::Value(name, given, flag) => {
            for row in rows {
                value(table, &mut column, (name, *given, flag.as_deref()), row)?;
            }
        }
        Source::Duration(start, end) => {
            let spans = Spans::read(table, &rows, (start, Some(end), None), query.quality, &mut column)?;
            spans.durations(&mut column);
        }
        Source::Gaps(start, by) => {
            let spans = Spans::read(table, &rows, (start, None, by.as_deref()), query.quality, &mut column)?;
            spans.gaps(&mut column);
        }
        Source::UpTimes(start, end, by) => {
            let spans = Spans::read(table, &rows, (start, Some(end), by.as_deref()), query.quality, &mut column)?;
            spans.up_times(&mut column);
        }
    }
    settle_missing(&mut column, query.quality.missing)?;
    if column.values.iter().all(|o| o.censored) {
        return Err(RecordError::NoValue { rejected: column.rejected_text(), column: column.name, rows: column.rows });
    }
    Ok(column)
}

impl Source {
    /// What it is, for people.
    pub fn name(&self) -> String {
        let by = |by: &Option<String>| by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
        match self {
            Self::Value(column, ..) => column.clone(),
            Self::Duration(start, end) => format!("{end} − {start}"),
            Self::Gaps(start, group) => format!("between {start}{}", by(group)),
            Self::UpTimes(start, end, group) => format!("{end} to next {start}{}", by(group)),
        }
    }
}

fn selected(table: &Table, filters: &[Filter]) -> Result<Vec<usize>, RecordError> {
    let mut rows = Vec::new();
    'rows: for row in 0..table.rows() {
        for filter in filters {
            if (table.text(&filter.column, row)? == filter.value.as_str()) == filter.negated {
                continue 'rows;
            }
        }
        rows.push(row);
    }
    Ok(rows)
}

fn value(
    table: &Table,
    column: &mut Column,
    (name, unit, flag): (&str, Unit, Option<&str>),
    row: usize,
) -> Result<(), RecordError> {
    let censored = match flag {
        None => Some(false),
        Some(flag) => truth(&table.text(flag, row)?),
    };
    match (table.number(name, row)?, censored) {
        (Reading::Missing, _) => column.reject("missing"),
        (Reading::Unreadable, _) | (_, None) => column.reject("unreadable"),
        (Reading::Value(x), Some(censored)) => column.push(x * unit.seconds(), censored),
    }
    Ok(())
}

fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "censored" => Some(true),
        "false" | "no" | "n" | "0" | "" => Some(false),
        _ => None,
    }
}

fn settle_missing(column: &mut Column, missing: Missing) -> Result<(), RecordError> {
    match (missing, column.rejected.get("missing").copied()) {
        (Missing::Drop, _) => drop(column.rejected.remove("missing")),
        (Missing::Refuse, Some(rows)) => return Err(RecordError::Quality { rule: "missing", rows }),
        _ => {}
    }
    Ok(())
}
