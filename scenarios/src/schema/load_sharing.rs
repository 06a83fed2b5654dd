//! `load_sharing`: how fast units age by how many of them are up.

use super::{Block, Key, Shape, key, required};

pub(super) const LOAD_SHARING: Key = key(
    "load_sharing",
    "how fast the clocks of its up units run by how many of them are up; a number that is not listed: 1",
    Shape::List(const { &Shape::Block(&SHARED_HAZARD) }),
);

static SHARED_HAZARD: Block = Block {
    name: "shared hazard",
    keys: &[
        required("units_up", "units of the component that are up", Shape::Count { min: 1, max: 1_000_000 }),
        required(
            "hazard",
            "factor on the speed of their operating and service clocks while so many are, above 0",
            Shape::Number { min: 0.0, max: 1e6 },
        ),
    ],
};
