//! The two paths through a replication, by timelines and by events, leave the same trace to the tick, whatever the system.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use ninefold_models::forecast::{Backtest, Method, SamplePaths};
use ninefold_models::lifetime::Law;
use ninefold_models::replication::{Blocks, Sampling, World};
use ninefold_models::system::*;
use ninefold_models::units::Hours;
use proptest::prelude::*;

/// Laws that meet in one instant as well as laws that never do.
fn law() -> impl Strategy<Value = Law> {
    let hours = Hours::new;
    prop_oneof![
        (1u32..40).prop_map(move |h| Law::constant(hours(f64::from(h))).unwrap()),
        (1u32..20).prop_map(move |h| Law::geometric(hours(f64::from(4 * h)), hours(4.0)).unwrap()),
        (1.0..60.0).prop_map(move |h| Law::exponential(hours(h)).unwrap()),
        (0.4..3.0, 5.0..60.0).prop_map(move |(shape, h)| Law::weibull_mean(shape, hours(h)).unwrap()),
        (1.0..30.0, 0.3..2.0).prop_map(move |(h, sigma)| Law::lognormal_mean_sigma(hours(h), sigma).unwrap()),
    ]
}

fn mode(name: &'static str) -> impl Strategy<Value = ModeSpec> {
    let repair = prop_oneof![
        9 => law().prop_map(Repair::Takes),
        1 => Just(Repair::Never),
        1 => Just(Repair::Takes(Law::constant(Hours::ZERO).unwrap())),
    ];
    let effect = prop_oneof![3 => Just(Effect::Down), 1 => Just(Effect::Degraded { capacity: 0.4, errors: 0.1 })];
    let clock = prop_oneof![6 => Just(Clock::Operating), 2 => Just(Clock::Calendar), 1 => Just(Clock::Service)];
    (law(), repair, effect, clock).prop_map(move |(time_to_failure, repair, effect, clock)| ModeSpec {
        name: name.into(),
        time_to_failure,
        repair,
        effect,
        clock,
        propagates: Vec::new(),
    })
}

/// Binds two components: their repairs wait for one crew, and failures of one take units of the other with them.
fn bind(spec: &mut SystemSpec, order: Order) {
    spec.teams = vec![TeamSpec::new("field", 1, order)];
    let to = spec.components.last().unwrap().name.clone();
    for component in spec.components.iter_mut().take(2) {
        for (priority, mode) in (1..).zip(&mut component.modes) {
            if let Repair::Takes(takes) = mode.repair.clone() {
                mode.repair = Repair::ByCrew(CrewRepair::new("field", takes, priority));
            }
        }
    }
    spec.components[0].modes[0].propagates = vec![Propagation { to, units: 2, probability: 0.5 }];
    for component in &mut spec.components {
        if let Redundancy::Standby(scheme) = &mut component.redundancy
            && scheme.manual_switch.is_some()
        {
            scheme.repair_starts = RepairStarts::AfterSwitch;
        }
    }
}

/// Shocks over the first component, some of whose own failures are then hidden; the others keep their paths.
fn share(spec: &mut SystemSpec, p: f64) {
    if matches!(spec.components[0].redundancy, Redundancy::Covered { .. }) {
        // The two are refused together.
        return;
    }
    let law = |hours| Law::constant(Hours::new(hours)).unwrap();
    let tests = Tests { every: Hours::new(50.0), first_at: Hours::new(20.0), coverage: 0.7 };
    for mode in &mut spec.components[0].modes {
        if let (Repair::Takes(takes), true) = (mode.repair.clone(), p > 0.5) {
            mode.repair = Repair::Tested(TestedRepair { tests, takes });
        }
    }
    let (time_to_shock, repair) = (law(70.0), Some(Repair::Takes(law(3.0))));
    let model = RiskModel::Own { time_to_shock, hits: Hits::Each(p), repair };
    let members = vec![spec.components[0].name.clone()];
    spec.share(&[SharedRisk { name: "rack".into(), cause: None, members, model }]).unwrap();
}

/// Repairs of the second component leave it older than new, or a restart mends what only degrades it.
fn wear(spec: &mut SystemSpec, q: f64) {
    let Some(component) = spec.components.get_mut(1) else { return };
    let restarts = component.modes.iter().any(|mode| mode.effect == Effect::Down && mode.repair.law().is_some());
    for mode in &mut component.modes {
        let Repair::Takes(takes) = mode.repair.clone() else { continue };
        if mode.effect != Effect::Down && restarts {
            mode.repair = Repair::ByRestart;
        } else if mode.time_to_failure.has_hazard() {
            mode.repair = Repair::Imperfect(ImperfectRepair { takes, leaves: Quality::KijimaII(q) });
        }
    }
}

/// Units of every component that may share a load age faster the fewer of them are up.
fn burden(spec: &mut SystemSpec, hazard: f64) {
    let may = |c: &&ComponentSpec| !matches!(c.redundancy, Redundancy::Standby(_) | Redundancy::Covered { .. });
    let shared = |component: &ComponentSpec| LoadSharingSpec {
        component: component.name.clone(),
        hazards: (1..=component.units.len() as u32)
            .map(|units_up| SharedHazard { units_up, hazard: hazard / f64::from(units_up) })
            .collect(),
    };
    spec.load_sharings = spec.components.iter().filter(may).take(2).map(shared).collect();
}

/// Dormant units of every standby scheme in which some wait may fail when they are called.
fn call(spec: &mut SystemSpec, probability: f64) {
    for component in &mut spec.components {
        let Redundancy::Standby(scheme) = &component.redundancy else { continue };
        if scheme.active as usize >= component.units.len() {
            continue;
        }
        component.modes.push(ModeSpec {
            name: "no-start".into(),
            time_to_failure: Law::exponential(Hours::new(1.0)).unwrap(),
            repair: Repair::Takes(Law::constant(Hours::new(4.0)).unwrap()),
            effect: Effect::Down,
            clock: Clock::Called,
            propagates: Vec::new(),
        });
        let (component, mode) = (component.name.clone(), "no-start".into());
        spec.on_demands.push(OnDemandSpec { component, mode, probability });
    }
}

/// Health checks of every component that may have one.
fn probe(spec: &mut SystemSpec, (false_positive, false_negative, deep, fail_open_below): (f64, f64, bool, f64)) {
    let may = |c: &&ComponentSpec| matches!(c.redundancy, Redundancy::None | Redundancy::KOfN { .. });
    let check = |component: &ComponentSpec| HealthCheckSpec {
        component: component.name.clone(),
        probes: ProbeSpec {
            interval: Hours::new(1.5),
            timeout: Hours::new(0.5),
            unhealthy_after: 3,
            healthy_after: 2,
            false_positive,
            false_negative,
        },
        depth: if deep { Depth::Deep } else { Depth::Shallow },
        fail_open_below,
    };
    spec.health_checks = spec.components.iter().filter(may).map(check).collect();
    let Some(last) = spec.components.iter().rfind(may).filter(|_| deep) else { return };
    let visibility = |(place, mode): (usize, &ModeSpec)| VisibilitySpec {
        component: last.name.clone(),
        mode: mode.name.clone(),
        seen: (mode.effect == Effect::Down) == (place % 2 == 1),
    };
    spec.visibilities = last.modes.iter().enumerate().map(visibility).collect();
}

fn modes() -> impl Strategy<Value = Vec<ModeSpec>> {
    (mode("crash"), mode("wear"), mode("slow"), 0usize..6).prop_map(|(a, b, c, count)| match count {
        0..=3 => vec![a],
        4 => vec![a, b],
        _ => vec![a, b, c],
    })
}

fn redundancy() -> impl Strategy<Value = Redundancy> {
    let mode = prop_oneof![Just(StandbyMode::Hot), Just(StandbyMode::Cold), Just(StandbyMode::Warm { dormancy: 0.3 })];
    let standby = (mode, law(), 0.5..1.0, prop::option::of(law())).prop_map(|(mode, takes, success, manual)| {
        Redundancy::Standby(Standby {
            mode,
            active: 1,
            need: 1,
            switch_takes: takes,
            switch_success: success,
            manual_switch: manual,
            repair_starts: ninefold_models::system::RepairStarts::AtOnce,
        })
    });
    let meanwhile = prop_oneof![Just(Meanwhile::Frozen), Just(Meanwhile::Running)];
    let covered =
        (1u32..5, 0.0..1.0, law(), law(), meanwhile).prop_map(|(need, success, covered, uncovered, meanwhile)| {
            Redundancy::Covered { need, coverage: Coverage { success, covered, uncovered, meanwhile } }
        });
    prop_oneof![
        1 => covered,
        2 => Just(Redundancy::None),
        4 => (1u32..5).prop_map(|need| Redundancy::KOfN { need }),
        2 => (1u32..5, 1u32..5).prop_map(|(write, read)| Redundancy::Quorum { write, read }),
        2 => standby,
    ]
}

fn component(i: usize) -> impl Strategy<Value = ComponentSpec> {
    let capacity = prop::option::weighted(0.2, Just(10.0));
    (redundancy(), modes(), 1usize..8, 0usize..5, any::<bool>(), capacity).prop_map(
        move |(redundancy, modes, replicas, place, per, capacity)| {
            let replicas = replicas.max(match redundancy {
                Redundancy::None => 1,
                Redundancy::KOfN { need } | Redundancy::Covered { need, .. } => need as usize,
                Redundancy::Quorum { write, read } => write.max(read) as usize,
                Redundancy::Standby(_) => 2,
            });
            let per = per && place == 4 && redundancy == Redundancy::None;
            let unit = |k: usize| UnitSpec {
                name: format!("c{i}/{k}"),
                domain: match place {
                    0 | 1 => None,
                    2 => Some("z0".into()),
                    _ => Some(format!("z{}", k % 3)),
                },
            };
            ComponentSpec {
                name: format!("c{i}"),
                units: (0..replicas).map(unit).collect(),
                redundancy,
                per: per.then(|| "zone".to_owned()),
                modes,
                capacity_per_unit: capacity.map(Into::into),
            }
        },
    )
}

fn domains() -> impl Strategy<Value = Vec<DomainSpec>> {
    let down = |mut mode: ModeSpec| {
        (mode.effect, mode.clock) = (Effect::Down, Clock::Operating);
        mode
    };
    let loss = move || prop::option::weighted(0.7, mode("loss").prop_map(down));
    [loss(), loss(), loss(), loss()].prop_map(|losses| {
        let name = |i: usize| if i == 3 { "region".to_owned() } else { format!("z{i}") };
        let domain = |(i, loss): (usize, Option<ModeSpec>)| DomainSpec {
            name: name(i),
            level: Some(if i == 3 { "region" } else { "zone" }.into()),
            parent: (i < 3).then(|| "region".to_owned()),
            modes: loss.into_iter().collect(),
        };
        losses.into_iter().enumerate().map(domain).collect()
    })
}

/// A demand that is constant, takes a course, or varies at random around one.
fn level() -> impl Strategy<Value = Level> {
    let noise =
        (0.1..1.0, 1.0..40.0).prop_map(|(cv, hours)| Noise { cv, correlation: Hours::new(hours), name: "all".into() });
    let paths = (prop::collection::vec(0.0..3.0, 200), 0.1..1.0, 1..9_usize).prop_map(
        |(points, error, block): (Vec<f64>, f64, usize)| {
            let errors = [-error, 0.0, error].map(|error| vec![error; 200]).to_vec();
            let backtest = Backtest { methods: vec![Method::Naive], forecasts: vec![points.clone(); 3], errors };
            let paths = Arc::new(SamplePaths::new((&points, "paths"), &backtest, block).unwrap());
            ForecastPaths { every: Hours::new(13.0), paths, name: "all".into() }
        },
    );
    let variation = prop_oneof![noise.prop_map(Variation::Noise), paths.prop_map(Variation::Paths)];
    let course = (prop::collection::vec(0.0..3.0, 1..6), prop::option::weighted(0.4, variation)).prop_map(
        |(factors, variation)| {
            let steps = factors.into_iter().enumerate().map(|(i, factor)| (Hours::new(i as f64 * 17.0), factor));
            Course { steps: steps.collect(), variation }
        },
    );
    (5.0..60.0, prop::option::of(course)).prop_map(|(rate, course)| Level { rate, course })
}

prop_compose! {
    fn system()(
        components in prop::collection::vec(any::<u8>(), 1..5)
            .prop_flat_map(|list| (0..list.len()).map(component).collect::<Vec<_>>()),
        domains in domains(),
        soft in any::<bool>(),
        demand in prop::option::of(level()),
        horizon in 50u32..2000,
        warmup in 0u32..40,
        any_of in any::<bool>(),
        shared in prop::option::weighted(0.3, 0.1..0.9),
        worn in prop::option::weighted(0.3, 0.0..1.0),
        burdened in prop::option::weighted(0.3, 0.5..4.0),
        called in prop::option::weighted(0.5, 0.0..1.0),
        probed in prop::option::weighted(0.3, (0.0..0.4, 0.0..0.4, any::<bool>(), 0.0..0.7)),
        order in prop::option::weighted(0.3, prop_oneof![
            Just(Order::FirstCome), Just(Order::Shared), Just(Order::Priority(Interrupt::Resume)),
            Just(Order::Priority(Interrupt::Restart)), Just(Order::Priority(Interrupt::None)),
        ]),
    ) -> SystemSpec {
        let leaf = |c: &ComponentSpec| Path::Component { name: c.name.clone(), side: Side::Both };
        let all: Vec<Path> = components.iter().map(leaf).collect();
        let journey = |name: &str, path| {
            JourneySpec { name: name.into(), path, demand: demand.clone(), rule: UpRule::default() }
        };
        let some = if any_of {
            Path::KOf { need: 1, branches: all.iter().map(|path| Path::All(vec![path.clone()])).collect() }
        } else {
            all[0].clone()
        };
        let dependency = |i: usize| DependencySpec {
            from: "c0".into(),
            to: format!("c{i}"),
            need: if soft { Need::Soft } else { Need::Hard },
            fallback_quality: Some(0.5),
        };
        let mut spec = SystemSpec {
            name: "random".into(),
            dependencies: (1..components.len().min(2)).map(dependency).collect(),
            journeys: vec![journey("all", Path::All(all)), journey("some", some)],
            components,
            domains,
            ..SystemSpec::default()
        };
        spec.time.horizon = Hours::new(f64::from(horizon));
        spec.time.warmup = Hours::new(f64::from(warmup));
        if let Some(p) = shared {
            share(&mut spec, p);
        }
        if let Some(q) = worn {
            wear(&mut spec, q);
        }
        if let Some(hazard) = burdened {
            burden(&mut spec, hazard);
        }
        if let Some(probability) = called {
            call(&mut spec, probability);
        }
        if let Some(errors) = probed {
            probe(&mut spec, errors);
        }
        if let Some(order) = order {
            bind(&mut spec, order);
        }
        spec
    }
}

/// Booked time by journey and cause.
fn booked(trace: &ninefold_models::replication::Trace) -> std::collections::BTreeMap<(u32, u32), i64> {
    let mut sums = std::collections::BTreeMap::new();
    for &(journey, cause, ticks) in trace.causes.iter().filter(|row| row.2 > 0) {
        *sums.entry((journey, cause)).or_default() += ticks;
    }
    sums
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn both_paths_leave_the_same_trace(
        mut spec in system(), seed in any::<u64>(), tile in 0usize..4, stationary in any::<bool>(), blocks in 0usize..3
    ) {
        spec.time.start = if stationary { Start::Stationary } else { Start::New };
        if !without_equilibrium(&spec).is_empty() {
            spec.time.start = Start::New;
        }
        let blocks = [Blocks::Independent, Blocks::Antithetic, Blocks::Stratified][blocks];
        let sampling = Sampling { seed, blocks };
        let mut system = System::build(spec).unwrap();
        let by_events = system.clone().by_events();
        system.paths.spells_a_tile = [1e9, 50.0, 3.0, 0.1][tile];
        let (mut timeline, mut events) = (World::new(&system), World::new(&by_events));
        for index in 0..3 {
            let (a, b) = (timeline.run(sampling, index).unwrap(), events.run(sampling, index).unwrap());
            prop_assert_eq!(&a.outages, &b.outages);
            prop_assert_eq!(&a.losses, &b.losses);
            prop_assert_eq!(booked(a), booked(b));
        }
    }
}
