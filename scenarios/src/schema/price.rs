//! `price`: what a unit costs.

use super::{Block, Key, NO_FORM, OneOf, Shape, key, later, required, word};

pub(super) const PRICE: Key = key(
    "price",
    "what each unit costs, whether it serves or not; read by `cost: derived` of an option",
    Shape::Block(&BLOCK),
);

static BLOCK: Block = Block {
    name: "price",
    keys: &[
        required("on_demand", "amount for a unit and hour, in `currency`", Shape::Number { min: 0.0, max: 1e6 }),
        key("per", "for what; default and only `replica_hour`", Shape::OneOf(&PER)),
        later("reserved", "amount for a reserved unit"),
        later("spot", "amount for a spot unit"),
    ],
};

static PER: OneOf = OneOf { name: "per", words: &[word("replica_hour", "a unit and hour")], ..NO_FORM };
