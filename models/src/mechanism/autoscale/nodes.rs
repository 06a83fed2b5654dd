//! The nodes under a scaled component: who runs where, who waits, and which nodes come and go.

use ninefold_sim_core::stream::Stream;
use ninefold_sim_core::tick::Tick;

use crate::lifetime::Law;
use crate::mechanism::{Kind, Moment, Out};
use crate::replication::Pooled;
use crate::scaling::karpenter_budget::{Nodes as OfPool, allowed};
use crate::system::{NodePool, Provisioner};
use crate::units::Hours;

/// How long Karpenter looks at what it has removed before it goes on, ns.
const CONSOLIDATION: i64 = 15_000_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Absent,
    /// Asked for.
    Coming,
    /// Asked for, and given up before it is there.
    Lost,
    Ready,
}

#[derive(Debug)]
struct Node {
    state: State,
    /// Places that are taken.
    used: u32,
    /// Since when it could be removed.
    spare_since: Option<Tick>,
    provision: Stream,
    refused: Stream,
}

/// The nodes of one component.
#[derive(Debug)]
pub(super) struct Nodes {
    nodes: Vec<Node>,
    /// For each replica of the component, by ordinal, its node.
    of: Vec<Option<u32>>,
    shortages: [Stream; 2],
    is_short: bool,
    /// Nothing is asked for before.
    backs_off_until: Tick,
    last_added: Tick,
    last_removed: Tick,
    last_scan: Tick,
    tally: Pooled,
    counted_until: Tick,
}

fn draw(law: &Law, stream: &mut Stream, at: Moment<'_>) -> Tick {
    Tick::from_hours(law.quantile(stream.open01(at.replication)).get())
}

impl Nodes {
    pub(super) fn new(pool: &NodePool, units: usize) -> Self {
        let node = |&[provision, refused]: &[_; 2]| Node {
            state: State::Absent,
            used: 0,
            spare_since: None,
            provision: Stream::new(provision),
            refused: Stream::new(refused),
        };
        Self {
            nodes: pool.streams.iter().map(node).collect(),
            of: vec![None; units],
            shortages: pool.shortages.map(Stream::new),
            is_short: false,
            backs_off_until: Tick::ZERO,
            last_added: Tick::ZERO,
            last_removed: Tick::ZERO,
            last_scan: Tick::ZERO,
            tally: Pooled::default(),
            counted_until: Tick::ZERO,
        }
    }

    /// Begins a replication with nodes for so many replicas, which are still to be placed.
    pub(super) fn start(&mut self, (pool, place): (&NodePool, u32), replicas: u32, at: Moment<'_>, out: &mut Out) {
        let ready = replicas.div_ceil(pool.spec.places).max(pool.spec.min);
        for (number, node) in (0..).zip(&mut self.nodes) {
            node.provision.rewind();
            node.refused.rewind();
            (node.used, node.spare_since) = (0, None);
            node.state = if number < ready { State::Ready } else { State::Absent };
        }
        self.of.fill(None);
        self.shortages.iter_mut().for_each(Stream::rewind);
        (self.is_short, self.backs_off_until) = (false, Tick::ZERO);
        let long_ago = Tick::new(i64::MIN / 4);
        (self.last_added, self.last_removed, self.last_scan) = (long_ago, long_ago, long_ago);
        (self.tally, self.counted_until) = (Pooled::default(), Tick::ZERO);
        self.next_turn((pool, place), at, out);
    }

    /// Counts what there is until now; `waiting` replicas have no node.
    pub(super) fn count(&mut self, waiting: u32, now: Tick, warmup: Tick) {
        let span = now.since(self.counted_until.max(warmup)).get();
        let nodes = self.present();
        if span > 0 {
            self.tally.nodes += span * i64::from(nodes);
            self.tally.waiting += span * i64::from(waiting);
        }
        if now >= warmup {
            self.tally.most = self.tally.most.max(nodes);
        }
        self.counted_until = now;
    }

    /// What was counted.
    pub(super) const fn tally(&self) -> Pooled {
        self.tally
    }

    fn present(&self) -> u32 {
        self.nodes.iter().filter(|node| node.state == State::Ready).count() as u32
    }

    fn coming(&self) -> u32 {
        self.nodes.iter().filter(|node| matches!(node.state, State::Coming | State::Lost)).count() as u32
    }

    /// Gives a replica a place on the node with most of them free; whether there is one.
    pub(super) fn place(&mut self, replica: usize, pool: &NodePool) -> bool {
        let free = |(_, node): &(u32, &Node)| node.state == State::Ready && node.used < pool.spec.places;
        let found = (0..).zip(&self.nodes).filter(free).min_by_key(|(number, node)| (node.used, *number));
        let Some((number, _)) = found else { return false };
        self.of[replica] = Some(number);
        self.nodes[number as usize].used += 1;
        self.touch(number, pool);
        true
    }

    /// A replica leaves its node.
    pub(super) fn leave(&mut self, replica: usize, pool: &NodePool) {
        if let Some(number) = self.of[replica].take() {
            self.nodes[number as usize].used -= 1;
            self.touch(number, pool);
        }
    }

    /// For Karpenter a node is spare anew whenever something has come or gone.
    fn touch(&mut self, number: u32, pool: &NodePool) {
        if matches!(pool.spec.provisioner, Provisioner::Karpenter { .. }) {
            self.nodes[number as usize].spare_since = None;
        }
    }

    /// Notes since when each node could be removed: it is little used, and what runs on it fits on the others.
    fn note_spare(&mut self, pool: &NodePool, now: Tick) {
        let places = pool.spec.places;
        let ready = || self.nodes.iter().filter(|node| node.state == State::Ready);
        let (present, free) = (ready().count() as u32, ready().map(|node| places - node.used).sum::<u32>());
        let below = match pool.spec.provisioner {
            Provisioner::ClusterAutoscaler { below, .. } => below * f64::from(places),
            Provisioner::Karpenter { .. } => f64::MAX,
        };
        for node in &mut self.nodes {
            let is_little_used = node.used == 0 || f64::from(node.used) < below;
            let fits = || node.used <= free - (places - node.used);
            let is_spare = node.state == State::Ready && present > pool.spec.min && is_little_used && fits();
            node.spare_since = is_spare.then(|| node.spare_since.unwrap_or(now));
        }
    }

    /// Nodes that may be removed at once, where so many were removed a moment ago.
    fn removable(&self, removed: u32, pool: &NodePool) -> u32 {
        let most = match pool.spec.provisioner {
            Provisioner::ClusterAutoscaler { .. } => 1,
            Provisioner::Karpenter { budget, .. } => {
                let total = self.present() + removed;
                allowed(OfPool { total, deleting: 0, not_ready: self.coming() }, budget)
            }
        };
        most.saturating_sub(removed)
    }

    /// The first instant at which a node may be removed that could be since then.
    fn due(&self, spare_since: Tick, pool: &NodePool) -> Tick {
        let ticks = |hours: Hours| Tick::from_hours(hours.get());
        let (wait, calm) = match pool.spec.provisioner {
            Provisioner::ClusterAutoscaler { unneeded, after_add, .. } => {
                (ticks(unneeded), self.last_added.after(ticks(after_add)))
            }
            Provisioner::Karpenter { consolidate_after, .. } => {
                (ticks(consolidate_after), self.last_removed.after(Tick::new(CONSOLIDATION)))
            }
        };
        spare_since.after(wait).max(calm)
    }

    /// Nodes that are wanted for replicas that wait, beyond those that come.
    fn wanted(&self, waiting: u32, pool: &NodePool) -> u32 {
        let there = self.present() + self.coming();
        let wanted = waiting.div_ceil(pool.spec.places).saturating_sub(self.coming());
        wanted.min(pool.spec.max.saturating_sub(there))
    }

    /// Schedules the next scan at which something is to be done.
    pub(super) fn plan(&mut self, (pool, place): (&NodePool, u32), waiting: u32, at: Moment<'_>, out: &mut Out) {
        self.note_spare(pool, at.now);
        let mut due = Tick::NEVER;
        if self.removable(0, pool) > 0 {
            let spare = self.nodes.iter().filter_map(|node| node.spare_since).min();
            due = spare.map_or(due, |since| self.due(since, pool));
        }
        if self.wanted(waiting, pool) > 0 {
            let batched = match pool.spec.provisioner {
                Provisioner::ClusterAutoscaler { .. } => at.now,
                Provisioner::Karpenter { batch, .. } => at.now.after(Tick::from_hours(batch.get())),
            };
            due = due.min(batched.max(self.backs_off_until));
        }
        let due = if due.is_never() { due } else { self.scan_at_or_after(due.max(at.now), pool) };
        let due = if due <= at.system.end { due } else { Tick::NEVER };
        out.schedule(due, Kind::NodesScanned, place);
    }

    /// The first scan at or after an instant that was not made yet.
    fn scan_at_or_after(&self, due: Tick, pool: &NodePool) -> Tick {
        match pool.spec.provisioner {
            Provisioner::ClusterAutoscaler { scan, .. } => {
                let scan = Tick::from_hours(scan.get());
                let next = Tick::new((due.get() + scan.get() - 1) / scan.get() * scan.get());
                next.max(self.last_scan.after(scan))
            }
            Provisioner::Karpenter { .. } => due,
        }
    }

    /// Asks for nodes for replicas that wait, unless it is too soon after a refusal.
    pub(super) fn grow(&mut self, pool: &NodePool, waiting: u32, at: Moment<'_>, out: &mut Out) {
        self.last_scan = at.now;
        if at.now < self.backs_off_until {
            return;
        }
        for _ in 0..self.wanted(waiting, pool) {
            let Some(number) = self.nodes.iter().position(|node| node.state == State::Absent) else { return };
            let node = &mut self.nodes[number];
            let takes = draw(&pool.spec.provision, &mut node.provision, at);
            let is_refused = node.refused.open01(at.replication) < pool.spec.refused;
            if is_refused || self.is_short {
                self.tally.refused += u64::from(at.now >= at.system.warmup);
                return self.backs_off(pool, at.now);
            }
            let timeout = Tick::from_hours(pool.spec.timeout.get());
            node.state = if takes > timeout { State::Lost } else { State::Coming };
            self.last_added = at.now;
            let due = at.now.after(takes.min(timeout));
            if due <= at.system.end {
                out.schedule(due, Kind::NodeComes, pool.first + number as u32);
            }
        }
    }

    fn backs_off(&mut self, pool: &NodePool, now: Tick) {
        self.backs_off_until = now.after(Tick::from_hours(pool.spec.retry_after.get()));
    }

    /// A node that was asked for is there, or is given up.
    pub(super) fn comes(&mut self, number: usize, pool: &NodePool, at: Moment<'_>) {
        let node = &mut self.nodes[number];
        if node.state == State::Coming {
            (node.state, node.used, node.spare_since) = (State::Ready, 0, None);
            return;
        }
        node.state = State::Absent;
        self.tally.given_up += u64::from(at.now >= at.system.warmup);
        self.backs_off(pool, at.now);
    }

    /// The next node that is removed now, if any, after so many: of those that may be, the one least used.
    pub(super) fn remove(&mut self, pool: &NodePool, removed: u32, now: Tick) -> Option<u32> {
        if self.removable(removed, pool) == 0 {
            return None;
        }
        self.note_spare(pool, now);
        let of = |(number, node): (u32, &Node)| node.spare_since.map(|since| (node.used, since, number));
        let spare = (0..).zip(&self.nodes).filter_map(of);
        let (_, _, number) = spare.filter(|&(_, since, _)| self.due(since, pool) <= now).min()?;
        let node = &mut self.nodes[number as usize];
        (node.state, node.spare_since) = (State::Absent, None);
        Some(number)
    }

    /// Nodes have been removed.
    pub(super) const fn removed(&mut self, now: Tick) {
        self.last_removed = now;
    }

    /// The replica on a node that is to move next, by ordinal; it leaves the node.
    pub(super) fn evict(&mut self, number: u32, at: Moment<'_>) -> Option<usize> {
        let replica = self.of.iter().position(|of| *of == Some(number))?;
        self.of[replica] = None;
        self.nodes[number as usize].used -= 1;
        self.tally.evictions += u64::from(at.now >= at.system.warmup);
        Some(replica)
    }

    /// A shortage has begun or is over.
    pub(super) fn turned(&mut self, of: (&NodePool, u32), at: Moment<'_>, out: &mut Out) {
        self.is_short = !self.is_short;
        self.next_turn(of, at, out);
    }

    fn next_turn(&mut self, (pool, place): (&NodePool, u32), at: Moment<'_>, out: &mut Out) {
        let Some([until, lasts]) = &pool.spec.shortage else { return };
        let [until_stream, lasts_stream] = &mut self.shortages;
        let takes = if self.is_short { draw(lasts, lasts_stream, at) } else { draw(until, until_stream, at) };
        // No time at all would let it turn without end in one instant.
        let due = at.now.after(takes.max(Tick::new(1)));
        if due <= at.system.end {
            out.schedule(due, Kind::NodesShort, place);
        }
    }
}
