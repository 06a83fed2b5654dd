//! What every component with a capacity has left above its load, over the first replications that are kept.

use ninefold_sim_core::interval::share;
use ninefold_sim_core::tick::Tick;

use super::kept::REPLICATIONS_KEPT;
use crate::mechanism::{Mechanisms, Moment};
use crate::metric::capacity_course::edges;
use crate::replication::Observe;
use crate::results::HeadroomRow;
use crate::system::System;

/// Rows kept in all: of the first components.
const ROWS_MAX: usize = 40_000;

/// The quantiles over replications.
const QUANTILES: [f64; 3] = [0.1, 0.5, 0.9];

/// What one replication showed of a part of the time.
#[derive(Clone, Copy, Debug)]
struct Seen {
    load: f64,
    /// The largest load.
    peak: f64,
    capacity: f64,
    /// The least that was left.
    least: f64,
}

/// A component, or its state in a domain, over time.
#[derive(Debug)]
struct Watched {
    entity: String,
    component: u32,
    group: Option<u32>,
    per_unit: f64,
    /// Load and capacity, and since when.
    now: (f64, f64),
    since: Tick,
    /// The part under way, and its sums × ticks.
    part: usize,
    sums: Seen,
    /// By part, over replications.
    parts: Vec<Vec<Seen>>,
}

/// Looks at the capacities of the replications that are kept.
#[derive(Debug)]
pub(super) struct Headroom {
    edges: Vec<Tick>,
    /// Whether the replication under way counts: the worst one was not picked by chance.
    counts: bool,
    watched: Vec<Watched>,
}

impl Seen {
    const NONE: Self = Self { load: 0.0, peak: 0.0, capacity: 0.0, least: f64::INFINITY };
}

impl Watched {
    /// Counts what has been so until now.
    fn pass(&mut self, edges: &[Tick], to: Tick) {
        let (load, capacity) = self.now;
        self.since = self.since.max(edges[0]);
        while self.since < to && self.part + 1 < edges.len() {
            let end = edges[self.part + 1].min(to);
            let span = end.since(self.since).get() as f64;
            self.sums.load += load * span;
            self.sums.peak = self.sums.peak.max(load);
            self.sums.capacity += capacity * span;
            self.sums.least = self.sums.least.min(capacity - load);
            self.since = end;
            if end == edges[self.part + 1] {
                let length = end.since(edges[self.part]).get() as f64;
                let Seen { load, peak, capacity, least } = std::mem::replace(&mut self.sums, Seen::NONE);
                self.parts[self.part].push(Seen { load: load / length, peak, capacity: capacity / length, least });
                self.part += 1;
            }
        }
        self.since = self.since.max(to);
    }
}

impl Headroom {
    /// Of every component with a capacity that a journey reads.
    pub(super) fn of(system: &System) -> Self {
        let edges: Vec<Tick> = edges(system).collect();
        let mut watched = Vec::new();
        for (id, component) in (0..).zip(&system.components) {
            let Some(per_unit) = component.capacity_per_unit.filter(|_| system.is_capacity_read(id)) else { continue };
            let name = format!("components.{}", system.spec.components[id as usize].name);
            let mut watch = |entity, group| {
                let (now, parts) = ((0.0, 0.0), vec![Vec::new(); edges.len() - 1]);
                let (since, part, sums) = (Tick::ZERO, 0, Seen::NONE);
                watched.push(Watched { entity, component: id, group, per_unit, now, since, part, sums, parts });
            };
            match component.apart {
                false => watch(name, None),
                true => component.groups.clone().for_each(|group| {
                    let domain = system.groups[group as usize].domain.as_ref();
                    watch(domain.map_or_else(|| name.clone(), |domain| format!("{name}@{domain}")), Some(group));
                }),
            }
        }
        watched.truncate(ROWS_MAX / (edges.len() - 1));
        Self { edges, counts: false, watched }
    }

    /// What both have seen; the order does not matter.
    pub(super) fn merge(mut self, other: Self) -> Self {
        for (mine, theirs) in self.watched.iter_mut().zip(other.watched) {
            mine.parts.iter_mut().zip(theirs.parts).for_each(|(mine, theirs)| mine.extend(theirs));
        }
        self
    }

    /// Whether there is nothing to look at.
    pub(super) const fn is_empty(&self) -> bool {
        self.watched.is_empty()
    }

    fn look(&mut self, at: Moment<'_>) {
        if !self.counts {
            return;
        }
        for watched in &mut self.watched {
            let of = (watched.component, watched.group);
            let now = (at.board.load_at(of), at.board.available(at.system, of));
            if now != watched.now {
                watched.pass(&self.edges, at.now);
                watched.now = now;
            }
        }
    }

    /// One row an entity and part.
    pub(super) fn rows(&self, confidence: f64) -> Vec<HeadroomRow> {
        self.watched.iter().flat_map(|watched| self.rows_of(watched, confidence)).collect()
    }

    fn rows_of(&self, watched: &Watched, confidence: f64) -> Vec<HeadroomRow> {
        let replications = watched.parts.first().map_or(0, Vec::len);
        let mut is_exhausted = vec![false; replications];
        let mut rows = Vec::with_capacity(watched.parts.len());
        for (part, ends) in watched.parts.iter().zip(self.edges.windows(2)).filter(|_| replications > 0) {
            part.iter().zip(&mut is_exhausted).for_each(|(seen, exhausted)| *exhausted |= seen.least < 0.0);
            let count = |is: &mut dyn Iterator<Item = bool>| is.filter(|is| *is).count() as u64;
            let probability = |count| share(count, replications as u64, confidence).into();
            let peak = quantiles(part.iter().map(|seen| seen.peak));
            let demand = quantiles(part.iter().map(|seen| seen.load));
            rows.push(HeadroomRow {
                entity: watched.entity.clone(),
                at_h: ends[0].hours(),
                span_h: ends[1].since(ends[0]).hours(),
                replications: replications as u64,
                units_needed: libm::ceil(peak[2] / watched.per_unit) as u64,
                demand,
                capacity: quantiles(part.iter().map(|seen| seen.capacity)),
                headroom: quantiles(part.iter().map(|seen| seen.least)),
                short: probability(count(&mut part.iter().map(|seen| seen.least < 0.0))),
                exhausted: probability(count(&mut is_exhausted.iter().copied())),
            });
        }
        rows
    }
}

/// The ⌈n p⌉-th smallest, for each of the [`QUANTILES`].
fn quantiles(values: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut all: Vec<f64> = values.collect();
    all.sort_by(f64::total_cmp);
    QUANTILES.map(|p| all[((all.len() as f64 * p).ceil() as usize).clamp(1, all.len()) - 1])
}

impl Observe for Headroom {
    fn begins(&mut self, at: Moment<'_>, _: &Mechanisms) {
        self.counts = u64::from(at.replication.index()) < REPLICATIONS_KEPT;
        for watched in &mut self.watched {
            (watched.since, watched.part, watched.sums) = (Tick::ZERO, 0, Seen::NONE);
            watched.now = (f64::NAN, f64::NAN);
        }
        self.look(at);
    }

    fn passed(&mut self, at: Moment<'_>) {
        self.look(at);
    }

    fn ends(&mut self, end: Tick) {
        if !self.counts {
            return;
        }
        for watched in &mut self.watched {
            watched.pass(&self.edges, end);
        }
    }
}
