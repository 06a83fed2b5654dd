//! A HorizontalPodAutoscaler of Kubernetes, `autoscaling/v2`: its keys as data, so that an unknown one is named.

use super::{Block, NO_FORM, OneOf, Shape, key, required, word};

/// Seconds, replicas or percent.
const WHOLE: Shape = Shape::Count { min: 0, max: 1_000_000 };

pub(crate) static MANIFEST: Shape = Shape::Block(&HPA);

static API: OneOf =
    OneOf { name: "version of this API", words: &[word("autoscaling/v2", "the stable version")], ..NO_FORM };
static KIND: OneOf = OneOf { name: "kind", words: &[word("HorizontalPodAutoscaler", "the autoscaler")], ..NO_FORM };

static HPA: Block = Block {
    name: "HorizontalPodAutoscaler",
    keys: &[
        required("apiVersion", "version", Shape::OneOf(&API)),
        required("kind", "kind", Shape::OneOf(&KIND)),
        key("metadata", "names and labels", Shape::Unread),
        key("status", "written by the controller", Shape::Unread),
        required("spec", "what it does", Shape::Block(&SPEC)),
    ],
};

static SPEC: Block = Block {
    name: "spec",
    keys: &[
        key("scaleTargetRef", "what is scaled", Shape::Unread),
        key("minReplicas", "fewest replicas", WHOLE),
        required("maxReplicas", "most replicas", WHOLE),
        key("metrics", "metrics", Shape::List(&Shape::Block(&METRIC))),
        key("behavior", "rates of change", Shape::Block(&BEHAVIOR)),
    ],
};

static TYPE: OneOf = OneOf {
    name: "type of metric",
    words: &[
        word("Resource", "CPU or memory of the pods"),
        word("ContainerResource", "of one container of the pods"),
        word("Pods", "reported by each pod"),
        word("Object", "of another object"),
        word("External", "from outside"),
    ],
    ..NO_FORM
};

static METRIC: Block = Block {
    name: "entry of metrics",
    keys: &[
        required("type", "which of the others is given", Shape::OneOf(&TYPE)),
        key("resource", "a resource of the pods", Shape::Block(&RESOURCE)),
        key("containerResource", "a resource of a container", Shape::Block(&RESOURCE)),
        key("pods", "a metric of the pods", Shape::Block(&CUSTOM)),
        key("object", "a metric of another object", Shape::Block(&CUSTOM)),
        key("external", "a metric from outside", Shape::Block(&CUSTOM)),
    ],
};

static RESOURCE: Block = Block {
    name: "resource",
    keys: &[
        key("name", "its name", Shape::Text),
        key("container", "the container", Shape::Text),
        required("target", "what it is held to", Shape::Block(&TARGET)),
    ],
};

static CUSTOM: Block = Block {
    name: "custom metric",
    keys: &[
        key("metric", "its name and selector", Shape::Unread),
        key("describedObject", "the object", Shape::Unread),
        required("target", "what it is held to", Shape::Block(&TARGET)),
    ],
};

static TARGET: Block = Block {
    name: "target of a metric",
    keys: &[
        required("type", "`Utilization`, `AverageValue` or `Value`", Shape::Text),
        key("averageUtilization", "percent of what the pods have asked for", WHOLE),
        key("averageValue", "a quantity a pod", Shape::Text),
        key("value", "a quantity", Shape::Text),
    ],
};

static BEHAVIOR: Block = Block {
    name: "behavior of a manifest",
    keys: &[
        key("scaleUp", "for more replicas", Shape::Block(&RULES)),
        key("scaleDown", "for fewer", Shape::Block(&RULES)),
    ],
};

static SELECT: OneOf = OneOf {
    name: "selectPolicy",
    words: &[word("Max", "the most"), word("Min", "the least"), word("Disabled", "none")],
    ..NO_FORM
};

static RULES: Block = Block {
    name: "scaling rules",
    keys: &[
        key("stabilizationWindowSeconds", "how long advice is remembered, s", WHOLE),
        key("selectPolicy", "which policy counts", Shape::OneOf(&SELECT)),
        key("policies", "policies", Shape::List(&Shape::Block(&POLICY))),
        key("tolerance", "no change within", Shape::Text),
    ],
};

static CHANGE: OneOf =
    OneOf { name: "type of policy", words: &[word("Pods", "replicas"), word("Percent", "percent")], ..NO_FORM };

static POLICY: Block = Block {
    name: "policy of a manifest",
    keys: &[
        required("type", "what is counted", Shape::OneOf(&CHANGE)),
        required("value", "how much", WHOLE),
        required("periodSeconds", "within how long, s", WHOLE),
    ],
};
