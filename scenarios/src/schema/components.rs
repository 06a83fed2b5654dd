//! `components`: anything with replicas, capacity or state.

use super::data_loss::DATA_LOSS;
use super::demand::PROFILE;
use super::replication::{REPLICATION, ROLE};
use super::uncertain::UNCERTAIN_FLOW;
use super::{Block, NO_FORM, OneOf, Shape, key, later, later_word, modes, redundancy, word};

pub(super) static COMPONENT_SHAPE: Shape = Shape::Block(&COMPONENT);

static COMPONENT: Block = Block {
    name: "component",
    keys: &[
        key(
            "replicas",
            "number of units, at most 1e6 over the whole scenario; default 1",
            Shape::Count { min: 1, max: 1_000_000 },
        ),
        key("place", "the domains its units sit in", Shape::MapOf { what: "domain", value: &Shape::Block(&PLACE) }),
        key("like", "copy this component's blocks before applying its own", Shape::Id),
        key("owner", "who owns it; a label", Shape::Text),
        key("state", "what state it keeps; `none`", Shape::OneOf(&STATE)),
        key(
            "failure_modes",
            "what fails in each unit",
            Shape::MapOf { what: "mode", value: &Shape::Block(&modes::MODE) },
        ),
        key(
            "redundancy",
            "how many units it needs, and what happens when one is lost; default `none`",
            Shape::OneOf(&redundancy::REDUNDANCY),
        ),
        key("capacity", "what a unit can serve; silent: all of its load", Shape::Block(&CAPACITY)),
        later("vendor", "who sells it: it is bought, not run"),
        later("availability", "a vendor's promised availability"),
        later("outage", "law of a vendor's outages"),
        later("latency", "a vendor's latency"),
        later("routing", "traffic direction by DNS, anycast or the client"),
        later("start", "boot and warm-up of a new unit"),
        later("price", "on demand, reserved, spot"),
        later("health_check", "interval, thresholds and errors of the check"),
        later("autoscale", "metric, target, policies, cooldown"),
        later("burst", "spot capacity and its interruptions"),
        later("host_pool", "overcommitment and noisy neighbours"),
        later("fallback_quality", "quality of the component when it serves a fallback"),
        later("consistency", "reads with less than a quorum"),
        later("election", "time to elect a leader"),
        later("partition", "loss of the network between places"),
        REPLICATION,
        later("backup", "how often, how long to restore, how often corrupt"),
        DATA_LOSS,
        later("load_sharing", "hazard by the number of units up"),
        later("storage", "power and energy of a store"),
        later("disruption", "largest share of units out voluntarily"),
        later("drain", "notice needed to finish work"),
        later("on_timeout", "what becomes of work whose caller has gone"),
        later("breaker", "circuit breaker"),
        later("retry_budget", "retries paid for by first attempts"),
    ],
};

static PLACE: Block = Block {
    name: "place",
    keys: &[
        key("replicas", "units in this domain", Shape::Count { min: 1, max: 1_000_000 }),
        key("spread", "deal the units round robin over the domains inside: `zones`, or a level", Shape::Text),
        key("role", "under `standby`: where the active units are; exactly one place is primary", Shape::OneOf(&ROLE)),
    ],
};

static STATE: OneOf = OneOf {
    name: "state",
    words: &[
        word("none", "any unit can be replaced"),
        later_word("replicated", "every unit holds a copy"),
        later_word("primary_secondary", "one place leads"),
    ],
    ..NO_FORM
};

static CAPACITY: Block = Block {
    name: "capacity",
    keys: &[
        key(
            "per_replica",
            "requests per unit of time (or in `flow_unit`) that one serving unit can serve",
            UNCERTAIN_FLOW,
        ),
        later("concurrency", "requests served at once"),
        later("threads", "size of the thread pool"),
        later("queue", "places in the queue"),
        later("service_time", "law of the time to serve one request"),
        later("patience", "law of the time a request waits"),
        later("on_failure", "what becomes of the work on a failed unit"),
        later("writes", "writes a second"),
        later("reads", "reads a second"),
        later("usl", "universal scalability law"),
        key("profile", "what one serving unit can serve over time, instead of `per_replica`", Shape::Block(&PROFILE)),
    ],
};
