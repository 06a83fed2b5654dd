//! `load_sharing`.

use ninefold_models::system::{LoadSharingSpec, Redundancy, SharedHazard};

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

impl Lowering<'_> {
    /// How so many units of a component share its load; `None` if they do not.
    pub(super) fn load_sharing(
        &mut self,
        component: (&At<'_>, &str),
        units: usize,
        redundancy: Option<&Redundancy>,
    ) -> Option<LoadSharingSpec> {
        let at = component.0.get("load_sharing")?;
        let beside = match redundancy {
            Some(Redundancy::Standby(_)) => Some("a standby scheme"),
            Some(Redundancy::Covered { .. }) => Some("coverage"),
            _ if component.0.get("burst").is_some() => Some("spot capacity"),
            _ => component.0.get("autoscale").map(|_| "an autoscaler"),
        };
        if let Some(other) = beside {
            let message = format!("load sharing beside {other} is not supported yet");
            self.sink.push(
                Diagnostic::new(Code::NotYet, message, at.key_span())
                    .why("both say how fast the clocks of a unit run")
                    .hint("leave it out, or give the component `k_of_n` or no redundancy"),
            );
            return None;
        }
        let mut hazards: Vec<SharedHazard> = Vec::new();
        for step in at.items() {
            let hazard = self.shared_hazard(&step, (units, &hazards));
            hazards.extend(hazard);
        }
        let silent = (1..=units).filter(|&up| hazards.iter().all(|step| step.units_up as usize != up)).count();
        if silent > 0 && !hazards.is_empty() {
            let reason = "clocks run at their own speed with a number of units up that is not listed";
            self.assume(format!("{}.*.hazard", at.path()), "1", reason);
        }
        if at.items().is_empty() {
            let problem = Diagnostic::new(Code::Empty, "a load that nobody shares", at.span());
            self.sink.push(problem.hint("write such as `[{units_up: 1, hazard: 3.0}]`, or remove it"));
            return None;
        }
        Some(LoadSharingSpec { component: component.1.to_owned(), hazards })
    }

    fn shared_hazard(&mut self, at: &At<'_>, (units, before): (usize, &[SharedHazard])) -> Option<SharedHazard> {
        if !at.is_map() {
            return None;
        }
        let up = self.required(at, "units_up");
        let units_up = up.as_ref().and_then(|up| self.units(up));
        let factor = self.required(at, "hazard");
        let hazard = factor.as_ref().and_then(|factor| self.number(factor));
        let (up, units_up, factor, hazard) = (up?, units_up?, factor?, hazard?);
        let (message, place, hint) = if units > 0 && units_up as usize > units {
            let hint = format!("write at most `units_up: {units}`");
            (format!("{units_up} units up of a component that has {units}"), &up, hint)
        } else if before.iter().any(|step| step.units_up == units_up) {
            (format!("`units_up: {units_up}` stands twice"), &up, "keep one of the two".to_owned())
        } else if hazard <= 0.0 {
            let hint = "give a factor above 0, such as `1.5`".to_owned();
            ("a hazard of 0: units that bear a load would never fail".to_owned(), &factor, hint)
        } else {
            return Some(SharedHazard { units_up, hazard });
        };
        self.sink.push(Diagnostic::new(Code::LoadSharing, message, place.span()).hint(hint));
        None
    }
}
