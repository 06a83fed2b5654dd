//! The least value with which an agreement holds: on a screen, and as an object.

use std::fmt::Write as _;

use ninefold_models::results::{Estimated, Verdict};
use ninefold_models::size::{Look, Question, Sizing};
use serde_json::{Value, json};

use crate::decision::money;
use crate::format;

/// A sizing with what it is told with.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The scenario's name.
    pub scenario: &'a str,
    /// The path of the number that is sized.
    pub path: &'a str,
    /// What was asked.
    pub question: Question<'a>,
    /// What was found.
    pub sizing: &'a Sizing,
    /// What the least that holds, and one less, cost a year.
    pub costs: Option<(f64, f64)>,
    /// The money of every amount; empty where none is named.
    pub currency: &'a str,
    /// The seed.
    pub seed: u64,
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "holds",
        Verdict::NotMet => "does not hold",
        Verdict::Undecided => "undecided",
    }
}

impl Told<'_> {
    /// The answer on one screen, ending in a newline.
    pub fn text(&self) -> String {
        let mut out = format!("{} · {}\n", self.scenario, self.answer());
        let _ = writeln!(out, "{}, seed {}\n", self.how(), self.seed);
        let head = ["", "", "shortfall", "in the long run", "windows missed", "replications"].map(str::to_owned);
        let lines: Vec<[String; 6]> = std::iter::once(head).chain(self.sizing.looks.iter().map(line)).collect();
        let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
        let widths: [usize; 6] = std::array::from_fn(width);
        for line in &lines {
            let padded: Vec<String> = line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            let _ = writeln!(out, "{}", padded.join("   ").trim_end());
        }
        out.push('\n');
        self.conclude(&mut out);
        out
    }

    fn answer(&self) -> String {
        let Self { path, question, sizing, .. } = self;
        let agreement = question.agreement;
        match sizing.least {
            _ if sizing.stopped.is_some() => format!("stopped before {agreement} was decided"),
            Some(least) => format!("{path} = {least} is the least with which {agreement} holds"),
            None => {
                let top = question.ladder.value(question.ladder.rungs() - 1);
                let decided = sizing.look(top).is_some_and(|look| look.verdict == Verdict::NotMet);
                let said = if decided { "does not hold with any value up to" } else { "is not shown to hold up to" };
                format!("{agreement} {said} {path} = {top}")
            }
        }
    }

    /// What holding means, and how sure it is.
    fn how(&self) -> String {
        let target = self.sizing.looks.first().map_or(f64::NAN, |look| look.requirement.target);
        let what = match self.question.missed_at_most {
            Some(share) => format!("missed in at most {} of windows", format::percent(share)),
            None => format!("{} in the mean", format::target(target)),
        };
        let doubt = format::significant(100.0 * (1.0 - self.question.confidence), 2);
        format!("asked is {what}; wrong with a probability of at most {doubt} %")
    }

    fn conclude(&self, out: &mut String) {
        let Self { question, sizing, .. } = self;
        let _ =
            writeln!(out, "looked at    {} of {} values", sizing.looks.len(), format::grouped(question.ladder.rungs()));
        if let Some(analytic) = sizing.analytic {
            let _ = writeln!(out, "exact        from {analytic} on the target is kept in the long run");
        }
        if let (Some(least), Some(one_less)) = (sizing.least, sizing.one_less()) {
            let (at, below) = (sizing.look(least).map(shortfall), shortfall(one_less));
            let at = at.unwrap_or_default();
            let _ =
                writeln!(out, "one less     {}: {}, {below} instead of {at}", one_less.value, word(one_less.verdict));
        }
        if let Some((least, one_less)) = self.costs {
            let currency = if self.currency.is_empty() { String::new() } else { format!(" {}", self.currency) };
            let saved = money(least - one_less);
            let _ = writeln!(out, "cost a year  {}{currency}, {saved} more than one less", money(least));
        }
    }

    /// The object that `--json` prints.
    pub fn object(&self) -> Value {
        let Self { question, sizing, .. } = self;
        let ladder = question.ladder;
        json!({
            "schema": 1,
            "scenario": self.scenario,
            "agreement": question.agreement,
            "path": self.path,
            "from": ladder.value(0),
            "to": ladder.value(ladder.rungs() - 1),
            "missed_at_most": question.missed_at_most,
            "confidence": question.confidence,
            "error_probability_each": sizing.doubt_each,
            "seed": self.seed,
            "least": sizing.least,
            "exact_long_run_least": sizing.analytic,
            "one_less": sizing.one_less().map(look),
            "cost_per_year": self.costs.map(|costs| costs.0),
            "cost_per_year_one_less": self.costs.map(|costs| costs.1),
            "currency": self.currency,
            "looks": sizing.looks.iter().map(look).collect::<Vec<_>>(),
        })
    }
}

fn shortfall(look: &Look) -> String {
    format::percent_with_error(&look.requirement.shortfall)
}

fn line(look: &Look) -> [String; 6] {
    [
        look.value.to_string(),
        word(look.verdict).to_owned(),
        shortfall(look),
        look.exact
            .map_or_else(|| "not known".to_owned(), |value| format!("{} %", format::significant(100.0 * value, 3))),
        format::percent_with_error(&look.requirement.breach_probability),
        format::grouped(look.replications),
    ]
}

fn look(look: &Look) -> Value {
    let estimate =
        |e: &Estimated| json!({"value": e.value, "standard_error": e.standard_error, "lo": e.lo, "hi": e.hi});
    json!({
        "value": look.value,
        "verdict": word(look.verdict),
        "error_probability": look.doubt,
        "shortfall": estimate(&look.requirement.shortfall),
        "agreed_shortfall": 1.0 - look.requirement.target,
        "exact_long_run_shortfall": look.exact,
        "breach_probability": estimate(&look.requirement.breach_probability),
        "replications": look.replications,
    })
}
