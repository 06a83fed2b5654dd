//! `monitors`: probes, as far as a failover plan looks through them.

use super::uncertain::UNCERTAIN_RATIO;
use super::{Block, NO_FORM, OneOf, Shape, key, later, required};

pub(super) static MONITORS: Block = Block {
    name: "monitors",
    keys: &[
        key("probes", "what is looked at now and then", Shape::MapOf { what: "probe", value: &PROBE_SHAPE }),
        later("clocks", "skew of clocks"),
        later("alerts", "rules that call a team"),
        later("correlate", "alerts that are told as one"),
        later("mute", "windows in which alerts are not told"),
        later("runs_on", "the component without which nothing here works"),
        later("heartbeat", "an alert when nothing comes any longer"),
        later("retain", "how long alerts and incidents are kept"),
    ],
};

static TARGET: OneOf = OneOf {
    name: "probe target",
    plain: Some(Shape::Id),
    variants: &[key("domain", "a whole domain", Shape::Id)],
    ..NO_FORM
};

static PROBE_SHAPE: Shape = Shape::Block(&PROBE);

static PROBE: Block = Block {
    name: "probe",
    keys: &[
        required("target", "the component it looks at, or the domain", Shape::OneOf(&TARGET)),
        required("every", "time from look to look", Shape::Duration),
        key("timeout", "how long a look waits before it says unhealthy; default 0s", Shape::Duration),
        key("unhealthy_after", "looks in a row that must say unhealthy; default 1", Shape::Count { min: 1, max: 1000 }),
        key("false_positive", "probability that a look at an able unit says unhealthy; default 0", UNCERTAIN_RATIO),
        key("false_negative", "probability that a look at a lost unit says healthy; default 0", UNCERTAIN_RATIO),
        later("journey", "the journey it goes through"),
        later("from", "the domains it looks from"),
        later("need", "how many of them must agree"),
        later("detects", "the failure modes it can see"),
        later("recall", "how often it sees them"),
        later("feed", "the vendor whose status page it reads"),
        later("publish_delay", "how late a vendor says so"),
        later("publishes", "how often a vendor says so"),
        later("poll", "how often a status page is read"),
        later("feed_availability", "how often a status page can be read"),
    ],
};
