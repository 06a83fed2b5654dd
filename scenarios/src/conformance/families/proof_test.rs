//! Average probability of failure on demand between proof tests: `lambda_du`, `test_interval_h`; measures
//! `PFDavg_1oo2`, `PFDavg_2oo3_beta10pct`.

use super::super::refusal::Refusal;
use super::super::study::{Engines, HORIZON_MAX_H, Plan};
use super::super::system::{Place, Span, System, reading};
use super::{Given, UNITS_MAX};

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["lambda_du", "test_interval_h"])?;
    let life = params.mean(&[], &["lambda_du"])?;
    let interval = params.number_in("test_interval_h", 1e-6, HORIZON_MAX_H)?;
    let t = given.clock.text(interval);
    let mut plan = Plan::default();
    for (place, expected) in given.answers() {
        let voted = expected.measure.strip_prefix("PFDavg_").and_then(Voted::parse);
        let Some(Voted { k, n, beta }) = voted else {
            plan.refused.push((place, format!("the measure `{}` is not known", expected.measure)));
            continue;
        };
        let shared = match beta {
            0.0 => String::new(),
            _ => format!("domains: {{shared_risk: {{common: {{members: [channels], beta: {beta}}}}}}}\n"),
        };
        let sections = format!(
            "components:\n  channels: {{replicas: {n}, redundancy: {{k_of_n: {{need: {k}}}}}, failure_modes: {{stuck: \
             {{time_to_failure: {}, hidden: {{tested_every: {t}, first_at: {t}, coverage: 1.0}}, repair: {}}}}}}}\n\
             journeys: {{system: {{path: [channels]}}}}\n{shared}",
            given.exponential(life),
            given.clock.text(0.0),
        );
        let (title, clock, events_per_h) = (given.id(), given.clock, 2.0 * f64::from(n) / life);
        let system = System { title, clock, sections, events_per_h, settled_h: 0.0, horizon_h: None };
        let found = Place {
            study: expected.measure.clone(),
            entity: "journeys.system".to_owned(),
            reading: reading("interval_availability_at", -1.0, 1.0),
            engines: Engines::BOTH,
        };
        system.ask_at(&mut plan, place, (Span::Until(interval), found));
    }
    Ok(plan)
}

/// `k` of `n` channels, and the share of their failures that is common.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Voted {
    k: u32,
    n: u32,
    beta: f64,
}

impl Voted {
    fn parse(name: &str) -> Option<Self> {
        let count = |text: &str| text.parse::<u32>().ok().filter(|&n| n >= 1 && u64::from(n) <= UNITS_MAX);
        let (voted, beta) = match name.split_once("_beta") {
            Some((voted, beta)) => (voted, beta.strip_suffix("pct")?.parse::<f64>().ok()? / 100.0),
            None => (name, 0.0),
        };
        let (k, n) = voted.split_once("oo")?;
        let (k, n) = (count(k)?, count(n)?);
        (k <= n && (0.0..=1.0).contains(&beta)).then_some(Self { k, n, beta })
    }
}

#[cfg(test)]
mod tests {
    use super::Voted;

    #[test]
    fn voted_groups_are_read_with_any_numbers() {
        let of = |k, n, beta| Some(Voted { k, n, beta });
        assert_eq!(Voted::parse("1oo3"), of(1, 3, 0.0));
        assert_eq!(Voted::parse("2oo4_beta5pct"), of(2, 4, 0.05));
        assert_eq!(["", "0oo1", "3oo2", "1oo2_beta5", "1oo2_betaxpct"].map(Voted::parse), [None; 5]);
    }
}
