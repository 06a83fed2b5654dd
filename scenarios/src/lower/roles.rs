//! `role` of a place: where the active units of a standby are.

use ninefold_models::system::Redundancy;

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

impl Lowering<'_> {
    /// Checks the roles of a component's places. What they say of the order of units is read with the places.
    pub(super) fn roles(&mut self, component: &At<'_>, redundancy: Option<&Redundancy>) {
        let Some(places) = component.get("place") else { return };
        let roles: Vec<At<'_>> = places.variants().iter().filter_map(|(_, place)| place.get("role")).collect();
        let (Some(first), Some(redundancy)) = (roles.first(), redundancy) else { return };
        let primaries: Vec<&At<'_>> = roles.iter().filter(|role| role.text() == Some("primary")).collect();
        let witness = roles.iter().find(|role| role.text() == Some("witness"));
        let all_witnesses = roles.iter().all(|role| role.text() == Some("witness"));
        if matches!(redundancy, Redundancy::Quorum { .. }) && all_witnesses {
            return;
        }
        let problem = if let Some(witness) = witness.filter(|_| !matches!(redundancy, Redundancy::Quorum { .. })) {
            Diagnostic::new(Code::StandbyPlaces, "only a quorum has a witness", witness.span())
                .why("other schemes do not vote, and a quorum has no primary")
                .hint("remove the role, or write `redundancy: {quorum: majority}`")
        } else if !matches!(redundancy, Redundancy::Standby(_)) {
            Diagnostic::new(Code::StandbyPlaces, "only under `standby` a place has a role", first.span())
                .why("without standby every unit is active")
                .hint("remove `role`, or write `redundancy: {standby: {mode: hot}}`")
        } else if let [_, second, ..] = primaries[..] {
            Diagnostic::new(Code::StandbyPlaces, "two places are primary", second.span())
                .secondary(primaries[0].span(), "the first")
                .hint("make one of them `secondary`")
        } else if primaries.is_empty() {
            Diagnostic::new(Code::StandbyPlaces, "no place is primary", first.span())
                .hint("give one place `role: primary`")
        } else {
            return;
        };
        self.sink.push(problem);
    }
}
