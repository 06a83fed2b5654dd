//! `visible_to`: who sees a failure.

use ninefold_models::system::VisibilitySpec;

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// A mode of a component that a failover plan moves, and the probes that see it.
pub(super) struct SeenByProbes {
    pub(super) component: String,
    pub(super) mode: String,
    pub(super) place: Span,
    pub(super) probes: Vec<(String, Span)>,
}

impl SeenByProbes {
    fn of((component, mode): (&str, &str), place: Span, probes: &[At<'_>]) -> Self {
        let probes = probes.iter().filter_map(|at| Some((at.text()?.to_owned(), at.span()))).collect();
        Self { component: component.to_owned(), mode: mode.to_owned(), place, probes }
    }
}

impl Lowering<'_> {
    /// Which modes of a component its health check sees, of those that say so.
    pub(super) fn visible_to(&mut self, (component, name): (&At<'_>, &str)) -> Vec<VisibilitySpec> {
        let modes = component.get("failure_modes");
        let mut all = Vec::new();
        for (mode, at) in modes.iter().flat_map(At::entries) {
            let Some(observers) = at.get("visible_to") else { continue };
            let (checks, others): (Vec<At<'_>>, Vec<At<'_>>) =
                observers.items().into_iter().partition(|observer| observer.text() == Some("health_check"));
            if self.is_moved(name) {
                if let Some(check) = checks.first() {
                    let message = format!("`{name}` has no `health_check` that could see it");
                    let problem = Diagnostic::new(Code::Failover, message, check.span());
                    self.sink.push(problem.hint("name the probes of its failover plan, or none: `visible_to: []`"));
                }
                self.seen_by_probes.push(SeenByProbes::of((name, mode), observers.key_span(), &others));
                continue;
            }
            for other in others.iter().filter(|other| other.text().is_some()) {
                let message = format!("`visible_to: [{}]` is not supported yet", other.text().unwrap_or_default());
                self.sink.push(
                    Diagnostic::new(Code::NotYet, message, other.span())
                        .why("only the component's own `health_check`, and the probes of a failover plan that moves its place, look for it so far")
                        .hint("write `visible_to: [health_check]`, or `visible_to: []` if it does not see it"),
                );
            }
            if component.get("health_check").is_none() {
                let message = "`visible_to` without a `health_check` is not supported yet";
                self.sink.push(
                    Diagnostic::new(Code::NotYet, message, observers.key_span())
                        .why("where nobody looks, a failure is known and routed around at once")
                        .hint("give the component a `health_check` or a failover plan, or leave `visible_to` out"),
                );
            } else if others.is_empty() {
                let (component, mode, seen) = (name.to_owned(), mode.to_owned(), !checks.is_empty());
                all.push(VisibilitySpec { component, mode, seen });
            }
        }
        all
    }
}
