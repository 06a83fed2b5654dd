//! `burst`, `start` and `price`: capacity that may be taken back, units that begin to serve, and what they cost.

use super::{Block, NO_FORM, OneOf, Shape, key, laws, required, uncertain, word};

pub(super) static START: Block = Block {
    name: "start of a unit",
    keys: &[
        key(
            "boot",
            "from the request of a unit to its first served request, drawn for each; a replay takes a known time; default 0s",
            Shape::OneOf(&laws::LAW),
        ),
        key(
            "warmup",
            "time at less than full capacity whenever a unit begins to serve: started, repaired, replaced, or its domain back",
            Shape::OneOf(&laws::LAW),
        ),
        key("warmup_capacity", "share of its capacity in that time", Shape::Ratio),
    ],
};

pub(super) static BURST: Block = Block {
    name: "spot capacity",
    keys: &[
        key(
            "spot_share",
            "share of the units that is spot capacity, dealt evenly over domains; a run needs it",
            Shape::Ratio,
        ),
        key("interruption", "how often instances are reclaimed, one by one and together", Shape::Block(&INTERRUPTION)),
        key("notice", "from the notice of an interruption to the end of the instance; default 2min", Shape::Duration),
        key("rebalance", "an earlier recommendation, so long before the end", Shape::Duration),
        key(
            "returns",
            "from the notice until spot capacity is to be had again; default exponential, 1h in the mean",
            Shape::OneOf(&laws::LAW),
        ),
        key("fallback", "what takes the place until then; silent: nothing", Shape::OneOf(&FALLBACK)),
        key("on_demand_stockout", "probability that none is to be had on demand; default 0", Shape::Ratio),
    ],
};

static FALLBACK: OneOf = OneOf {
    name: "fallback of a spot unit",
    words: &[word("on_demand", "a unit on demand, until spot capacity is to be had again")],
    ..NO_FORM
};

static INTERRUPTION: Block = Block {
    name: "interruption",
    keys: &[
        key("per_instance", "law of the time that an instance lasts, each for itself", Shape::OneOf(&laws::LAW)),
        key("correlated", "shocks that reclaim many at once", Shape::Block(&CORRELATED)),
    ],
};

static CORRELATED: Block = Block {
    name: "correlated interruption",
    keys: &[
        required("rate", "how often, at random", Shape::Rate),
        required(
            "share",
            "share of the running instances that each takes, drawn anew for every shock where it is a law",
            uncertain::UNCERTAIN_RATIO,
        ),
    ],
};

const MONEY: Shape = Shape::Number { min: 0.0, max: 1e6 };

pub(super) static PRICE: Block = Block {
    name: "price",
    keys: &[
        required("on_demand", "of a unit on demand, in the scenario's `currency`", MONEY),
        key("reserved", "of a reserved unit, paid whether it is used or not", MONEY),
        key("spot", "of a spot instance, paid while it runs", MONEY),
        key("per", "for how long; default `replica_hour`", Shape::OneOf(&PER)),
        key("reserved_units", "units that are reserved; default 0", Shape::Count { min: 0, max: 1_000_000 }),
    ],
};

static PER: OneOf =
    OneOf { name: "unit of a price", words: &[word("replica_hour", "one unit for an hour")], ..NO_FORM };
