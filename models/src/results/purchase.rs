//! What units cost, by how they are bought.

use super::Estimated;

/// A row of `purchase_mix`: a component with a price, and so many reserved units.
#[derive(Clone, Debug, PartialEq)]
pub struct PurchaseRow {
    /// The component.
    pub entity: String,
    /// Units that are reserved.
    pub reserved: u64,
    /// Whether the scenario says so.
    pub written: bool,
    /// Whether none of the rows is cheaper; the first of several.
    pub cheapest: bool,
    /// Mean number of units above the reserve, which are paid on demand.
    pub on_demand: Estimated,
    /// Mean number of spot instances.
    pub spot: Estimated,
    /// Cost a year.
    pub cost: Estimated,
    /// The agreement that is missed most often, if there is any.
    pub agreement: Option<String>,
    /// The share of its windows in which it is missed.
    pub breach_probability: Option<Estimated>,
}
