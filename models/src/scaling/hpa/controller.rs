//! The controller: targets, behaviour and memory.

use ninefold_sim_core::tick::Tick;

use super::super::{Cooldown, Decision, Limit, Reading, Seen};
use super::behavior::{Behavior, Changes, Select};
use super::replicas::{Advice, Target, Tolerance};

/// Longest period and cooldown, and with that how long a controller remembers changes.
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
    /// After any change, how long none follows in each direction, at most 1 h: the delays of the controller before 1.12.
    pub cooldown: Cooldown,
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
#[derive(Clone, Debug, PartialEq)]
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
    pub const fn spec(&self) -> &HpaSpec {
        &self.spec
    }

    /// As one that has not looked yet, with this smallest number.
    pub(crate) fn restart(&mut self, min: u32) {
        self.spec.min = min;
        self.advice.clear();
        self.added.clear();
        self.removed.clear();
        self.looked = false;
    }

    /// From now on at least so many.
    pub(crate) const fn set_min(&mut self, min: u32) {
        self.spec.min = min;
    }

    /// Looks and decides.
    pub fn look(&mut self, seen: &Seen<'_>) -> Decision {
        self.look_with(seen, None)
    }

    /// Looks and decides, with something else in place of the first metric.
    pub(in super::super) fn look_with(&mut self, seen: &Seen<'_>, first: Option<&Reading>) -> Decision {
        self.first_look(seen);
        let current = seen.current;
        let decision = if let Some(outside) = self.outside(current) {
            outside
        } else {
            match self.advise(seen, first) {
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

    /// Until when looks after this decision, made now, come to the same as long as nothing changes that they see; for ever
    /// where it rests.
    pub(crate) fn rests_until(&self, decision: &Decision, now: Tick) -> Tick {
        if self.rests(decision) {
            return Tick::NEVER;
        }
        if decision.from != decision.to {
            return now;
        }
        let Some(behavior) = &self.spec.behavior else {
            // The window of a controller without `behavior` ends later: advice exactly as old is in.
            let others = self.advice.iter().filter(|(_, raw)| *raw != decision.raw);
            let ends = others.map(|(at, _)| at.after(LEGACY_WINDOW).after(Tick::new(1)));
            return ends.filter(|end| *end > now).min().unwrap_or(now).min(self.cooled(now));
        };
        let windows = [behavior.up.window, behavior.down.window];
        let others = self.advice.iter().filter(|(_, raw)| *raw != decision.raw);
        let advice = others.flat_map(|(at, _)| windows.map(|window| at.after(window)));
        let policies = || behavior.up.policies.iter().chain(&behavior.down.policies);
        let changes = self.added.iter().chain(&self.removed);
        let changes = changes.flat_map(|(at, _)| policies().map(|policy| at.after(policy.period)));
        let ends = advice.chain(changes).filter(|end| *end > now).min();
        ends.unwrap_or(now).min(self.cooled(now))
    }

    /// When a cooldown under way ends next; [`Tick::NEVER`] where none is.
    fn cooled(&self, now: Tick) -> Tick {
        let Cooldown { out, into } = self.spec.cooldown;
        let last = self.added.last().max(self.removed.last()).map(|&(at, _)| at);
        let ends = last.into_iter().flat_map(|last| [last.after(out), last.after(into)]);
        ends.filter(|end| *end > now).min().unwrap_or(Tick::NEVER)
    }

    /// Whether looks after this decision come to the same as long as nothing changes that they see.
    ///
    /// Advice that is followed is within every window. Advice beyond a limit, or in a direction that is disabled, is not
    /// followed however often it is given, and keeps the windows from allowing the other direction.
    fn rests(&self, decision: &Decision) -> bool {
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
    fn advise(&self, seen: &Seen<'_>, first: Option<&Reading>) -> Option<Advice> {
        let readings = first.into_iter().chain(seen.readings.iter().skip(usize::from(first.is_some())));
        let each = self.spec.targets.iter().zip(readings);
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
        let cools = self.cools(seen.now);
        let is_cooling = cools.0 && stabilised < current || cools.1 && stabilised > current;
        let limited = if is_cooling { current } else { stabilised.clamp(allowed.0, allowed.1) };
        let to = limited.clamp(min, max.max(min));
        let limit = match () {
            () if to < limited => Limit::Max,
            () if to > limited => Limit::Min,
            () if is_cooling => Limit::Cooldown,
            () if limited != stabilised => Limit::Policies,
            () if stabilised != advice.replicas => Limit::Stabilization,
            () if advice.tolerated => Limit::Tolerance,
            () => Limit::None,
        };
        Decision { from: current, to, metric: Some(advice.metric), raw: advice.replicas, stabilised, limit }
    }

    /// Whether the last change still holds the next one down, and up.
    fn cools(&self, now: Tick) -> (bool, bool) {
        let Cooldown { out, into } = self.spec.cooldown;
        let last = self.added.last().max(self.removed.last()).map(|&(at, _)| at);
        let since = last.map_or(Tick::NEVER, |last| now.since(last));
        (since < into, since < out)
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
        // Advice is read within the windows alone, look by look: what is older would only be passed over.
        let window = self.spec.behavior.as_ref().map_or(LEGACY_WINDOW, |own| own.up.window.max(own.down.window));
        self.advice.retain(|&(at, _)| now.since(at) <= window);
        let recent = |&(at, _): &(Tick, u32)| now.since(at) <= MEMORY;
        self.added.retain(recent);
        self.removed.retain(recent);
        let Decision { from, to, .. } = *decision;
        if to > from {
            self.added.push((now, to - from));
        } else if to < from {
            self.removed.push((now, from - to));
        }
    }
}
