//! The same system with everything in sight: the ups and downs of every replica, domain and gate of a component are
//! recorded, and nothing else about it changes.
//!
//! A domain has no gate of its own. Each that can fail gets a replica that cannot, and that is down exactly while the
//! domain, or one around it, is. Streams are keyed by name, so nobody's draws change.

use super::paths::{Parts, Paths};
use super::tracked::{Tracked, TrackedId};
use super::{ComponentSpec, GateId, Redundancy, System, SystemError, UnitId, UnitSpec};

/// A system in which everything is recorded, and where to find it in a trace.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(crate) system: System,
    /// For each replica of the original system, what records it.
    pub(crate) replicas: Vec<TrackedId>,
    /// For each domain, what records it; `None` if it cannot fail.
    pub(crate) domains: Vec<Option<TrackedId>>,
    /// For each group of the original system, what records its gate.
    pub(crate) groups: Vec<TrackedId>,
    /// For each component of the original system, what records its gate, and those for reads and for writes.
    pub(crate) components: Vec<[TrackedId; 3]>,
}

impl System {
    /// This system, watched.
    ///
    /// # Errors
    /// [`SystemError`] if a component or unit has the name of a probe, or a limit is passed.
    pub(crate) fn watched(&self) -> Result<Watched, SystemError> {
        let mut spec = self.spec.clone();
        let failing: Vec<usize> = (0..spec.domains.len()).filter(|&d| !spec.domains[d].modes.is_empty()).collect();
        spec.components.extend(failing.iter().map(|&domain| probe(&self.spec.domains[domain].name)));
        let mut watched = Watched {
            system: Self::build(spec)?,
            replicas: Vec::new(),
            domains: vec![None; self.spec.domains.len()],
            groups: Vec::new(),
            components: Vec::new(),
        };
        watched.replicas = (0..self.units.replicas as UnitId).map(|unit| watched.track(unit)).collect();
        for (probe, &domain) in failing.iter().enumerate() {
            watched.domains[domain] = Some(watched.track((self.units.replicas + probe) as GateId));
        }
        for group in 0..self.groups.len() {
            let gate = watched.system.groups[group].gate;
            let tracked = watched.track(gate);
            watched.groups.push(tracked);
        }
        for component in 0..self.components.len() {
            let of = &watched.system.components[component];
            let tracked = [of.gate, of.read, of.write].map(|gate| watched.track(gate));
            watched.components.push(tracked);
        }
        watched.see_all();
        Ok(watched)
    }
}

impl Watched {
    fn track(&mut self, gate: GateId) -> TrackedId {
        let id = self.system.tracked.len() as TrackedId;
        self.system.tracked.push(Tracked::Gate { entity: String::new(), gate, component: 0 });
        id
    }

    /// Chooses the paths anew: what is recorded has to be shown.
    fn see_all(&mut self) {
        let system = &self.system;
        self.system.paths = Paths::of(&Parts {
            spec: &system.spec,
            islands: &system.islands,
            components: &system.components,
            groups: &system.groups,
            journeys: &system.journeys,
            structure: &system.structure,
            tracked: &system.tracked,
        });
    }
}

/// A component that is down exactly while a domain, or one around it, is.
fn probe(domain: &str) -> ComponentSpec {
    // No id of a scenario has a colon.
    let name = format!("probe:{domain}");
    ComponentSpec {
        units: vec![UnitSpec { name: format!("{name}/1"), domain: Some(domain.to_owned()) }],
        name,
        redundancy: Redundancy::None,
        per: None,
        modes: Vec::new(),
        capacity_per_unit: None,
    }
}
