//! `summary.json`: the small answer, for `jq` and gates.

use ninefold_models::results::{Estimated, Measured, Requirement, VarianceRow, WithInputs};
use serde::Serialize;

use crate::input::ReportInput;
use crate::stopping;
use crate::tables::{engine_name, judged_name, verdict_name};

/// Version of the layout of `summary.json`.
pub const SUMMARY_SCHEMA: u32 = 1;

/// The whole of `summary.json`. NaN and infinite numbers are written as null.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    schema: u32,
    scenario: String,
    seed: u64,
    replications: u64,
    /// What was asked for, where the number made is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    replications_asked: Option<u64>,
    #[serde(skip_serializing_if = "is_zero")]
    parameter_draws: u32,
    measures: Vec<MeasureEntry>,
    requirements: Vec<RequirementEntry>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    variance: Vec<VarianceEntry>,
}

#[derive(Clone, Debug, Serialize)]
struct VarianceEntry {
    method: &'static str,
    asked: &'static str,
    used: bool,
    entity: String,
    ratio: Option<f64>,
    how: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_zero(draws: &u32) -> bool {
    *draws == 0
}

#[derive(Clone, Debug, Serialize)]
struct MeasureEntry {
    entity: String,
    measure: &'static str,
    unit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_h: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantile: Option<f64>,
    #[serde(flatten)]
    estimate: EstimateEntry,
    #[serde(skip_serializing_if = "Option::is_none")]
    inputs: Option<InputsEntry>,
    confidence: f64,
    engine: &'static str,
    exact: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exact_method: Option<&'static str>,
    seen: u64,
}

#[derive(Clone, Debug, Serialize)]
struct RequirementEntry {
    agreement: String,
    verdict: &'static str,
    verdict_by: &'static str,
    verdict_confidence: f64,
    favours: &'static str,
    doubt: f64,
    journey: String,
    indicator: String,
    window: String,
    windows: u64,
    target: f64,
    shortfall: EstimateEntry,
    #[serde(skip_serializing_if = "Option::is_none")]
    shortfall_inputs: Option<InputsEntry>,
    breach_probability: EstimateEntry,
    breach_probability_horizon: EstimateEntry,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct EstimateEntry {
    value: f64,
    standard_error: f64,
    lo: f64,
    hi: f64,
}

/// The interval by inputs and chance.
#[derive(Clone, Copy, Debug, Serialize)]
struct InputsEntry {
    standard_deviation: f64,
    lo: f64,
    hi: f64,
}

impl Summary {
    /// The summary of a run.
    pub fn of(input: &ReportInput<'_>) -> Self {
        let results = input.results;
        Self {
            schema: SUMMARY_SCHEMA,
            scenario: input.about.scenario.clone(),
            seed: results.outcome.seed,
            replications: results.outcome.replications,
            replications_asked: stopping::told(input),
            parameter_draws: results.outcome.parameter_draws,
            measures: results.measures.iter().map(measure_entry).collect(),
            requirements: results.requirements.iter().map(requirement_entry).collect(),
            variance: results.variance.iter().map(variance_entry).collect(),
        }
    }

    /// As indented JSON text with a final newline, keys in the documented order.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("bug: a summary has only string keys");
        text.push('\n');
        text
    }
}

/// The same object as a JSON value, as `run --json` prints it.
pub fn summary_json(input: &ReportInput<'_>) -> serde_json::Value {
    serde_json::to_value(Summary::of(input)).expect("bug: a summary has only string keys")
}

fn measure_entry(m: &Measured) -> MeasureEntry {
    MeasureEntry {
        entity: m.entity.clone(),
        measure: m.measure,
        unit: m.unit.to_string(),
        at_h: m.at_h,
        quantile: m.quantile,
        estimate: estimate_entry(&m.estimate),
        inputs: m.inputs.map(inputs_entry),
        confidence: m.confidence,
        engine: engine_name(m.engine),
        exact: m.exact,
        exact_method: m.exact_method,
        seen: m.seen,
    }
}

fn requirement_entry(r: &Requirement) -> RequirementEntry {
    RequirementEntry {
        agreement: r.agreement.clone(),
        verdict: verdict_name(r.verdict),
        verdict_by: judged_name(r.judged),
        verdict_confidence: r.confidence,
        favours: verdict_name(r.favours),
        doubt: r.doubt,
        journey: r.journey.clone(),
        indicator: r.indicator.clone(),
        window: r.window_kind.clone(),
        windows: r.windows,
        target: r.target,
        shortfall: estimate_entry(&r.shortfall),
        shortfall_inputs: r.shortfall_inputs.map(inputs_entry),
        breach_probability: estimate_entry(&r.breach_probability),
        breach_probability_horizon: estimate_entry(&r.breach_probability_horizon),
    }
}

fn variance_entry(row: &VarianceRow) -> VarianceEntry {
    let VarianceRow { method, asked, used, entity, ratio, how } = row.clone();
    VarianceEntry { method, asked, used, entity, ratio, how }
}

fn estimate_entry(e: &Estimated) -> EstimateEntry {
    EstimateEntry { value: e.value, standard_error: e.standard_error, lo: e.lo, hi: e.hi }
}

const fn inputs_entry(with: WithInputs) -> InputsEntry {
    InputsEntry { standard_deviation: with.standard_deviation, lo: with.lo, hi: with.hi }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::toy_shop::ToyShop;

    #[test]
    fn summary_is_as_documented() {
        insta::assert_snapshot!(Summary::of(&ToyShop::new().input()).to_json());
    }

    #[test]
    fn what_is_not_finite_is_null_in_text_and_value() {
        let mut shop = ToyShop::new();
        shop.results.measures[0].estimate.hi = f64::INFINITY;
        shop.results.measures[0].estimate.standard_error = f64::NAN;
        let value = summary_json(&shop.input());
        let text: serde_json::Value = serde_json::from_str(&Summary::of(&shop.input()).to_json()).unwrap();
        for json in [value, text] {
            assert!(json["measures"][0]["hi"].is_null());
            assert!(json["measures"][0]["standard_error"].is_null());
            assert_eq!(json["measures"][0]["value"], 3.8e-4);
        }
    }
}
