//! Drawing laws from record files: `fit:` and `empirical:`.

use std::collections::BTreeMap;

use ninefold_models::fit::{Family, Fit, Observation, Sample, fit, fit_all};
use ninefold_models::lifetime::Law;
use ninefold_models::system::InputValue;
use ninefold_models::uncertainty::bootstrap;
use ninefold_models::units::Hours;

use super::FittedColumn;
use crate::diagnostic::{Code, Diagnostic};
use crate::lower::{At, Lowering, written};
use crate::records::{CensoredAt, Column, Missing, Overlaps, Quality, Record, RecordError, RecordSpec};

/// Record files that have been opened, and the columns drawn from each; a file that could not be read is `None`.
#[derive(Clone, Debug, Default)]
pub(super) struct Drawn {
    records: BTreeMap<String, Option<Record>>,
    columns: BTreeMap<String, BTreeMap<String, Column>>,
}

impl Lowering<'_> {
    /// The law fitted to a column.
    pub(crate) fn fit(&mut self, law: &At<'_>, at: &At<'_>) -> Option<Law> {
        let from = self.required(at, "from")?;
        let family = at.get("family").map_or(Some("auto"), |family| family.text())?;
        let (id, column) = self.declared(&from)?;
        let drawn = self.column(&from, id, column)?;
        let best = match fitted(&drawn, family) {
            Ok(best) => best,
            Err(reason) => {
                self.sink.push(
                    Diagnostic::new(Code::Fit, format!("no law can be fitted to `{column}`: {reason}"), from.span())
                        .hint("look at the column with `ninefold fit`"),
                );
                return None;
            }
        };
        let (family, law_fitted) = (best.family.name(), best.model.law(Hours::new(1.0)));
        let found = match law_fitted {
            Ok(found) => found,
            Err(error) => {
                let message = format!("the fitted law is refused: {error}");
                self.sink.push(Diagnostic::new(Code::Fit, message, from.span()).hint("choose another `family`"));
                return None;
            }
        };
        if at.get("family").is_none() {
            self.assume(
                format!("{}.family", at.path()),
                "auto",
                "a fit without a family takes the one with the least AIC",
            );
        }
        let resampled = at.get("uncertainty").is_some_and(|kind| kind.text() == Some("bootstrap"));
        let uncertainty = if resampled { "bootstrap" } else { "none" };
        self.note_record(&from, written(&found), (id, format!("{id}.{column}:{family}")), uncertainty);
        self.keep_fit(id, column, best.family, &drawn);
        if !resampled {
            self.replaced.push((law.path().to_owned(), written(&found)));
            return Some(found);
        }
        let own = own_id(id, column);
        self.keep_input(&own, &drawn);
        let kept = format!("{{fit: {{from: records.{own}.{VALUE}, family: {family}, uncertainty: bootstrap}}}}");
        self.replaced.push((law.path().to_owned(), kept));
        self.resampled((law, &from), (best.family, found), &drawn)
    }

    /// The fitted law, or in a parameter draw its family fitted to a resample. Fits of one family to the same values are
    /// one input, wherever they stand.
    fn resampled(
        &mut self,
        (at, from): (&At<'_>, &At<'_>),
        (family, found): (Family, Law),
        drawn: &Column,
    ) -> Option<Law> {
        let key = evidence_key(&drawn.values, family);
        let shown = written(&found);
        let law = match self.draw {
            None => Ok(found),
            Some(draw) => bootstrap(&drawn.values, family, (draw.seed, draw.number), &key)
                .map_err(|error| error.to_string())
                .and_then(|fit| fit.model.law(Hours::new(1.0)).map_err(|error| error.to_string())),
        };
        match law {
            Ok(law) => {
                let input = InputValue { path: at.path().to_owned(), value: law.mean().get() };
                self.input(&key, input, shown);
                Some(law)
            }
            Err(reason) => {
                let message = format!("no resample can be fitted: {reason}");
                self.sink.push(
                    Diagnostic::new(Code::Fit, message, from.span())
                        .hint("leave out `uncertainty`, or choose another `family`"),
                );
                None
            }
        }
    }

    /// Keeps what every family says of the column, for the table `fits`; once a column and family.
    fn keep_fit(&mut self, id: &str, column: &str, chosen: Family, drawn: &Column) {
        let kept = |fit: &FittedColumn| fit.record == id && fit.column == column && fit.chosen == chosen;
        if self.evidence.fits.iter().any(kept) {
            return;
        }
        if let Some(ranking) = Sample::new(&drawn.values).ok().and_then(|sample| fit_all(&sample).ok()) {
            let (record, column) = (id.to_owned(), column.to_owned());
            self.evidence.fits.push(FittedColumn { record, column, chosen, ranking });
        }
    }

    /// The recorded values themselves.
    pub(crate) fn empirical(&mut self, at: &At<'_>) -> Option<Law> {
        let (id, column) = self.declared(at)?;
        let drawn = self.column(at, id, column)?;
        if drawn.values.iter().any(|value| value.censored) {
            let message = format!("`{column}` holds censored values, which an empirical law cannot draw");
            self.sink
                .push(Diagnostic::new(Code::Record, message, at.span()).hint("use `fit`, or leave out `censored_at`"));
            return None;
        }
        let law = match Law::empirical(drawn.hours()) {
            Ok(law) => law,
            Err(error) => {
                let message = format!("no law can be drawn from `{column}`: {error}");
                self.sink
                    .push(Diagnostic::new(Code::Record, message, at.span()).hint("look at it with `ninefold fit`"));
                return None;
            }
        };
        let own = own_id(id, column);
        self.keep_input(&own, &drawn);
        self.note_record(at, format!("{} values", drawn.values.len()), (id, String::new()), "none");
        self.replaced.push((at.path().to_owned(), format!("records.{own}.{VALUE}")));
        Some(law)
    }

    /// The numbers of a column, one after the other, `every_h` hours apart, in the unit that `unit` says one is.
    pub(crate) fn recorded_flow(&mut self, at: &At<'_>, every_h: f64, unit: f64) -> Option<Vec<f64>> {
        let (id, column) = self.declared(at)?;
        self.open(id)?;
        let record = self.evidence.drawn.records.get(id).and_then(Option::as_ref)?;
        let values = match record.series(column, every_h) {
            Ok(values) => values,
            Err(error) => {
                self.sink.push(refusal(&error, at));
                return None;
            }
        };
        if !self.evidence.digests.iter().any(|known| known.id == id) {
            self.evidence.digests.push(record.digest(id, &[]));
            self.evidence.digests.sort_by(|a, b| a.id.cmp(&b.id));
        }
        let (own, mut text) = (own_id(id, column), format!("{VALUE}\n"));
        values.iter().for_each(|value| text.push_str(&format!("{value:?}\n")));
        let file = format!("inputs/{own}.csv");
        if !self.evidence.inputs.iter().any(|(known, _)| *known == file) {
            self.evidence.inputs.push((file.clone(), text.into_bytes()));
            self.evidence.sections.push((own.clone(), format!("{{file: {file}}}")));
        }
        self.note_record(at, format!("{} values", values.len()), (id, String::new()), "none");
        self.replaced.push((at.path().to_owned(), format!("records.{own}.{VALUE}")));
        Some(values.into_iter().map(|value| value * unit).collect())
    }

    /// Keeps the values beside the effective scenario, in a file of their own.
    fn keep_input(&mut self, id: &str, column: &Column) {
        let file = format!("inputs/{id}.csv");
        if self.evidence.inputs.iter().any(|(known, _)| *known == file) {
            return;
        }
        let marked = column.values.iter().any(|value| value.censored);
        let mut text = if marked { format!("{VALUE},{CENSORED}\n") } else { format!("{VALUE}\n") };
        for value in &column.values {
            let seconds = seconds_of((column.unit.length() * value.value).get());
            text.push_str(&format!("{seconds:?}"));
            text.push_str(if marked { [",0\n", ",1\n"][usize::from(value.censored)] } else { "\n" });
        }
        let mark = if marked { format!(", censored: {CENSORED}") } else { String::new() };
        self.evidence.inputs.push((file.clone(), text.into_bytes()));
        self.evidence.sections.push((id.to_owned(), format!("{{file: {file}, units: {{{VALUE}: s}}{mark}}}")));
    }

    /// A column of a declared record, read once.
    fn column(&mut self, at: &At<'_>, id: &str, name: &str) -> Option<Column> {
        if let Some(known) = self.evidence.drawn.columns.get(id).and_then(|columns| columns.get(name)) {
            return Some(known.clone());
        }
        self.open(id)?;
        let record = self.evidence.drawn.records.get(id).and_then(Option::as_ref)?;
        match record.column(name) {
            Ok(column) => {
                let columns = self.evidence.drawn.columns.entry(id.to_owned()).or_default();
                columns.insert(name.to_owned(), column.clone());
                let all: Vec<Column> = columns.values().cloned().collect();
                let digest = record.digest(id, &all);
                self.evidence.digests.retain(|known| known.id != id);
                self.evidence.digests.push(digest);
                self.evidence.digests.sort_by(|a, b| a.id.cmp(&b.id));
                Some(column)
            }
            Err(error) => {
                self.sink.push(refusal(&error, at));
                None
            }
        }
    }

    /// Opens a record's file, once.
    fn open(&mut self, id: &str) -> Option<()> {
        if self.evidence.drawn.records.contains_key(id) {
            return Some(());
        }
        let at = self.records.as_ref()?.get(id)?;
        let file = self.required(&at, "file")?;
        let opened = match &self.evidence.folder {
            Some(folder) => record_spec(&at).and_then(|spec| Record::open(&folder.real, spec)),
            None => Err(RecordError::Outside {
                file: file.text().unwrap_or_default().to_owned(),
                reason: "text from standard input has no folder to look in",
            }),
        };
        let record = opened.map_err(|error| self.sink.push(refusal(&error, &file))).ok();
        self.evidence.drawn.records.insert(id.to_owned(), record);
        Some(())
    }
}

/// The column's name in `inputs/`.
const VALUE: &str = "value";

/// The column in `inputs/` that says which values are censored.
const CENSORED: &str = "censored";

/// The id under which a column stands alone in `inputs/`.
fn own_id(id: &str, column: &str) -> String {
    if column == VALUE { id.to_owned() } else { format!("{id}-{}", column.replace('_', "-")) }
}

/// What tells the resamples of one sample and family from those of another.
fn evidence_key(values: &[Observation], family: Family) -> String {
    let mut hasher = blake3::Hasher::new();
    for value in values {
        hasher.update(&value.value.to_bits().to_le_bytes()).update(&[u8::from(value.censored)]);
    }
    format!("{}:{}", family.name(), hasher.finalize().to_hex())
}

/// Seconds that a reader turns into exactly these hours.
fn seconds_of(hours: f64) -> f64 {
    let near = hours * 3600.0;
    let around = [near, near.next_up(), near.next_down()];
    around.into_iter().find(|seconds| seconds / 3600.0 == hours).unwrap_or(near)
}

fn fitted(column: &Column, family: &str) -> Result<Fit, String> {
    let sample = Sample::new(&column.values).map_err(|error| error.to_string())?;
    match Family::named(family) {
        Some(family) => fit(&sample, family).map_err(|error| error.to_string()),
        None => fit_all(&sample).map(|ranking| ranking.best().clone()).map_err(|error| error.to_string()),
    }
}

/// A record as written.
fn record_spec(at: &At<'_>) -> Result<RecordSpec, RecordError> {
    let text = |at: &At<'_>, key: &str| at.get(key).and_then(|value| value.text().map(str::to_owned));
    let names = |key: &str| -> BTreeMap<String, String> {
        let entries = at.get(key).map(|map| map.entries()).unwrap_or_default();
        entries.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.text()?.to_owned()))).collect()
    };
    let mut quality = Quality::default();
    if let Some(rules) = at.get("quality") {
        if let Some(word) = text(&rules, "missing") {
            quality.missing = Missing::named(&word)?;
        }
        if let Some(word) = text(&rules, "overlaps") {
            quality.overlaps = Overlaps::named(&word)?;
        }
        if let Some(word) = text(&rules, "censored_at") {
            quality.censored_at = CensoredAt::named(&word)?;
        }
    }
    Ok(RecordSpec {
        file: text(at, "file").unwrap_or_default(),
        map: names("map"),
        units: names("units"),
        by: text(at, "by"),
        censored: text(at, "censored"),
        quality,
    })
}

fn refusal(error: &RecordError, at: &At<'_>) -> Diagnostic {
    let code = match error {
        RecordError::NoColumn { .. } | RecordError::NoRole { .. } => Code::NoColumn,
        RecordError::Outside { .. } => Code::OutsideFolder,
        RecordError::Unreadable { .. } => Code::Unreadable,
        RecordError::TooLarge { .. } | RecordError::TooManyRows { .. } | RecordError::TooManyColumns { .. } => {
            Code::Limit
        }
        _ => Code::Record,
    };
    Diagnostic::new(code, error.to_string(), at.span()).hint("the file is looked for from the scenario's folder")
}
