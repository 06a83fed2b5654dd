//! Where things go in the topology: components are rows, the domains their units sit in are columns.

use ninefold_models::system::{ComponentSpec, DomainSpec, Path, Redundancy, Standby, StandbyMode, SystemSpec};

/// A column: one domain that holds units directly, or the units outside every domain.
pub(super) struct Column<'a> {
    /// The domains around it, outermost first; the last holds the units.
    pub(super) domains: Vec<&'a DomainSpec>,
}

impl Column<'_> {
    fn holds(&self, domain: Option<&str>) -> bool {
        self.domains.last().map(|d| d.name.as_str()) == domain
    }

    /// Units of a component in this column.
    pub(super) fn units(&self, component: &ComponentSpec) -> usize {
        component.units.iter().filter(|u| self.holds(u.domain.as_deref())).count()
    }
}

/// The columns, siblings beside each other, in written order of the domains.
pub(super) fn columns(spec: &SystemSpec) -> Vec<Column<'_>> {
    let mut columns = Vec::new();
    if spec.components.iter().flat_map(|c| &c.units).any(|u| u.domain.is_none()) {
        columns.push(Column { domains: Vec::new() });
    }
    for root in spec.domains.iter().filter(|d| d.parent.is_none()) {
        descend(spec, vec![root], &mut columns);
    }
    columns
}

fn descend<'a>(spec: &'a SystemSpec, path: Vec<&'a DomainSpec>, columns: &mut Vec<Column<'a>>) {
    // A chain longer than all domains would be a cycle, which the compiler of systems refuses.
    if path.len() > spec.domains.len() {
        return;
    }
    let here = path.last().expect("bug: a path begins with its root").name.as_str();
    let children: Vec<_> = spec.domains.iter().filter(|d| d.parent.as_deref() == Some(here)).collect();
    let used = spec.components.iter().flat_map(|c| &c.units).any(|u| u.domain.as_deref() == Some(here));
    if used || children.is_empty() {
        columns.push(Column { domains: path.clone() });
    }
    for child in children {
        let mut longer = path.clone();
        longer.push(child);
        descend(spec, longer, columns);
    }
}

/// A box around neighbouring columns.
pub(super) struct Nest<'a> {
    pub(super) domain: &'a DomainSpec,
    pub(super) depth: usize,
    pub(super) first: usize,
    pub(super) last: usize,
}

/// Every domain's box, outer boxes first.
pub(super) fn nests<'a>(columns: &[Column<'a>]) -> Vec<Nest<'a>> {
    let mut nests: Vec<Nest<'a>> = Vec::new();
    for (i, column) in columns.iter().enumerate() {
        for (depth, domain) in column.domains.iter().enumerate() {
            match nests.iter_mut().find(|n| n.domain.name == domain.name) {
                Some(nest) => nest.last = i,
                None => nests.push(Nest { domain, depth, first: i, last: i }),
            }
        }
    }
    nests.sort_by_key(|n| n.depth);
    nests
}

/// How a component survives, in a few words.
pub(crate) fn redundancy(component: &ComponentSpec) -> String {
    let n = component.units.len();
    if let Some(level) = component.per.as_ref().filter(|_| n > 1) {
        // Each domain has a state of its own; how many units sit in each need not be the same.
        let each = match &component.redundancy {
            Redundancy::None => "any 1".to_owned(),
            Redundancy::KOfN { need } | Redundancy::Covered { need, .. } => format!("{need} needed"),
            Redundancy::Quorum { write, read } if write == read => format!("quorum {write}"),
            Redundancy::Quorum { write, read } => format!("quorum to write {write}, to read {read}"),
            Redundancy::Standby(s) => format!("{}, the rest {} standby", active_words(s), kind(s)),
        };
        return format!("{each} per {level}, of {n} in all");
    }
    match &component.redundancy {
        _ if n == 1 => String::from("a single unit"),
        Redundancy::None => format!("any 1 of {n}"),
        Redundancy::KOfN { need } | Redundancy::Covered { need, .. } => format!("{need} of {n} needed"),
        Redundancy::Quorum { write, read } if write == read => format!("quorum {write} of {n}"),
        Redundancy::Quorum { write, read } => format!("quorum of {n}: write {write}, read {read}"),
        Redundancy::Standby(s) => {
            format!("{}, {} {} standby", active_words(s), n.saturating_sub(s.active as usize), kind(s))
        }
    }
}

/// `3 active`, or `3 active (2 needed)`.
fn active_words(scheme: &Standby) -> String {
    let needed = if scheme.need < scheme.active { format!(" ({} needed)", scheme.need) } else { String::new() };
    format!("{} active{needed}", scheme.active)
}

const fn kind(scheme: &Standby) -> &'static str {
    match scheme.mode {
        StandbyMode::Hot => "hot",
        StandbyMode::Warm { .. } => "warm",
        StandbyMode::Cold => "cold",
    }
}

/// A path in words: `web + (1 of: eu | us)`.
pub(super) fn path_words(path: &Path) -> String {
    match path {
        Path::Component { name, .. } => name.clone(),
        Path::Named(part) => part.name.clone(),
        Path::All(parts) => parts.iter().map(path_words).collect::<Vec<_>>().join(" + "),
        Path::AtOnce(branches) => {
            format!("(at once: {})", branches.iter().map(path_words).collect::<Vec<_>>().join(" | "))
        }
        Path::KOf { need, branches } => {
            format!("({need} of: {})", branches.iter().map(path_words).collect::<Vec<_>>().join(" | "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toy_shop::ToyShop;

    #[test]
    fn columns_follow_the_tree_and_hold_every_unit() {
        let shop = ToyShop::new();
        let columns = columns(&shop.spec);
        let innermost: Vec<_> = columns.iter().filter_map(|c| c.domains.last()).map(|d| d.name.as_str()).collect();
        assert_eq!(innermost, ["eu-1a", "eu-1b", "eu-1c"]);
        for component in &shop.spec.components {
            assert_eq!(columns.iter().map(|c| c.units(component)).sum::<usize>(), component.units.len());
        }
        let nests = nests(&columns);
        assert_eq!((nests[0].domain.name.as_str(), nests[0].first, nests[0].last), ("eu-1", 0, 2));
    }

    #[test]
    fn redundancy_and_paths_in_words() {
        let shop = ToyShop::new();
        let words: Vec<_> = shop.spec.components.iter().map(redundancy).collect();
        assert_eq!(words, ["2 of 3 needed", "1 active, 1 hot standby", "any 1 of 2", "a single unit"]);
        // How many of the units are in each region is not claimed.
        let apart = ComponentSpec { per: Some("region".into()), ..shop.spec.components[0].clone() };
        assert_eq!(redundancy(&apart), "2 needed per region, of 3 in all");
        assert_eq!(path_words(&shop.spec.journeys[1].path), "web + search");
    }
}
