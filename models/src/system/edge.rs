//! An edge between two components as something that can be struck: calls on it fail though both ends are well.
//!
//! A component stands for it that never fails by itself, and that the caller needs as the edge says.

use super::error::SystemError;
use super::spec::{ComponentSpec, DependencySpec, Redundancy, SystemSpec, UnitSpec};
use super::units::unknown;

impl SystemSpec {
    /// The name of the component that stands for an edge.
    pub fn edge_name(from: &str, to: &str) -> String {
        format!("{from}/to-{to}")
    }

    /// Makes an edge something that experiments can strike; returns the name of the component that stands for it.
    ///
    /// # Errors
    /// [`SystemError::Unknown`] if there is no such edge.
    pub fn strike_edge(&mut self, from: &str, to: &str) -> Result<String, SystemError> {
        let edge = self.dependencies.iter().find(|edge| edge.from == from && edge.to == to).cloned();
        let edge = edge.ok_or_else(|| unknown("edge", &format!("{from} to {to}")))?;
        let name = Self::edge_name(from, to);
        if !self.components.iter().any(|component| component.name == name) {
            self.components.push(ComponentSpec {
                name: name.clone(),
                units: vec![UnitSpec { name: name.clone(), domain: None }],
                redundancy: Redundancy::None,
                per: None,
                modes: Vec::new(),
                capacity_per_unit: None,
            });
            self.dependencies.push(DependencySpec { to: name.clone(), ..edge });
        }
        Ok(name)
    }
}
