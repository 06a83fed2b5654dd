//! A replay as an object.

use ninefold_models::scaling::MILLIONTHS;
use ninefold_models::scaling::closed_loop::Look;
use ninefold_models::scaling::replay::Outcome;
use serde_json::{Value, json};

use super::text::state;
use super::{ReplayShown, ScalingReplay};

/// What `--json` prints and `replay.json` holds. Times are in seconds, demand per second.
pub fn object(shown: &ReplayShown<'_>) -> Value {
    let mut object = json!({
        "schema": 1,
        "scenario": shown.scenario,
        "component": shown.component,
        "assumptions": shown.assumptions.iter().map(|a| json!({"path": a.path, "value": a.value, "reason": a.reason})).collect::<Vec<_>>(),
    });
    match (shown.scaling(), shown.outcome) {
        (Some(scaling), _) => {
            object["measures"] = measures(&scaling);
            object["looks"] = scaling.replay.looks.iter().map(look).collect();
        }
        (None, Outcome::Calls(calls)) => {
            object["rejected"] = json!(calls.iter().filter(|call| !call.permitted).count());
            let call = |call: &ninefold_models::scaling::replay::Called| json!({"at": seconds(call.at.get()), "permitted": call.permitted, "state": state(call.state)});
            object["calls"] = calls.iter().map(call).collect();
        }
        (None, Outcome::Reclaimed(reclaimed)) => {
            object["capacity_gap"] = json!(seconds(reclaimed.gap.get()));
            object["drained"] = json!(reclaimed.drained);
            object["work_lost"] = json!(seconds(reclaimed.lost.get()));
        }
        (None, Outcome::Allowed(nodes)) => object["allowed"] = json!(nodes),
        (None, Outcome::Scaling(_)) => {}
    }
    object
}

fn seconds(ns: i64) -> f64 {
    ns as f64 / 1e9
}

fn measures(scaling: &ScalingReplay<'_>) -> Value {
    let sums = &scaling.replay.sums;
    let mut measures = json!({
        "looks": scaling.replay.looks.len(),
        "max_replicas": sums.most,
        "pod_seconds": sums.pod_time as f64 / 1e9,
        "turns": sums.turns,
        "turns_per_hour": scaling.thrash(),
    });
    if scaling.is_closed {
        measures["least_pod_seconds"] = json!(sums.least_pod_time as f64 / 1e9);
        measures["under_capacity_minutes"] = json!(scaling.short_hours() * 60.0);
        measures["unserved_requests"] = json!(scaling.unserved());
        measures["looks_under_capacity"] = json!(sums.short_looks);
        measures["unserved_at_looks"] = json!(sums.unserved_looks as f64 / MILLIONTHS as f64);
    }
    measures
}

fn look(look: &Look) -> Value {
    let decision = &look.decision;
    let mut object = json!({
        "at": seconds(look.at.get()),
        "from": decision.from,
        "to": decision.to,
        "metric": decision.metric,
        "advice": decision.raw,
        "stabilised": decision.stabilised,
        "reason": decision.reason(),
        "blocked_by": decision.limit.name(),
    });
    if let Some(served) = look.served {
        object["demand"] = json!(served.demand as f64 / MILLIONTHS as f64);
        object["ready"] = json!(served.ready);
    }
    object
}
