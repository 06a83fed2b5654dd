//! The controller: targets, behaviour and memory.

use ninefold_sim_core::tick::Tick;

use super::super::{Decision, Limit, Seen};
use super::behavior::{Behavior, Changes, Select};
use super::replicas::{Advice, Target, Tolerance};

/// Longest period and window, and with that the memory of a controller.
const MEMORY: Tick = Tick::new(3600 * 1_000_000_000);

/// Stabilisation window of a controller without `behavior`.
const LEGACY_WINDOW: Tick = Tick::new(300 * 1_000_000_000);

/// What the autoscaler is told to do.
#[derive(Clone, Debug, PartialEq)]
pub struct HpaSpec {
    /// The metrics; the largest advice counts.
    pub targets: Vec<Target>,
    /// Fewest replicas; 0 needs a metric that is there without replicas.
    pub min: u32,
    /// Most replicas, at least `min`.
    pub max: u32,
    /// The dead band around the target.
    pub tolerance: Tolerance,
    /// The rates of change; `None` is a manifest without `behavior`, which the controller treats in another way than one
    /// with its defaults: at most the larger of twice the replicas and 4 at each look, and down after 300 s.
    pub behavior: Option<Behavior>,
}

/// What a controller knows before its first look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Remembered {
    /// The replicas that it finds count as advice given at its first look, so that they are not cut down at once.
    #[default]
    Start,
    /// Nothing.
    Nothing,
}

/// A running autoscaler.
#[derive(Clone, Debug)]
pub struct Hpa {
    spec: HpaSpec,
    remembered: Remembered,
    /// Raw advice of past looks.
    advice: Vec<(Tick, u32)>,
    added: Changes,
    removed: Changes,
    looked: bool,
}

impl Hpa {
    /// An autoscaler that has not looked yet.
    pub fn new(spec: HpaSpec, remembered: Remembered) -> Self {
        Self { spec, remembered, advice: Vec::new(), added: Vec::new(), removed: Vec::new(), looked: false }
    }

    /// What it was told.
    pub fn spec(&self) -> &HpaSpec {
        &self.spec
    }

    /// As one that has not looked yet.
    pub(crate) fn forget(&mut self) {
        self.advice.clear();
        self.added.clear();
        self.removed.clear();
        self.looked = false;
    }

    /// Looks and decides.
    pub fn look(&mut self, seen: &Seen<'_>) -> Decision {
        self.first_look(seen);
        let current = seen.current;
        let decision = if let Some(outside) = self.outside(current) {
            outside
        } else {
            match self.advise(seen) {
                Some(advice) => self.settle(advice, seen),
                None => Decision::stay(current, None, Limit::NoMetric),
            }
        };
        self.record(&decision, seen.now);
        decision
    }

    /// Decides on raw advice, as if a metric had given it.
    pub fn follow(&mut self, raw: u32, seen: &Seen<'_>) -> Decision {
        self.first_look(seen);
        let decision = self.outside(seen.current).unwrap_or_else(|| {
            let advice = Advice { replicas: raw, metric: f64::from(raw), tolerated: false };
            self.settle(advice, seen)
        });
        self.record(&decision, seen.now);
        decision
    }

    /// Whether looks after this decision come to the same as long as nothing changes that they see.
    ///
    /// Advice that is followed is within every window. Advice beyond a limit, or in a direction that is disabled, is not
    /// followed however often it is given, and keeps the windows from allowing the other direction.
    pub(crate) fn rests(&self, decision: &Decision) -> bool {
        let Decision { from, to, raw, stabilised, limit, .. } = *decision;
        let disabled =
            |rules: fn(&Behavior) -> Select| self.spec.behavior.as_ref().map(rules) == Some(Select::Disabled);
        match () {
            () if from != to => false,
            () if matches!(limit, Limit::NoMetric | Limit::Off) => true,
            () if raw == to && stabilised == to => true,
            () if raw >= to && to >= self.spec.max => true,
            () if raw <= to && stabilised <= to && to <= self.spec.min => true,
            () if raw > to => disabled(|behavior| behavior.up.select),
            () => raw < to && disabled(|behavior| behavior.down.select),
        }
    }

    /// Remembers looks that were passed over, since each would have come to this decision; the last was at `last`.
    pub(crate) fn passed_over(&mut self, decision: &Decision, last: Tick) {
        // What is younger than a window for one of them is so for the last.
        if decision.metric.is_some() {
            self.advice.push((last, decision.raw));
        }
    }

    fn first_look(&mut self, seen: &Seen<'_>) {
        if !std::mem::replace(&mut self.looked, true) && self.remembered == Remembered::Start {
            self.advice.push((seen.now, seen.current));
        }
    }

    /// What is decided without a metric.
    fn outside(&self, current: u32) -> Option<Decision> {
        let HpaSpec { min, max, .. } = self.spec;
        let to = |to, limit| Some(Decision { from: current, to, metric: None, raw: to, stabilised: to, limit });
        match current {
            0 if min > 0 => to(0, Limit::Off),
            _ if current > max => to(max, Limit::Max),
            _ if current < min => to(min, Limit::Min),
            _ => None,
        }
    }

    /// The largest advice; none where it would not add replicas and a metric has failed.
    fn advise(&self, seen: &Seen<'_>) -> Option<Advice> {
        let each = self.spec.targets.iter().zip(seen.readings);
        let advised =
            || each.clone().map(|(target, reading)| target.advise(reading, self.spec.tolerance, seen.current));
        let failed = seen.readings.len() < self.spec.targets.len() || advised().any(|advice| advice.is_none());
        // The first of equal ones, as the controller reports it.
        let largest = advised().flatten().reduce(|a, b| if b.replicas > a.replicas { b } else { a })?;
        (!failed || largest.replicas >= seen.current).then_some(largest)
    }

    fn settle(&mut self, advice: Advice, seen: &Seen<'_>) -> Decision {
        let current = seen.current;
        let HpaSpec { min, max, .. } = self.spec;
        let (stabilised, allowed) = match &self.spec.behavior {
            Some(behavior) => {
                let stabilised = self.stabilised(behavior, advice.replicas, seen);
                let changes = (&self.added, &self.removed);
                let allowed =
                    (behavior.down.fewest(current, changes, seen.now), behavior.up.most(current, changes, seen.now));
                (stabilised, allowed)
            }
            None => {
                let recent = self.advice.iter().filter(|(at, _)| seen.now.since(*at) <= LEGACY_WINDOW);
                let stabilised = recent.map(|&(_, raw)| raw).fold(advice.replicas, u32::max);
                (stabilised, (0, current.saturating_mul(2).max(4)))
            }
        };
        self.advice.push((seen.now, advice.replicas));
        let limited = stabilised.clamp(allowed.0, allowed.1);
        let to = limited.clamp(min, max.max(min));
        let limit = match () {
            () if to < limited => Limit::Max,
            () if to > limited => Limit::Min,
            () if limited != stabilised => Limit::Policies,
            () if stabilised != advice.replicas => Limit::Stabilization,
            () if advice.tolerated => Limit::Tolerance,
            () => Limit::None,
        };
        Decision { from: current, to, metric: Some(advice.metric), raw: advice.replicas, stabilised, limit }
    }

    /// Raised to the least, then lowered to the most that was advised within the windows.
    fn stabilised(&self, behavior: &Behavior, raw: u32, seen: &Seen<'_>) -> u32 {
        let younger = |window: Tick| {
            let young = self.advice.iter().filter(move |(at, _)| seen.now.since(*at) < window);
            young.map(|&(_, raw)| raw)
        };
        let least = younger(behavior.up.window).fold(raw, u32::min);
        let most = younger(behavior.down.window).fold(raw, u32::max);
        seen.current.max(least).min(most)
    }

    fn record(&mut self, decision: &Decision, now: Tick) {
        let old = |&(at, _): &(Tick, u32)| now.since(at) <= MEMORY;
        self.advice.retain(old);
        self.added.retain(old);
        self.removed.retain(old);
        let Decision { from, to, .. } = *decision;
        if to > from {
            self.added.push((now, to - from));
        } else if to < from {
            self.removed.push((now, from - to));
        }
    }
}
