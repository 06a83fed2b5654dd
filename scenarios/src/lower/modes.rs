//! Failure modes of components and domains.

use ninefold_models::lifetime::Law;
use ninefold_models::system::{Clock, Effect, ModeSpec, Propagation, Repair};
use ninefold_models::units::{HOURS_PER_YEAR, Hours};

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::suggestion;

/// Mean repair of a mode that is given as a long-run share of time.
const SILENT_REPAIR: &str = "1h";

impl Lowering<'_> {
    /// Every mode under `failure_modes`.
    pub(super) fn modes(&mut self, component: &At<'_>) -> Vec<ModeSpec> {
        let Some(modes) = component.get("failure_modes") else { return Vec::new() };
        let mut own = modes.entries();
        // Those of the data are not of the units.
        own.retain(|(_, at)| at.get("recovers_from").is_none());
        let all: Vec<ModeSpec> = own.iter().filter_map(|(name, at)| self.mode(name, at)).collect();
        self.restarts(&own, &all);
        all
    }

    /// One mode.
    pub(super) fn mode(&mut self, name: &str, at: &At<'_>) -> Option<ModeSpec> {
        if !at.is_map() {
            return None;
        }
        if at.get("on_demand").is_some() {
            return self.called_mode(name, at);
        }
        let effect = self.effect(at);
        let clock = self.clock(at);
        let (time_to_failure, repair) = self.failure_and_repair(at)?;
        let repair = self.hidden(at, repair)?;
        let repair = self.repair_quality(at, (repair, &time_to_failure))?;
        let time_to_failure = self.lasting(at, time_to_failure)?;
        let propagates = self.propagations(at);
        let name = name.to_owned();
        Some(ModeSpec { name, time_to_failure, repair, effect: effect?, clock: clock?, propagates })
    }

    /// Refuses a life that is always over at once.
    fn lasting(&mut self, at: &At<'_>, time_to_failure: Law) -> Option<Law> {
        if time_to_failure.mean() > Hours::ZERO {
            return Some(time_to_failure);
        }
        let place = at.get("time_to_failure").map_or(at.key_span(), |law| law.span());
        self.sink.push(
            Diagnostic::new(Code::LawRange, "the mean time to failure is 0", place)
                .why("the unit would fail without end in no time")
                .hint("give a time to failure above 0"),
        );
        None
    }

    /// The time to failure of a mode that is not given by its share of time down.
    pub(super) fn time_to_failure(&mut self, at: &At<'_>) -> Option<Law> {
        let (way, value) = self.way_to_fail(at)?;
        let law = match way {
            "annual_rate" => self.annual_rate(&value),
            _ => self.law(&value),
        };
        self.lasting(at, law?)
    }

    /// `propagates`, which names components that may stand further down.
    fn propagations(&mut self, at: &At<'_>) -> Vec<Propagation> {
        let Some(list) = at.get("propagates") else { return Vec::new() };
        list.items().iter().filter_map(|item| self.propagation(item)).collect()
    }

    fn propagation(&mut self, at: &At<'_>) -> Option<Propagation> {
        if !at.is_map() {
            return None;
        }
        let to = self.required(at, "to")?;
        let name = to.text()?;
        let units = match at.get("units") {
            Some(units) => self.units(&units)?,
            None => {
                self.assume(format!("{}.units", at.path()), "1", "a failure that propagates hits one unit");
                1
            }
        };
        let probability = match at.get("probability") {
            Some(probability) => self.ratio(&probability)?,
            None => {
                self.assume(format!("{}.probability", at.path()), "1", "a failure that may propagate always does");
                1.0
            }
        };
        if !self.component_names.iter().any(|known| known == name) {
            let hint = suggestion(name, self.component_names.iter().map(String::as_str));
            let problem = Diagnostic::new(Code::NoComponent, format!("there is no component `{name}`"), to.span());
            self.sink.push(problem.label("not in `components`").hint(hint));
            return None;
        }
        Some(Propagation { to: name.to_owned(), units, probability })
    }

    /// In which of the ways the time to failure is given, and what it says.
    fn way_to_fail<'a>(&mut self, at: &At<'a>) -> Option<(&'static str, At<'a>)> {
        let ways: Vec<(&str, At<'_>)> = ["time_to_failure", "annual_rate", "unavailability"]
            .into_iter()
            .filter_map(|key| at.get(key).map(|found| (key, found)))
            .collect();
        match ways.as_slice() {
            [one] => Some(one.clone()),
            [] => {
                if !self.sink.awaits(at.span()) {
                    self.sink.push(
                        Diagnostic::new(Code::FailureTime, format!("`{}` never fails", at.path()), at.key_span())
                            .label("no time to failure here")
                            .hint("add `time_to_failure: LAW`, or `unavailability: RATIO`"),
                    );
                }
                None
            }
            [first, second, ..] => {
                self.sink.push(
                    Diagnostic::new(Code::FailureTime, "the time to failure is given twice", second.1.key_span())
                        .secondary(first.1.key_span(), "first given here")
                        .hint("keep one of the two"),
                );
                None
            }
        }
    }

    fn failure_and_repair(&mut self, at: &At<'_>) -> Option<(Law, Repair)> {
        let (way, value) = self.way_to_fail(at)?;
        let repair = at.get("repair");
        if way == "unavailability" {
            return self.share_down(&value, repair.as_ref());
        }
        let repaired = match &repair {
            Some(repair) => self.repair(repair),
            None if at.get("cleared_by").is_some() => Some(Repair::ByRestart),
            None => {
                self.repair_missing(at);
                None
            }
        };
        let fails = match way {
            "annual_rate" => self.annual_rate(&value),
            _ => self.law(&value),
        };
        Some((fails?, repaired?))
    }

    pub(super) fn repair_missing(&mut self, at: &At<'_>) {
        if self.sink.awaits(at.span()) {
            return; // It may well be repaired by what is not supported yet.
        }
        self.sink.push(
            Diagnostic::new(
                Code::RepairMissing,
                format!("`{}` is never repaired, and does not say so", at.path()),
                at.key_span(),
            )
            .label("no `repair` here")
            .why("a mode without a repair would be final, which is rarely meant")
            .hint("add `repair: LAW`, `cleared_by: [restart]`, or `repair: never` if it is meant"),
        );
    }

    pub(super) fn annual_rate(&mut self, at: &At<'_>) -> Option<Law> {
        let rate = self.number(at)?;
        if rate <= 0.0 {
            let message = "the annual rate is 0";
            self.sink.push(
                Diagnostic::new(Code::Range, message, at.span())
                    .why("such a mode never fails")
                    .hint("give a rate above 0, or remove the mode"),
            );
            return None;
        }
        Law::exponential(Hours::new(HOURS_PER_YEAR / rate)).ok()
    }

    pub(super) fn repair(&mut self, at: &At<'_>) -> Option<Repair> {
        if at.text() == Some("never") {
            return Some(Repair::Never);
        }
        if ["crew", "takes", "priority", "logistics", "part", "travel"].iter().any(|key| at.get(key).is_some()) {
            return self.crew_repair(at);
        }
        let law = match at.get("auto") {
            Some(auto) => self.law(&auto)?,
            None => self.law(at)?,
        };
        Some(Repair::Takes(law))
    }

    /// A long-run share of time down, as exponential failures and repairs: mean up time = mean repair × (1 − u) ÷ u.
    fn share_down(&mut self, at: &At<'_>, repair: Option<&At<'_>>) -> Option<(Law, Repair)> {
        let share = self.ratio(at)?;
        let repair = match repair {
            Some(repair) => self.repair(repair)?,
            None => {
                let path = at.path().trim_end_matches("unavailability").to_owned() + "repair";
                let value = format!("{{exponential: {{mean: {SILENT_REPAIR}}}}}");
                self.assume(path, value, "an unavailability without a repair has a mean repair of 1 h");
                Repair::Takes(Law::exponential(Hours::new(1.0)).ok()?)
            }
        };
        let Some(takes) = repair.law() else {
            let message = "a long-run unavailability needs a repair";
            self.sink.push(Diagnostic::new(Code::RepairMissing, message, at.span()).hint("give `repair: LAW`"));
            return None;
        };
        if share <= 0.0 || share >= 1.0 {
            self.sink.push(
                Diagnostic::new(Code::Range, "an unavailability lies strictly between 0 and 1", at.span())
                    .why("at 0 it never fails, at 1 it never works")
                    .hint("give a share such as `0.0002`, or remove the mode"),
            );
            return None;
        }
        let mean_up = takes.mean().get() * (1.0 - share) / share;
        match Law::exponential(Hours::new(mean_up)) {
            Ok(law) => Some((law, repair)),
            Err(error) => {
                let message = format!("the mean time to failure would be {mean_up} h; allowed is {}", error.allowed);
                self.sink.push(
                    Diagnostic::new(Code::LawRange, message, at.span()).hint("give a repair with a mean above 0"),
                );
                None
            }
        }
    }

    fn effect(&mut self, at: &At<'_>) -> Option<Effect> {
        let Some(effect) = at.get("effect") else {
            self.assume("*.failure_modes.*.effect", "down", "a mode without an effect takes its unit down");
            return Some(Effect::Down);
        };
        match effect.text() {
            Some("down") => return Some(Effect::Down),
            Some("corrupt") => {
                let message = "wrong data without anything they come back from";
                let problem = Diagnostic::new(Code::Backup, message, effect.span());
                self.sink.push(problem.hint("add `recovers_from: backup`, and a block `backup`"));
                return None;
            }
            _ => {}
        }
        let factor =
            |cx: &mut Self, key: &str, silent: f64| effect.get(key).map_or(Some(silent), |value| cx.ratio(&value));
        let (capacity, errors) = (factor(self, "capacity", 1.0), factor(self, "errors", 0.0));
        effect.is_map().then_some(())?;
        Some(Effect::Degraded { capacity: capacity?, errors: errors? })
    }

    pub(super) fn clock(&mut self, at: &At<'_>) -> Option<Clock> {
        let Some(clock) = at.get("clock") else {
            self.assume("*.failure_modes.*.clock", "operating", "a mode without a clock ages in operating time");
            return Some(Clock::Operating);
        };
        match clock.text()? {
            "operating" => Some(Clock::Operating),
            "calendar" => Some(Clock::Calendar),
            "service" => Some(Clock::Service),
            _ => None,
        }
    }
}
