//! `coverage` of k of n.

use ninefold_models::lifetime::Law;
use ninefold_models::system::{Coverage, Meanwhile};
use ninefold_models::units::Hours;

use super::Lowering;
use super::read::At;

impl Lowering<'_> {
    /// What a failure costs that leaves enough units up.
    pub(super) fn coverage(&mut self, form: &At<'_>) -> Option<Coverage> {
        let success = self.required(form, "success").and_then(|at| self.ratio(&at));
        let covered = match form.get("covered") {
            Some(law) => self.law(&law),
            None => {
                let reason = "a covered failure costs no time unless it says so";
                self.assume(format!("{}.covered", form.path()), "0s", reason);
                Law::constant(Hours::ZERO).ok()
            }
        };
        let uncovered = self.required(form, "uncovered").and_then(|law| self.law(&law));
        let meanwhile = match form.get("meanwhile") {
            Some(at) if at.text() == Some("running") => Meanwhile::Running,
            Some(_) => Meanwhile::Frozen,
            None => {
                let reason = "clocks and repairs stand still while a failure is being dealt with";
                self.assume(format!("{}.meanwhile", form.path()), "frozen", reason);
                Meanwhile::Frozen
            }
        };
        Some(Coverage { success: success?, covered: covered?, uncovered: uncovered?, meanwhile })
    }
}
