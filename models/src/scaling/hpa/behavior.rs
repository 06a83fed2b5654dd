//! `behavior`: stabilisation windows and policies of the rate of change.

use ninefold_sim_core::tick::Tick;

use super::super::{REPLICAS_MAX, replicas, replicas_for};

/// Nanoseconds of a second.
const SECOND: i64 = 1_000_000_000;

/// What a policy's value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Replicas.
    Pods,
    /// Percent of the replicas at the period's start.
    Percent,
}

/// At most so much change within a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What is counted.
    pub change: Change,
    /// How much, 1 to 1e6.
    pub value: u32,
    /// Within how long; an event exactly as old is out.
    pub period: Tick,
}

/// Which of several policies counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Select {
    /// The one that allows the most change.
    #[default]
    Max,
    /// The one that allows the least.
    Min,
    /// None: no change in this direction.
    Disabled,
}

/// The rules of one direction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The policies.
    pub policies: Vec<Policy>,
    /// Which counts.
    pub select: Select,
    /// How long advice is remembered; advice exactly as old is out.
    pub window: Tick,
}

/// The rules of both directions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Behavior {
    /// For more replicas.
    pub up: Rules,
    /// For fewer.
    pub down: Rules,
}

impl Default for Behavior {
    /// Up by the larger of 100 % and 4 pods in 15 s, at once; down by 100 % in 15 s, after 300 s.
    fn default() -> Self {
        let per_15s = |change, value| Policy { change, value, period: Tick::new(15 * SECOND) };
        let up = vec![per_15s(Change::Pods, 4), per_15s(Change::Percent, 100)];
        Self {
            up: Rules { policies: up, select: Select::Max, window: Tick::ZERO },
            down: Rules {
                policies: vec![per_15s(Change::Percent, 100)],
                select: Select::Max,
                window: Tick::new(300 * SECOND),
            },
        }
    }
}

/// Changes that were made: when, and by how many replicas.
pub(super) type Changes = Vec<(Tick, u32)>;

/// Those of the changes within a period.
fn within(changes: &Changes, now: Tick, period: Tick) -> u32 {
    changes.iter().filter(|(at, _)| now.since(*at) < period).map(|(_, by)| by).sum()
}

impl Rules {
    /// The most replicas that the policies allow now; never fewer than there are.
    pub(super) fn most(&self, current: u32, (added, removed): (&Changes, &Changes), now: Tick) -> u32 {
        let proposed = self.policies.iter().map(|policy| {
            let base = base(current, (added, removed), (now, policy.period));
            match policy.change {
                Change::Pods => base.saturating_add(policy.value),
                // In binary floating point, as the controller does it: 50 and 10 % give 56.
                Change::Percent => replicas_for(f64::from(base) * (1.0 + f64::from(policy.value) / 100.0)),
            }
        });
        let most = match self.select {
            Select::Disabled => None,
            Select::Max => proposed.max(),
            Select::Min => proposed.min(),
        };
        most.unwrap_or(current).clamp(current, REPLICAS_MAX.max(current))
    }

    /// The fewest replicas that the policies allow now; never more than there are.
    pub(super) fn fewest(&self, current: u32, (added, removed): (&Changes, &Changes), now: Tick) -> u32 {
        let proposed = self.policies.iter().map(|policy| {
            let base = base(current, (added, removed), (now, policy.period));
            match policy.change {
                Change::Pods => base.saturating_sub(policy.value),
                // What remains is cut off: 90 % of 72 leaves 64.
                Change::Percent => replicas(f64::from(base) * (1.0 - f64::from(policy.value) / 100.0)),
            }
        });
        let fewest = match self.select {
            Select::Disabled => None,
            Select::Max => proposed.min(),
            Select::Min => proposed.max(),
        };
        fewest.unwrap_or(current).min(current)
    }
}

/// Replicas at the start of the period that ends now.
fn base(current: u32, (added, removed): (&Changes, &Changes), (now, period): (Tick, Tick)) -> u32 {
    let before = current.saturating_add(within(removed, now, period));
    before.saturating_sub(within(added, now, period))
}
