//! Rows as they are found.

use crate::results::QueueRow;

/// The measures of every queue, with their units: those a formula lacks get a reason.
const STANDARD: [(&str, &str); 15] = [
    ("wait_mean", "s"),
    ("wait_p50", "s"),
    ("wait_p95", "s"),
    ("wait_p99", "s"),
    ("sojourn_mean", "s"),
    ("sojourn_p50", "s"),
    ("sojourn_p95", "s"),
    ("sojourn_p99", "s"),
    ("queue_length", "1"),
    ("in_system", "1"),
    ("p_wait", "1"),
    ("p_block", "1"),
    ("p_abandon", "1"),
    ("throughput", "1/s"),
    ("utilisation", "1"),
];

/// Rows in the order in which they are found.
#[derive(Debug, Default)]
pub(super) struct Answers {
    pub(super) rows: Vec<QueueRow>,
}

impl Answers {
    pub(super) fn add(&mut self, entity: &str, method: &'static str, values: &[(&'static str, &'static str, f64)]) {
        let row = |&(measure, unit, value): &(&'static str, &'static str, f64)| QueueRow {
            entity: entity.to_owned(),
            measure,
            unit,
            at_h: None,
            value: value.is_finite().then_some(value),
            method: if value.is_finite() { method } else { "" },
            why: if value.is_finite() { String::new() } else { "it is infinite".to_owned() },
        };
        self.rows.extend(values.iter().map(row));
    }

    pub(super) fn add_at(&mut self, (entity, at_h): (&str, f64), method: &'static str, values: &[(&'static str, f64)]) {
        let row = |&(measure, value): &(&'static str, f64)| QueueRow {
            entity: entity.to_owned(),
            measure,
            unit: "1",
            at_h: Some(at_h),
            value: Some(value),
            method,
            why: String::new(),
        };
        self.rows.extend(values.iter().map(row));
    }

    pub(super) fn refuse(&mut self, entity: &str, (measure, unit): (&'static str, &'static str), why: &str) {
        self.rows.push(QueueRow {
            entity: entity.to_owned(),
            measure,
            unit,
            at_h: None,
            value: None,
            method: "",
            why: why.to_owned(),
        });
    }

    /// Says of every standard measure that an entity lacks why it lacks it.
    pub(super) fn refuse_standard(&mut self, entity: &str, why: &str) {
        for measure in STANDARD {
            if !self.rows.iter().any(|row| row.entity == entity && row.measure == measure.0) {
                self.refuse(entity, measure, why);
            }
        }
    }

    pub(super) fn get(&self, entity: &str, measure: &str) -> Option<f64> {
        self.rows.iter().find(|row| row.entity == entity && row.measure == measure && row.at_h.is_none())?.value
    }
}
