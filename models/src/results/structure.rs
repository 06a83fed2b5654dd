//! Rows of what the dependency graph says.

use super::Estimated;

/// A row of `spof`: a minimal cut set of an entity. Probabilities are of the long run, and missing where a member has none
/// that is independent of the others.
#[derive(Clone, Debug, PartialEq)]
pub struct CutSetRow {
    /// The journey's entity (the component's where there is no journey).
    pub entity: String,
    /// Members.
    pub order: u64,
    /// The units and domains that are all down, `components.NAME` for the only unit of a component.
    pub members: Vec<String>,
    /// P(all members are down).
    pub unavailability: Option<f64>,
    /// The same as minutes a year.
    pub minutes_per_year: Option<f64>,
    /// How often a year the last of the members goes down.
    pub failures_per_year: Option<f64>,
    /// P(that happens within a year), were it a Poisson process: 1 − exp(−`failures_per_year`).
    pub p_per_year: Option<f64>,
    /// P(all members are down) ÷ unavailability of the entity.
    pub fussell_vesely: Option<f64>,
}

/// A row of `cut_set_counts`: how many minimal cut sets an entity has, and what those listed come to.
#[derive(Clone, Debug, PartialEq)]
pub struct CutSetCountRow {
    /// The entity.
    pub entity: String,
    /// Minimal cut sets of 1, 2 and 3 members; `None` if they could not be found.
    pub by_order: Option<[f64; 3]>,
    /// All minimal cut sets.
    pub all: Option<f64>,
    /// Sets of up to so many members are listed.
    pub listed_order: u64,
    /// Sum of the unavailabilities of the listed sets: never below what they come to together.
    pub rare_event: Option<f64>,
    /// P(at least one listed set is down), exact.
    pub unavailability_listed: Option<f64>,
    /// P(the structure is down), exact; standby groups without the time of their switches.
    pub unavailability: Option<f64>,
    /// What is missing, and why; empty if nothing is.
    pub remark: String,
}

impl CutSetCountRow {
    pub(crate) fn counted(entity: &str, counts: [f64; 4], all: f64) -> Self {
        let [_, one, two, three] = counts;
        Self { by_order: Some([one, two, three]), all: Some(all), ..Self::refused(entity, String::new()) }
    }

    pub(crate) fn refused(entity: &str, remark: String) -> Self {
        Self {
            entity: entity.to_owned(),
            by_order: None,
            all: None,
            listed_order: 0,
            rare_event: None,
            unavailability_listed: None,
            unavailability: None,
            remark,
        }
    }

    pub(crate) fn remark(&mut self, remark: &str) {
        if !self.remark.is_empty() {
            self.remark.push_str("; ");
        }
        self.remark.push_str(remark);
    }
}

/// A row of `recovery_order`: when something is up again after everything was down at once.
#[derive(Clone, Debug, PartialEq)]
pub struct RecoveryRow {
    /// `domains.NAME`, `components.NAME` or `journeys.NAME`.
    pub entity: String,
    /// Longest chain of what has to be up before it, itself included.
    pub step: u64,
    /// What it waits for itself.
    pub waits_for: Vec<String>,
    /// From having what it needs to being up, in minutes; `None` if it is never repaired.
    pub takes_min: Option<f64>,
    /// It has what it needs, in minutes since everything was down.
    pub starts_min: Option<f64>,
    /// It is up, in minutes since everything was down.
    pub up_min: Option<f64>,
    /// The chain that decides when it is up, first to last, itself included where it takes time.
    pub critical_path: Vec<String>,
}

/// A row of `downtime_by_cut_set`: downtime of a journey while a minimal cut set had failed; of several at once, each has an
/// equal part. Shares of a journey add up to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct CutSetDowntimeRow {
    /// The journey's entity.
    pub journey: String,
    /// Members; 0 where it is no cut set.
    pub order: u64,
    /// The units, domains and standby groups that were all down.
    pub members: Vec<String>,
    /// Why there is no cut set to name; empty where there is.
    pub instead: &'static str,
    /// Downtime.
    pub minutes_per_year: Estimated,
    /// Share of the journey's downtime.
    pub share: f64,
}

/// A row of `downtime_by_edge`: downtime of a journey that came through an edge of the dependency graph.
#[derive(Clone, Debug, PartialEq)]
pub struct EdgeDowntimeRow {
    /// The journey's entity.
    pub journey: String,
    /// Who needs: a component, or the journey itself.
    pub from: String,
    /// Who is needed.
    pub to: String,
    /// Downtime that came through the edge.
    pub minutes_through: Estimated,
    /// Its share of the journey's downtime; along a chain it counts at every edge.
    pub share_through: f64,
    /// Downtime that came through the edge and no further: `to` was down by itself.
    pub minutes_ending: Estimated,
    /// Its share of the journey's downtime; these add up to 1.
    pub share_ending: f64,
}
