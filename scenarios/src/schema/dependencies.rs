//! `dependencies`: edges between components.

use super::autoscale::BREAKER;
use super::uncertain::UNCERTAIN_RATIO;
use super::{Block, Key, NO_FORM, OneOf, Shape, key, later, required, word};

pub(super) static DEPENDENCIES: Block = Block {
    name: "dependencies",
    keys: &[
        key("edges", "who needs whom", Shape::List(&Shape::Block(&EDGE))),
        key("defaults", "what every edge says that does not say otherwise", Shape::Block(&DEFAULTS)),
    ],
};

static FROM: OneOf = OneOf {
    name: "from",
    words: &[word("*", "every component that is not a vendor, not the target and not needed by the target")],
    plain: Some(Shape::Id),
    ..NO_FORM
};

static NEED: OneOf = OneOf {
    name: "need",
    words: &[
        word("hard", "the caller is down without it"),
        word("soft", "the caller answers with the quality of its fallback"),
        word("async", "as soft, off the caller's own path"),
    ],
    ..NO_FORM
};

const TIMEOUT: Key =
    key("timeout", "how long the caller waits; with `retries`, or request by request", Shape::Duration);
const RETRIES: Key = key("retries", "how often it tries again; with `timeout`", Shape::Count { min: 1, max: 999 });
const BACK_OFF: Key =
    key("backoff", "how long it waits before it tries again; request by request only", Shape::Block(&BACKOFF));
const BUDGET: Key =
    key("retry_budget", "what retries are paid with; request by request only", Shape::OneOf(&RETRY_BUDGET));

static DEFAULTS: Block = Block { name: "edge defaults", keys: &[TIMEOUT, RETRIES, BACK_OFF, BUDGET] };

static EDGE: Block = Block {
    name: "edge",
    keys: &[
        required("from", "the component that calls, or `\"*\"`", Shape::OneOf(&FROM)),
        required("to", "the component that is called", Shape::Id),
        required("need", "what the loss of `to` does to `from`", Shape::OneOf(&NEED)),
        key("fallback", "what a soft or async caller does meanwhile", Shape::Block(&FALLBACK)),
        TIMEOUT,
        RETRIES,
        BACK_OFF,
        BUDGET,
        key("breaker", "circuit breaker; request by request only", Shape::Block(&BREAKER)),
        key(
            "cache",
            "what each unit of the caller knows without calling; request by request only",
            Shape::Block(&super::shedding::CACHE),
        ),
        key("share", "share of calls that go on; default 1", Shape::Ratio),
        key("visits", "calls for each that goes on; default 1", Shape::Number { min: 0.0, max: 1e6 }),
    ],
};

pub(super) static BACKOFF: Block = Block {
    name: "backoff",
    keys: &[
        required("base", "the wait before the first retry; doubled for each further one", Shape::Duration),
        key("cap", "longest wait; default `base`", Shape::Duration),
        key("jitter", "default `none`", Shape::OneOf(&JITTER)),
    ],
};

static JITTER: OneOf = OneOf {
    name: "jitter",
    words: &[word("full", "uniform between 0 and the wait"), word("none", "the wait itself")],
    ..NO_FORM
};

pub(super) static RETRY_BUDGET: OneOf = OneOf {
    name: "retry budget",
    plain: Some(Shape::Ratio),
    block: Some(&Block {
        name: "retry budget",
        keys: &[
            required("ratio", "what a first attempt adds; a retry takes 1", Shape::Number { min: 0.0, max: 1e6 }),
            required(
                "cap",
                "most that can be saved up, and what is there at the start",
                Shape::Number { min: 1.0, max: 1e6 },
            ),
        ],
    }),
    variants: &[
        key(
            "aws",
            "as clients of AWS in their standard mode: a success gives back what its retry took",
            Shape::Block(&AWS),
        ),
        key("grpc", "as clients of gRPC throttle: a failure takes 1, retries are made above half", Shape::Block(&GRPC)),
    ],
    ..NO_FORM
};

const TOKENS: Shape = Shape::Number { min: 1.0, max: 1e6 };

static AWS: Block = Block {
    name: "budget of AWS clients",
    keys: &[
        key("tokens", "at the start, and at most; default 500", TOKENS),
        key("retry", "what a retry takes; default 5", Shape::Number { min: 0.0, max: 1e6 }),
        key("timeout", "what a retry after a timeout takes; default 10", Shape::Number { min: 0.0, max: 1e6 }),
    ],
};

static GRPC: Block = Block {
    name: "throttle of gRPC clients",
    keys: &[
        key("tokens", "at the start, and at most; default 10", TOKENS),
        key("token_ratio", "what a success adds; default 0.1", Shape::Number { min: 1e-3, max: 1e6 }),
    ],
};

static FALLBACK: Block = Block {
    name: "fallback",
    keys: &[
        required("quality", "quality of the answer without the target", UNCERTAIN_RATIO),
        key("serve", "what is served; a label", Shape::Text),
        later("max_age", "how long it can be served"),
        later("route", "another component to call"),
        later("extra_cost", "price of a call by the other route"),
        later("capacity", "capacity of the other route"),
        later("verified_every", "how often the other route is tried"),
        later("queue", "how long work can wait"),
    ],
};
