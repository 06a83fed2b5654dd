//! A forecast as an object.

use serde_json::{Value, json};

use super::{ForecastShown, Method, Score, Scored, StepAhead};

/// What `--json` prints and `forecast.json` holds.
pub fn object(shown: &ForecastShown) -> Value {
    json!({
        "schema": 1,
        "file": shown.file,
        "column": shown.column,
        "step": shown.step,
        "seasons": shown.seasons,
        "repaired": shown.repaired,
        "values": shown.history.len(),
        "known": shown.known,
        "level": shown.level,
        "method": shown.methods.first().map(|method| &method.name),
        "peak": {"p10": shown.peak[0], "p50": shown.peak[1], "p90": shown.peak[2]},
        "no_intervals": shown.no_bands,
        "capacity": shown.order.as_ref().map(|order| json!({
            "capacity": order.capacity,
            "risk": order.risk,
            "lead_time": order.lead_time,
            "needed_at": order.needed.as_ref().map(|(_, at)| at),
            "order_by": order.order_by.as_ref().map(|(at, _)| at),
            "too_late": order.order_by.as_ref().map(|(_, past)| past),
        })),
        "held_out": shown.held_out.as_ref().map(|(score, naive)| json!({
            "method": score_object(score),
            "seasonal_naive": naive.as_ref().map(score_object),
        })),
        "scores": shown.scores.iter().map(scored).collect::<Vec<_>>(),
        "methods": shown.methods.iter().map(method).collect::<Vec<_>>(),
        "left_out": shown.left_out.iter().map(|(name, why)| json!({"method": name, "why": why})).collect::<Vec<_>>(),
        "ahead": shown.ahead.iter().map(step).collect::<Vec<_>>(),
    })
}

fn step(step: &StepAhead) -> Value {
    json!({
        "at": step.at,
        "forecast": step.point,
        "low": step.band.map(|band| band.0),
        "high": step.band.map(|band| band.1),
        "p10": step.quantiles[0],
        "p50": step.quantiles[1],
        "p90": step.quantiles[2],
        "p_exhausted": step.exhausted.map(|[value, lo, hi]| json!({"value": value, "lo": lo, "hi": hi})),
        "actual": step.actual,
    })
}

fn scored(scored: &Scored) -> Value {
    json!({
        "first_step": scored.steps.0,
        "last_step": scored.steps.1,
        "n": scored.count,
        "crps": scored.crps,
        "skill": scored.skill,
        "pit": scored.pit,
        "pit_bins": scored.pit_bins,
        "in_80": scored.inside,
        "brier": scored.brier,
    })
}

fn method(method: &Method) -> Value {
    json!({
        "method": method.name,
        "mae": method.mae,
        "mase": method.mase,
        "interval_score": method.interval_score,
        "coverage": method.coverage,
        "origins": method.origins,
    })
}

fn score_object(score: &Score) -> Value {
    json!({
        "mae": score.mae,
        "rmse": score.rmse,
        "mase": score.mase,
        "smape_m4": score.smape_m4,
        "bias": score.bias,
        "coverage": score.coverage,
        "interval_score": score.interval_score,
    })
}
