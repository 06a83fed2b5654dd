//! Failback, and the windows in which it may begin.

use jiff::ToSpan;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use ninefold_models::system::{CatchUp, Failback, Validate};
use ninefold_models::units::Hours;

use super::{Lowering, refused, share, span};
use crate::diagnostic::{Code, Diagnostic};
use crate::lower::read::At;
use crate::lower::windows::{Measured, hours_between};
use crate::values;

/// Spans of hours since the start, ascending and apart.
type Spans = Vec<(Hours, Hours)>;

impl Lowering<'_> {
    pub(super) fn failback(&mut self, at: &At<'_>, has_person: bool, clock: &Measured) -> Option<Failback> {
        let mode = self.required(at, "mode")?;
        let by_hand = mode.text() == Some("manual");
        if by_hand && !has_person {
            let message = "a person gives the place back, and how long that takes is not said";
            let hint = "add `override: {manual_after: 10min, decide: 5min}` to the plan";
            self.sink.push(refused(message, &mode, hint));
            return None;
        }
        let after_stable = span(self, at, "after_stable");
        let resync = at.get("resync").map_or(Some(None), |at| self.catch_up(&at).map(Some));
        let validate = at.get("validate").map_or(Some(None), |at| self.validation(&at).map(Some));
        let open = self.failback_opens(at, &mode, clock);
        Some(Failback { by_hand, after_stable: after_stable?, resync: resync?, validate: validate?, open: open? })
    }

    fn catch_up(&mut self, at: &At<'_>) -> Option<CatchUp> {
        if !at.is_map() {
            return None;
        }
        let rate = self.required(at, "rate").and_then(|at| self.rate(&at));
        let write = self.required(at, "write").and_then(|at| self.rate(&at));
        let backlog = at.get("backlog").map_or(Some(None), |at| self.number(&at).map(Some));
        let (rate, write) = (rate?, write?);
        if rate <= write {
            self.remark(at.path().to_owned(), "never ends", "data are given no faster than they are written");
        }
        Some(CatchUp { backlog: backlog?, rate_per_hour: rate * 3600.0, write_per_hour: write * 3600.0 })
    }

    fn validation(&mut self, at: &At<'_>) -> Option<Validate> {
        let takes = self.required(at, "takes").and_then(|at| self.law(&at));
        let diverges = share(self, at, "diverges", 0.0);
        let detects = share(self, at, "detects_divergence", 1.0);
        if let (Some(1.0..), Some(1.0..), Some(at)) = (diverges, detects, at.get("diverges")) {
            let message = "data that always diverge and are always found out never go back";
            self.sink.push(refused(message, &at, "give a probability below 1"));
            return None;
        }
        Some(Validate { takes: takes?, diverges: diverges?, detects: detects? })
    }

    /// When a failback may begin: `None` inside is always.
    fn failback_opens(&mut self, at: &At<'_>, mode: &At<'_>, clock: &Measured) -> Option<Option<Spans>> {
        let inside = match at.get("window") {
            Some(window) => Some((self.weekly(&window, clock)?, window)),
            None => None,
        };
        let never = mode.get("never_during").map(|list| {
            let spans = list.items().iter().map(|item| self.weekly(item, clock)).collect::<Option<Vec<Spans>>>();
            spans.map(|spans| (union(spans.into_iter().flatten().collect()), list))
        });
        let never = never.map_or(Some(None), |never| never.map(Some))?;
        let place = match (&inside, &never) {
            (None, None) => return Some(None),
            (Some((_, window)), _) => window.clone(),
            (None, Some((_, list))) => list.clone(),
        };
        let all = vec![(Hours::ZERO, Hours::new(clock.horizon_h))];
        let open = inside.map_or(all, |(spans, _)| spans);
        let open = never.map_or(open.clone(), |(never, _)| without(&open, &never));
        if open.is_empty() {
            let message = "the failback window never opens";
            self.sink.push(
                refused(message, &place, "choose a window that lies within the horizon")
                    .why("the place would never go back"),
            );
            return None;
        }
        Some(Some(open))
    }

    /// A window that comes again every week, until the horizon.
    pub(in crate::lower) fn weekly(&mut self, at: &At<'_>, clock: &Measured) -> Option<Spans> {
        if let Some(name) = at.text() {
            let message = format!("`{name}`: windows of `calendar.windows` are not supported yet");
            let hint = "write it here: `{weekly: [tue, thu], from: \"02:00\", for: 2h}`";
            self.sink.push(Diagnostic::new(Code::NotYet, message, at.span()).hint(hint));
            return None;
        }
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
fn union(mut spans: Spans) -> Spans {
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

/// What is left of spans outside others.
fn without(spans: &Spans, never: &Spans) -> Spans {
    let mut left = Vec::new();
    for &(start, end) in spans {
        let mut from = start.get();
        for &(closes, opens) in never {
            if closes.get() > from && closes.get() < end.get() {
                left.push((Hours::new(from), closes));
            }
            if closes.get() < end.get() {
                from = from.max(opens.get());
            }
        }
        if from < end.get() {
            left.push((Hours::new(from), end));
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(spans: &[(f64, f64)]) -> Spans {
        spans.iter().map(|&(from, to)| (Hours::new(from), Hours::new(to))).collect()
    }

    #[test]
    fn what_is_left_of_windows() {
        let all = hours(&[(0.0, 10.0), (20.0, 30.0)]);
        assert_eq!(without(&all, &hours(&[(2.0, 4.0), (8.0, 22.0)])), hours(&[(0.0, 2.0), (4.0, 8.0), (22.0, 30.0)]));
        assert_eq!(without(&all, &hours(&[(0.0, 40.0)])), hours(&[]));
        assert_eq!(union(hours(&[(5.0, 7.0), (1.0, 2.0), (2.0, 3.0), (6.0, 6.5)])), hours(&[(1.0, 3.0), (5.0, 7.0)]));
    }
}
