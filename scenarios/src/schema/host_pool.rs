//! `domains.host_pools` and `host_pool` of a component: machines that units share.

use super::{Block, Key, NO_FORM, OneOf, Shape, key, laws, modes, required, uncertain, word};

const CORES: Shape = Shape::Number { min: 0.0, max: 1e6 };

pub(super) const HOST_POOLS: Key = key(
    "host_pools",
    "hosts that are alike, each a domain of level `host`",
    Shape::MapOf { what: "host pool", value: &POOL_SHAPE },
);

static POOL_SHAPE: Shape = Shape::Block(&POOL);

static POOL: Block = Block {
    name: "host pool",
    keys: &[
        required("hosts", "number of hosts", Shape::Count { min: 1, max: 100_000 }),
        key("in", "the domain that the hosts lie in; silent: none", Shape::Id),
        key("spread", "deal the hosts round robin over the domains inside: `zones`, or a level", Shape::Text),
        required("cpu", "cores of one host that its tenants can use", CORES),
        key("packing", "on which host a unit is placed; default `spread`", Shape::OneOf(&PACKING)),
        key(
            "steal_changes_every",
            "how often `neighbour_steal` is drawn anew where it is a law; default 10min",
            Shape::Duration,
        ),
        key("looks_every", "how often a host above a limit evicts a unit; default 10s", Shape::Duration),
        key(
            "failure_modes",
            "what takes a host down, and all that is on it",
            Shape::MapOf { what: "mode", value: &Shape::Block(&HOST_MODE) },
        ),
    ],
};

static HOST_MODE: Block = Block {
    name: "host failure mode",
    keys: &[
        key("time_to_failure", "law of the operating time to failure", Shape::OneOf(&laws::LAW)),
        key(
            "annual_rate",
            "failures per year of operating time (exponential), instead of `time_to_failure`",
            uncertain::UNCERTAIN_NUMBER,
        ),
        key(
            "unavailability",
            "long-run share of time down, instead of `time_to_failure` (exponential)",
            uncertain::UNCERTAIN_RATIO,
        ),
        key("repair", "how long the loss lasts, or `never`", Shape::OneOf(&modes::REPAIR)),
    ],
};

static PACKING: OneOf = OneOf {
    name: "packing",
    words: &[
        word("first_fit", "the first host with room"),
        word("spread", "of the hosts with room the one with fewest units of the component, then the emptiest"),
    ],
    ..NO_FORM
};

pub(super) const HOST_POOL: Key =
    key("host_pool", "the hosts that its units share with those of others", Shape::Block(&TENANT));

static TENANT: Block = Block {
    name: "shared host",
    keys: &[
        required("id", "a pool of `domains.host_pools`", Shape::Id),
        key("cpu", "cores that one unit uses at its full load; default 1", CORES),
        key(
            "overcommit_cpu",
            "how many times what is set aside for a unit it may use: a unit takes cpu ÷ this of the room; default 1",
            Shape::Number { min: 1.0, max: 1000.0 },
        ),
        key("quota", "cores of the pool that may be set aside for the component", CORES),
        key(
            "neighbour_steal",
            "share of its capacity that neighbours take, drawn for each host anew where it is a law",
            uncertain::UNCERTAIN_RATIO,
        ),
        key(
            "eviction_above",
            "share of a host's cores in use above which its units are evicted, those of the component written last first",
            Shape::Ratio,
        ),
        key("reschedule", "from an eviction until the unit runs again; default 30s", Shape::OneOf(&laws::LAW)),
    ],
};
