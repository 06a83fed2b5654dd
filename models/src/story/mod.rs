//! Stories: what happened in an incident, transition by transition, each with what it follows from.
//!
//! A replication is a function of its index, so nothing is recorded while it counts: to tell a story it is run again, all
//! of it by events, before an observer. Told are the span of the incident and what was wrong when it began, of what can
//! take the journey down.

mod choose;
mod cone;
mod incident;
mod names;
mod plan;
mod recorder;
mod replay;
mod tell;
mod transition;

pub use choose::{LOOKED_THROUGH, StoryError, Which, choose};
pub use incident::{Incident, incidents};
pub use recorder::TRANSITIONS_MAX;
pub use replay::{EVENTS_REPLAYED_MAX, ROWS_KEPT, incidents_of, story};

pub(crate) use plan::kind as plan_kind;
pub(crate) use replay::{Chosen, stories};
