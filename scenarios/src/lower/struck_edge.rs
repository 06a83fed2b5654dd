//! `inject.edge` of an experiment: calls from one component to another that fail.

use ninefold_models::system::SystemSpec;

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};
use crate::values;

/// An edge that is struck.
pub(super) struct StruckEdge {
    /// The component that stands for it.
    pub(super) name: String,
    /// Share of its calls that fail, above 0.
    pub(super) fails: f64,
}

impl Lowering<'_> {
    /// The edge that an experiment strikes, if it does; the outer `None` if it cannot be read.
    pub(super) fn struck_edge(
        &mut self,
        at: &At<'_>,
        top: &At<'_>,
        spec: &mut SystemSpec,
    ) -> Option<Option<StruckEdge>> {
        let Some(inject) = at.get("inject").filter(At::is_map) else { return Some(None) };
        let Some(edge) = inject.get("edge") else { return self.refuse_latency(&inject) };
        for key in ["component", "domain", "mode", "capacity", "units"] {
            if let Some(other) = inject.get(key) {
                self.problem(format!("an edge that is struck has no `{key}`"), &other, "remove it, or the `edge`");
                return None;
            }
        }
        let ends: Vec<&str> = edge.items().iter().filter_map(At::text).collect();
        let [from, to] = ends[..] else {
            self.problem("an edge goes from one component to another", &edge, "write `edge: [payments, psp]`");
            return None;
        };
        let fails = self.calls_that_fail((at, &inject), (from, to), top);
        match spec.strike_edge(from, to) {
            Ok(name) => Some(Some(StruckEdge { name, fails: fails? })),
            Err(_) => {
                let hint = format!("declare it: `dependencies: {{edges: [{{from: {from}, to: {to}, need: hard}}]}}`");
                self.problem(format!("there is no edge from `{from}` to `{to}`"), &edge, hint);
                None
            }
        }
    }

    fn refuse_latency(&mut self, inject: &At<'_>) -> Option<Option<StruckEdge>> {
        if let Some(latency) = inject.get("latency") {
            self.problem("only calls on an edge are made slow", &latency, "name it: `edge: [payments, psp]`");
            return None;
        }
        Some(None)
    }

    fn calls_that_fail(&mut self, (at, inject): (&At<'_>, &At<'_>), ends: (&str, &str), top: &At<'_>) -> Option<f64> {
        let share = at.get("share").map_or(Some(1.0), |share| self.ratio(&share));
        let fails = match (inject.get("errors"), inject.get("latency")) {
            (Some(errors), Some(_)) => {
                self.problem("calls fail, or they are slow", &errors, "keep one of `errors` and `latency`");
                return None;
            }
            (Some(errors), None) => self.ratio(&errors),
            (None, Some(latency)) => self.gives_up(&latency, ends, top).then_some(1.0),
            (None, None) => Some(1.0),
        };
        let fails = share? * fails?;
        if fails > 0.0 {
            return Some(fails);
        }
        self.problem("an experiment in which no call fails", inject, "give a share above 0, or remove it");
        None
    }

    /// Whether the caller gives up on a call that takes so much longer.
    fn gives_up(&mut self, latency: &At<'_>, (from, to): (&str, &str), top: &At<'_>) -> bool {
        let Some(slower) = self.duration(latency) else { return false };
        let edges = top.get("dependencies").and_then(|section| section.get("edges"));
        let edges = edges.iter().flat_map(At::items).collect::<Vec<_>>();
        let is = |edge: &At<'_>, key: &str, name: &str| edge.get(key).and_then(|end| end.text()) == Some(name);
        let by_name = edges.iter().find(|edge| is(edge, "from", from) && is(edge, "to", to));
        let edge = by_name.or_else(|| edges.iter().find(|edge| is(edge, "from", "*") && is(edge, "to", to)));
        let timeout = edge.and_then(|edge| edge.get("timeout"));
        let waits = timeout.and_then(|timeout| values::duration(timeout.text()?).ok());
        if waits.is_some_and(|hours| slower.get() >= hours) {
            return true;
        }
        let message = "latency that the caller waits out is not supported yet";
        let why = match waits {
            Some(_) => "the flow knows who is served, and not how long it takes: such calls are served as before",
            None => "the edge has no `timeout` after which the caller would give up",
        };
        let hint = "give the edge a `timeout` (and `retries`) below it, or write `errors`";
        self.sink.push(Diagnostic::new(Code::NotYet, message, latency.span()).why(why).hint(hint));
        false
    }
}
