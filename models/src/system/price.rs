//! What units cost: on demand, reserved and spot.

use super::error::SystemError;
use super::spec::SystemSpec;
use super::units::unknown;

/// The highest price of a unit for an hour.
pub const PRICE_MAX: f64 = 1e6;

/// The prices of a scenario.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prices {
    /// Its currency, as shown; empty where none is named.
    pub currency: String,
    /// Components whose units have a price, in written order.
    pub components: Vec<PriceSpec>,
}

/// What a unit of a component costs for an hour, in the scenario's currency; each 0 to [`PRICE_MAX`].
#[derive(Clone, Debug, PartialEq)]
pub struct PriceSpec {
    /// The component; it has at most one of these.
    pub component: String,
    /// On demand: paid while there is such a unit, serving or not.
    pub on_demand: f64,
    /// Reserved: paid all the time, used or not.
    pub reserved: f64,
    /// Spot: paid while an instance runs.
    pub spot: f64,
    /// Units that are reserved: so many at most of those on demand cost nothing more. At most the component's units.
    pub reserved_units: u32,
    /// Whether a price of reserved units was given: whether the best number of them is a question.
    pub can_reserve: bool,
}

pub(super) fn check(spec: &SystemSpec) -> Result<(), SystemError> {
    for (place, price) in spec.prices.components.iter().enumerate() {
        let component = spec.components.iter().find(|component| component.name == price.component);
        let component = component.ok_or_else(|| unknown("component", &price.component))?;
        if spec.prices.components[..place].iter().any(|other| other.component == price.component) {
            return Err(SystemError::Duplicate { what: "price of component", name: price.component.clone() });
        }
        let checks = [
            ("price on demand", price.on_demand, PRICE_MAX),
            ("price reserved", price.reserved, PRICE_MAX),
            ("price of spot", price.spot, PRICE_MAX),
            ("reserved units", f64::from(price.reserved_units), component.units.len() as f64),
        ];
        if let Some((what, value, most)) = checks.into_iter().find(|(_, value, most)| !(0.0 <= *value && value <= most))
        {
            let (name, allowed) = (price.component.clone(), format!("0 to {most}"));
            return Err(SystemError::OutOfRange { what, name, value, allowed });
        }
    }
    Ok(())
}
