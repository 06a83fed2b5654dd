//! What a system consists of, as plain data with names: the contract between a scenario and the engines.
//!
//! A [`SystemSpec`] is written by a loader or by hand and compiled by [`System::build`](super::System::build),
//! which checks it and replaces names by dense indices. It knows no text format: calendar windows arrive as spans
//! of hours since the start, records as fitted laws.

use super::autoscale::AutoscaleSpec;
use super::backup::{BackupSpec, Restore};
use super::capacity_buffer::CapacityBufferSpec;
use super::coverage::Coverage;
use super::data_loss::DataLossSpec;
use super::experiment::ExperimentSpec;
use super::failover::FailoverSpec;
use super::health_check::HealthCheckSpec;
use super::host_pool::HostPoolSpec;
use super::level::Level;
use super::load_sharing::LoadSharingSpec;
use super::loss_rate::JourneyValueSpec;
use super::objective::ObjectiveSpec;
use super::on_demand::OnDemandSpec;
use super::partition::Quorums;
use super::path::Path;
use super::price::Prices;
use super::queueing::Queueing;
use super::replication::ReplicationSpec;
use super::routing::RoutingSpec;
use super::spot::SpotSpec;
use super::status::StatusSpec;
use super::supply::{SparesSpec, SupplySpec};
use super::visibility::VisibilitySpec;
use crate::lifetime::Law;
use crate::units::Hours;

/// A whole system: domains, components, dependencies, journeys, agreements and the time it is observed for.
#[derive(Clone, Debug, Default)]
pub struct SystemSpec {
    /// The scenario's name, as shown in titles.
    pub name: String,
    /// Failure domains; a parent may stand before or after its children.
    pub domains: Vec<DomainSpec>,
    /// Components in written order.
    pub components: Vec<ComponentSpec>,
    /// Repair teams in written order.
    pub teams: Vec<TeamSpec>,
    /// What strikes several units at once.
    pub shocks: Vec<super::ShockSpec>,
    /// What is done to it on purpose, in written order.
    pub experiments: Vec<ExperimentSpec>,
    /// Components whose data may be lost, in written order.
    pub data_losses: Vec<DataLossSpec>,
    /// Components whose data come back from backups, in written order.
    pub backups: Vec<BackupSpec>,
    /// Components whose units share a load, in written order.
    pub load_sharings: Vec<LoadSharingSpec>,
    /// Which modes health checks see, where that is not as usual.
    pub visibilities: Vec<VisibilitySpec>,
    /// Modes that may take hold when a dormant unit is called, in written order.
    pub on_demands: Vec<OnDemandSpec>,
    /// Components whose units are probed, in written order.
    pub health_checks: Vec<HealthCheckSpec>,
    /// Components whose number of replicas follows their load, in written order.
    pub autoscalers: Vec<AutoscaleSpec>,
    /// Components some of whose units are spot, in written order.
    pub spots: Vec<SpotSpec>,
    /// Pools of hosts whose tenants slow one another, in written order.
    pub host_pools: Vec<HostPoolSpec>,
    /// What units cost.
    pub prices: Prices,
    /// Components whose writes are replicated to dormant units, in written order.
    pub replications: Vec<ReplicationSpec>,
    /// Routers in written order.
    pub routings: Vec<RoutingSpec>,
    /// What places of routers can take over.
    pub capacity_buffers: Vec<CapacityBufferSpec>,
    /// Failover plans in written order.
    pub failovers: Vec<FailoverSpec>,
    /// Recovery objectives of journeys.
    pub objectives: Vec<ObjectiveSpec>,
    /// How their status is shared; `None`: everybody knows at once.
    pub status: Option<StatusSpec>,
    /// Partitions, elections and witnesses of quorums, and who sees which side.
    pub quorums: Quorums,
    /// Directed dependencies between components.
    pub dependencies: Vec<DependencySpec>,
    /// Journeys in written order.
    pub journeys: Vec<JourneySpec>,
    /// What successes of journeys are worth, where that is said.
    pub journey_values: Vec<JourneyValueSpec>,
    /// Agreements in written order.
    pub agreements: Vec<AgreementSpec>,
    /// Queues of requests.
    pub queueing: Queueing,
    /// The unit of flows (`MW`), where capacity and demand are no rates of requests.
    pub flow_unit: Option<String>,
    /// Horizon, warm-up, reporting windows and report times.
    pub time: TimeSpec,
    /// The parameter draw whose streams it uses: 1, 2, …; 0 for a system at its point values.
    pub draw: u32,
    /// The uncertain inputs and what each of them is here, in written order.
    pub inputs: Vec<InputValue>,
}

impl SystemSpec {
    /// The components that somebody wrote down: without those that stand for a network, a leader, a single writer, data or an edge, which
    /// come last and alone have a slash in their names.
    pub fn written_components(&self) -> &[ComponentSpec] {
        let first = self.components.iter().position(|component| component.name.contains('/'));
        &self.components[..first.unwrap_or(self.components.len())]
    }

    /// Every law of it, in written order.
    pub(crate) fn laws_mut(&mut self) -> impl Iterator<Item = &mut Law> {
        let components = self.components.iter_mut().flat_map(|component| {
            let switching = match &mut component.redundancy {
                Redundancy::Standby(standby) => Some([Some(&mut standby.switch_takes), standby.manual_switch.as_mut()]),
                Redundancy::Covered { coverage, .. } => {
                    Some([Some(&mut coverage.covered), Some(&mut coverage.uncovered)])
                }
                _ => None,
            };
            let switching = switching.into_iter().flatten().flatten();
            component.modes.iter_mut().flat_map(ModeSpec::laws_mut).chain(switching)
        });
        let lags = self.replications.iter_mut().filter_map(|replication| replication.lag.as_mut());
        let follows = self.routings.iter_mut().map(|routing| &mut routing.follows);
        let plans = self.failovers.iter_mut().flat_map(FailoverSpec::laws_mut);
        let elections = self.quorums.elections.iter_mut().map(|election| &mut election.timeout);
        let plans = plans.chain(elections);
        let domains = self.domains.iter_mut().flat_map(|domain| &mut domain.modes).flat_map(ModeSpec::laws_mut);
        let shocks = self.shocks.iter_mut().map(|shock| &mut shock.time_to_shock);
        let boots = self.autoscalers.iter_mut().flat_map(AutoscaleSpec::laws_mut);
        let spots = self.spots.iter_mut().flat_map(SpotSpec::laws_mut);
        let spares = self.teams.iter_mut().flat_map(|team| &mut team.spares).filter_map(|part| part.lead_time.as_mut());
        let published = self.status.iter_mut().filter_map(|status| status.publish_delay.as_mut());
        let plans = plans.chain(spares).chain(published);
        components.chain(boots).chain(spots).chain(lags).chain(follows).chain(plans).chain(domains).chain(shocks)
    }
}

impl ModeSpec {
    fn laws_mut(&mut self) -> impl Iterator<Item = &mut Law> {
        let mut supply = None;
        let repair = match &mut self.repair {
            Repair::ByCrew(CrewRepair { takes, supply: needs, .. }) => {
                supply = needs.as_mut();
                Some(takes)
            }
            Repair::Takes(law)
            | Repair::Tested(super::TestedRepair { takes: law, .. })
            | Repair::Imperfect(super::ImperfectRepair { takes: law, .. })
            | Repair::Restored(Restore { takes: law, .. }) => Some(law),
            Repair::ByRestart | Repair::Never => None,
        };
        let supply = supply.into_iter().flat_map(|supply| supply.laws_mut());
        [Some(&mut self.time_to_failure), repair].into_iter().flatten().chain(supply)
    }
}

/// An uncertain input, and the value it has in one draw (its mean at the point values).
#[derive(Clone, Debug, PartialEq)]
pub struct InputValue {
    /// Its path in the scenario.
    pub path: String,
    /// Its value, in the unit of the language's engine (`h`, `1`, `1/s`); of a fitted law, the mean in hours.
    pub value: f64,
}

/// A failure domain: a zone, a region, a provider, a host pool. It is a unit too: it has modes of its own.
#[derive(Clone, Debug)]
pub struct DomainSpec {
    /// Unique among domains.
    pub name: String,
    /// The level named in the scenario (`zone`, `region`, …), if any.
    pub level: Option<String>,
    /// The enclosing domain, if any.
    pub parent: Option<String>,
    /// This domain's own, independent failure modes (`effect` is always [`Effect::Down`]).
    pub modes: Vec<ModeSpec>,
}

/// Anything with replicas that serve.
#[derive(Clone, Debug)]
pub struct ComponentSpec {
    /// Unique among components.
    pub name: String,
    /// Replicas in written order; at least one.
    pub units: Vec<UnitSpec>,
    /// How many of the units are needed, and what happens when one is lost.
    pub redundancy: Redundancy,
    /// One state per domain of this level; the component is up while any of them is.
    pub per: Option<String>,
    /// Failure modes, each present once in every unit.
    pub modes: Vec<ModeSpec>,
    /// Capacity of one serving unit in requests per second; `None` serves all load while up.
    pub capacity_per_unit: Option<Level>,
}

/// One replica.
#[derive(Clone, Debug)]
pub struct UnitSpec {
    /// `component/place/ordinal`, unique in the system; it keys the unit's random streams.
    pub name: String,
    /// The innermost domain the unit sits in, if any.
    pub domain: Option<String>,
}

/// One way in which a unit fails.
#[derive(Clone, Debug)]
pub struct ModeSpec {
    /// Unique within its component or domain.
    pub name: String,
    /// Time to failure, in the time of [`ModeSpec::clock`].
    pub time_to_failure: Law,
    /// What happens after.
    pub repair: Repair,
    /// What the mode does to the unit while it is present.
    pub effect: Effect,
    /// The time in which the mode's clock runs.
    pub clock: Clock,
    /// Failures it causes elsewhere at the same instant.
    pub propagates: Vec<Propagation>,
}

/// What a failure does to another component at the same instant. A failure that comes about so goes no further.
#[derive(Clone, Debug, PartialEq)]
pub struct Propagation {
    /// The component that is hit.
    pub to: String,
    /// Operating units of it that fail, chosen evenly; all of them if there are fewer. At least 1.
    pub units: u32,
    /// Probability that it happens, 0..=1.
    pub probability: f64,
}

/// Repair of a mode.
#[derive(Clone, Debug, PartialEq)]
pub enum Repair {
    /// Starts at once and makes the mode as good as new.
    Takes(Law),
    /// The same, once a crew of a team takes it up.
    ByCrew(CrewRepair),
    /// The same, once a test has found the failure.
    Tested(super::TestedRepair),
    /// Starts at once and leaves the mode older than new.
    Imperfect(super::ImperfectRepair),
    /// The data come back from the last good backup; only of what [stands for the data](BackupSpec::data) of a component.
    Restored(Restore),
    /// None: the mode lasts until its unit restarts, at the end of the repair of a mode that held it down. A restart
    /// makes it as good as new, present or not.
    ByRestart,
    /// The mode is final.
    Never,
}

impl Repair {
    /// Law of the work it takes, of a restore that of one backup; `None` where nobody does any.
    pub const fn law(&self) -> Option<&Law> {
        match self {
            Self::Takes(law)
            | Self::ByCrew(CrewRepair { takes: law, .. })
            | Self::Tested(super::TestedRepair { takes: law, .. })
            | Self::Imperfect(super::ImperfectRepair { takes: law, .. })
            | Self::Restored(Restore { takes: law, .. }) => Some(law),
            Self::ByRestart | Self::Never => None,
        }
    }
}

/// A repair that needs one of a team's crews.
#[derive(Clone, Debug, PartialEq)]
pub struct CrewRepair {
    /// The team.
    pub team: String,
    /// Work of one crew.
    pub takes: Law,
    /// 1 goes first; read only by a team that works by [`Order::Priority`].
    pub priority: u32,
    /// What else it needs.
    pub supply: Option<Box<SupplySpec>>,
}

/// A team whose crews repair one thing at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct TeamSpec {
    /// Unique among teams.
    pub name: String,
    /// Repairs that can be under way at once; at least 1.
    pub crews: u32,
    /// Which of the repairs that wait is next.
    pub order: Order,
    /// When it works, ascending and apart; `None` is always.
    pub hours: Option<Vec<(Hours, Hours)>>,
    /// The parts it keeps.
    pub spares: Vec<SparesSpec>,
}

/// The order in which a team takes up repairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Order {
    /// As they came; at one instant in order of units.
    #[default]
    FirstCome,
    /// All at once, the crews divided equally over them; none gets more than one crew.
    Shared,
    /// The smallest priority first, as they came within one.
    Priority(Interrupt),
    /// The one for whose absence most is lost first, in money (or requests) per hour, at the instant at which a crew is free;
    /// none is interrupted.
    LossRate,
    /// The same, what is lost divided by the mean work: the cμ rule.
    CMu,
}

impl Order {
    /// Whether it is chosen anew who is next whenever a crew is free.
    pub const fn chooses(self) -> bool {
        matches!(self, Self::LossRate | Self::CMu)
    }
}

/// What a repair of higher priority does to one under way when every crew is busy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interrupt {
    /// Takes its crew; it goes on later where it stopped.
    Resume,
    /// Takes its crew; it begins anew later, with work drawn anew.
    Restart,
    /// Waits for its end.
    None,
}

/// What a mode that is present does to its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effect {
    /// The unit does not serve.
    Down,
    /// The unit serves, degraded: its capacity is multiplied by `capacity` (in 0..=1), and a share `errors` (in 0..=1)
    /// of what it serves fails.
    Degraded {
        /// Factor on the unit's capacity.
        capacity: f64,
        /// Share of served requests that fail.
        errors: f64,
    },
}

/// The time in which a mode ages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Clock {
    /// Stands still while the unit is down by any of its modes (and while dormant, as the standby mode says).
    #[default]
    Operating,
    /// Always runs, except while the mode itself is present.
    Calendar,
    /// As operating, and stands still while every journey through the component is down.
    Service,
    /// Never runs: the mode takes hold when a shock strikes its unit.
    Struck,
    /// Never runs: the mode may take hold when its unit, which stands by, is called. The time to failure is not read.
    Called,
}

/// How a component (or each of its states under [`ComponentSpec::per`]) survives the loss of units.
#[derive(Clone, Debug, PartialEq)]
pub enum Redundancy {
    /// Up while at least one unit serves.
    None,
    /// Up while at least `need` units serve.
    KOfN {
        /// Serving units needed, 1..=n.
        need: u32,
    },
    /// The same, and each failure that it survives is covered or not, and costs time either way.
    Covered {
        /// Serving units needed, 1..=n.
        need: u32,
        /// What such a failure costs.
        coverage: Coverage,
    },
    /// Reads need `read` able units, writes `write`; whoever does not say needs the larger.
    Quorum {
        /// Able units a write needs, 1..=n.
        write: u32,
        /// Able units a read needs, 1..=n.
        read: u32,
    },
    /// `active` places filled from able units; the others wait, dormant.
    Standby(Standby),
}

impl Redundancy {
    /// What it is called where its state is more than a count of serving units, which not everything goes together with.
    pub const fn scheme(&self) -> Option<&'static str> {
        match self {
            Self::None | Self::KOfN { .. } => None,
            Self::Covered { .. } => Some("coverage"),
            Self::Quorum { .. } => Some("a quorum"),
            Self::Standby(_) => Some("a standby scheme"),
        }
    }
}

/// A standby scheme; `scenario.md`, "A component".
#[derive(Clone, Debug, PartialEq)]
pub struct Standby {
    /// How a dormant unit ages.
    pub mode: StandbyMode,
    /// Places to fill, 1..=n.
    pub active: u32,
    /// Filled places needed to be up, 1..=active.
    pub need: u32,
    /// Time from the loss of an active unit to the chosen one being active (drawn at the start).
    pub switch_takes: Law,
    /// Probability that a switch succeeds (drawn at its end), 0..=1.
    pub switch_success: f64,
    /// After a failed switch: the time, counted from it, until a person fills the place.
    pub manual_switch: Option<Law>,
    /// When the repair of a unit that has lost its place begins.
    pub repair_starts: RepairStarts,
}

/// When the repair of a failed unit of a standby scheme begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum RepairStarts {
    /// At the failure.
    #[default]
    AtOnce,
    /// Once its place is filled, or no able dormant unit is left.
    AfterSwitch,
}

/// How fast a dormant unit's clocks run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StandbyMode {
    /// As fast as an active unit's.
    Hot,
    /// `dormancy` times as fast, strictly between 0 and 1.
    Warm {
        /// Factor on the speed of ageing.
        dormancy: f64,
    },
    /// Not at all; age is kept.
    Cold,
}

/// A dependency between two components.
#[derive(Clone, Debug, PartialEq)]
pub struct DependencySpec {
    /// The component that calls.
    pub from: String,
    /// The component that is called.
    pub to: String,
    /// What the loss of `to` does to `from`.
    pub need: Need,
    /// Quality while `to` is lost, 0..=1, for soft and async edges; `None` counts as 1 and is listed as an assumption.
    pub fallback_quality: Option<f64>,
}

/// How much a caller needs what it calls; ordered from strongest to weakest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// The caller is down without it.
    Hard,
    /// The caller answers with the quality of its fallback.
    Soft,
    /// As soft, off the caller's own path.
    Async,
}

/// What a user does.
#[derive(Clone, Debug)]
pub struct JourneySpec {
    /// Unique among journeys.
    pub name: String,
    /// What it needs, before the closure over dependencies.
    pub path: Path,
    /// Demand in requests per second; `None` weighs time alone and loads no capacity.
    pub demand: Option<Level>,
    /// When it counts as up.
    pub rule: UpRule,
}

/// The side of a quorum a journey uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Side {
    /// The larger of the two.
    #[default]
    Both,
    /// Reads only.
    Read,
    /// Writes only.
    Write,
}

/// When a journey counts as up, beside the hard structure being up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UpRule {
    /// Least share of demand served, 0..=1.
    pub success: f64,
    /// Least capacity in requests per second.
    pub capacity_at_least: Option<f64>,
}

impl Default for UpRule {
    fn default() -> Self {
        Self { success: 0.5, capacity_at_least: None }
    }
}

/// A target on an indicator of a journey over windows.
#[derive(Clone, Debug)]
pub struct AgreementSpec {
    /// Unique among agreements.
    pub name: String,
    /// The journey it speaks of.
    pub journey: String,
    /// What is measured.
    pub indicator: Indicator,
    /// Where the line is.
    pub target: Target,
    /// The window as written, for display (`calendar_month`, `rolling_30d`, …).
    pub window_kind: String,
    /// Every window wholly inside the measured time, in order of start; at least one.
    pub windows: Vec<Window>,
}

/// What an agreement measures in a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Indicator {
    /// Share of the window's time in which the journey is up, exact in continuous time.
    GoodMinutes,
    /// The same in slices of this length: any bad instant spoils the slice.
    GoodSlices(Hours),
    /// Share of the window's demand that is served in full quality.
    SuccessRatio,
    /// Share of the requests that come in the window that are answered within this time, where they are simulated one by
    /// one; `None` is at any time.
    Answered(Option<Hours>),
}

/// The line an agreement draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// The indicator is at least this ratio, 0..=1.
    AtLeast(f64),
    /// The bad time in the window is at most this.
    DowntimeAtMost(Hours),
}

/// A span of the measured time, in hours since the start of a replication.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// As shown in tables (`2027-01`, `2027-Q1`, …).
    pub label: String,
    /// First instant.
    pub start: Hours,
    /// First instant after.
    pub end: Hours,
}

/// Windows of one kind that availability is reported by.
#[derive(Clone, Debug)]
pub struct ReportingWindows {
    /// As written (`calendar_month`, `rolling_30d`, …).
    pub kind: String,
    /// Every window wholly inside the measured time.
    pub windows: Vec<Window>,
}

/// How long a replication lasts and when it is looked at.
#[derive(Clone, Debug)]
pub struct TimeSpec {
    /// From the start to the end of a replication.
    pub horizon: Hours,
    /// Time before measuring begins; below the horizon.
    pub warmup: Hours,
    /// Windows that availability is reported by.
    pub reporting: Vec<ReportingWindows>,
    /// Instants of the point measures, ascending, since the start, at most the horizon.
    pub report_at: Vec<Hours>,
    /// The state at the start.
    pub start: Start,
    /// End each replication once every journey (every component where there is none) has failed, and never before.
    pub until_first_failure: bool,
}

/// The state in which a replication starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Start {
    /// Everything is up and as new.
    #[default]
    New,
    /// Every independent process is drawn from its long run; see
    /// [`without_equilibrium`](super::without_equilibrium) for what has none.
    Stationary,
}

impl Default for TimeSpec {
    fn default() -> Self {
        Self {
            horizon: Hours::new(8760.0),
            warmup: Hours::ZERO,
            reporting: Vec::new(),
            report_at: Vec::new(),
            start: Start::New,
            until_first_failure: false,
        }
    }
}
