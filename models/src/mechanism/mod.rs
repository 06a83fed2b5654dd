//! Mechanisms: what makes things happen. One file each; add a file, a line in `mechanisms!` and its kinds below.
//!
//! A mechanism reacts to its own events and to facts. It changes only its own slice of the world and writes only to
//! [`Out`]: effects to place or lift, events to schedule, facts to note. It never calls another mechanism.

mod ahead;
mod autoscale;
pub(crate) mod beginning;
mod calls;
mod common_cause;
mod course;
mod crew_hours;
mod crew_tally;
mod crews;
mod data_loss;
mod domain_loss;
mod experiments;
mod failover;
mod failure;
mod forecast_path;
mod freeze;
mod health_check;
mod hosts;
mod leadership;
mod life;
mod load_sharing;
mod loss_rate;
mod probing;
mod reconfiguration;
mod replication;
mod requests;
mod restore;
mod routing;
mod service_clock;
mod sharing;
mod spare_parts;
mod spot;
mod spread;
mod standby;
mod strain;
mod supply;
mod virtual_age;
mod visibility;
mod warm_up;

pub(crate) use beginning::Beginning;
pub use crew_tally::{Crewed, Stocked};
pub use failover::{Doubled, Ending, Happening, Reason, StepEnding, Turn};
pub(crate) use failure::Failure;
use ninefold_sim_core::calendar::{Agenda, Event};
use ninefold_sim_core::stream::Replication;
use ninefold_sim_core::tick::Tick;
pub(crate) use standby::Place;

use crate::board::{Board, Effect, FACT_KINDS, Fact, FactKind, FactSet};
use crate::replication::{
    Bare, Checked, Experimented, MovedClients, Pooled, Restored, Resynced, Scaled, SpotTurn, Stand, Strained, Survived,
    Takeover,
};
use crate::requests::Requested;
use crate::system::{COHORTS, Hits, LevelOf, SlotId, System};

/// The phase table: at one tick, events go in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Kind {
    /// A failure mode of a unit ends (entity: mode).
    Repaired,
    /// A failure mode of a unit begins (entity: mode).
    Fails,
    /// A repair is asked for, some time after its failure (entity: mode).
    RepairAskedFor,
    /// An order of spare parts comes (entity: part).
    PartsCome,
    /// A team with hours begins or stops to work (entity: team).
    CrewsTurn,
    /// A switch to a standby unit ends (entity: place).
    SwitchEnds,
    /// A person fills a place after a failed switch (entity: place).
    ManualSwitchEnds,
    /// A trigger has seen enough, or is mistaken (entity: instance of a plan).
    PlanAlarm,
    /// A person has decided whether a plan moves its place (entity: instance of a plan).
    PlanDecided,
    /// A step of a plan goes on (entity: step).
    PlanStepEnds,
    /// A person takes over from a plan (entity: instance of a plan).
    PlanTakenOver,
    /// The person who took over has decided (entity: instance of a plan).
    PlanOverridden,
    /// A unit goes on on its way back to its place (entity: instance of a plan).
    PlanReturns,
    /// A test of a plan is due (entity: instance of a plan).
    PlanTest,
    /// Demand or capacity goes on in its course (entity: course).
    LevelChanges,
    /// A failure that redundancy survives has been dealt with (entity: group with coverage).
    ReconfigurationEnds,
    /// A shock strikes, or a burst begins (entity: shock).
    Shock,
    /// A burst under way strikes one of its units (entity: mode).
    BurstStrikes,
    /// An experiment is due (entity: experiment).
    ExperimentDue,
    /// An experiment under way is given up, if it still must be (entity: experiment).
    ExperimentAborts,
    /// The verdict of a health check on a unit changes (entity: replica).
    Judged,
    /// A started replica is ready (entity: replica).
    BootEnds,
    /// An autoscaler looks (entity: autoscaler).
    ScalerLooks,
    /// A node that was asked for is there, or is given up (entity: node).
    NodeComes,
    /// Nodes become short, or are to be had again (entity: autoscaler).
    NodesShort,
    /// Nodes are asked for and removed (entity: autoscaler).
    NodesScanned,
    /// What runs in a place of spot capacity changes (entity: replica).
    SpotTurns,
    /// Spot capacity is taken back, much at once (entity: component with spot capacity).
    SpotReclaim,
    /// The verdict of a router on a place changes (entity: place).
    RouteJudged,
    /// Clients of a router look where they are sent (entity: cohort).
    ClientsFollow,
    /// A leader is elected (entity: component that elects, among those with a leadership).
    Elected,
    /// What is on the hosts of a pool, or what neighbours take of them, has changed (entity: pool).
    HostsChange,
    /// A host whose load is above a limit evicts a unit, if it still is (entity: host).
    HostLooks,
    /// Something happens to a request (entity: 0, all of them).
    RequestsGoOn,
}

impl Kind {
    /// Every kind, in phase order.
    pub const ALL: [Self; 34] = [
        Self::Repaired,
        Self::Fails,
        Self::RepairAskedFor,
        Self::PartsCome,
        Self::CrewsTurn,
        Self::SwitchEnds,
        Self::ManualSwitchEnds,
        Self::PlanAlarm,
        Self::PlanDecided,
        Self::PlanStepEnds,
        Self::PlanTakenOver,
        Self::PlanOverridden,
        Self::PlanReturns,
        Self::PlanTest,
        Self::LevelChanges,
        Self::ReconfigurationEnds,
        Self::Shock,
        Self::BurstStrikes,
        Self::ExperimentDue,
        Self::ExperimentAborts,
        Self::Judged,
        Self::BootEnds,
        Self::ScalerLooks,
        Self::NodeComes,
        Self::NodesShort,
        Self::NodesScanned,
        Self::SpotTurns,
        Self::SpotReclaim,
        Self::RouteJudged,
        Self::ClientsFollow,
        Self::Elected,
        Self::HostsChange,
        Self::HostLooks,
        Self::RequestsGoOn,
    ];

    /// Entities of each kind, in phase order.
    pub fn entities(system: &System) -> [usize; 34] {
        let (modes, places) = (system.units.modes.len(), system.places as usize);
        let windows = system.groups.iter().filter(|group| group.coverage.is_some()).count();
        let bursts = system.spec.shocks.iter().any(|shock| matches!(shock.hits, Hits::Burst(_)));
        let awaited = if bursts { modes } else { 0 };
        let (shocks, experiments) = (system.shocks.len(), system.experiments.len());
        let probed = if system.checks.is_empty() { 0 } else { system.units.replicas };
        let scalers = system.autoscalers.len();
        let booting = if scalers == 0 { 0 } else { system.units.replicas };
        let of_nodes = system.autoscalers.iter().filter_map(|scaler| scaler.nodes.as_ref());
        let nodes = of_nodes.map(|pool| pool.spec.max as usize).sum();
        let pools = if nodes == 0 { 0 } else { scalers };
        let spots = system.spots.len();
        let turning = if spots == 0 { 0 } else { system.units.replicas };
        let routed = system.routings.last().map_or(0, |routing| routing.places.end as usize);
        let courses = system.courses.len();
        let hosts = system.host_pools.last().map_or(0, |pool| pool.first_host + pool.spec.hosts.len() as u32);
        let requests = usize::from(!system.requests.stations.is_empty());
        let asked = if system.units.supplies.iter().any(|supply| supply.logistics.is_some()) { modes } else { 0 };
        let hours = if system.crew_hours.iter().any(Option::is_some) { system.crew_hours.len() } else { 0 };
        let (plans, steps) = (system.plans.instances.len(), system.plans.steps.len());
        [
            modes,
            modes,
            asked,
            system.units.parts.len(),
            hours,
            places,
            places,
            plans,
            plans,
            steps,
            plans,
            plans,
            plans,
            plans,
            courses,
            windows,
            shocks,
            awaited,
            experiments,
            experiments,
            probed,
            booting,
            scalers,
            nodes,
            pools,
            pools,
            turning,
            spots,
            routed,
            system.routings.len() * COHORTS,
            system.leaderships.len(),
            system.host_pools.len(),
            hosts as usize,
            requests,
        ]
    }
}

/// The instant a handler acts in: the settled board and who draws.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The system.
    pub system: &'a System,
    /// The settled board.
    pub board: &'a Board,
    /// Now.
    pub now: Tick,
    /// Seed and replication of every draw.
    pub replication: Replication,
}

/// Where events wait.
pub trait Pending {
    /// Makes `event` the one pending for its kind and entity; a time of [`Tick::NEVER`] cancels.
    fn set(&mut self, event: Event);
}

impl Pending for Agenda {
    #[inline]
    fn set(&mut self, event: Event) {
        Self::set(self, event);
    }
}

/// What a handler wants done; kept and reused, never freed.
#[derive(Debug)]
pub struct Out<P = Agenda> {
    /// Effects to place and lift.
    pub effects: Vec<Effect>,
    /// Facts to deliver at this instant.
    pub notes: Vec<Fact>,
    /// Levels that change, and the factor on each.
    pub levels: Vec<(LevelOf, f64)>,
    /// What is to happen later.
    pub pending: P,
}

impl<P: Pending> Out<P> {
    /// Nothing wanted yet.
    pub const fn new(pending: P) -> Self {
        Self { effects: Vec::new(), notes: Vec::new(), levels: Vec::new(), pending }
    }

    /// Places an effect.
    #[inline]
    pub fn place(&mut self, slot: SlotId) {
        self.effects.push(Effect { slot, placed: true });
    }

    /// Lifts an effect.
    #[inline]
    pub fn lift(&mut self, slot: SlotId) {
        self.effects.push(Effect { slot, placed: false });
    }

    /// A level is this factor times what it is without its course, from now on.
    pub fn set_level(&mut self, of: LevelOf, factor: f64) {
        self.levels.push((of, factor));
    }

    /// Makes an event the one pending for its kind and entity.
    #[inline]
    pub fn schedule(&mut self, at: Tick, kind: Kind, entity: u32) {
        self.pending.set(Event::new(at, kind as u16, entity));
    }

    /// Cancels the pending event of a kind and entity.
    #[inline]
    pub fn cancel(&mut self, kind: Kind, entity: u32) {
        self.schedule(Tick::NEVER, kind, entity);
    }

    /// Notes a fact.
    #[inline]
    pub fn note(&mut self, kind: FactKind, subject: u32) {
        self.notes.push(Fact { kind, subject });
    }
}

/// Something that makes things happen.
pub trait Mechanism: Sized {
    /// The facts it hears.
    const LISTENS: FactSet;

    /// Its slice of a world over `system`.
    fn new(system: &System) -> Self;

    /// The facts it needs in this system; those it would do nothing with are left out.
    fn listens(&self) -> FactSet {
        Self::LISTENS
    }

    /// Begins a replication at tick 0.
    fn start(&mut self, at: Moment<'_>, out: &mut Out);

    /// One of its events.
    fn event(&mut self, kind: Kind, entity: u32, at: Moment<'_>, out: &mut Out);

    /// A fact.
    fn fact(&mut self, fact: Fact, at: Moment<'_>, out: &mut Out);
}

/// Declares every mechanism with the kinds of event it owns, in order of their number.
macro_rules! mechanisms {
    ($($name:ident: $Mechanism:path => [$($kind:ident),*]),* $(,)?) => {
        /// The slices of all mechanisms of one world.
        #[derive(Debug)]
        pub struct Mechanisms { $($name: $Mechanism),* }

        impl Mechanisms {
            /// The slices of a world over `system`.
            pub fn new(system: &System) -> Self {
                Self { $($name: <$Mechanism as Mechanism>::new(system)),* }
            }

            /// For each kind of fact, a bit mask of the mechanisms that hear it.
            pub fn listeners(&self) -> [u32; FACT_KINDS] {
                let sets = [$(self.$name.listens()),*];
                FactKind::ALL.map(|kind| sets.iter().enumerate().map(|(i, set)| u32::from(set.has(kind)) << i).sum())
            }

            /// Begins a replication.
            pub fn start(&mut self, at: Moment<'_>, out: &mut Out) {
                $(self.$name.start(at, out);)*
            }

            /// Hands an event to its mechanism.
            #[inline]
            pub fn event(&mut self, event: Event, at: Moment<'_>, out: &mut Out) {
                match Kind::ALL[usize::from(event.kind())] {
                    $($(Kind::$kind => self.$name.event(Kind::$kind, event.entity(), at, out),)*)*
                }
            }

            /// Hands a fact to each mechanism of a bit mask, in order of their number.
            #[inline]
            pub fn fact(&mut self, mask: u32, fact: Fact, at: Moment<'_>, out: &mut Out) {
                let mut bit = 1;
                $(
                    if mask & bit != 0 { self.$name.fact(fact, at, out); }
                    bit <<= 1;
                )*
                let _ = bit;
            }
        }
    };
}

mechanisms! {
    failure: failure::Failure => [Repaired, Fails, RepairAskedFor, PartsCome, CrewsTurn],
    domain_loss: domain_loss::DomainLoss => [],
    standby: standby::Switching => [SwitchEnds, ManualSwitchEnds],
    failover: failover::Failover => [
        PlanAlarm, PlanDecided, PlanStepEnds, PlanTakenOver, PlanOverridden, PlanReturns, PlanTest
    ],
    course: course::Courses => [LevelChanges],
    data_loss: data_loss::DataLoss => [],
    replication: replication::Replication => [],
    reconfiguration: reconfiguration::Reconfiguration => [ReconfigurationEnds],
    common_cause: common_cause::CommonCause => [Shock, BurstStrikes],
    experiments: experiments::Experiments => [ExperimentDue, ExperimentAborts],
    health_check: health_check::HealthCheck => [Judged],
    autoscale: autoscale::Autoscale => [BootEnds, ScalerLooks, NodeComes, NodesShort, NodesScanned],
    spot: spot::SpotCapacity => [SpotTurns, SpotReclaim],
    routing: routing::Routing => [RouteJudged, ClientsFollow],
    leadership: leadership::Leadership => [Elected],
    hosts: hosts::Hosts => [HostsChange, HostLooks],
    requests: requests::Requests => [RequestsGoOn],
    warm_up: warm_up::WarmUp => [],
}

impl Mechanisms {
    /// When the data of each component that may lose some were lost.
    pub(crate) fn data_lost(&self) -> impl Iterator<Item = Tick> + '_ {
        self.data_loss.lost()
    }

    /// The takeovers of replicated components so far, and the returns of units that had to catch up.
    pub(crate) fn replicated(&self) -> (&[Takeover], &[Resynced]) {
        (&self.replication.takeovers, &self.replication.resyncs)
    }

    /// Data that came back from backups so far.
    pub(crate) fn restored(&self) -> &[Restored] {
        self.failure.bonds.as_ref().map_or(&[], |bonds| &bonds.restores.done)
    }

    /// What was counted of crews and of parts, until the end of the replication.
    pub(crate) fn crewed(&mut self, end: Tick, warmup: Tick, into: (&mut Vec<Crewed>, &mut Vec<Stocked>)) {
        // A system whose teams nobody calls has none.
        if let Some(bonds) = &mut self.failure.bonds {
            into.0.extend(bonds.crews.counted(end, warmup));
            into.1.extend(bonds.supplies.stocked(end, warmup));
        }
    }

    /// Clients of routers so far for whom something was over.
    pub(crate) fn clients_moved(&self) -> &[MovedClients] {
        &self.routing.moved
    }

    /// What places of routers carried beyond their own peak, and what they came through, until the end of the replication.
    pub(crate) fn strained(&mut self, end: Tick, system: &System, into: (&mut Vec<Strained>, &mut Vec<Survived>)) {
        self.routing.strained(end, system, into);
    }

    /// What health checks counted within the measured time, until the end of the replication.
    pub(crate) fn checked(&self, end: Tick, warmup: Tick) -> impl Iterator<Item = Checked> + '_ {
        self.health_check.counted(end, warmup)
    }

    /// What was counted of requests, until the end of the replication.
    pub(crate) fn requested(&mut self, end: Tick, system: &System, into: &mut Requested) {
        self.requests.counted(end, system, into);
    }

    /// The experiments so far, in order of when they were due; those under way have no end.
    pub(crate) fn experimented(&self) -> &[Experimented] {
        self.experiments.done()
    }

    /// What autoscalers decided so far.
    pub(crate) fn scaled(&self) -> &[Scaled] {
        self.autoscale.decisions()
    }

    /// What was counted of the nodes under each autoscaler, until the end of the replication.
    pub(crate) fn pooled(&mut self, end: Tick, warmup: Tick) -> impl Iterator<Item = Pooled> + '_ {
        self.autoscale.pooled(end, warmup)
    }

    /// Load and replicas by autoscaler, at every change.
    pub(crate) fn stands(&self) -> impl Iterator<Item = &[Stand]> {
        self.autoscale.stands()
    }

    /// What happened to places of spot capacity so far.
    pub(crate) fn spot_turns(&self) -> &[SpotTurn] {
        self.spot.happened()
    }

    /// Who fills a place of a standby group that no plan switches.
    pub(crate) fn place(&self, place: u32) -> Place {
        self.standby.place(place)
    }

    /// What has happened to failover plans so far.
    pub(crate) fn failovers(&self) -> &[Happening] {
        self.failover.happened()
    }

    /// What was done twice by who did not know of a failover, and what was not, by instance of a plan.
    pub(crate) fn doubled(&self) -> impl Iterator<Item = Doubled> + '_ {
        self.failover.doubled()
    }

    /// Hands over what has happened to failover plans, for the memory of an earlier replication.
    pub(crate) fn hand_over_failovers(&mut self, into: &mut Vec<Happening>) {
        std::mem::swap(self.failover.log(), into);
    }

    /// Hands over when nobody could have taken over from the unit in a plan's place, up to the end of the replication.
    pub(crate) fn hand_over_bare(&mut self, end: Tick, into: &mut Vec<Bare>) {
        self.failover.hand_over_bare(end, into);
    }
}
