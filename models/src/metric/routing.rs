//! Routers: how long their clients are not served when a place goes down, and how soon they move.

use ninefold_sim_core::histogram::LogHistogram;
use ninefold_sim_core::interval;
use ninefold_sim_core::tick::Tick;
use serde::{Deserialize, Serialize};

use super::recovery_point::{Spans, quantile};
use crate::metric::{Metric, Reading};
use crate::replication::{Moving, Trace};
use crate::results::{Measured, TrafficMovedRow};
use crate::system::{Routing, System, Tracked, TrackedId};
use crate::units::HOURS_PER_YEAR;

/// The quantiles that are reported.
const QUANTILES: [f64; 3] = [0.50, 0.95, 0.99];

/// Points of a curve up to nine tenths of the law, and as many beyond.
const POINTS: usize = 20;

/// All clients of a router, as a power of two.
const CLIENTS: u32 = 20;

/// What was over for clients of a router, after what time.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Times {
    histogram: LogHistogram,
    spans: Spans,
    /// For each point of the curve, the clients for whom it was over by then.
    by: Vec<Spans>,
}

/// One router.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Router {
    outage: Times,
    moved: Times,
}

/// Every router.
#[derive(Debug, Serialize, Deserialize)]
pub struct Routings {
    routers: Vec<Router>,
}

/// The points of a curve: up to nine tenths of the law of following after `offset`, evenly; beyond, each the same factor
/// after the one before.
fn points(of: &Routing, what: Moving) -> Vec<Tick> {
    let detected = of.probing.as_ref().map_or(0, |law| {
        let probes = law.ejects[1].length() as i64;
        law.interval.get() * probes + law.timeout.get()
    });
    let offset = if what == Moving::Outage { detected as f64 } else { 0.0 };
    let until = |p: f64| offset + Tick::from_hours(of.follows.quantile(p).get()).get() as f64;
    let (body, tail) = (until(0.9), until(0.999));
    let step = |i: usize| i as f64 / POINTS as f64;
    let factor = if body > 0.0 { tail / body } else { 1.0 };
    let even = (1..=POINTS).map(|i| body * step(i));
    let beyond = (1..=POINTS).filter(|_| factor > 1.0).map(|i| body * libm::pow(factor, step(i)));
    even.chain(beyond).map(|ticks| Tick::new(ticks as i64)).collect()
}

impl Times {
    fn record(&mut self, trace: &Trace, (router, what, points): (u32, Moving, &[Tick])) {
        let these = || trace.moved.iter().filter(|one| one.of == router && one.what == what);
        let (mut ticks, mut clients) = (0_i128, 0_i64);
        for one in these() {
            self.histogram.push(one.took.get() as u64, one.clients);
            ticks += i128::from(one.took.get()) * i128::from(one.clients);
            clients += one.clients as i64;
        }
        let ticks = i64::try_from(ticks >> CLIENTS).unwrap_or(i64::MAX);
        self.spans.push_sums(trace.block, (ticks, clients));
        for (spans, &point) in self.by.iter_mut().zip(points) {
            let by = these().filter(|one| one.took <= point).map(|one| one.clients as i64).sum();
            spans.push_sums(trace.block, (by, clients));
        }
    }

    fn merge(&mut self, later: &Self) {
        self.histogram.merge(&later.histogram);
        self.spans.merge(&later.spans);
        self.by.iter_mut().zip(&later.by).for_each(|(mine, other)| mine.merge(other));
    }
}

impl Metric for Routings {
    fn new(system: &System) -> Self {
        let times = |of: &Routing, what| {
            let by = vec![Spans::default(); points(of, what).len()];
            Times { by, ..Times::default() }
        };
        let router = |of| Router { outage: times(of, Moving::Outage), moved: times(of, Moving::Moved) };
        Self { routers: system.routings.iter().map(router).collect() }
    }

    fn record(&mut self, system: &System, _: u64, trace: &Trace) {
        for (id, (router, of)) in (0..).zip(self.routers.iter_mut().zip(&system.routings)) {
            for (times, what) in [(&mut router.outage, Moving::Outage), (&mut router.moved, Moving::Moved)] {
                times.record(trace, (id, what, &points(of, what)));
            }
        }
    }

    fn merge(&mut self, later: Self) {
        for (mine, other) in self.routers.iter_mut().zip(&later.routers) {
            mine.outage.merge(&other.outage);
            mine.moved.merge(&other.moved);
        }
    }

    fn fits(&self, system: &System) -> bool {
        let fits = |times: &Times, of, what| times.by.len() == points(of, what).len();
        self.routers.len() == system.routings.len()
            && self
                .routers
                .iter()
                .zip(&system.routings)
                .all(|(router, of)| fits(&router.outage, of, Moving::Outage) && fits(&router.moved, of, Moving::Moved))
    }
}

impl Routings {
    /// Adds the measures of an entity, if it is a router.
    pub fn measures(&self, id: TrackedId, reading: Reading<'_>, into: &mut Vec<Measured>) {
        let system = reading.system;
        let Tracked::Gate { component, .. } = &system.tracked[id as usize] else { return };
        if id as usize != system.journeys.len() + *component as usize {
            return;
        }
        let Some(place) = system.routings.iter().position(|of| of.router == *component) else { return };
        let (Some(router), of) = (self.routers.get(place), &system.routings[place]) else { return };
        let entity = system.tracked[id as usize].entity();
        let second = Tick::from_hours(1.0).get() as f64 / 3600.0;
        let years = system.measured().hours() / HOURS_PER_YEAR;
        let all = (1_u64 << CLIENTS) as f64;
        let outage = &router.outage.spans;
        let most = of.weights.iter().copied().fold(0.0, f64::max);
        // As many as if every place that went down had been the largest.
        let independent = |times: &Times| times.histogram.total() as f64 / (all * most);
        let yearly = |moments, unit| {
            interval::mean(moments, reading.sample(), (years * unit, f64::INFINITY), reading.confidence)
        };
        let seen = |times: &Times| independent(times).ceil() as u64;
        let of = |times, row| Measured { seen: seen(times), ..row };
        let hit = reading.measured(entity, ("clients_hit", "1/year"), yearly(&outage.count, all));
        into.push(of(&router.outage, hit));
        let lost = reading.measured(entity, ("client_downtime", "min/year"), yearly(&outage.ticks, 60.0 * second));
        into.push(of(&router.outage, lost));
        for (times, measure) in [(&router.outage, "client_outage"), (&router.moved, "time_to_move")] {
            if times.histogram.total() == 0 {
                continue;
            }
            let mean = times.spans.mean(second / all, reading);
            into.push(of(times, reading.measured(entity, (measure, "s"), mean)));
            for p in QUANTILES {
                let estimate = quantile((&times.histogram, p), independent(times), (second, reading));
                let row = of(times, reading.measured(entity, (measure, "s"), estimate));
                into.push(Measured { quantile: Some(p), ..row });
            }
        }
    }

    /// Table `traffic_moved`.
    pub fn curves(&self, reading: Reading<'_>) -> Vec<TrafficMovedRow> {
        let mut rows = Vec::new();
        for (router, of) in self.routers.iter().zip(&reading.system.routings) {
            let entity = reading.system.spec.components[of.router as usize].name.clone();
            for (times, what, since) in
                [(&router.outage, Moving::Outage, "fault"), (&router.moved, Moving::Moved, "switch")]
            {
                if times.histogram.total() == 0 {
                    continue;
                }
                for (spans, at) in times.by.iter().zip(points(of, what)) {
                    let mut moved = spans.mean(1.0, reading);
                    moved.hi = moved.hi.min(1.0);
                    let at_s = at.hours() * 3600.0;
                    let (entity, moved) = (format!("components.{entity}"), moved.into());
                    rows.push(TrafficMovedRow { entity, since, at_s, moved });
                }
            }
        }
        rows
    }
}
