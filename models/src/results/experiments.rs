//! Rows of the table on experiments.

/// A row of `experiments`: an experiment that was due in one of the replications that are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct ExperimentRow {
    /// Replication index.
    pub rep: u64,
    /// Numbered from 0 within the replication, by when it was due.
    pub seq: u64,
    /// The experiment.
    pub experiment: String,
    /// What is targeted: `components.NAME` or `domains.NAME`.
    pub target: String,
    /// Seconds since the start: it was due.
    pub began_s: f64,
    /// Seconds until all that it had brought about was over; `None` if it was not begun, or not over at the end.
    pub took_s: Option<f64>,
    /// Whether its hypothesis held; `None` if that was not judged.
    pub held: Option<bool>,
    /// Whether it was given up.
    pub aborted: bool,
    /// Units struck ÷ units of the target.
    pub blast_ratio: f64,
    /// Requests not served while it was under way; `None` if no journey has a demand.
    pub users_hurt: Option<f64>,
    /// `held`, `refuted`, `aborted`, `not_begun`, `done` (there was no hypothesis) or `censored`.
    pub finding: &'static str,
}
