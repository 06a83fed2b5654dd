//! `partition` and `election`: what else a quorum has.

use super::{Block, Key, NO_FORM, OneOf, Shape, key, laws, required, word};

pub(super) const PARTITION: Key = key(
    "partition",
    "loss of the network between the places of a component with a quorum",
    Shape::Block(&PARTITION_BLOCK),
);

pub(super) const ELECTION: Key = key(
    "election",
    "how a component with a quorum elects the unit that takes its writes; silent: in no time",
    Shape::Block(&ELECTION_BLOCK),
);

static SIDE: Shape = Shape::Id;

static PARTITION_BLOCK: Block = Block {
    name: "partition",
    keys: &[
        required("between", "two domains or more that lose one another; the first keeps the fence", Shape::List(&SIDE)),
        required("time_to_failure", "law of the time to a loss, while all reach one another", Shape::OneOf(&laws::LAW)),
        required("repair", "law of how long it lasts", Shape::OneOf(&laws::LAW)),
        key("minority", "what units do that reach too few for a quorum; default `stop`", Shape::OneOf(&MINORITY)),
        key(
            "fencing",
            "with `minority: write`: whether the sides but the first are kept from writing; default `off`",
            Shape::OneOf(&FENCING),
        ),
    ],
};

static MINORITY: OneOf = OneOf {
    name: "minority",
    words: &[
        word("stop", "nothing: a side is up for what it has a quorum for"),
        word("read_only", "reads go on with any able unit, and may be stale"),
        word("write", "reads and writes go on with any able unit, and writes may conflict"),
    ],
    ..NO_FORM
};

static FENCING: OneOf = OneOf {
    name: "fencing",
    words: &[
        word("on", "of the sides of a partition the first alone takes writes"),
        word("off", "every side takes writes"),
    ],
    ..NO_FORM
};

static ELECTION_BLOCK: Block = Block {
    name: "election",
    keys: &[
        required(
            "timeout",
            "law of the time without a heartbeat after which a unit stands for election, drawn anew for each",
            Shape::OneOf(&laws::LAW),
        ),
        key(
            "heartbeat",
            "time between two heartbeats of a leader; default half of the least `timeout`",
            Shape::Duration,
        ),
        key("round_trip", "time of a message and its answer; default 0s", Shape::Duration),
        key("fsync", "time to make a vote durable; default 0s", Shape::Duration),
    ],
};
