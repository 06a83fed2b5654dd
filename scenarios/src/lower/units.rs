//! Where the units of a component are: `replicas`, `place`, `spread`.

use std::collections::BTreeSet;

use ninefold_models::system::UnitSpec;

use super::Lowering;
use super::domains::DomainTree;
use super::fleets::{self, Fleet, Written};
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

/// Most units of a whole scenario, domains among them.
pub(super) const UNITS_MAX: u64 = ninefold_models::system::UNITS_MAX as u64;

/// The units of a component, and the number of the domain each sits in.
pub(super) struct Placed {
    /// Units that there are at the start; fewer than there may be, where an autoscaler asks for more.
    pub(super) at_start: u32,
    /// Who starts and removes which of them, where it is scaled.
    pub(super) fleets: Vec<Fleet>,
    pub(super) units: Vec<UnitSpec>,
    pub(super) domains: Vec<Option<usize>>,
}

/// Lays out the units of a component: all that its autoscaler may ask for, if it has one; `room` is how many units the
/// scenario may still have. Where it has a state for each domain of a `level`, it has an autoscaler in each.
pub(super) fn place(
    cx: &mut Lowering<'_>,
    at: &At<'_>,
    name: &str,
    scene: (&DomainTree<'_>, Option<&str>, &mut u64),
) -> Option<Placed> {
    let (tree, level, room) = scene;
    let replicas = at.get("replicas");
    let whole = replicas.as_ref().map(|replicas| cx.units(replicas));
    let Some(places) = at.get("place").filter(|places| !places.variants().is_empty()) else {
        let count = match whole {
            Some(count) => count?,
            None => {
                cx.assume(format!("{}.replicas", at.path()), "1", "a component without replicas has one unit");
                1
            }
        };
        let (at_start, count) = (count, most(cx, at).unwrap_or(count));
        take_room(cx, room, u64::from(count), at)?;
        let units = (1..=count).map(|ordinal| UnitSpec { name: format!("{name}/{ordinal}"), domain: None });
        let fleets = vec![Fleet { at_start, units: (0..count).collect() }];
        return Some(Placed { at_start, fleets, units: units.collect(), domains: vec![None; count as usize] });
    };
    let mut entries = places.variants();
    // Who is primary comes first in written order; the sort is stable.
    entries.sort_by_key(|(_, value)| value.get("role").and_then(|role| role.text()) != Some("primary"));
    let only = entries.len() == 1;
    let mut written: Vec<(&str, u32, Vec<usize>)> = Vec::new();
    let mut good = true;
    for (domain, value) in &entries {
        let count = match (value.get("replicas"), whole) {
            (Some(count), _) => cx.units(&count),
            (None, Some(count)) if only => count,
            (None, _) => {
                cx.assume(format!("{}.replicas", value.path()), "1", "a place without replicas has one unit");
                Some(1)
            }
        };
        let homes = homes(cx, tree, domain, value);
        let (Some(count), Some(homes)) = (count, homes) else {
            good = false;
            continue;
        };
        written.push((domain, count, homes));
    }
    let placed = lay(cx, (at, name), &written, (tree, level, room))?;
    if let (true, Some(replicas), Some(Some(whole))) = (good, &replicas, whole)
        && whole != placed.at_start
    {
        let sum = placed.at_start;
        let message = format!("`replicas` says {whole}, the places add up to {sum}");
        cx.sink.push(
            Diagnostic::new(Code::Replicas, message, replicas.span())
                .label(format!("says {whole}"))
                .secondary(places.key_span(), format!("these hold {sum}"))
                .hint("leave out `replicas` (or set it to null), or make the places add up"),
        );
        return None;
    }
    good.then_some(placed)
}

/// The units of written places, each with how many it has at the start and over what they are dealt.
fn lay(
    cx: &mut Lowering<'_>,
    (at, name): (&At<'_>, &str),
    written: &[(&str, u32, Vec<usize>)],
    (tree, level, room): (&DomainTree<'_>, Option<&str>, &mut u64),
) -> Option<Placed> {
    let at_start: u32 = written.iter().map(|(_, count, _)| count).sum();
    let state = |&home: &usize| level.and_then(|level| tree.of_level(home, level));
    let places = written.iter().map(|(_, at_start, homes)| Written {
        at_start: *at_start,
        homes,
        states: homes.iter().map(state).collect(),
    });
    let places: Vec<Written<'_>> = places.collect();
    let max = most(cx, at);
    // Before they are laid out: as many in each state, of which there are at most as many as domains.
    let states = written.iter().flat_map(|(.., homes)| homes).filter_map(state).collect::<BTreeSet<_>>().len().max(1);
    take_room(cx, &mut room.clone(), u64::from(max.unwrap_or(at_start)) * states as u64, at)?;
    let (homes, fleets) = match max {
        Some(max) => fleets::lay(&places, max),
        None => {
            let in_turn = |place: &Written<'_>| -> Vec<usize> {
                (0..place.at_start as usize).map(|ordinal| place.homes[ordinal % place.homes.len()]).collect()
            };
            (places.iter().map(in_turn).collect(), Vec::new())
        }
    };
    let mut placed = Placed { at_start, fleets, units: Vec::new(), domains: Vec::new() };
    for ((domain, ..), homes) in written.iter().zip(homes) {
        *room = room.saturating_sub(homes.len() as u64);
        for (ordinal, home) in (1..).zip(homes) {
            placed.units.push(UnitSpec {
                name: format!("{name}/{domain}/{ordinal}"),
                domain: Some(tree.names[home].to_owned()),
            });
            placed.domains.push(Some(home));
        }
    }
    Some(placed)
}

/// Units that an autoscaler may ask for.
fn most(cx: &mut Lowering<'_>, at: &At<'_>) -> Option<u32> {
    let most = at.get("autoscale").and_then(|autoscale| autoscale.get("max"))?;
    cx.units(&most)
}

fn take_room(cx: &mut Lowering<'_>, room: &mut u64, count: u64, at: &At<'_>) -> Option<()> {
    if count > *room {
        cx.sink.push(
            Diagnostic::new(Code::TooManyUnits, format!("the scenario has more than {UNITS_MAX} units"), at.key_span())
                .hint("model a group of alike units as one, with the capacity of all"),
        );
        return None;
    }
    *room -= count;
    Some(())
}

/// The domains that the units of one place are dealt over.
pub(super) fn homes(cx: &mut Lowering<'_>, tree: &DomainTree<'_>, domain: &str, value: &At<'_>) -> Option<Vec<usize>> {
    let Some(place) = tree.find(domain) else {
        cx.sink.push(tree.unknown(domain, value.key_span()));
        return None;
    };
    let Some(spread) = value.get("spread") else { return Some(vec![place]) };
    let word = spread.text()?;
    let levels = tree.level_names();
    let level = [word, word.strip_suffix('s').unwrap_or(word)].into_iter().find(|level| levels.contains(level));
    let Some(level) = level else {
        cx.sink.push(tree.unknown_level(word, spread.span()));
        return None;
    };
    let homes = tree.inside(place, level);
    if homes.is_empty() {
        let message = format!("there is no domain of level `{level}` inside `{domain}`");
        cx.sink.push(
            Diagnostic::new(Code::Spread, message, spread.span())
                .why("units can only be dealt over domains that lie inside their place")
                .hint(format!("add domains with `{{in: {domain}, level: {level}}}`, or leave out `spread`")),
        );
        return None;
    }
    Some(homes)
}
