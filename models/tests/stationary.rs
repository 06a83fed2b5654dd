//! The stationary start: over any measured window, however short and early, the mean is the exact long-run value.
#![allow(clippy::unwrap_used)]

use ninefold_models::assess::{Unwatched, assess};
use ninefold_models::lifetime::Law;
use ninefold_models::plan::{Plan, Stopping};
use ninefold_models::results::{Measured, Results};
use ninefold_models::system::*;
use ninefold_models::units::Hours;

const REPLICATIONS: u64 = 2500;

fn h(hours: f64) -> Hours {
    Hours::new(hours)
}

/// One law of each kind, with a mean of about 10 h.
fn laws() -> Vec<Law> {
    let exponential = |mean| Law::exponential(h(mean)).unwrap();
    vec![
        Law::constant(h(10.0)).unwrap(),
        exponential(10.0),
        Law::weibull_mean(0.6, h(10.0)).unwrap(),
        Law::weibull_mean(4.0, h(10.0)).unwrap(),
        Law::lognormal_mean_sigma(h(10.0), 1.2).unwrap(),
        Law::gamma(0.5, h(10.0)).unwrap(),
        Law::erlang(4, h(10.0)).unwrap(),
        Law::pert(h(2.0), h(8.0), h(30.0)).unwrap(),
        Law::triangular(h(1.0), h(4.0), h(25.0)).unwrap(),
        Law::uniform(h(5.0), h(15.0)).unwrap(),
        Law::normal(h(10.0), h(4.0)).unwrap(),
        Law::hyperexponential(vec![(0.9, h(5.0)), (0.1, h(55.0))]).unwrap(),
        Law::piecewise_hazard(vec![(h(0.0), 0.3), (h(2.0), 0.02), (h(30.0), 0.5)]).unwrap(),
        Law::mixture(vec![(0.5, exponential(4.0)), (0.5, Law::constant(h(16.0)).unwrap())]).unwrap(),
        Law::pareto(3.0, h(6.5)).unwrap(),
        Law::geometric(h(10.0), h(2.0)).unwrap(),
        Law::empirical([1.0, 4.0, 4.0, 11.0, 30.0].map(h).to_vec()).unwrap(),
    ]
}

fn mode(name: &str, life: &Law, repair: &Law) -> ModeSpec {
    ModeSpec {
        name: name.into(),
        time_to_failure: life.clone(),
        repair: Repair::Takes(repair.clone()),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    }
}

fn component(name: &str, units: usize, redundancy: Redundancy, modes: Vec<ModeSpec>) -> ComponentSpec {
    let unit = |i| UnitSpec { name: format!("{name}/{i}"), domain: None };
    let units = (1..=units).map(unit).collect();
    ComponentSpec { name: name.into(), units, redundancy, per: None, modes, capacity_per_unit: None }
}

fn stationary(components: Vec<ComponentSpec>, (warmup_h, horizon_h): (f64, f64)) -> SystemSpec {
    let time = TimeSpec {
        horizon: h(horizon_h),
        warmup: h(warmup_h),
        report_at: vec![h(warmup_h)],
        start: Start::Stationary,
        ..TimeSpec::default()
    };
    SystemSpec { name: "test".into(), components, time, ..SystemSpec::default() }
}

fn run(spec: SystemSpec) -> Results {
    let system = System::build(spec).unwrap();
    assess(&system, &Plan { stopping: Stopping::Fixed(REPLICATIONS), ..Plan::default() }, &Unwatched).unwrap()
}

fn measure<'a>(results: &'a Results, entity: &str, measure: &str) -> &'a Measured {
    results.measures.iter().find(|m| m.entity == entity && m.measure == measure && m.quantile.is_none()).unwrap()
}

/// Within four standard errors of its exact value, and those below `cap` of it.
fn exact(measured: &Measured, what: &str, cap: f64) -> f64 {
    let (estimate, error) = (measured.estimate.value, measured.estimate.standard_error);
    let value = measured.exact.unwrap();
    let name = measured.measure;
    assert!((estimate - value).abs() <= 4.0 * error, "{name} of {what}: {estimate} ± {error}, exactly {value}");
    assert!(error <= cap * value, "{name} of {what}: standard error {error} above {cap} of {value}");
    value
}

#[test]
fn every_law_keeps_its_long_run_in_every_window() {
    for (window, cap) in [((0.0, 0.01), 0.05), ((0.0, 3.0), 0.05), ((17.0, 18.0), 0.05), ((0.0, 40.0), 0.05)] {
        for (i, law) in laws().iter().enumerate() {
            let components = vec![
                component("fails", 1, Redundancy::None, vec![mode("m", law, &laws()[(i + 5) % 17])]),
                component("mended", 1, Redundancy::None, vec![mode("m", &laws()[(i + 8) % 17], law)]),
            ];
            let results = run(stationary(components, window));
            for entity in ["components.fails", "components.mended"] {
                let what = format!("{} over {window:?}", law.name());
                let u = exact(measure(&results, entity, "unavailability"), &what, cap);
                let at = measure(&results, entity, "availability_at");
                assert!((at.exact.unwrap() - (1.0 - u)).abs() < 1e-12);
                exact(at, &what, cap);
                if window.1 - window.0 >= 1.0 {
                    exact(measure(&results, entity, "failure_rate"), &what, 0.12);
                }
            }
        }
    }
}

#[test]
fn competing_modes_and_calendar_clocks_keep_theirs() {
    let law = laws();
    let calendar = |mode: ModeSpec| ModeSpec { clock: Clock::Calendar, ..mode };
    let several = vec![mode("a", &law[2], &law[9]), mode("b", &law[0], &law[4]), mode("c", &law[3], &law[5])];
    let of_calendar: Vec<ModeSpec> = several.iter().cloned().map(calendar).collect();
    for window in [(0.0, 0.01), (0.0, 9.0), (30.0, 31.0), (2.0, 60.0)] {
        let components = vec![
            component("operating", 1, Redundancy::None, several.clone()),
            component("calendar", 1, Redundancy::None, of_calendar.clone()),
            component("two-of-three", 3, Redundancy::KOfN { need: 2 }, several[..2].to_vec()),
        ];
        let results = run(stationary(components, window));
        for entity in ["components.operating", "components.calendar", "components.two-of-three"] {
            let what = format!("{entity} over {window:?}");
            exact(measure(&results, entity, "unavailability"), &what, 0.04);
            if window.1 - window.0 >= 1.0 {
                exact(measure(&results, entity, "failure_rate"), &what, 0.12);
            }
        }
    }
}

#[test]
fn schedules_have_random_phases_and_hot_pairs_that_switch_at_once_are_a_threshold() {
    let (life, repair) = (Law::constant(h(30.0)).unwrap(), Law::constant(h(10.0)).unwrap());
    let schedule = || vec![mode("m", &life, &repair)];
    let hot = |takes_h: f64, switch_success| {
        Redundancy::Standby(Standby {
            mode: StandbyMode::Hot,
            active: 1,
            need: 1,
            switch_takes: Law::constant(h(takes_h)).unwrap(),
            switch_success,
            manual_switch: None,
            repair_starts: ninefold_models::system::RepairStarts::AtOnce,
        })
    };
    for window in [(0.0, 1.0), (5.0, 100.0)] {
        let components = vec![
            component("parallel", 2, Redundancy::None, schedule()),
            component("pair", 2, hot(0.0, 1.0), schedule()),
        ];
        let mut spec = stationary(components, window);
        spec.domains = vec![DomainSpec { name: "zone".into(), level: None, parent: None, modes: schedule() }];
        spec.components.push(component("inside", 1, Redundancy::None, schedule()));
        spec.components[2].units[0].domain = Some("zone".into());
        let results = run(spec);
        for (entity, value) in
            [("components.parallel", 0.0625), ("components.pair", 0.0625), ("components.inside", 1.0 - 0.5625)]
        {
            let found = exact(measure(&results, entity, "unavailability"), entity, 0.09);
            assert!((found - value).abs() < 1e-12, "{entity}: {found}");
        }
    }
    for (takes_h, success) in [(0.1, 1.0), (0.0, 0.9)] {
        let refused =
            System::build(stationary(vec![component("pair", 2, hot(takes_h, success), schedule())], (0.0, 1.0)));
        assert!(matches!(refused, Err(SystemError::NoEquilibrium(_))), "{refused:?}");
    }
}

#[test]
fn what_has_no_long_run_is_refused_with_its_reason() {
    let law = &laws()[1];
    let plain = || mode("m", law, law);
    let pareto = Law::pareto(0.9, h(1.0)).unwrap();
    let degrade = Effect::Degraded { capacity: 0.5, errors: 0.0 };
    let calendar = ModeSpec { clock: Clock::Calendar, ..mode("other", law, law) };
    let cases = [
        (vec![ModeSpec { repair: Repair::Never, ..plain() }], "never repaired"),
        (vec![ModeSpec { clock: Clock::Service, ..plain() }], "stands still with the service"),
        (vec![mode("m", &pareto, law)], "time to failure has no finite mean"),
        (vec![mode("m", law, &pareto)], "repair has no finite mean"),
        (vec![mode("m", &Law::constant(h(0.0)).unwrap(), law)], "always zero"),
        (vec![plain(), calendar], "stands still while another mode"),
        (vec![plain(), ModeSpec { effect: degrade, ..mode("other", law, law) }], "stands still while another mode"),
    ];
    for (modes, reason) in cases {
        let built = System::build(stationary(vec![component("a", 1, Redundancy::None, modes)], (0.0, 1.0)));
        let message = built.unwrap_err().to_string();
        assert!(message.contains(reason), "{message}, not {reason}");
    }
}
