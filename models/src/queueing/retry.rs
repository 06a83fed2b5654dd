//! Retries: where the load that retries make of a demand comes to rest, and from where it runs away.

use ninefold_sim_core::special::exp::exp;

use super::error::{self, QueueError};

/// Points at which a change of sign is looked for.
const GRID: u32 = 20_000;

/// One server whose clients wait so long, and try so often; an attempt that is given up is served all the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retries {
    /// First attempts a unit of time, > 0.
    pub first_rate: f64,
    /// Completions a unit of time while busy, > 0.
    pub service_rate: f64,
    /// How long a client waits for an answer, > 0.
    pub timeout: f64,
    /// Attempts in all, ≥ 1.
    pub attempts: u32,
}

/// Where it comes to rest.
#[derive(Clone, Debug, PartialEq)]
pub struct FixedPoints {
    /// Rates of all attempts that reproduce themselves, ascending, below the capacity: the first is the operating point, a
    /// second the tipping point, above which it runs away.
    pub rates: Vec<f64>,
    /// Whether a collapse sustains itself: the demand times the attempts is at least the capacity.
    pub collapse_sustains: bool,
    /// The largest demand of which no collapse survives: capacity ÷ attempts.
    pub safe_rate: f64,
}

impl Retries {
    /// All attempts a unit of time if an attempt times out with the probability of a total rate: `λ Σ pᵏ`.
    fn attempts_at(&self, total: f64) -> f64 {
        // M/M/1: the time there is exponential.
        let p = exp(-(self.service_rate - total) * self.timeout);
        let mut sum = 0.0;
        (0..self.attempts).for_each(|_| sum = sum * p + 1.0);
        self.first_rate * sum
    }

    /// The fixed points; attempts are taken to come independently of one another, as in a Poisson process, which is an
    /// approximation.
    ///
    /// # Errors
    /// [`QueueError::OutOfRange`] for rates and times that are not positive, or more than 1000 attempts.
    ///
    /// # Source
    /// Bronson et al., *Metastable Failures in Distributed Systems*, HotOS (2021).
    pub fn fixed_points(&self) -> Result<FixedPoints, QueueError> {
        error::positive("demand", self.first_rate)?;
        error::positive("service rate", self.service_rate)?;
        error::positive("timeout", self.timeout)?;
        if !(1..=1000).contains(&self.attempts) {
            let value = f64::from(self.attempts);
            return Err(QueueError::OutOfRange { what: "attempts", value, allowed: "1 to 1000" });
        }
        let excess = |total: f64| self.attempts_at(total) - total;
        let at = |k: u32| self.service_rate * f64::from(k) / f64::from(GRID);
        let mut rates = Vec::new();
        for k in 0..GRID {
            let (low, high) = (at(k), at(k + 1));
            if (excess(low) > 0.0) != (excess(high) > 0.0) {
                rates.push(bisect(low, high, &excess));
            }
        }
        // At the capacity itself every attempt times out; what sustains itself there is the collapse.
        rates.retain(|rate| *rate < self.service_rate);
        let attempts = f64::from(self.attempts);
        Ok(FixedPoints {
            rates,
            collapse_sustains: self.first_rate * attempts >= self.service_rate,
            safe_rate: self.service_rate / attempts,
        })
    }
}

fn bisect(mut low: f64, mut high: f64, f: &impl Fn(f64) -> f64) -> f64 {
    let rises = f(high) > 0.0;
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return middle;
        }
        if (f(middle) > 0.0) == rises { high = middle } else { low = middle }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const STORM: Retries = Retries { first_rate: 0.5, service_rate: 1.0, timeout: 5.0, attempts: 3 };

    #[test]
    fn an_operating_and_a_tipping_point() {
        let found = STORM.fixed_points().unwrap();
        assert_eq!(found.rates.len(), 2);
        assert!((found.rates[0] - 0.562_336_336).abs() < 1e-8 && (found.rates[1] - 0.851_717_127_8).abs() < 1e-8);
        assert!(found.collapse_sustains && (found.safe_rate - 1.0 / 3.0).abs() < 1e-15);
        let calm = Retries { first_rate: 0.3, ..STORM }.fixed_points().unwrap();
        assert_eq!(calm.rates.len(), 1);
        assert!((calm.rates[0] - 0.309_816_751).abs() < 1e-8 && !calm.collapse_sustains);
    }

    #[test]
    fn without_retries_the_demand_is_the_load_and_too_much_has_no_rest() {
        let once = Retries { attempts: 1, ..STORM }.fixed_points().unwrap();
        assert!(once.rates.len() == 1 && (once.rates[0] - 0.5).abs() < 1e-15);
        assert!(Retries { first_rate: 0.9, ..STORM }.fixed_points().unwrap().rates.is_empty());
        assert!(Retries { timeout: 0.0, ..STORM }.fixed_points().is_err());
    }
}
