//! Who knows of a failover, and how soon: what is done twice meanwhile.

use super::error::SystemError;
use super::spec::SystemSpec;
use super::units::unknown;
use crate::lifetime::Law;

/// How the status of failovers is shared.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusSpec {
    /// From the beginning of an attempt until those who read its status know of it; `None`: nobody ever does.
    pub publish_delay: Option<Law>,
    /// The teams that read it; `None`: all of them. A person of no team always does.
    pub subscribers: Option<Vec<String>>,
    /// Probability that a decision, or a try of a step by a team, which begins while whoever does it does not know is done
    /// twice, 0..=1.
    pub duplicate_work: f64,
}

impl StatusSpec {
    /// Whether those who do some work read the status.
    pub fn is_read_by(&self, team: Option<&str>) -> bool {
        let (Some(team), Some(subscribers)) = (team, &self.subscribers) else { return true };
        subscribers.iter().any(|subscriber| subscriber == team)
    }
}

pub(super) fn check(spec: &SystemSpec) -> Result<(), SystemError> {
    let Some(status) = &spec.status else { return Ok(()) };
    for name in status.subscribers.iter().flatten() {
        if !spec.teams.iter().any(|team| team.name == *name) {
            return Err(unknown("team", name));
        }
    }
    if !(0.0..=1.0).contains(&status.duplicate_work) {
        let (name, allowed) = ("feeds".to_owned(), "0 to 1".to_owned());
        let (what, value) = ("probability of work done twice", status.duplicate_work);
        return Err(SystemError::OutOfRange { what, name, value, allowed });
    }
    Ok(())
}
