//! `price`: what the units of a scenario cost a year.

use ninefold_models::system::SystemSpec;
use ninefold_models::units::HOURS_PER_YEAR;

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};
use crate::values;

/// What all priced units cost a year, in the scenario's currency; `None` where nothing has a price.
pub(super) fn lower(cx: &mut Lowering<'_>, top: &At<'_>, spec: &SystemSpec) -> Option<f64> {
    let mut a_year = None;
    for (name, at) in top.get("components").iter().flat_map(At::entries) {
        let Some(price) = at.get("price") else { continue };
        if let Some(autoscaled) = at.get("autoscale") {
            cx.sink.push(
                Diagnostic::new(
                    Code::NotYet,
                    "`price` of an autoscaled component is not supported yet",
                    price.key_span(),
                )
                .secondary(autoscaled.key_span(), "how many units there are changes with the load")
                .why("what it costs a year would have to be counted, not multiplied")
                .hint("remove the price, and give options their `cost: {per_year: …}`"),
            );
        }
        let units = spec.components.iter().find(|component| component.name == name).map_or(0, |c| c.units.len());
        if let Some(on_demand) = cx.required(&price, "on_demand").and_then(|at| amount(cx, &at)) {
            *a_year.get_or_insert(0.0) += on_demand * units as f64 * HOURS_PER_YEAR;
        }
    }
    a_year
}

fn amount(cx: &mut Lowering<'_>, at: &At<'_>) -> Option<f64> {
    cx.value(at, (&|text: &str| values::number_in(text, 0.0, 1e6), "currency/h"))
}
