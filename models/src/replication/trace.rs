//! What one replication leaves behind: the outages of every tracked entity, what journeys did not serve, and why.

use ninefold_sim_core::tick::Tick;

use super::{Blocks, Experimented};
use crate::mechanism::{Crewed, Doubled, Happening, Stocked};
use crate::requests::Requested;
use crate::scaling::Decision;
use crate::system::{CauseId, ModeId, Offered, System, TrackedId};

/// One, in the fixed point of shares.
const ONE: f64 = (1u64 << 32) as f64;

/// A share of 0..=1 in fixed point, 2⁻³².
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u64);

impl Share {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The nearest fixed point to a share.
    pub fn of(share: f64) -> Self {
        Self((share.clamp(0.0, 1.0) * ONE + 0.5) as u64)
    }

    /// This share of a span, in 2⁻³² ticks.
    pub const fn of_span(self, span: Tick) -> u128 {
        self.0 as u128 * span.get() as u128
    }
}

/// A time in which an entity was down, or a journey did not serve in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    /// Its first instant.
    pub start: Tick,
    /// The first instant after; the end of the replication if it did not end before.
    pub end: Tick,
    /// The cause with the largest weight in its first instant (journeys only; 0 otherwise).
    pub cause: CauseId,
}

/// A takeover by another unit than was active before, within the measured time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Takeover {
    /// Place of the component among those that are replicated.
    pub of: u32,
    /// The group that it was in.
    pub group: u32,
    /// When.
    pub at: Tick,
    /// The written time that is lost.
    pub lost: Tick,
}

/// A unit that came back and has to catch up with the active one, within the measured time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resynced {
    /// Place of the component among those that are replicated.
    pub of: u32,
    /// How long it takes while the component is up; [`Tick::NEVER`] if it never does.
    pub takes: Tick,
}

/// Data that come back from a backup; in a trace, those of which the restore begins within the measured time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Place of the component among those with backups.
    pub of: u32,
    /// The mode that it ends.
    pub mode: ModeId,
    /// When the restore begins.
    pub at: Tick,
    /// The written time that is lost.
    pub lost: Tick,
    /// How long the data were wrong before anybody knew.
    pub unseen: Tick,
    /// Backups that were restored, the last of them good.
    pub tries: u32,
}

/// What a health check did within the measured time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// Ejections by probes that found nothing bad.
    pub false_ejections: u64,
    /// Ejections of units that had failed.
    pub detected: u64,
    /// Ticks from those failures to the ejections.
    pub detecting: i64,
    /// Ticks of units that were out of rotation though able.
    pub wasted: i64,
    /// Ticks of units with which something was wrong that no probe sees.
    pub unseen: i64,
    /// Times at which every unit came to be ejected, of at least two, though some was able.
    pub mass_ejections: u64,
}

/// A decision of an autoscaler.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scaled {
    /// Place of the autoscaler.
    pub of: u32,
    /// When.
    pub at: Tick,
    /// What it decided.
    pub decision: Decision,
}

/// What was counted of the nodes under an autoscaler within the measured time; nothing where it has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pooled {
    /// Nodes × ticks.
    pub nodes: i64,
    /// Most nodes at once.
    pub most: u32,
    /// Replicas that wait for a node × ticks.
    pub waiting: i64,
    /// Replicas that were moved because their node was removed.
    pub evictions: u64,
    /// Requests of a node that were refused.
    pub refused: u64,
    /// Nodes that were asked for and given up.
    pub given_up: u64,
}

/// The load on a scaled component and its replicas, from an instant on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// From here on.
    pub at: Tick,
    /// Demand, millionths.
    pub demand: u64,
    /// Replicas that serve.
    pub serving: u32,
    /// Replicas that there are, ready or not.
    pub replicas: u32,
    /// Those of them that are to be spot.
    pub spot: u32,
}

/// What runs in a place of spot capacity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Running {
    /// A spot instance.
    OnSpot,
    /// Nothing: the instance was reclaimed, and what is to replace it does not serve yet.
    Nothing,
    /// A unit on demand, until spot capacity is to be had again.
    OnDemand,
    /// Nothing, because its autoscaler has removed it.
    Away,
}

/// A change of what runs in a place of spot capacity; from spot to spot: it was reclaimed and replaced in no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpotTurn {
    /// The spot capacity, in the order of [`System::spots`](crate::system::System).
    pub of: u32,
    /// When.
    pub at: Tick,
    /// What ran there.
    pub from: Running,
    /// What runs there now.
    pub to: Running,
}

impl SpotTurn {
    /// Whether an instance was reclaimed.
    pub fn is_interruption(&self) -> bool {
        self.from == Running::OnSpot && self.to != Running::Away
    }
}

/// What was over for clients of a router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moving {
    /// They were not served: from their place's going down until it was up or they were sent to one that was.
    Outage,
    /// They were sent to a place that the router had withdrawn: from then on until they were sent elsewhere.
    Moved,
}

/// A span in which the unit in the place of a failover plan was able, and nobody could have taken over from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bare {
    /// The instance of the plan.
    pub instance: u32,
    /// From then.
    pub from: Tick,
    /// Until then.
    pub to: Tick,
}

/// Weight of all clients of a router, in the integers they are counted in.
pub const CLIENTS: u64 = 1 << 20;

/// Clients of a router for whom something was over at once, within the measured time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MovedClients {
    /// The router, in the order of [`System::routings`](crate::system::System).
    pub of: u32,
    /// What was over.
    pub what: Moving,
    /// The place, over all routers, that it was about.
    pub place: u32,
    /// When it was over.
    pub at: Tick,
    /// How long it took.
    pub took: Tick,
    /// How many of the router's [`CLIENTS`] they are.
    pub clients: u64,
}

/// A span in which a place of a router carried more than its own peak, because clients of others were sent to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strained {
    /// The place, over all routers.
    pub place: u32,
    /// Its first instant.
    pub from: Tick,
    /// The first instant after.
    pub to: Tick,
    /// What was sent to it, in millionths of its own peak.
    pub carries: u64,
}

/// A failover that a place of a router came through: it was up all the while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Survived {
    /// The place, over all routers.
    pub place: u32,
    /// When the first client was sent elsewhere than to its own place.
    pub began: Tick,
    /// The most that was sent to the place, in millionths of its own peak.
    pub most: u64,
}

/// A span in which a journey served less than everything in full quality.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Its first instant.
    pub start: Tick,
    /// The first instant after.
    pub end: Tick,
    /// 1 − served × quality.
    pub lost: Share,
    /// 1 − served.
    pub unserved: Share,
}

/// The trace of one replication; buffers are kept over replications.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Outages by tracked entity, in order of time.
    pub outages: Vec<Vec<Outage>>,
    /// Losses by journey, in order of time.
    pub losses: Vec<Vec<Loss>>,
    /// What is offered by each journey whose demand is drawn; empty for every other.
    pub drawn: Vec<Offered>,
    /// Ticks of downtime within the measured time, by (journey, cause), in no particular order, not summed up.
    pub causes: Vec<(u32, CauseId, i64)>,
    /// Entities that have failed at least once.
    pub failed: Vec<bool>,
    /// The last tick of the replication.
    pub end: Tick,
    /// How replications depend on one another.
    pub blocks: Blocks,
    /// The block of dependent replications it belongs to; its own index where all are independent.
    pub block: u64,
    /// Events that happened.
    pub events: u64,
    /// When the data of each component that may lose some were lost; [`Tick::NEVER`] for those that were not.
    pub data_lost: Vec<Tick>,
    /// Takeovers of replicated components, in order of time.
    pub takeovers: Vec<Takeover>,
    /// Returns of their units, in order of time.
    pub resyncs: Vec<Resynced>,
    /// Data that came back from backups, in order of time.
    pub restored: Vec<Restored>,
    /// Clients of routers, in order of when something was over for them.
    pub moved: Vec<MovedClients>,
    /// Spans in which places of routers carried more than their own peak.
    pub strained: Vec<Strained>,
    /// Failovers that places of routers came through.
    pub survived: Vec<Survived>,
    /// What each health check did.
    pub checked: Vec<Checked>,
    /// Experiments, in order of when they were due.
    pub experimented: Vec<Experimented>,
    /// What was counted of requests.
    pub requested: Requested,
    /// What autoscalers changed, in order; where they tell all, also what they decided otherwise than the time before.
    pub scaled: Vec<Scaled>,
    /// What was counted of the nodes under each autoscaler.
    pub pooled: Vec<Pooled>,
    /// By autoscaler, load and replicas at every change, in order; the first is at the start.
    pub stands: Vec<Vec<Stand>>,
    /// What happened to places of spot capacity, in order.
    pub spot_turns: Vec<SpotTurn>,
    /// What was done twice, and what was not, by instance of a plan.
    pub doubled: Vec<Doubled>,
    /// What was counted of each team's crews; empty where no team repairs.
    pub crewed: Vec<Crewed>,
    /// What was counted of the parts of each kind.
    pub stocked: Vec<Stocked>,
    /// What happened to failover plans, in order.
    pub failovers: Vec<Happening>,
    /// When nobody could have taken over from the unit in a plan's place, in order of when that was over.
    pub bare: Vec<Bare>,
    /// Downtime within the measured time of every tracked entity in the independent relaxation, where that is followed.
    pub relaxed: Vec<Tick>,
}

impl Trace {
    /// An empty trace of a system.
    pub fn of(system: &System) -> Self {
        let (tracked, journeys) = (system.tracked.len(), system.journeys.len());
        Self {
            outages: vec![Vec::new(); tracked],
            losses: vec![Vec::new(); journeys],
            drawn: vec![Offered::default(); journeys],
            causes: Vec::new(),
            failed: vec![false; tracked],
            end: Tick::ZERO,
            blocks: Blocks::Independent,
            block: 0,
            events: 0,
            data_lost: Vec::new(),
            takeovers: Vec::new(),
            resyncs: Vec::new(),
            restored: Vec::new(),
            moved: Vec::new(),
            strained: Vec::new(),
            survived: Vec::new(),
            checked: Vec::new(),
            experimented: Vec::new(),
            requested: Requested::default(),
            scaled: Vec::new(),
            pooled: Vec::new(),
            stands: vec![Vec::new(); system.autoscalers.len()],
            spot_turns: Vec::new(),
            doubled: Vec::new(),
            crewed: Vec::new(),
            stocked: Vec::new(),
            failovers: Vec::new(),
            bare: Vec::new(),
            relaxed: Vec::new(),
        }
    }

    /// Forgets everything, keeping its memory.
    pub fn clear(&mut self) {
        self.outages.iter_mut().for_each(Vec::clear);
        self.losses.iter_mut().for_each(Vec::clear);
        self.drawn.iter_mut().for_each(Offered::clear);
        self.causes.clear();
        self.data_lost.clear();
        self.takeovers.clear();
        self.resyncs.clear();
        self.restored.clear();
        self.relaxed.clear();
        self.moved.clear();
        self.strained.clear();
        self.survived.clear();
        self.checked.clear();
        self.experimented.clear();
        self.requested.clear();
        self.scaled.clear();
        self.pooled.clear();
        self.stands.iter_mut().for_each(Vec::clear);
        self.spot_turns.clear();
        self.doubled.clear();
        self.crewed.clear();
        self.stocked.clear();
        self.failovers.clear();
        self.bare.clear();
        self.failed.fill(false);
    }

    /// What a journey's demand offers over time.
    pub fn offered<'t>(&'t self, system: &'t System, journey: usize) -> &'t Offered {
        let of = &system.journeys[journey];
        if of.is_drawn { &self.drawn[journey] } else { &of.offered }
    }

    /// Opens an outage, or reopens one that ended at this very instant.
    pub(super) fn down(&mut self, tracked: TrackedId, now: Tick, cause: CauseId) {
        self.failed[tracked as usize] = true;
        self.outages[tracked as usize].push(Outage { start: now, end: Tick::NEVER, cause });
    }

    pub(super) fn up(&mut self, tracked: TrackedId, now: Tick) {
        if let Some(open) = self.outages[tracked as usize].last_mut() {
            open.end = now;
        }
    }

    /// What a journey does not serve from now on. What is the same as before is not a new loss, whatever passed within the
    /// instant.
    pub(super) fn serves(&mut self, journey: u32, now: Tick, lost: Share, unserved: Share) {
        let losses = &mut self.losses[journey as usize];
        if let Some(open) = losses.last_mut().filter(|loss| loss.end.is_never()) {
            if (open.lost, open.unserved) == (lost, unserved) {
                return;
            }
            open.end = now;
        }
        if lost > Share::ZERO || unserved > Share::ZERO {
            losses.push(Loss { start: now, end: Tick::NEVER, lost, unserved });
        }
    }

    /// Closes what is open at the end of the replication.
    pub(super) fn finish(&mut self, end: Tick) {
        self.end = end;
        for outages in &mut self.outages {
            if let Some(open) = outages.last_mut().filter(|outage| outage.end.is_never()) {
                open.end = end;
            }
        }
        for losses in &mut self.losses {
            if let Some(open) = losses.last_mut().filter(|loss| loss.end.is_never()) {
                open.end = end;
            }
        }
    }
}
