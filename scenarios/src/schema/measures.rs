//! `run.measures`: what a scenario asks for by a name of its own.

use super::metastability::METASTABILITY;
use super::{Block, Key, NO_FORM, OneOf, Shape, key, required, word};

const JOBS: Shape = Shape::Count { min: 2, max: 1_000_000 };

pub(super) const MEASURES: Key = key(
    "measures",
    "what is asked for by a name of its own, beside what is always measured",
    Shape::MapOf { what: "measure", value: const { &Shape::OneOf(&MEASURE) } },
);

static MEASURE: OneOf = OneOf {
    name: "measure of a scenario",
    variants: &[
        key(
            "reach",
            "the probability of so many requests at once, before there is none; in table `queues`",
            Shape::Block(&REACH),
        ),
        key(
            "metastability",
            "whether a call comes back after a trigger, by load and size; in table `metastability`",
            Shape::Block(&METASTABILITY),
        ),
    ],
    ..NO_FORM
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
