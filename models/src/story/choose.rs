//! Which incident is to be told.

use super::incident::{Incident, incidents};
use super::recorder::TRANSITIONS_MAX;
use super::replay::incidents_of;
use crate::assess::AssessError;
use crate::replication::{ReplicationError, Sampling};
use crate::system::{System, Tracked};
use crate::uncertainty::DrawnWorld;

/// Replications that are looked through for an incident where none is named.
pub const LOOKED_THROUGH: u64 = 4096;

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Which {
    /// The replication; `None` is the first that has an incident.
    pub replication: Option<u64>,
    /// The journey's name; `None` is any.
    pub journey: Option<String>,
    /// The number of the incident within the replication and journey; `None` is the longest.
    pub incident: Option<u64>,
}

/// An incident that cannot be told.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StoryError {
    /// A replication cannot be finished.
    #[error(transparent)]
    Replication(#[from] ReplicationError),
    /// The run in which the worst replication was to be found cannot be carried out.
    #[error(transparent)]
    Assess(#[from] AssessError),
    /// Nobody uses the system.
    #[error("the scenario has no journey: an incident is an outage of a journey")]
    NoJourney,
    /// The journey is not declared.
    #[error("there is no journey `{asked}`; hint: there are {known}")]
    UnknownJourney {
        /// What was asked for.
        asked: String,
        /// Those declared.
        known: String,
    },
    /// A number without a journey, where there are several.
    #[error("incidents are numbered by journey; hint: say `--journey` with one of {0}")]
    WhichJourney(String),
    /// A run of this plan does not come so far.
    #[error(
        "there is no replication {asked}: a run of this plan has at most {most}, numbered from 0; hint: `--replications` allows more"
    )]
    NoReplication {
        /// What was asked for.
        asked: u64,
        /// Replications of the run.
        most: u64,
    },
    /// The replication has no incident.
    #[error("replication {rep} has no incident of {of}; hint: without `--replication` the first that has one is told")]
    NoIncident {
        /// The replication.
        rep: u64,
        /// Whose.
        of: String,
    },
    /// The replication has no incident with this number.
    #[error(
        "replication {rep} has no incident {asked} of {of}; hint: it has {count}, numbered from 0; without `--incident` the longest is told"
    )]
    NoSuchIncident {
        /// The replication.
        rep: u64,
        /// Whose.
        of: String,
        /// What was asked for.
        asked: u64,
        /// How many there are.
        count: u64,
    },
    /// None of the first replications has an incident.
    #[error("the first {looked} replications have no incident of {of}; hint: `--worst` looks through all of a run")]
    NoneFound {
        /// Replications looked through.
        looked: u64,
        /// Whose.
        of: String,
    },
    /// In a whole run no journey went down.
    #[error("no journey went down in {0} replications: there is nothing to explain")]
    NothingInRun(u64),
    /// More happens than is written down.
    #[error("more than {TRANSITIONS_MAX} things happen in this incident; hint: tell a shorter one with `--incident`")]
    TooLong,
}

/// The replication and incident that are meant, in a run of at most `most` replications.
///
/// # Errors
/// [`StoryError`] if there is no such journey, replication or incident.
pub fn choose(system: &System, sampling: Sampling, which: &Which, most: u64) -> Result<(u64, Incident), StoryError> {
    let journey = journey(system, which)?;
    let of = journey.map_or("any journey", |journey| system.tracked[journey as usize].entity()).to_owned();
    let meant = |incident: &Incident| journey.is_none_or(|journey| incident.journey == journey);
    if let Some(rep) = which.replication {
        if rep >= most {
            return Err(StoryError::NoReplication { asked: rep, most });
        }
        let found: Vec<Incident> = incidents_of(system, sampling, rep)?.into_iter().filter(meant).collect();
        let count = found.len() as u64;
        return one(&found, which).map(|incident| (rep, incident)).ok_or(match which.incident {
            Some(asked) if count > 0 => StoryError::NoSuchIncident { rep, of, asked, count },
            _ => StoryError::NoIncident { rep, of },
        });
    }
    let (mut world, looked) = (DrawnWorld::new(system, None), most.min(LOOKED_THROUGH));
    for rep in 0..looked {
        let (drawn, trace) = world.run(sampling, rep)?;
        let found: Vec<Incident> = incidents(drawn, trace).into_iter().filter(meant).collect();
        if let Some(incident) = one(&found, which) {
            return Ok((rep, incident));
        }
    }
    Err(StoryError::NoneFound { looked, of })
}

/// The one with the number, else the longest, the first of equals.
fn one(found: &[Incident], which: &Which) -> Option<Incident> {
    match which.incident {
        Some(seq) => found.iter().find(|incident| incident.seq == seq).copied(),
        None => found.iter().copied().reduce(|best, next| if next.lasted() > best.lasted() { next } else { best }),
    }
}

fn journey(system: &System, which: &Which) -> Result<Option<u32>, StoryError> {
    let journeys = &system.spec.journeys;
    let known = || journeys.iter().map(|declared| format!("`{}`", declared.name)).collect::<Vec<_>>().join(", ");
    match &which.journey {
        _ if journeys.is_empty() => Err(StoryError::NoJourney),
        None if which.incident.is_some() && journeys.len() > 1 => Err(StoryError::WhichJourney(known())),
        None => Ok(None),
        Some(asked) => {
            let named = |tracked: &Tracked| {
                matches!(tracked, Tracked::Journey { entity, .. }
                    if entity == asked || entity.strip_prefix("journeys.") == Some(asked))
            };
            let place = system.tracked.iter().position(named);
            place
                .map(|place| Some(place as u32))
                .ok_or_else(|| StoryError::UnknownJourney { asked: asked.clone(), known: known() })
        }
    }
}
