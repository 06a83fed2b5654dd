//! Demand over time: a rate, a formula, steps, a list, a file.

use ninefold_models::scaling::Demand;
use ninefold_models::scaling::Tick;
use ninefold_models::scaling::closed_loop::LOOKS_MAX;

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};
use crate::merge::{Folder, read_bounded};
use crate::replay::{demand_file, formula};
use crate::values;

impl Lowering<'_> {
    /// The demand; a formula is taken every `interval` until `length`.
    pub(super) fn demand(
        &mut self,
        at: &At<'_>,
        (interval, length): (Tick, Tick),
        folder: Option<&Folder>,
    ) -> Option<Demand> {
        let steps = match at.variants().first() {
            None => vec![(Tick::ZERO, self.rate(at)?)],
            Some(("formula", found)) => self.formula(found, interval, length)?,
            Some(("list", found)) => self.list(found)?,
            Some(("file", found)) => self.demand_file(found, folder)?,
            Some((_, found)) => self.steps_of(found)?,
        };
        match Demand::new(&steps) {
            Ok(demand) => Some(demand),
            Err(error) => {
                let problem = Diagnostic::new(Code::Range, format!("this is no demand: {error}"), at.span());
                self.sink.push(problem.hint("instants rise from step to step, and demand is 0 or more"));
                None
            }
        }
    }

    fn formula(&mut self, at: &At<'_>, interval: Tick, length: Tick) -> Option<Vec<(Tick, f64)>> {
        let formula = match formula::read(at.text()?) {
            Ok(formula) => formula,
            Err(reason) => {
                let problem = Diagnostic::new(Code::Syntax, format!("the formula cannot be read: {reason}"), at.span());
                let hint = "write as in `100 for t<300, 900 for t<1800, else 100` or `500 + 400*sin(2 pi t/3600)`";
                self.sink.push(problem.hint(hint));
                return None;
            }
        };
        let looks = (length.get() as u64).div_ceil(interval.get() as u64).clamp(1, LOOKS_MAX);
        let step = |k: u64| {
            let at = Tick::new(interval.get().saturating_mul(k as i64));
            (at, formula.at(at.get() as f64 / 1e9))
        };
        let steps: Vec<(Tick, f64)> = (0..looks).map(step).collect();
        match steps.iter().find(|(_, value)| !(0.0..=1e12).contains(value)) {
            None => Some(steps),
            Some((when, value)) => {
                let seconds = when.get() as f64 / 1e9;
                let message = format!("at t = {seconds} s the formula gives {value}");
                let problem = Diagnostic::new(Code::Range, message, at.span());
                self.sink.push(problem.why("demand is from 0 to 1e12").hint("cut it off: `max(0, …)`"));
                None
            }
        }
    }

    fn list(&mut self, at: &At<'_>) -> Option<Vec<(Tick, f64)>> {
        let (every, list) = (self.required(at, "every")?, self.required(at, "values")?);
        let every = self.ticks(&every)?;
        let value = |(k, item): (usize, &At<'_>)| {
            let value = values::number_in(item.text()?, 0.0, 1e12).ok()?;
            Some((Tick::new(every.get().saturating_mul(k as i64)), value))
        };
        list.items().iter().enumerate().map(value).collect()
    }

    fn steps_of(&mut self, at: &At<'_>) -> Option<Vec<(Tick, f64)>> {
        let mut steps = Vec::new();
        for item in at.items() {
            let (from, rate) = (self.required(&item, "from")?, self.required(&item, "rate")?);
            steps.push((self.ticks(&from)?, self.rate(&rate)?));
        }
        Some(steps)
    }

    fn demand_file(&mut self, at: &At<'_>, folder: Option<&Folder>) -> Option<Vec<(Tick, f64)>> {
        let path = self.required(at, "path")?;
        let name = path.text()?;
        let Some(folder) = folder else {
            let problem =
                Diagnostic::new(Code::OutsideFolder, "a scenario without a folder reads no file", path.span());
            self.sink.push(problem.hint("save the scenario as a file beside it"));
            return None;
        };
        let text = match folder.resolve(name, path.span()) {
            Ok(real) => {
                let text = read_bounded(&real);
                let file = real.file_name().map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
                if let Ok(text) = &text {
                    self.evidence.inputs.push((format!("inputs/{file}"), text.clone().into_bytes()));
                }
                text
            }
            Err(problem) => {
                self.sink.push(*problem);
                return None;
            }
        };
        let named = |key: &str| at.get(key).and_then(|found| found.text().map(str::to_owned));
        let columns = (named("time"), named("value"));
        let steps = text.and_then(|text| {
            demand_file::read(&text, (columns.0.as_deref(), columns.1.as_deref()))
                .map_err(|message| (Code::Record, format!("`{name}` holds no demand: {message}")))
        });
        steps
            .map_err(|(code, message)| {
                let hint = "a CSV file with a header, a column of seconds or instants, and one of demand per second";
                self.sink.push(Diagnostic::new(code, message, path.span()).hint(hint));
            })
            .ok()
    }
}
