//! `start.warmup`: time at less than full capacity.

use ninefold_models::system::{ModeSpec, Redundancy};

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

impl Lowering<'_> {
    /// The warm-up of a component's units; `None` if they have none.
    pub(super) fn warm_up(&mut self, component: &At<'_>, redundancy: Option<&Redundancy>) -> Option<ModeSpec> {
        let start = component.get("start")?;
        let Some(takes) = start.get("warmup") else {
            if let Some(place) = start.get("warmup_capacity") {
                let problem = Diagnostic::new(Code::Missing, "how long a unit warms up is not said", place.key_span());
                self.sink.push(problem.hint("add `warmup: …`"));
            }
            return None;
        };
        let capacity = self.required(&start, "warmup_capacity")?;
        if component.get("capacity").is_none() {
            let message = format!("`{}` does not say what a unit serves", component.path());
            let problem = Diagnostic::new(Code::Missing, message, takes.key_span());
            self.sink.push(
                problem
                    .why("a unit without `capacity` serves all of its load, warm or not")
                    .hint("add `capacity: {per_replica: 50/s}`"),
            );
            return None;
        }
        let Some(scheme) = redundancy.and_then(Redundancy::scheme) else {
            return Some(ModeSpec::warm_up(self.law(&takes)?, self.ratio(&capacity)?));
        };
        let message = format!("a warm-up beside {scheme} is not supported yet");
        let problem = Diagnostic::new(Code::NotYet, message, takes.key_span());
        self.sink.push(problem.why("leaving it out silently would change the answer").hint("remove one of the two"));
        None
    }
}
