//! Cases that bring their own scenario: `NAME.toml` beside it.

use std::path::{Component, Path};

use serde::Deserialize;

use super::case::{Case, Expected, Value};
use super::judging::EXACT_RELATIVE;
use super::study::{Ask, Engines, Plan, Precision, Reading, Scenario, Study, Wish};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    source: String,
    scenario: String,
    expect: Vec<Expect>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    entity: String,
    measure: String,
    /// The instant of a point measure.
    at_h: Option<f64>,
    /// The size of a worst window.
    window_h: Option<f64>,
    value: f64,
    engines: Vec<Engine>,
    /// For the exact engine: accuracy of the value, if coarser than [`EXACT_RELATIVE`].
    relative: Option<f64>,
    /// For the simulation: a wide interval must not pass.
    standard_error_at_most: Option<f64>,
    /// For the simulation, where a row has no standard error: the distance allowed.
    within: Option<f64>,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Engine {
    Exact,
    Simulation,
}

/// The case in the text of the file at `path`, which is file number `file`.
pub(super) fn case(path: &Path, text: &str, file: u32) -> Result<Case, Box<Diagnostic>> {
    let written: Written = toml::from_str(text).map_err(|error| {
        let byte = |at: usize| u32::try_from(at).unwrap_or(0);
        let span = error.span().map_or(Span::top(file), |at| Span { file, start: byte(at.start), end: byte(at.end) });
        Box::new(Diagnostic::new(Code::Shape, error.message().to_owned(), span).hint("its neighbours show the format"))
    })?;
    let wrong =
        |message: String, hint: &str| Box::new(Diagnostic::new(Code::Shape, message, Span::top(file)).hint(hint));
    if written.source.is_empty() || written.expect.is_empty() {
        return Err(wrong("the case proves nothing".to_owned(), "give its `source` and something to `expect`"));
    }
    let beside = Path::new(&written.scenario);
    if beside.components().any(|part| !matches!(part, Component::Normal(_))) {
        return Err(wrong(format!("`{}` leaves the folder of the case", written.scenario), "put it beside the case"));
    }
    let mut asks = Vec::new();
    for (place, expect) in written.expect.iter().enumerate() {
        asks.push(expect.ask(place).map_err(|message| wrong(message, "its neighbours show the format"))?);
    }
    let scenario = Scenario::File(path.parent().unwrap_or(Path::new("")).join(beside));
    let study = Study { name: "scenario".to_owned(), scenario, asks };
    let id = path.file_stem().map_or(written.name, |stem| stem.to_string_lossy().into_owned());
    let plan = Plan { studies: vec![study], ..Plan::default() };
    let expected = written.expect.iter().map(Expect::expected).collect();
    Ok(Case { id, family: "scenario".to_owned(), expected, plan, origin: None })
}

impl Expect {
    fn expected(&self) -> Expected {
        let at = self.at_h.or(self.window_h).map_or(String::new(), |at| format!(" ({at} h)"));
        Expected {
            measure: format!("{}.{}{at}", self.entity, self.measure),
            value: Value::Number(self.value),
            accuracy: self.relative.unwrap_or(EXACT_RELATIVE),
        }
    }

    fn ask(&self, place: usize) -> Result<Ask, String> {
        let named = format!("{}.{}", self.entity, self.measure);
        let wish = |engine| if self.engines.contains(&engine) { Wish::Must } else { Wish::No };
        let engines = Engines { exact: wish(Engine::Exact), simulation: wish(Engine::Simulation) };
        let precision = match (self.within, self.standard_error_at_most) {
            (Some(within), None) => Precision::Within(within),
            (None, Some(most)) => Precision::StandardErrorAtMost(most),
            (None, None) if engines.simulation == Wish::No => Precision::Relative,
            _ => return Err(format!("{named}: the simulation needs `standard_error_at_most`, or `within`")),
        };
        if self.engines.is_empty() {
            return Err(format!("{named} asks no engine"));
        }
        let reading = match (self.window_h, self.measure.as_str()) {
            (Some(window_h), _) => Reading::WorstWindow { window_h },
            (None, "birnbaum" | "criticality" | "fussell_vesely" | "raw" | "rrw") => {
                Reading::Importance { measure: self.measure.clone() }
            }
            (None, measure) => {
                Reading::Measure { measure: measure.to_owned(), at_h: self.at_h, scale: 1.0, offset: 0.0 }
            }
        };
        Ok(Ask { place, entity: self.entity.clone(), reading, engines, precision })
    }
}
