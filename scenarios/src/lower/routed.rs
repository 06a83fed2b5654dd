//! Which components a router directs traffic to, as far as the file says before paths are read: they have a state by domain.

use std::collections::BTreeMap;

use super::read::At;

/// For each such component, the level of its places.
pub(super) fn levels(top: &At<'_>) -> BTreeMap<String, String> {
    let mut levels = BTreeMap::new();
    let components = top.get("components").map_or_else(Vec::new, |section| section.entries());
    for (router, component) in components {
        let Some(routing) = component.get("routing") else { continue };
        let level = routing.get("level").and_then(|level| level.text()).unwrap_or("region");
        let to = routing.get("to").and_then(|to| to.text()).or_else(|| follower(top, router));
        if let Some(to) = to {
            levels.insert(to.to_owned(), level.to_owned());
        }
    }
    levels
}

/// What is written right after a router in a path.
fn follower<'a>(top: &At<'a>, router: &str) -> Option<&'a str> {
    let journeys = top.get("journeys").map_or_else(Vec::new, |section| section.entries());
    let named = top.get("paths").map_or_else(Vec::new, |section| section.entries());
    let paths = journeys.into_iter().filter_map(|(_, journey)| journey.get("path"));
    paths.chain(named.into_iter().map(|(_, path)| path)).find_map(|path| after(&path, router))
}

fn after<'a>(path: &At<'a>, router: &str) -> Option<&'a str> {
    let items = path.items();
    let here = items.iter().position(|item| item.text() == Some(router));
    let next = here.and_then(|place| items.get(place + 1)).and_then(At::text);
    let below = || path.entries().into_iter().map(|(_, entry)| entry).chain(items.clone());
    next.or_else(|| below().find_map(|entry| after(&entry, router)))
}
