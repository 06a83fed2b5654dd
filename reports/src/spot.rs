//! What becomes of spot capacity, and what units cost, in words, for the terminal.

use crate::format;
use crate::input::ReportInput;

/// `web 14 ± 1 interruptions a year   0.02 ± 0.01 of 12 places empty, 5 at most   0.4 ± 0.1 on demand instead`, one a component
/// with spot capacity.
pub(crate) fn lines(input: &ReportInput<'_>) -> Vec<String> {
    let of = |spot: &ninefold_models::system::SpotSpec| {
        let entity = format!("components.{}", spot.component);
        let measure = |name| input.measure(&entity, name);
        let interruptions = measure("interruptions")?;
        let (empty, deepest) = (measure("reclaimed_mean")?, measure("dip_deepest")?);
        let mut parts = vec![
            format!("{} {} interruptions a year", spot.component, format::rate_with_error(&interruptions.estimate)),
            format!(
                "{} of {} places empty, {} at most",
                format::rate_with_error(&empty.estimate),
                spot.units.len(),
                format::significant(deepest.estimate.value, 3)
            ),
        ];
        if let Some(instead) = measure("on_demand_mean").filter(|instead| instead.seen > 0) {
            parts.push(format!("{} on demand instead", format::rate_with_error(&instead.estimate)));
        }
        if let Some(lost) = measure("lost_work").filter(|lost| lost.seen > 0) {
            parts.push(format!("{} h/year of work cut off", format::rate_with_error(&lost.estimate)));
        }
        Some(parts.join("   "))
    };
    input.spec.spots.iter().filter_map(of).collect()
}

/// `212 000 ± 400 USD a year   web: 180 000 ± 300, least with 9 reserved: 171 000 ± 300`, one a component with a price.
pub(crate) fn cost_lines(input: &ReportInput<'_>) -> Vec<String> {
    let currency = &input.spec.prices.currency;
    let of = |rows: &[ninefold_models::results::PurchaseRow]| {
        let (written, cheapest) = (rows.iter().find(|row| row.written)?, rows.iter().find(|row| row.cheapest)?);
        let name = crate::terminal::short(&written.entity);
        let mut words = format!("{name} {} {currency} a year", format::rate_with_error(&written.cost));
        if !written.cheapest {
            let least = format::rate_with_error(&cheapest.cost);
            words += &format!("   least with {} reserved, not {}: {least}", cheapest.reserved, written.reserved);
        }
        Some(words)
    };
    input.results.purchases.chunk_by(|a, b| a.entity == b.entity).filter_map(of).collect()
}
