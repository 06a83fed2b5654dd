//! What units cost a year in the long run, where their number is fixed: prices times mean numbers, and what is above the
//! reserve by the binomial law.

use super::error::NotExact;
use super::solutions::{COST, Measure, Solutions};
use super::spot::Cycle;
use crate::system::{PriceSpec, System};
use crate::units::HOURS_PER_YEAR;

/// The cost of every component that has a price.
pub(super) fn solve(system: &System, solutions: &mut Solutions) {
    let prices = &system.spec.prices.components;
    let costs: Vec<Result<f64, NotExact>> = prices.iter().map(|price| yearly(system, price)).collect();
    let all: Result<f64, NotExact> = costs.iter().cloned().sum();
    let mut add = |entity: &str, cost: &Result<f64, NotExact>| match cost {
        Ok(cost) => solutions.add(entity, Measure::Cost, None, (*cost, "renewal reward")),
        Err(why) => solutions.refuse(entity, &COST, why),
    };
    for (price, cost) in prices.iter().zip(&costs) {
        add(&format!("components.{}", price.component), cost);
    }
    if !prices.is_empty() {
        add("system", &all);
    }
}

fn yearly(system: &System, price: &PriceSpec) -> Result<f64, NotExact> {
    let place = system.spec.components.iter().position(|component| component.name == price.component);
    let place = place.expect("bug: prices are checked when a system is built");
    if system.components[place].scaled {
        return Err(NotExact::Autoscale(price.component.clone()));
    }
    let units = system.components[place].units.len();
    let spot = system.spots.iter().find(|spot| spot.component as usize == place);
    let (places, cycle) = match spot {
        Some(spot) => (spot.units.len(), Some(Cycle::of(spot)?)),
        None => (0, None),
    };
    let (on_spot, on_demand) = cycle.map_or((0.0, 0.0), |cycle| (cycle.on_spot(), cycle.on_demand()));
    let (certain, reserve) = ((units - places) as f64, f64::from(price.reserved_units));
    let above = if reserve <= certain || on_demand == 0.0 {
        (certain + places as f64 * on_demand - reserve).max(0.0)
    } else if spot.is_some_and(|spot| spot.spec.reclaims.is_some()) {
        return Err(NotExact::SpotTogether(price.component.clone()));
    } else {
        above_reserve(places, on_demand, reserve - certain)
    };
    let hourly = price.reserved * reserve + price.on_demand * above + price.spot * places as f64 * on_spot;
    Ok(hourly * HOURS_PER_YEAR)
}

/// E max(0, N − reserve) of a binomial number N.
fn above_reserve(places: usize, share: f64, reserve: f64) -> f64 {
    let mut chances = vec![1.0];
    for _ in 0..places {
        let mut next = vec![0.0; chances.len() + 1];
        for (n, chance) in chances.iter().enumerate() {
            next[n] += chance * (1.0 - share);
            next[n + 1] += chance * share;
        }
        chances = next;
    }
    chances.iter().enumerate().map(|(n, chance)| chance * (n as f64 - reserve).max(0.0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn above_a_reserve_of_none_is_the_mean() {
        assert!((above_reserve(40, 0.3, 0.0) - 12.0).abs() < 1e-12);
        assert!((above_reserve(2, 0.5, 1.0) - 0.25).abs() < 1e-15);
    }
}
