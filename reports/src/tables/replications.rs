//! Table `replications`: what every entity did in every single replication. Its rows are as many as a run is long, so they
//! are never held at once: they come from disk and go to disk, a row group at a time.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use ninefold_models::metric::per_replication::{EntityRow, next_row};
use ninefold_models::system::System;
use polars::prelude::PolarsError;

use super::digest::{Digested, Digesting};
use super::frame::TableError;
use super::schema::{Column, ColumnSchema, Definition, Table};

/// File name without extension.
pub(crate) const NAME: &str = "replications";

/// Rows of a row group, as far as whole replications go into it.
const GROUP_ROWS: usize = 1 << 16;

/// Rows on disk: spools that follow one another in order of replication.
#[derive(Clone, Copy, Debug)]
pub struct Spooled<'a> {
    /// The spools.
    pub files: &'a [PathBuf],
    /// The system whose entities they are about.
    pub system: &'a System,
}

/// An entity in a replication.
struct Row<'a> {
    rep: u64,
    entity: &'a str,
    is_journey: bool,
    of: EntityRow,
}

fn columns<'a>() -> Vec<Column<Row<'a>>> {
    vec![
        Column::count("rep", "1", "Replication, from 0.", |r| Some(r.rep)),
        Column::text("entity", "The entity.", |r| r.entity.to_owned()),
        Column::float("downtime_min", "min", "Time it was down within the measured time.", |r| {
            Some(60.0 * r.of.down.hours())
        }),
        Column::count("failures", "1", "Up-to-down transitions within the measured time.", |r| Some(r.of.failures)),
        Column::float(
            "unserved_min",
            "min",
            "Demand of a journey not served in full quality within the measured time, as minutes of full demand.",
            |r| r.is_journey.then(|| 60.0 * r.of.lost.hours()),
        ),
        Column::float(
            "first_down_h",
            "h",
            "The first instant at which it was down, since the start, the warm-up included; null if it never was.",
            |r| r.of.first_down.map(|at| at.hours()),
        ),
    ]
}

fn schema() -> Vec<ColumnSchema> {
    columns().iter().map(Column::schema).collect()
}

/// The table's definition.
pub(super) const fn definition() -> Definition {
    let meaning = "What every entity did in every single replication; written, as Parquet, on `--per-replication`.";
    Definition::streamed((NAME, "replication × entity", meaning), schema)
}

/// Writes the rows of the first `replications` replications as Parquet.
///
/// # Errors
/// [`TableError`] if a spool cannot be read or ends early, or the file cannot be written.
pub(crate) fn write(spooled: Spooled<'_>, replications: u64, file: impl Write) -> Result<Digested, TableError> {
    let tracked = &spooled.system.tracked;
    let names: Vec<&str> = tracked.iter().map(|tracked| tracked.entity()).collect();
    let journeys = spooled.system.journeys.len();
    let mut bytes = Bytes::new(spooled.files);
    let table = |rows: &[Row<'_>]| Table { name: NAME, columns: columns().iter().map(|c| c.series(rows)).collect() };
    let empty = table(&[]);
    let refuse = |source: PolarsError| empty.error(source);
    let mut digesting = Digesting::new(NAME, &empty.columns, replications * names.len() as u64);
    let mut writer = empty.parquet(file).batched(empty.frame()?.schema()).map_err(refuse)?;
    let per_group = (GROUP_ROWS / names.len().max(1)).max(1) as u64;
    let mut rows = Vec::new();
    for rep in 0..replications {
        for (id, &entity) in names.iter().enumerate() {
            let of = next_row(&mut bytes).ok_or_else(|| refuse(bytes.error().into()))?;
            rows.push(Row { rep, entity, is_journey: id < journeys, of });
        }
        if (rep + 1) % per_group == 0 || rep + 1 == replications {
            let group = table(&rows);
            digesting.add(&group);
            writer.write_batch(&group.frame()?).map_err(refuse)?;
            rows.clear();
        }
    }
    writer.finish().map_err(refuse)?;
    Ok(digesting.finish())
}

/// The bytes of several files, one after the other.
struct Bytes<'a> {
    left: std::slice::Iter<'a, PathBuf>,
    open: Option<io::Bytes<BufReader<File>>>,
    error: Option<io::Error>,
}

impl<'a> Bytes<'a> {
    fn new(files: &'a [PathBuf]) -> Self {
        Self { left: files.iter(), open: None, error: None }
    }

    /// Why there are no more.
    fn error(&mut self) -> io::Error {
        let ended = || io::Error::new(io::ErrorKind::UnexpectedEof, "the rows that were put aside end early");
        self.error.take().unwrap_or_else(ended)
    }

    fn next_file(&mut self) -> Option<()> {
        let open = |path: &Path| File::open(path).map(|file| BufReader::new(file).bytes());
        match open(self.left.next()?) {
            Ok(bytes) => self.open = Some(bytes),
            Err(error) => self.error = Some(error),
        }
        self.open.as_ref().map(|_| ())
    }
}

impl Iterator for Bytes<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        loop {
            match self.open.as_mut().and_then(Iterator::next) {
                Some(Ok(byte)) => return Some(byte),
                Some(Err(error)) => {
                    self.error = Some(error);
                    return None;
                }
                None => {
                    self.open = None;
                    self.next_file()?;
                }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Cursor;

    use ninefold_models::metric::per_replication::append;
    use ninefold_models::replication::World;
    use polars::prelude::{ParquetReader, SerReader};

    use super::*;
    use crate::toy_shop::ToyShop;

    #[test]
    fn rows_in_several_files_become_one_table_in_row_groups() {
        let system = System::build(ToyShop::new().spec).unwrap();
        let entities = system.tracked.len() as u64;
        let replications = GROUP_ROWS as u64 / entities + 10;
        let mut world = World::new(&system);
        let mut parts = [Vec::new(), Vec::new()];
        let mut down_h = 0.0;
        for rep in 0..replications {
            let trace = world.run(3, rep).unwrap();
            append(&system, trace, &mut parts[usize::from(rep >= 100)]);
            down_h += trace.outages[0].iter().map(|outage| outage.end.since(outage.start).hours()).sum::<f64>();
        }
        let dir = std::env::temp_dir().join(format!("ninefold-reports-spools-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let files = [dir.join("a"), dir.join("b")];
        files.iter().zip(&parts).for_each(|(file, part)| std::fs::write(file, part).unwrap());
        let spooled = Spooled { files: &files, system: &system };
        let (mut whole, mut fewer) = (Cursor::new(Vec::new()), Cursor::new(Vec::new()));
        let digest = write(spooled, replications, &mut whole).unwrap();
        let of_fewer = write(spooled, replications - 1, &mut fewer).unwrap();
        let too_many = write(spooled, replications + 1, Cursor::new(Vec::new()));
        std::fs::remove_dir_all(&dir).unwrap();
        assert_eq!(digest.rows, replications * entities);
        assert_ne!(digest.blake3, of_fewer.blake3);
        assert!(format!("{:?}", too_many.unwrap_err()).contains("end early"));
        let frame = ParquetReader::new(whole).finish().unwrap();
        assert_eq!(frame.height() as u64, digest.rows);
        let downtime = frame.column("downtime_min").unwrap().f64().unwrap();
        let of_first: f64 = (0..frame.height()).step_by(entities as usize).filter_map(|row| downtime.get(row)).sum();
        assert!((of_first / 60.0 / down_h - 1.0).abs() < 1e-9, "{of_first} {down_h}");
    }
}
