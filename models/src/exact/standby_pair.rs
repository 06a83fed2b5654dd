//! A standby pair that is never repaired: one unit works, one waits, the switch takes no time.
//!
//! The pair survives to `t` if the first unit does, or fails at some `x` before, the switch succeeds (probability
//! `p`), the spare has not failed waiting and then lasts from `x` to `t`: `R(t) = S(t) + p ∫ S(δx + t - x) dF(x)`,
//! where `δ` is how fast the spare ages while it waits. Source: Rausand & Høyland, *System Reliability Theory*, 2nd
//! ed. (2004), 4.7; oracle: case r06.

use super::error::NotExact;
use super::probability::Chance;
use super::process::Process;
use super::quadrature;
use crate::units::Hours;

/// The pair.
#[derive(Clone, Debug)]
pub struct StandbyPair {
    /// Either unit; its modes are never repaired.
    pub unit: Process,
    /// Speed at which the spare ages while it waits, 0 (cold) to 1 (hot).
    pub dormancy: f64,
    /// Probability that the switch succeeds, 0..=1.
    pub switch_success: f64,
}

impl StandbyPair {
    /// P(up) and P(down) at `at`; by quadrature, to about 1e-10 of the larger.
    ///
    /// # Errors
    /// [`NotExact::NoConvergence`] for laws with too many jumps.
    pub fn at(&self, at: Hours) -> Result<Chance, NotExact> {
        let t = at.get();
        let first = self.unit.unfailed(at);
        if first.down == 0.0 {
            return Ok(Chance::UP);
        }
        // With u = F(x) the integral runs over failures of the first unit alone, however its law is shaped.
        let spare_age = |u: f64| {
            let x = self.unit.life_quantile(u).get().min(t);
            Hours::new(self.dormancy * x + (t - x))
        };
        let lost = quadrature::integral(&|u| self.unit.unfailed(spare_age(u)).down, first.down)?;
        // P(down) directly: the first unit has failed, and either the spare too or the switch did.
        let down = self.switch_success * lost + (1.0 - self.switch_success) * first.down;
        Ok(Chance { up: first.up + self.switch_success * (first.down - lost), down })
    }
}
