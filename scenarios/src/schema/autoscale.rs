//! `autoscale`, and the other policies that `ninefold replay` plays against: circuit breaker, disruption budget.

use super::{Block, NO_FORM, OneOf, Shape, key, later, required, word};

const REPLICAS: Shape = Shape::Count { min: 0, max: 1_000_000 };
const VALUE: Shape = Shape::Number { min: -1e12, max: 1e12 };

pub(super) static AUTOSCALE: Block = Block {
    name: "autoscale",
    keys: &[
        key("metric", "what is measured", Shape::OneOf(&METRIC)),
        key(
            "target",
            "what the metric is held to: a share for `utilization`, else a number or a rate",
            Shape::OneOf(&TARGET),
        ),
        key("metrics", "several metrics, of which the largest advice counts", Shape::List(&Shape::Block(&MEASURED))),
        key("tolerance", "no change while metric ÷ target is within 1 ± this; default 0.1", Shape::OneOf(&TOLERANCE)),
        key("interval", "time between looks; default 15s, 60s for AWS policies", Shape::Duration),
        key("metric_delay", "age of the metric at a look; default 0s", Shape::Duration),
        key("min", "fewest replicas; default 1", REPLICAS),
        key("max", "most replicas; a run needs it", Shape::Count { min: 1, max: 1_000_000 }),
        key("up", "how fast it may add replicas; default 100 % or 4 pods per 15s", Shape::Block(&DIRECTION)),
        key("down", "how fast it may remove them; default 100 % per 15s, after 300s", Shape::Block(&DIRECTION)),
        key("behavior", "`none`: as a manifest that gives no `behavior`", Shape::OneOf(&BEHAVIOR)),
        key("fallback", "KEDA: what is asked for while the metric fails", Shape::Block(&FALLBACK)),
        key("zero", "KEDA: from zero to one and back; `min` is 0", Shape::Block(&ZERO)),
        key("steps", "AWS step scaling, in place of `metric` and `target`", Shape::Block(&STEPS)),
        key("target_tracking", "AWS target tracking, approximately", Shape::Block(&TARGET_TRACKING)),
        key(
            "predictive",
            "AWS predictive scaling: raise to the forecast, never lower; alone or, in a run, beside another",
            Shape::Block(&PREDICTIVE),
        ),
        key(
            "cooldown",
            "how long a change holds the next one; at most 1h beside `metric`; default 0s",
            Shape::OneOf(&COOLDOWN),
        ),
        key("scheduled", "spans in which there are at least so many replicas", Shape::List(&Shape::Block(&SCHEDULED))),
        key(
            "nodes",
            "the nodes that replicas run on; silent: there is a place for each",
            Shape::Block(&super::nodes::NODES_OF),
        ),
        key(
            "manifest",
            "a HorizontalPodAutoscaler (`autoscaling/v2`) in a file beside the scenario; what stands here overrides it",
            Shape::Text,
        ),
        key("metrics_from", "the component through which metrics come: none while it is down", Shape::Id),
    ],
};

static COOLDOWN: OneOf = OneOf {
    name: "cooldown",
    plain: Some(Shape::Duration),
    block: Some(&Block {
        name: "cooldown",
        keys: &[
            key("out", "before more replicas; default 0s", Shape::Duration),
            key("in", "before fewer; default 0s", Shape::Duration),
        ],
    }),
    ..NO_FORM
};

static SCHEDULED: Block = Block {
    name: "scheduled scaling",
    keys: &[
        required("min", "fewest replicas meanwhile", REPLICAS),
        key("window", "a window that comes again every week", Shape::OneOf(&super::weekly::WINDOW)),
        key("from", "or an instant at which it begins", Shape::Instant),
        key("for", "with `from`: how long", Shape::Duration),
    ],
};

static METRIC: OneOf = OneOf {
    name: "scaling metric",
    words: &[word("utilization", "use ÷ what the ready replicas can serve, whole percent")],
    variants: &[
        key("per_replica", "one value ÷ replicas, by this name (`AverageValue`)", Shape::Text),
        key("each_pod", "mean of what ready replicas report, by this name (`Pods`)", Shape::Text),
        key("value", "one value, whose ratio multiplies the ready replicas (`Value`)", Shape::Text),
    ],
    ..NO_FORM
};

static TARGET: OneOf = OneOf { name: "scaling target", plain: Some(Shape::Text), ..NO_FORM };

static MEASURED: Block = Block {
    name: "measured",
    keys: &[
        required("metric", "what is measured", Shape::OneOf(&METRIC)),
        required("target", "what it is held to", Shape::OneOf(&TARGET)),
    ],
};

static TOLERANCE: OneOf = OneOf {
    name: "tolerance",
    plain: Some(Shape::Ratio),
    block: Some(&Block {
        name: "tolerance",
        keys: &[key("up", "above 1", Shape::Ratio), key("down", "below 1", Shape::Ratio)],
    }),
    ..NO_FORM
};

static BEHAVIOR: OneOf = OneOf {
    name: "behavior",
    words: &[word("none", "up to twice the replicas or 4, whichever is more, at each look; down after 300s")],
    ..NO_FORM
};

static SELECT: OneOf = OneOf {
    name: "selection of a policy",
    words: &[
        word("max", "the policy that allows the most change"),
        word("min", "the policy that allows the least"),
        word("disabled", "no change in this direction"),
    ],
    ..NO_FORM
};

const PERCENT: Shape = Shape::Count { min: 1, max: 1_000_000 };

static DIRECTION: Block = Block {
    name: "scaling direction",
    keys: &[
        key("policy", "one or two policies of one period", Shape::Block(&POLICY)),
        key("policies", "policies, each with its period", Shape::List(&Shape::Block(&POLICY))),
        key("select", "which of several counts; default `max`", Shape::OneOf(&SELECT)),
        key("stabilization", "how long advice against this direction is remembered, at most 1h", Shape::Duration),
    ],
};

static POLICY: Block = Block {
    name: "scaling policy",
    keys: &[
        key("percent", "at most so many percent of the replicas at the period's start", PERCENT),
        key("pods", "at most so many replicas", PERCENT),
        required("per", "the period, at most 30min", Shape::Duration),
        key("select", "in `policy`: which of the two counts", Shape::OneOf(&SELECT)),
    ],
};

static FALLBACK: Block = Block {
    name: "metric fallback",
    keys: &[
        required("after", "failures in a row that are borne", Shape::Count { min: 0, max: 1_000_000 }),
        required("replicas", "replicas asked for then", REPLICAS),
    ],
};

static ZERO: Block = Block {
    name: "zero",
    keys: &[
        key("activation", "the metric is active above this value; default 0", VALUE),
        key("cooldown", "time without activity before all replicas go; default 300s", Shape::Duration),
        key("poll", "time between looks for activity, a multiple of `interval`; default 30s", Shape::Duration),
    ],
};

static ADJUST: OneOf = OneOf {
    name: "adjust",
    words: &[
        word("percent", "percent of the capacity; fractions towards zero, but at least 1"),
        word("change", "instances more or less"),
        word("exact", "this capacity"),
    ],
    ..NO_FORM
};

static STEPS: Block = Block {
    name: "scaling steps",
    keys: &[
        key("threshold", "the alarm's threshold, in the unit of the metric; default 0", VALUE),
        required("adjust", "what a change counts", Shape::OneOf(&ADJUST)),
        key("out", "steps at or above the threshold", Shape::List(&Shape::Block(&STEP))),
        key("in", "steps below it", Shape::List(&Shape::Block(&STEP))),
        key("least_change", "for `percent`: least change, instances", REPLICAS),
        key("warmup", "how long a new instance warms up; default 0s", Shape::Duration),
        key(
            "cooldown",
            "simple scaling: the whole policy waits so long after a change; silent: it does not",
            Shape::Duration,
        ),
    ],
};

static STEP: Block = Block {
    name: "scaling step",
    keys: &[
        key("from", "lower bound, relative to the threshold; silent: none", VALUE),
        key("to", "upper bound, relative to the threshold; silent: none", VALUE),
        required("change", "how much", VALUE),
    ],
};

static TRACKED: OneOf = OneOf {
    name: "tracked target",
    plain: Some(Shape::Number { min: 1e-9, max: 1e12 }),
    variants: &[key("backlog", "the backlog an instance works off in an acceptable time", Shape::Block(&BACKLOG))],
    ..NO_FORM
};

static BACKLOG: Block = Block {
    name: "backlog",
    keys: &[
        required("latency", "acceptable time to the end of a message", Shape::Duration),
        required("service_time", "time for one message", Shape::Duration),
    ],
};

pub(super) static YES_NO: OneOf =
    OneOf { name: "answer", words: &[word("true", "yes"), word("false", "no")], ..NO_FORM };

static TARGET_TRACKING: Block = Block {
    name: "target tracking",
    keys: &[
        required("target", "metric per instance that is held", Shape::OneOf(&TRACKED)),
        key("scale_in", "whether it may remove instances; default true", Shape::OneOf(&YES_NO)),
        key("warmup", "how long a new instance warms up; default 0s", Shape::Duration),
    ],
};

static PREDICTIVE: Block = Block {
    name: "predictive",
    keys: &[
        key("target", "share of what replicas can serve that the forecast is to need; a run needs it", Shape::Ratio),
        later("refresh", "how often the forecast is made anew"),
    ],
};

pub(super) static DISRUPTION: Block = Block {
    name: "disruption",
    keys: &[required("max_share", "largest share of the nodes out, rounded up to a node", Shape::Ratio)],
};

const CALLS: Shape = Shape::Count { min: 1, max: 1_000_000 };

pub(super) static BREAKER: Block = Block {
    name: "breaker",
    keys: &[
        key("window", "calls that are remembered; default 100", CALLS),
        key("minimum_calls", "calls before anything is decided; default 100", CALLS),
        key("open_above", "share of failures at which it opens; default 0.5", Shape::Ratio),
        key("slow_above", "a call that takes longer is slow; silent: none is", Shape::Duration),
        key("slow_share", "share of slow calls at which it opens; default 1", Shape::Ratio),
        key("wait", "how long it stays open; default 60s", Shape::Duration),
        key("half_open", "trial calls after that; default 10", CALLS),
        key("half_open_at_most", "longest time half-open; silent: no end", Shape::Duration),
    ],
};
