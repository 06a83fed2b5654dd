//! Structures of identical Weibull units that are never repaired: `shape`, `scale_h`, `t_h`; measures `R_STRUCTURE` at
//! `t_h` and `MTTF_STRUCTURE`.
//!
//! A structure is `single`, `series3`, `parallel3`, `2oo3`, `cold_standby_1+1` (or `cold_1+1`), and of these with
//! `_switch0.95` for the probability that a switch works.

use super::super::refusal::Refusal;
use super::super::study::{Engines, HORIZON_MAX_H, Plan};
use super::super::system::{Place, Span, System, reading};
use super::{Given, UNITS_MAX};

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["shape", "scale_h", "t_h"])?;
    let (shape, scale) = (params.number_in("shape", 1e-3, 1e3)?, params.mean(&["scale_h"], &[])?);
    let instant = params.number_in("t_h", 1e-6, HORIZON_MAX_H)?;
    let law = format!("{{weibull: {{shape: {shape}, scale: {}}}}}", given.clock.text(scale));
    let mut plan = Plan::default();
    let mut sections = String::from("components:\n");
    let mut journeys = String::from("journeys:\n");
    let mut asked = Vec::new();
    for (place, expected) in given.answers() {
        let measure = expected.measure.split_once('_').filter(|(what, _)| matches!(*what, "R" | "MTTF"));
        let Some((what, structure)) = measure.and_then(|(what, name)| Some((what, Structure::parse(name)?))) else {
            plan.refused.push((place, format!("the measure `{}` is not known", expected.measure)));
            continue;
        };
        let name = structure.id();
        if !asked.iter().any(|(_, _, there)| *there == name) {
            sections.push_str(&format!(
                "  {name}: {{{}, failure_modes: {{wear: {{time_to_failure: {law}, repair: never}}}}}}\n",
                structure.yaml(),
            ));
            journeys.push_str(&format!("  {name}: {{path: [{name}]}}\n"));
        }
        asked.push((place, what, name));
    }
    let system = System {
        title: given.id(),
        clock: given.clock,
        sections: sections + &journeys,
        events_per_h: 3.0 * asked.len() as f64 / scale,
        settled_h: 0.0,
        horizon_h: None,
    };
    for (place, what, name) in asked {
        let entity = format!("journeys.{name}");
        let (study, measure) = if what == "R" { ("instant", "reliability_at") } else { ("lifetimes", "mttf") };
        let study = study.to_owned();
        let scale = if what == "R" { 1.0 } else { given.clock.case_hours() };
        let found = Place { study, entity, reading: reading(measure, scale, 0.0), engines: Engines::BOTH };
        let span = if what == "R" { Span::Until(instant) } else { Span::FirstFailure };
        system.ask_at(&mut plan, place, (span, found));
    }
    Ok(plan)
}

/// A structure of identical units.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Structure {
    KOfN { k: u32, n: u32 },
    Cold { active: u32, dormant: u32, success: f64 },
}

impl Structure {
    fn parse(name: &str) -> Option<Self> {
        let count = |text: &str| text.parse::<u32>().ok().filter(|&n| n >= 1 && u64::from(n) <= UNITS_MAX);
        if name == "single" {
            return Some(Self::KOfN { k: 1, n: 1 });
        }
        if let Some(n) = name.strip_prefix("series") {
            return count(n).map(|n| Self::KOfN { k: n, n });
        }
        if let Some(n) = name.strip_prefix("parallel") {
            return count(n).map(|n| Self::KOfN { k: 1, n });
        }
        if let Some(cold) = name.strip_prefix("cold_standby_").or_else(|| name.strip_prefix("cold_")) {
            let (units, success) = cold.split_once("_switch").unwrap_or((cold, "1"));
            let (active, dormant) = units.split_once('+')?;
            let success = success.parse().ok().filter(|p| (0.0..=1.0).contains(p))?;
            // What follows a failed switch with several units to choose from is not said.
            let dormant = count(dormant).filter(|&dormant| success == 1.0 || dormant == 1)?;
            return Some(Self::Cold { active: count(active)?, dormant, success });
        }
        let (k, n) = name.split_once("oo")?;
        let (k, n) = (count(k)?, count(n)?);
        (k <= n).then_some(Self::KOfN { k, n })
    }

    fn id(self) -> String {
        match self {
            Self::KOfN { k, n } => format!("needs-{k}-of-{n}"),
            Self::Cold { active, dormant, success: 1.0 } => format!("cold-{active}-{dormant}"),
            Self::Cold { active, dormant, success } => {
                format!("cold-{active}-{dormant}-switch-{}", success.to_string().replace('.', "-"))
            }
        }
    }

    fn yaml(self) -> String {
        match self {
            Self::KOfN { k, n } => format!("replicas: {n}, redundancy: {{k_of_n: {{need: {k}}}}}"),
            Self::Cold { active, dormant, success } => format!(
                "replicas: {}, redundancy: {{standby: {{mode: cold, active: {active}, switch: {{takes: 0s, success: \
                 {success}}}}}}}",
                active + dormant
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Structure;

    #[test]
    fn structures_are_read_with_any_numbers() {
        let cold = |active, dormant, success| Some(Structure::Cold { active, dormant, success });
        let of = |k, n| Some(Structure::KOfN { k, n });
        let table = [
            ("single", of(1, 1)),
            ("series4", of(4, 4)),
            ("parallel2", of(1, 2)),
            ("3oo7", of(3, 7)),
            ("cold_standby_1+1", cold(1, 1, 1.0)),
            ("cold_2+3", cold(2, 3, 1.0)),
            ("cold_standby_1+1_switch0.9", cold(1, 1, 0.9)),
            ("cold_standby_1+2_switch0.9", None),
            ("4oo3", None),
            ("series0", None),
            ("tree", None),
            ("cold_1+1_switch2", None),
        ];
        for (name, structure) in table {
            assert_eq!(Structure::parse(name), structure, "{name}");
        }
    }
}
