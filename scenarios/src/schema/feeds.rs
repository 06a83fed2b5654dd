//! `run.feeds`: what is written line by line for other programs.

use super::uncertain::UNCERTAIN_RATIO;
use super::{Block, NO_FORM, OneOf, Shape, key, laws, word};

pub(super) static FEEDS: Block = Block {
    name: "feeds",
    keys: &[
        key("incident_events", "the stories of the incidents in the table `incidents`", Shape::OneOf(&FORM)),
        key("failover_status", "every transition of the failovers in the table `failovers`", Shape::OneOf(&FORM)),
        key(
            "publish_delay",
            "law of how late the status of a failover is known, or `never`; default 0s",
            Shape::OneOf(&PUBLISH_DELAY),
        ),
        key("subscribers", "the teams that read it; default all", Shape::List(&Shape::Id)),
        key(
            "duplicate_work",
            "probability that a decision or a step of a team is done twice by who does not know; default 0",
            UNCERTAIN_RATIO,
        ),
    ],
};

static PUBLISH_DELAY: OneOf = OneOf { words: &[word("never", "nobody is told")], ..laws::LAW };

static FORM: OneOf = OneOf {
    name: "feed",
    words: &[word("jsonl", "JSON Lines, one object a transition, in `feeds/` of the run folder")],
    ..NO_FORM
};
