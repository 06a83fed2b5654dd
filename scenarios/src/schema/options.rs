//! `options`: patches with their cost.

use super::{Block, NO_FORM, OneOf, Shape, key, later, word};

pub(super) static OPTION_SHAPE: Shape = Shape::Block(&OPTION);

/// Most that an amount of money may be.
const MONEY_MAX: f64 = 1e12;

const MONEY: Shape = Shape::Number { min: -MONEY_MAX, max: MONEY_MAX };

static OPTION: Block = Block {
    name: "option",
    keys: &[
        key(
            "patch",
            "what is different: paths from the top, joined by dots, with the value to be laid there",
            Shape::MapOf { what: "path", value: &Shape::Any },
        ),
        key(
            "sweep",
            "an option for each of these values at a path (for each combination, where there are several paths)",
            Shape::MapOf { what: "path", value: &Shape::List(&Shape::Any) },
        ),
        key("cost", "what it costs beyond the baseline; silent: not known", Shape::OneOf(&COST)),
        key("owner", "who carries it out; a label", Shape::Text),
        key("due", "when it is due; a label", Shape::Text),
        key("status", "how far it is; a label", Shape::Text),
        key("tracked_as", "as what it is followed up; a label", Shape::OneOf(&TRACKED)),
        key("from", "what it came from, an incident for example; a label", Shape::Text),
        later("interest", "what it costs to leave a debt as it is"),
    ],
};

static COST: OneOf = OneOf {
    name: "cost",
    words: &[word(
        "derived",
        "by the prices of the components: what all units cost a year, less what they cost before",
    )],
    block: Some(&Block {
        name: "cost",
        keys: &[
            key("per_year", "amount a year, in `currency`; below 0 it saves", MONEY),
            key("once", "amount once, in `currency`", MONEY),
        ],
    }),
    ..NO_FORM
};

static TRACKED: OneOf = OneOf {
    name: "tracked_as",
    words: &[word("action_item", "something to be done"), word("reliability_debt", "something that was put off")],
    ..NO_FORM
};
