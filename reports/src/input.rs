//! What a report is made of.

use ninefold_models::about::About;
use ninefold_models::plan::Plan;
use ninefold_models::results::{Measured, Results};
use ninefold_models::system::SystemSpec;
use serde::Serialize;

use crate::phases::Phases;
use crate::tables::FitRow;

/// Everything tables, figures and documents are made from. All of it is reproducible: nothing here depends on the
/// machine or the time of day; that goes to [`RunInfo`].
#[derive(Clone, Copy, Debug)]
pub struct ReportInput<'a> {
    /// The system that was assessed.
    pub spec: &'a SystemSpec,
    /// How it was to be assessed.
    pub plan: &'a Plan,
    /// What came out.
    pub results: &'a Results,
    /// Assumptions, provenance, records, the effective scenario.
    pub about: &'a About,
    /// Files the effective scenario refers to, written to `inputs/`.
    pub inputs: &'a [InputFile],
    /// The fits behind `fit:` laws, if any.
    pub fits: &'a [FitRow],
}

/// A file the effective scenario needs beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFile {
    /// A plain file name; it goes to `inputs/NAME`.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What happened to be so on this machine on this day; in no digest, never compared.
#[derive(Clone, Debug, Serialize)]
pub struct RunInfo {
    /// Start of the run, RFC 3339.
    pub started: String,
    /// Wall time in seconds until this was written, which is when all but the manifest is.
    pub wall_s: f64,
    /// Where it went.
    pub phases: Phases,
    /// Threads the replications ran on.
    pub threads: usize,
    /// The instruction set that draws were made with: `baseline`, `avx2` or `avx512`.
    pub simd: String,
    /// Operating system, architecture and processor features.
    pub host: Vec<String>,
    /// The command line as typed.
    pub command_line: String,
}

impl<'a> ReportInput<'a> {
    /// The plain measure `measure` of `entity` (not one at a point in time, not a quantile).
    pub fn measure(&self, entity: &str, measure: &str) -> Option<&'a Measured> {
        self.results
            .measures
            .iter()
            .find(|m| m.entity == entity && m.measure == measure && m.at_h.is_none() && m.quantile.is_none())
    }

    /// The entities the answer is about: the journeys, or the components where there is no journey.
    pub fn headline_entities(&self) -> Vec<String> {
        if self.spec.journeys.is_empty() {
            self.spec.components.iter().map(|c| format!("components.{}", c.name)).collect()
        } else {
            self.spec.journeys.iter().map(|j| format!("journeys.{}", j.name)).collect()
        }
    }

    /// Digest of the effective scenario: BLAKE3 of its text, hex.
    pub fn scenario_digest(&self) -> String {
        blake3::hash(self.about.effective.as_bytes()).to_hex().to_string()
    }

    /// Identity of the run: 16 hex digits that depend on the effective scenario, the seed and the replications.
    pub fn run_id(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.about.effective.as_bytes());
        hasher.update(&self.results.outcome.seed.to_le_bytes());
        hasher.update(&self.results.outcome.replications.to_le_bytes());
        hasher.finalize().to_hex()[..16].to_owned()
    }
}
