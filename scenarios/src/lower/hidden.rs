//! `hidden`: failures that nobody sees until a test finds them.

use ninefold_models::system::{Repair, TestedRepair, Tests};
use ninefold_models::units::Hours;

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

impl Lowering<'_> {
    /// The repair of a mode, which waits for a test if the mode is hidden.
    pub(super) fn hidden(&mut self, mode: &At<'_>, repair: Repair) -> Option<Repair> {
        let Some(hidden) = mode.get("hidden") else { return Some(repair) };
        let tests = self.tests(&hidden);
        let mut refuse = |message: &str, hint: &str| {
            let problem = Diagnostic::new(Code::Hidden, message, hidden.key_span());
            self.sink.push(problem.hint(hint));
            None
        };
        if mode.get("unavailability").is_some() {
            let hint = "give `time_to_failure` and `repair`: the share of time down follows from the tests";
            return refuse("a hidden failure cannot be given by its share of time down", hint);
        }
        match repair {
            Repair::Takes(takes) => Some(Repair::Tested(TestedRepair { tests: tests?, takes })),
            Repair::Never | Repair::ByRestart => refuse(
                "a hidden failure that is never repaired",
                "give a `repair`, or remove `hidden`: without a repair tests change nothing",
            ),
            Repair::ByCrew(_) | Repair::Tested(_) | Repair::Imperfect(_) | Repair::Restored(_) => {
                let place = mode.get("repair").map_or(hidden.key_span(), |repair| repair.key_span());
                let message = "a hidden failure that waits for a crew as well is not supported yet";
                let problem = Diagnostic::new(Code::NotYet, message, place).secondary(hidden.key_span(), "hidden");
                self.sink.push(problem.hint("give the repair as a law, without a crew"));
                None
            }
        }
    }

    pub(super) fn tests(&mut self, at: &At<'_>) -> Option<Tests> {
        if !at.is_map() {
            return None;
        }
        let tested_every = self.required(at, "tested_every");
        let every = tested_every.as_ref().and_then(|every| self.duration(every))?;
        let first_at = match at.get("first_at") {
            Some(first) => self.duration(&first)?,
            None => {
                let written = tested_every.as_ref().and_then(At::text).unwrap_or_default();
                let reason = "the first test comes one interval after the start unless said otherwise";
                self.assume(format!("{}.first_at", at.path()), written, reason);
                every
            }
        };
        let coverage = match at.get("coverage") {
            Some(coverage) => self.ratio(&coverage)?,
            None => {
                self.assume(format!("{}.coverage", at.path()), "1", "a test finds whatever there is to find");
                1.0
            }
        };
        let (key, message, hint) = if every <= Hours::ZERO {
            ("tested_every", "no time passes between tests", "give a time above 0, such as `365d`")
        } else if coverage <= 0.0 {
            ("coverage", "a test that finds nothing", "give a probability above 0")
        } else {
            return Some(Tests { every, first_at, coverage });
        };
        let place = at.get(key).map_or(at.key_span(), |found| found.span());
        self.sink.push(Diagnostic::new(Code::Hidden, message, place).hint(hint));
        None
    }
}
