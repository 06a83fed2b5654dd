//! The verdict: one sentence that a reader may take away alone.

use ninefold_models::results::Verdict;

use crate::format;
use crate::input::ReportInput;
use crate::terminal::short;

/// The sentence at the head of the report.
pub fn sentence(input: &ReportInput<'_>) -> String {
    let requirements = &input.results.requirements;
    let named = |verdict: Verdict| -> Vec<&str> {
        requirements.iter().filter(|r| r.verdict == verdict).map(|r| r.agreement.as_str()).collect()
    };
    let (broken, open) = (named(Verdict::NotMet), named(Verdict::Undecided));
    let number = worst(input);
    let judged = match (requirements.len(), broken.len(), open.len()) {
        (0, ..) => String::from("No agreement is stated"),
        (1, 0, 0) => format!("The agreement {} is met", requirements[0].agreement),
        (n, 0, 0) => format!("All {n} agreements are met"),
        (1, 1, _) => format!("The agreement {} is not met", broken[0]),
        (n, b, _) if b > 0 => format!("{b} of {n} agreements {} not met: {}", is_or_are(b), list(&broken)),
        (_, _, u) => {
            format!("{u} {} undecided: {}", if u == 1 { "agreement is" } else { "agreements are" }, list(&open))
        }
    };
    format!("{judged}; {number}.")
}

/// Style class of the verdict: `met`, `not-met`, `undecided`, `plain`.
pub(super) fn class(input: &ReportInput<'_>) -> &'static str {
    let any = |verdict: Verdict| input.results.requirements.iter().any(|r| r.verdict == verdict);
    match () {
        () if any(Verdict::NotMet) => "not-met",
        () if any(Verdict::Undecided) => "undecided",
        () if any(Verdict::Met) => "met",
        () => "plain",
    }
}

/// The entity with the most unavailability, in words.
fn worst(input: &ReportInput<'_>) -> String {
    let entities = input.headline_entities();
    let measured = entities.iter().filter_map(|e| Some((e, input.measure(e, "unavailability")?)));
    let worst = measured.max_by(|a, b| a.1.estimate.value.total_cmp(&b.1.estimate.value));
    let Some((entity, m)) = worst else { return String::from("no unavailability was measured") };
    let downtime = format::downtime_with_error(&format::downtime_of(&m.estimate));
    let which = if entities.len() > 1 { ", the least available," } else { "" };
    let length = downtime.strip_suffix("/y").unwrap_or(&downtime);
    format!("{}{which} is expected to be down for {length} a year ({})", short(entity), format::nines(&m.estimate))
}

const fn is_or_are(n: usize) -> &'static str {
    if n == 1 { "is" } else { "are" }
}

fn list(names: &[&str]) -> String {
    const MOST: usize = 3;
    let shown = names[..names.len().min(MOST)].join(", ");
    if names.len() > MOST { format!("{shown} and {} more", names.len() - MOST) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toy_shop::ToyShop;

    #[test]
    fn the_verdict_names_what_is_broken_and_the_worst_number() {
        let mut shop = ToyShop::new();
        assert_eq!(
            sentence(&shop.input()),
            "1 of 2 agreements is not met: browse-slo; browse, the least available, is expected to be down for \
             40 ± 4 h a year (2.3 nines)."
        );
        shop.results.requirements[1].verdict = Verdict::Met;
        assert!(sentence(&shop.input()).starts_with("All 2 agreements are met; "));
        shop.results.requirements[0].verdict = Verdict::Undecided;
        assert!(sentence(&shop.input()).starts_with("1 agreement is undecided: checkout-slo; "));
        shop.results.requirements.clear();
        assert!(sentence(&shop.input()).starts_with("No agreement is stated; "));
    }
}
