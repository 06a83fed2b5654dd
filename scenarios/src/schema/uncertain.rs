//! Numbers that may be uncertain: a single value, or what is believed of it.

use super::{Block, NO_FORM, OneOf, Shape, key, required};

/// PERT of values of one shape.
macro_rules! pert {
    ($name:literal, $of:expr) => {
        Block {
            name: $name,
            keys: &[
                required("min", "least", $of),
                required("mode", "likeliest", $of),
                required("max", "greatest", $of),
            ],
        }
    };
}

const NUMBER: Shape = Shape::Number { min: 0.0, max: 1e9 };

const TRIALS: Shape = Shape::Count { min: 0, max: 1_000_000_000 };

const PERT: &str = "an expert's least, likeliest and greatest; drawn by `run.parameter_draws`";

static BETA: Block = Block {
    name: "beta",
    keys: &[
        required("mean", "mean, strictly between 0 and 1", Shape::Ratio),
        required("n", "trials it is known from, or is known as well as from, > 0", NUMBER),
        key("passed", "further trials in which it occurred: tests that passed; default 0", TRIALS),
        key("failed", "further trials in which it did not; default 0", TRIALS),
    ],
};

static PERT_RATIO: Block = pert!("pert of ratios", Shape::Ratio);
static PERT_RATE: Block = pert!("pert of rates", Shape::Rate);
static PERT_FLOW: Block = pert!("pert of rates or flows", Shape::Flow);
static PERT_DURATION: Block = pert!("pert of durations", Shape::Duration);
static PERT_NUMBER: Block = pert!("pert of numbers", NUMBER);

static RATIO: OneOf = OneOf {
    name: "ratio",
    plain: Some(Shape::Ratio),
    variants: &[
        key("beta", "known from trials; drawn by `run.parameter_draws`", Shape::Block(&BETA)),
        key("pert", PERT, Shape::Block(&PERT_RATIO)),
    ],
    ..NO_FORM
};
static RATE: OneOf = OneOf {
    name: "rate",
    plain: Some(Shape::Rate),
    variants: &[key("pert", PERT, Shape::Block(&PERT_RATE))],
    ..NO_FORM
};
static FLOW: OneOf = OneOf {
    name: "rate or flow",
    plain: Some(Shape::Flow),
    variants: &[key("pert", PERT, Shape::Block(&PERT_FLOW))],
    ..NO_FORM
};
static DURATION: OneOf = OneOf {
    name: "duration",
    plain: Some(Shape::Duration),
    variants: &[key("pert", PERT, Shape::Block(&PERT_DURATION))],
    ..NO_FORM
};
static POSITIVE: OneOf = OneOf {
    name: "number",
    plain: Some(NUMBER),
    variants: &[key("pert", PERT, Shape::Block(&PERT_NUMBER))],
    ..NO_FORM
};

/// A ratio that may be uncertain.
pub(super) const UNCERTAIN_RATIO: Shape = Shape::OneOf(&RATIO);
/// A rate that may be uncertain.
pub(super) const UNCERTAIN_RATE: Shape = Shape::OneOf(&RATE);
/// A rate of requests or a flow that may be uncertain.
pub(super) const UNCERTAIN_FLOW: Shape = Shape::OneOf(&FLOW);
/// A duration that may be uncertain, as a law's parameter is.
pub(super) const UNCERTAIN_DURATION: Shape = Shape::OneOf(&DURATION);
/// A number from 0 to 1e9 that may be uncertain.
pub(super) const UNCERTAIN_NUMBER: Shape = Shape::OneOf(&POSITIVE);
