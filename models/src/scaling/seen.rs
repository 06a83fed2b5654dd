//! What an autoscaler can see at one look.

use ninefold_sim_core::tick::Tick;

/// How a pod looks to an autoscaler.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PodState {
    /// Ready, with a sample taken since.
    #[default]
    Ready,
    /// Not ready yet, or its sample is from before it was.
    Unready,
    /// Ready, and no sample of it has come.
    Missing,
    /// Failed: it counts for nothing.
    Failed,
    /// Waiting for a place to run.
    Pending,
    /// About to go: it counts for nothing.
    Deleted,
}

/// One pod.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pod {
    /// What it uses, or the value that it reports; in the unit of `request` or of the target.
    pub usage: f64,
    /// What it has asked for; read for utilisation alone.
    pub request: f64,
    /// How it looks.
    pub state: PodState,
}

/// Pods that look alike, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Alike {
    /// How many.
    pub count: u32,
    /// What they use together, or the sum of what they report.
    pub usage: f64,
    /// What they have asked for together.
    pub request: f64,
}

impl Alike {
    /// These as well.
    pub(super) fn add(&mut self, other: Self) {
        self.count += other.count;
        self.usage += other.usage;
        self.request += other.request;
    }
}

/// One metric at one look.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// A value of each pod.
    Pods(Vec<Pod>),
    /// The same of pods of which those that are ready share a load.
    Shared {
        /// Those that are ready, with a sample.
        ready: Alike,
        /// The others.
        others: Alike,
        /// How each of the others looks.
        state: PodState,
    },
    /// One value of the whole, and how many pods are ready.
    Value {
        /// In the unit of the target.
        value: f64,
        /// Pods that are ready.
        ready: u32,
    },
    /// The metric could not be had.
    Failed {
        /// Pods that are ready.
        ready: u32,
    },
}

/// All that is to be seen at one look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen<'a> {
    /// When.
    pub now: Tick,
    /// Replicas that there are, ready or not.
    pub current: u32,
    /// The metrics, in the order of the policy's targets.
    pub readings: &'a [Reading],
}
