//! Right-sizing: from what was used, the cheapest instances of a catalogue that carry it.
//!
//! What is wanted follows the rules of Kubernetes' vertical autoscaler: a quantile of the records, which count half as much
//! for each half-life that they are older, and a margin. What must be carried besides is a quantile of the records as they
//! are, their peak if nothing else is said, with some of the instances lost.
//!
//! # Source
//! Kubernetes autoscaler, *Vertical Pod Autoscaler: recommender* (half-life 24 h, target p90, bounds p50 and p95, margin
//! 15 %). Oracle: `advice_is_that_of_an_exhaustive_search`.

use crate::units::HOURS_PER_YEAR;

/// Most instances of one type that are advised.
pub const INSTANCES_MAX: u32 = 100_000;

/// What was used at an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usage {
    /// Hours since any origin.
    pub at_h: f64,
    /// Cores, ≥ 0.
    pub cpu: f64,
    /// Memory, ≥ 0, in the catalogue's unit; 0 where it is not known.
    pub mem: f64,
}

/// A type of instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// Its name.
    pub name: String,
    /// Cores, > 0.
    pub cpu: f64,
    /// Memory, ≥ 0.
    pub mem: f64,
    /// Price of an hour, ≥ 0.
    pub price: f64,
}

/// By what is advised.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Headroom {
    /// Age in hours at which a record counts half, > 0.
    pub half_life_h: f64,
    /// Share added to the quantiles, ≥ 0.
    pub margin: f64,
    /// Quantile of the records, as they are, that is carried with instances lost, in (0, 1].
    pub carry: f64,
    /// Instances that may be lost, as by a failure domain.
    pub lose: u32,
}

impl Default for Headroom {
    fn default() -> Self {
        Self { half_life_h: 24.0, margin: 0.15, carry: 1.0, lose: 0 }
    }
}

/// What is wanted of a resource; the quantiles with the margin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    /// p50: less would be too little.
    pub lower: f64,
    /// p90: what is advised.
    pub target: f64,
    /// p95: more would be too much.
    pub upper: f64,
    /// What is carried with instances lost; no margin.
    pub carried: f64,
}

/// So many instances of a type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fleet {
    /// Place of the type in the catalogue.
    pub instance: usize,
    /// Instances.
    pub count: u32,
    /// Cost of a year of 8760 h.
    pub cost_per_year: f64,
    /// Share of the records in which more is used than there is.
    pub exceeded: f64,
    /// The same with as many lost as may be.
    pub exceeded_lost: f64,
    /// Share of the capacity that one instance is.
    pub step: f64,
}

/// What is advised of a component.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// Records.
    pub records: u64,
    /// Cores.
    pub cpu: Wanted,
    /// Memory.
    pub mem: Wanted,
    /// For each type that can carry it the least number, the cheapest first; of equals the one with most instances.
    pub fleets: Vec<Fleet>,
    /// What there is now, if that is known.
    pub current: Option<Fleet>,
}

/// Advice for a component from its records, at least one, each finite; `current` is a type and a number.
pub fn advise(records: &[Usage], catalogue: &[Instance], headroom: &Headroom, current: Option<(usize, u32)>) -> Advice {
    let cpu = wanted(records, |usage| usage.cpu, headroom);
    let mem = wanted(records, |usage| usage.mem, headroom);
    let fleet = |(instance, count): (usize, u32)| {
        let of = &catalogue[instance];
        let left = count.saturating_sub(headroom.lose);
        Fleet {
            instance,
            count,
            cost_per_year: f64::from(count) * of.price * HOURS_PER_YEAR,
            exceeded: exceeded(records, of, count),
            exceeded_lost: exceeded(records, of, left),
            step: 1.0 / f64::from(count.max(1)),
        }
    };
    let least = |instance: usize| {
        let of = &catalogue[instance];
        let enough = |wanted: f64, each: f64| if wanted > 0.0 { (wanted / each * (1.0 - 1e-12)).ceil() } else { 0.0 };
        let all = enough(cpu.target, of.cpu).max(enough(mem.target, of.mem));
        let lost = enough(cpu.carried, of.cpu).max(enough(mem.carried, of.mem)) + f64::from(headroom.lose);
        let count = all.max(lost).max(1.0);
        (count <= f64::from(INSTANCES_MAX)).then_some((instance, count as u32))
    };
    let mut fleets: Vec<Fleet> = (0..catalogue.len()).filter_map(least).map(fleet).collect();
    fleets.sort_by(|a, b| a.cost_per_year.total_cmp(&b.cost_per_year).then(b.count.cmp(&a.count)));
    Advice { records: records.len() as u64, cpu, mem, fleets, current: current.map(fleet) }
}

fn wanted(records: &[Usage], of: impl Fn(&Usage) -> f64, headroom: &Headroom) -> Wanted {
    let last = records.iter().map(|usage| usage.at_h).fold(f64::NEG_INFINITY, f64::max);
    let weight = |usage: &Usage| libm::exp2((usage.at_h - last) / headroom.half_life_h);
    let mut weighed: Vec<(f64, f64)> = records.iter().map(|usage| (of(usage), weight(usage))).collect();
    weighed.sort_by(|a, b| a.0.total_cmp(&b.0));
    let aged = |p: f64| (1.0 + headroom.margin) * quantile(&weighed, p);
    let (lower, target, upper) = (aged(0.5), aged(0.9), aged(0.95));
    weighed.iter_mut().for_each(|(_, weight)| *weight = 1.0);
    Wanted { lower, target, upper, carried: quantile(&weighed, headroom.carry) }
}

/// The least value of a sorted, weighed list at or below which a share `p` of the weight lies.
fn quantile(sorted: &[(f64, f64)], p: f64) -> f64 {
    let all: f64 = sorted.iter().map(|(_, weight)| weight).sum();
    let mut below = 0.0;
    for (value, weight) in sorted {
        below += weight;
        if below >= p * all * (1.0 - 1e-12) {
            return *value;
        }
    }
    sorted.last().map_or(0.0, |(value, _)| *value)
}

fn exceeded(records: &[Usage], of: &Instance, count: u32) -> f64 {
    let (cpu, mem) = (of.cpu * f64::from(count), of.mem * f64::from(count));
    let above = |usage: &&Usage| usage.cpu > cpu * (1.0 + 1e-12) || usage.mem > mem * (1.0 + 1e-12);
    records.iter().filter(above).count() as f64 / records.len() as f64
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn usage(at_h: f64, cpu: f64, mem: f64) -> Usage {
        Usage { at_h, cpu, mem }
    }

    #[test]
    fn records_of_a_day_ago_count_half() {
        // Ten records of 10 cores now and ten of 1 core a day ago: two thirds of the weight are 10.
        let old = (0..10).map(|_| usage(0.0, 1.0, 0.0));
        let records: Vec<Usage> = old.chain((0..10).map(|_| usage(24.0, 10.0, 0.0))).collect();
        let at = |p: f64| {
            let weighed: Vec<(f64, f64)> =
                records.iter().map(|r| (r.cpu, libm::exp2((r.at_h - 24.0) / 24.0))).collect();
            quantile(&weighed, p)
        };
        assert_eq!((at(0.33), at(0.34)), (1.0, 10.0));
        let wanted = wanted(&records, |usage| usage.cpu, &Headroom::default());
        assert!((wanted.target - 11.5).abs() < 1e-12 && wanted.carried == 10.0);
    }

    #[test]
    fn with_an_instance_lost_the_peak_is_still_carried() {
        let records = [usage(0.0, 4.0, 1.0), usage(1.0, 7.0, 2.0), usage(2.0, 6.0, 1.0)];
        let big = Instance { name: "big".into(), cpu: 8.0, mem: 32.0, price: 0.4 };
        let small = Instance { name: "small".into(), cpu: 2.0, mem: 8.0, price: 0.11 };
        let headroom = Headroom { lose: 1, ..Headroom::default() };
        let advice = advise(&records, &[big, small], &headroom, Some((0, 1)));
        // Two of the big ones, or five of the small: fewer and bigger costs more, and loses more with one.
        let found: Vec<(usize, u32)> = advice.fleets.iter().map(|f| (f.instance, f.count)).collect();
        assert_eq!(found, [(1, 5), (0, 2)]);
        assert!(advice.fleets[1].step > advice.fleets[0].step);
        assert_eq!((advice.fleets[0].exceeded_lost, advice.current.unwrap().exceeded_lost), (0.0, 1.0));
    }

    proptest! {
        #[test]
        fn advice_is_that_of_an_exhaustive_search(
            records in prop::collection::vec((0.0..100.0_f64, 0.0..40.0_f64, 0.0..90.0_f64), 1..30),
            types in prop::collection::vec((1.0..32.0_f64, 1.0..64.0_f64, 0.01..2.0_f64), 1..5),
            lose in 0u32..3, carry in 0.5..1.0_f64,
        ) {
            let records: Vec<Usage> = records.into_iter().map(|(at, cpu, mem)| usage(at, cpu, mem)).collect();
            let catalogue: Vec<Instance> = types.into_iter().map(|(cpu, mem, price)| Instance { name: String::new(), cpu, mem, price }).collect();
            let headroom = Headroom { lose, carry, ..Headroom::default() };
            let advice = advise(&records, &catalogue, &headroom, None);
            let fits = |of: &Instance, count: u32| {
                let (all, left) = (f64::from(count) + 1e-9, f64::from(count.saturating_sub(lose)) + 1e-9);
                of.cpu * all >= advice.cpu.target && of.mem * all >= advice.mem.target
                    && of.cpu * left >= advice.cpu.carried && of.mem * left >= advice.mem.carried
            };
            let costs = catalogue.iter().flat_map(|of| (1..400).filter(|&count| fits(of, count)).map(move |count| f64::from(count) * of.price * HOURS_PER_YEAR));
            let least = costs.fold(f64::INFINITY, f64::min);
            let best = advice.fleets[0];
            prop_assert!((best.cost_per_year - least).abs() <= 1e-9 * least, "{:?} against {}", best, least);
            prop_assert!(fits(&catalogue[best.instance], best.count));
            // Of the records at most the share that need not be carried is above what is left, of each of the two resources.
            prop_assert!(best.exceeded <= best.exceeded_lost && best.exceeded_lost <= 2.0 * (1.0 - carry) + 1e-9);
        }
    }
}
