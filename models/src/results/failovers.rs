//! Rows of the tables on failovers.

use super::Estimated;

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
    /// Seconds until half of the clients of the site had been sent elsewhere; `None` where a plan sends nobody away, or fewer
    /// were.
    pub traffic_moved_p50_s: Option<f64>,
    /// The same of 95 % of them.
    pub traffic_moved_p95_s: Option<f64>,
    /// Seconds of writes that a takeover lost, of several components the most; `None` where nothing replicated was taken over.
    pub lost_writes_s: Option<f64>,
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
    /// Of that, seconds from its team being called for until one came; `None` where nobody is called for, or none came.
    pub team_wait_s: Option<f64>,
    /// Seconds from its first try to its end.
    pub work_s: Option<f64>,
    /// Tries.
    pub tries: u64,
    /// `done`, `failed`, `given_up` or `censored`.
    pub result: &'static str,
}

/// A transition of a failover: a line of the feed `failover_status`. Together they say all that the failover's row in
/// `failovers` and those of its steps do.
#[derive(Clone, Debug, PartialEq)]
pub struct FailoverEventRow {
    /// Replication index.
    pub rep: u64,
    /// `seq` of the attempt in `failovers`; what happens after it, until the next of its plan, counts with it.
    pub failover: u64,
    /// Numbered from 0 within the failover, as things happened.
    pub seq: u64,
    /// Seconds since the start.
    pub t_s: f64,
    /// What happened: one of [`failover_event_kinds`].
    pub kind: &'static str,
    /// The plan.
    pub plan: String,
    /// Whose place it moves: a component, or its part in a domain.
    pub component: String,
    /// The step; empty where it is of none.
    pub step: String,
    /// The team that does it; empty where the plan does it itself.
    pub team: String,
    /// The unit that had, is to have, or has the place, or falls behind; empty where it is of none.
    pub unit: String,
    /// The reason of `failover_started`, the result of `failover_ended`, `again` of a step that is tried again, `never_ends`
    /// of a resync, `found` or `missed` of a divergence, `found` of a test that found a defect.
    pub detail: &'static str,
    /// `seq` of what it follows from; `None` of the first.
    pub parent: Option<u64>,
}

/// The kinds of a [`FailoverEventRow`], with their meaning: those of [`INCIDENT_EVENT_KINDS`](super::INCIDENT_EVENT_KINDS)
/// that are of plans.
pub fn failover_event_kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_plans = |kind: &str| {
        let others = ["fell_behind", "resyncing", "resynced", "divergence"];
        kind.starts_with("failover_") || kind.starts_with("step_") || others.contains(&kind)
    };
    super::INCIDENT_EVENT_KINDS.into_iter().filter(move |(kind, _)| of_plans(kind))
}

/// A row of `failover_readiness`: what failovers meet so long after the last test of their plan.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadinessRow {
    /// The plan.
    pub plan: String,
    /// From so long after the last test, h.
    pub from_h: f64,
    /// Until so long after it, h; in the last row what is older as well.
    pub to_h: f64,
    /// Failovers that were called for and decided then.
    pub demands: u64,
    /// Those of them that met a defect.
    pub defects: u64,
    /// Their share; `None` where there were none.
    pub defect: Option<Estimated>,
    /// The probability that a defect is there, in closed form, where failovers are rare.
    pub latent: f64,
}

/// A row of `failover_teams`: what a team has to do with the failovers of a plan that were called for.
#[derive(Clone, Debug, PartialEq)]
pub struct FailoverTeamRow {
    /// The plan.
    pub plan: String,
    /// The team; empty for the plan itself.
    pub team: String,
    /// Failovers that were called for, and over.
    pub attempts: u64,
    /// Those of them that the plan moved.
    pub moved: u64,
    /// Minutes of one of those in which its step (or decision) was what the others waited for.
    pub critical: Option<Estimated>,
    /// Minutes of work in an attempt.
    pub worked: Option<Estimated>,
    /// Minutes in which a step or decision waited for one of the team, in an attempt.
    pub waited: Option<Estimated>,
    /// How often one of the team was called for.
    pub calls: u64,
    /// Share of those calls that found everybody at something else.
    pub contended: Option<Estimated>,
}
