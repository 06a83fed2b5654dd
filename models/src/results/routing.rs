//! How the traffic of routers moves.

use super::Estimated;

/// A point of the curve by which a router's clients are served again, or follow it.
#[derive(Clone, Debug, PartialEq)]
pub struct TrafficMovedRow {
    /// The router.
    pub entity: String,
    /// What the time counts from: `fault`, a place's going down under its clients, or `switch`, the router's taking it out.
    pub since: &'static str,
    /// Time since then, s.
    pub at_s: f64,
    /// Share of those clients who are served again (by another place, or by theirs) or who have moved by then.
    pub moved: Estimated,
}
