//! `components`.

use ninefold_models::system::{ComponentSpec, Level, SystemSpec};

use super::Lowering;
use super::calendar::Calendar;
use super::domains::DomainTree;
use super::elastic;
use super::host_pool;
use super::partition::Voting;
use super::profile;
use super::read::At;
use super::redundancy::Group;
use super::routed;
use super::units::{self, UNITS_MAX};
use crate::diagnostic::{Code, Diagnostic};
use std::collections::BTreeMap;

/// Every component; the answer is what stands for the data of some.
pub(super) fn lower(
    cx: &mut Lowering<'_>,
    top: &At<'_>,
    (tree, calendar): (&DomainTree<'_>, &Calendar),
    spec: &mut SystemSpec,
) -> Vec<ComponentSpec> {
    let mut data = Vec::new();
    let Some(section) = cx.required(top, "components") else { return data };
    // A domain is a unit too.
    let mut room = UNITS_MAX.saturating_sub(spec.domains.len() as u64);
    let mut shared = Vec::new();
    let routed = routed::levels(top);
    for (name, at) in section.entries() {
        let mut modes = cx.modes(&at);
        let capacity = cx.capacity(&at, name, (calendar, spec));
        let per = cx.per(&at, tree);
        let level = per.as_ref().and_then(|per| per.text()).or(routed.get(name).map(String::as_str));
        let mut placed = units::place(cx, &at, name, (tree, level, &mut room));
        let on_hosts = cx.shared_hosts((&at, name), tree, placed.as_mut());
        modes.extend(on_hosts.as_ref().and_then(|shared| shared.eviction.clone()));
        shared.extend(on_hosts);
        let redundancy = match &placed {
            Some(placed) => {
                let size = size(cx, placed, per.as_ref(), tree).min(elastic::least(cx, &at));
                let group = Group { name, size, at: at.clone() };
                cx.redundancy(&group)
            }
            None => None,
        };
        spec.replications.extend(cx.replication((&at, name), redundancy.as_ref()));
        spec.health_checks.extend(cx.health_check((&at, name), redundancy.as_ref()));
        let fleets = placed.as_ref().map_or(&[][..], |placed| &placed.fleets);
        spec.autoscalers.extend(cx.elastic((&at, name, fleets), (redundancy.as_ref(), calendar)).into_iter().flatten());
        spec.spots.extend(cx.spot((&at, name), (redundancy.as_ref(), placed.as_ref())));
        modes.extend(cx.warm_up(&at, redundancy.as_ref()));
        cx.roles(&at, redundancy.as_ref());
        let voting = Voting { name, at: at.clone(), redundancy: redundancy.as_ref(), placed: placed.as_ref() };
        cx.voting(&voting, tree, spec);
        let units = placed.as_ref().map_or(0, |placed| placed.units.len());
        let price = cx.price((&at, name), (units, &spec.prices.currency));
        spec.prices.components.extend(price);
        let loss = cx.data_loss((&at, name), units);
        if let Some(backed_up) = cx.backup((&at, name), loss.as_ref()) {
            spec.backups.push(backed_up.backup);
            data.push(backed_up.data);
        }
        spec.data_losses.extend(loss);
        spec.visibilities.extend(cx.visible_to((&at, name)));
        spec.on_demands.extend(cx.on_demand((&at, name), units, redundancy.as_ref()));
        spec.load_sharings.extend(cx.load_sharing((&at, name), units, redundancy.as_ref()));
        // A component that could not be read whole still answers to its name.
        spec.components.push(ComponentSpec {
            name: name.to_owned(),
            units: placed.map(|placed| placed.units).unwrap_or_default(),
            redundancy: redundancy.unwrap_or(ninefold_models::system::Redundancy::None),
            per: per.and_then(|per| per.text().map(str::to_owned)),
            modes,
            capacity_per_unit: capacity,
        });
    }
    host_pool::finish(cx, shared, spec);
    data
}

/// What one unit can serve: a constant, or over time.
pub(super) fn capacity(cx: &mut Lowering<'_>, at: &At<'_>, calendar: &Calendar) -> Option<Level> {
    match (at.get("per_replica"), at.get("profile")) {
        (Some(_), Some(profile)) => {
            let message = "a capacity has either `per_replica` or `profile`";
            cx.sink.push(Diagnostic::new(Code::Variant, message, profile.key_span()).hint("keep one of them"));
            None
        }
        (None, Some(profile)) => profile::lower(cx, &profile, calendar),
        _ => cx.required(at, "per_replica").and_then(|rate| cx.flow(&rate)).map(Level::from),
    }
}

/// Units of the smallest group: of the component, or of the domain that has least under `per`.
fn size(cx: &mut Lowering<'_>, placed: &units::Placed, per: Option<&At<'_>>, tree: &DomainTree<'_>) -> u32 {
    let all = u32::try_from(placed.units.len()).unwrap_or(u32::MAX);
    let Some((per, level)) = per.and_then(|per| per.text().map(|level| (per, level))) else { return all };
    let mut groups: BTreeMap<usize, u32> = BTreeMap::new();
    for (unit, domain) in placed.units.iter().zip(&placed.domains) {
        match domain.and_then(|domain| tree.of_level(domain, level)) {
            Some(group) => *groups.entry(group).or_default() += 1,
            None => {
                cx.sink.push(
                    Diagnostic::new(
                        Code::OutsideLevel,
                        format!("`{}` sits in no domain of level `{level}`", unit.name),
                        per.span(),
                    )
                    .why("with `per` every unit belongs to the state of one such domain")
                    .hint("place the units inside domains of that level"),
                );
                return all;
            }
        }
    }
    groups.values().copied().min().unwrap_or(all)
}
