//! `hidden`: failures that a test has to find.

use super::uncertain::{UNCERTAIN_DURATION, UNCERTAIN_RATIO};
use super::{Block, key, required};

pub(super) static HIDDEN: Block = Block {
    name: "hidden",
    keys: &[
        required(
            "tested_every",
            "time from one test to the next; tests of a mode come at once in all units",
            UNCERTAIN_DURATION,
        ),
        key("first_at", "the first test, since the start; default `tested_every`", UNCERTAIN_DURATION),
        key("coverage", "probability that a test finds it, each test for itself; default 1", UNCERTAIN_RATIO),
    ],
};
