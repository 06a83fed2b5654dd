//! `journeys`: path, demand, and when it counts as up.

use super::demand::DEMAND;
use super::{Block, NO_FORM, OneOf, Shape, key, later, required, word};

pub(super) static JOURNEY_SHAPE: Shape = Shape::Block(&JOURNEY);

static JOURNEY: Block = Block {
    name: "journey",
    keys: &[
        required("path", "the components, and parts of `paths`, that it needs; nests", Shape::List(&ENTRY_SHAPE)),
        key(
            "demand",
            "requests per unit of time, constant or over time; silent: time alone is weighed and no capacity is loaded",
            Shape::OneOf(&DEMAND),
        ),
        key("from", "the domain of its users: under a partition they see their own side; silent: any side", Shape::Id),
        key("degraded", "when it counts as up", Shape::Block(&DEGRADED)),
        key("criticality", "how much it matters; a label", Shape::Text),
        later("users", "classes of users and how they give up"),
        super::supply::VALUE,
        later("baseline", "measured latency and errors"),
        key("bia", "business impact: how soon it must be up again, and what may be lost", Shape::Block(&BIA)),
    ],
};

static BIA: Block = Block {
    name: "business impact",
    keys: &[
        key("rto", "recovery time objective: how long an outage may last, above 0s", Shape::Duration),
        key("rpo", "recovery point objective: the written time that a takeover or a restore may lose", Shape::Duration),
        later("mtd", "how long it may be down at most"),
        later("work_recovery", "how long the business takes after it is up"),
    ],
};

pub(super) static PATH_SHAPE: Shape = Shape::List(&ENTRY_SHAPE);

static ENTRY_SHAPE: Shape = Shape::OneOf(&ENTRY);
static BRANCH: Shape = Shape::List(&ENTRY_SHAPE);

static ENTRY: OneOf = OneOf {
    name: "path entry",
    plain: Some(Shape::Id),
    variants: &[
        key("any_of", "branches, each a list, of which one is enough", Shape::List(&BRANCH)),
        key("k_of", "branches of which `need` are needed", Shape::Block(&K_OF)),
        key("all_of", "branches that are called at once, all of them needed", Shape::List(&BRANCH)),
        key("sum_of", "components whose capacities add; up while any is", Shape::List(&ENTRY_SHAPE)),
    ],
    named: Some(("component", Shape::OneOf(&SIDE))),
    list: Some(&BRANCH),
    ..NO_FORM
};

static SIDE: OneOf = OneOf {
    name: "side of a quorum",
    words: &[word("read", "the units a read needs"), word("write", "the units a write needs")],
    ..NO_FORM
};

static K_OF: Block = Block {
    name: "k_of",
    keys: &[
        required("need", "branches needed", Shape::Count { min: 1, max: 100_000 }),
        required("branches", "the branches, each a list", Shape::List(&BRANCH)),
    ],
};

static DEGRADED: Block = Block {
    name: "degraded",
    keys: &[
        key("counts_up_if", "conditions beside the hard structure being up", Shape::Block(&UP_RULE)),
        later("weight", "how degraded service counts"),
    ],
};

static UP_RULE: Block = Block {
    name: "counts_up_if",
    keys: &[
        key("success", "least share of demand served; default 0.5", Shape::Ratio),
        key("capacity_at_least", "least capacity along the path", Shape::Flow),
        later("p95_below", "greatest 95 % latency"),
    ],
};
