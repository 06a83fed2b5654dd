//! `calendar`: start, horizon, zone, reporting windows.

use jiff::Zoned;
use jiff::tz::TimeZone;
use ninefold_models::system::ReportingWindows;

use super::Lowering;
use super::read::At;
use super::windows::{Measured, lay};
use crate::diagnostic::{Code, Diagnostic};
use crate::values;

const HORIZON_MAX_H: f64 = ninefold_models::system::HORIZON_MAX_HOURS;

/// When it happens.
pub(super) struct Calendar {
    pub(super) start: Zoned,
    pub(super) horizon_h: f64,
}

impl Calendar {
    /// Hours from the start to an instant.
    pub(super) fn hours_to(&self, instant: &Zoned) -> f64 {
        let nanoseconds = instant.timestamp().as_nanosecond() - self.start.timestamp().as_nanosecond();
        // Split so that whole seconds stay exact.
        let (seconds, rest) = (nanoseconds.div_euclid(1_000_000_000), nanoseconds.rem_euclid(1_000_000_000));
        (seconds as f64 + rest as f64 * 1e-9) / 3600.0
    }

    /// The instant so many hours after the start, to the nanosecond; the start if that is beyond what can be told.
    pub(super) fn instant(&self, hours: f64) -> Zoned {
        let seconds = libm::floor(hours * 3600.0);
        let rest = (hours * 3600.0 - seconds) * 1e9;
        let span = jiff::SignedDuration::new(seconds as i64, rest as i32);
        self.start.checked_add(span).unwrap_or_else(|_| self.start.clone())
    }
}

pub(super) fn lower(cx: &mut Lowering<'_>, top: &At<'_>) -> Calendar {
    let at = top.get("calendar");
    let get = |key: &str| at.as_ref().and_then(|calendar| calendar.get(key));
    let zone = match get("zone") {
        Some(zone) => zone.text().and_then(|text| values::zone(text).ok()).unwrap_or(TimeZone::UTC),
        None => {
            cx.assume("calendar.zone", "UTC", "no zone is given; the language's default");
            TimeZone::UTC
        }
    };
    let written = match get("start") {
        Some(start) => {
            start.text().and_then(|text| values::start(text).ok()).map(|start_value| (start_value, start.span()))
        }
        None => {
            cx.assume("calendar.start", DEFAULT_START, "no start is given; the language's default");
            None
        }
    };
    let (value, span) = match written {
        Some((value, span)) => (value, Some(span)),
        None => (values::start(DEFAULT_START).expect("bug: the default start can be read"), None),
    };
    let start = value.in_zone(&zone).unwrap_or_else(|refusal| {
        cx.sink.push(refusal.at(span.unwrap_or(top.span())));
        jiff::Timestamp::UNIX_EPOCH.to_zoned(zone.clone())
    });
    let horizon_h = match get("horizon") {
        Some(horizon) => horizon_hours(cx, &horizon),
        None => {
            cx.assume("calendar.horizon", "365d", "no horizon is given; the language's default");
            8760.0
        }
    };
    Calendar { start, horizon_h }
}

const DEFAULT_START: &str = "2027-01-01T00:00:00Z";

fn horizon_hours(cx: &mut Lowering<'_>, at: &At<'_>) -> f64 {
    let Some(hours) = cx.duration(at) else { return 8760.0 };
    let hours = hours.get();
    if hours > 0.0 && hours <= HORIZON_MAX_H {
        return hours;
    }
    let message = if hours > 0.0 { "the horizon is above 200 years" } else { "the horizon has no length" };
    cx.sink.push(
        Diagnostic::new(Code::Horizon, message, at.span())
            .why("a replication runs from the start to the horizon")
            .hint("choose a horizon above 0s and up to 200y"),
    );
    8760.0
}

/// The windows that availability is reported by.
pub(super) fn reporting(cx: &mut Lowering<'_>, top: &At<'_>, clock: &Measured) -> Vec<ReportingWindows> {
    let Some(list) = top.get("calendar").and_then(|calendar| calendar.get("reporting")) else { return Vec::new() };
    let zone = clock.start.time_zone().clone();
    let mut all: Vec<ReportingWindows> = Vec::new();
    for item in list.items() {
        if let Some((kind, windows)) = lay(cx, &item, &zone, clock)
            && all.iter().all(|known| known.kind != kind)
        {
            all.push(ReportingWindows { kind, windows });
        }
    }
    all
}
