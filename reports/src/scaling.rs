//! What autoscalers do, in words, for the terminal.

use crate::format;
use crate::input::ReportInput;

/// `web 13.1 ± 0.2 replicas, 31.5 at most   12 ± 1 changes and 6.1 ± 0.3 turns a day   at its most for 2 % of the time`, one a
/// component that is scaled.
pub(crate) fn lines(input: &ReportInput<'_>) -> Vec<String> {
    let of = |component: &ninefold_models::system::ComponentSpec| {
        let entity = format!("components.{}", component.name);
        let measure = |name| input.measure(&entity, name);
        let (mean, peak) = (measure("replicas_mean")?, measure("replicas_peak")?);
        let (changes, turns) = (measure("scalings")?, measure("scaling_turns")?);
        let mut parts = vec![format!(
            "{} {} replicas, {} at most",
            component.name,
            format::rate_with_error(&mean.estimate),
            format::significant(peak.estimate.value, 3)
        )];
        parts.push(format!(
            "{} changes and {} turns a day",
            format::rate_with_error(&changes.estimate),
            format::rate_with_error(&turns.estimate)
        ));
        if let Some(at_most) = measure("at_most_ratio").filter(|at_most| at_most.seen > 0) {
            parts.push(format!("at its limit for {} of the time", format::percent(at_most.estimate.value)));
        }
        Some(parts.join("   "))
    };
    input.spec.components.iter().filter_map(of).collect()
}
