//! Usage records and an instance catalogue, for right-sizing.

use std::collections::BTreeMap;
use std::path::Path;

use ninefold_models::size::rightsizing::{INSTANCES_MAX, Instance, Usage};

use super::table::Reading;
use super::{RecordError, Table, read_table};

/// Most types of a catalogue.
const TYPES_MAX: usize = 10_000;

/// Columns of the file of records.
#[derive(Clone, Debug)]
pub struct UsageColumns {
    /// Instant of a record.
    pub at: String,
    /// Component.
    pub component: String,
    /// Cores used.
    pub cpu: String,
    /// Memory used; `None` where it is not recorded.
    pub mem: Option<String>,
    /// Type of the instances there are, and their number; of a component its last record counts.
    pub current: Option<(String, String)>,
}

/// Records of a component.
#[derive(Clone, Debug)]
pub struct UsedBy {
    /// The component.
    pub component: String,
    /// What it used.
    pub records: Vec<Usage>,
    /// Place of the type in the catalogue, and number of instances, at its last record.
    pub current: Option<(usize, u32)>,
}

/// Reads a catalogue: columns `name`, `cpu`, `mem` and `price` an hour.
///
/// # Errors
/// [`RecordError`] if the file cannot be read, or a number is missing or out of range.
pub fn catalogue_file(file: &Path) -> Result<Vec<Instance>, RecordError> {
    let table = read_table(file)?;
    if table.rows() > TYPES_MAX {
        return Err(RecordError::TooManyRows { limit: TYPES_MAX });
    }
    let instance = |row| {
        let cpu = number(&table, "cpu", row)?;
        if cpu <= 0.0 {
            return Err(bad("cpu", row, "is not above 0"));
        }
        let (mem, price) = (number(&table, "mem", row)?, number(&table, "price", row)?);
        Ok(Instance { name: table.text("name", row)?.into_owned(), cpu, mem, price })
    };
    (0..table.rows()).map(instance).collect()
}

/// Records of a component, and the instances that it has by the last of them: which, and how many.
type Used = (Vec<Usage>, Option<(usize, u32)>);

/// Reads records, component by component in order of name.
///
/// # Errors
/// [`RecordError`] if the file cannot be read, a cell is missing or out of range, or a type is not in the catalogue.
pub fn usage_file(file: &Path, columns: &UsageColumns, catalogue: &[Instance]) -> Result<Vec<UsedBy>, RecordError> {
    let table = read_table(file)?;
    let mut of: BTreeMap<String, Used> = BTreeMap::new();
    for row in 0..table.rows() {
        let at_h = match table.instant(&columns.at, row)? {
            Reading::Value(seconds) => seconds / 3600.0,
            Reading::Missing => return Err(bad(&columns.at, row, "is missing")),
            Reading::Unreadable => return Err(bad(&columns.at, row, "is no instant")),
        };
        let cpu = number(&table, &columns.cpu, row)?;
        let mem = columns.mem.as_ref().map_or(Ok(0.0), |mem| number(&table, mem, row))?;
        let (records, current) = of.entry(table.text(&columns.component, row)?.into_owned()).or_default();
        let is_last = records.iter().all(|earlier| earlier.at_h <= at_h);
        records.push(Usage { at_h, cpu, mem });
        if let Some((instance, count)) = columns.current.as_ref().filter(|_| is_last) {
            *current = Some((place_of(&table, (instance, row), catalogue)?, whole(&table, count, row)?));
        }
    }
    Ok(of.into_iter().map(|(component, (records, current))| UsedBy { component, records, current }).collect())
}

fn place_of(table: &Table, (column, row): (&str, usize), catalogue: &[Instance]) -> Result<usize, RecordError> {
    let name = table.text(column, row)?;
    let place = catalogue.iter().position(|instance| instance.name == *name);
    place.ok_or_else(|| bad(column, row, "is not in the catalogue"))
}

fn whole(table: &Table, column: &str, row: usize) -> Result<u32, RecordError> {
    let count = number(table, column, row)?;
    let fits = count >= 1.0 && count <= f64::from(INSTANCES_MAX) && count.fract() == 0.0;
    if fits { Ok(count as u32) } else { Err(bad(column, row, "is no number of instances")) }
}

/// A number of at least 0.
fn number(table: &Table, column: &str, row: usize) -> Result<f64, RecordError> {
    match table.number(column, row)? {
        Reading::Value(value) if value >= 0.0 => Ok(value),
        Reading::Value(_) => Err(bad(column, row, "is negative")),
        Reading::Missing => Err(bad(column, row, "is missing")),
        Reading::Unreadable => Err(bad(column, row, "is no number")),
    }
}

fn bad(column: &str, row: usize, reason: &'static str) -> RecordError {
    RecordError::Series { column: column.to_owned(), row: row + 1, reason }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn written(name: &str, text: &str) -> std::path::PathBuf {
        let path = std::env::temp_dir().join(format!("ninefold-usage-{name}-{}.csv", std::process::id()));
        std::fs::write(&path, text).unwrap();
        path
    }

    fn columns() -> UsageColumns {
        let name = str::to_owned;
        let current = Some((name("instance"), name("count")));
        UsageColumns { at: name("at"), component: name("component"), cpu: name("cpu"), mem: None, current }
    }

    #[test]
    fn the_last_record_says_what_there_is_and_bad_cells_are_named() {
        let types = written("types", "name,cpu,mem,price\nsmall,2,8,0.1\nbig,8,32,0.4\n");
        let catalogue = catalogue_file(&types).unwrap();
        let head = "at,component,cpu,instance,count\n";
        let good = format!("{head}2027-01-01T02:00:00Z,web,3,big,2\n2027-01-01T01:00:00Z,web,2,small,4\n");
        let read = |name: &str, text: &str| {
            let path = written(name, text);
            let used = usage_file(&path, &columns(), &catalogue);
            std::fs::remove_file(path).unwrap();
            used.map_err(|error| error.to_string())
        };
        let used = read("good", &good).unwrap();
        assert_eq!((used[0].current, used[0].records.len()), (Some((1, 2)), 2));
        for (name, line, said) in [
            ("negative", "2027-01-01T01:00:00Z,web,-2,small,4", "row 1 of the series `cpu` is negative"),
            ("type", "2027-01-01T01:00:00Z,web,2,tiny,4", "`instance` is not in the catalogue"),
            ("count", "2027-01-01T01:00:00Z,web,2,small,0.5", "`count` is no number of instances"),
            ("instant", "yesterday,web,2,small,4", "`at` is no instant"),
        ] {
            let refused = read(name, &format!("{head}{line}\n")).unwrap_err();
            assert!(refused.contains(said), "{refused}");
        }
        std::fs::remove_file(types).unwrap();
    }
}
