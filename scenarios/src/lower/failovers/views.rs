//! Who of a plan's probes sees which failure: `visible_to` of the modes of the components whose place it moves.

use ninefold_models::system::{Effect, SystemSpec, View};

use super::Lowering;
use crate::diagnostic::{Code, Diagnostic};
use crate::lower::read::At;
use crate::nearest::suggestion;

impl Lowering<'_> {
    /// A plan of sites looks at a site: what only some of its probes see is not told yet.
    pub(super) fn no_views(&mut self, components: &[String]) -> Vec<View> {
        let (mine, others) =
            std::mem::take(&mut self.seen_by_probes).into_iter().partition(|seen| components.contains(&seen.component));
        self.seen_by_probes = others;
        for seen in Vec::<crate::lower::visible_to::SeenByProbes>::from_iter(mine) {
            let message =
                format!("`visible_to` of `{}`, which moves with a site, is not supported yet", seen.component);
            let problem = Diagnostic::new(Code::NotYet, message, seen.place);
            self.sink.push(problem.hint("remove it: a probe of the component sees each of its failures"));
        }
        Vec::new()
    }

    /// What not all of the probes of a trigger see.
    pub(super) fn views(&mut self, plan: &At<'_>, components: &[String], spec: &SystemSpec) -> Vec<View> {
        let trigger = plan.get("trigger");
        let monitor = trigger.as_ref().and_then(|at| at.get("monitor")).and_then(|at| at.text());
        let confirmers = trigger.as_ref().and_then(|at| at.get("confirm_by"));
        let confirmers = confirmers.iter().flat_map(At::items).collect::<Vec<_>>();
        let confirmers: Vec<&str> = confirmers.iter().filter_map(At::text).collect();
        let mut views = Vec::new();
        let (mine, others) =
            std::mem::take(&mut self.seen_by_probes).into_iter().partition(|seen| components.contains(&seen.component));
        self.seen_by_probes = others;
        for seen in mine {
            let of_mode = |mode: &&ninefold_models::system::ModeSpec| mode.name == seen.mode;
            let component = spec.components.iter().find(|known| known.name == seen.component);
            let Some(mode) = component.and_then(|known| known.modes.iter().find(of_mode)) else { continue };
            if mode.effect != Effect::Down && !seen.probes.is_empty() {
                let message = "a probe of a failover plan that sees what only degrades a unit is not supported yet";
                let problem = Diagnostic::new(Code::NotYet, message, seen.place);
                self.sink.push(problem.hint("remove `visible_to`: no probe of a plan sees it"));
                continue;
            }
            let Some(monitor) = monitor else {
                let message = "nobody looks, and `visible_to` says who sees it";
                let problem = Diagnostic::new(Code::Failover, message, seen.place);
                self.sink.push(problem.hint("give the plan `trigger: {monitor: PROBE}`, or remove `visible_to`"));
                continue;
            };
            let known = |name: &str| name == monitor || confirmers.contains(&name);
            if let Some((name, span)) = seen.probes.iter().find(|(name, _)| !known(name)) {
                let message = format!("`{name}` does not look at the place of `{}`", seen.component);
                let all = std::iter::once(monitor).chain(confirmers.iter().copied());
                let problem = Diagnostic::new(Code::NoProbe, message, *span).label("no probe of its failover plan");
                self.sink.push(problem.hint(suggestion(name, all)));
                continue;
            }
            if mode.effect == Effect::Down {
                let sees = |name: &str| seen.probes.iter().any(|(probe, _)| probe == name);
                views.push(View {
                    component: seen.component,
                    mode: seen.mode,
                    probe: sees(monitor),
                    confirmers: confirmers.iter().map(|name| sees(name)).collect(),
                });
            }
        }
        views
    }
}
