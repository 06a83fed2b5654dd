//! Table `incident_events`: the stories of the incidents that are kept.

use std::borrow::Cow;

use ninefold_models::results::IncidentEventRow;

use super::{Column, TableSource};
use crate::input::ReportInput;

pub(crate) struct IncidentEvents;

impl TableSource for IncidentEvents {
    type Row = IncidentEventRow;
    const NAME: &'static str = "incident_events";
    const GRAIN: &'static str = "transition";
    const MEANING: &'static str = "What happened in the incidents of `incidents`, each transition with what it follows from; \
                                   the kinds are those of the guide to `ninefold explain-outage`.";

    fn columns() -> Vec<Column<IncidentEventRow>> {
        vec![
            Column::count("rep", "1", "Replication, from 0.", |r| Some(r.rep)),
            Column::text("journey", "The journey's entity.", |r| r.journey.clone()),
            Column::count("incident", "1", "The incident's `seq` in `incidents`.", |r| Some(r.incident)),
            Column::count("seq", "1", "Number within the story, from 0, as things happened.", |r| Some(r.seq)),
            Column::float("t_s", "s", "When; since the start.", |r| Some(r.t_s)),
            Column::float(
                "after_s",
                "s",
                "When; since the journey went down, below 0 for what was wrong before.",
                |r| Some(r.after_s),
            ),
            Column::text("kind", "What happened.", |r| r.kind.to_owned()),
            Column::text("actor", "The cause, domain or team by which; empty where it only follows.", |r| {
                r.actor.clone()
            }),
            Column::text("component", "To whom: a unit, domain, component or journey.", |r| r.component.clone()),
            Column::count("parent", "1", "The `seq` of what it follows from; null where that is not told.", |r| {
                r.parent
            }),
            Column::text("detail", "More, in words.", |r| r.detail.clone()),
        ]
    }

    fn rows<'a>(input: &ReportInput<'a>) -> Cow<'a, [IncidentEventRow]> {
        Cow::Borrowed(&input.results.incident_events)
    }
}
