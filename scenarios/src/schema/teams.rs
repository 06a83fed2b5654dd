//! `teams`: crews that repair.

use super::{Block, Key, NO_FORM, OneOf, Shape, Word, key, later, required, word};

pub(super) static TEAM_SHAPE: Shape = Shape::Block(&TEAM);

static TEAM: Block = Block {
    name: "team",
    keys: &[
        required("crews", "repairs that can be under way at once", Shape::Count { min: 1, max: 1_000_000 }),
        key("order", "which repair is next; default `first_come`", Shape::OneOf(&ORDER)),
        super::supply::HOURS,
        super::supply::SPARES,
        later("rotation", "sites, people, shifts"),
        later("respond", "law of the time to acknowledge"),
        later("escalate", "who is called next"),
        later("diagnose", "law of the time to find the cause"),
        later("fix", "law of the time to mend it"),
        later("skills", "knowledge of components; multiplies the speed of diagnosis"),
        later("fatigue", "how much many incidents slow it"),
        later("runbooks", "what is written down, and how fresh it is"),
        later("roles", "command, communication"),
    ],
};

static ORDER: OneOf = OneOf {
    name: "repair order",
    words: &[
        word("first_come", "as they came"),
        word("shared", "all at once, the crews divided equally; none gets more than one crew"),
        word("loss_rate", "the one for whose absence journeys lose most an hour, at the instant a crew is free"),
        word("c_mu", "the same, what is lost divided by the mean work"),
    ],
    variants: &ORDERS,
    ..NO_FORM
};

static ORDERS: [Key; 1] = [key(
    "priority",
    "the smallest `priority` first, as they came within one",
    Shape::Block(&Block {
        name: "priority",
        keys: &[required("interrupt", "what becomes of a repair of lower priority", Shape::OneOf(&INTERRUPT))],
    }),
)];

const INTERRUPTS: &[Word] = &[
    word("resume", "it gives up its crew, and goes on later where it stopped"),
    word("restart", "it gives up its crew, and begins anew later, with work drawn anew"),
    word("none", "it is finished first"),
];

static INTERRUPT: OneOf = OneOf { name: "interrupt", words: INTERRUPTS, ..NO_FORM };
