//! `failovers`: what moves the place of a standby, step by step.

use super::sites::{FROM, PROMOTES, REROUTES, STARTS, TO};
use super::uncertain::UNCERTAIN_RATIO;
use super::{Block, Key, NO_FORM, OneOf, Shape, key, later, later_word, laws, required, weekly, word};

pub(super) static PLAN_SHAPE: Shape = Shape::Block(&PLAN);

const COUNT: Shape = Shape::Count { min: 1, max: 1000 };
const LAW: Shape = Shape::OneOf(&laws::LAW);

static PLAN: Block = Block {
    name: "failover plan",
    keys: &[
        FROM,
        TO,
        key("trigger", "what sets it off; default a loss, at once", Shape::Block(&TRIGGER)),
        key("authority", "who decides; default the plan itself", Shape::Block(&AUTHORITY)),
        key("steps", "what is done, one after the other unless `parallel`", Shape::List(&STEP_SHAPE)),
        key("override", "a person who takes over; default nobody does", Shape::Block(&OVERRIDE)),
        key("failback", "how the place goes back; default it stays", Shape::Block(&FAILBACK)),
        key("test", "how the plan is tested, and decays between tests; default it always works", Shape::Block(&TEST)),
        key("style", "what the standby is to be like; refused where it is not", Shape::OneOf(&STYLE)),
        key(
            "router",
            "the router whose places it is about; with `steps`, whose clients leave the site, and come back",
            Shape::Id,
        ),
        key(
            "capacity_buffer",
            "by place, the share of its own peak that it can take over at once",
            Shape::MapOf { what: "place", value: &Shape::Number { min: 0.0, max: 1e6 } },
        ),
    ],
};

static STYLE: OneOf = OneOf {
    name: "failover style",
    words: &[
        word("active_passive", "the units that wait are up: `mode: hot` or `warm`"),
        word(
            "pilot_light",
            "they are off, and are given what is written: `mode: cold`, and `replication` or a `resync`",
        ),
        word("backup_restore", "they are off, and know nothing: `mode: cold`, and neither of the two"),
        word("active_active", "all serve; clients are sent elsewhere by a router that a step `reroutes`"),
    ],
    ..NO_FORM
};

static TRIGGER: Block = Block {
    name: "trigger",
    keys: &[
        key("monitor", "the probe that looks at the unit in the place", Shape::Id),
        key("every", "time from look to look, instead of `monitor`; never wrong", Shape::Duration),
        key("unhealthy_after", "with `every`: looks in a row that must find it unhealthy; default 1", COUNT),
        key("for", "how long that must have stood; default 0s", Shape::Duration),
        key("confirm_by", "probes that are asked at each look as well", Shape::List(&Shape::Id)),
        key("need", "how many of `confirm_by` must agree; default all", COUNT),
        key("min_interval", "least time from failover to failover; default 0s", Shape::Duration),
    ],
};

static AUTHORITY: Block = Block {
    name: "authority",
    keys: &[
        required(
            "auto_below_blast",
            "share of all demand that needs the component, below which the plan decides by itself",
            Shape::Ratio,
        ),
        key("else", "who decides otherwise; `human`, who takes `override.decide`", Shape::OneOf(&ELSE)),
        key("approver", "the team of which one is busy while a person decides", Shape::Id),
    ],
};

static ELSE: OneOf = OneOf {
    name: "decider",
    words: &[word("human", "a person, who sees through a false alarm but for `override.wrong_decision`")],
    ..NO_FORM
};

static STEP_SHAPE: Shape = Shape::Block(&STEP);

static STEP: Block = Block {
    name: "step",
    keys: &[
        key("do", "its name", Shape::Id),
        key("takes", "law of the time of one try", Shape::OneOf(&TAKES)),
        key("success", "probability that a try works; default 1", UNCERTAIN_RATIO),
        key("retry", "further tries; default none", Shape::Block(&RETRY)),
        key("team", "the team of which one crew does it; default `auto`", Shape::OneOf(&BY)),
        key("hand_over", "law of the time until who does it has it in hand; default 0s", LAW),
        key("needs_control_plane", "a domain without which it cannot begin", Shape::Id),
        PROMOTES,
        STARTS,
        REROUTES,
        key("parallel", "steps that run side by side, instead of one", Shape::List(&Shape::Block(&SINGLE))),
        later("runbook", "what is written down of it"),
    ],
};

static TAKES: OneOf = OneOf { words: &[later_word("from_autoscaler", "as long as the autoscaler takes")], ..laws::LAW };

static SINGLE: Block = Block {
    name: "parallel step",
    keys: &[
        required("do", "its name", Shape::Id),
        required("takes", "law of the time of one try", Shape::OneOf(&TAKES)),
        key("success", "probability that a try works; default 1", UNCERTAIN_RATIO),
        key("retry", "further tries; default none", Shape::Block(&RETRY)),
        key("team", "the team of which one crew does it; default `auto`", Shape::OneOf(&BY)),
        key("hand_over", "law of the time until who does it has it in hand; default 0s", LAW),
        key("needs_control_plane", "a domain without which it cannot begin", Shape::Id),
        PROMOTES,
        STARTS,
        REROUTES,
        later("runbook", "what is written down of it"),
    ],
};

static BY: OneOf = OneOf {
    name: "doer",
    words: &[word("auto", "the plan itself, which nobody waits for")],
    plain: Some(Shape::Id),
    ..NO_FORM
};

static RETRY: Block = Block {
    name: "retry",
    keys: &[
        required("times", "tries after the first", COUNT),
        key("pause", "law of the time between two tries; default 0s", LAW),
    ],
};

static OVERRIDE: Block = Block {
    name: "override",
    keys: &[
        required("manual_after", "from the place being lost until a person takes over", Shape::Duration),
        required("decide", "law of the time of a decision", LAW),
        key("wrong_decision", "probability that it is wrong, and takes another; default 0", UNCERTAIN_RATIO),
    ],
};

static FAILBACK: Block = Block {
    name: "failback",
    keys: &[
        required("mode", "who sets it off", Shape::OneOf(&MODE)),
        key("after_stable", "how long the unit that lost the place must have been able; default 0s", Shape::Duration),
        key("resync", "data it has to catch up on; default none", Shape::OneOf(&RESYNC)),
        key("validate", "a look at the data before; default none", Shape::Block(&VALIDATE)),
        key("window", "when it may begin; default always", Shape::OneOf(&weekly::WINDOW)),
    ],
};

static NEVER_DURING: [Key; 1] =
    [key("never_during", "the plan itself, but not in these windows", Shape::List(&Shape::OneOf(&weekly::WINDOW)))];

static MODE: OneOf = OneOf {
    name: "failback mode",
    words: &[word("auto", "the plan itself"), word("manual", "a person, who takes `override.decide`")],
    variants: &NEVER_DURING,
    ..NO_FORM
};

static RESYNC: OneOf = OneOf {
    name: "resync",
    words: &[word("from_replication", "by `resync_rate` and `write_rate` of the component's `replication`")],
    block: Some(&Block {
        name: "resync",
        keys: &[
            required("rate", "data it is given, in any unit of data", Shape::Rate),
            required("write", "data written meanwhile", Shape::Rate),
            key(
                "backlog",
                "data missing at first; default what was written since it lost the place",
                Shape::Number { min: 0.0, max: 1e9 },
            ),
        ],
    }),
    ..NO_FORM
};

static VALIDATE: Block = Block {
    name: "validation",
    keys: &[
        required("takes", "law of the time of a look", LAW),
        key("diverges", "probability that the data have diverged; default 0", UNCERTAIN_RATIO),
        key("detects_divergence", "probability that this is found; default 1", UNCERTAIN_RATIO),
    ],
};

static TEST: Block = Block {
    name: "plan test",
    keys: &[
        required("every", "time from test to test", Shape::Duration),
        required("method", "what a test moves", Shape::OneOf(&METHOD)),
        required("decay_per_untested_day", "rate at which a defect comes, a day", Shape::Number { min: 0.0, max: 1e6 }),
        key(
            "coverage",
            "probability that a test that does not move the place finds a defect; default 1",
            UNCERTAIN_RATIO,
        ),
        key("share", "with `canary`: share of what the unit in the place serves that fails meanwhile", Shape::Ratio),
        key("takes", "with `canary`: how long that lasts", Shape::Duration),
        key(
            "believed",
            "what is believed before of the share of tests that pass; default any share is as likely as any other",
            Shape::Block(&BELIEVED),
        ),
    ],
};

static BELIEVED: Block = Block {
    name: "belief of a success",
    keys: &[
        required("mean", "mean, strictly between 0 and 1", Shape::Ratio),
        required("n", "tests it is known from, or is known as well as from, > 0", Shape::Number { min: 0.0, max: 1e9 }),
    ],
};

static METHOD: OneOf = OneOf {
    name: "test method",
    words: &[
        word("shadow", "nothing that is served"),
        word("canary", "`share` of what is served, for `takes`"),
        word("full", "the place, by all steps"),
    ],
    ..NO_FORM
};
