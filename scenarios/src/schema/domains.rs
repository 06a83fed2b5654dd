//! `domains`: the tree of failure domains, and what fails in them.

use super::uncertain::{UNCERTAIN_NUMBER, UNCERTAIN_RATIO};
use super::{Block, Key, NO_FORM, OneOf, Shape, key, later, laws, modes, shared_risk};

pub(super) static DOMAINS: Block = Block {
    name: "domains",
    keys: &[
        key("tree", "the domains", Shape::MapOf { what: "domain", value: &Shape::Block(&DOMAIN) }),
        key(
            "failure_modes",
            "loss of everything inside a domain",
            Shape::MapOf { what: "mode", value: &Shape::Block(&DOMAIN_MODE) },
        ),
        key(
            "shared_risk",
            "what makes units of components fail together",
            Shape::MapOf { what: "shared risk", value: &Shape::Block(&shared_risk::SHARED_RISK) },
        ),
        super::host_pool::HOST_POOLS,
        key(
            "hazards",
            "what takes down several domains at once",
            Shape::MapOf { what: "hazard", value: &Shape::Block(&shared_risk::HAZARD) },
        ),
    ],
};

static DOMAIN: Block = Block {
    name: "domain",
    keys: &[
        key("level", "what kind of domain it is (`provider`, `region`, `zone`, `rack`, …)", Shape::Id),
        key("in", "the enclosing domain", Shape::Id),
        key("geo", "where it is; read by `hazards`", Shape::Block(&shared_risk::GEO)),
        later("rtt_to", "round-trip time to other domains"),
        later("serves", "components this domain may serve"),
        later("lock_in", "time and cost of leaving it"),
    ],
};

static OF: OneOf = OneOf {
    name: "of",
    plain: Some(Shape::Id),
    variants: &[key("level", "every domain of this level, each with its own independent mode", Shape::Id)],
    ..NO_FORM
};

const DOMAIN_KEYS: &[Key] = &[
    super::required("of", "the domain that fails, or `{level: LEVEL}`", Shape::OneOf(&OF)),
    key("time_to_failure", "law of the operating time to failure", Shape::OneOf(&laws::LAW)),
    key(
        "annual_rate",
        "failures per year of operating time (exponential), instead of `time_to_failure`",
        UNCERTAIN_NUMBER,
    ),
    key("unavailability", "long-run share of time down, instead of `time_to_failure` (exponential)", UNCERTAIN_RATIO),
    key("repair", "how long the loss lasts, or `never`", Shape::OneOf(&modes::REPAIR)),
    key("clock", "the time the mode ages in; default `operating`", Shape::OneOf(&modes::CLOCK)),
    key("effect", "`down`", Shape::OneOf(&DOMAIN_EFFECT)),
    super::repair_quality::REPAIR_QUALITY,
    later("cleared_by", "what ends it, instead of a repair"),
    later("hidden", "a failure that only a test finds"),
    later("prevent", "renewal at an operating age"),
];

static DOMAIN_EFFECT: OneOf = OneOf {
    name: "domain effect",
    words: &[super::word("down", "nothing inside the domain serves")],
    block: Some(&Block { name: "domain effect", keys: &[later("blocks", "automation that cannot act meanwhile")] }),
    ..NO_FORM
};

static DOMAIN_MODE: Block = Block { name: "domain failure mode", keys: DOMAIN_KEYS };
