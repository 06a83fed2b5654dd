//! Retries: where the load that retries make of a demand comes to rest, and from where it runs away.

use ninefold_sim_core::special::exp::exp;
use ninefold_sim_core::special::gamma;

use super::MultiServer;
use super::error::{self, QueueError};
use super::finite::Finite;

/// Points at which a change of sign is looked for, at most.
const GRID: u32 = 20_000;

/// Terms that these points may cost together; of as many servers or places fewer points are looked at.
const TERMS: u32 = 1_000_000;

/// Most places of a queue that are computed with.
const PLACES_MAX: u64 = 20_000;

/// Most servers of a queue with a last place.
const SERVERS_MAX: u32 = 20_000;

/// Servers whose clients wait so long, and try so often; an attempt that is given up is served all the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retries {
    /// First attempts a unit of time, > 0.
    pub first_rate: f64,
    /// Servers, at least 1.
    pub servers: u32,
    /// Completions of one busy server a unit of time, > 0.
    pub service_rate: f64,
    /// Requests that can wait; an attempt that finds no place fails at once. `None` is no limit.
    pub places: Option<u64>,
    /// How long a client waits for an answer, > 0.
    pub timeout: f64,
    /// Attempts in all, 1 to 1000.
    pub attempts: u32,
    /// Retries that a first attempt pays for in the long run, ≥ 0; `None` is as many as are wanted.
    pub budget: Option<f64>,
}

/// A rate of all attempts that reproduces itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FixedPoint {
    /// Attempts a unit of time.
    pub rate: f64,
    /// Share of requests that are answered in time by one of their attempts.
    pub answered: f64,
    /// Whether the load returns to it from nearby; from one that is not stable it runs away to a neighbour.
    pub is_stable: bool,
}

/// Where it comes to rest.
#[derive(Clone, Debug, PartialEq)]
pub struct FixedPoints {
    /// Ascending by rate. The first is the operating point if requests are answered there; an unstable one is the tipping
    /// point; what sustains itself at or above the capacity is the collapse.
    pub points: Vec<FixedPoint>,
    /// The largest demand of which no collapse survives without a last place: capacity ÷ the most attempts of a request in
    /// the mean.
    pub safe_rate: f64,
    /// What the servers complete a unit of time while busy.
    pub capacity: f64,
}

impl FixedPoints {
    fn is_collapse(&self, point: &FixedPoint) -> bool {
        point.is_stable && point.rate >= self.capacity && point.answered < 0.5
    }

    /// The first stable point that is no collapse.
    pub fn operating(&self) -> Option<&FixedPoint> {
        self.points.iter().find(|point| point.is_stable && !self.is_collapse(point))
    }

    /// The first unstable point above the operating one.
    pub fn tipping(&self) -> Option<&FixedPoint> {
        let operating = self.operating()?;
        self.points.iter().find(|point| !point.is_stable && point.rate > operating.rate)
    }

    /// Whether a collapse sustains itself: without a last place, what comes while everything fails is at least the capacity.
    pub fn collapse_sustains(&self) -> bool {
        self.collapsed().is_some()
    }

    /// The stable point at or above the capacity at which fewer than half of the requests are answered.
    pub fn collapsed(&self) -> Option<&FixedPoint> {
        self.points.iter().rev().find(|point| self.is_collapse(point))
    }
}

impl Retries {
    fn capacity(&self) -> f64 {
        f64::from(self.servers) * self.service_rate
    }

    /// The most attempts of a request in the mean, which is when all of them fail.
    fn most_attempts(&self) -> f64 {
        self.budget.map_or(f64::INFINITY, |ratio| 1.0 + ratio).min(f64::from(self.attempts))
    }

    /// All attempts a unit of time if each fails with probability `p`: `λ min(Σ pᵏ, 1 + budget)`.
    fn attempts_at(&self, p: f64) -> f64 {
        let mut sum = 0.0;
        (0..self.attempts).for_each(|_| sum = sum * p + 1.0);
        self.first_rate * sum.min(self.most_attempts())
    }

    /// The fixed points; attempts are taken to come independently of one another, as in a Poisson process, which is an
    /// approximation.
    ///
    /// # Errors
    /// [`QueueError::OutOfRange`] for rates and times that are not positive, or more than 1000 attempts;
    /// [`QueueError::TooLarge`] for more than 20 000 places.
    ///
    /// # Source
    /// Bronson et al., *Metastable Failures in Distributed Systems*, HotOS (2021).
    pub fn fixed_points(&self) -> Result<FixedPoints, QueueError> {
        error::positive("demand", self.first_rate)?;
        error::positive("service rate", self.service_rate)?;
        error::positive("timeout", self.timeout)?;
        error::servers(self.servers)?;
        error::not_negative("retry budget", self.budget.unwrap_or(0.0))?;
        if !(1..=1000).contains(&self.attempts) {
            let value = f64::from(self.attempts);
            return Err(QueueError::OutOfRange { what: "attempts", value, allowed: "1 to 1000" });
        }
        let points = match self.places {
            None => self.without_limit()?,
            Some(places) => self.with_places(places)?,
        };
        Ok(FixedPoints { points, capacity: self.capacity(), safe_rate: self.capacity() / self.most_attempts() })
    }

    fn without_limit(&self) -> Result<Vec<FixedPoint>, QueueError> {
        let late = |total: f64| match total < self.capacity() {
            true => Ok(MultiServer::new(self.servers, total, self.service_rate)?.sojourn_above(self.timeout)),
            false => Ok(1.0),
        };
        let mut points = self.roots(grid(self.servers), self.capacity(), late)?;
        // At the capacity itself every attempt times out; what sustains itself there is the collapse.
        points.retain(|point| point.rate < self.capacity());
        let all = self.first_rate * self.most_attempts();
        if all >= self.capacity() {
            points.push(FixedPoint { rate: all, answered: 0.0, is_stable: true });
        }
        Ok(points)
    }

    fn with_places(&self, places: u64) -> Result<Vec<FixedPoint>, QueueError> {
        if places > PLACES_MAX {
            return Err(QueueError::TooLarge { what: "places", count: places as f64, limit: PLACES_MAX as f64 });
        }
        let (room, c) = (places + u64::from(self.servers), self.servers as usize);
        if self.servers > SERVERS_MAX {
            let (count, limit) = (f64::from(self.servers), f64::from(SERVERS_MAX));
            return Err(QueueError::TooLarge { what: "servers of a queue that fills", count, limit });
        }
        let tails = self.tails(places as usize);
        let fails = |total: f64| {
            let of = Finite {
                servers: self.servers,
                room: Some(room),
                arrival_rate: total,
                service_rate: self.service_rate,
                abandonment_rate: 0.0,
            };
            let there = of.solve()?.distribution;
            let late = |(n, p): (usize, &f64)| p * tails[(n + 1).saturating_sub(c)];
            let late: f64 = there[..there.len() - 1].iter().enumerate().map(late).sum();
            Ok(there[there.len() - 1] + late)
        };
        self.roots(grid(room as u32), self.first_rate * self.most_attempts() * (1.0 + 1e-9), fails)
    }

    /// P(an attempt takes longer than the timeout), by how many completions it waits for before its service begins.
    ///
    /// The time is a sum of `m` stages of rate a = cμ and one of rate μ. Splitting off one stage,
    /// `A(m) = r A(m − 1) − (r − 1) E(m)` with r = a ÷ (a − μ) and E(m) the tail of the m stages alone; solved downwards, where
    /// rounding shrinks.
    fn tails(&self, most: usize) -> Vec<f64> {
        let (a, mean) = (self.capacity(), self.capacity() * self.timeout);
        let stages = |m: usize| if m == 0 { 0.0 } else { gamma::upper(m as f64, mean) };
        if self.servers == 1 {
            return (0..=most).map(|m| stages(m + 1)).collect();
        }
        let r = a / (a - self.service_rate);
        let first = most.max((mean + 12.0 * mean.sqrt()) as usize + 60);
        let (mut above, mut all) = (1.0, vec![0.0; most + 1]);
        for m in (0..=first).rev() {
            if let Some(slot) = all.get_mut(m) {
                *slot = above;
            }
            above = (above + (r - 1.0) * stages(m)) / r;
        }
        all[0] = exp(-self.service_rate * self.timeout);
        all
    }

    /// Every rate up to `most` that reproduces itself, if an attempt fails with a probability of the rate of all.
    fn roots(
        &self,
        grid: u32,
        most: f64,
        fails: impl Fn(f64) -> Result<f64, QueueError>,
    ) -> Result<Vec<FixedPoint>, QueueError> {
        let excess = |total: f64| Ok::<f64, QueueError>(self.attempts_at(fails(total)?) - total);
        let at = |k: u32| most * f64::from(k) / f64::from(grid);
        let mut points = Vec::new();
        // Nothing at all is no fixed point: the demand comes in any case.
        let (mut low, mut above) = (0.0, true);
        for k in 1..=grid {
            let high = at(k);
            let is_above = excess(high)? > 0.0;
            if is_above != above {
                let rate = bisect((low, high), is_above, &excess)?;
                let answered = (rate * (1.0 - fails(rate)?) / self.first_rate).clamp(0.0, 1.0);
                points.push(FixedPoint { rate, answered, is_stable: above });
            }
            (low, above) = (high, is_above);
        }
        Ok(points)
    }
}

/// Points to look at where each costs so many terms.
fn grid(terms: u32) -> u32 {
    (TERMS / terms.max(1)).clamp(500, GRID)
}

fn bisect(
    (mut low, mut high): (f64, f64),
    rises: bool,
    f: &impl Fn(f64) -> Result<f64, QueueError>,
) -> Result<f64, QueueError> {
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return Ok(middle);
        }
        if (f(middle)? > 0.0) == rises { high = middle } else { low = middle }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const STORM: Retries = Retries {
        first_rate: 0.5,
        servers: 1,
        service_rate: 1.0,
        places: None,
        timeout: 5.0,
        attempts: 3,
        budget: None,
    };

    fn rates(of: &FixedPoints) -> Vec<f64> {
        of.points.iter().map(|point| point.rate).collect()
    }

    #[test]
    fn an_operating_and_a_tipping_point_and_the_collapse() {
        let found = STORM.fixed_points().unwrap();
        assert_eq!(found.points.iter().map(|point| point.is_stable).collect::<Vec<_>>(), [true, false, true]);
        let [low, high, all] = rates(&found)[..] else { panic!("{found:?}") };
        assert!((low - 0.562_336_336).abs() < 1e-8 && (high - 0.851_717_127_8).abs() < 1e-8 && all == 1.5);
        assert!(found.collapse_sustains() && (found.safe_rate - 1.0 / 3.0).abs() < 1e-15);
        assert_eq!((found.operating().unwrap().rate, found.tipping().unwrap().rate), (low, high));
        assert_eq!(found.collapsed().unwrap().answered, 0.0);
        let calm = Retries { first_rate: 0.3, ..STORM }.fixed_points().unwrap();
        assert_eq!(calm.points.len(), 1);
        assert!((calm.points[0].rate - 0.309_816_751).abs() < 1e-8 && !calm.collapse_sustains());
    }

    #[test]
    fn without_retries_the_demand_is_the_load_and_too_much_has_no_rest() {
        let once = Retries { attempts: 1, ..STORM }.fixed_points().unwrap();
        assert!(once.points.len() == 1 && (once.points[0].rate - 0.5).abs() < 1e-15);
        let much = Retries { first_rate: 0.9, ..STORM }.fixed_points().unwrap();
        assert!(much.operating().is_none() && much.tipping().is_none() && much.collapsed().is_some());
        assert!(Retries { timeout: 0.0, ..STORM }.fixed_points().is_err());
        assert!(Retries { servers: 0, ..STORM }.fixed_points().is_err());
        assert!(Retries { places: Some(1 << 40), ..STORM }.fixed_points().is_err());
    }

    #[test]
    fn a_budget_takes_the_collapse_away_below_capacity_over_one_and_the_budget() {
        for (first_rate, collapses) in [(0.5, false), (0.9, false), (0.92, true)] {
            let found = Retries { first_rate, budget: Some(0.1), ..STORM }.fixed_points().unwrap();
            assert_eq!(found.collapse_sustains(), collapses, "{first_rate}");
            assert!((found.safe_rate - 1.0 / 1.1).abs() < 1e-15);
        }
    }

    #[test]
    fn tails_of_stages_are_those_of_sums_of_exponential_times() {
        // By the density of m stages, integrated against the last one's tail by Simpson's rule.
        for (servers, rate, timeout, most) in [(4, 1.0, 2.0, 30_usize), (10, 10.0, 1.0, 140), (2, 0.5, 9.0, 12)] {
            let of = Retries { servers, service_rate: rate, timeout, ..STORM };
            let (tails, a) = (of.tails(most), of.capacity());
            for m in [1, 2, most / 2, most] {
                let log_gamma = libm::lgamma(m as f64);
                let density = |t: f64| match t > 0.0 {
                    true => libm::exp(m as f64 * libm::log(a) + (m as f64 - 1.0) * libm::log(t) - a * t - log_gamma),
                    false => f64::from(m == 1) * a,
                };
                let (n, mut sum) = (4000, 0.0);
                for i in 0..=n {
                    let t = timeout * f64::from(i) / f64::from(n);
                    let weight = if i == 0 || i == n { 1.0 } else { 2.0 + 2.0 * f64::from(i % 2) };
                    sum += weight * density(t) * libm::exp(-rate * (timeout - t));
                }
                let known = gamma::upper(m as f64, a * timeout) + sum * timeout / f64::from(n) / 3.0;
                assert!((tails[m] / known - 1.0).abs() < 1e-8, "{servers} {m}: {} {known}", tails[m]);
            }
        }
    }

    #[test]
    fn many_places_are_no_limit_and_few_keep_what_is_admitted_in_time() {
        let of =
            |places, first_rate| Retries { first_rate, servers: 10, service_rate: 10.0, timeout: 1.0, places, ..STORM };
        let (free, wide) = (of(None, 30.0).fixed_points().unwrap(), of(Some(2000), 30.0).fixed_points().unwrap());
        assert!((wide.points[0].rate / free.points[0].rate - 1.0).abs() < 1e-9);
        assert!(free.points.len() == 1 && wide.points.len() == 1);
        // Room for 60: what waits is served within 0.6 s, nearly all of it in time.
        let short = of(Some(60), 80.0).fixed_points().unwrap();
        assert!(short.points.len() == 1 && short.points[0].answered > 0.99 && !short.collapse_sustains());
        // Room for 200 is two timeouts: the collapse is back.
        assert!(of(Some(200), 80.0).fixed_points().unwrap().collapse_sustains());
    }
}
