//! `metastability` of a measure: load against the size of a trigger.

use super::autoscale::BREAKER;
use super::dependencies::{BACKOFF, RETRY_BUDGET};
use super::queues::ON_TIMEOUT;
use super::{Block, NO_FORM, OneOf, Shape, key, required, word};

const STEPS: Shape = Shape::Count { min: 1, max: ninefold_models::system::STEPS_OF_MAP_MAX as u64 };

pub(super) static METASTABILITY: Block = Block {
    name: "map of metastability",
    keys: &[
        required("call", "who calls whom: an edge with `timeout` and `retries`", Shape::List(&Shape::Id)),
        required("trigger", "what happens, and for how long at most", Shape::OneOf(&TRIGGER)),
        key("sizes", "lengths of it up to that; default 16", STEPS),
        key("up_to", "the largest load; default what the servers complete while all are busy", Shape::Rate),
        key("loads", "loads up to that; default 20", STEPS),
        key(
            "cures",
            "what is tried against it, each alone; default a retry budget of 10 %, a breaker, a queue of half a timeout",
            Shape::MapOf { what: "cure", value: &Shape::Block(&CURE) },
        ),
    ],
};

static TRIGGER: OneOf = OneOf {
    name: "trigger of a storm",
    variants: &[
        key("outage", "nothing is served for so long", Shape::Duration),
        key("spike", "the demand is larger for a time", Shape::Block(&SPIKE)),
    ],
    ..NO_FORM
};

static SPIKE: Block = Block {
    name: "spike of demand",
    keys: &[
        required("times", "how many times as large, above 1", Shape::Number { min: 1.0, max: 1e6 }),
        required("for", "for how long", Shape::Duration),
    ],
};

static CURE: Block = Block {
    name: "cure",
    keys: &[
        key("retries", "how often a caller tries again", Shape::Count { min: 0, max: 31 }),
        key("backoff", "how long it waits before it tries again", Shape::Block(&BACKOFF)),
        key("retry_budget", "what retries are paid with", Shape::OneOf(&RETRY_BUDGET)),
        key("breaker", "circuit breaker of the call", Shape::Block(&BREAKER)),
        key("places", "requests that can wait", Shape::Count { min: 0, max: 1_000_000 }),
        key("order", "who is served next", Shape::OneOf(&ORDER)),
        key("on_timeout", "what becomes of work whose caller has gone", Shape::OneOf(&ON_TIMEOUT)),
    ],
};

static ORDER: OneOf =
    OneOf { name: "order of a cure", words: &[word("lifo", "the last of those who wait first")], ..NO_FORM };
