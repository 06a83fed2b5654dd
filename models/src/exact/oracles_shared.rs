//! Oracle tests of shared risks: known answers with and without repair.

use super::*;
use crate::lifetime::Law;
use crate::system::*;
use crate::units::Hours;

fn h(hours: f64) -> Hours {
    Hours::new(hours)
}

fn exponential(mean: f64) -> Law {
    Law::exponential(h(mean)).unwrap()
}

fn close(value: f64, expected: f64, relative: f64) {
    assert!((value / expected - 1.0).abs() <= relative, "{value} is not {expected}");
}

fn group(name: &str, (need, units): (u32, usize), (rate, repair): (f64, Repair)) -> ComponentSpec {
    let crash = ModeSpec {
        name: "crash".to_owned(),
        time_to_failure: exponential(1.0 / rate),
        repair,
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    };
    let unit = |i| UnitSpec { name: format!("{name}/{i}"), domain: None };
    ComponentSpec {
        name: name.to_owned(),
        units: (0..units).map(unit).collect(),
        redundancy: Redundancy::KOfN { need },
        per: None,
        modes: vec![crash],
        capacity_per_unit: None,
    }
}

fn sharing(components: Vec<ComponentSpec>, model: RiskModel, at: f64) -> SystemSpec {
    let entry = |c: &ComponentSpec| Path::Component { name: c.name.clone(), side: Side::Both };
    let path = Path::All(components.iter().map(entry).collect());
    let journeys = vec![JourneySpec { name: "use".to_owned(), path, demand: None, rule: UpRule::default() }];
    let time = TimeSpec { report_at: vec![h(at)], ..TimeSpec::default() };
    let members = components.iter().map(|component| component.name.clone()).collect();
    let mut spec = SystemSpec { components, journeys, time, ..SystemSpec::default() };
    spec.share(&[SharedRisk { name: "common".to_owned(), cause: None, members, model }]).unwrap();
    spec
}

fn value_of(spec: &SystemSpec, measure: &str, at: Option<f64>) -> f64 {
    let solutions = solve(&System::build(spec.clone()).unwrap());
    let answer = solutions.get("journeys.use", measure, at);
    answer.unwrap_or_else(|| panic!("no {measure}: {:?}", solutions.reason("journeys.use", measure))).0
}

/// Golden check G22: two of three, never repaired, with a beta factor of 5 %; and units that fail with 1e-3.
#[test]
fn a_beta_factor_without_repair() {
    let down = |need, units, beta: f64, rate: f64| {
        let model = RiskModel::Beta(beta);
        let spec = sharing(vec![group("group", (need, units), (rate, Repair::Never))], model, 1000.0);
        1.0 - value_of(&spec, "availability_at", Some(1000.0))
    };
    close(down(2, 3, 0.05, 1e-5), 7.662_43e-4, 1e-6);
    close(down(2, 3, 1e-12, 1e-5), 2.950_47e-4, 1e-6);
    let rate = 1e-3 / 1000.0;
    close(down(1, 2, 0.05, rate), 5.090e-5, 2e-4);
    close(down(1, 3, 0.05, rate), 5.000e-5, 2e-4);
    close(down(2, 3, 0.05, rate), 5.271e-5, 2e-4);
    close(down(1, 3, 1.0, rate), -libm::expm1(-1e-3), 1e-12);
}

/// Case r18, and two more by the same chain on the number of failed units, solved apart.
#[test]
fn a_beta_factor_with_repair() {
    let cases = [
        ((1, 2, 1e-4, 0.05, 0.05), 5.368_772_410_765_076e-5, 186_604.823_747_680_87),
        ((2, 4, 0.005, 0.1, 0.02), 0.000_997_949_271_703_805_9, 4_751.175_028_497_356),
    ];
    for ((need, units, rate, repairs, beta), unavailability, mttf) in cases {
        let repair = Repair::Takes(exponential(1.0 / repairs));
        let spec = sharing(vec![group("group", (need, units), (rate, repair))], RiskModel::Beta(beta), 1.0);
        close(value_of(&spec, "unavailability", None), unavailability, 1e-11);
        close(value_of(&spec, "mttf", None), mttf, 1e-11);
    }
}

/// Three units by Greek letters: every pair at λβ(1 - γ)/2, all at λβγ; summed over what can have happened.
#[test]
fn greek_letters_without_repair() {
    let (rate, beta, gamma, at) = (1e-3, 0.2, 0.3, 700.0);
    let rates = [
        rate * (1.0 - beta),
        rate * (1.0 - beta),
        rate * (1.0 - beta),
        rate * beta * (1.0 - gamma) / 2.0,
        rate * beta * (1.0 - gamma) / 2.0,
        rate * beta * (1.0 - gamma) / 2.0,
        rate * beta * gamma,
    ];
    let hits = [0b001, 0b010, 0b100, 0b011, 0b101, 0b110, 0b111];
    let mut down = 0.0;
    for happened in 0..1_u32 << rates.len() {
        let (mut failed, mut chance) = (0_u32, 1.0);
        for (place, (rate, hit)) in rates.iter().zip(hits).enumerate() {
            let so_far = -libm::expm1(-rate * at);
            let yes = happened >> place & 1 == 1;
            chance *= if yes { so_far } else { 1.0 - so_far };
            failed |= if yes { hit } else { 0 };
        }
        down += if failed.count_ones() >= 2 { chance } else { 0.0 };
    }
    let model = RiskModel::GreekLetters(vec![beta, gamma]);
    let spec = sharing(vec![group("group", (2, 3), (rate, Repair::Never))], model, at);
    close(1.0 - value_of(&spec, "availability_at", Some(at)), down, 1e-12);
    // One letter is a beta factor.
    let one = |model| sharing(vec![group("group", (2, 3), (rate, Repair::Never))], model, at);
    let (letter, factor) = (one(RiskModel::GreekLetters(vec![beta])), one(RiskModel::Beta(beta)));
    let value = |spec: &SystemSpec| value_of(spec, "availability_at", Some(at));
    close(value(&letter), value(&factor), 1e-13);
}

/// A pair under shocks that hit each with probability p: states by failed units, balanced by hand.
#[test]
fn shocks_that_hit_each_with_some_probability() {
    let (rate, repairs, shocks, p) = (0.002, 0.1, 0.001, 0.4);
    let (to_one, to_both) = (2.0 * rate + 2.0 * shocks * p * (1.0 - p), shocks * p * p);
    let next = rate + shocks * p;
    // π₀ (to_one + to_both) = μ π₁ and 2μ π₂ = next π₁ + to_both π₀.
    let one = (to_one + to_both) / repairs;
    let both = (next * one + to_both) / (2.0 * repairs);
    let expected = both / (1.0 + one + both);
    let repair = || Repair::Takes(exponential(1.0 / repairs));
    let own = |hits, repair| RiskModel::Own { time_to_shock: exponential(1.0 / shocks), hits, repair };
    let pair = || vec![group("group", (1, 2), (rate, repair()))];
    let spec = sharing(pair(), own(Hits::Each(p), None), 1.0);
    close(value_of(&spec, "unavailability", None), expected, 1e-11);
    // Two components of one unit each, both needed to fail, are the same pair.
    let mut apart = sharing(
        vec![group("a", (1, 1), (rate, repair())), group("b", (1, 1), (rate, repair()))],
        own(Hits::Each(p), None),
        1.0,
    );
    let branch = |name: &str| Path::Component { name: name.to_owned(), side: Side::Both };
    apart.journeys[0].path = Path::KOf { need: 1, branches: vec![branch("a"), branch("b")] };
    close(value_of(&apart, "unavailability", None), expected, 1e-11);
    // Exactly one of the two, chosen evenly, is a rate of half the shocks more for each.
    let spec = sharing(pair(), own(Hits::Exactly(1), None), 1.0);
    let each = rate + shocks / 2.0;
    close(value_of(&spec, "unavailability", None), (each / (each + repairs)) * (each / (each + repairs)), 1e-11);
}

/// Until the first failure a shock that takes all down needs no memoryless repair.
#[test]
fn a_shock_that_takes_all_down_ends_the_first_up_time() {
    let repair = Repair::Takes(Law::lognormal_median_p95(h(10.0), h(80.0)).unwrap());
    let series = vec![group("a", (1, 1), (1e-3, repair.clone())), group("b", (1, 1), (2e-3, repair))];
    let hits = Hits::All;
    let model = RiskModel::Own { time_to_shock: exponential(5000.0), hits, repair: None };
    let spec = sharing(series, model, 100.0);
    close(value_of(&spec, "reliability_at", Some(100.0)), libm::exp(-100.0 * (3e-3 + 2e-4)), 1e-13);
    close(value_of(&spec, "mttf", None), 1.0 / 3.2e-3, 1e-10);
    let solutions = solve(&System::build(spec).unwrap());
    assert!(matches!(solutions.reason("journeys.use", "unavailability"), Some(NotExact::NoPhases(_))));
}

/// What no engine answers is refused by name, and never answered as if nothing were shared.
#[test]
fn bursts_and_standby_are_refused() {
    let repair = || Repair::Takes(exponential(10.0));
    let burst = Hits::Burst(Burst { sizes: vec![(2, 1.0)], window: h(0.1) });
    let model = RiskModel::Own { time_to_shock: exponential(500.0), hits: burst, repair: None };
    let spec = sharing(vec![group("group", (2, 3), (1e-3, repair()))], model, 1.0);
    let solutions = solve(&System::build(spec).unwrap());
    for measure in ["unavailability", "availability_at", "mttf", "failure_rate"] {
        let reason = solutions.reason("journeys.use", measure);
        assert!(matches!(reason, Some(NotExact::Burst(_))), "{measure}: {reason:?}");
    }
    let mut pair = group("pair", (1, 2), (1e-3, repair()));
    pair.redundancy = Redundancy::Standby(Standby {
        mode: StandbyMode::Cold,
        active: 1,
        need: 1,
        switch_takes: Law::constant(Hours::ZERO).unwrap(),
        switch_success: 1.0,
        manual_switch: None,
        repair_starts: RepairStarts::AtOnce,
    });
    let solutions = solve(&System::build(sharing(vec![pair], RiskModel::Beta(0.1), 1.0)).unwrap());
    let reason = solutions.reason("journeys.use", "unavailability");
    assert!(matches!(reason, Some(NotExact::Standby(_))), "{reason:?}");
}

/// Case r09 and its long run: channels whose failures are hidden until a yearly test, alone and with a shared tenth.
#[test]
fn hidden_failures_between_proof_tests() {
    let tests = Tests { every: h(8760.0), first_at: h(8760.0), coverage: 1.0 };
    let repair = || Repair::Tested(TestedRepair { tests, takes: Law::constant(Hours::ZERO).unwrap() });
    let voted = |need, units, beta: f64| {
        let group = vec![group("group", (need, units), (2e-6, repair()))];
        let mut spec = sharing(group, RiskModel::Beta(beta.max(1e-12)), 8760.0);
        if beta == 0.0 {
            spec.shocks.clear();
            spec.components[0].modes.truncate(1);
        }
        spec
    };
    let cases = [
        ((1, 1, 0.0), 0.008_709_064_890_924_358),
        ((1, 2, 0.0), 0.000_100_983_280_986_590_15),
        ((2, 3, 0.0), 0.000_300_316_806_941_330_2),
        ((2, 2, 0.0), 0.017_317_146_500_862_128),
        ((1, 2, 0.1), 0.000_957_284_859_422_745_6),
    ];
    for ((need, units, beta), expected) in cases {
        let spec = voted(need, units, beta);
        close(1.0 - value_of(&spec, "interval_availability_at", Some(8760.0)), expected, 1e-9);
        // Every year is like the first.
        close(value_of(&spec, "unavailability", None), expected, 1e-11);
        let mut three = spec.clone();
        three.time.report_at = vec![h(3.0 * 8760.0)];
        three.time.horizon = h(3.0 * 8760.0);
        close(1.0 - value_of(&three, "interval_availability_at", Some(3.0 * 8760.0)), expected, 1e-9);
    }
}
