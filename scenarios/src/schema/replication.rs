//! `replication`: how writes reach the units that stand by.

use super::{Block, Key, NO_FORM, OneOf, Shape, key, laws, required, word};

pub(super) const REPLICATION: Key = key(
    "replication",
    "how writes reach the units that stand by; needs `standby` with one active place",
    Shape::Block(&REPLICATION_BLOCK),
);

static REPLICATION_BLOCK: Block = Block {
    name: "replication",
    keys: &[
        required("mode", "when a write counts as made", Shape::OneOf(&MODE)),
        key("lag", "for `async`: law of the time by which a copy is behind", Shape::OneOf(&laws::LAW)),
        key("write_rate", "data written while the component is up", Shape::DataRate),
        key(
            "resync_rate",
            "data that a unit which was down can receive; silent: it catches up at once",
            Shape::DataRate,
        ),
    ],
};

static MODE: OneOf = OneOf {
    name: "replication mode",
    words: &[
        word("sync", "once every able unit has it: a takeover by a unit in step loses nothing"),
        word("async", "at once: a takeover loses what the copy is behind"),
    ],
    ..NO_FORM
};

pub(super) static ROLE: OneOf = OneOf {
    name: "role",
    words: &[
        word("primary", "its units come first in written order, and fill the active places from the start"),
        word("secondary", "its units stand by"),
        word("witness", "under a quorum: its units vote and serve nothing"),
    ],
    ..NO_FORM
};
