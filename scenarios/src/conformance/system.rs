//! From a system and the measures asked of it to scenarios: one for the long run, one for instants, one to the first
//! failure, and one for each window.

use super::case::{Expected, Value};
use super::clock::Clock;
use super::measures::{Asked, Side};
use super::refusal::Refusal;
use super::study::{Ask, Engines, HORIZON_MAX_H, Plan, Precision, Reading, Scenario, Study, Written};

/// Failures and repairs in a replication of the long run.
const EVENTS_WANTED: f64 = 2000.0;

/// Hours in a year of the per-year figures.
const YEAR_H: f64 = 8760.0;

/// A system of a case, whose journey is called `system`.
#[derive(Clone, Debug)]
pub(super) struct System<'a> {
    /// The case's id.
    pub(super) title: &'a str,
    pub(super) clock: Clock,
    /// The scenario's sections but `calendar` and `run`.
    pub(super) sections: String,
    /// Failures and repairs to be expected in an hour of the case.
    pub(super) events_per_h: f64,
    /// The time after which the start is forgotten, h.
    pub(super) settled_h: f64,
    /// The time over which the distribution of downtime is asked, h.
    pub(super) horizon_h: Option<f64>,
}

/// Where a value is found that only its family knows: scenario, entity and reading.
pub(super) struct Place {
    /// The name of the scenario; those of one name are one.
    pub(super) study: String,
    pub(super) entity: String,
    pub(super) reading: Reading,
    pub(super) engines: Engines,
}

/// Which run of a system it is read from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Span {
    /// Once the start is forgotten.
    LongRun,
    /// From new to an instant, h.
    Until(f64),
    /// Between two instants, h.
    Window(f64, f64),
    /// From the long run over a time, h.
    Stationary(f64),
    /// From new to the first failure of every journey.
    FirstFailure,
}

const LONG_RUN: &str = "long-run";
const INSTANTS: &str = "instants";
const FIRST_FAILURE: &str = "first-failure";
const DOWNTIME: &str = "downtime";
const AGREEMENT: &str = "agreements.limit";
const SYSTEM: &str = "journeys.system";

/// The measure itself, `offset + scale ×` it.
pub(super) fn reading(measure: &str, scale: f64, offset: f64) -> Reading {
    Reading::Measure { measure: measure.to_owned(), at_h: None, scale, offset }
}

impl Side {
    /// `measure` is of this side; what is read is the other's.
    fn of(self, measure: &str, measured: Self) -> Reading {
        if self == measured { reading(measure, 1.0, 0.0) } else { reading(measure, -1.0, 1.0) }
    }
}

fn at(instant: f64, clock: Clock, mut reading: Reading) -> Reading {
    if let Reading::Measure { at_h, .. } = &mut reading {
        *at_h = Some(clock.scenario_hours(instant));
    }
    reading
}

impl System<'_> {
    /// Asks for a measure of the system by the name that the case gives it.
    pub(super) fn ask(&self, plan: &mut Plan, (place, expected): (usize, &Expected)) {
        let asked = match (&expected.value, Asked::parse(&expected.measure)) {
            (Value::Number(_), Some(asked)) => asked,
            (Value::Number(_), None) => {
                return plan.refused.push((place, format!("the measure `{}` is not known", expected.measure)));
            }
            _ => return plan.refused.push((place, "the value is no number".to_owned())),
        };
        match self.find(asked) {
            Ok((study, reading, engines)) => {
                let entity = if study.0.starts_with(DOWNTIME) { AGREEMENT } else { SYSTEM };
                self.add(plan, study, Ask::of(place, entity, reading, engines));
            }
            Err(Refusal::NotSupported(reason)) => plan.refused.push((place, reason)),
            Err(Refusal::Wrong(problem)) => plan.refused.push((place, problem.message().to_owned())),
        }
    }

    /// Asks for what is found at a place of the family's own.
    pub(super) fn ask_at(&self, plan: &mut Plan, place: usize, (span, found): (Span, Place)) {
        let (written, reading) = match span {
            Span::LongRun => (self.long_run(), found.reading),
            Span::Until(instant) => (self.instants(instant).1, at(instant, self.clock, found.reading)),
            Span::Window(from, to) => (self.window(from, to).1, found.reading),
            Span::Stationary(span) => (Written { stationary: true, ..self.written(span, 0.0) }, found.reading),
            Span::FirstFailure => (self.first_failure(), found.reading),
        };
        self.add(plan, (found.study, written), Ask::of(place, found.entity, reading, found.engines));
    }

    /// The scenario, reading and engines for a measure.
    fn find(&self, asked: Asked) -> Result<((String, Written), Reading, Engines), Refusal> {
        let hours = self.clock.case_hours();
        let long_run = |reading| ((LONG_RUN.to_owned(), self.long_run()), reading, Engines::BOTH);
        let by = |instant, measure, side: Side| {
            let reading = at(instant, self.clock, side.of(measure, Side::Up));
            (self.instants(instant), reading, Engines::BOTH)
        };
        let window = |(from, to), reading| (self.window(from, to), reading, Engines::SIMULATION);
        Ok(match asked {
            Asked::Steady(side) => long_run(side.of("unavailability", Side::Down)),
            Asked::Frequency => long_run(reading("failure_rate", 1.0 / (YEAR_H * hours), 0.0)),
            Asked::MeanDown => long_run(reading("mttr", hours, 0.0)),
            Asked::MeanUp => long_run(reading("mut", hours, 0.0)),
            Asked::MeanBetween => long_run(reading("mtbf", hours, 0.0)),
            Asked::MeanToFirst => {
                ((FIRST_FAILURE.to_owned(), self.first_failure()), reading("mttf", hours, 0.0), Engines::BOTH)
            }
            Asked::Point(side, instant) => by(instant, "availability_at", side),
            Asked::FirstBy(side, instant) => by(instant, "reliability_at", side),
            Asked::Interval(side, 0.0, to) => by(to, "interval_availability_at", side),
            Asked::Interval(side, from, to) => window((from, to), side.of("unavailability", Side::Down)),
            Asked::Failures(from, to) => {
                let span = self.clock.scenario_hours(to - from);
                window((from, to), reading("failure_rate", span / YEAR_H, 0.0))
            }
            Asked::Downtime(from, to) => window((from, to), reading("unavailability", to - from, 0.0)),
            Asked::NoFailure => by(self.horizon()?, "reliability_at", Side::Up),
            Asked::DowntimeInHorizon => {
                let horizon = self.horizon()?;
                window((0.0, horizon), reading("unavailability", horizon, 0.0))
            }
            // Nothing down at all: not down yet at the horizon.
            Asked::DowntimeAbove(side, 0.0) => by(self.horizon()?, "reliability_at", side),
            Asked::DowntimeAbove(side, limit) => {
                (self.downtime(limit)?, side.of("breach_probability", Side::Down), Engines::SIMULATION)
            }
        })
    }

    /// The time over which downtime is summed.
    fn horizon(&self) -> Result<f64, Refusal> {
        self.horizon_h.ok_or_else(|| Refusal::not_supported("the case names no horizon"))
    }

    fn written(&self, horizon_h: f64, warmup_h: f64) -> Written {
        Written {
            title: self.title.to_owned(),
            sections: self.sections.clone(),
            clock: self.clock,
            horizon_h,
            warmup_h,
            report_at_h: Vec::new(),
            until_first_failure: false,
            stationary: false,
            events_per_h: self.events_per_h,
            run_also: String::new(),
        }
    }

    fn long_run(&self) -> Written {
        let most = HORIZON_MAX_H * self.clock.case_hours();
        let warmup_h = self.settled_h.min(most / 2.0);
        let span = (EVENTS_WANTED / self.events_per_h).max(10.0 * warmup_h);
        self.written((warmup_h + span).min(most), warmup_h)
    }

    fn first_failure(&self) -> Written {
        Written { until_first_failure: true, ..self.written(YEAR_H, 0.0) }
    }

    fn instants(&self, instant: f64) -> (String, Written) {
        (INSTANTS.to_owned(), Written { report_at_h: vec![instant], ..self.written(instant, 0.0) })
    }

    fn window(&self, from: f64, to: f64) -> (String, Written) {
        (format!("window-{from}-{to}"), self.written(to, from))
    }

    /// The horizon as the one window of an agreement on the time down.
    fn downtime(&self, limit: f64) -> Result<(String, Written), Refusal> {
        let (horizon, t) = (self.horizon()?, |hours| self.clock.text(hours));
        let mut written = self.written(horizon, 0.0);
        written.sections.push_str(&format!(
            "agreements:\n  limit: {{journey: system, sli: uptime, target: {{downtime_at_most: {}}}, window: {{fixed: {}}}}}\n",
            t(limit),
            t(horizon),
        ));
        Ok((format!("{DOWNTIME}-{limit}"), written))
    }

    /// Adds what is asked to the scenario of this name.
    fn add(&self, plan: &mut Plan, (name, written): (String, Written), ask: Ask) {
        let Some(study) = plan.studies.iter_mut().find(|study| study.name == name) else {
            plan.studies.push(Study { name, scenario: Scenario::Written(written), asks: vec![ask] });
            return;
        };
        if let Scenario::Written(there) = &mut study.scenario {
            there.horizon_h = there.horizon_h.max(written.horizon_h);
            there.report_at_h.extend(written.report_at_h);
            there.report_at_h.sort_by(f64::total_cmp);
            there.report_at_h.dedup();
        }
        study.asks.push(ask);
    }
}

impl Ask {
    pub(super) fn of(place: usize, entity: impl Into<String>, reading: Reading, engines: Engines) -> Self {
        Self { place, entity: entity.into(), reading, engines, precision: Precision::Relative }
    }
}
