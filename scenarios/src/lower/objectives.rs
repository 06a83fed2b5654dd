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
        if let (Some(_), true) = (&rpo, spec.replications.is_empty() && spec.backups.is_empty()) {
            let place = rpo.as_ref().map_or(bia.key_span(), At::key_span);
            let problem = Diagnostic::new(Code::Failover, "nothing that could lose data is declared", place);
            let hint = "give a component `replication` or `backup`, or remove `rpo`";
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
        if recovery_time.is_some() || recovery_point.is_some() {
            spec.objectives.push(ObjectiveSpec { journey: name.to_owned(), recovery_time, recovery_point });
        }
    }
}
