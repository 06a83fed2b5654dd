use ninefold_models::scaling::closed_loop::Surroundings;
use ninefold_models::scaling::hpa::{Behavior, Hpa, HpaSpec, Remembered, Target, Tolerance};
use ninefold_models::scaling::karpenter_budget::Nodes;
use ninefold_models::scaling::spot::Reclaim;
use ninefold_models::scaling::{Demand, Scaler};

use super::*;
use crate::figures::replicas_over_time;
use crate::tables::autoscale_events;

const HOSTILE: &str = "</svg><script>alert(1)</script>";

fn seconds(s: i64) -> Tick {
    Tick::new(s * 1_000_000_000)
}

fn task(length: i64) -> Task {
    let spec = HpaSpec {
        targets: vec![Target::PerReplica(50.0)],
        min: 2,
        max: 60,
        tolerance: Tolerance::default(),
        behavior: Some(Behavior::default()),
        cooldown: Default::default(),
    };
    let demand = Demand::new(&[(Tick::ZERO, 100.0), (seconds(300), 900.0)]).unwrap();
    let around = Surroundings {
        replicas: 10,
        per_replica: 50 * MILLIONTHS,
        interval: seconds(15),
        length: seconds(length),
        metric_delay: Tick::ZERO,
        pod_start: seconds(40),
    };
    Task::Demand(Box::new(Scaler::Hpa(Hpa::new(spec, Remembered::Start))), demand, around)
}

fn shown<'a>(task: &'a Task, outcome: &'a Outcome) -> ReplayShown<'a> {
    ReplayShown { scenario: "launch", component: HOSTILE, assumptions: &[], task, outcome }
}

#[test]
fn text_figure_table_and_object_are_of_the_same_looks() {
    let task = task(900);
    let outcome = task.run();
    let shown = shown(&task, &outcome);
    let scaling = shown.scaling().unwrap();
    let text = text(&shown);
    assert!(text.contains("60 looks") && text.contains("0:05:00") && text.contains("18"), "{text}");
    let table = autoscale_events(&scaling);
    assert_eq!((table.rows(), table.frame().unwrap().height()), (60, 60));
    let object = object(&shown);
    assert_eq!(object["looks"].as_array().unwrap().len(), 60);
    // 15 minutes at 50/s a pod: from 300 s on 900/s are asked for, 500/s served until the new pods are there.
    assert_eq!(object["measures"]["unserved_requests"], 400.0 * 40.0);
    let figure = replicas_over_time(&scaling).unwrap();
    assert!(!figure.svg.contains("<script") && figure.svg.matches("</svg>").count() == 1);
    assert!(!figure.svg.contains("NaN") && figure.svg.contains("prefers-color-scheme: dark"));
    assert!(figure.alt.contains("60 looks"), "{}", figure.alt);
}

#[test]
fn what_has_nothing_to_draw_still_says_something() {
    let none = task(0);
    let outcome = none.run();
    assert!(replicas_over_time(&shown(&none, &outcome).scaling().unwrap()).is_none());
    assert!(text(&shown(&none, &outcome)).contains("0 looks"));
    let reclaim = Task::Reclaim(Reclaim { lead: seconds(30), boot: seconds(90), drain: seconds(20) });
    let outcome = reclaim.run();
    assert!(text(&shown(&reclaim, &outcome)).contains("1.0 min without it"), "{}", text(&shown(&reclaim, &outcome)));
    assert_eq!(object(&shown(&reclaim, &outcome))["capacity_gap"], 60.0);
    let budget = Task::Budget(Nodes { total: 19, deleting: 0, not_ready: 1 }, 0.2);
    let outcome = budget.run();
    assert!(text(&shown(&budget, &outcome)).contains("3 nodes may be taken away"));
}
