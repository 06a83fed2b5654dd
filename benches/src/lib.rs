//! Workloads that the benchmarks and campaigns share: systems for the engine, small models on its kernel, and the closed
//! forms they are held to.

pub mod closed_form;
pub mod crews;
pub mod draws;
pub mod mmc;
pub mod mmc_lanes;
pub mod scale;

use ninefold_models::lifetime::Law;
use ninefold_models::system::{
    Clock, ComponentSpec, Effect, JourneySpec, ModeSpec, Path, Redundancy, Repair, Side, SystemSpec, UnitSpec, UpRule,
};
use ninefold_models::units::Hours;
use ninefold_sim_core::simd::Level;

/// Puts the instruction set that `NINEFOLD_SIMD` names in force, if it names one.
///
/// # Panics
/// If there is no such set, or this machine has not got it.
pub fn simd_from_environment() {
    if let Ok(name) = std::env::var("NINEFOLD_SIMD") {
        let set = Level::from_name(&name).map(Level::set);
        assert!(matches!(set, Ok(Ok(()))), "`NINEFOLD_SIMD={name}` cannot be had here: {set:?}");
    }
}

/// A journey `use` through all of `components`.
pub fn series(components: Vec<ComponentSpec>) -> SystemSpec {
    let leaf = |c: &ComponentSpec| Path::Component { name: c.name.clone(), side: Side::Both };
    let path = Path::All(components.iter().map(leaf).collect());
    let journey = JourneySpec { name: "use".into(), path, demand: None, rule: UpRule::default() };
    SystemSpec { name: "workload".into(), components, journeys: vec![journey], ..SystemSpec::default() }
}

/// `units` replicas with one failure mode under `redundancy`.
pub fn component(name: &str, units: usize, redundancy: Redundancy, (life, repair): (Law, Law)) -> ComponentSpec {
    let crash = ModeSpec {
        name: "crash".into(),
        time_to_failure: life,
        repair: Repair::Takes(repair),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    };
    ComponentSpec {
        name: name.into(),
        units: (1..=units).map(|i| UnitSpec { name: format!("{name}/{i}"), domain: None }).collect(),
        redundancy,
        per: None,
        modes: vec![crash],
        capacity_per_unit: None,
    }
}

/// The k-of-n workload: ten groups of 100 in series, each up iff at least 99 are; exponential life of mean 8760 h,
/// lognormal repair of mean 4 h and sigma 1, ten years. Exact availability 0.990036; about 20,040 transitions.
pub fn k_of_n() -> SystemSpec {
    let life = Law::exponential(Hours::new(8760.0)).expect("bug: a good law");
    let repair = Law::lognormal_mean_sigma(Hours::new(4.0), 1.0).expect("bug: a good law");
    let group =
        |i| component(&format!("group-{i}"), 100, Redundancy::KOfN { need: 99 }, (life.clone(), repair.clone()));
    let mut spec = series((0..10).map(group).collect());
    spec.time.horizon = Hours::new(87_600.0);
    spec
}
