//! What an unfinished run, or a shard, was begun with, so that it goes on from its folder alone.

use std::fs;
use std::path::{Path, PathBuf};

use ninefold_models::about::About;
use ninefold_models::plan::Plan;
use ninefold_models::snapshot::{ENGINE_VERSION, Kind, SHARDS_MAX, Shard, SnapshotError, open, seal};
use serde::{Deserialize, Serialize};

use super::error::{FolderError, reading, using};
use super::unfinished::{Unfinished, beside};
use super::{SCENARIO, TALLIES, write_inputs};
use crate::input::InputFile;
use crate::tables::{FitRow, Format};

/// Its file.
pub(super) const FILE: &str = "origin.ninefold";

/// What a run was begun with, beside the scenario and its inputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// The version of the engine; first, so that another version's can be told by it.
    engine: String,
    /// The plan.
    pub plan: Plan,
    /// Assumptions, provenance, records, the effective scenario.
    pub about: About,
    /// The fits behind `fit:` laws.
    pub fits: Vec<FitRow>,
    /// Which part of the run it is, if not all of it.
    pub shard: Option<Shard>,
    /// What is to be written.
    pub wanted: Wanted,
    /// What began it, to say how the rest of it is run.
    pub typed: Typed,
    /// Digest of all that the tables are made from beside the plan.
    scenario: [u8; 32],
}

/// What is to be written into a run folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Format of the tables.
    pub format: Format,
    /// Figures and `report.html`.
    pub report: bool,
    /// The table `replications`.
    pub per_replication: bool,
}

/// The scenario as it was given on the command line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// The file.
    pub file: String,
    /// The option of it, if one was named.
    pub option: Option<String>,
    /// The patches.
    pub set: Vec<String>,
}

impl Origin {
    /// Of a whole run, by this version, of a scenario with these inputs.
    pub fn new((about, fits): (About, Vec<FitRow>), inputs: &[InputFile], plan: Plan, told: (Wanted, Typed)) -> Self {
        let scenario = digest(&about, &fits, inputs);
        let (wanted, typed) = told;
        Self { engine: ENGINE_VERSION.to_owned(), plan, about, fits, shard: None, wanted, typed, scenario }
    }

    /// Digest of all that the tables are made from beside the plan.
    pub const fn scenario(&self) -> [u8; 32] {
        self.scenario
    }

    /// Whether the inputs are still those it was begun with.
    pub fn is_of(&self, inputs: &[InputFile]) -> bool {
        self.scenario == digest(&self.about, &self.fits, inputs)
    }

    /// Puts it into an unfinished folder, with the scenario and its inputs beside.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn put(&self, inputs: &[InputFile], into: &Unfinished) -> Result<(), FolderError> {
        into.put(SCENARIO, self.about.effective.as_bytes())?;
        write_inputs(&into.path("inputs"), inputs)?;
        let content = postcard::to_stdvec(self).expect("bug: all of it has a length");
        into.put(FILE, &seal(Kind::Origin, &content))
    }

    /// Takes it out of an unfinished folder.
    ///
    /// # Errors
    /// [`FolderError`], by what is wrong with it.
    pub fn of(unfinished: &Unfinished) -> Result<Self, FolderError> {
        Self::read(&unfinished.path(FILE))
    }

    /// Takes it out of the folder of a shard that is done.
    ///
    /// # Errors
    /// [`FolderError`], by what is wrong with it.
    pub fn of_shard(dir: &Path) -> Result<Self, FolderError> {
        if dir.join(TALLIES).is_file() {
            return Self::read(&dir.join(FILE));
        }
        let unfinished = !dir.exists() && beside(dir)?.join(FILE).exists();
        let dir = dir.to_owned();
        Err(if unfinished { FolderError::UnfinishedShard(dir) } else { FolderError::NotAShard(dir) })
    }

    fn read(path: &Path) -> Result<Self, FolderError> {
        let bytes = read_file(path)?;
        let content = open(Kind::Origin, &bytes).map_err(using(path))?;
        Self::decode(content).map_err(using(path))
    }

    fn decode(content: &[u8]) -> Result<Self, SnapshotError> {
        let unreadable = |_| SnapshotError::Undecodable("its content cannot be read");
        let (found, _) = postcard::take_from_bytes::<String>(content).map_err(unreadable)?;
        if found != ENGINE_VERSION {
            return Err(SnapshotError::Engine { found, expected: ENGINE_VERSION.to_owned() });
        }
        let (origin, rest) = postcard::take_from_bytes::<Self>(content).map_err(unreadable)?;
        let possible = origin.shard.is_none_or(|shard| shard.index < shard.of && shard.of <= SHARDS_MAX);
        if possible && rest.is_empty() {
            Ok(origin)
        } else {
            Err(SnapshotError::Undecodable("its content cannot be read"))
        }
    }
}

fn digest(about: &About, fits: &[FitRow], inputs: &[InputFile]) -> [u8; 32] {
    let inputs: Vec<(&str, &[u8])> = inputs.iter().map(|file| (file.name.as_str(), &file.bytes[..])).collect();
    let all = postcard::to_stdvec(&(about, fits, inputs)).expect("bug: all of it has a length");
    *blake3::hash(&all).as_bytes()
}

/// The effective scenario of an unfinished folder or of a shard.
pub fn scenario_file(folder: &Path) -> PathBuf {
    folder.join(SCENARIO)
}

/// The bytes of a file.
///
/// # Errors
/// [`FolderError::Read`].
pub fn read_file(path: &Path) -> Result<Vec<u8>, FolderError> {
    fs::read(path).map_err(reading(path))
}
