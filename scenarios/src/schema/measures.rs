//! `run.measures`: events whose probability a scenario asks for by a name of its own.

use super::{Block, Key, NO_FORM, OneOf, Shape, key, required, word};

const JOBS: Shape = Shape::Count { min: 2, max: 1_000_000 };

pub(super) const MEASURES: Key = key(
    "measures",
    "events whose probability is asked for, by name; exact answers in table `queues`",
    Shape::MapOf { what: "measure", value: const { &Shape::Block(&MEASURE) } },
);

static MEASURE: Block = Block {
    name: "measure of a scenario",
    keys: &[required("reach", "so many requests at once, before there is none", Shape::Block(&REACH))],
};

static REACH: Block = Block {
    name: "overflow",
    keys: &[
        required("jobs", "requests in all, those under way included", JOBS),
        required("in", "the components at which they are counted", Shape::List(&Shape::Id)),
        required("before", "what must not have come first", Shape::OneOf(&BEFORE)),
        required(
            "start",
            "requests at the start by component, at least one in all and fewer than `jobs`; the others are empty",
            Shape::MapOf { what: "component", value: &Shape::Count { min: 0, max: 1_000_000 } },
        ),
    ],
};

static BEFORE: OneOf =
    OneOf { name: "before", words: &[word("empty", "no request is at any of the components")], ..NO_FORM };
