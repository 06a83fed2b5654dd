//! Outages in words: `A down 100-110, B down 130-140`.

use ninefold_models::results::IncidentRow;

/// Seconds in an hour.
const HOUR_S: f64 = 3600.0;

/// The outages of a journey in the first replication, in hours of the case, each with the component that caused it.
pub(super) fn told(incidents: &[IncidentRow], journey: &str, case_hours: f64) -> String {
    let of_it = incidents.iter().filter(|row| row.rep == 0 && row.journey == journey);
    let one = |row: &IncidentRow| {
        let component = row.cause.split('/').next().unwrap_or_default();
        let hours = |seconds: f64| seconds / HOUR_S * case_hours;
        format!("{component} down {}-{}", hours(row.fault_s), hours(row.restored_s))
    };
    of_it.map(one).collect::<Vec<_>>().join(", ")
}

/// Whether two tellings are the same but for case and white space.
pub(super) fn same(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    plain(one).eq_ignore_ascii_case(&plain(other))
}
