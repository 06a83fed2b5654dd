//! `on_demand`: a failure that is drawn when a unit that stands by is called.

use ninefold_models::lifetime::Law;
use ninefold_models::system::{Clock, Effect, HORIZON_MAX_HOURS, ModeSpec, OnDemandSpec, Redundancy};
use ninefold_models::units::Hours;

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

/// What else a mode says that has no meaning for one that is drawn at a call.
const BESIDE: [&str; 6] = ["effect", "clock", "repair_quality", "cleared_by", "hidden", "propagates"];

impl Lowering<'_> {
    /// A mode that takes hold when its unit is called: without a time to failure.
    pub(super) fn called_mode(&mut self, name: &str, at: &At<'_>) -> Option<ModeSpec> {
        for key in ["time_to_failure", "annual_rate", "unavailability"] {
            let Some(beside) = at.get(key) else { continue };
            let message = format!("`{}` comes about in two ways", at.path());
            let mut problem = Diagnostic::new(Code::OnDemand, message, beside.key_span());
            if let Some(demand) = at.get("on_demand") {
                problem = problem.secondary(demand.key_span(), "at a call, by this");
            }
            self.sink.push(problem.hint("keep one of the two, and write a mode of its own for the other"));
            return None;
        }
        for key in BESIDE {
            let Some(beside) = at.get(key).filter(|beside| beside.text() != Some("down")) else { continue };
            let message = format!("`{key}` of a failure on demand is not supported yet");
            let problem = Diagnostic::new(Code::NotYet, message, beside.key_span());
            self.sink.push(problem.hint("leave it out: the unit is down by it until it is repaired"));
            return None;
        }
        let Some(repair) = at.get("repair") else {
            self.repair_missing(at);
            return None;
        };
        let law = self.repair(&repair)?;
        if law.law().is_some_and(|law| law.cdf(Hours::ZERO) > 0.0) {
            let message = "a repair in no time of what did not start";
            let problem = Diagnostic::new(Code::OnDemand, message, repair.span());
            self.sink.push(problem.why("it would be called again without end").hint("give a repair that takes time"));
            return None;
        }
        // It is not read: the longest there is.
        let time_to_failure = Law::constant(Hours::new(HORIZON_MAX_HOURS)).ok()?;
        let (effect, clock, propagates) = (Effect::Down, Clock::Called, Vec::new());
        Some(ModeSpec { name: name.to_owned(), time_to_failure, repair: law, effect, clock, propagates })
    }

    /// How probably units of a component fail when they are called, mode by mode.
    pub(super) fn on_demand(
        &mut self,
        (component, name): (&At<'_>, &str),
        units: usize,
        redundancy: Option<&Redundancy>,
    ) -> Vec<OnDemandSpec> {
        let modes = component.get("failure_modes");
        let mut all = Vec::new();
        for (mode, at) in modes.iter().flat_map(At::entries) {
            let Some(demand) = at.get("on_demand") else { continue };
            let (Some(probability), Some(repair)) = (self.ratio(&demand), at.get("repair")) else { continue };
            let (message, why) = match redundancy {
                Some(Redundancy::Standby(scheme)) if scheme.active as usize >= units && units > 0 => {
                    ("nobody is ever called", "every unit has a place, so none stands by")
                }
                Some(Redundancy::Standby(_)) | None => {
                    let (component, mode) = (name.to_owned(), mode.to_owned());
                    all.push(OnDemandSpec { component, mode, probability });
                    continue;
                }
                _ => (
                    "a failure on demand without a standby scheme is not supported yet",
                    "only a dormant unit is called so far, no later branch of a path",
                ),
            };
            let code = if message.ends_with("yet") { Code::NotYet } else { Code::OnDemand };
            let problem =
                Diagnostic::new(code, message, demand.key_span()).secondary(repair.key_span(), "of this mode");
            self.sink.push(problem.why(why).hint("give the component `redundancy: {standby: …}` with units that wait"));
        }
        all
    }
}
