//! `redundancy`: none, k of n, quorum, standby.

use super::coverage::COVERAGE;
use super::uncertain::UNCERTAIN_RATIO;
use super::{Block, Key, NO_FORM, OneOf, Shape, Word, key, later, laws, required, word};

const UNITS: Shape = Shape::Count { min: 1, max: 1_000_000 };
const PER: Key = key("per", "one state per domain of this level; up while any of them is", Shape::Id);

pub(super) static REDUNDANCY: OneOf = OneOf {
    name: "redundancy",
    words: &[word("none", "up while at least one unit serves")],
    variants: &[
        key("none", "up while at least one unit serves", Shape::Block(&NONE)),
        key("k_of_n", "up while at least `need` units serve", Shape::Block(&K_OF_N)),
        key("quorum", "`majority`, or units needed to write and to read", Shape::OneOf(&QUORUM)),
        key("standby", "active places, filled from able units; the others are dormant", Shape::Block(&STANDBY)),
    ],
    ..NO_FORM
};

static NONE: Block = Block { name: "none", keys: &[PER] };

static K_OF_N: Block =
    Block { name: "k_of_n", keys: &[required("need", "serving units needed", UNITS), PER, COVERAGE] };

static QUORUM: OneOf = OneOf {
    name: "quorum",
    words: &[word("majority", "more than half of all units, for reads and writes")],
    block: Some(&Block {
        name: "quorum",
        keys: &[
            required("write", "able units a write needs", UNITS),
            required("read", "able units a read needs", UNITS),
            PER,
        ],
    }),
    ..NO_FORM
};

const MODES: &[Word] = &[
    word("hot", "dormant units age as active ones do"),
    word("warm", "dormant units age `dormancy` times as fast"),
    word("cold", "dormant units do not age"),
];

static MODE: OneOf = OneOf { name: "standby mode", words: MODES, ..NO_FORM };

static STANDBY: Block = Block {
    name: "standby",
    keys: &[
        required("mode", "how a dormant unit ages", Shape::OneOf(&MODE)),
        key("active", "places to fill; default 1", UNITS),
        key("need", "filled places needed to be up; default `active`", UNITS),
        key("switch", "filling an empty place; default at once and certain", Shape::Block(&SWITCH)),
        key(
            "manual_switch",
            "law of the time from a failed switch until a person fills the place",
            Shape::OneOf(&laws::LAW),
        ),
        key("dormancy", "for `warm`: speed of a dormant unit's clocks, strictly between 0 and 1", UNCERTAIN_RATIO),
        PER,
        key(
            "repair_starts",
            "when the repair of a failed unit begins; default `at_once`",
            Shape::OneOf(&REPAIR_STARTS),
        ),
        later("failover", "the failover plan that switches"),
    ],
};

static REPAIR_STARTS: OneOf = OneOf {
    name: "start of a repair after a switch",
    words: &[
        word("at_once", "at the failure"),
        word("after_switch", "once the unit's place is filled, or no able dormant unit is left"),
    ],
    ..NO_FORM
};

static SWITCH: Block = Block {
    name: "switch",
    keys: &[
        key(
            "takes",
            "law of the time from the loss to the chosen unit being active; default 0s",
            Shape::OneOf(&laws::LAW),
        ),
        key("success", "probability that it works; default 1", UNCERTAIN_RATIO),
    ],
};
