//! `backup` and `recovers_from`: data that come back from backups.

use ninefold_models::lifetime::Law;
use ninefold_models::system::{
    BackupSpec, Clock, ComponentSpec, DataLossSpec, Effect, ModeSpec, Repair, Restore, SystemSpec, Tests,
};
use ninefold_models::units::Hours;

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

/// What a mode has beside `recovers_from` that a restore leaves no room for.
const INSTEAD: [&str; 3] = ["repair", "cleared_by", "repair_quality"];

/// What is not played together with it yet.
const NOT_YET: [&str; 4] = ["unavailability", "propagates", "on_demand", "visible_to"];

/// The backups of a component, and what stands for its data.
pub(super) struct BackedUp {
    pub(super) backup: BackupSpec,
    pub(super) data: ComponentSpec,
}

impl Lowering<'_> {
    /// What the data of a component come back from; `None` if it does not say.
    pub(super) fn backup(
        &mut self,
        (component, name): (&At<'_>, &str),
        loss: Option<&DataLossSpec>,
    ) -> Option<BackedUp> {
        let restored = restored_modes(component);
        let Some(at) = component.get("backup") else {
            let lost = component.get("data_loss").and_then(|loss| loss.get("recovers_from"));
            let lost = lost.filter(|from| from.text() == Some("backup"));
            let first = restored.iter().find_map(|(_, mode)| mode.get("recovers_from"));
            if let Some(place) = first.or(lost) {
                let problem = Diagnostic::new(Code::Backup, format!("`{name}` has no backup"), place.span());
                self.sink.push(problem.hint("add `backup: {every: 6h, restore: 3h}` to the component"));
            }
            return None;
        };
        let every = self.required(&at, "every").and_then(|every| self.between_backups(&every));
        let restore = self.required(&at, "restore").and_then(|law| self.law(&law));
        let corrupt = match at.get("corrupt") {
            Some(corrupt) => self.corrupt(&corrupt),
            None => {
                self.assume(
                    format!("{}.corrupt", at.path()),
                    "0",
                    "every backup can be restored unless `backup` says otherwise",
                );
                Some(0.0)
            }
        };
        if let Some(per) = component.get("redundancy").and_then(|at| at.variants().first()?.1.get("per")) {
            let problem = Diagnostic::new(Code::NotYet, "`backup` beside `per` is not supported yet", at.key_span());
            self.sink
                .push(problem.secondary(per.key_span(), "a state per domain").hint("leave out `per`, or `backup`"));
            return None;
        }
        let loses = loss.is_some_and(|loss| loss.recovers);
        if restored.is_empty() && component.get("data_loss").is_none_or(|loss| loss.get("recovers_from").is_none()) {
            self.sink.push(
                Diagnostic::new(Code::Backup, "nothing comes back from this backup", at.key_span())
                    .why("it changes nothing unless data go wrong, or are lost")
                    .hint("say `recovers_from: backup` in a failure mode, or in `data_loss`"),
            );
        }
        let (every, restore, corrupt) = (every?, restore?, corrupt?);
        let mut modes: Vec<ModeSpec> =
            restored.iter().filter_map(|(mode, at)| self.restored_mode(mode, at, &restore)).collect();
        modes.extend(loses.then(|| ModeSpec::data_loss(restore)));
        let data = BackupSpec::data(name, modes);
        Some(BackedUp { backup: BackupSpec { component: name.to_owned(), every, corrupt }, data })
    }

    fn between_backups(&mut self, at: &At<'_>) -> Option<Hours> {
        let every = self.duration(at)?;
        if every > Hours::ZERO {
            return Some(every);
        }
        let problem = Diagnostic::new(Code::Backup, "no time passes between backups", at.span());
        self.sink.push(problem.hint("give a time above 0, such as `6h`"));
        None
    }

    fn corrupt(&mut self, at: &At<'_>) -> Option<f64> {
        let corrupt = self.ratio(at)?;
        if corrupt < 1.0 {
            return Some(corrupt);
        }
        let problem = Diagnostic::new(Code::Backup, "no backup is ever good", at.span());
        self.sink.push(problem.why("a restore would go back without end").hint("give a probability below 1"));
        None
    }

    /// A failure of the data: found at once, or while `corrupt` by a test.
    fn restored_mode(&mut self, name: &str, at: &At<'_>, takes: &Law) -> Option<ModeSpec> {
        for (keys, code, why) in [
            (&INSTEAD[..], Code::Backup, "what comes back from a backup is as good as that backup"),
            (&NOT_YET[..], Code::NotYet, "the mode is of the data of the whole component"),
        ] {
            if let Some(other) = keys.iter().find_map(|key| at.get(key)) {
                let key = other.path().rsplit('.').next().unwrap_or_default();
                let ends = if code == Code::NotYet { " is not supported yet" } else { "" };
                let message = format!("`{key}` beside `recovers_from`{ends}");
                self.sink
                    .push(Diagnostic::new(code, message, other.key_span()).why(why).hint(format!("remove `{key}`")));
                return None;
            }
        }
        let time_to_failure = self.time_to_failure(at);
        let clock = self.clock(at);
        if let Some(place) = at.get("clock").filter(|_| clock == Some(Clock::Service)) {
            let message = "`clock: service` beside `recovers_from` is not supported yet";
            self.sink.push(Diagnostic::new(Code::NotYet, message, place.span()).hint("leave out `clock`"));
            return None;
        }
        let found = self.found(at)?;
        Some(ModeSpec {
            name: name.to_owned(),
            time_to_failure: time_to_failure?,
            repair: Repair::Restored(Restore { takes: takes.clone(), found }),
            effect: Effect::Down,
            clock: clock?,
            propagates: Vec::new(),
        })
    }

    /// When it is known that the data are wrong; the outer `None` if that cannot be read.
    fn found(&mut self, at: &At<'_>) -> Option<Option<Tests>> {
        let effect = at.get("effect");
        if let Some(effect) = effect.as_ref().filter(|effect| effect.is_map()) {
            let problem =
                Diagnostic::new(Code::Backup, "data are right or wrong, and not a part of them", effect.span());
            self.sink.push(problem.hint("write `effect: corrupt`, or `effect: down` where it is known at once"));
            return None;
        }
        let corrupt = effect.is_some_and(|effect| effect.text() == Some("corrupt"));
        match (at.get("hidden"), corrupt) {
            (Some(hidden), true) => Some(Some(self.tests(&hidden)?)),
            (Some(hidden), false) => {
                self.sink.push(
                    Diagnostic::new(Code::Backup, "data that are down are not hidden", hidden.key_span())
                        .hint("write `effect: corrupt`: wrong data are in use until a test finds them"),
                );
                None
            }
            (None, corrupt) => {
                if corrupt {
                    let reason = "wrong data are found at once unless `hidden` says when they are looked for";
                    self.remark(format!("{}.hidden", at.path()), "at once", reason);
                }
                Some(None)
            }
        }
    }
}

/// The modes that are of a component's data.
pub(super) fn restored_modes<'a>(component: &At<'a>) -> Vec<(&'a str, At<'a>)> {
    let modes = component.get("failure_modes").map_or_else(Vec::new, |modes| modes.entries());
    modes.into_iter().filter(|(_, mode)| mode.get("recovers_from").is_some()).collect()
}

/// Refuses backups of what a router or a queue of requests stands before.
pub(super) fn refuse_together(cx: &mut Lowering<'_>, top: &At<'_>, spec: &SystemSpec) {
    for BackupSpec { component, .. } in &spec.backups {
        let routed = spec.routings.iter().any(|routing| routing.to == *component || routing.router == *component);
        let what = match (routed, spec.queueing.queue(component)) {
            (true, _) => "a router",
            (_, Some(_)) => "a queue of requests",
            _ => continue,
        };
        let place = top.get("components").and_then(|all| all.get(component)?.get("backup"));
        let message = format!("`backup` beside {what} is not supported yet");
        let place = place.map_or(top.span(), |at| at.key_span());
        cx.sink.push(Diagnostic::new(Code::NotYet, message, place).hint("leave out one of the two"));
    }
}
