//! Generation adequacy: units whose capacities add against a load over time.
//!
//! `lole_single_region` (r26): `units` of `cap` with hourly chances `p_fail` and `p_repair`, beside `fixed`, against
//! `demand`, hour by hour. `rts79_generation` (r30): `units` as `[count, MW, forced outage rate, MTTF h, MTTR h]` against
//! `annual_peak_mw` × week × day × hour in percent. Measures `LOLE`, `LOLE_hourly`, `EUE`, `LOEE`, `LOLE_daily_peak`,
//! `annual_energy` (what is unserved where nothing generates), and by hour `LOLP.0`, `EUE_by_hour.0`.

use super::super::params::{Params, number};
use super::super::refusal::Refusal;
use super::super::study::{Engines, Plan};
use super::super::system::{Place, Span, System, reading};
use super::{Given, UNITS_MAX};
use crate::diagnostic::Code;
use crate::yaml::Node;

/// An energy of a year is in GWh, all others in MWh.
const MWH_A_GWH: f64 = 1000.0;

/// Hours of the load of a case.
const HOURS_MAX: usize = 100_000;

/// Capacities, and the load by hour.
struct Model {
    components: String,
    names: Vec<String>,
    load: Vec<f64>,
    /// The greatest load of each day; nothing where the load has no days.
    peaks: Vec<f64>,
    events_per_h: f64,
}

pub(super) fn hourly(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["units", "cap", "p_fail", "p_repair", "fixed", "demand"])?;
    let (units, capacity) = (params.count("units", 1, UNITS_MAX)?, params.number_in("cap", 1e-9, 1e12)?);
    let (fails, repairs) = (params.number_in("p_fail", 1e-9, 1.0)?, params.number_in("p_repair", 1e-9, 1.0)?);
    let (fixed, load) = (numbers(params, "fixed")?, numbers(params, "demand")?);
    let t = |hours: f64| given.clock.text(hours);
    let step = |mean: f64| format!("{{geometric: {{mean: {}, step: {}}}}}", t(mean), t(1.0));
    let law = format!("{{time_to_failure: {}, repair: {}}}", step(1.0 / fails), step(1.0 / repairs));
    let mut components = format!(
        "  units: {{replicas: {units}, capacity: {{per_replica: {capacity} MW}}, failure_modes: {{outage: {law}}}}}\n"
    );
    let mut names = vec!["units".to_owned()];
    if fixed.iter().any(|&value| value > 0.0) {
        if fixed.len() != load.len() {
            let message = "`fixed` and `demand` have different lengths";
            return Err(Refusal::wrong(Code::Shape, message, params.node().span, "give one value an hour"));
        }
        components += &format!("  fixed: {{capacity: {{{}}}}}\n", profile(&t(1.0), &fixed));
        names.push("fixed".to_owned());
    }
    plan(given, &Model { components, names, load, peaks: Vec::new(), events_per_h: f64::from(units) * fails })
}

pub(super) fn rts79(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["units", "weekly_pct", "daily_pct_mon_to_sun", "hourly_pct", "annual_peak_mw"])?;
    let (mut components, mut names, mut events_per_h) = (String::new(), Vec::new(), 0.0);
    let groups = params.node().get("units").map(Node::items).unwrap_or_default();
    for (i, group) in groups.iter().enumerate() {
        let values = group.items().iter().map(|node| number(node, 0.0, 1e12)).collect::<Result<Vec<_>, _>>()?;
        let [count, capacity, _, mttf, mttr] = values[..] else {
            let hint = "a unit is `[count, MW, forced outage rate, MTTF h, MTTR h]`";
            return Err(Refusal::wrong(Code::Shape, "a group of units has five numbers", group.span, hint));
        };
        let (life, repair) = (given.exponential(mttf), given.exponential(mttr));
        components += &format!(
            "  g{i}: {{replicas: {count}, capacity: {{per_replica: {capacity} MW}}, failure_modes: {{outage: \
             {{time_to_failure: {life}, repair: {repair}}}}}}}\n"
        );
        names.push(format!("g{i}"));
        events_per_h += count / mttf;
    }
    let (weekly, daily) = (numbers(params, "weekly_pct")?, numbers(params, "daily_pct_mon_to_sun")?);
    let peak = params.number_in("annual_peak_mw", 1e-9, 1e12)?;
    let hourly = params.node().get("hourly_pct");
    let shape = |week: usize, day: usize| {
        let season = match week + 1 {
            1..=8 | 44..=52 => "winter",
            18..=30 => "summer",
            _ => "springfall",
        };
        let kind = if day < 5 { "weekday" } else { "weekend" };
        let node = hourly.and_then(|shapes| shapes.get(&format!("{season}_{kind}")));
        let hours = node.map(Node::items).unwrap_or_default().iter().map(|node| number(node, 0.0, 1e3));
        hours.collect::<Result<Vec<f64>, _>>()
    };
    let (mut load, mut peaks) = (Vec::new(), Vec::new());
    for (week, of_week) in weekly.iter().enumerate() {
        for (day, of_day) in daily.iter().enumerate() {
            let top = peak * of_week / 100.0 * of_day / 100.0;
            let hours: Vec<f64> = shape(week, day)?.iter().map(|percent| top * percent / 100.0).collect();
            peaks.push(hours.iter().copied().fold(0.0, f64::max));
            load.extend(hours);
        }
    }
    plan(given, &Model { components, names, load, peaks, events_per_h })
}

fn plan(given: &Given<'_>, model: &Model) -> Result<Plan, Refusal> {
    if model.names.is_empty() || model.load.is_empty() || model.load.len() > HOURS_MAX {
        let message = format!("no units, or no load of 1 to {HOURS_MAX} hours");
        return Err(Refusal::not_supported(message));
    }
    let mut plan = Plan::default();
    let hours = given.clock.case_hours();
    for (place, expected) in given.answers() {
        let (name, hour) = match expected.measure.rsplit_once('.') {
            Some((name, hour)) => (name, hour.parse::<usize>().ok()),
            None => (expected.measure.as_str(), None),
        };
        let one = hour.and_then(|hour| model.load.get(hour).map(|_| hour..hour + 1));
        let (study, every, span, reading) = match (name, one) {
            ("LOLE" | "LOLE_hourly", None) => {
                ("load", 1.0, 0..model.load.len(), reading("shortfall_hours", hours, 0.0))
            }
            ("EUE" | "LOEE", None) => ("load", 1.0, 0..model.load.len(), reading("unserved_energy", hours, 0.0)),
            ("LOLE_daily_peak", None) if !model.peaks.is_empty() => {
                ("peaks", 24.0, 0..model.peaks.len(), reading("shortfall_hours", hours / 24.0, 0.0))
            }
            ("annual_energy", None) => {
                ("nothing", 1.0, 0..model.load.len(), reading("unserved_energy", hours / MWH_A_GWH, 0.0))
            }
            ("LOLP", Some(one)) => ("hour", 1.0, one, reading("shortfall_hours", hours, 0.0)),
            ("EUE_by_hour", Some(one)) => ("hour", 1.0, one, reading("unserved_energy", hours, 0.0)),
            _ => {
                plan.refused.push((place, format!("the measure `{}` is not known", expected.measure)));
                continue;
            }
        };
        let values = if study == "peaks" { &model.peaks } else { &model.load };
        let study_name = if study == "hour" { format!("hour-{}", span.start) } else { study.to_owned() };
        let found = Place { study: study_name, entity: "journeys.system".to_owned(), reading, engines: Engines::BOTH };
        let horizon = every * span.len() as f64;
        let nothing = Model {
            components: "  none: {capacity: {per_replica: 0 MW}}\n".to_owned(),
            names: vec!["none".to_owned()],
            load: Vec::new(),
            peaks: Vec::new(),
            events_per_h: 0.0,
        };
        let model = if study == "nothing" { &nothing } else { model };
        system(given, model, (every, &values[span.clone()], span.start)).ask_at(
            &mut plan,
            place,
            (Span::Stationary(horizon), found),
        );
    }
    Ok(plan)
}

/// The part of the load that is asked for; a profile of capacity begins with it.
fn system<'a>(given: &Given<'a>, model: &Model, (every, load, from): (f64, &[f64], usize)) -> System<'a> {
    let every = given.clock.text(every);
    let components = if from == 0 { model.components.clone() } else { shifted(&model.components, from) };
    let sections = format!(
        "flow_unit: MW\ncomponents:\n{components}journeys: {{system: {{path: [{{sum_of: [{}]}}], demand: {{{}}}}}}}\n",
        model.names.join(", "),
        profile(&every, load),
    );
    let (title, clock, events_per_h) = (given.id(), given.clock, 2.0 * model.events_per_h);
    System { title, clock, sections, events_per_h, settled_h: 0.0, horizon_h: None }
}

/// The components with every profile begun so many values later.
fn shifted(components: &str, from: usize) -> String {
    let Some((before, rest)) = components.split_once("values: [") else { return components.to_owned() };
    let Some((values, after)) = rest.split_once(']') else { return components.to_owned() };
    let later: Vec<&str> = values.split(", ").skip(from).collect();
    format!("{before}values: [{}]{after}", later.join(", "))
}

fn profile(every: &str, values: &[f64]) -> String {
    let values: Vec<String> = values.iter().map(|value| format!("{value} MW")).collect();
    format!("profile: {{every: {every}, values: [{}]}}", values.join(", "))
}

fn numbers(params: Params<'_>, key: &str) -> Result<Vec<f64>, Refusal> {
    let nodes = params.node().get(key).map(Node::items).unwrap_or_default();
    nodes.iter().map(|node| number(node, 0.0, 1e12)).collect()
}
