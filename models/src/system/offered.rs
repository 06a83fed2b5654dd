//! What a course of demand offers between two instants.

use ninefold_sim_core::tick::Tick;

/// One, in the fixed point of factors.
const ONE: f64 = (1u64 << 32) as f64;

/// Demand offered over time, in ticks of the level: a piecewise-constant factor and its running integral.
#[derive(Clone, Debug, Default)]
pub struct Offered {
    steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug)]
struct Step {
    at: Tick,
    /// The factor from here on, in 2⁻³².
    factor: u64,
    /// Offered before, in 2⁻³² ticks.
    before: i128,
}

impl Offered {
    /// Of these instants, ascending from 0, and the factor from each on.
    pub fn of(steps: impl IntoIterator<Item = (Tick, f64)>) -> Self {
        let mut offered = Self::default();
        steps.into_iter().for_each(|(at, factor)| offered.push(at, factor));
        offered
    }

    /// Forgets everything, keeping its memory.
    pub fn clear(&mut self) {
        self.steps.clear();
    }

    /// From `at` on, which is not before the last instant, the factor is this.
    pub fn push(&mut self, at: Tick, factor: f64) {
        let before = self.before(at);
        self.steps.push(Step { at, factor: (factor.clamp(0.0, 1e6) * ONE + 0.5) as u64, before });
    }

    /// Offered within `[from, to)`, in ticks of the level; without any step, the time itself.
    pub fn within(&self, from: Tick, to: Tick) -> Tick {
        if self.steps.is_empty() {
            return to.since(from);
        }
        Tick::new(((self.before(to) - self.before(from)) >> 32) as i64)
    }

    fn before(&self, at: Tick) -> i128 {
        let next = self.steps.partition_point(|step| step.at <= at);
        let Some(step) = self.steps[..next].last() else { return 0 };
        step.before + i128::from(at.since(step.at).get()) * i128::from(step.factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered_is_the_integral() {
        let at = |hours: f64| Tick::from_hours(hours);
        let offered = Offered::of([(at(0.0), 1.0), (at(2.0), 0.5), (at(6.0), 4.0)]);
        assert_eq!(offered.within(at(0.0), at(2.0)), at(2.0));
        assert_eq!(offered.within(at(1.0), at(7.0)), at(1.0 + 2.0 + 4.0));
        assert_eq!(offered.within(at(3.0), at(3.0)), Tick::ZERO);
        assert_eq!(Offered::default().within(at(3.0), at(5.0)), at(2.0));
    }
}
