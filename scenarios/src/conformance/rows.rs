//! From a case to its rows.

use ninefold_models::exact::solve;
use ninefold_models::results::Results;

use super::case::{Case, Value};
use super::clock::Clock;
use super::engines::{self, NoAnswer};
use super::forecasts;
use super::judging::{self, Known};
use super::outages;
use super::outcome::{Engine, Row, Verdict};
use super::parted;
use super::replays;
use super::study::{Ask, Reading, Scenario, Study, Wish};

/// A judged case.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// One row for each known value and engine that answered; one where none did.
    pub rows: Vec<Row>,
    /// File name and text of every scenario that was written for the case.
    pub scenarios: Vec<(String, String)>,
}

/// Judges a case: a pure function of the case and the trace it names, for any number of threads.
pub fn judge(case: &Case) -> Judged {
    let mut found: Vec<(usize, Row)> = Vec::new();
    let mut judged = Judged::default();
    for (place, reason) in &case.plan.refused {
        found.push((*place, Row { note: reason.clone(), ..blank(case, *place) }));
    }
    for (at, study) in case.plan.studies.iter().enumerate() {
        let answered = Answered::of(case, at, study);
        for (nth, ask) in study.asks.iter().enumerate() {
            found.extend(answered.rows(case, (nth, ask)).into_iter().map(|row| (ask.place, row)));
        }
        if let Scenario::Written(written) = &answered.simulated.scenario {
            let text = written.text(answered.replications);
            judged.scenarios.push((file_name(&case.id, &study.name), text));
        }
    }
    for study in &case.plan.replays {
        found.extend(replays::rows(case, study, |place| blank(case, place)));
        judged.scenarios.push((file_name(&case.id, &study.name), study.text.clone()));
    }
    for study in &case.plan.parted {
        found.extend(parted::rows(case, study, |place| blank(case, place)));
    }
    for study in &case.plan.forecasts {
        found.extend(forecasts::rows(case, study, |place| blank(case, place)));
    }
    found.sort_by_key(|(place, _)| *place);
    judged.rows = found.into_iter().map(|(_, row)| row).collect();
    judged
}

/// A name for the file of a scenario, whatever the case is called.
fn file_name(id: &str, study: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._+-".contains(c) { c } else { '-' };
    let name: String = id.chars().map(plain).collect();
    format!("{}.{study}.yaml", name.trim_start_matches('.'))
}

fn blank(case: &Case, place: usize) -> Row {
    let expected = &case.expected[place];
    let known = (expected.value != Value::Composed).then(|| expected.value.clone());
    let measure = expected.measure.clone();
    Row { case: case.id.clone(), family: case.family.clone(), measure, expected: known, ..Row::default() }
}

/// What the engines say to a study.
struct Answered {
    /// The study as it was simulated: with the unit of time in which it could be.
    simulated: Study,
    replications: u64,
    exact: Result<ninefold_models::exact::Solutions, NoAnswer>,
    results: Option<Result<Results, NoAnswer>>,
}

impl Answered {
    fn of(case: &Case, at: usize, study: &Study) -> Self {
        let known: Vec<f64> = case.expected.iter().map(|expected| number(&expected.value)).collect();
        let exact = engines::ready(&study.scenario, 1).map(|ready| solve(&ready.system));
        let wanted = study.asks.iter().any(|ask| ask.engines.simulation != Wish::No);
        let mut answered = Self { simulated: study.clone(), replications: 1, exact, results: None };
        if !wanted || answered.exact.is_err() {
            return answered;
        }
        for clock in Clock::ALL {
            let again = if clock == Clock::Hour { Some(study.clone()) } else { case.rewritten(at, clock) };
            let Some(study) = again else { break };
            let simulated = engines::simulate(&study, &known);
            let outlives = matches!(simulated, Err(NoAnswer::OutlivesTheClock(_)));
            answered.replications = simulated.as_ref().map_or(1, |(_, replications)| *replications);
            answered.results = Some(simulated.map(|(results, _)| results));
            answered.simulated = study;
            if !outlives {
                break;
            }
        }
        answered
    }

    /// The rows of one known value: one an engine that answered or had to, else one that says why there is none.
    fn rows(&self, case: &Case, (nth, ask): (usize, &Ask)) -> Vec<Row> {
        let expected = &case.expected[ask.place];
        let known = Known { value: number(&expected.value), accuracy: expected.accuracy };
        let blank = blank(case, ask.place);
        let solutions = match &self.exact {
            Ok(solutions) => solutions,
            Err(no) => return vec![refused(blank, None, no)],
        };
        if let Reading::Absent { measure } = &ask.reading {
            return engines::absent(solutions, (&ask.entity, measure))
                .map(|said| none(blank, said))
                .into_iter()
                .collect();
        }
        let (mut rows, mut reasons) = (Vec::new(), Vec::new());
        if ask.engines.exact != Wish::No {
            match engines::exact(solutions, ask) {
                Ok(got) => rows.push(judging::exact(blank.clone(), known, got)),
                Err(reason) if ask.engines.exact == Wish::Must => {
                    rows.push(failed(blank.clone(), Engine::Exact, reason));
                }
                Err(reason) => reasons.push(reason),
            }
        }
        let ask = &self.simulated.asks[nth];
        let results = self.results.as_ref().filter(|_| ask.engines.simulation != Wish::No);
        match results {
            None => {}
            Some(Err(no)) => rows.push(refused(blank.clone(), Some(Engine::Simulation), no)),
            Some(Ok(results)) if ask.reading == Reading::Outages => {
                rows.push(self.outages(blank.clone(), (results, ask), &expected.value));
            }
            Some(Ok(results)) => match engines::estimate(results, ask) {
                Ok(got) => {
                    let what = (&got, &ask.reading, ask.precision);
                    rows.push(judging::simulated(blank.clone(), known, what));
                }
                Err(reason) if ask.engines.simulation == Wish::Must => {
                    rows.push(failed(blank.clone(), Engine::Simulation, reason));
                }
                Err(reason) => reasons.push(reason),
            },
        }
        if rows.is_empty() {
            rows.push(Row { note: reasons.join("; "), ..blank });
        }
        rows
    }

    fn outages(&self, blank: Row, (results, ask): (&Results, &Ask), expected: &Value) -> Row {
        let clock = match &self.simulated.scenario {
            Scenario::Written(written) => written.clock,
            Scenario::File(_) => Clock::Hour,
        };
        let told = engines::told(results, ask, clock.case_hours());
        let same = matches!(expected, Value::Text(text) if outages::same(text, &told));
        let (verdict, note) = match same {
            true => (Verdict::Passed, String::new()),
            false => (Verdict::Failed, format!("told: {told}")),
        };
        Row { engine: Some(Engine::Simulation), got_text: Some(told), verdict, note, ..blank }
    }
}

/// The row of a value that does not exist.
fn none(row: Row, said: Result<String, f64>) -> Row {
    let row = Row { engine: Some(Engine::Exact), ..row };
    match said {
        Ok(why) => Row { got_text: Some("none".to_owned()), verdict: Verdict::Passed, note: why, ..row },
        Err(got) => Row { got: Some(got), verdict: Verdict::Failed, note: "there is none".to_owned(), ..row },
    }
}

fn number(value: &Value) -> f64 {
    match value {
        Value::Number(value) => *value,
        Value::Text(_) | Value::Nothing | Value::Composed => f64::NAN,
    }
}

fn failed(row: Row, engine: Engine, note: String) -> Row {
    Row { engine: Some(engine), verdict: Verdict::Failed, note, ..row }
}

fn refused(row: Row, engine: Option<Engine>, no: &NoAnswer) -> Row {
    match no {
        NoAnswer::NotSupported(note) | NoAnswer::OutlivesTheClock(note) => {
            Row { engine, verdict: Verdict::NotSupported, note: note.clone(), ..row }
        }
        NoAnswer::Refused(note) => Row { engine, verdict: Verdict::Failed, note: note.clone(), ..row },
    }
}
