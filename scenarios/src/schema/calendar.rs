//! `calendar`: start, horizon, zone, reporting windows.

use super::{Block, NO_FORM, OneOf, Shape, key, later};

pub(super) static CALENDAR: Block = Block {
    name: "calendar",
    keys: &[
        key("start", "the first instant; default 2027-01-01T00:00:00Z", Shape::Instant),
        key("horizon", "from the start to the end of a replication, at most 200 y; default 365d", Shape::Duration),
        key("zone", "IANA zone of local times and calendar windows; default UTC", Shape::Zone),
        key("reporting", "kinds of windows that availability is reported by", Shape::List(&WINDOW_SHAPE)),
        key(
            "windows",
            "windows that come again every week, for plans to name",
            Shape::MapOf { what: "window", value: &Shape::Block(&super::weekly::WEEKLY) },
        ),
        later("freezes", "times in which classes of changes are not allowed"),
        key(
            "peaks",
            "business events that multiply the demand of every journey",
            Shape::MapOf { what: "peak", value: &Shape::Block(&super::demand::PEAK) },
        ),
        later("phases", "phases of a mission with hazards and needs of their own"),
    ],
};

static WINDOW_SHAPE: Shape = Shape::OneOf(&WINDOW);

pub(super) static WINDOW: OneOf = OneOf {
    name: "window",
    plain: Some(Shape::WindowKind),
    variants: &[key(
        "fixed",
        "one after the other from the beginning of the measured time, each this long",
        Shape::Duration,
    )],
    ..NO_FORM
};
