//! Uncertain numbers: their mean at the point values, what is drawn for them in a parameter draw.

use ninefold_models::system::InputValue;
use ninefold_models::uncertainty::{InputError, InputLaw};

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};
use crate::values::{self, Refusal};

/// A parameter draw: the run's seed and the number of the draw, from 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draw {
    pub(crate) seed: u64,
    pub(crate) number: u32,
}

/// How a single value of a kind is read, and the unit it is in then.
type Reader<'r> = (&'r dyn Fn(&str) -> Result<f64, Refusal>, &'r str);

impl Lowering<'_> {
    /// The number at a place that may be uncertain.
    pub(super) fn value(&mut self, at: &At<'_>, (read, unit): Reader<'_>) -> Option<f64> {
        if let Some(text) = at.text() {
            let value = read(text).ok()?;
            self.note(at, unit);
            return Some(value);
        }
        let variants = at.variants();
        let [(kind, inner)] = variants.as_slice() else { return None };
        let mut parameter = |key: &str| self.required(inner, key).and_then(|at| read(at.text()?).ok());
        let made = match *kind {
            "beta" => {
                let mean = parameter("mean");
                let n = self.required(inner, "n").and_then(|n| values::number_in(n.text()?, 0.0, 1e9).ok());
                let trials = |key: &str| {
                    let found = inner.get(key).and_then(|at| values::count(at.text()?, 0, 1_000_000_000).ok());
                    found.unwrap_or(0) as f64
                };
                InputLaw::beta(mean?, n?).and_then(|law| law.after(trials("passed"), trials("failed")))
            }
            "pert" => {
                let [min, mode, max] = ["min", "mode", "max"].map(&mut parameter);
                InputLaw::pert(min?, mode?, max?)
            }
            _ => return None,
        };
        let law = self.believed(made, kind, inner)?;
        let value = match self.draw {
            Some(Draw { seed, number }) => law.draw(seed, number, at.path()),
            None => law.mean(),
        };
        self.note_uncertain(at, unit, kind);
        self.input(at.path(), InputValue { path: at.path().to_owned(), value }, shown(value, unit));
        Some(value)
    }

    /// Writes down an uncertain input, once a key; `shown` is its value as it would be written.
    pub(crate) fn input(&mut self, key: &str, input: InputValue, shown: String) {
        if self.input_keys.insert(key.to_owned()) {
            self.point_values.push((input.path.clone(), shown));
            self.inputs.push(input);
        }
    }

    /// The law of an input, or its refusal at the parameter that is to blame.
    pub(super) fn believed(&mut self, made: Result<InputLaw, InputError>, kind: &str, at: &At<'_>) -> Option<InputLaw> {
        let error = match made {
            Ok(law) => return Some(law),
            Err(error) => error,
        };
        let place = at.get(error.parameter).map_or(at.span(), |found| found.span());
        self.sink.push(
            Diagnostic::new(Code::LawRange, format!("`{kind}.{}` is outside its range", error.parameter), place)
                .label(format!("is {}", error.value))
                .why("no such law exists")
                .hint(format!("allowed is {}", error.allowed)),
        );
        None
    }
}

fn shown(value: f64, unit: &str) -> String {
    match unit {
        "h" => format!("{value}h"),
        "1/s" => format!("{value}/s"),
        "1" => value.to_string(),
        flow => format!("{value} {flow}"),
    }
}
