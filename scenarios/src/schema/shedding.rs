//! `sheds` of a queue: what is rejected or dropped by what is measured; and `cache` of an edge.

use super::{Block, NO_FORM, OneOf, Shape, key, required};

const REQUESTS: Shape = Shape::Count { min: 1, max: ninefold_models::system::LIMIT_MAX as u64 };

pub(super) static SHEDS: OneOf = OneOf {
    name: "way of shedding",
    variants: &[
        key("codel", "controlled delay: drops who has waited too long for too long", Shape::Block(&CODEL)),
        key("aimd", "a limit that grows by one and shrinks by a factor", Shape::Block(&AIMD)),
        key("gradient", "a limit that follows how times compare with those of long", Shape::Block(&GRADIENT)),
    ],
    ..NO_FORM
};

static CODEL: Block = Block {
    name: "controlled delay",
    keys: &[
        key("target", "a wait that is good; default 5ms", Shape::Duration),
        key("interval", "how long waits may be worse; default 100ms", Shape::Duration),
    ],
};

static AIMD: Block = Block {
    name: "additive limit",
    keys: &[
        required("above", "a request that takes longer shrinks the limit", Shape::Duration),
        key("shrinks_to", "by what factor; default 0.9", Shape::Ratio),
        key("least", "fewest requests let in, waiting and served; default 20", REQUESTS),
        key("start", "at the start; default 20, or `least`", REQUESTS),
        key("most", "most; default 200", REQUESTS),
    ],
};

static GRADIENT: Block = Block {
    name: "gradient limit",
    keys: &[
        key("tolerance", "how many times as long as of long a request may take; default 1.5", TOLERANCE),
        key("smoothing", "weight of the last request; default 0.2", Shape::Ratio),
        key("least", "fewest requests let in, waiting and served; default 20", REQUESTS),
        key("start", "at the start; default 20, or `least`", REQUESTS),
        key("most", "most; default 200", REQUESTS),
    ],
};

const TOLERANCE: Shape = Shape::Number { min: 1.0, max: 1e6 };

pub(super) static CACHE: Block = Block {
    name: "cache of a call",
    keys: &[
        required("hits", "share of requests that a warm cache answers, below 1", Shape::Ratio),
        required("fills", "mean time in which an empty one fills", Shape::Duration),
    ],
};
