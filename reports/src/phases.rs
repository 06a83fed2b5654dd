//! Where the time of a run goes: phases, one after the other.

use std::time::Instant;

use serde::{Serialize, Serializer};

/// A phase that is over, or under way.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Phase {
    /// What was done.
    pub name: &'static str,
    /// Wall time in seconds.
    pub seconds: f64,
}

/// The phases of a run so far. Written as a list of [`Phase`].
#[derive(Clone, Debug)]
pub struct Phases {
    over: Vec<Phase>,
    name: &'static str,
    since: Instant,
}

impl Phases {
    /// Begins the first phase.
    pub fn begin(name: &'static str) -> Self {
        Self { over: Vec::new(), name, since: Instant::now() }
    }

    /// Ends the phase that is under way and begins another.
    pub fn enter(&mut self, name: &'static str) {
        self.over = self.so_far();
        (self.name, self.since) = (name, Instant::now());
    }

    /// All phases, the last one up to now.
    pub fn so_far(&self) -> Vec<Phase> {
        let last = Phase { name: self.name, seconds: self.since.elapsed().as_secs_f64() };
        self.over.iter().copied().chain([last]).collect()
    }

    /// Wall time up to now, in seconds.
    pub fn seconds(&self) -> f64 {
        self.so_far().iter().map(|phase| phase.seconds).sum()
    }
}

impl Serialize for Phases {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.so_far().serialize(serializer)
    }
}
