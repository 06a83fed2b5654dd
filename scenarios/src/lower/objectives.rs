//! `bia` of a journey: its recovery objectives.

use ninefold_models::system::{ObjectiveSpec, SystemSpec};

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

/// The objectives of every journey, once it is known what keeps data.
pub(super) fn lower(cx: &mut Lowering<'_>, top: &At<'_>, spec: &mut SystemSpec) {
    let Some(section) = top.get("journeys") else { return };
    for (name, at) in section.entries() {
        let Some(bia) = at.get("bia").filter(At::is_map) else { continue };
        let (rto, rpo) = (bia.get("rto"), bia.get("rpo"));
        if rto.is_none() && rpo.is_none() {
            let problem = Diagnostic::new(Code::Missing, "a business impact that says nothing", bia.span());
            cx.sink.push(problem.hint("add `rto`, `rpo` or both, or remove `bia`"));
            continue;
        }
        if let Some(rpo) = rpo.as_ref().filter(|_| !keeps_data(spec, name)) {
            let message = format!("nothing that `{name}` needs could lose data");
            let problem = Diagnostic::new(Code::Failover, message, rpo.key_span());
            let hint = "give a component that it needs `replication` or `backup`, or remove `rpo`";
            cx.sink.push(problem.why("a recovery point is what a takeover or a restore loses").hint(hint));
            continue;
        }
        let mut time = |at: &Option<At<'_>>| at.as_ref().map_or(Some(None), |at| cx.duration(at).map(Some));
        let (Some(recovery_time), Some(recovery_point)) = (time(&rto), time(&rpo)) else { continue };
        if let (Some(hours), Some(at)) = (recovery_time, &rto)
            && hours.get() <= 0.0
        {
            let problem = Diagnostic::new(Code::Range, "an outage that lasts no time is none", at.span());
            cx.sink.push(problem.hint("give a duration above 0s"));
            continue;
        }
        spec.objectives.push(ObjectiveSpec { journey: name.to_owned(), recovery_time, recovery_point });
    }
}

/// Whether a component on the path of a journey, or one that those call, is replicated or backed up.
fn keeps_data(spec: &SystemSpec, journey: &str) -> bool {
    let Some(journey) = spec.journeys.iter().find(|declared| declared.name == journey) else { return true };
    let mut needed = journey.path.components();
    let mut next = 0;
    while let Some(&from) = needed.get(next) {
        let called = spec.dependencies.iter().filter(|edge| edge.from == from).map(|edge| edge.to.as_str());
        let new: Vec<&str> = called.filter(|to| !needed.contains(to)).collect();
        needed.extend(new);
        next += 1;
    }
    let replicated = spec.replications.iter().map(|replication| &replication.component);
    let mut kept = replicated.chain(spec.backups.iter().map(|backup| &backup.component));
    kept.any(|component| needed.contains(&component.as_str()))
}
