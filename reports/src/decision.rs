//! A decision between options: on a screen, and as an object.

use std::fmt::Write as _;

use ninefold_models::compare::{Comparison, Decision, Less, Marginal, Rule, Weighed};
use ninefold_models::results::Estimated;
use serde_json::{Value, json};

use crate::format;
use crate::terminal::short;

/// A decision with what it is told with.
#[derive(Clone, Copy, Debug)]
pub struct Decided<'a> {
    /// The scenario's name.
    pub scenario: &'a str,
    /// What came of weighing.
    pub decision: &'a Decision,
    /// What was counted, for each option but the baseline.
    pub comparisons: &'a [Comparison],
    /// Labels of each option but the baseline: name and text.
    pub labels: &'a [Vec<(&'static str, String)>],
    /// The money of every amount; empty where none is named.
    pub currency: &'a str,
    /// The seed.
    pub seed: u64,
}

/// The downtime that a decision goes by: exact and without error where every option has it.
pub(crate) fn told_of(option: &Weighed, exact: bool) -> Estimated {
    match option.offer.exact.filter(|_| exact) {
        Some(value) => Estimated { value, standard_error: 0.0, lo: value, hi: value },
        None => option.downtime,
    }
}

/// An amount of money: whole from a thousand on, else three digits.
pub fn money(amount: f64) -> String {
    let sign = if amount < 0.0 { "−" } else { "" };
    let size = amount.abs();
    let text =
        if (1e3..1e15).contains(&size) { format::grouped(size.round() as u64) } else { format::significant(size, 3) };
    format!("{sign}{text}")
}

impl Decided<'_> {
    /// The answer on one screen, ending in a newline.
    pub fn text(&self) -> String {
        let Decision { entity, options, .. } = self.decision;
        let others = options.len() - 1;
        let plural = if others == 1 { "" } else { "s" };
        let mut out = format!("{} · {others} option{plural} beside the baseline\n", self.scenario);
        let replications = format::grouped(self.comparisons.first().map_or(0, |comparison| comparison.replications));
        let _ = writeln!(out, "paired, {replications} replications, seed {}; ± is half of the interval\n", self.seed);
        let _ = writeln!(out, "downtime of {}, min/year", short(entity));
        let lines = self.lines();
        let columns = lines.first().map_or(0, Vec::len);
        let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for line in &lines {
            let cells = line.iter().zip(&widths).filter(|(_, width)| **width > 0);
            let padded: Vec<String> = cells.map(|(cell, width)| format!("{cell:<width$}")).collect();
            let _ = writeln!(out, "{}", padded.join("   ").trim_end());
        }
        out.push('\n');
        self.conclude(&mut out);
        out
    }

    /// A line for each option, the head first; a column that nobody fills stays empty, head and all.
    fn lines(&self) -> Vec<Vec<String>> {
        let Decision { options, front, .. } = self.decision;
        let any = |has: fn(&Weighed) -> bool| options.iter().any(has);
        let (exact, priced) = (
            any(|option| option.offer.exact.is_some()),
            any(|option| option.offer.cost.is_some() && option.delta.is_some()),
        );
        let head = |text: &str, shown: bool| if shown { text.to_owned() } else { String::new() };
        let mut lines = vec![vec![
            String::new(),
            "simulated".to_owned(),
            head("exact", exact),
            "− baseline".to_owned(),
            "P(better)".to_owned(),
            head("cost a year", priced),
            head("for a minute less", priced && front.len() > 1),
        ]];
        for option in options {
            let on_front = if option.on_front && priced { " *" } else { "" };
            lines.push(vec![
                format!("{}{on_front}", format::truncated(&option.offer.name, 40)),
                format::rate_with_error(&option.downtime),
                option.offer.exact.map_or_else(String::new, |value| format::significant(value, 4)),
                option.delta.as_ref().map_or_else(String::new, format::difference),
                option.p_better.map_or_else(String::new, format::confidence),
                if priced { option.yearly.map_or_else(|| "not known".to_owned(), money) } else { String::new() },
                option.marginal.as_ref().map_or_else(String::new, marginal),
            ]);
        }
        lines
    }

    fn conclude(&self, out: &mut String) {
        let Decision { options, front, recommended, exact, .. } = self.decision;
        let name = |place: usize| options[place].offer.name.as_str();
        let priced = options.iter().skip(1).any(|option| option.yearly.is_some());
        if priced {
            let by = if *exact { "by the exact values" } else { "by the simulated values" };
            let along: Vec<&str> = front.iter().map(|&place| name(place)).collect();
            let _ =
                writeln!(out, "front (*)    {}, {by}: no other is both as cheap and as little down", along.join(" → "));
        }
        match recommended {
            Some(best) => {
                let _ = writeln!(out, "recommended  {}: {}", name(best.option), self.why(best.rule));
            }
            None if priced => {
                let _ = writeln!(out, "recommended  none: say what a minute is worth, `--loss-per-minute AMOUNT`");
            }
            None => {
                let _ = writeln!(out, "recommended  none: no option has a `cost`");
            }
        }
        for (place, option) in options.iter().enumerate().filter(|(_, option)| option.less == Some(Less::Undecided)) {
            let _ = writeln!(out, "undecided    whether {} has less downtime than the baseline", name(place));
            debug_assert!(option.delta.is_some(), "the baseline is not compared with itself");
        }
        for (place, labels) in (1..).zip(self.labels).filter(|(_, labels)| !labels.is_empty()) {
            let told: Vec<String> = labels.iter().map(|(key, text)| format!("{key} {text}")).collect();
            let _ = writeln!(out, "noted        {}: {}", name(place), told.join(", "));
        }
    }

    fn why(&self, rule: Rule) -> String {
        let currency = if self.currency.is_empty() { String::new() } else { format!(" {}", self.currency) };
        match rule {
            Rule::LeastTotal { loss_per_minute } => {
                format!("least cost and loss together, at {}{currency} a minute of downtime", money(loss_per_minute))
            }
            Rule::Knee => "the knee of the front, farthest below the line between its ends".to_owned(),
        }
    }

    /// The object that `--json` prints and `comparison.json` holds.
    pub fn object(&self) -> Value {
        let Decision { entity, exact, options, recommended, .. } = self.decision;
        let option = |(place, option): (usize, &Weighed)| {
            let comparison = place.checked_sub(1).and_then(|of| self.comparisons.get(of));
            let labels = place.checked_sub(1).and_then(|of| self.labels.get(of)).into_iter().flatten();
            let labels: serde_json::Map<String, Value> =
                labels.map(|(key, text)| ((*key).to_owned(), json!(text))).collect();
            json!({
                "name": option.offer.name,
                "cost_per_year": option.offer.cost.map(|cost| cost.per_year),
                "cost_once": option.offer.cost.map(|cost| cost.once),
                "cost_spread": option.yearly,
                "downtime": estimate(&option.downtime),
                "downtime_exact": option.offer.exact,
                "delta": option.delta.as_ref().map(estimate),
                "p_better": option.p_better,
                "decided": option.less.map(|less| less != Less::Undecided),
                "on_pareto": option.on_front,
                "cost_per_minute_avoided": option.marginal.map(|m| json!({"value": m.value, "lo": m.lo, "hi": m.hi})),
                "labels": labels,
                "rows": comparison.map(|comparison| comparison.rows.iter().map(row).collect::<Vec<_>>()),
            })
        };
        let rule = |rule: Rule| match rule {
            Rule::LeastTotal { loss_per_minute } => json!({"least_total": {"loss_per_minute": loss_per_minute}}),
            Rule::Knee => json!("knee"),
        };
        json!({
            "schema": 1,
            "scenario": self.scenario,
            "entity": entity,
            "currency": self.currency,
            "seed": self.seed,
            "replications": self.comparisons.first().map_or(0, |comparison| comparison.replications),
            "by_exact_values": exact,
            "options": options.iter().enumerate().map(option).collect::<Vec<_>>(),
            "recommended": recommended.map(|best| json!({
                "option": options[best.option].offer.name,
                "rule": rule(best.rule),
            })),
        })
    }
}

/// `188 (180 to 199)`; without an interval where nothing is uncertain.
fn marginal(of: &Marginal) -> String {
    let value = money(of.value);
    match (of.lo == of.hi, of.hi.is_finite()) {
        (true, _) => value,
        (_, true) => format!("{value} ({} to {})", money(of.lo), money(of.hi)),
        (_, false) => format!("{value} (at least {})", money(of.lo)),
    }
}

fn estimate(e: &Estimated) -> Value {
    json!({"value": e.value, "standard_error": e.standard_error, "lo": e.lo, "hi": e.hi})
}

fn row(row: &ninefold_models::compare::ComparedRow) -> Value {
    json!({
        "entity": row.entity,
        "measure": row.measure,
        "unit": row.unit,
        "quantile": row.quantile,
        "baseline": estimate(&row.a),
        "option": estimate(&row.b),
        "delta": estimate(&row.delta),
        "p_better": row.p_b_better,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod tests {
    use ninefold_models::compare::{Cost, Offer, Recommended};

    use super::*;

    pub(crate) fn decision() -> Decision {
        let point = |value: f64| Estimated { value, standard_error: 0.02 * value, lo: 0.96 * value, hi: 1.04 * value };
        let option = |name: &str, per_year: Option<f64>, minutes: f64| Weighed {
            offer: Offer {
                name: name.into(),
                cost: per_year.map(|per_year| Cost { per_year, once: 0.0 }),
                exact: None,
            },
            yearly: per_year,
            downtime: point(minutes),
            delta: (name != "baseline").then(|| point(-minutes.max(1.0))).map(|e| Estimated {
                lo: e.hi,
                hi: e.lo,
                ..e
            }),
            p_better: (name != "baseline").then_some(0.999_9),
            less: (name != "baseline").then_some(if name == "unpriced" { Less::Undecided } else { Less::B }),
            on_front: per_year.is_some_and(|cost| cost < 15_000.0),
            marginal: (name == "second").then_some(Marginal { value: 25.2, lo: 24.0, hi: f64::INFINITY }),
        };
        Decision {
            entity: "journeys.buy".into(),
            exact: false,
            options: vec![
                option("baseline", Some(0.0), 500.0),
                option("second", Some(12_500.0), 4.0),
                option("second-and-worse", Some(15_000.0), 6.0),
                option("unpriced", None, 3.0),
            ],
            front: vec![0, 1],
            recommended: Some(Recommended { option: 1, rule: Rule::LeastTotal { loss_per_minute: 40.0 } }),
        }
    }

    #[test]
    fn a_decision_reads_as_agreed() {
        let decision = decision();
        let labels = [vec![("owner", "ops".to_owned())], vec![], vec![]];
        let told = Decided {
            scenario: "shop",
            decision: &decision,
            comparisons: &[],
            labels: &labels,
            currency: "EUR",
            seed: 7,
        };
        let text = told.text();
        for said in [
            "shop · 3 options beside the baseline\n",
            "downtime of buy, min/year\n",
            "\nsecond *   ",
            "12,500",
            "25.2 (at least 24.0)",
            "not known",
            "front (*)    baseline → second, by the simulated values",
            "recommended  second: least cost and loss together, at 40.0 EUR a minute of downtime\n",
            "undecided    whether unpriced has less downtime than the baseline\n",
            "noted        second: owner ops\n",
        ] {
            assert!(text.contains(said), "{said:?} is not in\n{text}");
        }
        assert!(!text.contains(" exact ") && !text.contains("NaN"), "{text}");
        let object = told.object();
        assert_eq!(object["recommended"]["option"], "second");
        assert_eq!(object["options"][1]["cost_per_minute_avoided"]["hi"], Value::Null);
        assert_eq!(object["options"][3]["cost_per_year"], Value::Null);
    }

    #[test]
    fn amounts_are_whole_where_they_are_large() {
        let cases = [(0.0, "0"), (3.456, "3.46"), (-1200.4, "−1,200"), (310_000.0, "310,000"), (2e15, "2.00e15")];
        for (amount, text) in cases {
            assert_eq!(money(amount), text);
        }
    }
}
