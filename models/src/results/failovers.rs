//! Rows of the tables on failovers.

/// A row of `failovers`: an attempt of a plan in one of the replications that are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct FailoverRow {
    /// Replication index.
    pub rep: u64,
    /// Numbered from 0 within the replication, by when it began.
    pub seq: u64,
    /// The plan.
    pub plan: String,
    /// Whose place it moves: a component, or its part in a domain.
    pub component: String,
    /// `true`, `false`, `flap`, `test` or `failback`.
    pub reason: &'static str,
    /// Whether the unit in the place was lost.
    pub true_positive: bool,
    /// Seconds since the start: the loss, the alarm, the test or the failback.
    pub started_s: f64,
    /// Seconds until the place was about to be moved; `None` if it never was.
    pub decide_s: Option<f64>,
    /// Seconds until a unit was in the place for good; `None` if that was not before the end.
    pub total_s: Option<f64>,
    /// Whether a person took over.
    pub overridden: bool,
    /// Wrong decisions.
    pub wrong_decisions: u64,
    /// A defect that had come since the last test kept the plan from working.
    pub defect: bool,
    /// `moved`, `by_hand`, `by_repair`, `recovered`, `dismissed`, `rolled_back` or `censored`.
    pub result: &'static str,
    /// The unit that had the place.
    pub from: String,
    /// The unit that has it afterwards.
    pub to: String,
}

/// A row of `failover_steps`: a step of an attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct FailoverStepRow {
    /// Replication index.
    pub rep: u64,
    /// `seq` of the attempt in `failovers`.
    pub failover: u64,
    /// Numbered from 0 within the attempt.
    pub seq: u64,
    /// The step.
    pub step: String,
    /// The team that does it; empty where the plan does it itself.
    pub team: String,
    /// Seconds since the start: it is handed over.
    pub ready_s: f64,
    /// Seconds until its first try: handing it over, waiting for a crew and for its control plane.
    pub wait_s: Option<f64>,
    /// Seconds from its first try to its end.
    pub work_s: Option<f64>,
    /// Tries.
    pub tries: u64,
    /// `done`, `failed`, `given_up` or `censored`.
    pub result: &'static str,
}
