//! The sections of the report, one a file, in their order.

mod agreements;
mod assumptions;
mod capacity;
mod distribution;
mod doubt;
mod drivers;
mod experiments;
mod failover;
mod inputs;
mod measures;
mod method;
pub(super) mod numbers;
mod recovery;
mod reproduce;
mod requests;
mod structure;
mod windows;

use ninefold_models::results::Estimated;

use super::part::{Section, Source};

/// Writes a section; `None` where a run has nothing to say there.
type Writer = for<'a> fn(Source<'a>) -> Option<Section<'a>>;

/// Every section, in the order of the report.
const SECTIONS: [Writer; 17] = [
    numbers::section,
    drivers::section,
    capacity::section,
    requests::section,
    failover::section,
    experiments::section,
    structure::section,
    recovery::section,
    doubt::section,
    agreements::section,
    windows::section,
    distribution::section,
    measures::section,
    assumptions::section,
    inputs::section,
    method::section,
    reproduce::section,
];

/// The sections that this run has.
pub(super) fn sections(source: Source<'_>) -> Vec<Section<'_>> {
    SECTIONS.iter().filter_map(|section| section(source)).collect()
}

/// An estimate in another unit, or times something known.
fn scaled(e: &Estimated, by: f64) -> Estimated {
    Estimated { value: e.value * by, standard_error: e.standard_error * by, lo: e.lo * by, hi: e.hi * by }
}
