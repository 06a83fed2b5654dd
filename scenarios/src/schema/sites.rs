//! Keys of a failover plan that moves several components together, from one site to another.

use super::{Key, Shape, key};

pub(super) const FROM: Key = key(
    "from",
    "the domain where the places of its components are at first: they move together; silent: the one its monitor looks at",
    Shape::Id,
);

pub(super) const TO: Key =
    key("to", "the domain that takes them over; silent: the other place of its router, if there is one", Shape::Id);

pub(super) const PROMOTES: Key = key(
    "promotes",
    "components that are nobody's from its first try on, and at the other site once it has worked",
    Shape::List(&Shape::Id),
);

pub(super) const STARTS: Key =
    key("starts", "components that stay where they are until it has worked", Shape::List(&Shape::Id));

pub(super) const REROUTES: Key =
    key("reroutes", "the router whose clients are sent elsewhere, or back, once it has worked", Shape::Id);
