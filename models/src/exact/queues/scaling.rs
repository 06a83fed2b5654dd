//! Components whose capacity does not grow in proportion to their units.

use super::answers::Answers;
use super::component;
use super::flows::Flows;

/// What the universal scalability law says of each.
pub(super) fn answer(flows: &Flows<'_>, answers: &mut Answers) {
    for scaling in &flows.queueing.scalings {
        let (entity, law) = (component(&scaling.component), &scaling.law);
        let units = flows.declared(&scaling.component).units.len() as f64;
        let method = if scaling.fit.is_some() {
            "universal scalability law, least squares"
        } else {
            "universal scalability law"
        };
        let given = [
            ("usl_rate", "1/s", law.rate),
            ("usl_contention", "1", law.contention),
            ("usl_coherency", "1", law.coherency),
            ("usl_throughput", "1/s", law.throughput(units)),
        ];
        answers.add(&entity, method, &given);
        let ends = [
            ("usl_peak_units", "1", law.peak_load(), "without coherency cost the throughput rises for ever"),
            (
                "usl_peak_throughput",
                "1/s",
                law.peak_load().map(|n| law.throughput(n)),
                "without coherency cost it rises for ever",
            ),
            ("usl_limit", "1/s", law.limit(), "without contention there is no limit"),
            ("usl_optimal_units", "1", law.optimal_load(), "without contention there is no limit to meet"),
        ];
        for (measure, unit, value, why) in ends {
            match value {
                Some(value) => answers.add(&entity, method, &[(measure, unit, value)]),
                None => answers.refuse(&entity, (measure, unit), why),
            }
        }
        let Some(fit) = &scaling.fit else { continue };
        answers.add(&entity, method, &[("usl_residual", "1/s", fit.residual_standard_error)]);
        let names =
            [("usl_rate_half_width", "1/s"), ("usl_contention_half_width", "1"), ("usl_coherency_half_width", "1")];
        for ((measure, unit), error) in names.into_iter().zip(fit.standard_errors) {
            match error.is_finite() {
                true => answers.add(&entity, "95 % interval, linearized", &[(measure, unit, fit.half_width * error)]),
                false => answers.refuse(&entity, (measure, unit), "the parameter lies on its bound, 0"),
            }
        }
    }
}
