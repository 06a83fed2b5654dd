//! A record of a scenario: a file inside the scenario's folder, the names it gives to columns, and what can be drawn
//! from it as `records.ID.NAME`.

use std::collections::BTreeMap;
use std::path::Path;

use ninefold_models::about::RecordDigest;

use super::column::{Column, Query, Source, column};
use super::file::{inside, read_bytes, table_of};
use super::quality::Quality;
use super::table::Table;
use super::{RecordError, Unit};

/// A record as the scenario writes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordSpec {
    /// The file, relative to the scenario's folder.
    pub file: String,
    /// Names used in the scenario: columns of the file. `started`, `resolved` and `node` have a meaning.
    pub map: BTreeMap<String, String>,
    /// Units of numeric columns, by either name.
    pub units: BTreeMap<String, String>,
    /// Column (by either name) that groups rows; without it, what `node` is mapped to.
    pub by: Option<String>,
    /// Column (by either name) that says which numbers are censored.
    pub censored: Option<String>,
    /// Quality rules.
    pub quality: Quality,
}

/// A record that has been read.
#[derive(Clone, Debug)]
pub struct Record {
    spec: RecordSpec,
    table: Table,
    blake3: String,
}

impl Record {
    /// Reads the file and checks that every mapped column and unit is there.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn open(folder: &Path, spec: RecordSpec) -> Result<Self, RecordError> {
        let bytes = read_bytes(&inside(folder, &spec.file)?)?;
        let record = Self { table: table_of(&bytes)?, blake3: blake3::hash(&bytes).to_hex().to_string(), spec };
        for column in record.spec.map.values() {
            record.table.require(column)?;
        }
        for (name, unit) in &record.spec.units {
            record.table.require(record.real_name(name))?;
            Unit::named(unit)?;
        }
        for column in record.spec.by.iter().chain(&record.spec.censored) {
            record.table.require(record.real_name(column))?;
        }
        Ok(record)
    }

    /// The values of `records.ID.name`, in hours; `docs/concepts/records.md` says what each name means.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn column(&self, name: &str) -> Result<Column, RecordError> {
        let query = Query { source: self.source(name)?, filters: Vec::new(), quality: self.spec.quality };
        let mut column = column(&self.table, &query, Unit::H)?;
        column.name = name.to_owned();
        Ok(column)
    }

    /// What a run says about the file, after drawing `columns` from it. A rule counts the most rows that any
    /// one of them leaves out, so that no row is counted twice.
    pub fn digest(&self, id: &str, columns: &[Column]) -> RecordDigest {
        let mut rejected: BTreeMap<&str, u64> = BTreeMap::new();
        for (rule, rows) in columns.iter().flat_map(|c| &c.rejected) {
            let most = rejected.entry(rule).or_default();
            *most = (*most).max(*rows);
        }
        RecordDigest {
            id: id.to_owned(),
            file: self.spec.file.clone(),
            blake3: self.blake3.clone(),
            rows: self.table.rows() as u64,
            rejected: rejected.into_iter().map(|(rule, rows)| (rule.to_owned(), rows)).collect(),
        }
    }

    /// The table as read.
    pub fn table(&self) -> &Table {
        &self.table
    }

    fn source(&self, name: &str) -> Result<Source, RecordError> {
        let is_column = self.spec.map.contains_key(name) || self.table.columns().any(|c| c == name);
        if is_column {
            return self.value(name);
        }
        let start = || self.role(name, "started");
        let end = || self.role(name, "resolved");
        match name {
            "repair" | "fix_time" => Ok(Source::Duration(start()?, end()?)),
            "time_between_failures" => Ok(Source::Gaps(start()?, self.group())),
            "time_to_failure" => Ok(Source::UpTimes(start()?, end()?, self.group())),
            _ => self.value(name),
        }
    }

    fn value(&self, name: &str) -> Result<Source, RecordError> {
        let real = self.real_name(name);
        self.table.require(real)?;
        let unit = self.spec.units.get(name).or_else(|| self.spec.units.get(real));
        let unit = unit.ok_or_else(|| RecordError::NoUnit(name.to_owned()))?;
        let censored = self.spec.censored.as_ref().map(|column| self.real_name(column).to_owned());
        Ok(Source::Value(real.to_owned(), Unit::named(unit)?, censored))
    }

    fn role(&self, column: &str, role: &'static str) -> Result<String, RecordError> {
        let mapped = self.spec.map.get(role).cloned();
        let same = || self.table.columns().find(|c| *c == role).map(str::to_owned);
        mapped.or_else(same).ok_or_else(|| RecordError::NoRole { column: column.to_owned(), role })
    }

    fn group(&self) -> Option<String> {
        match &self.spec.by {
            Some(by) => Some(self.real_name(by).to_owned()),
            None => self.spec.map.get("node").cloned(),
        }
    }

    /// The column that plays a role, if one is mapped to it.
    pub(super) fn mapped(&self, role: &str) -> Option<&str> {
        self.spec.map.get(role).map(String::as_str)
    }

    pub(super) fn real_name<'a>(&'a self, name: &'a str) -> &'a str {
        self.spec.map.get(name).map_or(name, String::as_str)
    }
}
