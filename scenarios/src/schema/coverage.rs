//! `coverage` of k of n: what a failure costs that leaves enough units up.

use super::uncertain::UNCERTAIN_RATIO;
use super::{Block, Key, NO_FORM, OneOf, Shape, key, laws, required, word};

pub(super) const COVERAGE: Key = key(
    "coverage",
    "what a failure costs that leaves at least `need` units up; silent: nothing",
    Shape::Block(&COVERAGE_BLOCK),
);

static COVERAGE_BLOCK: Block = Block {
    name: "coverage",
    keys: &[
        required("success", "probability that such a failure is covered", UNCERTAIN_RATIO),
        key("covered", "law of the time for which the component is down after a covered failure; default 0s", LAW),
        required("uncovered", "law of the time for which it is down after an uncovered failure", LAW),
        key("meanwhile", "what the clocks and repairs of its units do while it is; default `frozen`", MEANWHILE),
    ],
};

const LAW: Shape = Shape::OneOf(&laws::LAW);

const MEANWHILE: Shape = Shape::OneOf(&OneOf {
    name: "meanwhile",
    words: &[word("frozen", "they stand still; calendar clocks run on"), word("running", "they run")],
    ..NO_FORM
});
