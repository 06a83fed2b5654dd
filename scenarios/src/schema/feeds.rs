//! `run.feeds`: what is written line by line for other programs.

use super::{Block, NO_FORM, OneOf, Shape, key, later, word};

pub(super) static FEEDS: Block = Block {
    name: "feeds",
    keys: &[
        key("incident_events", "the stories of the incidents in the table `incidents`", Shape::OneOf(&FORM)),
        key("failover_status", "every transition of the failovers in the table `failovers`", Shape::OneOf(&FORM)),
        later("publish_delay", "how late the status of a failover is known"),
        later("subscribers", "teams that read it"),
        later("duplicate_work", "probability of work done twice while it is not known"),
    ],
};

static FORM: OneOf = OneOf {
    name: "feed",
    words: &[word("jsonl", "JSON Lines, one object a transition, in `feeds/` of the run folder")],
    ..NO_FORM
};
