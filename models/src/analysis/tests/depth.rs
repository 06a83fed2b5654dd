//! Depths of cascades along a chain and around a corner.

use super::attribution::plan;
use super::*;
use crate::assess::{Unwatched, assess};

/// `web` needs `api` and `auth`, `api` needs `db`, and `db` needs `disk`, and so does `auth`.
#[test]
fn a_cascade_is_as_deep_as_the_way_it_came() {
    let single = |name: &str| component(name, 1, Redundancy::None, (100.0, 1.0));
    let spec = SystemSpec {
        components: ["web", "api", "auth", "db", "disk"].map(single).to_vec(),
        dependencies: vec![
            edge("web", "api", Need::Hard),
            edge("web", "auth", Need::Hard),
            edge("api", "db", Need::Hard),
            edge("db", "disk", Need::Hard),
            edge("auth", "disk", Need::Hard),
        ],
        journeys: vec![journey(leaf("web"))],
        time: TimeSpec { horizon: Hours::new(2000.0), ..TimeSpec::default() },
        ..SystemSpec::default()
    };
    let incidents = assess(&System::build(spec).unwrap(), &plan(4), &Unwatched).unwrap().incidents;
    assert!(incidents.len() > 100);
    for (cause, depth) in [("web", 1), ("api", 2), ("auth", 2), ("db", 3), ("disk", 4)] {
        let mut of = incidents.iter().filter(|row| row.cause == format!("{cause}/crash")).peekable();
        assert!(of.peek().is_some() && of.all(|row| row.cascade_depth == Some(depth)), "{cause}");
    }
}

#[test]
fn what_is_down_by_numbers_came_through_no_edge() {
    let mut web = component("web", 1, Redundancy::None, (1e6, 1.0));
    web.capacity_per_unit = Some(10.0.into());
    let journeys = vec![JourneySpec { demand: Some(30.0.into()), ..journey(leaf("web")) }];
    let system = System::build(SystemSpec { components: vec![web], journeys, ..SystemSpec::default() }).unwrap();
    let incidents = assess(&system, &plan(1), &Unwatched).unwrap().incidents;
    assert_eq!(incidents.iter().map(|row| row.cascade_depth).collect::<Vec<_>>(), [Some(0)]);
}
