//! Shared risks: what makes the failures of several components one, written into a system as shocks.
//!
//! - **Beta factor** (Fleming 1974): a shock at `beta` × the mean of the members' failure rates downs every member unit.
//! - **Multiple Greek letters** (Fleming & Kalinowski 1983): of `n` like units a failure is shared by at least `i + 1`
//!   with probability ρᵢ₊₁, given that `i` share it (ρ₂ = β, ρ₃ = γ, …). So a given set of `k` units fails together at
//!   `λ ρ₂…ρₖ (1 - ρₖ₊₁) ÷ C(n - 1, k - 1)`; source: NUREG/CR-4780 (1988), appendix C. Letters not given are 1.
//! - a **shock** or **burst** of its own, beside the failures that the members have.
//!
//! Under beta factor and Greek letters each member's own laws are stretched so that its total rate is what it was.

use super::shock::{Burst, Hits, Owner, ShockSpec, Strike};
use super::spec::{Clock, ComponentSpec, Effect, ModeSpec, Repair, SystemSpec};
use crate::lifetime::Law;
use crate::units::Hours;

/// A share of its rate that a member may be short of without being refused: what rounding leaves.
const ROUNDING: f64 = 1e-12;

const FAILURES: &str = "give it a failure mode, or the risk a `shock` of its own";
const RATE: &str = "give it a rate that is above 0 and can be told from 0";

/// A shared risk of components.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedRisk {
    /// Unique among shared risks; it names the mode that takes hold in the members.
    pub name: String,
    /// The category of the cause that its downtime is booked to; `shared_risk` if silent.
    pub cause: Option<String>,
    /// The components whose units share it, at least one, each once.
    pub members: Vec<String>,
    /// How they fail together.
    pub model: RiskModel,
}

/// How the members of a shared risk fail together.
#[derive(Clone, Debug, PartialEq)]
pub enum RiskModel {
    /// The share of the failure rate that is common to all, 0..=1; 0 is no risk.
    Beta(f64),
    /// β, γ, δ, …, each 0..=1, at most one fewer than there are units; β of 0 is no risk.
    GreekLetters(Vec<f64>),
    /// A process of its own.
    Own {
        /// Calendar time from one shock to the next.
        time_to_shock: Law,
        /// Whom it strikes.
        hits: Hits,
        /// Repair of what it struck; `None` is each member's own.
        repair: Option<Repair>,
    },
}

impl RiskModel {
    fn is_share_of_nothing(&self) -> bool {
        matches!(self, Self::Beta(0.0)) || matches!(self, Self::GreekLetters(letters) if letters.first() == Some(&0.0))
    }
}

/// A shared risk that cannot be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("shared risk `{risk}`: {why}")]
pub struct RiskRefused {
    /// The shared risk.
    pub risk: String,
    /// The reason.
    pub why: String,
    /// What to do about it.
    pub hint: &'static str,
}

impl SystemSpec {
    /// Writes shared risks into the system: stretches the members' own laws, gives each the mode that a shock brings
    /// about, and adds the shocks. To be called once, with all of them: rates are those before any is applied.
    ///
    /// # Errors
    /// [`RiskRefused`] for a member that is not there or has no failures to share, a share out of range, or failures
    /// that would have to be rarer than never.
    pub fn share(&mut self, risks: &[SharedRisk]) -> Result<(), RiskRefused> {
        let before = self.components.clone();
        let mut taken = vec![0.0; before.len()];
        let mut shocks = Vec::new();
        for risk in risks {
            let applied = Applied { risk, before: &before, members: members(risk, &before)? };
            // A share of nothing is no risk: so it can be one end of a sweep.
            if risk.model.is_share_of_nothing() {
                continue;
            }
            let struck = applied.shocks()?;
            if let Some(rate) = applied.rate_taken()? {
                applied.members.iter().for_each(|&member| taken[member] += rate);
            }
            applied.add_modes(&struck, &mut self.components)?;
            shocks.extend(struck);
        }
        for (place, component) in self.components.iter_mut().enumerate().filter(|(place, _)| taken[*place] > 0.0) {
            stretch(component, taken[place] / rate_of(&before[place])).map_err(|why| {
                let takes = |risk: &&SharedRisk| risk.members.contains(&before[place].name);
                let risk = risks.iter().rev().find(takes).map_or_else(String::new, |risk| risk.name.clone());
                RiskRefused { risk, why, hint: "lower the share, or leave the member out" }
            })?;
        }
        self.shocks.extend(shocks);
        Ok(())
    }
}

struct Applied<'a> {
    risk: &'a SharedRisk,
    before: &'a [ComponentSpec],
    /// Indices of the components.
    members: Vec<usize>,
}

impl Applied<'_> {
    fn refused(&self, why: String, hint: &'static str) -> RiskRefused {
        RiskRefused { risk: self.risk.name.clone(), why, hint }
    }

    fn units(&self) -> usize {
        self.members.iter().map(|&member| self.before[member].units.len()).sum()
    }

    /// The mean of the member units' failure rates, per hour.
    fn mean_rate(&self) -> Result<f64, RiskRefused> {
        let mut sum = 0.0;
        for &member in &self.members {
            let component = &self.before[member];
            let rate = rate_of(component);
            if !(rate > 0.0) {
                return Err(self.refused(format!("`{}` has no failures to share", component.name), FAILURES));
            }
            sum += rate * component.units.len() as f64;
        }
        Ok(sum / self.units() as f64)
    }

    /// The rate by which each member unit's own failures become rarer.
    fn rate_taken(&self) -> Result<Option<f64>, RiskRefused> {
        Ok(match &self.risk.model {
            RiskModel::Beta(beta) => Some(beta * self.mean_rate()?),
            RiskModel::GreekLetters(letters) => Some(letters[0] * self.mean_rate()?),
            RiskModel::Own { .. } => None,
        })
    }

    fn shocks(&self) -> Result<Vec<ShockSpec>, RiskRefused> {
        match &self.risk.model {
            RiskModel::Beta(beta) => {
                self.share_of_rate(*beta, "beta")?;
                Ok(vec![self.shock("", self.exponential(beta * self.mean_rate()?)?, Hits::All)])
            }
            RiskModel::GreekLetters(letters) => self.by_size(letters),
            RiskModel::Own { time_to_shock, hits, .. } => Ok(vec![self.shock("", time_to_shock.clone(), hits.clone())]),
        }
    }

    /// One shock for each size above 1 that occurs.
    fn by_size(&self, letters: &[f64]) -> Result<Vec<ShockSpec>, RiskRefused> {
        let n = self.units();
        if letters.is_empty() || letters.len() + 1 > n {
            let why = format!("{} Greek letters for {n} units; 1 to {} have a meaning", letters.len(), n - 1);
            return Err(self.refused(why, "give at most one letter fewer than there are units"));
        }
        let rate = self.mean_rate()?;
        let unlike = |&&member: &&usize| (rate_of(&self.before[member]) / rate - 1.0).abs() > 1e-9;
        if let Some(&member) = self.members.iter().find(unlike) {
            let name = &self.before[member].name;
            let why = format!("Greek letters are for like units, and `{name}` fails at another rate");
            return Err(self.refused(why, "give unlike members a `beta`, or a `shock` of their own"));
        }
        self.share_of_rate(letters[0], "beta")?;
        let letter = |size: usize| match size {
            1 => 1.0,
            size if size > n => 0.0,
            size => letters.get(size - 2).copied().unwrap_or(1.0),
        };
        let mut shocks = Vec::new();
        let mut shared = rate;
        for size in 2..=n {
            shared *= letter(size);
            // C(n, k) sets of k, each at shared × (1 - ρₖ₊₁) ÷ C(n - 1, k - 1).
            let of_size = shared * (1.0 - letter(size + 1)) * n as f64 / size as f64;
            if of_size > 0.0 {
                let hits = if size == n { Hits::All } else { Hits::Exactly(size as u32) };
                shocks.push(self.shock(&format!(":{size}"), self.exponential(of_size)?, hits));
            }
        }
        Ok(shocks)
    }

    fn share_of_rate(&self, share: f64, what: &str) -> Result<(), RiskRefused> {
        if share > 0.0 && share <= 1.0 {
            return Ok(());
        }
        Err(self
            .refused(format!("`{what}` is {share}; allowed is 0 to 1"), "give the share of failures that are common"))
    }

    fn exponential(&self, rate: f64) -> Result<Law, RiskRefused> {
        Law::exponential(Hours::new(1.0 / rate)).map_err(|error| self.refused(error.to_string(), RATE))
    }

    fn shock(&self, suffix: &str, time_to_shock: Law, hits: Hits) -> ShockSpec {
        let name = &self.risk.name;
        let strike =
            |&member: &usize| Strike { owner: Owner::Component(self.before[member].name.clone()), mode: name.clone() };
        ShockSpec {
            name: format!("{name}{suffix}"),
            source: format!("shared_risk.{name}"),
            cause: format!("{}/{name}", self.risk.cause.as_deref().unwrap_or("shared_risk")),
            time_to_shock,
            hits,
            strikes: self.members.iter().map(strike).collect(),
        }
    }

    /// Gives every member the mode that the shocks bring about.
    fn add_modes(&self, shocks: &[ShockSpec], components: &mut [ComponentSpec]) -> Result<(), RiskRefused> {
        for &member in &self.members {
            let component = &self.before[member];
            if components[member].modes.iter().any(|mode| mode.name == self.risk.name) {
                let why = format!("`{}` has a failure mode of the same name", component.name);
                return Err(self.refused(why, "rename one of the two"));
            }
            let given = match &self.risk.model {
                RiskModel::Own { repair, .. } => repair.clone(),
                _ => None,
            };
            let own = given.or_else(|| most_frequent(component).map(|mode| mode.repair.clone()));
            let Some(repair) = own else {
                let why = format!("`{}` has no repair of its own that a unit struck could have", component.name);
                return Err(self.refused(why, "give the shock a `repair`"));
            };
            let mode = struck_mode(&self.risk.name, repair, (shocks, self.units()));
            components[member].modes.push(mode.map_err(|why| self.refused(why, RATE))?);
        }
        Ok(())
    }
}

fn members(risk: &SharedRisk, components: &[ComponentSpec]) -> Result<Vec<usize>, RiskRefused> {
    let refused = |why| RiskRefused { risk: risk.name.clone(), why, hint: "name each member once" };
    let mut members = Vec::new();
    for name in &risk.members {
        let found = components.iter().position(|component| component.name == *name);
        let found = found.ok_or_else(|| refused(format!("there is no component `{name}`")))?;
        if members.contains(&found) {
            return Err(refused(format!("`{name}` is a member twice")));
        }
        members.push(found);
    }
    if members.is_empty() { Err(refused("it has no members".to_owned())) } else { Ok(members) }
}

/// The mode of a unit that shocks may strike: never by a clock of its own; its law is what the unit alone sees of them,
/// of which engines read the mean.
pub(super) fn struck_mode(
    name: &str,
    repair: Repair,
    (shocks, units): (&[ShockSpec], usize),
) -> Result<ModeSpec, String> {
    let n = units as f64;
    let seen = |shock: &ShockSpec| {
        let share = match &shock.hits {
            Hits::All => 1.0,
            Hits::Each(p) => *p,
            Hits::Exactly(count) => f64::from(*count) / n,
            Hits::Burst(Burst { sizes, .. }) => {
                sizes.iter().map(|(size, share)| f64::from(*size).min(n) * share).sum::<f64>() / n
            }
        };
        share / shock.time_to_shock.mean().get()
    };
    let rate: f64 = shocks.iter().map(seen).sum();
    if !(rate > 0.0) {
        return Err("it never strikes".to_owned());
    }
    let time_to_failure = Law::exponential(Hours::new(1.0 / rate)).map_err(|error| error.to_string())?;
    let (name, effect, clock) = (name.to_owned(), Effect::Down, Clock::Struck);
    Ok(ModeSpec { name, time_to_failure, repair, effect, clock, propagates: Vec::new() })
}

fn downs(component: &ComponentSpec) -> impl Iterator<Item = &ModeSpec> {
    component.modes.iter().filter(|mode| mode.effect == Effect::Down && mode.clock != Clock::Called)
}

fn rate(mode: &ModeSpec) -> f64 {
    1.0 / mode.time_to_failure.mean().get()
}

/// Failures per hour of one unit's operating time, over all modes that take it down.
fn rate_of(component: &ComponentSpec) -> f64 {
    downs(component).map(rate).sum()
}

/// The mode that takes a unit down most often; of equals the first.
fn most_frequent(component: &ComponentSpec) -> Option<&ModeSpec> {
    downs(component).reduce(|best, next| if rate(next) > rate(best) { next } else { best })
}

/// Makes the own failures of a component rarer by a share of their rate.
fn stretch(component: &mut ComponentSpec, share: f64) -> Result<(), String> {
    if share > 1.0 + ROUNDING {
        return Err(format!(
            "`{}` fails less often than the shared failures alone: its own would be at {:.3} times its rate",
            component.name,
            1.0 - share
        ));
    }
    let own = |mode: &ModeSpec| mode.effect == Effect::Down && !matches!(mode.clock, Clock::Struck | Clock::Called);
    if share >= 1.0 - ROUNDING {
        component.modes.retain(|mode| !own(mode));
        return Ok(());
    }
    for mode in component.modes.iter_mut().filter(|mode| own(mode)) {
        let stretched = mode.time_to_failure.stretched(1.0 / (1.0 - share));
        mode.time_to_failure = stretched.map_err(|error| format!("`{}`: {error}", component.name))?;
    }
    Ok(())
}
