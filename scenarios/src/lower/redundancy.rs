//! `redundancy`.

use ninefold_models::lifetime::Law;
use ninefold_models::system::{Redundancy, RepairStarts, Standby, StandbyMode, missed};
use ninefold_models::units::Hours;

use super::Lowering;
use super::domains::DomainTree;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

/// A component's units, as far as redundancy is concerned.
pub(super) struct Group<'a> {
    pub(super) name: &'a str,
    /// Units of the smallest group that must hold together.
    pub(super) size: u32,
    /// The component.
    pub(super) at: At<'a>,
}

impl Lowering<'_> {
    /// The level under `per`, if it is there and known.
    pub(super) fn per<'a>(&mut self, component: &At<'a>, tree: &DomainTree<'_>) -> Option<At<'a>> {
        let redundancy = component.get("redundancy")?;
        let variants = redundancy.variants();
        let [(_, form)] = variants.as_slice() else { return None };
        let per = form.get("per")?;
        let level = per.text()?;
        if tree.levels.iter().flatten().any(|known| *known == level) {
            return Some(per);
        }
        self.sink.push(tree.unknown_level(level, per.span()));
        None
    }

    pub(super) fn redundancy(&mut self, group: &Group<'_>) -> Option<Redundancy> {
        let Some(at) = group.at.get("redundancy") else {
            if group.size > 1 {
                let path = format!("{}.redundancy", group.at.path());
                self.assume(path, "none", "without redundancy a component is up while at least one unit serves");
            }
            return Some(Redundancy::None);
        };
        if at.text().is_some() {
            return (at.text() == Some("none")).then_some(Redundancy::None);
        }
        let variants = at.variants();
        let [(name, form)] = variants.as_slice() else { return None };
        match *name {
            "none" => Some(Redundancy::None),
            "k_of_n" => {
                let coverage = form.get("coverage").map(|coverage| self.coverage(&coverage));
                let need = self.needed(group, form, "need")?;
                match coverage {
                    None => Some(Redundancy::KOfN { need }),
                    Some(coverage) => coverage.map(|coverage| Redundancy::Covered { need, coverage }),
                }
            }
            "quorum" => self.quorum(group, form),
            "standby" => self.standby(group, form),
            _ => None,
        }
    }

    /// A number of units, at most the size of the group.
    fn needed(&mut self, group: &Group<'_>, form: &At<'_>, key: &str) -> Option<u32> {
        let at = self.required(form, key)?;
        let need = self.units(&at)?;
        if need <= group.size {
            return Some(need);
        }
        let size = group.size;
        let majority = size / 2 + 1;
        let mut diagnostic = Diagnostic::new(Code::NeedAboveUnits, "a group needs more units than it has", at.span())
            .label(format!("asks for {need} working units"))
            .context(group.at.key_span())
            .why("availability would be 0 in every replication")
            .hint(format!("did you mean `{key}: {majority}` (majority of {size})?"));
        let holder = group.at.get("replicas").map(|at| at.span());
        let holder = holder.or_else(|| group.at.get("place").map(|at| at.key_span())).unwrap_or(group.at.key_span());
        diagnostic =
            diagnostic.secondary(holder, format!("the group has {size} unit{}", if size == 1 { "" } else { "s" }));
        self.sink.push(diagnostic);
        None
    }

    fn quorum(&mut self, group: &Group<'_>, form: &At<'_>) -> Option<Redundancy> {
        if form.text() == Some("majority") {
            let majority = group.size / 2 + 1;
            return Some(Redundancy::Quorum { write: majority, read: majority });
        }
        let write = self.needed(group, form, "write");
        let read = self.needed(group, form, "read");
        let (write, read) = (write?, read?);
        self.flag_small_quorum(group, form, (write, read));
        Some(Redundancy::Quorum { write, read })
    }

    /// Quorums that need not share a unit: what is read may be stale, what is written may conflict.
    fn flag_small_quorum(&mut self, group: &Group<'_>, form: &At<'_>, (write, read): (u32, u32)) {
        let size = group.size;
        let mut flag = |shown: String, reason: &str| self.assume(form.path().to_owned(), shown, reason.to_owned());
        if read + write <= size {
            let stale = 100.0 * missed(size, write, read);
            let reason = format!(
                "a read and a write need not share a unit: up to {stale:.0} % of reads may be stale, and count as good all the same"
            );
            flag(format!("read {read} + write {write} of {size}"), &reason);
        }
        if 2 * write <= size {
            let reason = "two writes need not share a unit: they may conflict, and count as good all the same";
            flag(format!("write {write} + write {write} of {size}"), reason);
        }
    }

    fn standby(&mut self, group: &Group<'_>, form: &At<'_>) -> Option<Redundancy> {
        let mode = self.standby_mode(form);
        let active = self.active(group, form);
        let need = self.standby_need(form, active);
        let moved = self.moved(group.name, form);
        let switch = form.get("switch").filter(|_| !moved);
        let inside = |key: &str| switch.as_ref().and_then(|switch| switch.get(key));
        let takes = match inside("takes") {
            Some(takes) => self.law(&takes),
            None if moved => Law::constant(Hours::ZERO).ok(),
            None => {
                self.assume(format!("{}.switch.takes", form.path()), "0s", "a switch without a duration is at once");
                Law::constant(Hours::ZERO).ok()
            }
        };
        let success = match inside("success") {
            Some(success) => self.ratio(&success),
            None if moved => Some(1.0),
            None => {
                self.assume(
                    format!("{}.switch.success", form.path()),
                    "1",
                    "a switch without a probability always works",
                );
                Some(1.0)
            }
        };
        let manual_switch = match form.get("manual_switch").filter(|_| !moved) {
            Some(law) => Some(self.law(&law)?),
            None => None,
        };
        let repair_starts = self.repair_starts(form, success == Some(1.0) || manual_switch.is_some());
        Some(Redundancy::Standby(Standby {
            mode: mode?,
            active: active?,
            need: need?,
            switch_takes: takes?,
            switch_success: success?,
            manual_switch,
            repair_starts,
        }))
    }

    fn repair_starts(&mut self, form: &At<'_>, place_is_filled: bool) -> RepairStarts {
        let Some(at) = form.get("repair_starts").filter(|at| at.text() == Some("after_switch")) else {
            return RepairStarts::AtOnce;
        };
        if !place_is_filled {
            self.sink.push(
                Diagnostic::new(Code::WaitsForEver, "a repair would wait for ever", at.span())
                    .label("waits until the place is filled")
                    .why("a switch that fails is not tried again, and nobody fills the place by hand")
                    .hint("add `manual_switch: 20min`, or remove `repair_starts`"),
            );
        }
        RepairStarts::AfterSwitch
    }

    fn standby_mode(&mut self, form: &At<'_>) -> Option<StandbyMode> {
        let mode = self.required(form, "mode")?;
        let dormancy = form.get("dormancy");
        let value = dormancy.as_ref().and_then(|dormancy| self.ratio(dormancy));
        let wrong = |message: &str, at: &At<'_>, hint: &str| {
            Diagnostic::new(Code::Dormancy, message.to_owned(), at.span())
                .why("`dormancy` is how fast a dormant unit ages: 1 when hot, 0 when cold, between when warm")
                .hint(hint.to_owned())
        };
        match (mode.text()?, dormancy) {
            ("warm", Some(at)) => match value? {
                dormancy if dormancy > 0.0 && dormancy < 1.0 => Some(StandbyMode::Warm { dormancy }),
                _ => {
                    let hint = "write a number such as `0.3`, or choose `hot` or `cold`";
                    self.sink.push(wrong("`dormancy` lies strictly between 0 and 1", &at, hint));
                    None
                }
            },
            ("warm", None) => {
                self.sink.push(wrong("a warm standby needs its `dormancy`", &mode, "add `dormancy: 0.3`"));
                None
            }
            (_, Some(at)) => {
                self.sink.push(wrong("only a warm standby has a `dormancy`", &at, "remove it, or write `mode: warm`"));
                None
            }
            ("hot", None) => Some(StandbyMode::Hot),
            ("cold", None) => Some(StandbyMode::Cold),
            _ => None,
        }
    }

    fn active(&mut self, group: &Group<'_>, form: &At<'_>) -> Option<u32> {
        let Some(at) = form.get("active") else {
            self.assume(
                format!("{}.active", form.path()),
                "1",
                "a standby has one active place unless it says otherwise",
            );
            return Some(1);
        };
        let active = self.units(&at)?;
        if active <= group.size {
            return Some(active);
        }
        let message = format!("`{}` has {} units, fewer than its {active} active places", group.name, group.size);
        self.sink.push(
            Diagnostic::new(Code::StandbyPlaces, message, at.span())
                .context(group.at.key_span())
                .why("a place that no unit can fill keeps the component down for ever")
                .hint("add replicas, or fill fewer places"),
        );
        None
    }

    fn standby_need(&mut self, form: &At<'_>, active: Option<u32>) -> Option<u32> {
        let Some(at) = form.get("need") else { return active };
        let (need, active) = (self.units(&at)?, active?);
        if need <= active {
            return Some(need);
        }
        self.sink.push(
            Diagnostic::new(Code::NeedAboveUnits, "a standby needs more places than it fills", at.span())
                .label(format!("asks for {need} of {active} active places"))
                .why("availability would be 0 in every replication")
                .hint(format!("did you mean `need: {active}`?")),
        );
        None
    }
}
