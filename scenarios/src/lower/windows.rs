//! Windows laid on the calendar, as hours since the start. Only those wholly inside the measured time count.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};
use ninefold_models::system::Window;
use ninefold_models::units::Hours;

use super::Lowering;
use super::read::At;
use crate::diagnostic::{Code, Diagnostic};
use crate::values::{self, WindowKind};

/// Most windows of one kind: a rolling window for each day of 200 years, and some.
const WINDOWS_MAX: usize = 100_000;

/// The measured time: from `warmup_h` to `horizon_h` after `start`.
#[derive(Clone, Debug)]
pub(super) struct Measured {
    pub(super) start: Zoned,
    pub(super) warmup_h: f64,
    pub(super) horizon_h: f64,
    /// Each replication ends at its first failure: there is no measured time to lay windows on.
    pub(super) to_first_failure: bool,
}

/// Reads a kind of window and lays it on the calendar in `zone`. Reports a kind of which none fits.
pub(super) fn lay(
    cx: &mut Lowering<'_>,
    at: &At<'_>,
    zone: &TimeZone,
    clock: &Measured,
) -> Option<(String, Vec<Window>)> {
    let (kind, name) = kind(cx, at)?;
    if clock.to_first_failure {
        cx.sink.push(
            Diagnostic::new(Code::NoWindow, format!("a run to the first failure has no window `{name}`"), at.span())
                .why("each replication ends at its first failure, so there is no measured time to judge")
                .hint("remove it here, or remove `run.until`"),
        );
        return None;
    }
    let windows = match kind {
        WindowKind::Month => calendar_windows(clock, zone, 1),
        WindowKind::Quarter => calendar_windows(clock, zone, 3),
        WindowKind::Year => calendar_windows(clock, zone, 12),
        WindowKind::RollingDays(days) => rolling_windows(clock, zone, days),
        WindowKind::Fixed(hours) => fixed_windows(clock, hours),
    };
    if windows.is_empty() || windows.len() > WINDOWS_MAX {
        let measured = clock.horizon_h - clock.warmup_h;
        let diagnostic = if windows.is_empty() {
            Diagnostic::new(Code::NoWindow, format!("no window `{name}` fits into the measured time"), at.span())
                .label(format!("measured are {measured} h from {} on", offset(clock)))
                .why("only windows wholly inside the measured time count")
                .hint("lengthen `calendar.horizon`, or choose a shorter window")
        } else {
            Diagnostic::new(Code::Limit, format!("more than {WINDOWS_MAX} windows `{name}`"), at.span())
                .hint("choose a longer window")
        };
        cx.sink.push(diagnostic);
        return None;
    }
    Some((name, windows))
}

fn offset(clock: &Measured) -> String {
    if clock.warmup_h == 0.0 {
        clock.start.timestamp().to_string()
    } else {
        format!("{} plus {} h", clock.start.timestamp(), clock.warmup_h)
    }
}

fn kind(cx: &mut Lowering<'_>, at: &At<'_>) -> Option<(WindowKind, String)> {
    if let Some(text) = at.text() {
        return Some((values::window_kind(text).ok()?, text.to_owned()));
    }
    let fixed = at.get("fixed")?;
    let hours = cx.duration(&fixed)?.get();
    if hours <= 0.0 {
        let message = "a window has a length above 0";
        cx.sink.push(Diagnostic::new(Code::Range, message, fixed.span()).hint("write `{fixed: 30d}`"));
        return None;
    }
    Some((WindowKind::Fixed(hours), format!("fixed_{}", fixed.text().unwrap_or_default().replace(' ', ""))))
}

/// Hours from the start to midnight of `date` in `zone` (the first instant of that day, whatever the clocks do).
fn hours_at(clock: &Measured, zone: &TimeZone, date: Date) -> Option<f64> {
    let midnight = date.to_zoned(zone.clone()).ok()?;
    Some(hours_between(&clock.start, &midnight))
}

/// Hours from one instant to another.
pub(super) fn hours_between(from: &Zoned, to: &Zoned) -> f64 {
    let nanoseconds = to.timestamp().as_nanosecond() - from.timestamp().as_nanosecond();
    // Split so that whole seconds stay exact.
    let (seconds, rest) = (nanoseconds.div_euclid(1_000_000_000), nanoseconds.rem_euclid(1_000_000_000));
    (seconds as f64 + rest as f64 * 1e-9) / 3600.0
}

fn fits(clock: &Measured, start_h: f64, end_h: f64) -> bool {
    start_h >= clock.warmup_h && end_h <= clock.horizon_h
}

/// Windows of one, three or twelve months.
fn calendar_windows(clock: &Measured, zone: &TimeZone, months: i8) -> Vec<Window> {
    let local = clock.start.with_time_zone(zone.clone()).date();
    let month = (local.month() - 1) / months * months + 1;
    let Ok(mut first) = Date::new(local.year(), month, 1) else { return Vec::new() };
    let mut windows = Vec::new();
    while let Ok(next) = first.checked_add(i64::from(months).months()) {
        let (Some(start_h), Some(end_h)) = (hours_at(clock, zone, first), hours_at(clock, zone, next)) else { break };
        if end_h > clock.horizon_h {
            break;
        }
        if fits(clock, start_h, end_h) {
            let label = match months {
                1 => format!("{:04}-{:02}", first.year(), first.month()),
                3 => format!("{:04}-Q{}", first.year(), (first.month() - 1) / 3 + 1),
                _ => format!("{:04}", first.year()),
            };
            windows.push(Window { label, start: Hours::new(start_h), end: Hours::new(end_h) });
        }
        first = next;
    }
    windows
}

/// One window for each midnight, of that many times 24 hours before it; named by the day it ends with.
fn rolling_windows(clock: &Measured, zone: &TimeZone, days: u32) -> Vec<Window> {
    let length_h = f64::from(days) * 24.0;
    let mut date = clock.start.with_time_zone(zone.clone()).date();
    let mut windows = Vec::new();
    while let Some(end_h) = hours_at(clock, zone, date) {
        if end_h > clock.horizon_h || windows.len() > WINDOWS_MAX {
            break;
        }
        if fits(clock, end_h - length_h, end_h) {
            let last = date.yesterday().unwrap_or(date);
            windows.push(Window {
                label: last.to_string(),
                start: Hours::new(end_h - length_h),
                end: Hours::new(end_h),
            });
        }
        let Ok(next) = date.tomorrow() else { break };
        date = next;
    }
    windows
}

fn fixed_windows(clock: &Measured, length_h: f64) -> Vec<Window> {
    let mut windows = Vec::new();
    loop {
        let start_h = clock.warmup_h + windows.len() as f64 * length_h;
        let end_h = start_h + length_h;
        if end_h > clock.horizon_h || windows.len() > WINDOWS_MAX {
            return windows;
        }
        let label = (windows.len() + 1).to_string();
        windows.push(Window { label, start: Hours::new(start_h), end: Hours::new(end_h) });
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn clock(zone: &str, start: &str, warmup_h: f64, horizon_h: f64) -> (TimeZone, Measured) {
        let zone = values::zone(zone).unwrap();
        let start = values::start(start).unwrap().in_zone(&zone).unwrap();
        (zone, Measured { start, warmup_h, horizon_h, to_first_failure: false })
    }

    #[test]
    fn months_of_a_year_have_their_own_lengths() {
        let (zone, clock) = clock("UTC", "2027-01-01T00:00:00Z", 0.0, 8760.0);
        let months = calendar_windows(&clock, &zone, 1);
        assert_eq!(months.len(), 12);
        assert_eq!((months[1].label.as_str(), months[1].start.get(), months[1].end.get()), ("2027-02", 744.0, 1416.0));
        assert_eq!(calendar_windows(&clock, &zone, 3).len(), 4);
        assert_eq!(calendar_windows(&clock, &zone, 12)[0].label, "2027");
    }

    #[test]
    fn summer_time_takes_an_hour_off_march() {
        let (zone, clock) = clock("Europe/Berlin", "2027-01-01", 0.0, 8760.0);
        let months = calendar_windows(&clock, &zone, 1);
        assert_eq!(months[2].end.get() - months[2].start.get(), 31.0 * 24.0 - 1.0);
        assert_eq!(months[9].end.get() - months[9].start.get(), 31.0 * 24.0 + 1.0);
    }

    #[test]
    fn only_whole_windows_count() {
        let (zone, clock) = clock("UTC", "2027-01-15T12:00:00Z", 24.0, 24.0 * 60.0);
        let months = calendar_windows(&clock, &zone, 1);
        assert_eq!(months.iter().map(|w| w.label.as_str()).collect::<Vec<_>>(), ["2027-02"]);
        let rolling = rolling_windows(&clock, &zone, 30);
        assert_eq!(rolling[0].start.get(), 36.0);
        assert_eq!(rolling[0].label, "2027-02-15");
        assert_eq!(rolling.len(), 29);
        assert_eq!(fixed_windows(&clock, 24.0 * 29.0).len(), 2);
        assert!(calendar_windows(&clock, &zone, 12).is_empty());
    }
}
