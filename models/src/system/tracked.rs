//! The entities whose ups and downs are recorded.

use super::bands;
use super::components::{Component, Group};
use super::spec::SystemSpec;
use super::structure::GateId;

/// Index of a tracked entity.
pub type TrackedId = u32;

/// An entity with a state: up or down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tracked {
    /// A journey, by index.
    Journey {
        /// `journeys.NAME`.
        entity: String,
        /// The journey.
        journey: u32,
    },
    /// A component, or its state in one domain.
    Gate {
        /// `components.NAME`, `components.NAME@DOMAIN`, or of a quorum `components.NAME/read` and `components.NAME/write`.
        entity: String,
        /// Up while this gate is.
        gate: GateId,
        /// The component.
        component: u32,
    },
}

impl Tracked {
    /// The entity's name as tables show it.
    pub fn entity(&self) -> &str {
        match self {
            Self::Journey { entity, .. } | Self::Gate { entity, .. } => entity,
        }
    }
}

/// Journeys first (tracked id = journey index), then components, then their states by domain, then the two sides of those
/// quorums whose reads and writes need different numbers of units, then their reads with a quorum and their writes in time.
pub(super) fn list(spec: &SystemSpec, components: &[Component], groups: &[Group]) -> Vec<Tracked> {
    let journeys = spec.journeys.iter().enumerate();
    let mut all: Vec<Tracked> = journeys
        .map(|(i, journey)| Tracked::Journey { entity: format!("journeys.{}", journey.name), journey: i as u32 })
        .collect();
    for (i, (declared, component)) in spec.components.iter().zip(components).enumerate() {
        let entity = format!("components.{}", declared.name);
        all.push(Tracked::Gate { entity, gate: component.gate, component: i as u32 });
    }
    for group in groups {
        if let Some(domain) = &group.domain {
            let entity = format!("components.{}@{domain}", spec.components[group.component as usize].name);
            all.push(Tracked::Gate { entity, gate: group.gate, component: group.component });
        }
    }
    for (i, (declared, component)) in spec.components.iter().zip(components).enumerate() {
        if component.read != component.write {
            for (side, gate) in [("read", component.read), ("write", component.write)] {
                let entity = format!("components.{}/{side}", declared.name);
                all.push(Tracked::Gate { entity, gate, component: i as u32 });
            }
        }
    }
    for (i, (declared, component)) in spec.components.iter().zip(components).enumerate() {
        let component_id = i as u32;
        let mut track = |entity, gate| all.push(Tracked::Gate { entity, gate, component: component_id });
        component.consistent.into_iter().for_each(|gate| track(bands::consistent_reads(&declared.name), gate));
        for from in &component.writes_from {
            for (place, &(takes, gate)) in from.within.iter().enumerate() {
                let within = (place + 1 < from.within.len()).then(|| bands::milliseconds(takes.get()));
                track(bands::written(&declared.name, &from.domain, within), gate);
            }
        }
    }
    all
}
