//! Hazards: what takes down several domains at one instant (a flood, a storm, a failing grid), written as a shock.

use super::shared_risk::{RiskRefused, struck_mode};
use super::shock::{Hits, Owner, ShockSpec, Strike};
use super::spec::{Repair, SystemSpec};
use crate::lifetime::Law;

/// A hazard over domains.
#[derive(Clone, Debug, PartialEq)]
pub struct Hazard {
    /// Unique among hazards; it names the mode that takes hold in the domains.
    pub name: String,
    /// The category of the cause that its downtime is booked to; `hazard` if silent.
    pub cause: Option<String>,
    /// The domains in its footprint, at least one, each once.
    pub domains: Vec<String>,
    /// Calendar time from one to the next.
    pub time_to_shock: Law,
    /// Which of the domains it takes down.
    pub hits: Hits,
    /// How long each is lost, drawn for each.
    pub repair: Repair,
}

impl SystemSpec {
    /// Adds a hazard: the mode it brings about in each domain of its footprint, and the shock.
    ///
    /// # Errors
    /// [`RiskRefused`] for a domain that is not there, is named twice or has a mode of the same name.
    pub fn strike(&mut self, hazard: &Hazard) -> Result<(), RiskRefused> {
        let name = &hazard.name;
        let hint = "name each domain of its footprint once, and the hazard as no failure mode there is named";
        let refused = |why| RiskRefused { risk: name.clone(), why, hint };
        let strike = |domain: &String| Strike { owner: Owner::Domain(domain.clone()), mode: name.clone() };
        let shock = ShockSpec {
            name: format!("@{name}"),
            source: format!("hazards.{name}"),
            cause: format!("{}/{name}", hazard.cause.as_deref().unwrap_or("hazard")),
            time_to_shock: hazard.time_to_shock.clone(),
            hits: hazard.hits.clone(),
            strikes: hazard.domains.iter().map(strike).collect(),
        };
        let shocks = [shock];
        let mode = struck_mode(name, hazard.repair.clone(), (&shocks, hazard.domains.len())).map_err(refused)?;
        for domain in &hazard.domains {
            let found = self.domains.iter_mut().find(|known| known.name == *domain);
            let found = found.ok_or_else(|| refused(format!("there is no domain `{domain}`")))?;
            if found.modes.iter().any(|mode| mode.name == *name) {
                return Err(refused(format!("`{domain}` has a failure mode of the same name, or is named twice")));
            }
            found.modes.push(mode.clone());
        }
        self.shocks.extend(shocks);
        Ok(())
    }
}
