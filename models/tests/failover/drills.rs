use ninefold_models::results::Results;
use ninefold_models::system::{Canary, PlanTest, TestMethod};
use ninefold_models::units::Hours;

use crate::system::{close, constant, measure, plan, run, spec, step, test};

const ENTITY: &str = "failovers.db-failover";

/// A pair that hardly ever fails, whose plan of half an hour is tested.
fn tested(test: PlanTest, replications: u64) -> Results {
    let mut declared = plan();
    declared.stages[0][0] = step("promote", constant(0.5));
    declared.test = Some(test);
    let mut spec = spec(None, (1e9, 1.0));
    spec.failover(declared);
    spec.journeys[0].demand = Some(2.0.into());
    run(spec, replications)
}

fn canary() -> TestMethod {
    TestMethod::Canary(Canary { share: 0.05, takes: Hours::new(0.2) })
}

/// A test costs a user what it takes from what is served: nothing, a share of it for a while, or all while the steps are
/// under way.
#[test]
fn a_test_costs_what_it_exposes() {
    let cost = |method| {
        let results = tested(test(method, 0.0), 4);
        let found = results.measures.iter().find(|m| m.entity == ENTITY && m.measure == "test_cost");
        let hurt = results.measures.iter().find(|m| m.entity == ENTITY && m.measure == "test_users_hurt");
        let unserved = measure(&results, "journeys.use", "unserved_ratio").estimate.value;
        (found.map(|m| m.estimate.value), hurt.map(|m| m.estimate.value), unserved)
    };
    assert_eq!(cost(TestMethod::Shadow), (None, None, 0.0));
    let near = |found: Option<f64>, expected: f64| assert!((found.unwrap() / expected - 1.0).abs() < 1e-6, "{found:?}");
    // The test at the end of the warm-up and those until the horizon, 39 of which are over.
    let (minutes, requests, unserved) = cost(canary());
    near(minutes, 0.05 * 12.0);
    near(requests, 0.05 * 0.2 * 3600.0 * 2.0);
    near(Some(unserved), 0.05 * 0.2 * 38.0 / 19_000.0);
    let (minutes, requests, _) = cost(TestMethod::Full);
    near(minutes, 30.0);
    near(requests, 3600.0);
}

/// Each test of a plan that decays fails with 1 − e^(−λT); Beta(a + passed, b + failed) has the mean (a + n p) ÷ (a + b + n).
#[test]
fn what_is_believed_is_the_beta_posterior_of_the_tests() {
    for method in [TestMethod::Shadow, canary(), TestMethod::Full] {
        let results = tested(test(method, 0.0005), 400);
        let passes = libm::exp(-0.25);
        let years = 19_000.0 / 8760.0;
        // A full test at the horizon is not over.
        let tests = if method == TestMethod::Full { 38.0 } else { 39.0 };
        close(&results, (ENTITY, "tests_failed"), tests * (1.0 - passes) / years, 0.03);
        close(&results, (ENTITY, "success_believed"), (1.0 + tests * passes) / (2.0 + tests), 0.01);
        let claimed = measure(&results, ENTITY, "success_claimed").estimate.value;
        assert!(claimed < passes && claimed > 0.5, "{claimed}");
    }
}

/// A demand so long after a test meets a defect with 1 − e^(−λt), in the mean over each part of the interval.
#[test]
fn defects_are_met_by_the_time_since_the_last_test() {
    let mut declared = plan();
    declared.test = Some(PlanTest { coverage: 0.6, ..test(TestMethod::Shadow, 0.001) });
    let mut spec = spec(Some(declared), (50_000.0, 5.0));
    spec.time.horizon = Hours::new(13_000.0);
    spec.time.warmup = Hours::new(4000.0);
    let results = run(spec, 25_000);
    assert_eq!(results.failover_readiness.len(), 10);
    let (mut demands, mut defects) = (0, 0);
    for row in &results.failover_readiness {
        let defect = row.defect.unwrap();
        assert!(defect.standard_error < 0.1 * row.latent, "{row:?}");
        assert!((defect.value - row.latent).abs() < 4.5 * defect.standard_error, "{row:?}");
        (demands, defects) = (demands + row.demands, defects + row.defects);
    }
    let all = measure(&results, ENTITY, "defect_ratio");
    assert_eq!((all.seen, all.estimate.value), (demands, defects as f64 / demands as f64));
    let mean = test(TestMethod::Shadow, 0.001);
    let mean = PlanTest { coverage: 0.6, ..mean }.latent((Hours::ZERO, mean.every));
    close(&results, (ENTITY, "defect_ratio"), mean, 0.02);
}
