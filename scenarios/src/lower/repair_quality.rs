//! `repair_quality` and `cleared_by`: what repairs leave, and what ends a mode that none mends.

use ninefold_models::lifetime::Law;
use ninefold_models::system::{Effect, ImperfectRepair, ModeSpec, Quality, Repair};

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

impl Lowering<'_> {
    /// The repair of a mode, which may leave it older than new; and whether what it has goes together with `cleared_by`.
    pub(super) fn repair_quality(&mut self, mode: &At<'_>, (repair, fails): (Repair, &Law)) -> Option<Repair> {
        if let (Some(cleared), false) = (mode.get("cleared_by"), repair == Repair::ByRestart) {
            let problem =
                Diagnostic::new(Code::NotYet, "`cleared_by` beside `repair` is not supported yet", cleared.key_span());
            let why = "the mode would end at whichever of the two comes first";
            self.sink.push(problem.why(why).hint("keep one of `repair` and `cleared_by`"));
            return None;
        }
        let Some(at) = mode.get("repair_quality") else { return Some(repair) };
        let Some(leaves) = self.quality(&at)? else { return Some(repair) };
        let takes = match repair {
            Repair::Takes(takes) => takes,
            Repair::Never | Repair::ByRestart => {
                let message = "a repair quality without a repair";
                let hint = "give `repair: LAW`, or leave `repair_quality` out";
                self.sink.push(Diagnostic::new(Code::RepairQuality, message, at.key_span()).hint(hint));
                return None;
            }
            Repair::ByCrew(_) | Repair::Tested(_) | Repair::Imperfect(_) | Repair::Restored(_) => {
                let message = "imperfect repair by a crew, or of a hidden failure, is not supported yet";
                let hint = "give the repair as a law, and leave out `hidden`";
                self.sink.push(Diagnostic::new(Code::NotYet, message, at.key_span()).hint(hint));
                return None;
            }
        };
        if !fails.has_hazard() && !leaves.is_perfect() {
            let message = format!("a {} life has no hazard at each age to go on with", fails.name());
            self.sink.push(
                Diagnostic::new(Code::RepairQuality, message, at.span())
                    .why("it ends at separate instants, or has a longest value before which it would fail without end")
                    .hint(
                        "give a weibull, gamma, lognormal, normal or piecewise_hazard law, or repairs `as_good_as_new`",
                    ),
            );
            return None;
        }
        Some(Repair::Imperfect(ImperfectRepair { takes, leaves }))
    }

    /// What `repair_quality` says; `Some(None)` is as good as new.
    fn quality(&mut self, at: &At<'_>) -> Option<Option<Quality>> {
        match at.text() {
            Some("as_good_as_new") => return Some(None),
            Some("as_bad_as_old") => return Some(Some(Quality::AsBadAsOld)),
            _ => {}
        }
        let (kijima, factor) = match (at.get("kijima_1"), at.get("kijima_2")) {
            (Some(factor), None) => (Quality::KijimaI as fn(f64) -> Quality, factor),
            (None, Some(factor)) => (Quality::KijimaII as fn(f64) -> Quality, factor),
            _ => return None,
        };
        Some(Some(kijima(self.ratio(&factor)?)))
    }

    /// Refuses modes that wait for a restart that never comes.
    pub(super) fn restarts(&mut self, modes: &[(&str, At<'_>)], all: &[ModeSpec]) {
        if all.len() < modes.len() {
            return; // One of those that are missing may restart it.
        }
        let restarts = all.iter().any(|mode| mode.effect == Effect::Down && mode.repair.law().is_some());
        for (name, at) in modes {
            let Some(mode) = all.iter().find(|mode| mode.name == *name && mode.repair == Repair::ByRestart) else {
                continue;
            };
            let Some(place) = at.get("cleared_by") else { continue };
            let (message, why, hint) = if place.items().is_empty() {
                ("nothing clears this mode", "it would be final", "name what does: `cleared_by: [restart]`")
            } else if mode.effect == Effect::Down {
                (
                    "a mode that takes its unit down cannot wait for a restart",
                    "a restart is the end of a repair, and while the unit is down nothing else of it fails",
                    "give `repair: LAW`, the time until it is restarted",
                )
            } else if !restarts {
                (
                    "nothing restarts this unit",
                    "a restart is the end of a repair of a mode that takes the unit down, and there is none",
                    "add such a mode, or give this one a `repair`",
                )
            } else {
                continue;
            };
            self.sink.push(Diagnostic::new(Code::RepairQuality, message, place.span()).why(why).hint(hint));
        }
    }
}
