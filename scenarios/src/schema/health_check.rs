//! `health_check`: probes of each unit, and ejection from rotation.

use super::uncertain::UNCERTAIN_RATIO;
use super::{Block, Key, NO_FORM, OneOf, Shape, key, required, word};

pub(super) const HEALTH_CHECK: Key = key(
    "health_check",
    "probes take bad units out of rotation; silent: a failed unit gets no traffic from its first instant on",
    Shape::Block(&HEALTH_CHECK_BLOCK),
);

static HEALTH_CHECK_BLOCK: Block = Block {
    name: "health check",
    keys: &[
        required("interval", "time from one probe of a unit to the next, 1ms or more", Shape::Duration),
        key("timeout", "time after which a probe has failed, at most `interval`; default 0s", Shape::Duration),
        key("unhealthy_after", "failed probes in a row that eject a unit; default 1", PROBE_COUNT),
        key("healthy_after", "good probes in a row that bring it back; default 1", PROBE_COUNT),
        key("false_positive", "probability that a probe of a good unit fails; default 0", UNCERTAIN_RATIO),
        key("false_negative", "probability that a probe of a bad unit passes; default 0", UNCERTAIN_RATIO),
        key("depth", "what a probe asks; default `shallow`", DEPTH),
        key(
            "fail_open_below",
            "all units serve while the share of those not ejected is below this; default 0: never",
            UNCERTAIN_RATIO,
        ),
    ],
};

pub(super) const PROBE_COUNT: Shape = Shape::Count { min: 1, max: 16 };

const DEPTH: Shape = Shape::OneOf(&OneOf {
    name: "depth",
    words: &[
        word("shallow", "whether the unit itself is able"),
        word("deep", "also whether every component is up that its own needs hard, directly or not"),
    ],
    ..NO_FORM
});
