//! `experiments` that are load tests: the demand of a journey follows a profile for a while.

use ninefold_models::system::{Course, Level, LoadTestSpec, SystemSpec};
use ninefold_models::units::Hours;

use super::Lowering;
use super::calendar::Calendar;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::suggestion;

/// Steps in which demand rises.
const RAMP_STEPS: u32 = 20;

/// Targets of a latency, and the share of requests of each.
const TARGETS: [(&str, f64); 3] = [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)];

/// Whether an experiment is a load test.
pub(super) fn is_load_test(at: &At<'_>) -> bool {
    ["journey", "profile", "target", "mode"].iter().any(|key| at.get(key).is_some())
}

/// A rising demand.
struct Profile {
    from: f64,
    to: f64,
    ramp_h: f64,
    hold_h: f64,
}

impl Profile {
    /// Steps from an instant on, in hours, and where the last one ends.
    fn steps(&self, begins_h: f64) -> (Vec<(Hours, f64)>, Hours) {
        let share = |step: u32| (f64::from(step) + 0.5) / f64::from(RAMP_STEPS);
        let at = |step: u32| begins_h + self.ramp_h * f64::from(step) / f64::from(RAMP_STEPS);
        let rises = (0..RAMP_STEPS).map(|step| (Hours::new(at(step)), self.from + (self.to - self.from) * share(step)));
        let top = begins_h + self.ramp_h;
        let holds = (self.hold_h > 0.0).then(|| (Hours::new(top), self.to));
        (rises.chain(holds).collect(), Hours::new(top + self.hold_h))
    }
}

impl Lowering<'_> {
    /// Adds a load test, and makes the demand of its journey what it says.
    pub(super) fn load_test(&mut self, (name, at): (&str, &At<'_>), calendar: &Calendar, spec: &mut SystemSpec) {
        for key in ["inject", "rate", "for", "share", "abort_if", "hypothesis"] {
            if let Some(other) = at.get(key) {
                let problem = Diagnostic::new(Code::Variant, format!("a load test has no `{key}`"), other.key_span());
                self.sink.push(problem.why("it raises demand, and strikes nothing").hint("make two experiments of it"));
                return;
            }
        }
        if !spec.queueing.follows_all() {
            let problem = Diagnostic::new(Code::NotYet, "a load test of a flow is not supported yet", at.key_span());
            self.sink.push(
                problem
                    .why("a flow knows no latency")
                    .hint("write `run: {demand_mode: {normal: request_level}}`, and a `calendar.horizon` of hours"),
            );
            return;
        }
        let journey = self.required(at, "journey").and_then(|journey| self.tested(&journey, spec));
        let profile = self.required(at, "profile").and_then(|profile| self.load_profile(&profile));
        let target = at.get("target").map(|target| self.latency_target(&target));
        let (Some(journey), Some(profile)) = (journey, profile) else { return };
        let Some(begins_h) = self.begins(at, calendar, spec) else { return };
        let (steps, ends) = profile.steps(begins_h);
        if ends.get() > calendar.horizon_h {
            let ends = ends.get() * 60.0;
            self.load_problem(
                format!("a load test that ends after {ends:.0} min, past the horizon"),
                at,
                "lengthen `calendar.horizon`",
            );
            return;
        }
        let level = spec.journeys[journey].demand.get_or_insert(Level::from(0.0));
        if level.course.as_ref().is_some_and(|course| course.variation.is_some()) {
            self.load_problem(
                "a load test of a demand with noise, or of a forecast".to_owned(),
                at,
                "remove the noise",
            );
            return;
        }
        overlay(level, (&steps, ends));
        let journey = spec.journeys[journey].name.clone();
        if let Some(other) = spec.queueing.load_tests.iter().find(|other| other.journey == journey) {
            self.load_problem(
                format!("`{}` tests `{journey}` as well", other.name),
                at,
                "keep one load test a journey",
            );
            return;
        }
        let target = target.flatten();
        spec.queueing.load_tests.push(LoadTestSpec { name: name.to_owned(), journey, steps, ends, target });
    }

    fn load_problem(&mut self, message: String, at: &At<'_>, hint: &str) {
        self.sink.push(Diagnostic::new(Code::Experiment, message, at.key_span()).hint(hint.to_owned()));
    }

    /// The journey whose demand rises: one that is no fixed number of users.
    fn tested(&mut self, at: &At<'_>, spec: &SystemSpec) -> Option<usize> {
        let name = at.text()?;
        if spec.queueing.populations.iter().any(|closed| closed.journey == name) {
            let problem =
                Diagnostic::new(Code::NotYet, "a load test of `closed` users is not supported yet", at.span());
            self.sink.push(problem.hint("give the journey a rate, or sweep `users` in an option"));
            return None;
        }
        let found = spec.journeys.iter().position(|journey| journey.name == name);
        if found.is_none() {
            let names = spec.journeys.iter().map(|journey| journey.name.as_str());
            let problem = Diagnostic::new(Code::NoJourney, format!("there is no journey `{name}`"), at.span());
            self.sink.push(problem.hint(suggestion(name, names)));
        }
        found
    }

    fn load_profile(&mut self, at: &At<'_>) -> Option<Profile> {
        let rate = |cx: &mut Self, key: &str| cx.required(at, key).and_then(|at| cx.rate(&at));
        let (from, to) = (rate(self, "from"), rate(self, "to"));
        let ramp = self.required(at, "ramp").and_then(|at| self.duration(&at));
        let hold = at.get("hold").map_or(Some(Hours::new(0.0)), |at| self.duration(&at));
        let profile = Profile { from: from?, to: to?, ramp_h: ramp?.get(), hold_h: hold?.get() };
        if !(profile.to > 0.0 && profile.to >= profile.from && profile.ramp_h > 0.0) {
            let problem = Diagnostic::new(Code::Range, "a load that does not rise", at.span());
            self.sink.push(problem.hint("write `{from: 100/s, to: 1000/s, ramp: 20min}`"));
            return None;
        }
        Some(profile)
    }

    fn latency_target(&mut self, at: &At<'_>) -> Option<(f64, Hours)> {
        let given: Vec<_> = TARGETS.iter().filter_map(|&(key, share)| Some((share, at.get(key)?))).collect();
        let [(share, within)] = given.as_slice() else {
            let problem = Diagnostic::new(Code::Variant, "a target of a load test is one quantile", at.span());
            self.sink.push(problem.hint("write `target: {p95: 300ms}`"));
            return None;
        };
        Some((*share, self.duration(within)?))
    }

    /// Hours since the start at which it begins: by itself when measuring does.
    fn begins(&mut self, at: &At<'_>, calendar: &Calendar, spec: &SystemSpec) -> Option<f64> {
        match at.get("at") {
            Some(time) if time.text().is_some() => self.time(&time, calendar),
            Some(times) => {
                self.load_problem("a load test at several times".to_owned(), &times, "name one time");
                None
            }
            None => {
                let warmup = spec.time.warmup.get();
                self.remark(
                    format!("{}.at", at.path()),
                    format!("{warmup} h"),
                    "a load test begins when measuring does",
                );
                Some(warmup)
            }
        }
    }
}

/// Makes a level what the steps say, between the first and their end.
fn overlay(level: &mut Level, (steps, ends): (&[(Hours, f64)], Hours)) {
    let base = level.course.take().map_or_else(|| vec![(Hours::new(0.0), 1.0)], |course| course.steps);
    let unit = if level.rate > 0.0 { level.rate } else { 1.0 };
    let before = if level.rate > 0.0 { 1.0 } else { 0.0 };
    level.rate = unit;
    let begins = steps[0].0;
    let base: Vec<(Hours, f64)> = base.into_iter().map(|(at, factor)| (at, factor * before)).collect();
    let after = base.iter().rev().find(|(at, _)| *at <= ends).map_or(0.0, |&(_, factor)| factor);
    let mut all: Vec<(Hours, f64)> = base.iter().copied().filter(|(at, _)| *at < begins).collect();
    all.extend(steps.iter().map(|&(at, rate)| (at, rate / unit)));
    all.push((ends, after));
    all.extend(base.into_iter().filter(|(at, _)| *at > ends));
    level.course = Some(Course { steps: all, variation: None });
}
