//! `manifest.json`: what makes the run reproducible, and the digests that prove it was reproduced.

use std::collections::BTreeMap;

use ninefold_models::plan::{Goal, Stopping};
use ninefold_models::results::SteeringRule;
use serde::Serialize;

use crate::input::ReportInput;
use crate::tables::{Digested, SEQUENTIAL_TEST, stopped_name};

/// Version of the layout of the run folder, its tables and its JSON files.
pub(crate) const FORMAT_VERSION: u32 = 1;

/// The whole of `manifest.json`: a pure function of effective scenario, seed, replications and engine.
#[derive(Clone, Debug, Serialize)]
pub struct Manifest {
    tool: &'static str,
    tool_version: &'static str,
    format_version: u32,
    run: String,
    scenario: String,
    scenario_digest: String,
    zone_data_version: String,
    records: Vec<Record>,
    inputs: BTreeMap<String, String>,
    seed: u64,
    replications: u64,
    confidence: f64,
    stopping_rule: Rule,
    stopped: Reached,
    tables: BTreeMap<&'static str, TableEntry>,
}

#[derive(Clone, Debug, Serialize)]
struct Record {
    id: String,
    file: String,
    blake3: String,
    rows: u64,
    rejected: BTreeMap<String, u64>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Rule {
    Fixed { replications: u64 },
    Precision { min: u64, max: u64, measure: Option<String>, relative_half_width: f64 },
    AbsolutePrecision { min: u64, max: u64, measure: Option<String>, absolute_half_width: f64, unit: &'static str },
    Decision { min: u64, max: u64, agreement: Option<String>, confidence: f64, method: &'static str },
    Breach { min: u64, max: u64, agreement: String, missed_at_most: f64, confidence: f64, method: &'static str },
}

#[derive(Clone, Debug, Serialize)]
struct Reached {
    reason: &'static str,
    steering: Option<String>,
    /// `half_width_relative`, `half_width_absolute` or `error_probability`: what the two numbers are.
    quantity: Option<&'static str>,
    asked: Option<f64>,
    reached: Option<f64>,
}

#[derive(Clone, Debug, Serialize)]
struct TableEntry {
    rows: u64,
    blake3: String,
}

impl Manifest {
    /// The manifest of a run with these tables.
    pub fn of(input: &ReportInput<'_>, tables: &[Digested]) -> Self {
        let outcome = &input.results.outcome;
        Self {
            tool: "ninefold",
            tool_version: env!("CARGO_PKG_VERSION"),
            format_version: FORMAT_VERSION,
            run: input.run_id(),
            scenario: input.about.scenario.clone(),
            scenario_digest: input.scenario_digest(),
            zone_data_version: input.about.zone_data.clone(),
            records: records(input),
            inputs: input.inputs.iter().map(|f| (f.name.clone(), hex(&f.bytes))).collect(),
            seed: outcome.seed,
            replications: outcome.replications,
            confidence: outcome.confidence,
            stopping_rule: rule(&input.plan.stopping),
            stopped: Reached {
                reason: stopped_name(outcome.stopped),
                steering: outcome.steering.clone(),
                quantity: outcome.reached.map(|reached| quantity_name(reached.rule)),
                asked: outcome.reached.map(|reached| reached.asked),
                reached: outcome.reached.map(|reached| reached.reached),
            },
            tables: tables.iter().map(|t| (t.name, TableEntry { rows: t.rows, blake3: t.blake3.clone() })).collect(),
        }
    }

    /// As indented JSON text with a final newline.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("bug: a manifest has only string keys");
        text.push('\n');
        text
    }
}

fn records(input: &ReportInput<'_>) -> Vec<Record> {
    let record = |r: &ninefold_models::about::RecordDigest| Record {
        id: r.id.clone(),
        file: r.file.clone(),
        blake3: r.blake3.clone(),
        rows: r.rows,
        rejected: r.rejected.iter().cloned().collect(),
    };
    input.about.records.iter().map(record).collect()
}

fn rule(stopping: &Stopping) -> Rule {
    let (&min, &max, goal) = match stopping {
        Stopping::Fixed(replications) => return Rule::Fixed { replications: *replications },
        Stopping::Until { min, max, goal } => (min, max, goal),
    };
    match goal.clone() {
        Goal::RelativeHalfWidth { measure, at_most } => {
            Rule::Precision { min, max, measure, relative_half_width: at_most }
        }
        Goal::AbsoluteHalfWidth { measure, at_most } => {
            let (absolute_half_width, unit) = (at_most.value(), at_most.unit());
            Rule::AbsolutePrecision { min, max, measure, absolute_half_width, unit }
        }
        Goal::Decision { agreement, confidence } => {
            Rule::Decision { min, max, agreement, confidence, method: SEQUENTIAL_TEST }
        }
        Goal::Breach { agreement, at_most, confidence } => {
            Rule::Breach { min, max, agreement, missed_at_most: at_most, confidence, method: SEQUENTIAL_TEST }
        }
    }
}

const fn quantity_name(rule: SteeringRule) -> &'static str {
    match rule {
        SteeringRule::RelativeHalfWidth => "half_width_relative",
        SteeringRule::AbsoluteHalfWidth { .. } => "half_width_absolute",
        SteeringRule::Decision => "error_probability",
    }
}

fn hex(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::tables::tables;
    use crate::toy_shop::ToyShop;

    #[test]
    fn manifest_has_one_digest_per_table_and_does_not_vary() {
        let shop = ToyShop::new();
        let of = |shop: &ToyShop| {
            let digests: Vec<Digested> = tables(&shop.input()).iter().map(Digested::of).collect();
            Manifest::of(&shop.input(), &digests).to_json()
        };
        let text = of(&shop);
        assert_eq!(text, of(&shop));
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["tables"].as_object().unwrap().len(), tables(&shop.input()).len());
        assert_eq!(json["stopped"]["reason"], "precision");
        assert_eq!(json["stopping_rule"]["precision"]["min"], 200);
    }
}
