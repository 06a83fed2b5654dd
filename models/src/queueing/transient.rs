//! M(t)/M/c/K: how a queue with room for `K` comes and goes with its demand, from an instant on.

use ninefold_sim_core::special::exp::exp;

use super::error::{self, QueueError};

/// Most states × steps.
pub const WORK_MAX: f64 = 4e9;

/// Relative difference between the answers by steps and by half of them that is good enough.
const SETTLED: f64 = 1e-7;

/// Probabilities below this do not decide whether the steps are short enough.
const IRRELEVANT: f64 = 1e-30;

/// Probabilities below this are not followed.
const TINY: f64 = 1e-290;

/// Expected transitions in a step: bounds the terms of a series.
const STEP_TRANSITIONS: f64 = 8.0;

/// Times the steps are halved.
const HALVINGS_MAX: u32 = 6;

/// A demand that rises and falls in a sine: `mean + amplitude × sin(2πt/period)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sine {
    /// Requests a unit of time on average, > 0.
    pub mean: f64,
    /// At most the mean, ≥ 0.
    pub amplitude: f64,
    /// Length of a period, > 0.
    pub period: f64,
}

impl Sine {
    /// Requests a unit of time at an instant.
    pub fn at(&self, t: f64) -> f64 {
        let turns = t / self.period;
        // The argument is reduced first: sine of a large one loses digits.
        let phase = turns - turns.floor();
        self.mean + self.amplitude * libm::sin(2.0 * core::f64::consts::PI * phase)
    }
}

/// The queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transient {
    /// Servers.
    pub servers: u32,
    /// Requests there that find room, at least `servers`.
    pub room: u64,
    /// Completions of a busy server a unit of time, > 0.
    pub service_rate: f64,
    /// The demand.
    pub demand: Sine,
    /// Requests there at time 0, at most `room`.
    pub initial: u64,
}

/// What an arrival would find at an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AtInstant {
    /// Mean number there.
    pub in_system: f64,
    /// P(all servers busy), room or not.
    pub p_wait: f64,
    /// P(full).
    pub p_full: f64,
}

impl Transient {
    /// The state at each of `times`, ascending, ≥ 0; and the largest relative difference that halving the steps once more
    /// made, which bounds the error of the steps from above some sixteenfold.
    ///
    /// Steps of fourth order in time (two exponentials a step, commutator-free), each by uniformization: no subtraction, so
    /// that small probabilities keep their digits.
    ///
    /// # Errors
    /// [`QueueError::OutOfRange`], [`QueueError::TooLarge`] above [`WORK_MAX`], [`QueueError::NoConvergence`].
    ///
    /// # Source
    /// Grassmann, *Comput. Oper. Res.* 4 (1977), p. 47; Blanes and Moan, *Appl. Numer. Math.* 56 (2006), p. 1519.
    pub fn solve(&self, times: &[f64]) -> Result<(Vec<AtInstant>, f64), QueueError> {
        self.check(times)?;
        let busiest = f64::from(self.servers) * self.service_rate + self.demand.mean + self.demand.amplitude;
        let mut step = (STEP_TRANSITIONS / busiest).min(self.demand.period / 16.0);
        let mut last: Option<Vec<AtInstant>> = None;
        for _ in 0..HALVINGS_MAX {
            let end = times.last().copied().unwrap_or(0.0);
            let work = (end / step + times.len() as f64) * self.room as f64 * 40.0;
            if work > WORK_MAX {
                return Err(QueueError::TooLarge { what: "steps of a queue in time", count: work, limit: WORK_MAX });
            }
            let now = self.run(times, step);
            if let Some(before) = &last {
                let difference = difference(before, &now);
                if difference <= SETTLED {
                    return Ok((now, difference));
                }
            }
            last = Some(now);
            step /= 2.0;
        }
        Err(QueueError::NoConvergence("a queue in time"))
    }

    fn check(&self, times: &[f64]) -> Result<(), QueueError> {
        error::servers(self.servers)?;
        error::positive("service rate", self.service_rate)?;
        error::positive("mean demand", self.demand.mean)?;
        error::positive("period", self.demand.period)?;
        let wrong = |what, value, allowed| Err(QueueError::OutOfRange { what, value, allowed });
        if !(self.demand.amplitude >= 0.0 && self.demand.amplitude <= self.demand.mean) {
            return wrong("amplitude", self.demand.amplitude, "0 to the mean demand");
        }
        if self.room < u64::from(self.servers) {
            return wrong("room", self.room as f64, "at least the servers");
        }
        if self.initial > self.room {
            return wrong("requests at the start", self.initial as f64, "at most the room");
        }
        for (i, &t) in times.iter().enumerate() {
            error::not_negative("instant", t)?;
            if i > 0 && t < times[i - 1] {
                return wrong("instant", t, "ascending");
            }
        }
        Ok(())
    }

    fn run(&self, times: &[f64], step: f64) -> Vec<AtInstant> {
        let states = self.room as usize + 1;
        let mut p = vec![0.0; states];
        p[self.initial as usize] = 1.0;
        let mut scratch = (vec![0.0; states], vec![0.0; states]);
        let mut now = 0.0;
        let mut found = Vec::new();
        for &until in times {
            let steps = ((until - now) / step).ceil().max(0.0);
            let h = if steps > 0.0 { (until - now) / steps } else { 0.0 };
            for k in 0..steps as u64 {
                self.step(now + k as f64 * h, h, &mut p, &mut scratch);
            }
            now = until;
            found.push(self.read(&p));
        }
        found
    }

    /// One step of fourth order: two generators of mixed demand, half a step each.
    fn step(&self, t: f64, h: f64, p: &mut Vec<f64>, scratch: &mut (Vec<f64>, Vec<f64>)) {
        let root = 3.0_f64.sqrt();
        let (first, second) = (self.demand.at(t + h * (0.5 - root / 6.0)), self.demand.at(t + h * (0.5 + root / 6.0)));
        let (near, far) = (0.5 + root / 3.0, 0.5 - root / 3.0);
        // Weights of a half step; the smaller is below zero, the mixture is not while steps are short.
        for rate in [near * first + far * second, far * first + near * second] {
            self.uniformize(rate.max(0.0), h / 2.0, p, scratch);
        }
    }

    /// `p ← p e^(Q h)` at a constant demand.
    fn uniformize(&self, rate: f64, h: f64, p: &mut Vec<f64>, (power, sum): &mut (Vec<f64>, Vec<f64>)) {
        let (c, last) = (self.servers as usize, p.len() - 1);
        let fastest = rate + c as f64 * self.service_rate;
        let transitions = fastest * h;
        power.clone_from(p);
        let mut weight = exp(-transitions);
        sum.iter_mut().zip(power.iter()).for_each(|(sum, p)| *sum = weight * p);
        let mut k = 0.0;
        while k < 200.0 && (k < transitions || weight > 1e-40) {
            k += 1.0;
            // In place, upwards: `below` is the old value of the state before.
            let mut below = 0.0;
            for n in 0..=last {
                let here = power[n];
                let falls = n.min(c) as f64 * self.service_rate;
                let rises = if n < last { rate } else { 0.0 };
                let above = if n < last { power[n + 1] * (n + 1).min(c) as f64 * self.service_rate } else { 0.0 };
                let next = (below * rate + here * (fastest - rises - falls) + above) / fastest;
                power[n] = if next < TINY { 0.0 } else { next };
                below = here;
            }
            weight *= transitions / k;
            sum.iter_mut().zip(power.iter()).for_each(|(sum, p)| *sum += weight * p);
        }
        std::mem::swap(p, sum);
    }

    fn read(&self, p: &[f64]) -> AtInstant {
        AtInstant {
            in_system: super::birth_death::mean(p, |n| n as f64),
            p_wait: p[self.servers as usize..].iter().sum(),
            p_full: p[p.len() - 1],
        }
    }
}

/// The largest relative difference of anything that is not tiny.
fn difference(before: &[AtInstant], now: &[AtInstant]) -> f64 {
    let each = |a: f64, b: f64| if b.abs() < IRRELEVANT { 0.0 } else { ((a - b) / b).abs() };
    let pairs = before.iter().zip(now);
    let all =
        pairs.flat_map(|(a, b)| [each(a.in_system, b.in_system), each(a.p_wait, b.p_wait), each(a.p_full, b.p_full)]);
    all.fold(0.0, f64::max)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::finite::Finite;
    use super::*;

    const DAY: Transient = Transient {
        servers: 10,
        room: 120,
        service_rate: 1.0,
        demand: Sine { mean: 7.0, amplitude: 5.0, period: 24.0 },
        initial: 0,
    };

    #[test]
    fn a_day_of_demand_against_an_integrated_oracle() {
        // Kolmogorov's equations by an implicit solver (relative tolerance 1e-10); the smallest by 12 000 classical
        // Runge-Kutta steps, because it lies below that solver's reach.
        let (found, error) = DAY.solve(&[0.0, 3.0, 12.0, 24.0]).unwrap();
        let known = [
            (0.0, 0.0, 0.0),
            (9.783_580_897_76, 0.471_313_717_807, 1.149_246_944e-49),
            (19.607_121_552, 0.797_707_302_351, 2.662_263_762_61e-13),
            (5.810_753_887_18, 0.073_526_169_628_2, 6.896_624_662_76e-22),
        ];
        assert!(error <= 1e-7);
        for (found, known) in found.iter().zip(known) {
            for (got, expected) in [(found.in_system, known.0), (found.p_wait, known.1), (found.p_full, known.2)] {
                assert!((got - expected).abs() <= 1e-6 * expected, "{got} {expected}");
            }
        }
    }

    #[test]
    fn constant_demand_comes_to_rest_in_the_long_run() {
        let queue = Transient { demand: Sine { mean: 9.0, amplitude: 0.0, period: 1.0 }, room: 20, initial: 20, ..DAY };
        let (found, _) = queue.solve(&[300.0]).unwrap();
        let known = Finite { servers: 10, room: Some(20), arrival_rate: 9.0, service_rate: 1.0, abandonment_rate: 0.0 };
        let known = known.solve().unwrap();
        assert!((found[0].in_system / known.in_system - 1.0).abs() < 1e-9);
        assert!((found[0].p_full / known.p_block - 1.0).abs() < 1e-9);
    }

    #[test]
    fn an_empty_loss_system_fills_as_a_single_exponential() {
        // M/M/1/1 from empty: P(busy) = λ/(λ+μ) (1 − e^(−(λ+μ)t)).
        let queue = Transient { servers: 1, room: 1, demand: Sine { mean: 2.0, amplitude: 0.0, period: 1.0 }, ..DAY };
        let (found, _) = queue.solve(&[0.1, 1.0]).unwrap();
        for (t, found) in [0.1, 1.0].into_iter().zip(found) {
            let known = 2.0 / 3.0 * -libm::expm1(-3.0 * t);
            assert!((found.p_full / known - 1.0).abs() < 1e-12);
        }
        assert!(Transient { initial: 121, ..DAY }.solve(&[1.0]).is_err());
    }
}
