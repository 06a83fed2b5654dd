//! `routing`: which place each client is sent to, and how soon clients follow when one is lost.

use super::health_check::PROBE_COUNT;
use super::uncertain::UNCERTAIN_RATIO;
use super::{Block, Key, NO_FORM, OneOf, Shape, key, laws, required, word};

pub(super) const ROUTING: Key = key(
    "routing",
    "it sends each client to a place of another component; when one is lost, clients follow one after another",
    Shape::Block(&ROUTING_BLOCK),
);

static ROUTING_BLOCK: Block = Block {
    name: "routing",
    keys: &[
        required("method", "how clients learn where they are sent", Shape::OneOf(&METHOD)),
        key("to", "the component whose places it sends to; silent: what follows it in the paths", Shape::Id),
        key("level", "level of the domains that are its places; silent: `per` of `to`, else `region`", Shape::Text),
        key(
            "weights",
            "share of the clients whose own place each is, adding up to 1; silent: in proportion to the units there",
            Shape::MapOf { what: "domain", value: &Shape::Ratio },
        ),
        key("probe", "for `dns` and `anycast`: how it learns that a place is down", Shape::OneOf(&PROBED)),
        key("ttl", "for `dns`, required: time for which an answer is kept", Shape::Duration),
        key("ttl_violators", "for `dns`: share of clients that keep an answer for longer; default 0", UNCERTAIN_RATIO),
        key(
            "violator_hold",
            "for `dns`: law of the time, from the new answer on, for which those keep the old one",
            Shape::OneOf(&laws::LAW),
        ),
        key(
            "converges",
            "for `anycast`, required: law, over clients, of the time until their networks follow",
            Shape::OneOf(&laws::LAW),
        ),
        key(
            "timeout",
            "for `client_side`, required: law, over clients, of the time until they try another place",
            Shape::OneOf(&laws::LAW),
        ),
        key("policy", "who is sent where, and what is done with overload", Shape::Block(&POLICY)),
    ],
};

static METHOD: OneOf = OneOf {
    name: "routing method",
    words: &[
        word("dns", "by names: each answer is kept for the time to live"),
        word("anycast", "by routes: one address, and the network converges"),
        word("client_side", "by themselves: a client tries another place when its own does not answer"),
    ],
    ..NO_FORM
};

static PROBED: OneOf = OneOf {
    name: "routing probe",
    words: &[word("none", "it does not: a failover plan that `reroutes` it sends its clients elsewhere")],
    block: Some(&PROBE),
    ..NO_FORM
};

static POLICY: Block = Block {
    name: "routing policy",
    keys: &[
        key("mode", "who is sent where; default `geo_nearest`", Shape::OneOf(&MODE)),
        key("spill", "what becomes of what a place cannot serve; default `never`", Shape::OneOf(&SPILL)),
    ],
};

static MODE: OneOf = OneOf {
    name: "routing mode",
    words: &[word("geo_nearest", "each client to its own place, by `weights`, while that is in the answer")],
    ..NO_FORM
};

static SPILL: OneOf = OneOf {
    name: "spill",
    words: &[
        word("never", "it is shed"),
        word("overload", "the place hands it on at once, to the others that have room"),
    ],
    ..NO_FORM
};

static PROBE: Block = Block {
    name: "routing probe",
    keys: &[
        key("interval", "time from one probe of a place to the next, 1ms or more; default 30s", Shape::Duration),
        key("timeout", "time after which a probe has failed, at most `interval`; default 0s", Shape::Duration),
        key("unhealthy_after", "failed probes in a row that take a place out; default 3", PROBE_COUNT),
        key("healthy_after", "good probes in a row that put it back; default 3", PROBE_COUNT),
        key("false_positive", "probability that a probe of a good place fails; default 0", UNCERTAIN_RATIO),
        key("false_negative", "probability that a probe of a bad place passes; default 0", UNCERTAIN_RATIO),
    ],
};
