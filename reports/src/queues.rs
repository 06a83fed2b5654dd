//! Queues of requests in words: a line each.

use ninefold_models::results::QueueRow;

use crate::format;
use crate::input::ReportInput;

/// The component and what is known of its queue, for every queue.
pub(crate) fn lines(input: &ReportInput<'_>) -> Vec<(String, String)> {
    let rows = &input.results.queues;
    let mut entities: Vec<&str> = Vec::new();
    for row in rows.iter().filter(|row| row.entity.starts_with("components.") && !row.entity.contains('/')) {
        if !entities.contains(&row.entity.as_str()) {
            entities.push(&row.entity);
        }
    }
    entities.into_iter().map(|entity| (short(entity), line(rows, entity))).collect()
}

fn short(entity: &str) -> String {
    entity.strip_prefix("components.").unwrap_or(entity).to_owned()
}

fn line(rows: &[QueueRow], entity: &str) -> String {
    let row =
        |measure: &str| rows.iter().find(|row| row.entity == entity && row.measure == measure && row.at_h.is_none());
    let value = |measure: &str| row(measure).and_then(|row| row.value);
    let time = |seconds: f64| format::duration(seconds / 3600.0);
    let mut parts = Vec::new();
    if let Some(mean) = value("wait_mean") {
        let p95 = value("wait_p95").map_or_else(String::new, |p95| format!(", 95 % at most {}", time(p95)));
        parts.push(format!("waits {} on average{p95}", time(mean)));
    } else if let Some(mean) = value("sojourn_mean") {
        parts.push(format!("takes {} on average", time(mean)));
    }
    if let Some(share) = value("utilisation") {
        parts.push(format!("{} busy", format::percent(share)));
    }
    for (measure, word) in [("p_block", "lost"), ("p_abandon", "given up"), ("p_lost", "lost with their unit")] {
        if let Some(share) = value(measure).filter(|share| *share > 0.0) {
            parts.push(format!("{} {word}", format::percent(share)));
        }
    }
    if let Some(rate) = value("attempt_rate") {
        parts.push(format!("{} attempts/s", format::significant(rate, 3)));
    }
    if let Some(rate) = value("tipping_rate") {
        parts.push(format!("runs away above {} attempts/s", format::significant(rate, 3)));
    }
    if let Some(least) = value("size_least") {
        parts.push(format!("{least} replicas keep the promise"));
    }
    match row("wait_mean").or_else(|| row("size_least")) {
        Some(row) if !parts.is_empty() && !row.method.is_empty() => parts.push(row.method.to_owned()),
        Some(row) if parts.is_empty() => parts.push(format!("no exact answer: {}", row.why)),
        _ => {}
    }
    parts.join("   ")
}
