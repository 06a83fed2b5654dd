//! Coupled islands: components whose units read or change the state of units of others.
//!
//! Components are joined by a team that repairs both, by failures that propagate from one to the other, and by shocks
//! that strike both. Domains may be repaired by a team, or struck, too.

use super::coverage::coverage_of;
use super::load_sharing::sharing_of;
use super::on_demand::is_called;
use super::spec::{ModeSpec, Redundancy, Repair, RepairStarts, SystemSpec};

/// Why a component belongs to an island.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// A repair waits for a crew.
    Crew,
    /// A failure takes down units of another component, or is taken down by one.
    Propagation,
    /// A repair waits until a place is filled.
    RepairAfterSwitch,
    /// A shock, an experiment or a canary test strikes its units, and perhaps those of others, at once.
    Shock,
    /// Its units share a load: each ages by how many of them are up.
    LoadSharing,
    /// Its dormant units may fail when they are called.
    OnDemand,
    /// A failure in a group may be uncovered, and what it costs holds the other units.
    Coverage,
}

/// The islands of a system.
#[derive(Clone, Debug, Default)]
pub struct Islands {
    /// For each component, its island, if it is in one.
    pub components: Vec<Option<u32>>,
    /// For each domain, its island, if it is in one.
    pub domains: Vec<Option<u32>>,
    /// For each component, why it is in one.
    pub ties: Vec<Option<Tie>>,
    /// For each component and then each domain, whether it is in one for something else than a shock.
    bound: Vec<bool>,
    strike_domains: bool,
}

/// The components that a canary test of a failover plan strikes.
fn exposed_to_tests(spec: &SystemSpec) -> impl Iterator<Item = usize> + '_ {
    let plans = spec.failovers.iter().filter(|plan| plan.canary_mode().is_some());
    let names = plans.flat_map(|plan| &plan.components);
    names.filter_map(|name| spec.components.iter().position(|component| component.name == *name))
}

impl Islands {
    pub(super) fn of(spec: &SystemSpec) -> Self {
        let (components, domains) = (spec.components.len(), spec.domains.len());
        let mut joined = Joined::new(components + domains + spec.teams.len());
        let mut ties = vec![None; components];
        let owners = spec.components.iter().map(|c| &c.modes).chain(spec.domains.iter().map(|d| &d.modes));
        let mut coupled = vec![false; components + domains];
        for (owner, modes) in owners.enumerate() {
            for team in teams(modes, spec) {
                joined.join(owner, components + domains + team);
                coupled[owner] = true;
                note(&mut ties, owner, Tie::Crew);
            }
            for hit in hits(modes, spec) {
                joined.join(owner, hit);
                (coupled[owner], coupled[hit]) = (true, true);
                note(&mut ties, owner, Tie::Propagation);
                note(&mut ties, hit, Tie::Propagation);
            }
        }
        for (owner, component) in spec.components.iter().enumerate() {
            if coverage_of(component).is_some() {
                coupled[owner] = true;
                note(&mut ties, owner, Tie::Coverage);
            }
            if sharing_of(spec, &component.name).is_some() {
                coupled[owner] = true;
                note(&mut ties, owner, Tie::LoadSharing);
            }
            if is_called(component) {
                coupled[owner] = true;
                note(&mut ties, owner, Tie::OnDemand);
            }
            if let Redundancy::Standby(scheme) = &component.redundancy
                && scheme.repair_starts == RepairStarts::AfterSwitch
            {
                coupled[owner] = true;
                note(&mut ties, owner, Tie::RepairAfterSwitch);
            }
        }
        let bound = coupled.clone();
        for shock in &spec.shocks {
            let struck = shock.strikes.iter().filter_map(|strike| strike.owner.index(spec));
            let mut first = None;
            for owner in struck {
                joined.join(owner, *first.get_or_insert(owner));
                coupled[owner] = true;
                note(&mut ties, owner, Tie::Shock);
            }
        }
        let experiments = spec.experiments.iter().filter_map(|experiment| experiment.strike.owner.index(spec));
        for owner in experiments.chain(exposed_to_tests(spec)) {
            coupled[owner] = true;
            note(&mut ties, owner, Tie::Shock);
        }
        let island = |owner: usize| coupled[owner].then(|| joined.root(owner) as u32);
        Self {
            components: (0..components).map(island).collect(),
            domains: (components..components + domains).map(island).collect(),
            ties,
            strike_domains: (components..components + domains).any(|domain| coupled[domain] && !bound[domain]),
            bound,
        }
    }

    /// Whether a domain is repaired by a team, or struck by a shock.
    pub fn hold_domains(&self) -> bool {
        self.domains.iter().any(Option::is_some)
    }

    /// Whether a shock strikes a domain that nothing else binds.
    pub const fn strike_domains(&self) -> bool {
        self.strike_domains
    }

    /// Whether a component (or, after the components, a domain) would be coupled without any shock.
    pub(crate) fn is_bound_without_shocks(&self, owner: usize) -> bool {
        self.bound[owner]
    }
}

fn note(ties: &mut [Option<Tie>], owner: usize, tie: Tie) {
    if let Some(known) = ties.get_mut(owner) {
        known.get_or_insert(tie);
    }
}

fn teams(modes: &[ModeSpec], spec: &SystemSpec) -> Vec<usize> {
    let named = modes.iter().filter_map(|mode| match &mode.repair {
        Repair::ByCrew(crew) => Some(&crew.team),
        _ => None,
    });
    named.filter_map(|name| spec.teams.iter().position(|team| team.name == *name)).collect()
}

fn hits(modes: &[ModeSpec], spec: &SystemSpec) -> Vec<usize> {
    let named = modes.iter().flat_map(|mode| &mode.propagates).map(|propagation| &propagation.to);
    named.filter_map(|name| spec.components.iter().position(|component| component.name == *name)).collect()
}

/// Disjoint sets, joined step by step.
struct Joined {
    parent: Vec<usize>,
}

impl Joined {
    fn new(count: usize) -> Self {
        Self { parent: (0..count).collect() }
    }

    fn root(&self, mut at: usize) -> usize {
        while self.parent[at] != at {
            at = self.parent[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.parent[one.max(other)] = one.min(other);
    }
}
