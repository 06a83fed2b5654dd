//! Failure modes: time to failure, repair, effect, clock.

use super::backup::RECOVERS_FROM;
use super::uncertain::UNCERTAIN_RATIO;
use super::visible_to::VISIBLE_TO;
use super::{
    Block, Key, NO_FORM, OneOf, Shape, Word, hidden, key, later, later_word, laws, repair_quality, required, supply,
    word,
};

pub(super) static MODE: Block = Block {
    name: "failure mode",
    keys: &[
        key("time_to_failure", "law of the time to failure, in the time of `clock`", Shape::OneOf(&laws::LAW)),
        key(
            "unavailability",
            "long-run share of time down, instead of `time_to_failure` (exponential; mean repair 1h if silent)",
            UNCERTAIN_RATIO,
        ),
        key("repair", "law of the repair, `{auto: LAW}`, or `never`", Shape::OneOf(&REPAIR)),
        key("effect", "what it does to the unit; default `down`", Shape::OneOf(&EFFECT)),
        key("clock", "the time the mode ages in; default `operating`", Shape::OneOf(&CLOCK)),
        key("repair_starts", "when repair begins; default `at_once`", Shape::OneOf(&REPAIR_STARTS)),
        repair_quality::REPAIR_QUALITY,
        repair_quality::CLEARED_BY,
        VISIBLE_TO,
        RECOVERS_FROM,
        key(
            "propagates",
            "failures it causes elsewhere at the same instant, which go no further",
            Shape::List(&Shape::Block(&PROPAGATION)),
        ),
        key(
            "hidden",
            "only a test finds it: the unit is down at once, its repair begins at the test",
            Shape::Block(&hidden::HIDDEN),
        ),
        key(
            "on_demand",
            "probability of failing when its unit, which stands by, is called; instead of `time_to_failure`",
            UNCERTAIN_RATIO,
        ),
        later("prevent", "renewal at an operating age, as planned downtime"),
        later("cost", "price of one failure"),
    ],
};

static PROPAGATION: Block = Block {
    name: "propagation",
    keys: &[
        required("to", "the component that is hit", Shape::Id),
        key(
            "units",
            "operating units of it that fail, chosen evenly; default 1",
            Shape::Count { min: 1, max: 1_000_000 },
        ),
        key("probability", "probability that it happens; default 1", UNCERTAIN_RATIO),
    ],
};

/// A law, or one of the other ways in which a repair comes about.
static REPAIRS: [Key; laws::COUNT + 2] = {
    let mut all = [const { later("", "") }; laws::COUNT + 2];
    let mut at = 0;
    while at < laws::COUNT {
        all[at] = laws::VARIANTS[at];
        at += 1;
    }
    all[at] = key("auto", "automation repairs it, in this time", Shape::OneOf(&laws::LAW));
    all[at + 1] = later("team", "the responders that repair it");
    all
};

pub(super) static REPAIR: OneOf = OneOf {
    name: "repair",
    words: &[word("never", "the mode is final")],
    plain: Some(Shape::Duration),
    variants: &REPAIRS,
    block: Some(&supply::BY_CREW),
    ..NO_FORM
};

static EFFECT: OneOf = OneOf {
    name: "effect",
    words: &[
        word("down", "the unit does not serve"),
        word("corrupt", "with `recovers_from`: the data are wrong, and in use until a test of `hidden` finds it"),
    ],
    block: Some(&Block {
        name: "effect",
        keys: &[
            key("capacity", "factor on the unit's capacity", UNCERTAIN_RATIO),
            key("errors", "share of what the unit serves that fails", UNCERTAIN_RATIO),
            later("latency", "factor on the unit's latency"),
        ],
    }),
    ..NO_FORM
};

const CLOCKS: &[Word] = &[
    word("operating", "stands still while the unit is down by any of its modes"),
    word("calendar", "always runs"),
    word("service", "as operating, and stands still while every journey through the component is down"),
];

pub(super) static CLOCK: OneOf = OneOf { name: "clock", words: CLOCKS, ..NO_FORM };

static REPAIR_STARTS: OneOf = OneOf {
    name: "start of a repair",
    words: &[
        word("at_once", "at the failure"),
        later_word("after_switch", "once the unit's place is filled, or no able dormant unit is left"),
    ],
    ..NO_FORM
};
