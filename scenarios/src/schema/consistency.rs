//! `consistency`: reads with less than a quorum; `rtt_to`: how far domains are from one another.

use super::uncertain::UNCERTAIN_RATIO;
use super::{Block, Key, NO_FORM, OneOf, Shape, key, later, required, word};

pub(super) const CONSISTENCY: Key =
    key("consistency", "what a component with a quorum does where there is none", Shape::Block(&CONSISTENCY_BLOCK));

pub(super) const RTT_TO: Key = key(
    "rtt_to",
    "round-trip time to other domains, both ways; writes of quorums wait for it",
    Shape::MapOf { what: "domain", value: &Shape::Duration },
);

static CONSISTENCY_BLOCK: Block = Block {
    name: "consistency",
    keys: &[required("read_fallback", "reads that go on without a quorum", Shape::Block(&READ_FALLBACK))],
};

static READ_FALLBACK: Block = Block {
    name: "read fallback",
    keys: &[
        required("level", "who answers such a read", Shape::OneOf(&LEVEL)),
        key("quality", "quality of such a read; default 1", UNCERTAIN_RATIO),
        later("max_staleness", "how old the data of such a read may be"),
    ],
};

static LEVEL: OneOf =
    OneOf { name: "level of a read", words: &[word("one", "any able unit that holds data")], ..NO_FORM };
