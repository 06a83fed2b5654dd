//! Static fault trees: `file` is a model in the Open-PSA format beside the case, `expected_top_probability` the probability
//! of its top event.

use super::super::refusal::Refusal;
use super::super::study::{Engines, Plan};
use super::super::system::{Place, Span, System, reading};
use super::{Given, model_file};
use crate::diagnostic::Sink;
use crate::import::{FaultTree, Opened, read_open_psa, sections};
use crate::source::Sources;

/// A reader of models.
type Read = fn(&Opened<'_>, &mut Sink) -> Option<FaultTree>;

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let system = system(given, read_open_psa)?;
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

/// The system in the model file of a case.
pub(super) fn system<'a>(given: &Given<'a>, read: Read) -> Result<System<'a>, Refusal> {
    let text = model_file(given)?;
    let (mut sources, mut sink) = (Sources::default(), Sink::default());
    let file = sources.add(given.id(), text.as_str());
    let Some(tree) = read(&Opened { text: &text, file, top: None }, &mut sink) else {
        let (problems, _) = sink.finish(&sources);
        let first = problems.iter().next().map(|problem| problem.message().to_owned()).unwrap_or_default();
        let first = first.strip_prefix("not supported: ").map(str::to_owned).unwrap_or(first);
        return Err(Refusal::not_supported(first));
    };
    Ok(System {
        title: given.id(),
        clock: given.clock,
        sections: sections(&tree, |hours| given.clock.text(hours)),
        events_per_h: tree.events.iter().map(|event| event.changes_per_hour()).sum(),
        settled_h: super::SETTLED,
        horizon_h: None,
    })
}
