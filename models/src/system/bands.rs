//! Bands: what a mean over the time up is taken of, where something is worth more in one state than in another.
//!
//! Tracked gates, each up whenever those before it are, cut the time up into bands of one value each.

use super::components::Component;
use super::spec::{Redundancy, SystemSpec};
use super::tracked::{Tracked, TrackedId};

/// A measure that is a mean over the time in which an entity is up.
#[derive(Clone, Debug, PartialEq)]
pub struct Banded {
    /// The measure and its unit.
    pub named: (&'static str, &'static str),
    /// Tracked gates from the strongest to the entity itself, and the value while one is up and those before it are not.
    pub bands: Vec<(TrackedId, f64)>,
}

/// The entity of reads that have a quorum.
pub(super) fn consistent_reads(component: &str) -> String {
    format!("components.{component}/consistent-read")
}

/// The entity of writes that are made from a domain within a time; of the longest, of all writes from there.
pub(super) fn written(component: &str, domain: &str, within: Option<f64>) -> String {
    let within = within.map_or_else(String::new, |ms| format!("/{ms}ms"));
    format!("components.{component}/write@{domain}{within}")
}

/// Milliseconds, rounded to a thousandth.
pub(super) fn milliseconds(hours: f64) -> f64 {
    libm::round(hours * 3.6e9) / 1000.0
}

/// Share of reads of `read` of `n` units that miss all of the `write` units a write is known to have reached:
/// C(n − w, r) ÷ C(n, r).
pub fn missed(n: u32, write: u32, read: u32) -> f64 {
    if read + write > n {
        return 0.0;
    }
    (0..read).map(|i| f64::from(n - write - i) / f64::from(n - i)).product()
}

/// The measures of quorums that are taken over bands.
pub(super) fn list(spec: &SystemSpec, components: &[Component], tracked: &[Tracked]) -> Vec<Banded> {
    let id = |entity: &str| tracked.iter().position(|tracked| tracked.entity() == entity).map(|id| id as TrackedId);
    let mut all = Vec::new();
    for (declared, component) in spec.components.iter().zip(components) {
        let Redundancy::Quorum { write, read } = declared.redundancy else { continue };
        if declared.per.is_some() {
            continue;
        }
        let own = format!("components.{}", declared.name);
        let reads = id(&format!("{own}/read")).or_else(|| id(&own));
        let share = missed(declared.units.len() as u32, write, read);
        let alone = component.consistent.and_then(|_| id(&consistent_reads(&declared.name)));
        if let Some(reads) = reads.filter(|_| alone.is_some() || share > 0.0) {
            let bands = match alone {
                Some(consistent) => vec![(consistent, share), (reads, 1.0)],
                None => vec![(reads, share)],
            };
            all.push(Banded { named: ("stale_reads", "1"), bands });
        }
        for from in &component.writes_from {
            let last = from.within.len().saturating_sub(1);
            let band = |(place, (takes, _)): (usize, &(crate::units::Hours, _))| {
                let ms = milliseconds(takes.get());
                Some((id(&written(&declared.name, &from.domain, (place < last).then_some(ms)))?, ms))
            };
            let bands: Vec<_> = from.within.iter().enumerate().filter_map(band).collect();
            if !bands.is_empty() {
                all.push(Banded { named: ("write_latency", "ms"), bands });
            }
        }
    }
    all
}
