//! What every component with a capacity has left above its load, over the replications that are kept.

use ninefold_sim_core::interval::share;
use ninefold_sim_core::tick::Tick;

use crate::mechanism::{Mechanisms, Moment};
use crate::metric::capacity_course::edges;
use crate::replication::Observe;
use crate::results::HeadroomRow;
use crate::system::System;

/// Rows kept in all: of the first components.
const ROWS_MAX: usize = 40_000;

/// The quantiles over replications.
const QUANTILES: [f64; 3] = [0.1, 0.5, 0.9];

/// What was so in one replication and part of the time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left {
    load: f64,
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
    sums: Left,
}

/// Looks at the capacities of the replications that are kept.
#[derive(Debug)]
pub(super) struct Headroom {
    edges: Vec<Tick>,
    watched: Vec<Watched>,
    /// By entity, then part.
    left: Vec<Left>,
}

impl Left {
    const NONE: Self = Self { load: 0.0, capacity: 0.0, least: f64::INFINITY };
}

impl Watched {
    /// Counts what has been so until now.
    fn pass(&mut self, (edges, into): (&[Tick], &mut [Left]), to: Tick) {
        let (load, capacity) = self.now;
        self.since = self.since.max(edges[0]);
        while self.since < to && self.part + 1 < edges.len() {
            let end = edges[self.part + 1].min(to);
            let span = end.since(self.since).get() as f64;
            self.sums.load += load * span;
            self.sums.capacity += capacity * span;
            self.sums.least = self.sums.least.min(capacity - load);
            self.since = end;
            if end == edges[self.part + 1] {
                let length = end.since(edges[self.part]).get() as f64;
                let Left { load, capacity, least } = std::mem::replace(&mut self.sums, Left::NONE);
                into[self.part] = Left { load: load / length, capacity: capacity / length, least };
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
                let (now, since, part, sums) = ((0.0, 0.0), Tick::ZERO, 0, Left::NONE);
                watched.push(Watched { entity, component: id, group, per_unit, now, since, part, sums });
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
        let left = vec![Left::NONE; watched.len() * (edges.len() - 1)];
        Self { edges, watched, left }
    }

    /// What was left in the replication that is over.
    pub(super) fn take(&mut self) -> Vec<Left> {
        let fresh = vec![Left::NONE; self.left.len()];
        std::mem::replace(&mut self.left, fresh)
    }

    fn look(&mut self, at: Moment<'_>) {
        let parts = self.edges.len() - 1;
        for (watched, into) in self.watched.iter_mut().zip(self.left.chunks_mut(parts)) {
            let of = (watched.component, watched.group);
            let now = (at.board.load_at(of), at.board.available(at.system, of));
            if now != watched.now {
                watched.pass((&self.edges, into), at.now);
                watched.now = now;
            }
        }
    }

    /// One row an entity and part, over replications.
    pub(super) fn rows(&self, all: &[Vec<Left>], confidence: f64) -> Vec<HeadroomRow> {
        let parts = self.edges.len() - 1;
        let of = |(place, watched): (usize, &Watched)| {
            let of_it = |left: &Vec<Left>| left[place * parts..(place + 1) * parts].to_vec();
            self.rows_of(watched, &all.iter().map(of_it).collect::<Vec<_>>(), confidence)
        };
        self.watched.iter().enumerate().flat_map(of).collect()
    }

    /// Those of one entity, of which `all` has the parts of each replication.
    fn rows_of(&self, watched: &Watched, all: &[Vec<Left>], confidence: f64) -> Vec<HeadroomRow> {
        let replications = all.len() as u64;
        let probability = |count| share(count, replications, confidence).into();
        let mut is_exhausted = vec![false; all.len()];
        let mut rows = Vec::new();
        for (part, ends) in self.edges.windows(2).enumerate().filter(|_| replications > 0) {
            let left = || all.iter().map(|parts| &parts[part]);
            left().zip(&mut is_exhausted).for_each(|(left, exhausted)| *exhausted |= left.least < 0.0);
            let demand = quantiles(left().map(|left| left.load));
            rows.push(HeadroomRow {
                entity: watched.entity.clone(),
                at_h: ends[0].hours(),
                span_h: ends[1].since(ends[0]).hours(),
                replications,
                units_needed: libm::ceil(demand[2] / watched.per_unit) as u64,
                demand,
                capacity: quantiles(left().map(|left| left.capacity)),
                headroom: quantiles(left().map(|left| left.least)),
                short: probability(left().filter(|left| left.least < 0.0).count() as u64),
                exhausted: probability(is_exhausted.iter().filter(|is| **is).count() as u64),
            });
        }
        rows
    }
}

/// The ⌈n p⌉-th smallest, for each of the [`QUANTILES`].
fn quantiles(values: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut all: Vec<f64> = values.collect();
    all.sort_by(f64::total_cmp);
    QUANTILES.map(|p| all[(libm::ceil(all.len() as f64 * p) as usize).clamp(1, all.len()) - 1])
}

impl Observe for Headroom {
    fn begins(&mut self, at: Moment<'_>, _: &Mechanisms) {
        for watched in &mut self.watched {
            (watched.since, watched.part, watched.sums) = (Tick::ZERO, 0, Left::NONE);
            watched.now = (f64::NAN, f64::NAN);
        }
        self.look(at);
    }

    fn passed(&mut self, at: Moment<'_>) {
        self.look(at);
    }

    fn ends(&mut self, end: Tick) {
        let parts = self.edges.len() - 1;
        for (watched, into) in self.watched.iter_mut().zip(self.left.chunks_mut(parts)) {
            watched.pass((&self.edges, into), end);
        }
    }
}
