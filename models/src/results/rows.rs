//! What a run hands over, as plain rows: one struct per output table, names and units as in the table reference.
//!
//! Every row is final: rows come in the order in which they are written, and no later stage sorts or joins them.

use std::borrow::Cow;

use ninefold_sim_core::sequential_test::least_observations;

/// A number with its error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimated {
    /// The estimate, in the unit of its column.
    pub value: f64,
    /// Standard error; NaN where it cannot be had (one replication, no event seen).
    pub standard_error: f64,
    /// Lower end of the confidence interval.
    pub lo: f64,
    /// Upper end of the confidence interval; infinite where only a lower bound is known.
    pub hi: f64,
}

impl Estimated {
    /// A value without error.
    pub const fn exact(value: f64) -> Self {
        Self { value, standard_error: 0.0, lo: value, hi: value }
    }
}

/// The interval of an estimate by inputs and chance, beside the one by chance alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WithInputs {
    /// Standard deviation of what the estimate may be, by inputs and chance, in the unit of its column.
    pub standard_deviation: f64,
    /// Lower end of the interval.
    pub lo: f64,
    /// Upper end of the interval.
    pub hi: f64,
}

/// Which engine computed a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Discrete-event simulation.
    Simulation,
    /// An exact solver.
    Exact,
}

/// One measure of one entity: a row of `summary.json`.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// `journeys.NAME`, `components.NAME`, `components.NAME@DOMAIN`, `components.NAME/read`, `agreements.NAME` or `system`.
    pub entity: String,
    /// The measure's name (`unavailability`, `mttr`, …).
    pub measure: &'static str,
    /// Its unit (`1`, `h`, `1/year`, `min/year`, `min`, a flow's).
    pub unit: Cow<'static, str>,
    /// Value and interval.
    pub estimate: Estimated,
    /// Confidence of the interval, in (0, 1).
    pub confidence: f64,
    /// The engine behind `estimate`.
    pub engine: Engine,
    /// The exact value, where an exact engine has one.
    pub exact: Option<f64>,
    /// The name of the exact method (`closed form`, `binary decision diagram`, …) where `exact` is given.
    pub exact_method: Option<&'static str>,
    /// Events (or non-zero replications) the estimate rests on; 0 means `estimate.hi` is a bound.
    pub seen: u64,
    /// For point measures: the time since the start, in hours.
    pub at_h: Option<f64>,
    /// For distributions: the quantile, in (0, 1).
    pub quantile: Option<f64>,
    /// The interval by inputs and chance, where inputs are drawn and every draw has a finite estimate.
    pub inputs: Option<WithInputs>,
}

/// A row of `input_shares`: measure × input.
#[derive(Clone, Debug, PartialEq)]
pub struct InputShareRow {
    /// The entity.
    pub entity: String,
    /// The measure's name.
    pub measure: &'static str,
    /// Path of the input; `chance` for what more replications would remove, `rest` for curvature and interactions.
    pub input: String,
    /// Share of the variance by inputs and chance, 0..=1.
    pub share: Estimated,
}

/// What a method of variance reduction gained for one entity, or why it was not used.
#[derive(Clone, Debug, PartialEq)]
pub struct VarianceRow {
    /// `antithetic`, `control` or `stratified`.
    pub method: &'static str,
    /// `on` or `auto`.
    pub asked: &'static str,
    /// Whether it was used.
    pub used: bool,
    /// The entity; empty where the method was not used.
    pub entity: String,
    /// Variance without ÷ with the method, for the same replications, measured in the run; `None` where it was not used or
    /// nothing varied.
    pub ratio: Option<f64>,
    /// How the ratio was measured, or why the method was not used.
    pub how: String,
}

/// Outcome of an agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The whole interval of the mean indicator (by inputs and chance, where inputs are drawn) is on the good side of the
    /// target.
    Met,
    /// The whole interval is on the bad side.
    NotMet,
    /// The interval straddles the target.
    Undecided,
}

/// One agreement: verdict and the numbers behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// The agreement's name.
    pub agreement: String,
    /// The journey it speaks of.
    pub journey: String,
    /// `good_minutes`, `success_ratio`, …
    pub indicator: String,
    /// The window as written.
    pub window_kind: String,
    /// Windows per replication.
    pub windows: u64,
    /// Least indicator agreed (a ratio); for a limit on downtime, the ratio it amounts to.
    pub target: f64,
    /// Mean over replications and windows of 1 − indicator.
    pub shortfall: Estimated,
    /// Its interval by inputs and chance, where inputs are drawn; then the verdict uses it.
    pub shortfall_inputs: Option<WithInputs>,
    /// Mean share of windows in breach.
    pub breach_probability: Estimated,
    /// Probability that any window is in breach.
    pub breach_probability_horizon: Estimated,
    /// Met, not met, undecided: the run's verdict.
    pub verdict: Verdict,
    /// What the verdict follows from.
    pub judged: Judged,
    /// Confidence of the verdict, in (0, 1).
    pub confidence: f64,
    /// What the interval of `shortfall` alone says, at the run's confidence.
    pub by_interval: Verdict,
    /// What the [evidence](ninefold_sim_core::sequential_test) speaks for, however weakly.
    pub favours: Verdict,
    /// Bound of the probability that a run ever finds such evidence for the wrong verdict, in [0, 1].
    pub doubt: f64,
}

impl Requirement {
    /// Least replications after which the sequential test can find the agreement met; `u64::MAX` if it never can.
    pub fn replications_to_be_met(&self) -> u64 {
        least_observations(1.0 - self.target, self.confidence)
    }
}

/// What a verdict follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judged {
    /// The confidence interval of the mean shortfall.
    Interval,
    /// The sequential test, whose confidence holds whenever the run stops.
    SequentialTest,
}

/// A row of `availability`: entity × definition × maintenance × window.
#[derive(Clone, Debug, PartialEq)]
pub struct AvailabilityRow {
    /// The entity.
    pub entity: String,
    /// `good_minutes` (time-based) or `success_ratio` (event-based).
    pub definition: &'static str,
    /// `include` (planned maintenance counts).
    pub maintenance: &'static str,
    /// `horizon`, `calendar_month`, …
    pub window_kind: String,
    /// `horizon`, `2027-01`, …
    pub window: String,
    /// Good minutes, or minutes weighted by the share of demand served in full quality (mean per replication).
    pub good_min: f64,
    /// Minutes in the window.
    pub total_min: f64,
    /// Share of the time not up.
    pub unavailability: Estimated,
    /// Share of demand not served in full quality.
    pub unserved_ratio: Estimated,
    /// Mean of served × quality over time.
    pub performability: f64,
    /// Mean minutes down in the window.
    pub downtime_min: f64,
    /// Mean minutes up but not in full service.
    pub degraded_min: f64,
    /// −log₁₀ of `unavailability` (time-based) or `unserved_ratio` (event-based); infinite when nothing was seen.
    pub nines: f64,
}

/// A row of `reliability_metrics`, one an entity. Ratio estimators; infinite or NaN where no failure was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct ReliabilityRow {
    /// The entity.
    pub entity: String,
    /// Up-to-down transitions over all replications.
    pub failures_seen: u64,
    /// Per year of 8760 h.
    pub failures_per_year: Estimated,
    /// Mean time between up-to-down transitions, h.
    pub mtbf_h: Estimated,
    /// Mean up time, h.
    pub mut_h: Estimated,
    /// Mean down time, h.
    pub mttr_h: Estimated,
    /// Mean time to first failure from new, h: simulated only when replications run to first failure.
    pub mttf_h: Option<Estimated>,
    /// The same by an exact engine, h.
    pub mttf_exact_h: Option<f64>,
    /// −log₁₀ of unavailability.
    pub nines: f64,
}

/// A row of `incidents`: one outage of a journey in one of the replications that are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct IncidentRow {
    /// Replication index.
    pub rep: u64,
    /// Numbered from 0 within the replication and journey, by time.
    pub seq: u64,
    /// The journey's entity.
    pub journey: String,
    /// The cause with the largest part in its first instant.
    pub cause: String,
    /// Edges of the dependency graph from the journey to the farthest component that was down by itself in its first
    /// instant; 0 where capacity or errors took it down, `None` where that is not known.
    pub cascade_depth: Option<u64>,
    /// Seconds since the start: the journey went down.
    pub fault_s: f64,
    /// Seconds since the start: it was up again (the horizon if censored).
    pub restored_s: f64,
    /// Open when measuring began or at the horizon.
    pub censored: bool,
}

/// A row of `incident_events`: a transition in the story of an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct IncidentEventRow {
    /// Replication index.
    pub rep: u64,
    /// The journey's entity.
    pub journey: String,
    /// Number of the incident within the replication and journey, as `seq` of `incidents`.
    pub incident: u64,
    /// Numbered from 0 within the story, in the order in which things happened.
    pub seq: u64,
    /// Seconds since the start.
    pub t_s: f64,
    /// Seconds since the journey went down; negative for what was wrong before.
    pub after_s: f64,
    /// What happened: one of [`INCIDENT_EVENT_KINDS`].
    pub kind: &'static str,
    /// Who or what did it: a cause (`db/crash`, `db/switch`), a domain; empty where it only follows.
    pub actor: String,
    /// To whom: a unit, a domain, a component, a journey.
    pub component: String,
    /// `seq` of what it follows from, if that is told.
    pub parent: Option<u64>,
    /// More, in words.
    pub detail: String,
}

/// The kinds of transition, with their meaning.
pub const INCIDENT_EVENT_KINDS: [(&str, &str); 62] = [
    ("failed", "a failure mode of a unit or domain began, and holds it down"),
    (
        "struck",
        "a shared risk, a hazard, an experiment or a canary test took a unit or domain down, or made it serve worse, perhaps others with it",
    ),
    ("degraded", "a failure mode of a unit began, and makes it serve less"),
    ("warms_up", "a unit began to serve, and serves less at first"),
    ("warm", "it serves all it can"),
    ("repair_delayed", "a repair has yet to be asked for"),
    ("repair_asked_for", "it is asked for"),
    ("waits_for_part", "a repair waits for a part, of which its team has none"),
    ("part_comes", "it has one"),
    ("waits", "a repair waits for a crew of its team, gave its crew up, or the crew has stopped for the day"),
    ("repair_begins", "a crew takes up a repair that waited"),
    ("repaired", "a failure mode ended"),
    ("cleared", "a restart of the unit ended a failure mode"),
    ("restores", "the data of a component went wrong or were lost, and come back from a backup"),
    ("restored", "they are back"),
    ("lost", "a unit is down because the domain it sits in is"),
    ("returned", "the domain a unit sits in is up again"),
    ("switch_started", "a unit that stood by is being switched in"),
    ("switch_failed", "the switch did not succeed: a person or a unit that comes back must fill the place"),
    ("no_standby", "no unit that stands by is able to fill the place"),
    ("switched", "a unit that stood by has taken over"),
    ("reconfigures", "a failure that redundancy survives is being dealt with, and the group does not serve meanwhile"),
    ("reconfigured", "it has been dealt with"),
    ("ejected", "the health check took a unit out of rotation"),
    ("started", "a unit serves that its autoscaler has started"),
    ("removed", "the autoscaler removed a unit"),
    ("reclaimed", "a spot instance was taken back, and what replaces it does not serve yet"),
    ("replaced", "what replaces a spot instance serves: another, or a unit on demand"),
    ("readmitted", "the health check put a unit back, or so many are ejected that all serve"),
    ("withdrawn", "a router took a place out of its answer; clients follow one after another"),
    ("announced", "it put the place back"),
    ("election_begins", "a side has a quorum and no leader: writes wait until one is elected"),
    ("election_ends", "a leader is elected, or goes on; or there is no quorum left to elect one"),
    ("two_writers", "several sides of a partition take writes"),
    ("one_writer", "one side takes writes again, or none does"),
    (
        "failover_started",
        "the unit in the place is lost, or a false alarm, a test or a failback begins; the reason stands in the detail",
    ),
    ("failover_true", "while it is decided about a false alarm, the unit is lost indeed"),
    ("failover_deciding", "a person decides whether to move the place"),
    ("failover_approving", "one of the deciding team has come"),
    ("failover_decided", "the place is moved, to the unit in the detail"),
    ("failover_instead", "the unit it was to be moved to is lost, and the steps begin anew with another"),
    ("failover_nobody", "no unit is able to take the place"),
    ("failover_defect", "a defect that had come since the last test keeps the plan from working"),
    ("failover_tested", "a test that does not move the place; whether it found a defect stands in the detail"),
    ("step_ready", "a step of a plan is handed over, or waits for a crew or its control plane"),
    ("step_calls", "one of the step's team is called for"),
    ("step_begins", "a step is under way"),
    ("step_done", "a step has worked"),
    ("step_failed", "a try of a step did not work; whether there is another stands in the detail"),
    ("step_given_up", "a step is given up"),
    ("failover_override", "a person takes over from the plan"),
    ("failover_wrong", "a person decided wrongly"),
    ("failover_ended", "the attempt is over; how, and who has the place, stands in the detail"),
    ("fell_behind", "the unit in the detail has to catch up before it may have the place again"),
    ("resyncing", "the unit that lost its place catches up"),
    ("resynced", "it has caught up"),
    ("divergence", "its data have diverged; whether that was found stands in the detail"),
    ("down", "a component, its part in a domain, or a choice between branches has fewer up than it needs"),
    ("up", "it has enough again"),
    ("journey_down", "the journey left its rule"),
    ("journey_serves", "the journey serves another share of its demand"),
    ("journey_up", "the journey keeps its rule again"),
];

/// A row of `downtime_by_cause`: cause × journey.
#[derive(Clone, Debug, PartialEq)]
pub struct CauseRow {
    /// The cause (`db/crash`, `eu-1/zone-loss`, `db/switch`).
    pub cause: String,
    /// The journey's entity.
    pub journey: String,
    /// Minutes per year.
    pub minutes_per_year: Estimated,
    /// Share of the journey's downtime; the shares of a journey add up to 1.
    pub share: f64,
}

/// A row of `availability_windowed`: the worst window of a size in each replication (minimal cumulative ratio).
#[derive(Clone, Debug, PartialEq)]
pub struct WindowedRow {
    /// The entity.
    pub entity: String,
    /// Window size in seconds.
    pub window_s: f64,
    /// 5 % quantile over replications of the least availability in any window of that size.
    pub mcr_p05: f64,
    /// Median.
    pub mcr_p50: f64,
    /// 95 % quantile.
    pub mcr_p95: f64,
}

/// A row of `availability_distribution`: P(downtime over the measured time > x).
#[derive(Clone, Debug, PartialEq)]
pub struct ExceedanceRow {
    /// The entity.
    pub entity: String,
    /// Downtime in the measured time, minutes.
    pub downtime_min: f64,
    /// Probability that a replication's downtime is above it.
    pub p_exceed: Estimated,
}

/// A row of `importance`. Exact at steady state, without error; or from the replications of a run that asks for it, as
/// shares of the time spent in states: "component down" is then the same state with none of its units serving, "component
/// perfect" with all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportanceRow {
    /// The component or domain (`components.NAME`, `domains.NAME`).
    pub component: String,
    /// The journey's entity.
    pub journey: String,
    /// The engine behind the numbers.
    pub engine: Engine,
    /// ∂U/∂u: P(journey down | component down) − P(journey down | component up).
    pub birnbaum: Estimated,
    /// Birnbaum × component unavailability ÷ journey unavailability.
    pub criticality: Estimated,
    /// P(a minimal cut set holding the component has failed) ÷ journey unavailability.
    pub fussell_vesely: Estimated,
    /// Risk achievement worth: U(component down) ÷ U.
    pub raw: Estimated,
    /// Risk reduction worth: U ÷ U(component perfect); infinite where nothing is left.
    pub rrw: Estimated,
    /// Minutes a year that a perfect component would save.
    pub minutes_at_stake: Estimated,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub struct RunOutcome {
    /// The seed.
    pub seed: u64,
    /// Replications the numbers rest on.
    pub replications: u64,
    /// Why it stopped: `fixed`, `precision`, `decision`, `budget`, `interrupted`, `time`.
    pub stopped: Stopped,
    /// The measure or agreement that steered stopping, if any (`journeys.checkout.unavailability`).
    pub steering: Option<String>,
    /// What was asked of it, and how far the run came.
    pub reached: Option<Reached>,
    /// Confidence of every interval.
    pub confidence: f64,
    /// Length of the measured time per replication, h.
    pub measured_h: f64,
    /// Parameter draws; 0 where inputs are taken as known.
    pub parameter_draws: u32,
}

/// What a run steers by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SteeringRule {
    /// Half-width of an interval ÷ estimate.
    RelativeHalfWidth,
    /// Half-width of an interval in this unit.
    AbsoluteHalfWidth {
        /// As tables name it.
        unit: &'static str,
    },
    /// Probability that a verdict is wrong.
    Decision,
}

/// What was asked of a run and how far it has come. It is there when `reached` ≤ `asked` (and the sample is fit to be
/// believed).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reached {
    /// What the two numbers are.
    pub rule: SteeringRule,
    /// As small as this it is to be.
    pub asked: f64,
    /// As small as this it is, for what is known least; infinite while nothing was seen.
    pub reached: f64,
}

/// Why a run stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// The fixed number of replications is done.
    Fixed,
    /// The asked precision is reached.
    Precision,
    /// The verdicts asked for are decided.
    Decision,
    /// The largest number of replications is done, what was asked for is not reached.
    Budget,
    /// The caller asked to stop: the time was up.
    Time,
    /// The caller asked to stop: the user interrupted.
    Interrupted,
}
