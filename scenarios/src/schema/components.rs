//! `components`: anything with replicas, capacity or state.

use super::data_loss::DATA_LOSS;
use super::demand::PROFILE;
use super::health_check::HEALTH_CHECK;
use super::host_pool::HOST_POOL;
use super::load_sharing::LOAD_SHARING;
use super::partition::{ELECTION, PARTITION};
use super::replication::{REPLICATION, ROLE};
use super::routing::ROUTING;
use super::uncertain::UNCERTAIN_FLOW;
use super::{
    Block, NO_FORM, OneOf, Shape, autoscale, key, later, later_word, laws, modes, queues, redundancy, spot, word,
};

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
        key("start", "boot and warm-up of units that begin to serve", Shape::Block(&spot::START)),
        ROUTING,
        key("price", "what its units cost: on demand, reserved, spot", Shape::Block(&spot::PRICE)),
        HEALTH_CHECK,
        key(
            "autoscale",
            "the autoscaler: `replicas` is what there is at the start",
            Shape::Block(&autoscale::AUTOSCALE),
        ),
        key(
            "burst",
            "spot capacity; without `spot_share` obeyed by `ninefold replay` alone",
            Shape::Block(&spot::BURST),
        ),
        HOST_POOL,
        later("fallback_quality", "quality of the component when it serves a fallback"),
        later("consistency", "reads with less than a quorum"),
        ELECTION,
        PARTITION,
        REPLICATION,
        later("backup", "how often, how long to restore, how often corrupt"),
        DATA_LOSS,
        LOAD_SHARING,
        later("storage", "power and energy of a store"),
        key("disruption", "disruption budget; obeyed by `ninefold replay` alone", Shape::Block(&autoscale::DISRUPTION)),
        key("drain", "what a reclaimed spot instance needs to finish its work; default 0s", Shape::Duration),
        key("breaker", "circuit breaker; obeyed by `ninefold replay` alone", Shape::Block(&autoscale::BREAKER)),
        key(
            "on_timeout",
            "what becomes of work whose caller has gone; default `keep_serving`",
            Shape::OneOf(&queues::ON_TIMEOUT),
        ),
        key(
            "size_for",
            "a promise for which the least number of replicas is asked: `size_least`",
            Shape::OneOf(&queues::SIZE_FOR),
        ),
        later("retry_budget", "retries paid for by first attempts"),
    ],
};

static PLACE: Block = Block {
    name: "place",
    keys: &[
        key("replicas", "units in this domain", Shape::Count { min: 1, max: 1_000_000 }),
        key("spread", "deal the units round robin over the domains inside: `zones`, or a level", Shape::Text),
        key(
            "role",
            "under `standby`: where the active units are, exactly one place is primary; under a quorum: a witness",
            Shape::OneOf(&ROLE),
        ),
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
            "requests per unit of time (or in `flow_unit`) that one serving unit can serve; with a `service_time` silent: \
             `concurrency` ÷ its mean",
            UNCERTAIN_FLOW,
        ),
        key("concurrency", "requests that one unit serves at once; default 1", queues::COUNT),
        key(
            "threads",
            "instead of `concurrency`: threads of one unit, each kept by its request until all that it calls has answered",
            queues::COUNT,
        ),
        key(
            "queue",
            "the queue before it; silent: first come first served without limit",
            Shape::OneOf(&queues::QUEUE_OR_PLACES),
        ),
        key("service_time", "law of the time to serve one request", Shape::OneOf(&laws::LAW)),
        key("service_times", "the same for the requests of single journeys", queues::SERVICE_TIMES),
        key(
            "patience",
            "law of the time a request waits before it gives up; silent: for ever",
            Shape::OneOf(&laws::LAW),
        ),
        key(
            "on_failure",
            "what becomes of the request on a unit that fails; default `requeue`",
            Shape::OneOf(&queues::ON_FAILURE),
        ),
        later("writes", "writes a second"),
        later("reads", "reads a second"),
        key(
            "usl",
            "capacity by the universal scalability law of the serving units, instead of `per_replica`",
            Shape::Block(&queues::USL),
        ),
        key("profile", "what one serving unit can serve over time, instead of `per_replica`", Shape::Block(&PROFILE)),
    ],
};
