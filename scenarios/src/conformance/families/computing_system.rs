//! The computing system of Goyal, Shahabuddin, Heidelberger, Nicola and Glynn (1992), as the cases describe it: two types
//! of two processors, two sets of two controllers, six clusters of four disks; every failure in one of two modes; a
//! processor may take one of the other type with it; one repairman shared by all that is failed. `lp`, `lc`, `ld`
//! failures an hour, `mu1`, `mu2` repairs an hour, `prop`.

use super::super::refusal::Refusal;
use super::super::study::Plan;
use super::super::system::System;
use super::{Given, SETTLED};

/// Units in all.
const UNITS: f64 = 32.0;

/// Disk clusters.
const CLUSTERS: u32 = 6;

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["lp", "lc", "ld", "mu1", "mu2", "prop"])?;
    let life = |key| params.mean(&[], &[key]);
    let (processor, controller, disk) = (life("lp")?, life("lc")?, life("ld")?);
    let (quick, slow) = (life("mu1")?, life("mu2")?);
    let prop = params.ratio("prop", Some(0.0))?;
    let modes = |life: f64, more: &str| {
        let mode = |name: &str, repair: f64| {
            let (fails, takes) = (given.exponential(2.0 * life), given.exponential(repair));
            format!("{name}: {{time_to_failure: {fails}, repair: {{crew: repairman, takes: {takes}}}{more}}}")
        };
        format!("{{{}, {}}}", mode("mode-1", quick), mode("mode-2", slow))
    };
    let group = |name: &str, (units, need): (u32, u32), modes: String| {
        format!("  {name}: {{replicas: {units}, redundancy: {{k_of_n: {{need: {need}}}}}, failure_modes: {modes}}}\n")
    };
    let taking = |other: &str| match prop {
        0.0 => String::new(),
        _ => format!(", propagates: [{{to: {other}, units: 1, probability: {prop}}}]"),
    };
    let mut sections = String::from("teams: {repairman: {crews: 1, order: shared}}\ncomponents:\n");
    let mut path = "processors-a, processors-b, controllers-a, controllers-b".to_owned();
    sections += &group("processors-a", (2, 1), modes(processor, &taking("processors-b")));
    sections += &group("processors-b", (2, 1), modes(processor, &taking("processors-a")));
    sections += &group("controllers-a", (2, 1), modes(controller, ""));
    sections += &group("controllers-b", (2, 1), modes(controller, ""));
    for cluster in 1..=CLUSTERS {
        let name = format!("disks-{cluster}");
        sections += &group(&name, (4, 3), modes(disk, ""));
        path = format!("{path}, {name}");
    }
    let system = System {
        title: given.id(),
        clock: given.clock,
        sections: format!("{sections}journeys: {{system: {{path: [{path}]}}}}\n"),
        events_per_h: 2.0 * (4.0 / processor + 4.0 / controller + 24.0 / disk),
        settled_h: SETTLED * UNITS * quick.max(slow),
        horizon_h: None,
    };
    let mut plan = Plan::default();
    given.answers().for_each(|answer| system.ask(&mut plan, answer));
    Ok(plan)
}
