//! `experiments`.

use ninefold_models::lifetime::Law;
use ninefold_models::system::{
    Condition, Due, EXPERIMENT_TIMES_MAX, Effect, ExperimentSpec, ModeSpec, Owner, Repair, Strike, SystemError,
    SystemSpec,
};
use ninefold_models::units::Hours;

use super::Lowering;
use super::calendar::Calendar;
use super::read::At;
use super::struck_edge::StruckEdge;
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::suggestion;
use crate::values;

/// Rounding of a share of units that is meant to be a whole number of them.
const ROUNDING: f64 = 1e-9;

/// Every experiment, once components, domains and journeys are known.
pub(super) fn lower(cx: &mut Lowering<'_>, top: &At<'_>, calendar: &Calendar, spec: &mut SystemSpec) {
    let Some(section) = top.get("experiments") else { return };
    for (name, at) in section.entries() {
        if super::load_tests::is_load_test(&at) {
            cx.load_test((name, &at), calendar, spec);
            continue;
        }
        let Some(edge) = cx.struck_edge(&at, top, spec) else { continue };
        let Some((experiment, injected)) = cx.experiment((name, &at), calendar, (spec, edge)) else { continue };
        if spec.time.until_first_failure {
            let message = "an experiment in a run to the first failure is not supported yet";
            let problem = Diagnostic::new(Code::NotYet, message, at.key_span());
            cx.sink.push(problem.hint("remove it, or `run.until`"));
        } else if let Err(error) = spec.experiment(experiment, injected) {
            cx.sink.push(refused(&error, &at));
        }
    }
}

fn refused(error: &SystemError, at: &At<'_>) -> Diagnostic {
    Diagnostic::new(Code::Experiment, error.to_string(), at.key_span()).hint("mend what the message names")
}

/// The target of an experiment.
struct Target<'a> {
    owner: Owner,
    units: usize,
    modes: &'a [ModeSpec],
}

impl Lowering<'_> {
    fn experiment(
        &mut self,
        (name, at): (&str, &At<'_>),
        calendar: &Calendar,
        (spec, edge): (&SystemSpec, Option<StruckEdge>),
    ) -> Option<(ExperimentSpec, (Effect, Repair))> {
        if !at.is_map() {
            return None;
        }
        let inject = self.required(at, "inject").filter(At::is_map);
        let when = self.due(at, calendar);
        let lasts = at.get("for").map(|at| self.lasts(&at));
        let abort_below = at.get("abort_if").map(|at| self.condition(&at, "success_below", spec));
        let hypothesis = at.get("hypothesis").map(|at| self.condition(&at, "success_at_least", spec));
        let inject = inject?;
        let target = match &edge {
            Some(edge) => Target { owner: Owner::Component(edge.name.clone()), units: 1, modes: &[] },
            None => self.target(&inject, spec)?,
        };
        let units = if edge.is_some() { Some(1) } else { self.units_struck(at, &inject, &target) };
        let lasts = lasts.map_or(Some(None), |lasts| lasts.map(Some))?;
        let injected = self.injected((at, &inject), (&target, edge.map(|edge| edge.fails)), lasts)?;
        let strike = Strike { owner: target.owner, mode: String::new() };
        let abort_below = abort_below.map_or(Some(None), |found| found.map(Some))?;
        let hypothesis = hypothesis.map_or(Some(None), |found| found.map(Some))?;
        let experiment =
            ExperimentSpec { name: name.to_owned(), strike, units: units?, when: when?, abort_below, hypothesis };
        Some((experiment, injected))
    }

    pub(super) fn problem(&mut self, message: impl Into<String>, at: &At<'_>, hint: impl Into<String>) {
        self.sink.push(Diagnostic::new(Code::Experiment, message, at.span()).hint(hint));
    }

    /// `at` or `rate`.
    fn due(&mut self, at: &At<'_>, calendar: &Calendar) -> Option<Due> {
        match (at.get("at"), at.get("rate")) {
            (Some(times), None) => self.times(&times, calendar),
            (None, Some(rate)) => {
                let per_second = self.rate(&rate)?;
                let expected = per_second * 3600.0 * calendar.horizon_h;
                if expected > EXPERIMENT_TIMES_MAX {
                    let message = format!(
                        "an experiment that is carried out {expected:.0} times in a replication; at most {EXPERIMENT_TIMES_MAX}"
                    );
                    self.problem(message, &rate, "lower the rate, or shorten `calendar.horizon`");
                    return None;
                }
                if per_second > 0.0 {
                    return self.made(Law::exponential(Hours::new(1.0 / (per_second * 3600.0))), &rate).map(Due::Every);
                }
                self.problem("an experiment that is never carried out", &rate, "give a rate above 0, or remove it");
                None
            }
            (Some(times), Some(_)) => {
                self.problem("an experiment at fixed times has no `rate`", &times, "keep one of `at` and `rate`");
                None
            }
            (None, None) => {
                if !self.sink.awaits(at.span()) {
                    let message = format!("`{}` does not say when it is carried out", at.path());
                    let problem = Diagnostic::new(Code::Missing, message, at.key_span());
                    self.sink.push(problem.hint("add `at: 2027-02-16T10:00:00Z`, `at: 30min` or `rate: 12/year`"));
                }
                None
            }
        }
    }

    fn times(&mut self, at: &At<'_>, calendar: &Calendar) -> Option<Due> {
        let items = if at.text().is_some() { vec![at.clone()] } else { at.items() };
        let mut times = Vec::new();
        for item in &items {
            let hours = self.time(item, calendar)?;
            if !(0.0..=calendar.horizon_h).contains(&hours) {
                let message = "an experiment outside the time that is looked at";
                self.problem(message, item, "name a time from `calendar.start` to its `horizon`");
                return None;
            }
            if times.last().is_some_and(|last: &Hours| last.get() >= hours) {
                self.problem("times of an experiment do not ascend", item, "write them in order, each once");
                return None;
            }
            times.push(Hours::new(hours));
        }
        if times.is_empty() {
            self.problem("an experiment that is never carried out", at, "name a time, or remove it");
            return None;
        }
        Some(Due::At(times))
    }

    /// Hours since the start: of a duration itself, of an instant from the start to it.
    pub(super) fn time(&mut self, at: &At<'_>, calendar: &Calendar) -> Option<f64> {
        let text = at.text()?;
        if values::duration(text).is_ok() {
            return self.duration(at).map(Hours::get);
        }
        let instant = values::start(text).and_then(|value| value.in_zone(calendar.start.time_zone()));
        match instant {
            Ok(instant) => Some(calendar.hours_to(&instant)),
            Err(_) => {
                let message = format!("`{text}` is neither an instant nor a duration");
                self.problem(message, at, "write `2027-02-16T10:00:00Z`, or `30min` since the start");
                None
            }
        }
    }

    fn lasts(&mut self, at: &At<'_>) -> Option<Hours> {
        let lasts = self.duration(at)?;
        if lasts.get() > 0.0 {
            return Some(lasts);
        }
        self.problem("an experiment that takes no time", at, "give a duration above 0s");
        None
    }

    fn condition(&mut self, at: &At<'_>, key: &str, spec: &SystemSpec) -> Option<Condition> {
        if !at.is_map() {
            return None;
        }
        let share = self.required(at, key);
        let success = share.as_ref().and_then(|share| self.ratio(share));
        let journey = self.required(at, "journey")?;
        let name = journey.text()?;
        if !spec.journeys.iter().any(|known| known.name == name) {
            let names = spec.journeys.iter().map(|known| known.name.as_str());
            let problem = Diagnostic::new(Code::NoJourney, format!("there is no journey `{name}`"), journey.span());
            self.sink.push(problem.hint(suggestion(name, names)));
            return None;
        }
        if let (Some(0.0), Some(share)) = (success, &share) {
            self.problem("less than nothing is never served", share, "give a share above 0, or remove it");
            return None;
        }
        Some(Condition { journey: name.to_owned(), success: success? })
    }

    fn target<'s>(&mut self, inject: &At<'_>, spec: &'s SystemSpec) -> Option<Target<'s>> {
        match (inject.get("component"), inject.get("domain")) {
            (Some(component), None) => {
                let name = component.text()?;
                let all = spec.written_components();
                let Some(found) = all.iter().find(|known| known.name == name) else {
                    let hint = suggestion(name, all.iter().map(|known| known.name.as_str()));
                    let message = format!("there is no component `{name}`");
                    self.sink.push(Diagnostic::new(Code::NoComponent, message, component.span()).hint(hint));
                    return None;
                };
                let owner = Owner::Component(name.to_owned());
                Some(Target { owner, units: found.units.len(), modes: &found.modes })
            }
            (None, Some(domain)) => {
                let name = domain.text()?;
                let Some(found) = spec.domains.iter().find(|known| known.name == name) else {
                    let hint = suggestion(name, spec.domains.iter().map(|known| known.name.as_str()));
                    let message = format!("there is no domain `{name}`");
                    self.sink.push(Diagnostic::new(Code::NoDomain, message, domain.span()).hint(hint));
                    return None;
                };
                Some(Target { owner: Owner::Domain(name.to_owned()), units: 1, modes: &found.modes })
            }
            (given, _) => {
                let says = if given.is_some() { "says twice" } else { "does not say" };
                if !self.sink.awaits(inject.span()) {
                    let message = format!("`{}` {says} who is struck", inject.path());
                    self.problem(message, inject, "give one of `component`, `domain` and `edge`");
                }
                None
            }
        }
    }

    /// At most the share that is asked for, of a component that is all of it unless it says otherwise.
    fn units_struck(&mut self, at: &At<'_>, inject: &At<'_>, target: &Target<'_>) -> Option<u32> {
        let (units, share) = (inject.get("units"), at.get("share"));
        if let (Owner::Domain(_), Some(given)) = (&target.owner, units.as_ref().or(share.as_ref())) {
            self.problem("a domain is struck whole", given, "remove it, or name a component");
            return None;
        }
        match (units, share) {
            (Some(units), None) => {
                let count = self.units(&units)?;
                if count as usize > target.units {
                    let message = format!("{count} units are struck of {}", target.units);
                    self.problem(message, &units, format!("write at most `units: {}`", target.units));
                    return None;
                }
                Some(count)
            }
            (None, Some(share)) => {
                let whole = libm::floor(self.ratio(&share)? * target.units as f64 + ROUNDING);
                if whole < 1.0 {
                    let message = format!("less than one of {} units would be struck", target.units);
                    let hint = format!("write `share: {}` or more", 1.0 / target.units as f64);
                    self.problem(message, &share, hint);
                    return None;
                }
                Some(whole as u32)
            }
            (Some(units), Some(_)) => {
                self.problem("how many are struck is said twice", &units, "keep one of `units` and `share`");
                None
            }
            (None, None) => {
                if matches!(target.owner, Owner::Component(_)) {
                    let reason = "an experiment strikes every unit unless it says how many";
                    self.assume(format!("{}.share", at.path()), "1", reason);
                }
                Some(target.units.max(1) as u32)
            }
        }
    }

    /// What the units struck are like, and what ends it.
    fn injected(
        &mut self,
        (at, inject): (&At<'_>, &At<'_>),
        (target, fails): (&Target<'_>, Option<f64>),
        lasts: Option<Hours>,
    ) -> Option<(Effect, Repair)> {
        let degrades = [inject.get("capacity"), inject.get("errors")];
        let mode = match inject.get("mode") {
            Some(mode) => {
                let name = mode.text()?;
                if let Some(other) = degrades.iter().flatten().next() {
                    self.problem("a `mode` has an effect of its own", other, "remove it, or the `mode`");
                    return None;
                }
                let Some(found) = target.modes.iter().find(|known| known.name == name) else {
                    let hint = suggestion(name, target.modes.iter().map(|known| known.name.as_str()));
                    let message = format!("`{}` has no failure mode `{name}`", target.owner_name());
                    self.problem(message, &mode, hint);
                    return None;
                };
                Some(found)
            }
            None => None,
        };
        let effect = match (mode, &degrades, fails) {
            (.., Some(errors)) if errors < 1.0 => Effect::Degraded { capacity: 1.0, errors },
            (.., Some(_)) => Effect::Down,
            (Some(mode), ..) => mode.effect,
            (None, [None, None], _) => Effect::Down,
            (None, [capacity, errors], _) => {
                if let Owner::Domain(_) = target.owner {
                    self.problem("a domain is lost or not", inject, "name a component, or remove what is below it");
                    return None;
                }
                let capacity = capacity.as_ref().map_or(Some(1.0), |at| self.ratio(at));
                let errors = errors.as_ref().map_or(Some(0.0), |at| self.ratio(at));
                Effect::Degraded { capacity: capacity?, errors: errors? }
            }
        };
        let own = mode.map(|mode| &mode.repair);
        let repair = match (lasts, own) {
            (Some(lasts), _) => Repair::Takes(self.made(Law::constant(lasts), at)?),
            (None, Some(own @ (Repair::Takes(_) | Repair::ByCrew(_)))) if at.get("abort_if").is_none() => own.clone(),
            (None, _) => {
                let why = match (own, at.get("abort_if")) {
                    (Some(_), Some(_)) => "what is given up at once is not left to a repair",
                    (Some(_), None) => "the failure mode has no repair that begins at once",
                    (None, _) => "nothing repairs what has no failure mode",
                };
                let message = format!("`{}` does not say how long it takes", at.path());
                let problem = Diagnostic::new(Code::Experiment, message, at.key_span());
                self.sink.push(problem.why(why).hint("add `for: 30min`"));
                return None;
            }
        };
        Some((effect, repair))
    }
}

impl Target<'_> {
    fn owner_name(&self) -> &str {
        match &self.owner {
            Owner::Component(name) | Owner::Domain(name) => name,
        }
    }
}
