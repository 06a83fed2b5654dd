//! Laws: what may stand wherever a duration may be random.

use super::uncertain::{UNCERTAIN_DURATION, UNCERTAIN_NUMBER, UNCERTAIN_RATE};
use super::{Block, Key, NO_FORM, OneOf, Shape, Word, key, later, required, word};

/// A law: a bare duration is constant, otherwise exactly one variant.
pub(crate) static LAW: OneOf = OneOf { name: "law", plain: Some(Shape::Duration), variants: &VARIANTS, ..NO_FORM };

/// A law of its parameters.
const fn law(name: &'static str, doc: &'static str, block: &'static Block) -> Key {
    key(name, doc, Shape::Block(block))
}

/// How many laws there are, beside the constant one.
pub(super) const COUNT: usize = 16;

pub(super) static VARIANTS: [Key; COUNT] = [
    law(
        "exponential",
        "constant hazard",
        &Block { name: "exponential", keys: &[required("mean", "mean", UNCERTAIN_DURATION)] },
    ),
    law("weibull", "wear-out (shape > 1) or infant mortality (shape < 1)", &WEIBULL),
    law("lognormal", "`{median, p95}`, `{median, sigma}` or `{mean, sigma}`", &LOGNORMAL),
    law(
        "gamma",
        "sum of exponential stages",
        &Block {
            name: "gamma",
            keys: &[required("shape", "shape, > 0", UNCERTAIN_NUMBER), required("mean", "mean", UNCERTAIN_DURATION)],
        },
    ),
    law("pert", "an expert's least, likeliest and greatest", &Block { name: "pert", keys: THREE_POINTS }),
    law(
        "triangular",
        "straight lines between least, likeliest and greatest",
        &Block { name: "triangular", keys: THREE_POINTS },
    ),
    law(
        "uniform",
        "anything between two bounds",
        &Block {
            name: "uniform",
            keys: &[required("min", "least", Shape::Duration), required("max", "greatest", Shape::Duration)],
        },
    ),
    law(
        "normal",
        "bell curve, truncated at 0",
        &Block {
            name: "normal",
            keys: &[
                required("mean", "mean before truncation", UNCERTAIN_DURATION),
                required("sd", "standard deviation before truncation", UNCERTAIN_DURATION),
            ],
        },
    ),
    law("hyperexponential", "one of several exponentials, by share", &HYPEREXPONENTIAL),
    law(
        "erlang",
        "sum of equal exponential stages",
        &Block {
            name: "erlang",
            keys: &[
                required("stages", "number of stages", Shape::Count { min: 1, max: 1000 }),
                required("mean", "mean of the sum", UNCERTAIN_DURATION),
            ],
        },
    ),
    law("piecewise_hazard", "hazard by age (bathtub)", &PIECEWISE_HAZARD),
    law("mixture", "one of several laws, by share", &MIXTURE),
    law(
        "pareto",
        "power-law tail",
        &Block {
            name: "pareto",
            keys: &[
                required("shape", "shape, > 0; the mean is finite above 1", UNCERTAIN_NUMBER),
                required("min", "least", UNCERTAIN_DURATION),
            ],
        },
    ),
    law(
        "geometric",
        "whole steps, each the last with the same chance",
        &Block {
            name: "geometric",
            keys: &[
                required("mean", "mean", UNCERTAIN_DURATION),
                required("step", "length of a step", Shape::Duration),
            ],
        },
    ),
    key("empirical", "draws from a record's column", Shape::RecordColumn),
    law("fit", "a law fitted to a record's column", &FIT),
];

const THREE_POINTS: &[Key] = &[
    required("min", "least", Shape::Duration),
    required("mode", "likeliest", Shape::Duration),
    required("max", "greatest", Shape::Duration),
];

static WEIBULL: Block = Block {
    name: "weibull",
    keys: &[
        required("shape", "shape, > 0", UNCERTAIN_NUMBER),
        key("mean", "mean; or `scale`", UNCERTAIN_DURATION),
        key("scale", "age by which 63.2 % have failed; or `mean`", UNCERTAIN_DURATION),
    ],
};

static LOGNORMAL: Block = Block {
    name: "lognormal",
    keys: &[
        key("median", "median", UNCERTAIN_DURATION),
        key("p95", "95 % quantile, above the median", UNCERTAIN_DURATION),
        key("mean", "mean", UNCERTAIN_DURATION),
        key("sigma", "standard deviation of the logarithm", UNCERTAIN_NUMBER),
    ],
};

static BRANCH: Block = Block {
    name: "branch",
    keys: &[
        required("share", "share of draws", Shape::Ratio),
        required("mean", "mean of this branch", UNCERTAIN_DURATION),
    ],
};

static PIECE: Block = Block {
    name: "piece",
    keys: &[
        required("from", "age at which it begins", Shape::Duration),
        required("hazard", "failures per unit of time", UNCERTAIN_RATE),
    ],
};

static PART: Block = Block {
    name: "part",
    keys: &[
        required("share", "share of draws", Shape::Ratio),
        required("law", "the law of this part", Shape::OneOf(&LAW)),
    ],
};

const FAMILIES: &[Word] = &[
    word("auto", "the family with the least AIC"),
    word("exponential", "exponential"),
    word("weibull", "Weibull"),
    word("gamma", "gamma"),
    word("lognormal", "lognormal"),
];

static FAMILY: OneOf = OneOf { name: "family", words: FAMILIES, ..NO_FORM };

static UNCERTAINTY: OneOf = OneOf {
    name: "uncertainty",
    words: &[
        word("none", "the fitted parameters are taken as known"),
        word("bootstrap", "each of `run.parameter_draws` fits the family anew to a resample of the record"),
    ],
    ..NO_FORM
};

static FIT: Block = Block {
    name: "fit",
    keys: &[
        required("from", "the column: `records.ID.COLUMN`", Shape::RecordColumn),
        key("family", "the family; default `auto`", Shape::OneOf(&FAMILY)),
        key("uncertainty", "how the fit's own error enters; default not at all", Shape::OneOf(&UNCERTAINTY)),
        later("model", "a model other than a law"),
    ],
};

static HYPEREXPONENTIAL: Block = Block {
    name: "hyperexponential",
    keys: &[required("branches", "the exponentials; shares sum to 1", Shape::List(&Shape::Block(&BRANCH)))],
};

static PIECEWISE_HAZARD: Block = Block {
    name: "piecewise_hazard",
    keys: &[required("pieces", "ages and hazards; the first from 0h", Shape::List(&Shape::Block(&PIECE)))],
};

static MIXTURE: Block = Block {
    name: "mixture",
    keys: &[required("parts", "the laws; shares sum to 1", Shape::List(&Shape::Block(&PART)))],
};
