//! Spot capacity in the long run: each place is an alternating renewal process of its own.
//!
//! With `L` the life of an instance, `B` its boot, `R` the time until spot capacity is to be had again, and `c` the lead,
//! a cycle lasts `L + T`, `T = max(0, R + B − c)`. Without a fallback the place is empty for all of `T`; with one only for
//! `G = max(0, B − c)`, but for all of `T` where none is to be had, of probability `p`. Shocks that strike a share of mean
//! `s` every `m` end an instance at rate `s ÷ m` besides: thinned Poisson processes are Poisson. What is struck together is
//! not independent, so of several places only sums of means are known then.
//!
//! # Source
//! Cox, *Renewal Theory* (1962), chapter 7; Ross, *Stochastic Processes*, 2nd ed. (1996), 2.3 and 3.6.

use ninefold_sim_core::special::quadrature::gauss_legendre;

use super::error::NotExact;
use super::lattice;
use super::model::Part;
use super::probability::Chance;
use super::process::Steady;
use super::quadrature;
use super::solutions::{Measure, SPOT, Solutions};
use crate::lifetime::Law;
use crate::system::{Spot, System};
use crate::units::{HOURS_PER_YEAR, Hours};

/// Panels of an integral over quantiles, which are tabulated to 1e-9.
const PANELS: u32 = 256;

/// A place of spot capacity as a variable of the structure: whether anything runs there.
#[derive(Clone, Debug)]
pub struct SpotPlace {
    /// Whose it is, for messages.
    pub owner: String,
    /// Its long run.
    pub steady: Steady,
}

/// The mean cycle of a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cycle {
    /// Mean time on spot, h; may be infinite.
    life: f64,
    /// Mean time until the next instance on spot, h.
    until_spot: f64,
    /// Mean time that the place is empty, h.
    empty: f64,
    /// Probability that it is empty at all.
    empties: f64,
}

impl SpotPlace {
    /// A place of this spot capacity.
    pub(super) fn part(system: &System, spot: &Spot) -> Part {
        let owner = spot.spec.component.clone();
        let (cycle, life) = match (&spot.spec.reclaims, &spot.spec.interruption) {
            (None, Some(life)) => (Cycle::of(spot), life),
            _ => return Part::Refused(NotExact::SpotTogether(owner)),
        };
        if system.components[spot.component as usize].scaled {
            return Part::Refused(NotExact::Autoscale(owner));
        }
        let cycle = match cycle {
            Ok(cycle) => cycle,
            Err(why) => return Part::Refused(why),
        };
        let settles = lattice::values(life).is_none();
        let steady = Steady { chance: cycle.chance(), per_hour: cycle.per_hour(), settles, discrete: !settles };
        Part::Spot(Self { owner, steady })
    }
}

impl Cycle {
    /// Of each place of this spot capacity.
    ///
    /// # Errors
    /// [`NotExact`] where an integral does not converge or a mean is not finite.
    pub(super) fn of(spot: &Spot) -> Result<Self, NotExact> {
        let of = &spot.spec;
        if !(of.boot.mean() + of.returns.mean()).get().is_finite() {
            return Err(NotExact::NoMean(of.component.clone()));
        }
        let struck_per_hour = of.reclaims.as_ref().map_or(0.0, |shock| shock.share.mean() / shock.every.get());
        let life = life(of.interruption.as_ref(), struck_per_hour)?;
        let until_spot = beyond(&of.returns, &of.boot, of.lead)?;
        let boots = of.boot.mean().get() - of.boot.integrated_tail(of.lead).get();
        let stockout = of.stockout.unwrap_or(1.0);
        let empty = stockout * until_spot + (1.0 - stockout) * boots.max(0.0);
        let empties = stockout * exceeds(&of.returns, &of.boot, of.lead) + (1.0 - stockout) * of.boot.survival(of.lead);
        Ok(Self { life, until_spot, empty, empties })
    }

    fn length(&self) -> f64 {
        self.life + self.until_spot
    }

    fn chance(&self) -> Chance {
        Chance::of_ratio(self.empty / (self.length() - self.empty))
    }

    /// How often a place becomes empty.
    fn per_hour(&self) -> f64 {
        self.empties / self.length()
    }

    /// Share of the time that a unit on demand has the place.
    pub(super) fn on_demand(&self) -> f64 {
        (self.until_spot - self.empty).max(0.0) / self.length()
    }

    /// Share of the time that a spot instance has the place.
    pub(super) fn on_spot(&self) -> f64 {
        if self.life.is_finite() { self.life / self.length() } else { 1.0 }
    }
}

/// Mean of the lesser of a life and an exponential time at this rate.
fn life(law: Option<&Law>, per_hour: f64) -> Result<f64, NotExact> {
    let Some(law) = law else { return Ok(1.0 / per_hour) };
    if per_hour == 0.0 {
        return Ok(law.mean().get());
    }
    if let Some(mean) = law.is_exponential() {
        return Ok(1.0 / (1.0 / mean.get() + per_hour));
    }
    let still = |t: f64| law.survival(Hours::new(t)) * libm::exp(-per_hour * t);
    quadrature::integral_to_infinity(&still, law.median().get().min(1.0 / per_hour).max(f64::MIN_POSITIVE))
}

/// The one value of a law that has no other.
fn only(law: &Law) -> Option<f64> {
    matches!(law, Law::Constant(_)).then(|| law.mean().get())
}

/// E max(0, R + B − c) = E R + E B − c + ∫₀ᶜ P(R ≤ r) P(B ≤ c − r) dr.
fn beyond(returns: &Law, boot: &Law, lead: Hours) -> Result<f64, NotExact> {
    let lead = lead.get();
    // Of one law beyond an age: E max(0, X − a), whatever the sign of a.
    let alone = |law: &Law, age: f64| law.mean().get() - law.integrated_tail(Hours::new(age)).get() + (-age).max(0.0);
    let beyond = match (only(returns), only(boot)) {
        (Some(returns), _) => alone(boot, lead - returns),
        (_, Some(boot)) => alone(returns, lead - boot),
        _ => {
            let both = |r: f64| returns.cdf(Hours::new(r)) * boot.cdf(Hours::new(lead - r));
            returns.mean().get() + boot.mean().get() - lead + quadrature::integral(&both, lead)?
        }
    };
    Ok(beyond.max(0.0))
}

/// P(R + B > c).
fn exceeds(returns: &Law, boot: &Law, lead: Hours) -> f64 {
    match (only(returns), only(boot)) {
        (Some(returns), _) => boot.survival(lead - Hours::new(returns)),
        (_, Some(boot)) => returns.survival(lead - Hours::new(boot)),
        _ => {
            let within = |p: f64| boot.cdf(lead - returns.quantile(p));
            1.0 - gauss_legendre(0.0, returns.cdf(lead), PANELS, within)
        }
    }
}

/// The measures of spot capacity of every component that has some.
pub(super) fn solve(system: &System, solutions: &mut Solutions) {
    for spot in &system.spots {
        let entity = format!("components.{}", spot.spec.component);
        let scaled = system.components[spot.component as usize].scaled;
        let refused = scaled.then(|| NotExact::Autoscale(spot.spec.component.clone()));
        match refused.map_or_else(|| Cycle::of(spot), Err) {
            Ok(cycle) => add(&cycle, spot, &entity, solutions),
            Err(why) => solutions.refuse(&entity, &SPOT, &why),
        }
    }
}

fn add(cycle: &Cycle, spot: &Spot, entity: &str, solutions: &mut Solutions) {
    let places = spot.units.len() as f64;
    let interruptions = places * HOURS_PER_YEAR / cycle.length();
    let all = [
        (Measure::Interruptions, interruptions),
        (Measure::ReclaimedMean, places * cycle.chance().down),
        (Measure::OnDemandMean, places * cycle.on_demand()),
        (Measure::LostWork, interruptions * spot.spec.cut_off().get()),
    ];
    all.into_iter().for_each(|(measure, value)| solutions.add(entity, measure, None, (value, "renewal reward")));
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn exponential(mean: f64) -> Law {
        Law::exponential(Hours::new(mean)).unwrap()
    }

    fn constant(hours: f64) -> Law {
        Law::constant(Hours::new(hours)).unwrap()
    }

    fn close(a: f64, b: f64, within: f64) {
        assert!((a / b - 1.0).abs() < within, "{a} is not {b}");
    }

    #[test]
    fn what_is_left_of_two_times_after_a_lead() {
        // Two exponential times of equal mean are an Erlang law of two stages: P(S > c) = e⁻ᶜ(1 + c), E(S − c)⁺ = e⁻ᶜ(2 + c).
        let (one, lead) = (exponential(1.0), Hours::new(0.7));
        close(beyond(&one, &one, lead).unwrap(), libm::exp(-0.7) * 2.7, 1e-12);
        close(exceeds(&one, &one, lead), libm::exp(-0.7) * 1.7, 1e-9);
        // One of them is certain, before or after the lead.
        close(beyond(&constant(0.2), &one, lead).unwrap(), libm::exp(-0.5), 1e-12);
        close(beyond(&one, &constant(1.0), lead).unwrap(), 1.3, 1e-12);
        close(exceeds(&one, &constant(0.2), lead), libm::exp(-0.5), 1e-12);
        assert_eq!(beyond(&constant(0.0), &constant(0.5), lead).unwrap(), 0.0);
    }

    #[test]
    fn shocks_add_to_the_rate_of_a_life() {
        close(life(Some(&exponential(10.0)), 0.1).unwrap(), 5.0, 1e-14);
        // Of a certain life: (1 − e⁻ᵃˡ) ÷ a.
        close(life(Some(&constant(10.0)), 0.1).unwrap(), 10.0 * (1.0 - libm::exp(-1.0)), 1e-11);
    }
}
