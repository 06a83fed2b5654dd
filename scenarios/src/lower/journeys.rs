//! `journeys`.

use std::collections::BTreeMap;
use std::sync::Arc;

use ninefold_models::system::{JOURNEYS_MAX, JourneySpec, Level, Path, Redundancy, Side, SystemSpec, UpRule};

use super::calendar::Calendar;
use super::read::At;
use super::{Lowering, demand};
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::suggestion;

pub(super) fn lower(cx: &mut Lowering<'_>, top: &At<'_>, calendar: &Calendar, spec: &mut SystemSpec) {
    let Some(section) = top.get("journeys") else { return };
    let entries = section.entries();
    if entries.len() > JOURNEYS_MAX {
        let message = format!("{} journeys; at most {JOURNEYS_MAX} are assessed", entries.len());
        cx.sink.push(Diagnostic::new(Code::Limit, message, section.key_span()).hint("split the scenario"));
        return;
    }
    let mut demands = demands(cx, top, &entries, calendar);
    for (name, at) in entries {
        let path = cx.required(&at, "path").and_then(|path| list(cx, &path, spec));
        let rule = rule(cx, &at);
        let path = path.unwrap_or(Path::All(Vec::new()));
        let demand = match at.get("demand").filter(is_of_users) {
            Some(demand) => cx.users(&demand, name, spec),
            None => demands.remove(name),
        };
        cx.seen_from((&at, name), spec);
        cx.journey_value(name, &at, spec);
        spec.journeys.push(JourneySpec { name: name.to_owned(), path, demand, rule });
    }
    cx.assume_worth(spec);
}

/// The demand of every journey that has one; those that follow others come after them.
fn demands(
    cx: &mut Lowering<'_>,
    top: &At<'_>,
    entries: &[(&str, At<'_>)],
    calendar: &Calendar,
) -> BTreeMap<String, Level> {
    let peaks = demand::peaks(cx, top, calendar);
    let given = entries.iter().filter_map(|(name, at)| Some((*name, at.get("demand").filter(|at| !is_of_users(at))?)));
    let (follow, own): (Vec<_>, Vec<_>) = given.partition(|(_, at)| at.get("share_of").is_some());
    let mut levels = BTreeMap::new();
    for (name, at) in own {
        if let Some(level) = demand::lower(cx, (name, &at), (calendar, &peaks), &BTreeMap::new()) {
            levels.insert(name.to_owned(), level);
        }
    }
    let mut following = BTreeMap::new();
    for (name, at) in follow {
        if let Some(level) = demand::lower(cx, (name, &at), (calendar, &peaks), &levels) {
            following.insert(name.to_owned(), level);
        }
    }
    levels.append(&mut following);
    levels
}

/// Whether a demand is more than a rate over time.
fn is_of_users(demand: &At<'_>) -> bool {
    ["closed", "sine"].iter().any(|key| demand.get(key).is_some())
}

/// A list: every entry is needed.
pub(super) fn list(cx: &mut Lowering<'_>, at: &At<'_>, spec: &SystemSpec) -> Option<Path> {
    let items = at.items();
    if items.is_empty() {
        if !at.is_map() && at.text().is_none() {
            let message = "the path is empty";
            cx.sink.push(
                Diagnostic::new(Code::Empty, message, at.key_span())
                    .why("a journey that needs nothing is always up")
                    .hint("name at least one component"),
            );
        }
        return None;
    }
    let entries: Vec<Option<Path>> = items.iter().map(|item| entry(cx, item, spec)).collect();
    entries.into_iter().collect::<Option<Vec<_>>>().map(Path::All)
}

fn entry(cx: &mut Lowering<'_>, at: &At<'_>, spec: &SystemSpec) -> Option<Path> {
    if let Some(name) = at.text() {
        if let Some(part) = cx.named_paths.get(name) {
            return Some(Path::Named(Arc::clone(part)));
        }
        component(cx, name, at.span(), spec)?;
        return Some(Path::Component { name: name.to_owned(), side: Side::Both });
    }
    if !at.is_map() {
        return list(cx, at, spec);
    }
    let variants = at.variants();
    let [(key, inner)] = variants.as_slice() else { return None };
    match *key {
        "any_of" => Some(Path::KOf { need: 1, branches: branches(cx, inner, spec)? }),
        "k_of" => {
            let list = cx.required(inner, "branches");
            let branches = list.and_then(|list| branches(cx, &list, spec));
            let at = cx.required(inner, "need")?;
            let (need, branches) = (cx.units(&at)?, branches?);
            if need as usize > branches.len() {
                let has = branches.len();
                cx.sink.push(
                    Diagnostic::new(Code::Branches, "a path needs more branches than it has", at.span())
                        .label(format!("asks for {need} of {has} branches"))
                        .why("availability would be 0 in every replication")
                        .hint(format!("did you mean `need: {has}`?")),
                );
                return None;
            }
            Some(Path::KOf { need, branches })
        }
        "all_of" => branches(cx, inner, spec).map(Path::AtOnce),
        "sum_of" => {
            let items = inner.items();
            let parts: Option<Vec<Path>> =
                items.iter().map(|item| Some(Path::All(vec![entry(cx, item, spec)?]))).collect();
            parts.filter(|parts| !parts.is_empty()).map(|branches| Path::KOf { need: 1, branches })
        }
        name => one_side(cx, name, inner, spec),
    }
}

fn branches(cx: &mut Lowering<'_>, at: &At<'_>, spec: &SystemSpec) -> Option<Vec<Path>> {
    let items = at.items();
    if items.is_empty() {
        if at.text().is_none() && !at.is_map() {
            let message = "there is no branch";
            cx.sink.push(Diagnostic::new(Code::Empty, message, at.key_span()).hint("write `[[a], [b]]`"));
        }
        return None;
    }
    let read: Vec<Option<Path>> = items.iter().map(|item| list(cx, item, spec)).collect();
    read.into_iter().collect()
}

/// `{cart-db: read}`.
fn one_side(cx: &mut Lowering<'_>, name: &str, at: &At<'_>, spec: &SystemSpec) -> Option<Path> {
    let redundancy = component(cx, name, at.key_span(), spec)?;
    let side = match at.text()? {
        "read" => Side::Read,
        "write" => Side::Write,
        _ => return None,
    };
    if !matches!(redundancy, Redundancy::Quorum { .. }) {
        cx.sink.push(
            Diagnostic::new(
                Code::SideWithoutQuorum,
                format!("`{name}` has no quorum to read from or write to"),
                at.span(),
            )
            .why("only a quorum tells reads from writes")
            .hint(format!("write `{name}` alone, or give it `redundancy: {{quorum: …}}`")),
        );
        return None;
    }
    Some(Path::Component { name: name.to_owned(), side })
}

fn component<'s>(
    cx: &mut Lowering<'_>,
    name: &str,
    span: crate::source::Span,
    spec: &'s SystemSpec,
) -> Option<&'s Redundancy> {
    let found = spec.components.iter().find(|component| component.name == name);
    if found.is_none() {
        let paths = cx.named_paths.keys().map(String::as_str);
        let names = spec.components.iter().map(|component| component.name.as_str()).chain(paths);
        cx.sink.push(
            Diagnostic::new(Code::PathNowhere, format!("the path names `{name}`, which is not there"), span)
                .label("no component and no path has this name")
                .hint(suggestion(name, names)),
        );
    }
    found.map(|component| &component.redundancy)
}

fn rule(cx: &mut Lowering<'_>, journey: &At<'_>) -> UpRule {
    let mut rule = UpRule::default();
    let conditions = journey.get("degraded").and_then(|degraded| degraded.get("counts_up_if"));
    let get = |key: &str| conditions.as_ref().and_then(|conditions| conditions.get(key));
    match get("success") {
        Some(success) => rule.success = cx.ratio(&success).unwrap_or(rule.success),
        None => {
            let path = format!("{}.degraded.counts_up_if.success", journey.path());
            cx.assume(
                path,
                rule.success.to_string(),
                "a journey counts as up while it serves at least half of its demand",
            );
        }
    }
    rule.capacity_at_least = get("capacity_at_least").and_then(|capacity| cx.flow(&capacity));
    rule
}
