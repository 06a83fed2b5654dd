//! Demand and capacity over time: levels, shapes, growth, peaks, profiles, noise.

use super::forecast::FORECAST;
use super::uncertain::{UNCERTAIN_FLOW, UNCERTAIN_NUMBER};
use super::{Block, NO_FORM, OneOf, Shape, key, later, later_word, queues, required, word};

const FACTOR: Shape = Shape::Number { min: 0.0, max: 1e6 };
static FACTOR_SHAPE: Shape = FACTOR;

/// `demand` of a journey.
pub(super) static DEMAND: OneOf = OneOf {
    name: "demand",
    plain: Some(Shape::Flow),
    block: Some(&Block {
        name: "demand",
        keys: &[
            key(
                "level",
                "requests per unit of time (or in `flow_unit`), before all that multiplies it",
                UNCERTAIN_FLOW,
            ),
            key("growth", "trend and initiatives", Shape::Block(&GROWTH)),
            key("daily", "shape of the day", Shape::Block(&DAILY)),
            key("weekly", "7 factors, Monday to Sunday, by local day", Shape::List(&FACTOR_SHAPE)),
            key("yearly", "12 factors, January to December, by local month", Shape::List(&FACTOR_SHAPE)),
            key("noise", "variation around the level, drawn in every replication", Shape::Block(&NOISE)),
            key("share_of", "another journey it follows, with that one's shapes, peaks and noise", Shape::Id),
            key("ratio", "its share of that journey's demand", UNCERTAIN_NUMBER),
            key("profile", "demand over time, instead of a level", Shape::Block(&PROFILE)),
            key("forecast", "paths of a forecast of a record, one for each replication", Shape::Block(&FORECAST)),
            later("geo", "share by region"),
            key("closed", "a fixed number of users who think, then call", Shape::Block(&queues::CLOSED)),
            key("sine", "a rate that rises and falls", Shape::Block(&queues::SINE)),
        ],
    }),
    ..NO_FORM
};

static GROWTH: Block = Block {
    name: "growth",
    keys: &[
        key("annual", "growth in 365 d, above −1; compounds day by day", Shape::OneOf(&ANNUAL)),
        key("initiatives", "what lifts demand from a date on", Shape::List(&INITIATIVE_SHAPE)),
    ],
};

static ANNUAL: OneOf = OneOf {
    name: "annual growth",
    plain: Some(Shape::Number { min: -0.999, max: 1e3 }),
    variants: &[later("fit", "fitted from a record")],
    ..NO_FORM
};

static INITIATIVE_SHAPE: Shape = Shape::Block(&INITIATIVE);

static INITIATIVE: Block = Block {
    name: "initiative",
    keys: &[
        required("from", "its first instant", Shape::Instant),
        required(
            "uplift",
            "what it adds, as a share of the demand without it; above −1",
            Shape::Number { min: -0.999, max: 1e3 },
        ),
        key("name", "a label", Shape::Text),
    ],
};

static DAILY: Block = Block {
    name: "shape of the day",
    keys: &[
        key("zone", "IANA zone of its hours; default `calendar.zone`", Shape::OneOf(&DAY_ZONE)),
        required("shape", "24 factors, one for each local hour", Shape::List(&FACTOR_SHAPE)),
    ],
};

static DAY_ZONE: OneOf = OneOf {
    name: "zone of a day",
    words: &[later_word("mixed", "the hours of each region, by `geo`")],
    plain: Some(Shape::Zone),
    ..NO_FORM
};

static NOISE: Block = Block {
    name: "noise",
    keys: &[
        required("cv", "coefficient of variation, above 0, at most 10", Shape::Number { min: 1e-6, max: 10.0 }),
        required("correlation_time", "time in which what deviates falls to 1/e; held that long", Shape::Duration),
    ],
};

static FLOW_SHAPE: Shape = Shape::Flow;
static FLOWS: Shape = Shape::List(&FLOW_SHAPE);

/// `profile` of demand or capacity.
pub(super) static PROFILE: Block = Block {
    name: "profile",
    keys: &[
        required("every", "how long each value holds", Shape::Duration),
        required("values", "one after the other from the start; or a column of a record", Shape::OneOf(&VALUES)),
        key("unit", "what a recorded 1 is: `1/min`, `1 MW`; values in a list have their own", Shape::Flow),
        key("repeat", "what comes after the last; default `none`", Shape::OneOf(&REPEAT)),
    ],
};

static VALUES: OneOf =
    OneOf { name: "values of a profile", plain: Some(Shape::RecordColumn), list: Some(&FLOWS), ..NO_FORM };

static REPEAT: OneOf = OneOf {
    name: "repetition",
    words: &[
        word("none", "nothing: the values must reach the horizon"),
        word("daily", "the values, which fill a day of 24 h"),
        word("weekly", "the values, which fill a week of 168 h"),
        word("always", "the values, however long they are"),
    ],
    ..NO_FORM
};

/// `calendar.peaks`.
pub(super) static PEAK: Block = Block {
    name: "peak",
    keys: &[
        required("from", "the instant at which it begins to rise", Shape::Instant),
        key("ramp_up", "from nothing to the whole of it; default 0s", Shape::Duration),
        required("hold", "at its whole height", Shape::Duration),
        key("ramp_down", "back to nothing; default 0s", Shape::Duration),
        required("multiplier", "factor on every journey's demand at its height", UNCERTAIN_NUMBER),
    ],
};
