//! `agreements`: indicator, target, window.

use super::{Block, NO_FORM, OneOf, Shape, calendar, key, later, later_word, required, word};

pub(super) static AGREEMENT_SHAPE: Shape = Shape::Block(&AGREEMENT);

static AGREEMENT: Block = Block {
    name: "agreement",
    keys: &[
        required("journey", "the journey it speaks of", Shape::Id),
        required("sli", "what is measured", Shape::OneOf(&SLI)),
        required("target", "least ratio, or `{downtime_at_most: DURATION}`", Shape::OneOf(&TARGET)),
        required("window", "the windows it is measured over", Shape::OneOf(&calendar::WINDOW)),
        key(
            "slice",
            "for good_minutes: any bad instant spoils the slice; silent: exact in continuous time",
            Shape::Duration,
        ),
        key("latency", "for success_ratio, request by request: answers in time alone are good", Shape::Block(&LATENCY)),
        key("zone", "IANA zone of its windows; default the calendar's", Shape::Zone),
        key("audience", "whom it is agreed with; a label", Shape::OneOf(&AUDIENCE)),
        key("maintenance", "whether planned maintenance counts; `include`", Shape::OneOf(&MAINTENANCE)),
        later("vendor", "the vendor that promised it"),
        later("budget_policy", "what a spent error budget stops"),
        later("credits", "what a breach pays"),
        later("fees", "monthly fees that credits are a share of"),
        later("claim", "how credits are claimed"),
        later("support", "how the vendor's support answers"),
        later("renewal", "when the contract ends"),
    ],
};

static LATENCY: Block = Block {
    name: "latency of an agreement",
    keys: &[required("below", "longest good time from coming to the answer", Shape::Duration)],
};

static SLI: OneOf = OneOf {
    name: "sli",
    words: &[
        word("good_minutes", "share of the window's time in which the journey is up"),
        word("uptime", "the same as good_minutes"),
        word(
            "success_ratio",
            "share of the window's demand served in full quality; request by request: of its requests that are answered",
        ),
        later_word("user_uptime", "up time as users see it"),
        later_word("incident_minutes", "minutes of declared incidents"),
        later_word("region_minutes", "minutes in which a region is lost"),
    ],
    ..NO_FORM
};

static TARGET: OneOf = OneOf {
    name: "target",
    plain: Some(Shape::Ratio),
    variants: &[key("downtime_at_most", "greatest bad time in a window", Shape::Duration)],
    ..NO_FORM
};

static AUDIENCE: OneOf = OneOf {
    name: "audience",
    words: &[word("internal", "an SLO"), word("customer", "an SLA"), word("vendor", "a vendor's contract")],
    ..NO_FORM
};

static MAINTENANCE: OneOf = OneOf {
    name: "maintenance",
    words: &[word("include", "planned maintenance counts")],
    variants: &[later("exclude", "announced maintenance does not count")],
    ..NO_FORM
};
