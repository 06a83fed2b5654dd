//! Systems of any size, to see how cost grows: groups of ten, at least eight needed, all in one journey.

use std::fmt;

use ninefold_models::lifetime::Law;
use ninefold_models::system::{ComponentSpec, Redundancy, Standby, StandbyMode, System, SystemSpec};
use ninefold_models::units::Hours;

use crate::{component, series};

/// Units of a group.
const GROUP: usize = 10;

/// A system and how it is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Units in all.
    pub components: usize,
    /// Horizon, years of 8760 h.
    pub years: u32,
    /// Replications.
    pub replications: u64,
    /// Share of the groups that are cold standby pairs of islands, which go by events.
    pub coupled_percent: u32,
    /// Threads.
    pub threads: usize,
}

/// The shape that the others differ from in one thing.
const MIDDLE: Shape = Shape { components: 1000, years: 10, replications: 1000, coupled_percent: 0, threads: 1 };

impl Shape {
    /// What is varied, and every shape.
    pub fn series() -> Vec<(&'static str, Self)> {
        let mut all = Vec::new();
        // Work is kept alike, so that each row takes seconds.
        for (components, replications) in [(100, 10_000), (1000, 1000), (10_000, 100), (100_000, 64), (1_000_000, 2)] {
            all.push(("components", Self { components, replications, ..MIDDLE }));
        }
        all.push(("scale", Self { components: 100_000, threads: 2, ..MIDDLE }));
        for (years, replications) in [(1, 10_000), (10, 1000), (100, 100)] {
            all.push(("horizon", Self { years, replications, ..MIDDLE }));
        }
        for replications in [100, 1000, 10_000] {
            all.push(("replications", Self { replications, ..MIDDLE }));
        }
        for coupled_percent in [0, 1, 5, 10, 20] {
            all.push(("coupled", Self { coupled_percent, ..MIDDLE }));
        }
        for threads in [1, 2] {
            all.push(("threads", Self { threads, replications: 4000, ..MIDDLE }));
        }
        all
    }

    /// Reads what [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        let numbers: Vec<u64> = text.split(',').map(|word| word.parse().ok()).collect::<Option<_>>()?;
        let [components, years, replications, coupled_percent, threads] = numbers[..] else { return None };
        Some(Self {
            components: components as usize,
            years: years as u32,
            replications,
            coupled_percent: coupled_percent as u32,
            threads: threads as usize,
        })
    }

    /// The system. Every hundredth of the groups is or is not coupled, evenly spread.
    pub fn spec(&self) -> SystemSpec {
        let group = |i: usize| {
            let coupled = (i * 37 % 100) < self.coupled_percent as usize;
            one_group(&format!("group-{i}"), coupled)
        };
        let mut spec = series((0..self.components / GROUP).map(group).collect());
        spec.time.horizon = Hours::new(f64::from(self.years) * 8760.0);
        spec
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { components, years, replications, coupled_percent, threads } = self;
        write!(f, "{components},{years},{replications},{coupled_percent},{threads}")
    }
}

fn one_group(name: &str, coupled: bool) -> ComponentSpec {
    let hours = |law: Result<Law, _>| law.expect("bug: a good law");
    let laws = (hours(Law::exponential(Hours::new(8760.0))), hours(Law::lognormal_mean_sigma(Hours::new(4.0), 1.0)));
    let standby = Standby {
        mode: StandbyMode::Cold,
        active: 8,
        need: 8,
        switch_takes: hours(Law::constant(Hours::new(0.01))),
        switch_success: 0.99,
        manual_switch: Some(hours(Law::constant(Hours::new(0.5)))),
        repair_starts: ninefold_models::system::RepairStarts::AtOnce,
    };
    let redundancy = if coupled { Redundancy::Standby(standby) } else { Redundancy::KOfN { need: 8 } };
    component(name, GROUP, redundancy, laws)
}

/// Ups and downs of a replication, by the means of the laws.
pub fn transitions_a_replication(system: &System) -> f64 {
    ninefold_models::timeline::outline(system).rows.iter().map(|row| row.transitions).sum()
}

/// Most memory this process has held at once, MiB; 0 where the system does not tell.
pub fn peak_memory_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_read_as_written() {
        for (_, shape) in Shape::series() {
            assert_eq!(Shape::parse(&shape.to_string()), Some(shape));
        }
        assert_eq!(Shape::parse("1,2,x"), None);
    }

    #[test]
    fn coupled_groups_are_that_many() {
        let spec = Shape { coupled_percent: 10, ..MIDDLE }.spec();
        let coupled = spec.components.iter().filter(|c| matches!(c.redundancy, Redundancy::Standby(_))).count();
        assert_eq!((spec.components.len(), coupled), (100, 10));
    }
}
