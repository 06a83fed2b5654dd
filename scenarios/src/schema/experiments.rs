//! `experiments`: what is done to the system on purpose, inside the model.

use super::{Block, NO_FORM, OneOf, Shape, key, later, required, word};

pub(super) static EXPERIMENT_SHAPE: Shape = Shape::Block(&EXPERIMENT);

static EXPERIMENT: Block = Block {
    name: "experiment",
    keys: &[
        key("inject", "what is done, and to whom; required but of a load test", Shape::Block(&INJECTION)),
        key(
            "at",
            "when: an instant, or a duration since the start; or a list of them",
            Shape::OneOf(&OneOf {
                name: "time of an experiment",
                plain: Some(Shape::Text),
                list: Some(&Shape::List(&Shape::Text)),
                ..NO_FORM
            }),
        ),
        key("rate", "how often, instead of `at`; exponential times between", Shape::Rate),
        key("for", "how long; silent: until the injected `mode` is repaired", Shape::Duration),
        key(
            "share",
            "share of the component's units that is struck, rounded down; of an edge the share of its calls; default 1",
            Shape::Ratio,
        ),
        key("abort_if", "when it is given up at once, and not begun", Shape::Block(&ABORT)),
        key(
            "hypothesis",
            "what it is to show; where that does not hold before, it is not begun",
            Shape::Block(&HYPOTHESIS),
        ),
        later("plan", "a drill of a failover plan; say it as `test` of the plan"),
        later("method", "how a plan is drilled; say it as `test` of the plan"),
        key("journey", "of a load test: whose demand is raised", Shape::Id),
        key("profile", "of a load test: how its demand rises, in place of what it is else", Shape::Block(&LOAD)),
        key("mode", "of a load test: how it is simulated", Shape::OneOf(&LOAD_MODE)),
        key(
            "target",
            "of a load test: within what time a share of the requests of a step is to be answered",
            Shape::Block(&TARGET),
        ),
    ],
};

static LOAD: Block = Block {
    name: "load profile",
    keys: &[
        required("from", "rate at the beginning", Shape::Rate),
        required("to", "rate at the end, at least `from`", Shape::Rate),
        required("ramp", "time in which it rises, in 20 steps", Shape::Duration),
        key("hold", "how long it then stays; default 0s", Shape::Duration),
        later("users", "users who join, instead of a rate"),
    ],
};

static LOAD_MODE: OneOf =
    OneOf { name: "mode of a load test", words: &[word("request_level", "request by request")], ..NO_FORM };

static TARGET: Block = Block {
    name: "target of a load test",
    keys: &[
        key("p50", "time in which half of the requests are answered", Shape::Duration),
        key("p95", "time in which 95 % are", Shape::Duration),
        key("p99", "time in which 99 % are", Shape::Duration),
    ],
};

static INJECTION: Block = Block {
    name: "injection",
    keys: &[
        key("component", "the component whose units are struck", Shape::Id),
        key("domain", "the domain that is struck, instead of a component", Shape::Id),
        key("mode", "a failure mode of it that is brought about; silent: it is down", Shape::Id),
        key("capacity", "factor on the capacity of each unit struck, instead of a `mode`; default 1", Shape::Ratio),
        key(
            "errors",
            "share of what each unit struck serves, or of calls on the edge, that fails, instead of a `mode`; default 0",
            Shape::Ratio,
        ),
        key("units", "how many units are struck, instead of `share`", Shape::Count { min: 1, max: 1_000_000 }),
        key(
            "edge",
            "caller and called: calls on that edge are struck, instead of a component; silent, it is cut",
            Shape::List(&Shape::Id),
        ),
        key(
            "latency",
            "of an edge: by how much its calls are slower; they fail, as the caller does not wait so long",
            Shape::Duration,
        ),
        later("demand", "factor on demand; `calendar.peaks` raises it"),
    ],
};

static ABORT: Block = Block {
    name: "abort rule",
    keys: &[
        required("journey", "the journey that it must not harm", Shape::Id),
        required("success_below", "it is given up when less of the journey's demand is served", Shape::Ratio),
    ],
};

static HYPOTHESIS: Block = Block {
    name: "hypothesis",
    keys: &[
        required("journey", "the journey", Shape::Id),
        required("success_at_least", "share of its demand that is served all the time", Shape::Ratio),
    ],
};
