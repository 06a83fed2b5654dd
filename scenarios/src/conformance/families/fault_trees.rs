//! Static fault trees: `file` is a model in the Open-PSA format beside the case, `expected_top_probability` the probability
//! of its top event.

use super::super::refusal::Refusal;
use super::super::study::{Engines, Plan};
use super::super::system::{Place, Span, System, reading};
use super::{Given, model_file};
use crate::diagnostic::Sink;
use crate::import::{Opened, read_open_psa, sections};
use crate::source::Sources;

/// Mean repair, h: the long run does not depend on it.
const REPAIR_H: f64 = 1.0;

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let text = model_file(given)?;
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let file = sources.add(given.id(), text.as_str());
    let tree = read_open_psa(&Opened { text: &text, file, top: None }, &mut sink);
    let Some(tree) = tree else {
        let (problems, _) = sink.finish(&sources);
        let first = problems.iter().next().map(|problem| problem.message().to_owned());
        return Err(Refusal::not_supported(first.unwrap_or_default()));
    };
    let down: f64 = tree.events.iter().map(|event| event.chance()).sum();
    let system = System {
        title: given.id(),
        clock: given.clock,
        sections: sections(&tree),
        events_per_h: 2.0 * down / REPAIR_H,
        settled_h: super::SETTLED * REPAIR_H,
        horizon_h: None,
    };
    let mut plan = Plan::default();
    for (place, expected) in given.answers() {
        if expected.measure != "expected_top_probability" {
            system.ask(&mut plan, (place, expected));
            continue;
        }
        let found = Place {
            study: "long-run".to_owned(),
            entity: "journeys.system".to_owned(),
            reading: reading("unavailability", 1.0, 0.0),
            engines: Engines::EXACT,
        };
        system.ask_at(&mut plan, place, (Span::LongRun, found));
    }
    Ok(plan)
}
