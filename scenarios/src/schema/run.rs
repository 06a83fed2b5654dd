//! `run`: seed, replications, stopping, warm-up, points in time.

use super::feeds::FEEDS;
use super::measures::MEASURES;
use super::{Block, NO_FORM, OneOf, Shape, key, later, later_word, required, word};

const REPLICATIONS: Shape = Shape::Count { min: 1, max: ninefold_models::plan::MAX_REPLICATIONS };
const PARAMETER_DRAWS: Shape = Shape::Count {
    min: ninefold_models::uncertainty::DRAWS_MIN as u64,
    max: ninefold_models::uncertainty::DRAWS_MAX as u64,
};
const CONFIDENCE: Shape = Shape::Ratio;

pub(super) static RUN: Block = Block {
    name: "run",
    keys: &[
        key("seed", "seed of every random stream; default 1", Shape::Count { min: 0, max: u64::MAX }),
        key("replications", "a fixed number, or `{min, max, until}`", Shape::OneOf(&STOPPING)),
        key("confidence", "confidence of every interval; default 0.95", CONFIDENCE),
        key("warmup", "time before measuring begins, below the horizon; default 0s", Shape::Duration),
        key("report_at", "instants of the point measures, since the start", Shape::List(&Shape::Duration)),
        key("until", "end each replication at the first failure of every journey", Shape::OneOf(&UNTIL)),
        key("start", "state at the start; default `new`", Shape::OneOf(&START)),
        key(
            "common_random_numbers",
            "variants are compared replication by replication; always `true`",
            Shape::OneOf(&COMMON),
        ),
        key("variance", "methods that make estimates surer for the same replications", Shape::Block(&VARIANCE)),
        key(
            "parameter_draws",
            "draws of the uncertain inputs, which the replications are dealt over; default none, each at its mean",
            PARAMETER_DRAWS,
        ),
        key(
            "attribution",
            "first replications of the run whose downtime is attributed to cut sets and edges, and which give the importance that \
             has no exact answer; default none",
            Shape::Count { min: 1, max: ninefold_models::analysis::ATTRIBUTED_MAX },
        ),
        later("rare_events", "importance sampling and splitting"),
        key("demand_mode", "as a flow (default) or request by request", Shape::Block(&DEMAND_MODE)),
        MEASURES,
        later("output", "folder, tables, formats and figures; flags of `ninefold run` say it today"),
        later("review", "periodic review"),
        key("feeds", "one line a transition, for other programs, in `feeds/` of the run folder", Shape::Block(&FEEDS)),
    ],
};

static DEMAND_MODE: Block = Block {
    name: "demand mode",
    keys: &[
        key("normal", "how demand is taken; default `fluid`", Shape::OneOf(&NORMAL)),
        key(
            "max_requests",
            "most calls of a replication, retries included: that may be expected of it, or, with `on`, that are simulated; \
             default 1000000",
            Shape::Count { min: 1, max: ninefold_models::system::REQUESTS_MAX },
        ),
        key("on", "request by request for a while, where `normal` is a flow", Shape::Block(&ON)),
    ],
};

static ON: Block = Block {
    name: "demand mode for a while",
    keys: &[
        required("incidents", "from the opening instant of an incident on", Shape::OneOf(&OF_INCIDENTS)),
        key("for", "how long; default 10min", Shape::Duration),
    ],
};

static OF_INCIDENTS: OneOf = OneOf {
    name: "demand mode of incidents",
    words: &[word("request_level", "each request comes, waits, is served, calls on and is tried again")],
    ..NO_FORM
};

static NORMAL: OneOf = OneOf {
    name: "usual demand mode",
    words: &[
        word("fluid", "as a flow: rates, not requests"),
        word("request_level", "each request comes, waits, is served, calls on and is tried again"),
    ],
    ..NO_FORM
};

static STOPPING: OneOf = OneOf {
    name: "replications",
    plain: Some(REPLICATIONS),
    block: Some(&Block {
        name: "replications",
        keys: &[
            key("min", "least number of replications; default 200", REPLICATIONS),
            key("max", "most replications; default 200000", REPLICATIONS),
            key("until", "what is to be known, by exactly one of three rules", Shape::Block(&GOAL)),
        ],
    }),
    ..NO_FORM
};

static GOAL: Block = Block {
    name: "goal",
    keys: &[
        key(
            "measure",
            "the measure that steers, `journeys.NAME.unavailability`; default every journey's, by the unit",
            Shape::Text,
        ),
        key(
            "relative_half_width",
            "stop when half-width of the interval ÷ estimate is this small; 0.1 where no rule is given",
            Shape::Ratio,
        ),
        key(
            "absolute_half_width",
            "stop when the half-width is this small, in the measure's unit: `0.001 %`, `5min/year` of downtime, \
             `0.1/year` of failures, `100h` of MTTF",
            Shape::HalfWidth,
        ),
        key("decision", "stop when it is decided whether agreements are met", Shape::Block(&DECISION)),
        key("confidence", "confidence of every interval", CONFIDENCE),
    ],
};

static DECISION: Block = Block {
    name: "decision",
    keys: &[
        key("agreement", "the agreement to decide on; default every one", Shape::Id),
        key(
            "confidence",
            "1 − the greatest probability that the verdict on an agreement is wrong; default 99 %",
            CONFIDENCE,
        ),
    ],
};

static UNTIL: OneOf = OneOf {
    name: "until",
    words: &[word("first_failure", "the first failure of every journey (of every component where there is none)")],
    ..NO_FORM
};

static START: OneOf = OneOf {
    name: "start",
    words: &[
        word("new", "everything is up and as new"),
        word("stationary", "every process is found somewhere in its long run, each life and repair in its course"),
    ],
    ..NO_FORM
};

static VARIANCE: Block = Block {
    name: "variance",
    keys: &[
        key("antithetic", "replications in pairs: where one draws u, the other draws 1 − u; default off", METHOD),
        key(
            "control",
            "the system without its coupling, whose answer is exact, as a control variate; default off",
            METHOD,
        ),
        key("stratified", "first lives spread over 64 strata in every chunk of replications; default off", METHOD),
    ],
};

const METHOD: Shape = Shape::OneOf(&OneOf {
    name: "method",
    words: &[
        word("off", "not used"),
        word("on", "used, or the run is refused with the reason"),
        word("auto", "used if it pays by what the first 256 replications count"),
    ],
    ..NO_FORM
});

static COMMON: OneOf = OneOf {
    name: "common_random_numbers",
    words: &[word("true", "always so"), later_word("false", "independent streams for each variant")],
    ..NO_FORM
};
