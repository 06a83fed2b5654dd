//! Machines with cold spares and crews: `n` positions, `spares`, `crews`, `mttf_h` while running, `mttr_h`; a spare takes
//! a free position at once, and fewer than `n` go on running.

use super::super::refusal::Refusal;
use super::super::study::{Engines, Plan};
use super::super::system::{Place, Span, System, reading};
use super::{Given, LIFE, REPAIR, SETTLED, UNITS_MAX, crewed};

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&[LIFE.0, LIFE.1, REPAIR.0, REPAIR.1, &["n", "spares", "crews"]].concat())?;
    let n = params.count("n", 1, UNITS_MAX)?;
    let spares = params.count("spares", 0, UNITS_MAX)?;
    let crews = params.count("crews", 1, 2 * UNITS_MAX)?;
    let (life, repair) = (params.mean(LIFE.0, LIFE.1)?, params.mean(REPAIR.0, REPAIR.1)?);
    let (law, teams) = crewed(&given.exponential(repair), (crews, n + spares));
    let modes = format!("{{crash: {{time_to_failure: {}, repair: {law}}}}}", given.exponential(life));
    let sections = |need: u32, capacity: &str, demand: &str| {
        let redundancy = match spares {
            0 => format!("{{k_of_n: {{need: {need}}}}}"),
            _ => format!("{{standby: {{mode: cold, active: {n}, need: {need}}}}}"),
        };
        format!(
            "components:\n  machines: {{replicas: {}, redundancy: {redundancy}{capacity}, failure_modes: {modes}}}\n\
             journeys: {{system: {{path: [machines]{demand}}}}}\n{teams}",
            n + spares
        )
    };
    let running = |need: u32, counted: bool| System {
        title: given.id(),
        clock: given.clock,
        sections: match counted {
            true => sections(need, ", capacity: {per_replica: 1/s}", &format!(", demand: {n}/s")),
            false => sections(need, "", ""),
        },
        events_per_h: 2.0 * f64::from(n) / (life + repair),
        settled_h: SETTLED * repair * f64::from((n + spares).div_ceil(crews)),
        horizon_h: None,
    };
    let mut plan = Plan::default();
    for (place, expected) in given.answers() {
        let entity = "journeys.system".to_owned();
        if expected.measure == "expected_running" {
            let (study, reading) = ("running".to_owned(), reading("served_ratio", f64::from(n), 0.0));
            let found = Place { study, entity, reading, engines: Engines::SIMULATION };
            running(1, true).ask_at(&mut plan, place, (Span::LongRun, found));
        } else if let Some(need) = at_least(&expected.measure, n) {
            let (study, reading) = (format!("at-least-{need}"), reading("unavailability", -1.0, 1.0));
            let found = Place { study, entity, reading, engines: Engines::BOTH };
            running(need, false).ask_at(&mut plan, place, (Span::LongRun, found));
        } else {
            running(n, false).ask(&mut plan, (place, expected));
        }
    }
    Ok(plan)
}

/// How many are to run, in `P(all n running)` and `P(at least 9 running)`.
fn at_least(measure: &str, n: u32) -> Option<u32> {
    let inner = measure.strip_prefix("P(")?.strip_suffix(" running)")?;
    if matches!(inner, "all n" | "all") {
        return Some(n);
    }
    let count = inner.strip_prefix("at least ").or_else(|| inner.strip_prefix(">="))?;
    count.trim().parse().ok().filter(|k| (1..=n).contains(k))
}
