//! Conformance: cases with known answers, judged.
//!
//! A case brings its own scenario, or only the parameters of a family of systems; then the scenario is written from them.
//! Either way it is loaded, solved and simulated as any other: no case is answered by code that knows its name. See
//! `docs/guides/conformance.md`.
//!
//! ```
//! use ninefold_scenarios::conformance::{Verdict, judge, read};
//!
//! let folder = std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/validation/many-short-outages.toml"));
//! let suite = read(&[folder])?;
//! let judged = judge(&suite.cases[0]);
//! assert!(judged.rows.iter().all(|row| row.verdict == Verdict::Passed));
//! # Ok::<(), ninefold_scenarios::Diagnostics>(())
//! ```

mod accuracy;
mod case;
mod clock;
mod engines;
mod families;
mod files;
mod forecasts;
mod json_case;
mod judging;
mod measures;
mod outages;
mod outcome;
mod params;
mod parted;
mod refusal;
mod replays;
mod rows;
mod spoken_law;
mod study;
mod system;
mod tolerance;
mod toml_case;

pub use case::{Case, Value};
pub use files::{Suite, read, read_text};
pub use outcome::{Counts, Distance, Engine, Row, Verdict};
pub use rows::{Judged, judge};
