//! What other programs are published to have reached: on a data set that is not beside the case, or over cutoffs of a trace.
//! Both are refused by name: the one has no data here, and forecasts from given cutoffs are not asked for yet.

use super::super::refusal::Refusal;
use super::super::study::Plan;
use super::Given;

/// What its cases call it.
pub(super) const NAME: &str = "forecast_published";

pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let node = given.params_node()?;
    if let Some(dataset) = node.get("dataset").and_then(|name| name.text()) {
        return Err(Refusal::not_supported(format!("the data set `{dataset}` is not beside the case file")));
    }
    Err(Refusal::not_supported("forecasts from the cutoffs of another program are not supported yet"))
}
