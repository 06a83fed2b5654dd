//! Scenarios of a case about queues, and what is read from them.

use super::super::super::case::{Expected, Value};
use super::super::super::clock::Clock;
use super::super::super::study::{Ask, Engines, Plan, Reading, Scenario, Study, Written};
use super::super::Given;

/// The component of a case that has one queue.
pub(super) const STATION: &str = "components.station";

/// Numbers that a case gives are in this range.
pub(super) const RATES: (f64, f64) = (1e-9, 1e9);

/// The plan of a case as it grows.
pub(super) struct Sheet<'a> {
    title: &'a str,
    pub(super) plan: Plan,
    /// Instants that are asked for, in hours, and the length of the scenario.
    pub(super) report_at_h: Vec<f64>,
    pub(super) horizon_h: f64,
    /// Further keys of `run`.
    pub(super) run_also: String,
}

/// Where an answer is found: scenario, entity, measure, and `offset + scale ×` it.
pub(super) struct Found<'a> {
    pub(super) study: &'a str,
    pub(super) entity: String,
    pub(super) measure: &'a str,
    pub(super) at_h: Option<f64>,
    pub(super) scale: f64,
    pub(super) offset: f64,
    /// Whether the engine's saying that there is none would be an answer.
    pub(super) may_be_absent: bool,
}

impl<'a> Found<'a> {
    /// A measure as it is.
    pub(super) fn plain(study: &'a str, entity: &str, measure: &'a str) -> Self {
        Self { study, entity: entity.to_owned(), measure, at_h: None, scale: 1.0, offset: 0.0, may_be_absent: false }
    }
}

impl<'a> Sheet<'a> {
    pub(super) fn new(given: &Given<'a>) -> Self {
        Self {
            title: given.id(),
            plan: Plan::default(),
            report_at_h: Vec::new(),
            horizon_h: 1.0,
            run_also: String::new(),
        }
    }

    /// Asks each known answer of what `find` says of it; `sections` writes a scenario by its name.
    pub(super) fn ask_all<'b>(
        mut self,
        given: &Given<'_>,
        find: impl Fn(&str) -> Option<Found<'b>>,
        sections: impl Fn(&str) -> String,
    ) -> Plan {
        for (place, expected) in given.answers() {
            match find(&expected.measure) {
                // A remark is no answer.
                None if expected.measure == "note" => {}
                None => self.unknown((place, expected)),
                Some(found) if expected.value == Value::Nothing && found.may_be_absent => {
                    let reading = Reading::Absent { measure: found.measure.to_owned() };
                    self.ask((place, found), reading, &sections);
                }
                Some(_) if !matches!(expected.value, Value::Number(_)) => {
                    self.plan.refused.push((place, "the value is no number".to_owned()));
                }
                Some(found) => {
                    let (scale, offset) = (found.scale, found.offset);
                    let reading =
                        Reading::Measure { measure: found.measure.to_owned(), at_h: found.at_h, scale, offset };
                    self.ask((place, found), reading, &sections);
                }
            }
        }
        self.plan
    }

    fn unknown(&mut self, (place, expected): (usize, &Expected)) {
        self.plan.refused.push((place, format!("the measure `{}` is not known", expected.measure)));
    }

    fn ask(&mut self, (place, found): (usize, Found<'_>), reading: Reading, sections: impl Fn(&str) -> String) {
        let Found { study, entity, .. } = found;
        let ask = Ask::of(place, entity, reading, Engines::EXACT);
        if let Some(known) = self.plan.studies.iter_mut().find(|known| known.name == study) {
            known.asks.push(ask);
            return;
        }
        let written = Written {
            title: self.title.to_owned(),
            sections: sections(study),
            clock: Clock::Hour,
            horizon_h: self.horizon_h,
            warmup_h: 0.0,
            report_at_h: self.report_at_h.clone(),
            until_first_failure: false,
            stationary: false,
            events_per_h: 1.0,
            run_also: self.run_also.clone(),
        };
        let scenario = Scenario::Written(written);
        self.plan.studies.push(Study { name: study.to_owned(), scenario, asks: vec![ask] });
    }
}

/// A journey that calls the one queue so often a second.
pub(super) fn calls(rate: f64) -> String {
    format!("journeys: {{calls: {{path: [station], demand: {rate}/s}}}}\n")
}

/// An exponential law of this rate a second.
pub(super) fn exponential(rate: f64) -> String {
    format!("{{exponential: {{mean: {}s}}}}", 1.0 / rate)
}

/// The measure that a case means by a common name.
pub(super) fn common(name: &str) -> Option<&'static str> {
    Some(match name {
        "p_wait" | "p_wait_exact" => "p_wait",
        "Lq" | "Lq_exact" => "queue_length",
        "L" => "in_system",
        "Wq" | "Wq_exact" | "Wq_all" => "wait_mean",
        "W" => "sojourn_mean",
        "wait_p50" => "wait_p50",
        "wait_p95" => "wait_p95",
        "wait_p99" => "wait_p99",
        "sojourn_p50" => "sojourn_p50",
        "sojourn_p95" => "sojourn_p95",
        "sojourn_p99" => "sojourn_p99",
        "rho" | "utilisation" | "per_server_occupancy" => "utilisation",
        "p_block" | "blocking" => "p_block",
        "p_abandon" => "p_abandon",
        "p_empty" => "p_empty",
        "throughput" | "carried" => "throughput",
        "service_mean" => "service_mean",
        "service_scv" => "service_scv",
        "mean_servers_up" => "servers_up",
        "arrival_rate" => "arrival_rate",
        _ => return None,
    })
}
