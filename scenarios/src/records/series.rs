//! A column of numbers over time, in the order of its rows: every row counts, so none may be bad.

use super::RecordError;
use super::record::Record;
use super::table::Reading;

/// Most values of one series.
const VALUES_MAX: usize = 2_000_000;

impl Record {
    /// The numbers of a column, one row after the other, `every_h` hours apart. Where the record maps `at` to a column of
    /// instants, each row is checked to come that long after the one before.
    ///
    /// # Errors
    /// [`RecordError`]; a missing, unreadable or negative number, a gap and a duplicate are refused with their row.
    pub fn series(&self, name: &str, every_h: f64) -> Result<Vec<f64>, RecordError> {
        let (table, column) = (self.table(), self.real_name(name));
        if table.rows() > VALUES_MAX {
            return Err(RecordError::Series {
                column: name.to_owned(),
                row: VALUES_MAX + 1,
                reason: "is one too many",
            });
        }
        let bad = |row: usize, reason| RecordError::Series { column: name.to_owned(), row: row + 1, reason };
        let value = |row: usize| match table.number(column, row)? {
            Reading::Value(value) if value >= 0.0 => Ok(value),
            Reading::Value(_) => Err(bad(row, "is negative")),
            Reading::Missing => Err(bad(row, "is missing")),
            Reading::Unreadable => Err(bad(row, "is no number")),
        };
        let values = (0..table.rows()).map(value).collect::<Result<Vec<f64>, _>>()?;
        let Some(instants) = self.mapped("at") else { return Ok(values) };
        let mut before = None;
        for row in 0..table.rows() {
            let Reading::Value(now) = table.instant(instants, row)? else {
                return Err(bad(row, "has no instant that can be read"));
            };
            let apart = before.map_or(every_h * 3600.0, |before: f64| now - before);
            if apart <= 0.0 {
                return Err(bad(row, "comes at or before the instant of the row above"));
            }
            if (apart - every_h * 3600.0).abs() > 1e-3 {
                return Err(bad(row, "does not come `every` after the row above"));
            }
            before = Some(now);
        }
        Ok(values)
    }
}
