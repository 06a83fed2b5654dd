//! `visible_to`: who sees a failure.

use super::{Key, NO_FORM, OneOf, Shape, key, word};

pub(super) const VISIBLE_TO: Key = key(
    "visible_to",
    "who sees it, of those who might; `[]` is nobody; where a failover plan moves the place, probes of its trigger by name; default: each of them sees what takes a unit down, and no more",
    Shape::List(const { &Shape::OneOf(&OBSERVER) }),
);

static OBSERVER: OneOf = OneOf {
    name: "observer",
    words: &[word("health_check", "the health check of the component")],
    plain: Some(Shape::Id),
    ..NO_FORM
};
