//! The answer so far, for a terminal while a run goes on.

use ninefold_models::assess::Outlook;
use ninefold_models::results::{Judged, Measured, Requirement, Verdict};

use crate::terminal::{label_width, labelled, mttf_words, short, unavailability_words, verdict_words, window_words};
use crate::{format, stopping};

/// Agreements before the rest is left to the final answer.
const AGREEMENTS_MAX: usize = 5;

/// The lines of an outlook: how far the run is, the entities, the verdicts so far.
pub fn lines(outlook: &Outlook) -> Vec<String> {
    let done = format::grouped(outlook.replications);
    let mut lines = vec![if outlook.replications < outlook.least {
        format!("preliminary, from {done} of at least {} replications", format::grouped(outlook.least))
    } else {
        format!("so far, from {done} replications")
    }];
    let entities: Vec<String> = outlook.measures.iter().map(|m| m.entity.clone()).collect();
    let width = label_width(&entities);
    lines.extend(outlook.measures.iter().map(|m| labelled(width, short(&m.entity), &measure(m))));
    let agreements = outlook.requirements.iter().take(AGREEMENTS_MAX);
    lines.extend(agreements.map(|r| labelled(width, "agreement", &agreement(r))));
    lines
}

fn measure(m: &Measured) -> String {
    if m.measure == "mttf" {
        return mttf_words(m);
    }
    let downtime = format::downtime(&format::downtime_of(&m.estimate));
    [unavailability_words(m), format::nines(&m.estimate), downtime].join("   ")
}

/// A verdict may still change: it says so.
fn agreement(r: &Requirement) -> String {
    let verdict = match (r.judged, r.verdict) {
        (Judged::SequentialTest, Verdict::Undecided) if r.doubt < 1.0 => {
            format!("undecided so far ({} for {})", stopping::confidence(r.doubt), verdict_words(r.favours))
        }
        (_, verdict) => format!("{} so far", verdict_words(verdict)),
    };
    format!("{} {} {}: {verdict}", r.agreement, format::target(r.target), window_words(&r.window_kind).0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toy_shop::ToyShop;

    #[test]
    fn an_outlook_says_how_much_it_rests_on() {
        let shop = ToyShop::new();
        let is_main = |m: &&Measured| m.measure == "unavailability" && m.entity.starts_with("journeys.");
        let measures: Vec<Measured> = shop.results.measures.iter().filter(is_main).cloned().collect();
        let requirements = shop.results.requirements.clone();
        let mut outlook = Outlook { replications: 64, least: 256, measures, requirements };
        let slo = &mut outlook.requirements[0];
        (slo.judged, slo.verdict, slo.favours, slo.doubt) =
            (Judged::SequentialTest, Verdict::Undecided, Verdict::Met, 0.2);
        let early = lines(&outlook);
        assert_eq!(early[0], "preliminary, from 64 of at least 256 replications");
        assert!(early[1].starts_with("checkout   unavailability 3.8e-4 ± 0.4e-4"), "{}", early[1]);
        assert!(early.iter().any(|line| line.ends_with("undecided so far (80 % for met)")), "{early:?}");
        outlook.replications = 1024;
        assert_eq!(lines(&outlook)[0], "so far, from 1,024 replications");
    }
}
