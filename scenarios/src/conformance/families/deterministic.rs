//! Components with constant lives and repairs, all of it said in words: `A lasts 100 h, B 120 h of operation; each repair
//! 10 h; components do not age while the system is down; horizon 300 h.` In series, or in parallel where the id says so.

use super::super::refusal::Refusal;
use super::super::spoken_law::{Token, hours_in, tokens};
use super::super::study::{Engines, HORIZON_MAX_H, Plan};
use super::super::system::{Place, Span, System, reading};
use super::super::{case::Value, study::Reading};
use super::Given;

/// What the description says.
#[derive(Debug, Default)]
struct Said {
    /// Name and life of each component, h.
    lives: Vec<(String, f64)>,
    /// Name and repair of a component that has its own, h.
    repairs: Vec<(String, f64)>,
    repair: Option<f64>,
    horizon: Option<f64>,
}

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    given.params(&[])?;
    let said = Said::parse(given.description())?;
    let incomplete = || Refusal::not_supported("the description says no lives, repairs and horizon");
    let horizon = said.horizon.filter(|h| *h <= HORIZON_MAX_H).ok_or_else(incomplete)?;
    let clock = if given.description().contains("not age while the system is down") { "service" } else { "operating" };
    let t = |hours: f64| given.clock.text(hours);
    let mut components = String::from("components:\n");
    for (name, life) in &said.lives {
        let own = said.repairs.iter().find(|(of, _)| of == name).map(|(_, repair)| *repair);
        let repair = own.or(said.repair).ok_or_else(incomplete)?;
        components.push_str(&format!(
            "  {name}: {{failure_modes: {{out: {{time_to_failure: {}, repair: {}, clock: {clock}}}}}}}\n",
            t(*life),
            t(repair),
        ));
    }
    let names: Vec<&str> = said.lives.iter().map(|(name, _)| name.as_str()).collect();
    let path = match given.id().contains("parallel") {
        true => {
            format!("{{any_of: [{}]}}", names.iter().map(|name| format!("[{name}]")).collect::<Vec<_>>().join(", "))
        }
        false => names.join(", "),
    };
    let shortest = said.lives.iter().map(|(_, life)| *life).fold(f64::INFINITY, f64::min);
    let system = System {
        title: given.id(),
        clock: given.clock,
        sections: format!("{components}journeys: {{system: {{path: [{path}]}}}}\n"),
        events_per_h: 2.0 * names.len() as f64 / shortest,
        settled_h: 0.0,
        horizon_h: Some(horizon),
    };
    let mut plan = Plan::default();
    for (place, expected) in given.answers() {
        let found = match (expected.measure.as_str(), &expected.value) {
            ("system_downtime", Value::Number(_)) => reading("unavailability", horizon, 0.0),
            ("availability", Value::Number(_)) => reading("unavailability", -1.0, 1.0),
            ("failures" | "system_failures", Value::Number(_)) => {
                reading("failure_rate", given.clock.scenario_hours(horizon) / 8760.0, 0.0)
            }
            ("events", Value::Text(_)) => Reading::Outages,
            _ => {
                system.ask(&mut plan, (place, expected));
                continue;
            }
        };
        let entity = "journeys.system".to_owned();
        let found = Place { study: "horizon".to_owned(), entity, reading: found, engines: Engines::SIMULATION };
        system.ask_at(&mut plan, place, (Span::Window(0.0, horizon), found));
    }
    Ok(plan)
}

impl Said {
    fn parse(description: &str) -> Result<Self, Refusal> {
        let mut said = Self::default();
        for clause in description.split([',', ';']) {
            let tokens = tokens(clause);
            let Some(number) = tokens.iter().position(|token| matches!(token, Token::Number(_))) else { continue };
            if tokens[number + 1..].iter().any(|token| matches!(token, Token::Number(_))) {
                return Err(not_understood(clause));
            }
            let hours = match (&tokens[number], tokens.get(number + 1)) {
                (Token::Number(number), Some(Token::Word(unit))) => hours_in(unit).map(|hours| number * hours),
                _ => None,
            };
            let Some(hours) = hours.filter(|hours| *hours > 0.0) else { return Err(not_understood(clause)) };
            let before: Vec<&str> = tokens[..number].iter().filter_map(word).collect();
            match before.as_slice() {
                ["horizon"] => said.horizon = Some(hours),
                ["each", "repair"] | ["repair" | "repairs"] => said.repair = Some(hours),
                [name, "repair"] => said.repairs.push((id(name, clause)?, hours)),
                [name] | [name, "lasts"] => said.lives.push((id(name, clause)?, hours)),
                _ => return Err(not_understood(clause)),
            }
        }
        if said.lives.is_empty() { Err(not_understood(description)) } else { Ok(said) }
    }
}

fn word(token: &Token) -> Option<&str> {
    match token {
        Token::Word(word) => Some(word),
        Token::Number(_) => None,
    }
}

fn not_understood(text: &str) -> Refusal {
    Refusal::not_supported(format!("the description `{}` is not understood", text.trim()))
}

/// A component's name as the scenario's id.
fn id(name: &str, clause: &str) -> Result<String, Refusal> {
    let id = name.to_ascii_lowercase().replace('_', "-");
    if id.len() <= 60 { Ok(id) } else { Err(not_understood(clause)) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::Said;

    #[test]
    fn sentences_are_read_with_any_names_and_numbers() {
        let said = Said::parse(
            "Pump lasts 50 h, Valve 2 d of operation; Pump repair 30 min; each repair 4 h; \
                                components do not age while the system is down; horizon 1000 h.",
        );
        let said = said.unwrap();
        assert_eq!(said.lives, [("pump".to_owned(), 50.0), ("valve".to_owned(), 48.0)]);
        assert_eq!((said.repairs, said.repair), (vec![("pump".to_owned(), 0.5)], Some(4.0)));
        assert_eq!(said.horizon, Some(1000.0));
        for text in ["", "A lasts long", "A lasts 3 parsecs; horizon 4 h", "the 2 h of A and 3 h of B"] {
            assert!(Said::parse(text).is_err(), "{text}");
        }
    }
}
