//! `domains.shared_risk` and `domains.hazards`: what makes several units fail at once.

use super::uncertain::{UNCERTAIN_DURATION, UNCERTAIN_NUMBER, UNCERTAIN_RATE, UNCERTAIN_RATIO};
use super::{Block, NO_FORM, OneOf, Shape, Word, key, later, laws, modes, required, word};

pub(super) static SHARED_RISK: Block = Block {
    name: "shared risk",
    keys: &[
        required("members", "the components whose units share it", Shape::OneOf(&MEMBERS)),
        key(
            "beta",
            "share of the members' mean failure rate that is common: one shock at that rate downs every member unit; \
             their own failures become rarer by it",
            UNCERTAIN_RATIO,
        ),
        key(
            "mgl",
            "multiple Greek letters over like units: shocks of every size from 2 on; letters not given are 1",
            Shape::Block(&GREEK_LETTERS),
        ),
        key("shock", "a shock of its own, beside the members' failures", Shape::Block(&SHOCK)),
        key("burst", "failures that come in bursts, beside the members' own", Shape::Block(&BURST)),
        key("cause", "the category its downtime is booked under; default `shared_risk`", Shape::Id),
    ],
};

static MEMBERS: OneOf = OneOf {
    name: "members",
    block: Some(&Block { name: "member", keys: &[required("component", "the only member", Shape::Id)] }),
    list: Some(&Shape::List(&Shape::Id)),
    ..NO_FORM
};

static GREEK_LETTERS: Block = Block {
    name: "Greek letters",
    keys: &[
        required("beta", "share of failures that are shared by at least 2", UNCERTAIN_RATIO),
        key("gamma", "share of those that are shared by at least 3; default 1", UNCERTAIN_RATIO),
        key("delta", "share of those that are shared by at least 4; default 1", UNCERTAIN_RATIO),
        key("epsilon", "share of those that are shared by at least 5; default 1", UNCERTAIN_RATIO),
        key("zeta", "share of those that are shared by at least 6; default 1", UNCERTAIN_RATIO),
    ],
};

static SHOCK: Block = Block {
    name: "shock",
    keys: &[
        key("time_to_failure", "law of the calendar time from one shock to the next", Shape::OneOf(&laws::LAW)),
        key("annual_rate", "shocks per year (exponential), instead of `time_to_failure`", UNCERTAIN_NUMBER),
        key("hits", "which members it strikes; default `all`", Shape::OneOf(&HITS)),
        key("repair", "repair of what it struck; default: each member's own", Shape::OneOf(&modes::REPAIR)),
    ],
};

const HIT: &[Word] = &[word("all", "every unit")];

static HITS: OneOf = OneOf {
    name: "hits",
    words: HIT,
    variants: &[key("each", "probability that it strikes a unit, each on its own", UNCERTAIN_RATIO)],
    ..NO_FORM
};

static BURST: Block = Block {
    name: "burst",
    keys: &[
        key("time_to_failure", "law of the calendar time from one burst to the next", Shape::OneOf(&laws::LAW)),
        key("rate", "bursts per unit of time (exponential), instead of `time_to_failure`", UNCERTAIN_RATE),
        required("size", "members that fail, chosen evenly among those that are up", Shape::OneOf(&SIZE)),
        key(
            "window",
            "from its beginning to its last failure, each at an even instant within; default 0s",
            UNCERTAIN_DURATION,
        ),
        key("repair", "repair of what it struck; default: each member's own", Shape::OneOf(&modes::REPAIR)),
    ],
};

static SIZE: OneOf = OneOf {
    name: "size of a burst",
    plain: Some(Shape::Count { min: 1, max: 1_000_000 }),
    variants: &[
        key("geometric", "each further member with the same probability", Shape::Block(&GEOMETRIC)),
        key("shares", "shares of bursts of 1, 2, 3, … members, which sum to 1", Shape::List(&Shape::Ratio)),
        later("empirical", "recorded sizes"),
    ],
    ..NO_FORM
};

static GEOMETRIC: Block = Block {
    name: "geometric size",
    keys: &[required("mean", "mean size, at least 1", Shape::Number { min: 1.0, max: 1e6 })],
};

pub(super) static HAZARD: Block = Block {
    name: "hazard",
    keys: &[
        key("domains", "the domains in its footprint", Shape::List(&Shape::Id)),
        key("centre", "where it strikes, instead of `domains`", Shape::Block(&GEO)),
        key("radius", "reach of its footprint from the centre, as `300km`", Shape::Text),
        key("time_to_failure", "law of the calendar time from one to the next", Shape::OneOf(&laws::LAW)),
        key("annual_rate", "times a year (exponential), instead of `time_to_failure`", UNCERTAIN_NUMBER),
        key("hits", "which domains of the footprint it takes down; default `all`", Shape::OneOf(&HITS)),
        required("repair", "how long each domain is lost, drawn for each, or `never`", Shape::OneOf(&modes::REPAIR)),
        key("cause", "the category its downtime is booked under; default `hazard`", Shape::Id),
    ],
};

/// A place on the globe.
pub(super) static GEO: Block = Block {
    name: "geo",
    keys: &[
        required("lat", "latitude in degrees, north positive", Shape::Number { min: -90.0, max: 90.0 }),
        required("lon", "longitude in degrees, east positive", Shape::Number { min: -180.0, max: 180.0 }),
    ],
};
