//! `nodes` of `autoscale`: what replicas run on has to be had first.

use super::{Block, NO_FORM, OneOf, Shape, key, laws, required};

const LAW: Shape = Shape::OneOf(&laws::LAW);
const NODES: Shape = Shape::Count { min: 0, max: 10_000 };

pub(super) static NODES_OF: Block = Block {
    name: "nodes",
    keys: &[
        required("replicas_each", "replicas that fit a node", Shape::Count { min: 1, max: 1_000_000 }),
        key("min", "fewest nodes; default 0", NODES),
        required("max", "most nodes: the quota", NODES),
        required("provision", "law of the time from the request of a node until replicas can run on it", LAW),
        key("timeout", "a node that is not there by then is given up; default 15min", Shape::Duration),
        key("refused", "probability that a request is refused; default 0", super::uncertain::UNCERTAIN_RATIO),
        key("shortage", "times in which every request is refused; default none", Shape::Block(&SHORTAGE)),
        key("retry_after", "how long nothing is asked for after that; default 5min", Shape::Duration),
        required("provisioner", "who asks for nodes and removes them", Shape::OneOf(&PROVISIONER)),
    ],
};

static SHORTAGE: Block = Block {
    name: "shortage",
    keys: &[
        required("every", "law of the time until the next", LAW),
        required("lasts", "law of how long it lasts", LAW),
    ],
};

static PROVISIONER: OneOf = OneOf {
    name: "provisioner",
    variants: &[
        key("cluster_autoscaler", "scans at fixed times, and removes one node at a scan", Shape::Block(&CLUSTER)),
        key("karpenter", "asks at once, and removes every node whose replicas fit on others", Shape::Block(&KARPENTER)),
    ],
    ..NO_FORM
};

static CLUSTER: Block = Block {
    name: "cluster autoscaler",
    keys: &[
        key("scan", "time between scans; default 10s", Shape::Duration),
        key("below", "share of its places in use below which a node may be removed; default 50 %", Shape::Ratio),
        key("unneeded", "how long that must have been so; default 10min", Shape::Duration),
        key("after_add", "how long nothing is removed after a node was asked for; default 10min", Shape::Duration),
    ],
};

static KARPENTER: Block = Block {
    name: "karpenter",
    keys: &[
        key("batch", "how long replicas wait for others to join them; default 1s", Shape::Duration),
        key("consolidate_after", "how long a node must have been left alone; default 0s", Shape::Duration),
        key("budget", "largest share of the nodes out at once, rounded up; default 10 %", Shape::Ratio),
    ],
};
