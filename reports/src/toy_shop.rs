//! The toy system that all tests of this crate share: a two-tier shop over three zones, with plausible results.

use ninefold_models::about::{About, Assumption, Provenance, RecordDigest};
use ninefold_models::lifetime::Law;
use ninefold_models::plan::Plan;
use ninefold_models::results::*;
use ninefold_models::scaling::{Decision, Limit};
use ninefold_models::system::*;
use ninefold_models::units::Hours;

use crate::input::{InputFile, ReportInput, RunInfo};
use crate::phases::Phases;
use crate::tables::FitRow;

/// Owns what a [`ReportInput`] borrows.
pub(crate) struct ToyShop {
    pub(crate) spec: SystemSpec,
    pub(crate) plan: Plan,
    pub(crate) results: Results,
    pub(crate) about: About,
    pub(crate) inputs: Vec<InputFile>,
    pub(crate) fits: Vec<FitRow>,
}

impl ToyShop {
    pub(crate) fn new() -> Self {
        Self { spec: spec(), plan: Plan::default(), results: results(), about: about(), inputs: vec![], fits: fits() }
    }

    pub(crate) fn input(&self) -> ReportInput<'_> {
        ReportInput {
            spec: &self.spec,
            plan: &self.plan,
            results: &self.results,
            about: &self.about,
            inputs: &self.inputs,
            fits: &self.fits,
        }
    }
}

pub(crate) fn run_info() -> RunInfo {
    RunInfo {
        started: "2026-11-24T02:00:00Z".into(),
        wall_s: 1.5,
        phases: Phases::begin("load"),
        threads: 2,
        simd: "avx2".into(),
        host: vec!["linux".into(), "x86_64".into()],
        command_line: "ninefold run shop.yaml --out out/shop".into(),
    }
}

pub(crate) fn estimated(value: f64, relative_half_width: f64) -> Estimated {
    let half = value * relative_half_width;
    Estimated { value, standard_error: half / 1.96, lo: value - half, hi: value + half }
}

fn mode(name: &str, mean_h: f64, repair_h: f64) -> ModeSpec {
    ModeSpec {
        name: name.into(),
        time_to_failure: Law::exponential(Hours::new(mean_h)).expect("bug: mean"),
        repair: Repair::Takes(Law::exponential(Hours::new(repair_h)).expect("bug: mean")),
        effect: Effect::Down,
        clock: Clock::Operating,
        propagates: Vec::new(),
    }
}

fn component(name: &str, zones: &[&str], redundancy: Redundancy) -> ComponentSpec {
    let unit =
        |(i, zone): (usize, &&str)| UnitSpec { name: format!("{name}/{zone}/{i}"), domain: Some((*zone).into()) };
    ComponentSpec {
        name: name.into(),
        units: zones.iter().enumerate().map(unit).collect(),
        redundancy,
        per: None,
        modes: vec![mode("crash", 720.0, 0.4)],
        capacity_per_unit: None,
    }
}

fn domain(name: &str, level: &str, parent: Option<&str>) -> DomainSpec {
    DomainSpec { name: name.into(), level: Some(level.into()), parent: parent.map(Into::into), modes: vec![] }
}

fn spec() -> SystemSpec {
    let standby = Redundancy::Standby(Standby {
        mode: StandbyMode::Hot,
        active: 1,
        need: 1,
        switch_takes: Law::constant(Hours::from_seconds(30.0)).expect("bug: constant"),
        switch_success: 0.98,
        manual_switch: None,
        repair_starts: ninefold_models::system::RepairStarts::AtOnce,
    });
    let edge = |from: &str, to: &str, need| DependencySpec {
        from: from.into(),
        to: to.into(),
        need,
        fallback_quality: (need != Need::Hard).then_some(0.9),
    };
    let leaf = |name: &str| Path::Component { name: name.into(), side: Side::Both };
    let zones = ["eu-1a", "eu-1b", "eu-1c"];
    SystemSpec {
        name: "two-tier shop".into(),
        domains: std::iter::once(domain("eu-1", "region", None))
            .chain(zones.iter().map(|z| domain(z, "zone", Some("eu-1"))))
            .collect(),
        components: vec![
            component("web", &zones, Redundancy::KOfN { need: 2 }),
            component("db", &zones[..2], standby),
            component("search", &zones[1..], Redundancy::None),
            component("mail", &zones[2..], Redundancy::None),
        ],
        dependencies: vec![
            edge("web", "db", Need::Hard),
            edge("web", "search", Need::Soft),
            edge("web", "mail", Need::Async),
        ],
        journeys: vec![
            JourneySpec {
                name: "checkout".into(),
                path: leaf("web"),
                demand: Some(200.0.into()),
                rule: UpRule::default(),
            },
            JourneySpec {
                name: "browse".into(),
                path: Path::All(vec![leaf("web"), leaf("search")]),
                demand: None,
                rule: UpRule::default(),
            },
        ],
        agreements: vec![],
        ..SystemSpec::default()
    }
}

fn measured(entity: &str, measure: &'static str, unit: &'static str, estimate: Estimated) -> Measured {
    Measured {
        entity: entity.into(),
        measure,
        unit: unit.into(),
        estimate,
        confidence: 0.95,
        engine: Engine::Simulation,
        exact: None,
        exact_method: None,
        seen: 4100,
        at_h: None,
        quantile: None,
        inputs: None,
    }
}

fn measures() -> Vec<Measured> {
    let mut all = Vec::new();
    let entities = [
        ("journeys.checkout", 3.8e-4),
        ("journeys.browse", 4.6e-3),
        ("components.web", 1.1e-6),
        ("components.db", 3.7e-4),
    ];
    for (entity, u) in entities {
        all.push(Measured {
            exact: Some(u * 0.997),
            exact_method: Some("binary decision diagram"),
            inputs: Some(WithInputs { standard_deviation: 0.3 * u, lo: 0.5 * u, hi: 1.8 * u }),
            ..measured(entity, "unavailability", "1", estimated(u, 0.1))
        });
        all.push(measured(entity, "downtime", "min/year", estimated(u * 525_600.0, 0.1)));
        all.push(measured(entity, "failure_rate", "1/year", estimated(4.1, 0.05)));
        all.push(measured(entity, "mttr", "h", estimated(0.81, 0.07)));
        all.push(measured(entity, "unserved_ratio", "1", estimated(u * 1.2, 0.1)));
    }
    all.push(Measured {
        quantile: Some(0.95),
        ..measured("journeys.checkout", "longest_outage", "min", estimated(212.0, 0.06))
    });
    all.push(Measured {
        at_h: Some(5.0),
        ..measured("journeys.checkout", "availability_at", "1", estimated(0.9996, 0.0002))
    });
    let unseen = Estimated { value: 0.0, standard_error: f64::NAN, lo: 0.0, hi: 0.0029 };
    all.push(Measured { seen: 0, ..measured("components.mail", "unavailability", "1", unseen) });
    all
}

fn availability() -> Vec<AvailabilityRow> {
    let row = |entity: &str, definition, kind: &str, window: &str, u: f64, minutes: f64| AvailabilityRow {
        entity: entity.into(),
        definition,
        maintenance: "include",
        window_kind: kind.into(),
        window: window.into(),
        good_min: minutes * (1.0 - u),
        total_min: minutes,
        unavailability: estimated(u, 0.2),
        unserved_ratio: estimated(u * 1.2, 0.2),
        performability: 1.0 - u * 1.2,
        downtime_min: u * minutes,
        degraded_min: u * minutes * 2.0,
        nines: -libm::log10(u),
    };
    let mut rows = Vec::new();
    for (entity, u) in [("journeys.checkout", 3.8e-4), ("journeys.browse", 4.6e-3)] {
        for definition in ["good_minutes", "success_ratio"] {
            rows.push(row(entity, definition, "horizon", "horizon", u, 525_600.0));
            for month in 1..=12_u32 {
                let wobble = 1.0 + 0.4 * libm::sin(f64::from(month) * 1.7);
                rows.push(row(entity, definition, "calendar_month", &format!("2027-{month:02}"), u * wobble, 43_800.0));
            }
        }
    }
    rows
}

fn exceedance() -> Vec<ExceedanceRow> {
    let mut rows = Vec::new();
    for (entity, mean) in [("journeys.checkout", 200.0), ("journeys.browse", 2400.0)] {
        for i in 0..40 {
            let x = mean * libm::exp(f64::from(i) / 10.0 - 2.5);
            let p = libm::exp(-libm::pow(x / mean, 0.9));
            let half = 1.96 * libm::sqrt(p * (1.0 - p) / 1024.0);
            let p_exceed =
                Estimated { value: p, standard_error: half / 1.96, lo: (p - half).max(0.0), hi: (p + half).min(1.0) };
            rows.push(ExceedanceRow { entity: entity.into(), downtime_min: x, p_exceed });
        }
    }
    rows
}

fn traffic_moved() -> Vec<TrafficMovedRow> {
    let mut rows = Vec::new();
    for (since, detected) in [("fault", 75.0), ("switch", 0.0)] {
        for i in 1..=20 {
            let at_s = f64::from(i) * 7.5;
            let share = ((at_s - detected) / 60.0).clamp(0.0, 1.0);
            let half = 0.05 * share * (1.0 - share);
            let moved = Estimated { value: share, standard_error: half / 1.96, lo: share - half, hi: share + half };
            rows.push(TrafficMovedRow { entity: "components.edge".into(), since, at_s, moved });
        }
    }
    rows
}

fn windowed() -> Vec<WindowedRow> {
    let mut rows = Vec::new();
    for (entity, scale) in [("journeys.checkout", 1.0), ("journeys.browse", 4.0)] {
        for (window_s, u) in
            [(60.0, 1.0), (3600.0, 0.9), (21_600.0, 0.5), (86_400.0, 0.15), (604_800.0, 0.02), (2_592_000.0, 0.005)]
        {
            let least = |factor: f64| 1.0 - (u * factor * scale).min(1.0);
            rows.push(WindowedRow {
                entity: entity.into(),
                window_s,
                mcr_p05: least(2.5),
                mcr_p50: least(1.0),
                mcr_p95: least(0.2),
            });
        }
    }
    rows
}

fn incidents() -> Vec<IncidentRow> {
    let spans = [
        (400.0, 1.2, "db/crash"),
        (1900.0, 0.2, "db/switch"),
        (3300.0, 5.5, "eu-1a/zone-loss"),
        (6100.0, 0.7, "db/crash"),
    ];
    let mut rows = Vec::new();
    for rep in [0, 517] {
        for (seq, (start_h, hours, cause)) in (0..).zip(spans) {
            let fault_s = (start_h + rep as f64) * 3600.0;
            rows.push(IncidentRow {
                rep,
                seq,
                journey: "journeys.checkout".into(),
                cause: cause.into(),
                cascade_depth: Some(1 + u64::from(cause.contains("db"))),
                fault_s,
                restored_s: fault_s + hours * 3600.0,
                censored: false,
            });
        }
    }
    rows
}

fn experiments() -> Vec<ExperimentRow> {
    let row = |seq: u64, finding: &'static str| ExperimentRow {
        rep: 0,
        seq,
        experiment: "gameday-zone".into(),
        target: "domains.eu-2".into(),
        began_s: 86_400.0 * (1.0 + seq as f64),
        took_s: (finding != "not_begun").then_some(1800.0),
        held: (finding != "not_begun").then_some(finding == "held"),
        aborted: finding == "aborted",
        blast_ratio: f64::from(u8::from(finding != "not_begun")),
        users_hurt: Some(if finding == "aborted" { 3.5 } else { 0.0 }),
        finding,
    };
    vec![row(0, "held"), row(1, "aborted"), row(2, "not_begun")]
}

fn buffers() -> Vec<BufferRow> {
    let row = |(buffer, overload, shed): (f64, f64, f64)| BufferRow {
        place: "components.web@eu".into(),
        buffer,
        needed: 1.0,
        written: buffer == 0.5,
        knee: buffer == 0.25,
        failovers: 12,
        overload: Some(estimated(overload, 0.1)),
        shed: estimated(shed, 0.1),
        cost: Some(10_000.0 * buffer),
        break_even: (buffer > 0.0).then_some(0.2),
    };
    [(0.0, 1.0, 9000.0), (0.25, 0.6, 3000.0), (0.5, 0.3, 1500.0), (1.0, 0.0, 0.0)].map(row).to_vec()
}

fn decisions() -> Vec<DecisionRow> {
    let row = |(look, at_s, (from, to)): (u64, f64, (u32, u32))| DecisionRow {
        rep: 0,
        component: "components.web".into(),
        look,
        at_s,
        demand: Some(900.0),
        serving: Some(from),
        decision: Decision { from, to, metric: Some(90.0), raw: 15, stabilised: 15, limit: Limit::Policies },
    };
    [(0, 0.0, (10, 14)), (1, 15.0, (14, 14)), (2, 30.0, (14, 15))].map(row).to_vec()
}

/// The second incident of replication 517: a failed switch after a crash, while a zone with two units is lost.
fn failovers() -> Vec<FailoverRow> {
    let row = |seq: u64, reason: &'static str, total_s: Option<f64>, result: &'static str| FailoverRow {
        rep: 0,
        seq,
        plan: "promote-db".into(),
        component: "components.db".into(),
        reason,
        true_positive: reason == "true",
        started_s: 86_400.0 * (1.0 + seq as f64),
        decide_s: (result != "recovered").then_some(41.5),
        total_s,
        traffic_moved_p50_s: None,
        traffic_moved_p95_s: None,
        lost_writes_s: (result == "moved").then_some(2.5 + seq as f64),
        overridden: result == "by_hand",
        wrong_decisions: 0,
        defect: false,
        result,
        from: "db/eu-1/1".into(),
        to: if total_s.is_some() { "db/eu-2/1".into() } else { String::new() },
    };
    vec![
        row(0, "true", Some(95.0), "moved"),
        row(1, "true", Some(1130.0), "by_hand"),
        row(2, "true", Some(20.0), "recovered"),
        row(3, "failback", Some(60.0), "moved"),
        row(4, "true", Some(120.0), "moved"),
        row(5, "true", None, "censored"),
    ]
}

fn failover_steps() -> Vec<FailoverStepRow> {
    let row = |failover: u64, result: &'static str| FailoverStepRow {
        rep: 0,
        failover,
        seq: 0,
        step: "promote".into(),
        team: "dba".into(),
        ready_s: 86_441.5,
        wait_s: Some(30.0),
        team_wait_s: Some(12.0),
        work_s: Some(23.5),
        tries: 1,
        result,
    };
    vec![row(0, "done"), row(1, "failed"), row(3, "done")]
}

fn failover_teams() -> Vec<FailoverTeamRow> {
    let row = |team: &str, minutes: f64, calls: u64| FailoverTeamRow {
        plan: "promote-db".into(),
        team: team.into(),
        attempts: 420,
        moved: 380,
        critical: Some(estimated(minutes, 0.02)),
        worked: Some(estimated(minutes, 0.02)),
        waited: Some(estimated(0.2 * minutes, 0.05)),
        calls,
        contended: (calls > 0).then(|| estimated(0.125, 0.1)),
    };
    vec![row("", 1.5, 0), row("dba", 4.25, 840)]
}

fn failover_readiness() -> Vec<ReadinessRow> {
    let row = |part: u64, demands: u64, defect: Option<Estimated>| ReadinessRow {
        plan: "promote-db".into(),
        from_h: 216.0 * part as f64,
        to_h: 216.0 * (part + 1) as f64,
        demands,
        defects: demands / 100,
        defect,
        latent: 0.0036 + 0.0072 * part as f64,
    };
    vec![row(0, 400, Some(estimated(0.01, 0.005))), row(1, 0, None)]
}

fn incident_events() -> Vec<IncidentEventRow> {
    let told = [
        (-5400.0, "failed", "eu-1b/zone-loss", "domains.eu-1b", None, ""),
        (-5400.0, "lost", "domains.eu-1b", "web/eu-1b/1", Some(0), ""),
        (-5400.0, "lost", "domains.eu-1b", "db/eu-1b/2", Some(0), ""),
        (0.0, "failed", "db/crash", "db/eu-1a/1", None, ""),
        (0.0, "switch_started", "db/switch", "components.db", Some(3), "to db/eu-1c/3"),
        (0.0, "down", "", "components.db", Some(3), "0 of 3 up, 1 needed"),
        (0.0, "journey_down", "db/switch", "journeys.checkout", Some(5), "components.db down"),
        (30.0, "switch_failed", "db/switch", "components.db", Some(4), ""),
        (330.0, "repaired", "db/crash", "db/eu-1a/1", Some(3), ""),
        (720.0, "switched", "db/switch", "components.db", Some(7), "to db/eu-1c/3, by hand"),
        (720.0, "up", "", "components.db", Some(9), "1 of 3 up, 1 needed"),
        (720.0, "journey_up", "", "journeys.checkout", Some(10), "serves 1 of its demand"),
    ];
    let start = (1900.0 + 517.0) * 3600.0;
    let row = |(seq, (after_s, kind, actor, component, parent, detail)): (u64, (f64, _, &str, &str, _, &str))| {
        IncidentEventRow {
            rep: 517,
            journey: "journeys.checkout".into(),
            incident: 1,
            seq,
            t_s: start + after_s,
            after_s,
            kind,
            actor: actor.into(),
            component: component.into(),
            parent,
            detail: detail.into(),
        }
    };
    (0..).zip(told).map(row).collect()
}

fn causes() -> Vec<CauseRow> {
    let mut rows = Vec::new();
    for (journey, total) in [("journeys.checkout", 199.7), ("journeys.browse", 2418.0)] {
        for (cause, share) in [
            ("db/crash", 0.61),
            ("eu-1/zone-loss", 0.22),
            ("db/switch", 0.09),
            ("web/crash", 0.05),
            ("search/crash", 0.03),
        ] {
            let minutes_per_year = estimated(total * share, 0.12);
            rows.push(CauseRow { cause: cause.into(), journey: journey.into(), minutes_per_year, share });
        }
    }
    rows
}

fn requirement(agreement: &str, journey: &str, verdict: Verdict, shortfall: f64) -> Requirement {
    Requirement {
        agreement: agreement.into(),
        journey: journey.into(),
        indicator: "good_minutes".into(),
        window_kind: "calendar_month".into(),
        windows: 12,
        target: 0.999,
        shortfall: estimated(shortfall, 0.1),
        shortfall_inputs: Some(WithInputs {
            standard_deviation: 0.3 * shortfall,
            lo: 0.5 * shortfall,
            hi: 1.8 * shortfall,
        }),
        breach_probability: estimated(0.012, 0.33),
        breach_probability_horizon: estimated(0.11, 0.2),
        verdict,
        judged: Judged::Interval,
        confidence: 0.95,
        by_interval: verdict,
        favours: verdict,
        doubt: 0.004,
    }
}

fn results() -> Results {
    let importance = |component: &str, fv: f64| ImportanceRow {
        component: component.into(),
        journey: "journeys.checkout".into(),
        engine: Engine::Exact,
        birnbaum: Estimated::exact(0.99),
        criticality: Estimated::exact(fv * 0.98),
        fussell_vesely: Estimated::exact(fv),
        raw: Estimated::exact(2600.0),
        rrw: Estimated::exact(1.0 / (1.0 - fv)),
        minutes_at_stake: Estimated::exact(199.7 * fv),
    };
    let reliability = |entity: &str| ReliabilityRow {
        entity: entity.into(),
        failures_seen: 4100,
        failures_per_year: estimated(4.1, 0.05),
        mtbf_h: estimated(2136.0, 0.05),
        mut_h: estimated(2135.2, 0.05),
        mttr_h: estimated(0.81, 0.07),
        mttf_h: None,
        mttf_exact_h: Some(2200.0),
        nines: 3.42,
    };
    Results {
        outcome: RunOutcome {
            seed: 7,
            replications: 1024,
            stopped: Stopped::Precision,
            steering: Some("journeys.checkout.unavailability".into()),
            reached: Some(Reached { rule: SteeringRule::RelativeHalfWidth, asked: 0.1, reached: 0.0996 }),
            confidence: 0.95,
            measured_h: 8760.0,
            parameter_draws: 50,
        },
        measures: measures(),
        requirements: vec![
            requirement("checkout-slo", "checkout", Verdict::Met, 3.8e-4),
            requirement("browse-slo", "browse", Verdict::NotMet, 4.6e-3),
        ],
        availability: availability(),
        windowed: windowed(),
        exceedance: exceedance(),
        traffic_moved: traffic_moved(),
        reliability: vec![reliability("journeys.checkout"), reliability("journeys.browse")],
        incidents: incidents(),
        incident_events: incident_events(),
        experiments: experiments(),
        buffers: buffers(),
        decisions: decisions(),
        failovers: failovers(),
        failover_steps: failover_steps(),
        failover_teams: failover_teams(),
        failover_readiness: failover_readiness(),
        worst_replication: Some(517),
        causes: causes(),
        importance: vec![importance("components.db", 0.72), importance("components.web", 0.06)],
        cut_sets: cut_sets(),
        cut_set_counts: vec![
            cut_set_count("journeys.checkout", [1.0, 3.0, 0.0]),
            cut_set_count("journeys.browse", [0.0; 3]),
        ],
        recovery: recovery(),
        cut_set_downtime: cut_set_downtime(),
        edge_downtime: edge_downtime(),
        variance: vec![
            VarianceRow {
                method: "antithetic",
                asked: "auto",
                used: true,
                entity: "journeys.checkout".into(),
                ratio: Some(1.63),
                how: "variance of single replications ÷ that shown by 512 pairs".into(),
            },
            VarianceRow {
                method: "control",
                asked: "auto",
                used: false,
                entity: String::new(),
                ratio: None,
                how: "nothing is coupled: the exact answer is the answer".into(),
            },
        ],
        queues: vec![],
        capacity: capacity(),
        headroom: headroom(),
        load_tests: load_tests(),
        metastability: storm().0,
        metastability_loads: storm().1,
        purchases: purchases(),
        input_shares: input_shares(),
    }
}

fn capacity() -> Vec<CapacityRow> {
    let known = |value: f64| Estimated { value, standard_error: 0.02 * value, lo: 0.96 * value, hi: 1.04 * value };
    let row = |(hour, (demand, capacity, unserved)): (usize, (f64, f64, f64))| CapacityRow {
        entity: "components.web".into(),
        at_h: hour as f64,
        span_h: 1.0,
        demand: known(demand),
        capacity: known(capacity),
        unserved: known(unserved),
        replicas: known(capacity / 50.0),
    };
    [(100.0, 200.0, 0.0), (400.0, 350.0, 70.0), (420.0, 600.0, 0.0)].into_iter().enumerate().map(row).collect()
}

fn headroom() -> Vec<HeadroomRow> {
    let known = |value: f64| Estimated { value, standard_error: 0.02, lo: value - 0.04, hi: value + 0.04 };
    let row = |(hour, (demand, exhausted)): (usize, (f64, f64))| HeadroomRow {
        entity: "components.web".into(),
        at_h: hour as f64,
        span_h: 1.0,
        replications: 64,
        demand: [0.9 * demand, demand, 1.1 * demand],
        capacity: [450.0, 500.0, 500.0],
        headroom: [400.0 - demand, 500.0 - demand, 510.0 - demand],
        units_needed: (1.1 * demand / 50.0_f64).ceil() as u64,
        short: known(0.5 * exhausted),
        exhausted: known(exhausted),
    };
    [(100.0, 0.0), (400.0, 0.2), (420.0, 0.4)].into_iter().enumerate().map(row).collect()
}

fn load_tests() -> Vec<LoadTestRow> {
    let row = |(step, offered, throughput, in_time, p50): (u64, f64, f64, f64, f64)| LoadTestRow {
        experiment: "push".into(),
        journey: "checkout".into(),
        step,
        from_h: 1.0 + 0.1 * step as f64,
        seconds: 360.0,
        offered,
        arrivals: estimated(offered, 0.01),
        throughput: estimated(throughput, 0.01),
        answered: Some(estimated(throughput / offered, 0.01)),
        in_time: Some(estimated(in_time, 0.01)),
        target: Some(0.95),
        p50: Some(estimated(p50, 0.02)),
        p95: Some(estimated(3.0 * p50, 0.03)),
        p99: Some(estimated(5.0 * p50, 0.05)),
        is_knee: step == 1,
    };
    [(0, 50.0, 50.0, 0.999, 0.1), (1, 150.0, 150.0, 0.96, 0.2), (2, 250.0, 190.0, 0.1, 4.0)]
        .into_iter()
        .map(row)
        .collect()
}

fn storm() -> (Vec<MetastabilityRow>, Vec<LoadStateRow>) {
    let cell = |cure: &str, (demand, trigger_s): (f64, f64), region| MetastabilityRow {
        measure: "storm".into(),
        cure: cure.into(),
        demand,
        load: demand / 100.0,
        trigger: "outage",
        trigger_s,
        region,
    };
    let state = |cure: &str, demand: f64, tips_after_s: Option<f64>| LoadStateRow {
        measure: "storm".into(),
        call: ("web".into(), "db".into()),
        cure: cure.into(),
        demand,
        load: demand / 100.0,
        is_written: demand == 80.0,
        region: if tips_after_s.is_some() { "vulnerable" } else { "stable" },
        tips_after_s,
        operating: Some(1.05 * demand),
        tipping: tips_after_s.map(|_| 95.0),
        collapsed: tips_after_s.map(|_| 3.0 * demand),
    };
    let written = [20.0, 40.0, 60.0, 80.0].into_iter().flat_map(|demand| [10.0, 20.0].map(|length| (demand, length)));
    let written = written.map(|at| match at {
        (demand, _) if demand < 50.0 => cell(AS_WRITTEN, at, "stable"),
        (_, length) => cell(AS_WRITTEN, at, if length < 15.0 { "vulnerable" } else { "metastable" }),
    });
    let cured = [20.0, 40.0, 60.0, 80.0].into_iter().flat_map(|demand| [10.0, 20.0].map(|length| (demand, length)));
    let cells = written.chain(cured.map(|at| cell("retry-budget", at, "stable"))).collect();
    let tips = |demand: f64| (demand > 50.0).then_some(12.0);
    let loads = [20.0, 40.0, 60.0, 80.0];
    let states = loads.map(|demand| state(AS_WRITTEN, demand, tips(demand))).into_iter();
    (cells, states.chain(loads.map(|demand| state("retry-budget", demand, None))).collect())
}

fn purchases() -> Vec<PurchaseRow> {
    let known = |value: f64| Estimated { value, standard_error: 0.01 * value, lo: 0.98 * value, hi: 1.02 * value };
    let row = |(reserved, cost): (u64, f64)| PurchaseRow {
        entity: "components.web".into(),
        reserved,
        written: reserved == 0,
        cheapest: reserved == 2,
        on_demand: known(3.4 - reserved as f64),
        spot: known(0.0),
        cost: known(cost),
        agreement: Some("agreements.checkout-slo".into()),
        breach_probability: Some(known(0.012)),
    };
    [10_100.0, 9_000.0, 8_300.0, 8_700.0].into_iter().zip(0..).map(|(cost, reserved)| row((reserved, cost))).collect()
}

fn cut_sets() -> Vec<CutSetRow> {
    let set = |members: &[&str], u: f64, rate: f64| CutSetRow {
        entity: "journeys.checkout".into(),
        order: members.len() as u64,
        members: members.iter().map(|&member| member.into()).collect(),
        unavailability: Some(u),
        minutes_per_year: Some(u * 525_600.0),
        failures_per_year: Some(rate),
        p_per_year: Some(-libm::expm1(-rate)),
        fussell_vesely: Some(u / 3.8e-4),
    };
    let pair = |a: &str, b: &str| set(&[a, b], 3e-7, 0.014);
    let mut sets = vec![
        set(&["domains.eu-1"], 2.3e-4, 0.4),
        pair("units.web/eu-1a/0", "units.web/eu-1b/1"),
        pair("units.web/eu-1a/0", "units.web/eu-1c/2"),
        pair("units.db/eu-1a/0", "units.db/eu-1b/1"),
    ];
    (sets[3].unavailability, sets[3].minutes_per_year, sets[3].fussell_vesely) = (None, None, None);
    sets
}

fn cut_set_count(entity: &str, by_order: [f64; 3]) -> CutSetCountRow {
    CutSetCountRow {
        entity: entity.into(),
        by_order: Some(by_order),
        all: Some(by_order.iter().sum()),
        listed_order: 3,
        rare_event: None,
        unavailability_listed: None,
        unavailability: None,
        remark: "standby `db` depends on the order of failures, not only on which units are healthy".into(),
    }
}

fn recovery() -> Vec<RecoveryRow> {
    let row = |entity: &str, step: u64, (starts, takes): (f64, f64), path: &[&str]| RecoveryRow {
        entity: entity.into(),
        step,
        waits_for: path.iter().rev().skip(1).take(1).map(|&other| other.into()).collect(),
        takes_min: Some(takes),
        starts_min: Some(starts),
        up_min: Some(starts + takes),
        critical_path: path.iter().map(|&other| other.into()).collect(),
    };
    vec![
        row("components.db", 1, (0.0, 24.0), &["components.db"]),
        row("components.web", 2, (24.0, 24.0), &["components.db", "components.web"]),
        row("journeys.checkout", 3, (48.0, 0.0), &["components.db", "components.web"]),
    ]
}

fn cut_set_downtime() -> Vec<CutSetDowntimeRow> {
    let row = |member: &str, share: f64| CutSetDowntimeRow {
        journey: "journeys.checkout".into(),
        order: 1,
        members: vec![member.into()],
        instead: "",
        minutes_per_year: estimated(199.7 * share, 0.3),
        share,
    };
    let other = CutSetDowntimeRow { order: 0, members: vec![], instead: "capacity or errors", ..row("", 0.1) };
    vec![row("components.db", 0.7), row("domains.eu-1", 0.2), other]
}

fn edge_downtime() -> Vec<EdgeDowntimeRow> {
    let row = |from: &str, to: &str, (through, ending): (f64, f64)| EdgeDowntimeRow {
        journey: "journeys.checkout".into(),
        from: from.into(),
        to: to.into(),
        minutes_through: estimated(199.7 * through, 0.3),
        share_through: through,
        minutes_ending: estimated(199.7 * ending, 0.3),
        share_ending: ending,
    };
    let service = row("journeys.checkout", "capacity or errors", (0.1, 0.1));
    vec![
        row("components.web", "components.db", (0.7, 0.7)),
        row("journeys.checkout", "components.web", (0.9, 0.2)),
        service,
    ]
}

fn input_shares() -> Vec<InputShareRow> {
    let mut rows = Vec::new();
    for entity in ["journeys.checkout", "journeys.browse"] {
        for (input, share, half) in [
            ("components.db.failure_modes.crash.time_to_failure.exponential.mean", 0.61, 0.12),
            ("components.db.redundancy.standby.switch.success", 0.27, 0.10),
            ("chance", 0.03, 0.01),
            ("rest", 0.09, 0.07),
        ] {
            let share = Estimated { value: share, standard_error: half / 2.0, lo: share - half, hi: share + half };
            let (entity, measure) = (entity.to_owned(), "unavailability");
            rows.push(InputShareRow { entity, measure, input: input.into(), share });
        }
    }
    rows
}

fn about() -> About {
    let assumption = |path: &str, value: &str, reason: &str| Assumption {
        path: path.into(),
        value: value.into(),
        reason: reason.into(),
    };
    About {
        scenario: "two-tier shop".into(),
        assumptions: vec![
            assumption("calendar.horizon", "365d", "The language's default: one year of 365 days."),
            assumption("calendar.start", "2027-01-01T00:00:00Z", "The language's default."),
        ],
        provenance: vec![Provenance {
            path: "components.db.failure_modes.crash.time_to_failure.exponential.mean".into(),
            value: "30d".into(),
            unit: "h".into(),
            source: "incident review 2025".into(),
            record: String::new(),
            fit_id: String::new(),
            uncertainty: "none".into(),
        }],
        records: vec![RecordDigest {
            id: "outages".into(),
            file: "outages.csv".into(),
            blake3: "ab".repeat(32),
            rows: 812,
            rejected: vec![("end before start".into(), 3)],
        }],
        start: "2027-01-01T00:00:00+00:00[UTC]".into(),
        zone_data: "2026b".into(),
        effective: "scenario: two-tier shop\n".into(),
    }
}

fn fits() -> Vec<FitRow> {
    vec![FitRow {
        record: "outages".into(),
        column: "minutes".into(),
        family: "lognormal".into(),
        n: 809,
        censored: 2,
        unit: "min".into(),
        parameters: vec![("median".into(), 63.67, 0.583), ("sigma".into(), 1.4024, 0.0349)],
        log_likelihood: -1420.25,
        aic: 2844.5,
        ks: 0.031,
        ks_p: None,
        ad: None,
        chosen: true,
    }]
}
