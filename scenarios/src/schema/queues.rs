//! Queues of requests: what stands before a component, and the sizes that are asked for.

use super::{Block, NO_FORM, OneOf, Shape, key, later_word, laws, required, word};

/// Most servers, places and users.
pub(super) const COUNT: Shape = Shape::Count { min: 1, max: 1_000_000 };

/// A place in a queue may be none.
const PLACES: Shape = Shape::Count { min: 0, max: 1_000_000 };

/// A bare number is the places.
pub(super) static QUEUE_OR_PLACES: OneOf = OneOf { name: "queue", plain: Some(PLACES), block: Some(&QUEUE), ..NO_FORM };

static QUEUE: Block = Block {
    name: "queue",
    keys: &[
        key("places", "requests that can wait; silent: no limit; 0: none waits, who finds all busy is lost", PLACES),
        key("per", "one queue before all replicas (`component`, default) or one before each", Shape::OneOf(&PER)),
        key("order", "who is served next; default `fifo`", Shape::OneOf(&ORDER)),
        key(
            "sheds",
            "what it rejects or drops by what it measures; request by request only",
            Shape::OneOf(&super::shedding::SHEDS),
        ),
        key("starts_with", "requests there at the start; default 0", PLACES),
        key("wait_limit", "the wait whose excess is asked for: `p_wait_above_limit`", Shape::Duration),
        key("jobs_limit", "the number of requests whose reaching is asked for: `p_jobs_at_limit`", PLACES),
    ],
};

static PER: OneOf = OneOf {
    name: "per",
    words: &[
        word("component", "one queue before all replicas"),
        word("replica", "a queue before each, chosen at random"),
    ],
    ..NO_FORM
};

static ORDER: OneOf = OneOf {
    name: "order",
    words: &[
        word("fifo", "as they came"),
        word("sharing", "all at once, each with an equal part of the server"),
        word("lifo", "the last of those who wait first"),
    ],
    variants: &[key("priority", "by class, the first goes first", Shape::Block(&PRIORITY))],
    ..NO_FORM
};

static PRIORITY: Block = Block {
    name: "priority of requests",
    keys: &[
        required("classes", "journeys in descending order of rank", Shape::List(&Shape::Id)),
        key("interrupt", "whether one under way is interrupted; default `none`", Shape::OneOf(&INTERRUPT)),
    ],
};

static INTERRUPT: OneOf = OneOf {
    name: "interrupt",
    words: &[
        word("resume", "it is, and later goes on where it stopped"),
        word("none", "it is finished first"),
        later_word("restart", "it is, and later begins anew"),
    ],
    ..NO_FORM
};

pub(super) static ON_FAILURE: OneOf = OneOf {
    name: "on_failure",
    words: &[
        word("requeue", "it is first in line and begins again"),
        word("resume", "it is first in line and goes on where it stopped"),
        word("lose", "it is lost"),
        word("finish", "it is still answered; the unit begins nothing new"),
    ],
    ..NO_FORM
};

pub(super) static ON_TIMEOUT: OneOf = OneOf {
    name: "on_timeout",
    words: &[
        word("keep_serving", "it is served all the same"),
        word("drop_at_dequeue", "it is dropped when its turn comes; request by request only"),
    ],
    ..NO_FORM
};

pub(super) static SERVICE_TIMES: Shape = Shape::MapOf { what: "journey", value: &Shape::OneOf(&laws::LAW) };

pub(super) static SIZE_FOR: OneOf = OneOf {
    name: "promise",
    variants: &[
        key("wait", "at least `share` of requests waits at most `within`", Shape::Block(&WAIT)),
        key("blocking", "at most this share of requests is lost, where none waits", Shape::Ratio),
        key("up", "at least `need` units are up with this `probability`", Shape::Block(&UP)),
    ],
    ..NO_FORM
};

static WAIT: Block = Block {
    name: "promise of a wait",
    keys: &[
        required("within", "longest good wait", Shape::Duration),
        required("share", "share of requests, strictly between 0 and 1", Shape::Ratio),
    ],
};

static UP: Block = Block {
    name: "promise of units",
    keys: &[required("need", "units needed", COUNT), required("probability", "strictly between 0 and 1", Shape::Ratio)],
};

pub(super) static CLOSED: Block = Block {
    name: "closed demand",
    keys: &[
        required("users", "how many there are", COUNT),
        required("think", "law of the time between an answer and the next call", Shape::OneOf(&laws::LAW)),
    ],
};

pub(super) static SINE: Block = Block {
    name: "sine demand",
    keys: &[
        required("mean", "mean rate", Shape::Rate),
        required("amplitude", "at most the mean", Shape::Rate),
        required("period", "length of a period, which begins with the scenario at the mean and rises", Shape::Duration),
    ],
};

pub(super) static USL: Block = Block {
    name: "universal scalability law",
    keys: &[
        key("rate", "capacity of one unit", Shape::Rate),
        key("contention", "share of the work that is done one at a time", Shape::Number { min: 0.0, max: 1e6 }),
        key("coherency", "cost of keeping each pair of units in step", Shape::Number { min: 0.0, max: 1e6 }),
        key(
            "measured",
            "instead of the three: what was measured, at least four points; they are fitted by least squares",
            Shape::List(&Shape::Block(&POINT)),
        ),
    ],
};

static POINT: Block = Block {
    name: "measured throughput",
    keys: &[
        required("units", "units that served, > 0", Shape::Number { min: 0.0, max: 1e9 }),
        required("throughput", "what they completed together", Shape::Rate),
    ],
};
