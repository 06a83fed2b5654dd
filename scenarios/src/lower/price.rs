//! `price`: what the units of a component cost.

use ninefold_models::system::{PriceSpec, SystemSpec};
use ninefold_models::units::HOURS_PER_YEAR;

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};

/// What all priced units cost a year, in the scenario's currency; `None` where nothing has a price, or where how many units
/// there are changes in a run.
pub(super) fn per_year(spec: &SystemSpec) -> Option<f64> {
    let yearly = |price: &PriceSpec| {
        let scaled = spec.autoscalers.iter().any(|scaler| scaler.component == price.component);
        let spot = spec.spots.iter().any(|spot| spot.component == price.component);
        let declared = spec.components.iter().find(|component| component.name == price.component)?;
        let above = declared.units.len().saturating_sub(price.reserved_units as usize) as f64;
        let hourly = price.reserved * f64::from(price.reserved_units) + price.on_demand * above;
        (!scaled && !spot).then_some(hourly * HOURS_PER_YEAR)
    };
    let all: Option<Vec<f64>> = spec.prices.components.iter().map(yearly).collect();
    all.filter(|all| !all.is_empty()).map(|all| all.iter().sum())
}

impl Lowering<'_> {
    /// The prices of a component's units; `None` if it has none.
    pub(super) fn price(
        &mut self,
        (component, name): (&At<'_>, &str),
        (units, currency): (usize, &str),
    ) -> Option<PriceSpec> {
        let at = component.get("price")?;
        if currency.is_empty() {
            let message = "a price without a currency";
            let problem = Diagnostic::new(Code::Missing, message, at.key_span());
            self.sink.push(problem.hint("name it at the top of the file, as in `currency: USD`"));
        }
        let on_demand = self.required(&at, "on_demand").and_then(|price| self.number(&price));
        let reserved = at.get("reserved").map(|price| self.number(&price));
        let spot = at.get("spot").map(|price| self.number(&price));
        let is_spot = component.get("burst").is_some_and(|burst| burst.get("spot_share").is_some());
        let reserved_units = self.reserved_units((&at, name), (units, reserved.is_some()))?;
        if is_spot && spot.is_none() {
            let problem = Diagnostic::new(Code::Missing, "spot capacity has no price", at.key_span());
            self.sink.push(problem.hint("add `spot: …`"));
            return None;
        }
        Some(PriceSpec {
            component: name.to_owned(),
            on_demand: on_demand?,
            can_reserve: reserved.is_some(),
            reserved: reserved.unwrap_or(Some(0.0))?,
            spot: spot.unwrap_or(Some(0.0))?,
            reserved_units,
        })
    }

    fn reserved_units(&mut self, (at, name): (&At<'_>, &str), (units, priced): (usize, bool)) -> Option<u32> {
        let Some(place) = at.get("reserved_units") else { return Some(0) };
        let count = u32::try_from(self.count(&place)?).ok()?;
        let problem = if count > 0 && !priced {
            Diagnostic::new(Code::Missing, "reserved units have no price", place.key_span()).hint("add `reserved: …`")
        } else if count as usize > units {
            let message = format!("{count} units are reserved, `{name}` has {units} at most");
            Diagnostic::new(Code::Range, message, place.span()).hint("reserve no more units than there may be")
        } else {
            return Some(count);
        };
        self.sink.push(problem);
        None
    }
}
