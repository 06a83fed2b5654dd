//! A history from a file: rows at equal steps, or rows put together in steps. What is repaired is counted.

use std::collections::BTreeMap;

use super::step::{duration, written, zoned};
use super::{ForecastFileError, ForecastRequest, Step};
use crate::records::{Reading, Table, read_with_digest};

/// Most steps of a history.
const STEPS_MAX: i64 = 200_000;

/// How the rows of one step become its value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Take {
    /// Their mean, as of rates.
    #[default]
    Mean,
    /// Their sum, as of counts.
    Sum,
}

/// What becomes of steps without a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gaps {
    /// The file is refused.
    #[default]
    Refuse,
    /// They are 0.
    Zero,
    /// They lie on the line between their neighbours.
    Line,
}

/// Values at equal steps.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// Name of the column of values.
    pub column: String,
    /// Rows of the file.
    pub rows: usize,
    /// Instant of the first step, seconds since 1970.
    pub first: i64,
    /// Time between values.
    pub step: Step,
    /// The values, oldest first.
    pub values: Vec<f64>,
    /// Steps without a row that were filled.
    pub filled: usize,
    /// Rows beyond the first of their step that were put together with it.
    pub merged: usize,
    /// Rows that had the instant of the row above, among those.
    pub duplicates: usize,
    /// BLAKE3 digest of the file.
    pub blake3: String,
}

impl History {
    /// Reads the file of a request.
    ///
    /// # Errors
    /// [`ForecastFileError`]: a value that is missing, negative or no number, an instant that cannot be read or comes
    /// before the one above, and, unless the request says what to do, gaps and duplicates, each with its row.
    pub fn read(request: &ForecastRequest) -> Result<Self, ForecastFileError> {
        let (table, blake3) = read_with_digest(&request.file)?;
        let names: Vec<String> = table.columns().map(str::to_owned).collect();
        let named = |given: &Option<String>, place: usize, what: &'static str| match given {
            Some(name) => Ok(name.clone()),
            None => {
                names.get(place).cloned().ok_or_else(|| ForecastFileError::setting(what, "the file has one column"))
            }
        };
        let (at, column) = (named(&request.at, 0, "--at")?, named(&request.column, 1, "--column")?);
        let rows = (0..table.rows()).map(|row| read_row(&table, (&at, &column), row)).collect::<Result<Vec<_>, _>>()?;
        let steps = Steps::of(&rows, request)?;
        let mut history = Self {
            column,
            rows: rows.len(),
            first: steps.first,
            step: steps.step,
            values: Vec::new(),
            filled: 0,
            merged: 0,
            blake3,
            duplicates: rows.windows(2).filter(|pair| pair[0].0 == pair[1].0).count(),
        };
        history.fill(&rows, &steps, request)?;
        Ok(history)
    }

    /// Instant of step `place`, seconds since 1970; the largest number beyond the calendar, where no report goes.
    pub fn instant(&self, place: usize) -> i64 {
        self.step.after(self.first, place as i64).unwrap_or(i64::MAX)
    }

    fn fill(&mut self, rows: &[(i64, f64)], steps: &Steps, request: &ForecastRequest) -> Result<(), ForecastFileError> {
        let mut sums: BTreeMap<i64, (f64, u32)> = BTreeMap::new();
        let mut before: Option<i64> = None;
        for (row, &(at, value)) in rows.iter().enumerate() {
            let place = steps.place(at).ok_or_else(|| {
                refused(row, at, format!("it lies between the steps of {}; `--every` puts rows together", steps.step))
            })?;
            if place >= STEPS_MAX {
                return Err(refused(row, at, format!("it is step {place}; a history has at most {STEPS_MAX}")));
            }
            let gap = before.map_or(0, |before| place - before - 1);
            if gap > 0 && request.gaps == Gaps::Refuse {
                let reason = format!(
                    "{gap} step(s) of {} before it have no row; `--gaps zero` or `--gaps line` fills them",
                    steps.step
                );
                return Err(refused(row, at, reason));
            }
            if request.every.is_none() && before == Some(place) {
                let reason = "it has the instant of the row above; `--every` puts rows together".to_owned();
                return Err(refused(row, at, reason));
            }
            self.merged += usize::from(before == Some(place));
            self.filled += usize::try_from(gap).unwrap_or(0);
            let (sum, count) = sums.entry(place).or_default();
            (*sum, *count) = (*sum + value, *count + 1);
            before = Some(place);
        }
        let mut last: Option<(i64, f64)> = None;
        for (place, (sum, count)) in sums {
            let value = if request.take == Take::Sum { sum } else { sum / f64::from(count) };
            if let Some((from, low)) = last {
                let between = (from + 1..place).map(|step| match request.gaps {
                    Gaps::Line => low + (value - low) * (step - from) as f64 / (place - from) as f64,
                    Gaps::Zero | Gaps::Refuse => 0.0,
                });
                self.values.extend(between);
            }
            self.values.push(value);
            last = Some((place, value));
        }
        Ok(())
    }
}

/// Second and value of a row.
fn read_row(table: &Table, (at, column): (&str, &str), row: usize) -> Result<(i64, f64), ForecastFileError> {
    let second = match table.instant(at, row)? {
        Reading::Value(second) if second.abs() < 2e11 => second.round() as i64,
        _ => {
            let reason = format!("`{}` in `{at}` is no instant", table.text(at, row)?);
            return Err(ForecastFileError::Row { row: row + 1, at: String::new(), reason });
        }
    };
    let bad = |what: &str| Err(refused(row, second, format!("its value in `{column}` {what}")));
    match table.number(column, row)? {
        Reading::Value(value) if value >= 0.0 => Ok((second, value)),
        Reading::Value(value) => bad(&format!("is {value}; a demand is not negative")),
        Reading::Missing => bad("is missing"),
        Reading::Unreadable => bad(&format!("is `{}`, no number", table.text(column, row)?)),
    }
}

fn refused(row: usize, at: i64, reason: String) -> ForecastFileError {
    ForecastFileError::Row { row: row + 1, at: format!(" ({})", written(at)), reason }
}

/// Where steps begin.
struct Steps {
    first: i64,
    step: Step,
    /// Whether a step holds every row until the next, and not only the row of its instant.
    together: bool,
}

impl Steps {
    /// Steps of `--every` from the epoch on, or those of the rows: months where every row keeps its day and hour, else the
    /// least time between two rows.
    fn of(rows: &[(i64, f64)], request: &ForecastRequest) -> Result<Self, ForecastFileError> {
        if let Some(row) = rows.windows(2).position(|pair| pair[1].0 < pair[0].0) {
            return Err(refused(row + 1, rows[row + 1].0, "it comes before the row above".to_owned()));
        }
        let first = rows[0].0;
        if let Some(every) = &request.every {
            let seconds = duration("--every", every)?;
            if seconds < 1.0 || seconds.fract() != 0.0 {
                return Err(ForecastFileError::setting("--every", "it is a whole number of seconds"));
            }
            let length = seconds as i64;
            return Ok(Self { first: first.div_euclid(length) * length, step: Step::Seconds(length), together: true });
        }
        let apart = rows.windows(2).map(|pair| pair[1].0 - pair[0].0).filter(|apart| *apart > 0).min();
        let Some(apart) = apart else {
            return Err(ForecastFileError::setting("FILE", "it has no two instants: there is no step"));
        };
        let months = Self { first, step: Step::Month, together: false };
        let monthly = (28 * 86_400..=31 * 86_400).contains(&apart)
            && rows.iter().any(|row| (row.0 - first) % apart != 0)
            && rows.iter().all(|row| months.place(row.0).is_some());
        Ok(if monthly { months } else { Self { first, step: Step::Seconds(apart), together: false } })
    }

    /// The step of an instant; of rows that are steps, nothing between them.
    fn place(&self, at: i64) -> Option<i64> {
        match self.step {
            Step::Seconds(length) if self.together => Some((at - self.first).div_euclid(length)),
            Step::Seconds(length) => ((at - self.first) % length == 0).then_some((at - self.first) / length),
            Step::Month => {
                let (from, to) = (zoned(self.first)?, zoned(at)?);
                let months = i64::from(to.year() - from.year()) * 12 + i64::from(to.month() - from.month());
                (self.step.after(self.first, months) == Some(at)).then_some(months)
            }
        }
    }
}
