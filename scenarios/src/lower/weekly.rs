//! Windows that come again every week, laid on the calendar: those of `calendar.windows`, and those written where they are
//! used.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use ninefold_models::units::Hours;

use super::Lowering;
use super::failovers::refused;
use super::read::At;
use super::windows::{Measured, hours_between};
use crate::diagnostic::{Code, Diagnostic};
use crate::nearest::suggestion;
use crate::values;

/// Spans of hours since the start, ascending and apart.
pub(super) type Spans = Vec<(Hours, Hours)>;

/// The windows of `calendar.windows`, and whether something names each.
#[derive(Default)]
pub(super) struct NamedWindows<'a>(BTreeMap<&'a str, (At<'a>, bool)>);

impl<'a> NamedWindows<'a> {
    pub(super) fn of(top: &At<'a>) -> Self {
        let section = top.get("calendar").and_then(|calendar| calendar.get("windows"));
        let entries = section.iter().flat_map(At::entries).collect::<Vec<_>>();
        Self(entries.into_iter().map(|(name, at)| (name, (at, false))).collect())
    }
}

impl<'a> Lowering<'a> {
    fn named_window(&mut self, name: &str, at: &At<'_>) -> Option<At<'a>> {
        if let Some((window, used)) = self.windows.0.get_mut(name) {
            *used = true;
            return Some(window.clone());
        }
        let hint = match self.windows.0.is_empty() {
            true => {
                format!("declare it: `calendar: {{windows: {{{name}: {{weekly: [tue], from: \"02:00\", for: 2h}}}}}}`")
            }
            false => suggestion(name, self.windows.0.keys().copied()),
        };
        self.sink.push(refused(format!("there is no window `{name}`"), at, hint).label("not in `calendar.windows`"));
        None
    }

    /// A window that nothing reads would do nothing.
    pub(super) fn refuse_unused_windows(&mut self) {
        for (name, (at, used)) in &self.windows.0 {
            if !used {
                let message = format!("nothing reads the window `{name}`; windows of other use are not supported yet");
                let hint = format!(
                    "name it in a plan: `failback: {{mode: auto, window: {name}}}`, or as the `hours` of a team, or remove it"
                );
                self.sink.push(Diagnostic::new(Code::NotYet, message, at.key_span()).hint(hint));
            }
        }
    }

    /// A window that comes again every week, until the horizon.
    pub(super) fn weekly_window(&mut self, at: &At<'_>, clock: &Measured) -> Option<Spans> {
        let named = at.text().map(|name| self.named_window(name, at));
        let at = &match named {
            Some(named) => named?,
            None => at.clone(),
        };
        let days = self.required(at, "weekly").map(|list| list.items());
        let days: Option<Vec<Weekday>> = days.map(|days| days.iter().filter_map(|day| weekday(day.text()?)).collect());
        let from = self.required(at, "from").and_then(|at| self.time_of_day(&at));
        let open = self.required(at, "for");
        let length = open.as_ref().and_then(|at| self.duration(at));
        let zone = at.get("zone").and_then(|zone| values::zone(zone.text()?).ok());
        let zone = zone.unwrap_or_else(|| clock.start.time_zone().clone());
        let (days, from, length) = (days?, from?, length?);
        if length.get() <= 0.0 || days.is_empty() {
            let message = "the window never opens";
            self.sink.push(refused(message, at, "give at least one day, and a duration above 0s"));
            return None;
        }
        Some(union(laid(clock, &zone, &days, (from, length))))
    }

    fn time_of_day(&mut self, at: &At<'_>) -> Option<Time> {
        let time = at.text()?.parse::<Time>();
        if time.is_err() {
            let message = format!("`{}` is no time of day", at.text().unwrap_or_default());
            self.sink.push(Diagnostic::new(Code::Instant, message, at.span()).hint("write it like \"02:00\""));
        }
        time.ok()
    }
}

fn weekday(name: &str) -> Option<Weekday> {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let place = days.iter().position(|day| *day == name)?;
    Weekday::from_monday_zero_offset(i8::try_from(place).ok()?).ok()
}

/// The window on each such day. A local time that does not exist on a day is the instant after the gap; one that happens
/// twice is the first.
fn laid(clock: &Measured, zone: &TimeZone, days: &[Weekday], (from, length): (Time, Hours)) -> Spans {
    let mut spans = Vec::new();
    let mut date = clock.start.with_time_zone(zone.clone()).date();
    // The window of the day before may still be open at the start.
    for _ in 0..7 {
        date = date.yesterday().unwrap_or(date);
    }
    loop {
        let opens = date.at(from.hour(), from.minute(), from.second(), 0).to_zoned(zone.clone());
        let Ok(opens) = opens else { return spans };
        let start = hours_between(&clock.start, &opens);
        if start > clock.horizon_h {
            return spans;
        }
        let end = (start + length.get()).min(clock.horizon_h);
        if days.contains(&date.weekday()) && end > 0.0 {
            spans.push((Hours::new(start.max(0.0)), Hours::new(end)));
        }
        let Ok(next) = date.checked_add(1.day()) else { return spans };
        date = next;
    }
}

/// The same spans, ascending and apart.
pub(super) fn union(mut spans: Spans) -> Spans {
    spans.sort_by(|a, b| a.0.get().total_cmp(&b.0.get()));
    let mut apart: Spans = Vec::new();
    for span in spans {
        match apart.last_mut().filter(|last| span.0.get() <= last.1.get()) {
            Some(last) => last.1 = Hours::new(last.1.get().max(span.1.get())),
            None => apart.push(span),
        }
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_that_touch_are_one() {
        let hours = |spans: &[(f64, f64)]| -> Spans {
            spans.iter().map(|&(from, to)| (Hours::new(from), Hours::new(to))).collect()
        };
        assert_eq!(union(hours(&[(5.0, 7.0), (1.0, 2.0), (2.0, 3.0), (6.0, 6.5)])), hours(&[(1.0, 3.0), (5.0, 7.0)]));
    }
}
