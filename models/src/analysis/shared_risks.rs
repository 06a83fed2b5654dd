//! Shared risks, hazards and shocks to spot capacity as members of cut sets: one that can strike all it may strike at once is down with all of it.

use crate::system::{Burst, Hits, System, UnitId};

/// A shared risk or hazard of a system.
#[derive(Clone, Debug)]
pub(super) struct Risk {
    /// As tables name it.
    pub(super) source: String,
    /// The units it can strike.
    units: Vec<UnitId>,
    /// Whether it can strike all of them in one shock.
    all_at_once: bool,
}

impl Risk {
    /// The risks of a system, in the order of their first shock.
    pub(super) fn all(system: &System) -> Vec<Self> {
        let mut risks: Vec<Self> = Vec::new();
        for (declared, shock) in system.spec.shocks.iter().zip(&system.shocks) {
            let most = match &declared.hits {
                Hits::All | Hits::Each(_) => shock.struck.len(),
                Hits::Exactly(count) => *count as usize,
                Hits::Burst(Burst { sizes, .. }) => sizes.iter().map(|(size, _)| *size as usize).max().unwrap_or(0),
            };
            let all_at_once = most >= shock.struck.len();
            match risks.iter_mut().find(|risk| risk.source == declared.source) {
                Some(known) => known.all_at_once |= all_at_once,
                None => risks.push(Self {
                    source: declared.source.clone(),
                    units: shock.struck.iter().map(|&mode| system.units.modes[mode as usize].unit).collect(),
                    all_at_once,
                }),
            }
        }
        for spot in system.spots.iter().filter(|spot| spot.spec.reclaims.is_some()) {
            risks.push(Self {
                source: Self::of_spot(&spot.spec.component),
                units: spot.units.iter().map(|spot| spot.unit).collect(),
                all_at_once: true,
            });
        }
        risks
    }

    /// As tables name the shocks to the spot capacity of a component.
    pub(super) fn of_spot(component: &str) -> String {
        format!("components.{component}/spot")
    }

    /// Whether it is a variable, and takes down this unit.
    pub(super) fn takes_down(&self, unit: UnitId) -> bool {
        self.all_at_once && self.units.contains(&unit)
    }
}

/// What is missing in a list of cut sets, in words: risks that strike some of their members.
pub(super) fn not_shown(risks: &[Risk]) -> Option<String> {
    let partial: Vec<&str> = risks.iter().filter(|risk| !risk.all_at_once).map(|risk| risk.source.as_str()).collect();
    let names = partial.join(", ");
    (!partial.is_empty()).then(|| format!("{names} can take down some of its members at once; no cut set shows that"))
}
