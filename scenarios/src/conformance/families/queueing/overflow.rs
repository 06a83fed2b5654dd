//! `r19`: a tandem of two queues of one server each, and the probability that so many requests are in it before it is empty.

use super::super::super::refusal::Refusal;
use super::super::super::study::Plan;
use super::super::Given;
use super::sheet::{Found, RATES, Sheet, exponential};

/// `arrival`, `mu1`, `mu2`, `L`; it begins with one request, just come to the first queue.
pub(super) fn write(given: &Given<'_>) -> Result<Plan, Refusal> {
    let params = given.params(&["arrival", "mu1", "mu2", "L"])?;
    let rate = |key: &str| params.number_in(key, RATES.0, RATES.1);
    let (arrival, first, second) = (rate("arrival")?, rate("mu1")?, rate("mu2")?);
    let jobs = params.count("L", 2, 1_000_000)?;
    let station = |rate| format!("{{capacity: {{service_time: {}}}}}", exponential(rate));
    let sections = |_: &str| {
        format!(
            "components:\n  first: {}\n  second: {}\njourneys: {{calls: {{path: [first, second], demand: {arrival}/s}}}}\n",
            station(first),
            station(second),
        )
    };
    let find = |measure: &str| match measure {
        "probability" => Some(Found::plain("tandem", "measures.overflow", "p_reach")),
        _ => None,
    };
    let mut sheet = Sheet::new(given);
    sheet.run_also = format!(
        "measures: {{overflow: {{reach: {{jobs: {jobs}, in: [first, second], before: empty, start: {{first: 1}}}}}}}}"
    );
    Ok(sheet.ask_all(given, find, sections))
}
