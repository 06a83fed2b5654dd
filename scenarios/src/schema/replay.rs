//! `replay`: what `ninefold replay` shows to a policy of a component.

use super::autoscale::YES_NO;
use super::{Block, NO_FORM, OneOf, Shape, key, required, word};

const COUNT: Shape = Shape::Count { min: 0, max: 1_000_000 };
const VALUE: Shape = Shape::Number { min: -1e12, max: 1e12 };

pub(super) static REPLAY: Block = Block {
    name: "replay",
    keys: &[
        key("component", "whose policy; silent: of the only one that has one", Shape::Id),
        key("replicas", "replicas at the start; default the component's", COUNT),
        key(
            "for",
            "how long; default 1h for a formula, else to the last step of the demand and 30min more",
            Shape::Duration,
        ),
        key("remembers", "what the autoscaler knows at its first look; default `start`", Shape::OneOf(&REMEMBERS)),
        key("demand", "closed loop: demand over time, per second", Shape::OneOf(&DEMAND)),
        key("seen", "what the autoscaler sees, look by look", Shape::List(&Shape::Block(&SEEN))),
        key("advice", "what the metric asks for, look by look", Shape::List(&Shape::OneOf(&ADVICE))),
        key("calls", "calls through the circuit breaker", Shape::List(&Shape::Block(&CALL))),
        key("reclaim", "one spot instance is reclaimed", Shape::OneOf(&RECLAIM)),
        key("nodes", "nodes under the disruption budget", Shape::Block(&NODES)),
    ],
};

static REMEMBERS: OneOf = OneOf {
    name: "memory",
    words: &[
        word("start", "the replicas it finds count as advice, as Kubernetes does it"),
        word("nothing", "no advice was given before"),
    ],
    ..NO_FORM
};

static DEMAND: OneOf = OneOf {
    name: "demand over time",
    plain: Some(Shape::Rate),
    variants: &[
        key("formula", "of the seconds `t`: `500 + 400*sin(2 pi t/3600)`, `9 for t<60, else 1`", Shape::Text),
        key("steps", "values, each from an instant on", Shape::List(&Shape::Block(&DEMAND_STEP))),
        key("list", "values, one after another", Shape::Block(&LIST)),
        key("file", "a CSV file with a column of seconds or instants, and one of values", Shape::Block(&FILE)),
    ],
    ..NO_FORM
};

static DEMAND_STEP: Block = Block {
    name: "demand step",
    keys: &[required("from", "since when", Shape::Duration), required("rate", "demand from then on", Shape::Rate)],
};

static LIST: Block = Block {
    name: "demand list",
    keys: &[
        required("every", "time from one value to the next", Shape::Duration),
        required("values", "demand per second", Shape::List(&Shape::Number { min: 0.0, max: 1e12 })),
    ],
};

static FILE: Block = Block {
    name: "demand file",
    keys: &[
        required("path", "the file, in the scenario's folder or below", Shape::Text),
        key("time", "column of seconds from the start, or of instants; default the first", Shape::Text),
        key("value", "column of demand per second; default the second", Shape::Text),
    ],
};

static SEEN: Block = Block {
    name: "seen",
    keys: &[
        key("pods", "what each pod uses or reports", Shape::List(&Shape::Block(&POD))),
        key("request", "what each pod has asked for; default 1", Shape::Number { min: 1e-9, max: 1e12 }),
        key("value", "one value of the whole; of a forecast, replicas", VALUE),
        key("ready", "ready pods; default all replicas", COUNT),
        key("failed", "the metric cannot be had; default false", Shape::OneOf(&YES_NO)),
        key("replicas", "replicas at this look; default what was decided before", COUNT),
        key("looks", "looks that see the same; default 1", Shape::Count { min: 1, max: 1_000_000 }),
    ],
};

static POD: Block = Block {
    name: "pod",
    keys: &[
        key("usage", "in the unit of the request or the target; default 0", Shape::Number { min: 0.0, max: 1e12 }),
        key("state", "default `ready`", Shape::OneOf(&POD_STATE)),
    ],
};

static POD_STATE: OneOf = OneOf {
    name: "state of a pod",
    words: &[
        word("ready", "ready, with a sample"),
        word("unready", "not ready, or its sample is from before it was"),
        word("missing", "ready, without a sample"),
        word("failed", "failed: counts for nothing"),
        word("pending", "waiting for a place to run"),
        word("deleted", "about to go: counts for nothing"),
    ],
    ..NO_FORM
};

static ADVICE: OneOf = OneOf {
    name: "advice",
    plain: Some(COUNT),
    block: Some(&Block {
        name: "advice",
        keys: &[
            required("replicas", "what the metric asks for", COUNT),
            key("looks", "looks at which it does; default 1", Shape::Count { min: 1, max: 1_000_000 }),
        ],
    }),
    ..NO_FORM
};

static CALL: Block = Block {
    name: "call",
    keys: &[
        required("at", "when it begins", Shape::Duration),
        required("ok", "whether it would succeed", Shape::OneOf(&YES_NO)),
        key("takes", "how long it takes; default 0s", Shape::Duration),
    ],
};

static RECLAIM: OneOf = OneOf { name: "reclaim", words: &[word("once", "one notice of interruption")], ..NO_FORM };

static NODES: Block = Block {
    name: "nodes",
    keys: &[
        required("total", "all nodes of the pool", COUNT),
        key("deleting", "going already; default 0", COUNT),
        key("not_ready", "not ready; default 0", COUNT),
    ],
};
