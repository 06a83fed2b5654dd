//! The distribution of the capacity along a flow: units that serve, counted group by group, summed over branches, the least
//! along a list; domains that can fail are conditioned on.

use std::collections::BTreeMap;

use super::capacity::Cone;
use super::capacity_table::Table;
use super::error::NotExact;
use crate::system::{Flow, Redundancy};

/// What one unit of each component gives, and which domains are lost.
type Given<'g> = (&'g BTreeMap<u32, f64>, &'g dyn Fn(u32) -> bool);

impl Cone<'_> {
    /// The distribution of the capacity along the flow.
    pub(super) fn table(&self, scales: &BTreeMap<u32, f64>) -> Result<Table, NotExact> {
        let mut all = Table::default();
        for set in 0..1u32 << self.domains.len() {
            let lost = |domain: u32| {
                let place = self.domains.iter().position(|&(known, _)| known == domain);
                place.is_some_and(|place| set >> place & 1 == 1)
            };
            let chance: f64 = self
                .domains
                .iter()
                .enumerate()
                .map(|(place, &(_, up))| if set >> place & 1 == 1 { 1.0 - up } else { up })
                .product();
            if chance > 0.0 {
                all.mix(chance, &self.flow(&self.journey.served.flow, (scales, &lost))?);
            }
        }
        all.merge()
    }

    fn flow(&self, flow: &Flow, given: Given<'_>) -> Result<Table, NotExact> {
        match flow {
            Flow::Component(component) => Ok(self.component(*component, given)),
            Flow::Least(parts) => {
                let mut met: Vec<u32> = Vec::new();
                let mut least = Table::certain(f64::INFINITY);
                for part in parts {
                    // A component that is needed twice limits once.
                    if let Flow::Component(component) = part {
                        if met.contains(component) {
                            continue;
                        }
                        met.push(*component);
                    }
                    least = least.least(&self.flow(part, given)?)?;
                }
                Ok(least)
            }
            Flow::Sum(branches) => {
                let mut sum = Table::certain(0.0);
                for (_, part) in branches {
                    sum = sum.plus(&self.flow(part, given)?)?;
                }
                Ok(sum)
            }
        }
    }

    /// Units that serve, group by group; a group that is down lends nothing.
    fn component(&self, component: u32, (scales, lost): Given<'_>) -> Table {
        let need = match self.system.spec.components[component as usize].redundancy {
            Redundancy::KOfN { need } => need as usize,
            _ => 1,
        };
        let (up, scale) = (self.up[&component], scales[&component]);
        let of = &self.system.components[component as usize];
        let mut counts = vec![1.0];
        for group in &self.system.groups[of.groups.start as usize..of.groups.end as usize] {
            let alive = |unit: &&u32| !self.system.units.ancestors[**unit as usize].iter().any(|&domain| lost(domain));
            let is_spot = |unit: &&u32| self.is_spot(component, **unit);
            let alive = || group.units.iter().filter(alive);
            let spot = alive().filter(is_spot).count();
            let filled = self.spot.get(&component).copied().unwrap_or(1.0);
            let steady = binomial(alive().count() - spot, up);
            let mut group_counts = convolve(&steady, &binomial(spot, up * filled));
            if group_counts.len() <= need {
                group_counts = vec![1.0];
            } else {
                let short: f64 = group_counts[..need].iter().sum();
                group_counts[..need].fill(0.0);
                group_counts[0] = short;
            }
            counts = convolve(&counts, &group_counts);
        }
        let capacity = |units: usize| if units == 0 { 0.0 } else { units as f64 * scale };
        let atoms = counts.into_iter().enumerate().map(|(units, chance)| (capacity(units), chance));
        Table::of(atoms.filter(|atom| atom.1 > 0.0))
    }

    fn is_spot(&self, component: u32, unit: u32) -> bool {
        let of = self.system.spots.iter().find(|spot| spot.component == component);
        of.is_some_and(|of| of.units.binary_search_by_key(&unit, |spot| spot.unit).is_ok())
    }
}

/// P(k of n are up), k = 0..=n.
fn binomial(n: usize, up: f64) -> Vec<f64> {
    let mut counts = vec![1.0];
    for _ in 0..n {
        counts = convolve(&counts, &[1.0 - up, up]);
    }
    counts
}

fn convolve(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; a.len() + b.len() - 1];
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            sum[i + j] += x * y;
        }
    }
    sum
}

/// The components of a flow; refuses one that stands on several branches of a sum, or beside one.
pub(super) fn gather(flow: &Flow, all: &mut Vec<u32>, here: &mut Vec<u32>) -> Result<(), NotExact> {
    match flow {
        Flow::Component(component) => {
            if !here.contains(component) {
                if all.contains(component) {
                    return Err(NotExact::NotStructural);
                }
                all.push(*component);
                here.push(*component);
            }
        }
        Flow::Least(parts) => {
            for part in parts {
                match part {
                    Flow::Sum(_) => gather(part, all, &mut Vec::new())?,
                    _ => gather(part, all, here)?,
                }
            }
        }
        Flow::Sum(branches) => {
            for (_, part) in branches {
                gather(part, all, &mut Vec::new())?;
            }
        }
    }
    Ok(())
}
